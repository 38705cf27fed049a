#!/usr/bin/env bats
# scripts/compare.sh with names that a shell, gnuplot, awk, jq or a page could take for more than names, with real runs, and
# in a browser.

load ../cli/common
load ../cli/compare_common
load browser

# names below hold the command `pwned`: wherever it should be run, it leaves a trace here
trap_commands() {
    mkdir bin
    printf '#!/bin/sh\ntouch "%s/was_run"\n' "$PWD" >bin/pwned
    chmod +x bin/pwned
    PATH=$PWD/bin:$PATH
}

@test "compare: names and titles are shown and never executed" {
    trap_commands
    make_run plain
    for name in '`pwned`' '$(pwned)' "it's \"quoted\"" "'.system('pwned').'" $'two\nsystem("pwned")' '@macro@' \
        '50%d %s {/Bold x}_2^3' $'\u00e4\u00f6\u00fc' '-rf' '--help' 'a=b.csv' '|pwned' '<pwned' 'back\slash\n' '<b>&amp;' \
        '<script>x()<:script>' "$(printf 'not\377utf8')" '"; pwned; "' $'tab\tbed'; do
        name=${name//\//:}
        make_run "./$name" 2 3 70
        set_value "./$name/epochs.csv" 1 train_loss 0 # a note names the run
        shown=$(printf %s "$name" | LC_ALL=C tr '[:cntrl:]' '?')
        case $shown in not*) shown='not?utf8' ;; esac
        for run in "./$name" --; do
            case $run in --) set -- plain -- "$name" ;; *) set -- plain "$run" ;; esac
            run "$compare" --term --panels 'train_loss lr' "$@"
            equals 0 "$status" || { echo "$output"; return 1; }
            equals "  b  $shown" "$(sed -n 3p <<<"$output")"
            tr -s ' ' <<<"$output" | grep -qxF -- " plain $shown"
        done
        run "$compare" -q --svg --title "$name" "./$name" plain
        equals "0 wrote ./compare.svg" "$status $output"
        escaped=$(printf %s "$shown" | sed 's/&/\&amp;/g; s/</\&lt;/g')
        shows compare.svg "$escaped"
        run "$compare" -q --html=pages --panels train_loss "./$name" plain
        equals 0 "$status"
        shows pages/train_loss.svg "$escaped" "zero: $escaped at epoch 1"
        run "$compare" --html=pages --panels lr "./$name" plain
        grep -qF -- "<th scope=\"col\">$(printf %s "$shown" | sed "s/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/\"/\&quot;/g; s/'/\&#39;/g")</th>" pages/table.html
        [ ! -e was_run ]
    done
}

@test "compare: values and panels are shown and never executed" {
    trap_commands
    make_run a
    make_run b
    for value in '`pwned`' '$(pwned)' "'.system('pwned').'" 'two\nlines\u0007' '<script>alert(1)</script>' '\u009b31m' 'tab\tbed'; do
        jq -nc --argjson value "\"$value\"" '{data: {file: $value}, ("k" + $value): 1}' >b/config.json
        jq -nc --argjson value "\"$value\"" '{status: $value, versions: {nnexp: $value}}' >b/summary.json
        said a '{"status": "finished", "versions": {"nnexp": "1"}}'
        run "$compare" --svg a b
        equals 0 "$status"
        not grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' <<<"$output"
        equals 8 "$(grep -vcE '^$|^(wrote|data differ|versions differ)' <<<"$output")"
        "$compare" --html=pages --panels lr a b
        not grep -q '<script' pages/table.html
        run "$compare" a b --panels "$(printf '%b' "$value" | tr -d ' \n')"
        equals 2 "$status"
        [ ! -e was_run ]
    done
}

@test "compare: real runs, one of them not complete, one of a sweep" {
    points
    config '{"data": {"file": "ok.csv", "validation": 0.25}, "model": {"hidden": [3, 3]}, "train": {"batch": 4, "epochs": 3},
             "sweep": {"axes": {"train.lr": [0.1, 0.01]}}}'
    nnexp -q -c a.json -o one
    nnexp -q -c a.json -o two --set model.activation=leaky_relu --set train.epochs=6
    rm two/summary.json
    nnexp sweep -q -c a.json
    done_with 0
    run "$compare" one two runs/a.sweep/cells/* --title 1 --title 2
    equals 0 "$status"
    grep -qE '^model.activation.name +relu +leaky_relu +relu +relu$' <<<"$output"
    grep -qE '^status +finished +not complete +finished +finished$' <<<"$output"
    grep -qE '^epochs +3 +6 +3 +3$' <<<"$output"
    grep -qE '^parameters +29 +– +29 +29$' <<<"$output"
}

@test "compare: in a browser every curve can be hidden" {
    has_browser
    make_run one
    make_run two 5
    make_run '<b>three' 5 3 4
    "$compare" --html=pages --panels 'train_loss a_std:depth:last' one two '<b>three' >.said
    scripts=$root/scripts
    . "$root/scripts/parts/html.sh"
    {
        html_begin Compared
        echo '<h1>Compared</h1>'
        html_picture pages/train_loss.svg p-1 one
        html_picture pages/a_std-depth-last.svg p-2 two
        cat pages/table.html
        html_end
    } >page.html
    run in_browser page.html
    equals 0 "$status" || { echo "$output"; return 1; }
    for fact in 'dialogs 0' 'pictures 2' 'empty 0' 'toggles yes' 'pointer yes' 'dark yes' 'sideways 0' 'errors 0'; do
        grep -qx "$fact" <<<"$output" || { echo "$output"; return 1; }
    done
}
