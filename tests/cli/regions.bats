#!/usr/bin/env bats
# scripts/plot_regions.sh on runs trained here: what it draws, and what it refuses.

load common

setup() {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    cd -- "$BATS_TEST_TMPDIR" || return 1
    plot=$root/scripts/plot_regions.sh
    export NNEXP
}

# trained DATA SETS…: runs/a on such a synthetic set.
trained() {
    "$NNEXP" generate "$1" --rows 60 >set.csv
    shift
    config '{"data": {"file": "set.csv", "validation": 0.2}, "model": {"hidden": [8]}, "train": {"epochs": 3}}'
    nnexp -c a.json -q --force "$@"
    done_with 0
}

@test "regions: PNG, SVG and the terminal" {
    trained spiral
    run "$plot" runs/a
    [ "$status" -eq 0 ]
    equals "wrote ./runs/a/plots/regions.png" "$output"
    [ "$(head -c 4 runs/a/plots/regions.png | tail -c 3)" = PNG ]
    run "$plot" --svg runs/a
    [ "$status" -eq 0 ]
    grep -q '48 training points (circles), 12 validation points (triangles)<' runs/a/plots/regions.svg
    for name in x1 x2 0 1 2; do grep -q ">$name<" runs/a/plots/regions.svg; done
    run "$plot" --term runs/a
    [ "$status" -eq 0 ]
    equals a "${lines[0]}"
    for letter in a b c A B C; do [[ "$output" == *$letter* ]]; done
    [[ "$output" != *$'\033'* && "$output" != *$'\f'* ]]
}

@test "regions: refusals" {
    run "$plot"
    equals 2 "$status"
    equals "usage: plot_regions.sh RUN [--png|--svg|--term]" "${lines[0]}"
    run "$plot" none
    equals "2 plot_regions.sh: ./none: no such directory; give the directory of a run" "$status $output"
    trained gaussian
    run "$plot" runs/a
    equals "2 nnexp: ./runs/a: --points needs a model of two inputs, and this one has 10" "$status $output"
    trained spiral
    rm set.csv
    run "$plot" runs/a
    equals "2 nnexp: $PWD/set.csv: cannot read: No such file or directory" "$status $output"
    [ ! -e runs/a/plots ]
    run env NNEXP=./nothing "$plot" runs/a
    equals "2 plot_regions.sh: ./nothing: no such program; build it with make, or name another in NNEXP" "$status $output"
}
