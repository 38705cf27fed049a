# What the tests of scripts/plot_regions.sh share.
# shellcheck shell=bash disable=SC2034,SC2154

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
