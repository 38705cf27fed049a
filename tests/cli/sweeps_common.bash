# shellcheck shell=bash disable=SC2034,SC2154
# Sweeps for the tests of the scripts that spread one over machines. Comes after cli/common.bash.

# needs SET COMMAND…: skips without them; where CI says that all is installed, fails.
needs() {
    local set=$1 tool
    shift
    for tool; do
        PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null && continue
        [ -z "${CI:-}" ] || { echo "$tool is not installed"; return 1; }
        skip "$tool is not installed: scripts/install_deps.sh $set"
    done
}

# script COMMAND…: leaves status, out and err as nnexp does.
script() {
    status=0
    "$@" >"$BATS_TEST_TMPDIR/.out" 2>"$BATS_TEST_TMPDIR/.err" || status=$?
    out=$(cat -- "$BATS_TEST_TMPDIR/.out")
    err=$(cat -- "$BATS_TEST_TMPDIR/.err")
}

# same_sweep ONE OTHER: the same sweep.csv and the same bytes in every cell.
same_sweep() {
    local cell
    cmp -- "$1/sweep.csv" "$2/sweep.csv" || return 1
    equals "$(ls -- "$1/cells")" "$(ls -- "$2/cells")" || return 1
    for cell in "$1"/cells/*; do same_run "$cell" "$2/cells/${cell##*/}" || return 1; done
}

# small_sweep: a.json with four cells.
small_sweep() {
    points
    config '{"data": {"file": "ok.csv", "validation": 0.25}, "model": {"hidden": [3]},
             "train": {"batch": 4, "epochs": 5},
             "sweep": {"axes": {"train.lr": [0.01, 0.1], "seed": [1, 2]}}}'
}

# long_sweep: four cells of a second or more.
long_sweep() {
    nnexp generate spiral --rows 1000
    mv -- "$BATS_TEST_TMPDIR/.out" spiral.csv
    config '{"data": {"file": "spiral.csv", "validation": 0.25}, "model": {"hidden": [32, 32]},
             "train": {"batch": 16, "epochs": 5000}, "log": {"checkpoint_every": 20},
             "sweep": {"axes": {"train.lr": [0.001, 0.01], "seed": [1, 2]}}}'
}

# odd_place: a working directory and a config with what shells, Slurm and parallel would take for theirs; axes with
# texts, commas and quotes; what one process leaves, in one/.
odd_place() {
    mkdir -p "a b'c %A {} {= touch here =} \$(touch here)"
    cd "a b'c %A {} {= touch here =} \$(touch here)" || return 1
    small_sweep
    mv a.json 'my "conf.json'
    axes=(--axis 'model.init=he,{"name":"gaussian","std":0.1}' --axis train.lr=log:0.01:0.1:2 --axis seed=1,2
        --set 'about=it'\''s
two "lines"')
    nnexp sweep -q -c 'my "conf.json' "${axes[@]}" -o one
    done_with 0
}

# cell_directory SWEEP CELL: relative to the sweep's directory.
cell_directory() { column "$1/sweep.csv" dir | sed -n "${2}p"; }

# obstacle ONE OTHER: OTHER's second cell cannot write its log.
obstacle() {
    local cell
    cell=$(cell_directory "$1" 2)
    mkdir -p "$2/$cell/epochs.csv"
    cp "$1/$cell/config.json" "$2/$cell"
}

# begun SWEEP: a cell is under way.
begun() { ls "$1"/cells/*/epochs.csv >/dev/null 2>&1 && sleep 0.3; }

# halving_sweep: nine cells, rungs at 2 and 6 of 12 epochs, so three rounds. The best come first in the plan, so that who
# runs them has to wait for the others.
halving_sweep() {
    points
    config '{"data": {"file": "ok.csv", "validation": 0.25}, "model": {"hidden": [3]},
             "train": {"batch": 4, "epochs": 12},
             "sweep": {"axes": {"train.lr": [0.1, 0.05, 0.03, 0.02, 0.01, 0.005, 0.003, 0.002, 0.001]},
                       "halving": {"factor": 3, "min_epochs": 2}}}'
}
