#!/usr/bin/env bats
# scripts/plot.sh on run directories made here: what it draws, what it refuses, and that no name is ever executed.

load plot_common

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

@test "plot: scripts in a directory with an odd name" {
    mkdir "$work/odd \`pwned\` 'place" && cp -r scripts/plot.sh scripts/parts "$work/odd \`pwned\` 'place"
    make_run "$work/run"
    cd "$work"
    run "./odd \`pwned\` 'place/plot.sh" run --svg
    [ "$status" -eq 0 ]
    [ ! -e "$work/was_run" ]
}

@test "plot: no place for its work: said, and nothing written" {
    make_run "$work/run"
    run env TMPDIR=/nonexistent "$plot" "$work/run"
    [ "$status" -eq 1 ]
    [ "$output" = 'plot.sh: /nonexistent: cannot make a directory there; set TMPDIR to a directory that you may write' ]
    [ ! -e "$work/run/plots" ]
}

@test "plot: a full disk leaves no half picture and keeps the one before" {
    make_run "$work/run"
    mkdir "$work/run/plots" "$work/tmp"
    echo before >"$work/run/plots/overview.png"
    ln -s /dev/full "$work/run/plots/overview.png.new"
    run env TMPDIR="$work/tmp" LC_ALL=C "$plot" "$work/run"
    [ "$status" -eq 1 ]
    [ "$output" = "plot.sh: $work/run/plots/overview.png: cannot write (No space left on device); make room there or check the permissions" ]
    [ "$(ls -A "$work/run/plots")" = overview.png ]
    [ "$(cat "$work/run/plots/overview.png")" = before ]
    [ -z "$(ls -A "$work/tmp")" ]
}

@test "plot: pictures cut short in TMPDIR are not taken" {
    make_run "$work/run"
    mkdir "$work/tmp"
    for form in png svg; do
        run env TMPDIR="$work/tmp" sh -c 'trap "" XFSZ; ulimit -f 16; exec "$0" "$@"' "$plot" --$form "$work/run"
        [ "$status" -eq 1 ]
        [[ "${lines[-1]}" == "plot.sh: $work/tmp/"*": cannot write overview.$form; make room there, or set TMPDIR to another directory" ]]
        [ ! -e "$work/run/plots" ]
        [ -z "$(ls -A "$work/tmp")" ]
    done
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
    refused 2 'usage: plot.sh RUN [--png|--svg|--term] [--regions]'
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
