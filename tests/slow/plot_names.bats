#!/usr/bin/env bats
# Names of runs that a shell, gnuplot, awk or a renderer could take for more than a name.

load ../cli/plot_common

@test "plot: names are shown and never executed" {
    cd "$work"
    umlauts=$'\u00e4\u00f6\u00fc'
    newline=$'two\nsystem("pwned")'
    for name in '`pwned`' '$(pwned)' "it's \"quoted\"" "'.system('pwned').'" "$newline" '@macro@' \
        '50%d %s {/Bold x}_2^3' "$umlauts" '-rf' '--help' 'a=b.csv' '|pwned' '<pwned' 'back\slash\n' \
        '<b>&amp;' "$(printf 'not\377utf8')" '"; pwned; "' "-e 'system(\"pwned\")'"; do
        name=${name//\//:}
        make_run "./$name" 1
        run "$plot" --svg "./$name"
        [ "$status" -eq 0 ]
        [ -s "./$name/plots/overview.svg" ]
        case $name in
        *'`'* | *'<b>'* | not*) # the other renderer takes names alike
            run "$plot" "$work/$name"
            [ "$status" -eq 0 ]
            ;;
        esac
        run "$plot" --term "./$name"
        [ "$status" -eq 0 ]
        printf '%s\n' "${lines[0]}" >>shown
        [ ! -e "$work/was_run" ]
    done
    cat >expected <<EOF
\`pwned\`
\$(pwned)
it's "quoted"
'.system('pwned').'
two?system("pwned")
@macro@
50%d %s {:Bold x}_2^3
$umlauts
-rf
--help
a=b.csv
|pwned
<pwned
back\\slash\\n
<b>&amp;
not?utf8
"; pwned; "
-e 'system("pwned")'
EOF
    diff expected shown
    grep -q '50%d %s {:Bold x}_2^3<' './50%d %s {:Bold x}_2^3/plots/loss.svg'
    grep -q "$umlauts<" "./$umlauts/plots/loss.svg"
    grep -qF 'back\slash\n<' './back\slash\n/plots/loss.svg'
}
