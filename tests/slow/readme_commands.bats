#!/usr/bin/env bats
# The README's commands, run as they are written, and the answers that it shows.

bats_require_minimum_version 1.5.0

setup_file() {
    copy=$(mktemp -d)
    export copy
    cp -r configs data scripts README.md "$copy"
    cp "$NNEXP" "$copy/nnexp"
}

teardown_file() { rm -rf -- "$copy"; }

setup() { cd "$copy" || return 1; }

# block N [SECTION]: the Nth indented block of that section of the README, "Use" if none is named.
block() {
    awk -v wanted="$1" -v section="## ${2:-Use}" '/^## / { use = $0 == section }
        use && /^    / { if (!inside) n++; inside = 1; if (n == wanted) print substr($0, 5); next }
        { inside = 0 }' README.md
}

@test "readme: every command under Use does what it says" {
    [ "$(block 1 | wc -l)" -ge 7 ]
    while IFS= read -r line; do
        case $line in
        *plot.sh*) command -v gnuplot >/dev/null || continue ;;
        *compare.sh*) command -v jq >/dev/null && command -v gnuplot >/dev/null || continue ;;
        esac
        env -u NNEXP bash -euc "$line" </dev/null || { echo "failed: $line"; return 1; }
    done < <(block 1)
    [ -f runs/relu_he/summary.json ]
    [ -f runs/slow/summary.json ]
    [ "$(wc -l <spiral.csv)" -eq 301 ]
    cmp spiral.csv data/spiral.csv
}

@test "readme: every command under Predicting does what it says" {
    [ -d runs/relu_he ] || ./nnexp --config configs/relu_he.json --quiet
    for n in 1 2; do
        while IFS= read -r line; do
            case $line in
            *plot_regions.sh*) command -v gnuplot >/dev/null || continue ;;
            esac
            env -u NNEXP bash -euc "$line" </dev/null || { echo "failed: $line"; return 1; }
        done < <(block $n Predicting)
    done
    [ "$(wc -l <predicted.csv)" -eq "$(wc -l <data/digits.csv)" ]
    [ "$(wc -l <grid.csv)" -eq 40001 ]
    [ "$(wc -l <points.csv)" -eq 301 ]
}

@test "readme: a schedule is drawn as shown, and the commands below it do what they say" {
    unset COLUMNS
    run env -u NNEXP LC_ALL=C.UTF-8 bash -c "$(block 1 'Learning-rate schedules' | sed -n '1s/^\$ //p')"
    [ "$status" -eq 0 ]
    [ "$output" = "$(block 1 'Learning-rate schedules' | sed 1d)" ]
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    while IFS= read -r line; do
        env -u NNEXP bash -euc "$line" </dev/null || { echo "failed: $line"; return 1; }
    done < <(block 2 'Learning-rate schedules')
    [ -s runs/schedules.png ]
    [ -s runs/decay.png ]
}

@test "readme: a report is written" {
    command -v gnuplot >/dev/null && command -v jq >/dev/null || skip "gnuplot or jq is not installed"
    [ -d runs/relu_he ] || ./nnexp --config configs/relu_he.json --quiet
    env -u NNEXP bash -euc "$(block 1 Reports)" </dev/null
    [ -s runs/relu_he/report.html ]
}

# Figures are those of one kind of CPU: the words are compared.
@test "readme: runs are compared, and the table is as shown" {
    command -v gnuplot >/dev/null && command -v jq >/dev/null || skip "gnuplot or jq is not installed"
    [ -d runs/relu_he ] || ./nnexp --config configs/relu_he.json --quiet
    while IFS= read -r line; do
        env -u NNEXP bash -euc "$line" </dev/null || { echo "failed: $line"; return 1; }
    done < <(block 1 'Comparing runs')
    [ -s compare.png ] && [ -s depth.png ]
    run env LC_ALL=C.UTF-8 bash -c "$(block 2 'Comparing runs' | sed -n '1s/^\$ //p')"
    [ "$status" -eq 0 ]
    words='s/[0-9][0-9.e-]*/N/g; s/ +/ /g; s/ $//'
    shown=$(awk '/^## / { on = $0 == "## Comparing runs" } on && /^    \$ / { go = 1; next } go && (/^    / || /^$/) { print substr($0, 5); next }
        { go = 0 }' README.md)
    [ "$(sed -E "$words" <<<"$output")" = "$(sed -E "$words" <<<"$shown")" ]
}

@test "readme: sweeps run, and the plan is listed as shown" {
    while IFS= read -r line; do
        env -u NNEXP bash -euc "$line" </dev/null || { echo "failed: $line"; return 1; }
    done < <(block 1 Sweeps)
    [ "$(wc -l <runs/relu_he.sweep/sweep.csv)" -eq 22 ]
    rm -r runs/relu_he.sweep
    run --separate-stderr bash -c "$(block 2 Sweeps | sed -n '1s/^\$ //p')"
    [ "$output" = "$(block 2 Sweeps | sed 1d)" ]
}

@test "readme: sweeps are drawn" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    while IFS= read -r line; do
        env -u NNEXP bash -euc "$line" </dev/null || { echo "failed: $line"; return 1; }
    done < <(block 1 'Pictures of sweeps')
    [ -s runs/lr_sweep.sweep/plots/loss.png ]
    [ -s runs/lr_by_init.sweep/plots/loss.png ]
}

@test "readme: the misspelt config is answered as shown" {
    command=$(block 2 | sed -n '1s/^\$ //p')
    run bash -c "$command"
    [ "$status" -eq 2 ]
    [ "$output" = "$(block 2 | sed 1d)" ]
}

@test "readme: the data are looked at as shown" {
    shown=$(sed -n '/^## Look at/,/^## What/s/^    //p' README.md)
    [ "$(printf '%s\n' "$shown" | wc -l)" -ge 5 ]
    run bash -c "$(printf '%s\n' "$shown" | sed -n '1s/^\$ //p')"
    [ "$status" -eq 0 ]
    [ "$output" = "$(printf '%s\n' "$shown" | sed 1d)" ]
}

@test "readme: the config shown is configs/relu_he.json" {
    awk '/^```json$/ { inside = !n++; next } /^```$/ { inside = 0 } inside' README.md | cmp - configs/relu_he.json
}

# Numbers may differ in their last figures on another processor: the words may not.
@test "readme: make demo ends as shown" {
    shown=$(sed -n '/^    relu_he: epoch 0/,/^    wrote/p' README.md | sed '$d;s/^    //' | sed 's/[0-9][0-9.]*/N/g')
    run ./nnexp --config configs/relu_he.json --force
    [ "$(printf '%s\n' "$output" | sed 's/[0-9][0-9.]*/N/g')" = "$shown" ]
}

@test "readme: find-lr answers as shown, and is drawn" {
    shown=$(block 1 'Find the learning rate')
    run --separate-stderr bash -c "$(printf '%s\n' "$shown" | sed -n '1s/^\$ //p') --force"
    [ "$status" -eq 0 ]
    [ "$(printf '%s\n' "$output" | sed 's/[0-9][0-9.]*/N/g')" = "$(printf '%s\n' "$shown" | sed '1d;s/[0-9][0-9.]*/N/g')" ]
    [ "$(ls runs/relu_he.find-lr | paste -sd ' ')" = 'confirmation.csv find_lr.csv suggestion.json' ]
    ! command -v gnuplot >/dev/null || env -u NNEXP scripts/plot_find_lr.sh runs/relu_he.find-lr
}

# Figures are those of one kind of CPU: the words and the number of lines are compared.
@test "readme: sweeps are read as shown" {
    for n in 1 2; do
        run bash -c "LC_ALL=C.UTF-8 $(block $n 'Reading a sweep' | sed -n '1s/^\$ //p')"
        [ "$status" -eq 0 ]
        [ "${#lines[@]}" -ge 7 ]
        words='s/[0-9.]+/N/g; s/ +/ /g'
        [ "$(sed -E "$words" <<<"$output")" = "$(block $n 'Reading a sweep' | sed 1d | sed -E "$words")" ]
    done
}

@test "readme: the commands under The way of two weights do what they say" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    while IFS= read -r line; do
        env -u NNEXP bash -euc "$line" </dev/null || { echo "failed: $line"; return 1; }
    done < <(block 1 'The way of two weights')
    [ -f runs/positive/plots/path.png ]
    [ "$(wc -l <surface.csv)" -eq 1682 ]
}
