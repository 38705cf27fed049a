#!/usr/bin/env bats
# scripts/plot.sh on run directories made here: what it draws, what it refuses, and that no name is ever executed.

setup() {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    work=$(mktemp -d)
    plot=$PWD/scripts/plot.sh
    # names below hold the command `pwned`: wherever it should be run, it leaves a trace here
    mkdir "$work/bin"
    printf '#!/bin/sh\ntouch "%s/was_run"\n' "$work" >"$work/bin/pwned"
    chmod +x "$work/bin/pwned"
    PATH=$work/bin:$PATH
}

teardown() { rm -rf -- "$work"; }

# make_run DIR [EPOCHS [LAYERS [NAN_FROM [ACTIVATION]]]]: logs as nnexp writes them.
make_run() {
    mkdir -p -- "$1"
    echo '{}' >"$1/config.json"
    (cd -- "$1" && ACTIVATION=${5-relu} awk -v epochs="${2-3}" -v layers="${3-2}" -v nan_from="${4-999}" '
        function bad(value, epoch) { return epoch >= nan_from ? "nan" : value }
        function later(value, epoch) { return epoch == 0 ? "nan" : bad(value, epoch) }
        BEGIN {
            print "epoch,step,lr,train_loss,train_accuracy,val_loss,val_accuracy,grad_norm,grad_norm_max,weight_norm,update_ratio" > "epochs.csv"
            print "epoch,layer,activation,a_mean,a_std,saturated,dead,grad_norm,update_ratio" > "layers.csv"
            print "epoch,layer,what,low,high,count" > "histograms.csv"
            for (e = 0; e <= epochs; e++) {
                print e "," e * 10 "," later(0.05, e) "," bad(2 / (e + 1), e) "," bad(0.5, e) "," bad(2.1 / (e + 1), e) "," \
                    bad(0.4, e) "," later(1, e) "," later(2, e) ",3," later(0.001, e) > "epochs.csv"
                for (k = 1; k <= layers; k++) {
                    print e "," k "," (k < layers ? ENVIRON["ACTIVATION"] : "identity") "," bad(0.1 * k, e) "," \
                        bad(0.5, e) "," bad(0.3, e) "," bad(0, e) "," bad(0.1 / k, e) "," later(0.002, e) > "layers.csv"
                    for (b = 0; b < 4; b++) {
                        print e "," k ",z," bad(b - 2, e) "," bad(b - 1, e) "," b + 1 > "histograms.csv"
                    }
                    for (b = 0; b < 4; b++) {
                        print e "," k ",a," bad(b, e) "," bad(b + 1, e) "," 4 - b > "histograms.csv"
                    }
                }
            }
        }')
}

pictures='activations distributions gradient_norm histogram_a histogram_z learning_rate loss overview saturated update_ratio'

# The names of the pictures in DIR of that kind.
drawn() { (cd -- "$1/plots" && for file in *."$2"; do printf '%s ' "${file%."$2"}"; done); }

@test "plot: draws every picture as PNG and says where" {
    make_run "$work/run"
    run "$plot" "$work/run"
    [ "$status" -eq 0 ]
    [ "$(drawn "$work/run" png)" = "$pictures " ]
    [ "${lines[0]}" = "wrote $work/run/plots/overview.png" ]
    [ "${#lines[@]}" -eq 10 ]
    for file in "$work/run/plots/"*.png; do
        [ "$(head -c 4 "$file" | tail -c 3)" = PNG ]
        [ "$(wc -c <"$file")" -gt 5000 ]
    done
}

@test "plot: the same logs give the same SVG, from any directory, with a space in the name" {
    make_run "$work/a run"
    run "$plot" --svg "$work/a run"
    [ "$status" -eq 0 ]
    [ "$(drawn "$work/a run" svg)" = "$pictures " ]
    cp -r "$work/a run/plots" "$work/before"
    cd "$work"
    run "$plot" "a run" --svg
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = "wrote ./a run/plots/overview.svg" ]
    diff -r "a run/plots" before
    cd "a run"
    run "$plot" . --svg
    [ "$status" -eq 0 ]
    diff -r plots ../before
}

@test "plot: the pictures show the values of the named columns, wherever they stand" {
    make_run "$work/run"
    make_run "$work/moved"
    awk -F , -v OFS=, '{ first = $1; $1 = $4; $4 = first; print "x" NR, $0 }' "$work/run/epochs.csv" |
        sed '1s/^x1,/odd`pwned`name,/' >"$work/moved/epochs.csv"
    "$plot" --svg "$work/run" >&2
    mkdir "$work/other" && mv "$work/moved" "$work/other/run"
    run "$plot" --svg "$work/other/run"
    [ "$status" -eq 0 ]
    diff -r "$work/run/plots" "$work/other/run/plots"
    [ ! -e "$work/was_run" ]
    sed '3s/1,10,0.05,1,/1,10,0.05,1.7,/' "$work/run/epochs.csv" >"$work/other/run/epochs.csv"
    "$plot" --svg "$work/other/run" >&2
    if cmp -s "$work/run/plots/loss.svg" "$work/other/run/plots/loss.svg"; then false; fi
    cmp "$work/run/plots/gradient_norm.svg" "$work/other/run/plots/gradient_norm.svg"
}

@test "plot: one layer, epoch 0 alone, one epoch, many layers, rows of nan" {
    for shape in "3 1" "0 2" "1 1" "2 30" "5 3 3" "3 2 0"; do
        rm -rf "$work/run"
        # shellcheck disable=SC2086
        make_run "$work/run" $shape
        run "$plot" "$work/run" --svg
        [ "$status" -eq 0 ]
        [ -s "$work/run/plots/overview.svg" ]
        [ -z "$(printf '%s\n' "$output" | grep -v '^wrote ')" ]
        run "$plot" "$work/run" --term
        [ "$status" -eq 0 ]
    done
}

@test "plot: marks the best epoch and the status of summary.json" {
    make_run "$work/run"
    "$plot" --svg "$work/run" >&2
    grep -q 'not complete, 3 epochs, 2 layers<' "$work/run/plots/overview.svg"
    if grep -q 'best epoch' "$work/run/plots/loss.svg"; then false; fi
    printf '{\n  "status": "stopped_early",\n  "best_epoch": 2,\n  "findings": []\n}\n' >"$work/run/summary.json"
    "$plot" --svg "$work/run" >&2
    grep -q 'stopped early, 3 epochs, 2 layers, best epoch 2: val_loss 0.7, val_accuracy 0.4<' "$work/run/plots/overview.svg"
    grep -q 'best epoch 2<' "$work/run/plots/loss.svg"
}

@test "plot: a best_epoch that is a command is not taken" {
    make_run "$work/run"
    printf '{\n  "status": "`pwned`",\n  "best_epoch": "system(\\"pwned\\")"\n}\n' >"$work/run/summary.json"
    cd "$work"
    run "$plot" --svg run
    [ "$status" -eq 0 ]
    [ ! -e "$work/was_run" ]
}

@test "plot: a regression shows the root mean square error" {
    make_run "$work/run"
    sed -i '1s/accuracy/rmse/g' "$work/run/epochs.csv"
    run "$plot" --svg "$work/run"
    [ "$status" -eq 0 ]
    grep -q 'root mean square error' "$work/run/plots/loss.svg"
}

@test "plot: --term draws in the terminal, and plain where there is none" {
    make_run "$work/run"
    run "$plot" "$work/run" --term
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = run ]
    [[ "$output" == *"learning rate"* && "$output" == *"a (relu), layer 1"* ]]
    [[ "$output" != *$'\033'* && "$output" != *$'\f'* ]]
    [ ! -e "$work/run/plots" ]
}

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

@test "plot: an activation's name is shown and never executed" {
    cd "$work"
    for name in '`pwned`' '".system("pwned")."' '@x{}%s'; do
        make_run run 1 2 999 "$name"
        run "$plot" --svg run
        [ "$status" -eq 0 ]
        [ ! -e "$work/was_run" ]
    done
    grep -qF 'a (@x{}%s), layer 1<' run/plots/histogram_a.svg
}

@test "plot: scripts in a directory with an odd name" {
    mkdir "$work/odd \`pwned\` 'place" && cp scripts/*.gp scripts/*.awk scripts/plot.sh "$work/odd \`pwned\` 'place"
    make_run "$work/run"
    cd "$work"
    run "./odd \`pwned\` 'place/plot.sh" run --svg
    [ "$status" -eq 0 ]
    [ ! -e "$work/was_run" ]
}

# refused STATUS MESSAGE ARGUMENT…
refused() {
    expected=$1 message=$2
    shift 2
    run "$plot" "$@"
    [ "$status" -eq "$expected" ]
    [ "${lines[0]}" = "$message" ]
    [ -z "$(find "$work" -name plots)" ]
}

@test "plot: refusals" {
    cd "$work"
    make_run run
    refused 2 'usage: plot.sh RUN [--png|--svg|--term]'
    refused 2 'plot.sh: --pdf: unknown option; use --png, --svg or --term' run --pdf
    refused 2 'plot.sh: other: one run at a time; the first was ./run' ./run other
    refused 2 'plot.sh: ./none: no such directory; give the directory of a run' none
    mkdir empty
    refused 2 'plot.sh: ./empty: no run directory (it has no config.json); give the directory of a run' empty
    touch empty/config.json
    refused 2 'plot.sh: ./empty/epochs.csv: cannot read; the run has no such log' empty
    head -n 1 run/epochs.csv >empty/epochs.csv
    head -n 1 run/layers.csv >empty/layers.csv
    refused 1 'plot.sh: ./empty/epochs.csv: no rows; the run has not measured anything yet' empty
    : >empty/epochs.csv
    refused 1 'plot.sh: ./empty/epochs.csv: no rows; the run has not measured anything yet' empty
    cp run/epochs.csv empty
    refused 1 'plot.sh: ./empty/layers.csv: no rows; the run has not measured anything yet' empty
    sed '1s/train_loss/loss/' run/epochs.csv >empty/epochs.csv
    refused 1 "plot.sh: ./empty/epochs.csv: no column 'train_loss'; is this a log of nnexp?" empty
    sed '3s/,.*//' run/epochs.csv >empty/epochs.csv
    refused 1 'plot.sh: ./empty/epochs.csv:3: 1 fields, expected 11; the log is damaged' empty
    sed '3s/^1/x/' run/epochs.csv >empty/epochs.csv
    refused 1 "plot.sh: ./empty/epochs.csv:3: the epoch is 'x', expected a number; the log is damaged" empty
    cp run/epochs.csv empty
    sed '3s|,2,|,../../pwned,|' run/layers.csv >empty/layers.csv
    refused 1 "plot.sh: ./empty/layers.csv:3: the layer is '../../pwned', expected a number from 1; the log is damaged" empty
    cp run/layers.csv empty
    sed '3s|,z,|,../z,|' run/histograms.csv >empty/histograms.csv
    refused 1 "plot.sh: ./empty/histograms.csv:3: the column 'what' holds '../z', expected a short name; the log is damaged" empty
    sed '3s|,2$|,two|' run/histograms.csv >empty/histograms.csv
    refused 1 "plot.sh: ./empty/histograms.csv:3: the count is 'two', expected a number; the log is damaged" empty
}

@test "plot: gnuplot missing" {
    make_run "$work/run"
    ln -s "$(command -v sh)" "$work/bin/sh"
    run env PATH="$work/bin" sh "$plot" "$work/run"
    [ "$status" -eq 1 ]
    [ "$output" = 'plot.sh: gnuplot is not installed; run scripts/install_deps.sh plot' ]
}

@test "plot: without histograms their pictures are left out, and it says so" {
    make_run "$work/run"
    rm "$work/run/histograms.csv"
    run "$plot" "$work/run" --svg
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = "plot.sh: $work/run has no histograms; their pictures are left out" ]
    [ "$(drawn "$work/run" svg)" = 'activations gradient_norm learning_rate loss overview saturated update_ratio ' ]
}

@test "plot: a row still being written is left out" {
    make_run "$work/run"
    printf '4,40,0.0' >>"$work/run/epochs.csv"
    printf '4,1,re' >>"$work/run/layers.csv"
    printf '4,1,a,0' >>"$work/run/histograms.csv"
    run "$plot" "$work/run" --svg
    [ "$status" -eq 0 ]
    grep -q 'not complete, 3 epochs, 2 layers<' "$work/run/plots/overview.svg"
}
