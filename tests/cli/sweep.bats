#!/usr/bin/env bats
# nnexp sweep where something lies in its directory already: another plan, what is damaged, what another process has.

load common
load sweeps_common

# plane: points, and a.json, a sweep of six short cells.
plane() {
    points
    config '{"data": {"file": "ok.csv", "validation": 0.25}, "model": {"hidden": [3]}, "train": {"batch": 4, "epochs": 3},
             "sweep": {"axes": {"train.lr": [0.1, 0.2, 0.3], "model.activation": ["relu", "tanh"]}}}'
}

# cell N: the directory of cell N of runs/a.sweep.
cell() { echo "runs/a.sweep/$("$NNEXP" sweep -q -c a.json --list | awk -F , -v n="$1" '$1 == n { print $NF }')"; }

# statuses: those of sweep.csv.
statuses() { words "${1:-runs/a.sweep}/sweep.csv" status; }

# tree DIR: every file's name, bytes and time.
tree() { find "$1" -type f -printf '%p %T@ ' -exec md5sum {} \; | sort; }

# refused_there TEXT ARGUMENTS…: refused, and runs/ is as before.
refused_there() {
    local before
    before=$(tree runs)
    refused "$@" && equals "$before" "$(tree runs)"
}

@test "sweep: --collect and --cells of another plan do not take the place of what lies there" {
    plane
    nnexp sweep -q -c a.json --axis train.lr=0.1,0.2
    local what="holds no cell of this plan but 4 cells of another; give the config and axes that its sweep.json has"
    refused_there "nnexp: runs/a.sweep: $what, or another directory with --out" \
        sweep -c a.json --axis train.lr=0.5 --collect
    refused_there "nnexp: runs/a.sweep: $what, another directory with --out, or --yes to begin this plan there" \
        sweep -c a.json --axis train.lr=0.5 --cells 2
    # some cells are the plan's
    nnexp sweep -q -c a.json --collect
    done_with 0
    equals "finished finished finished finished missing missing" "$(statuses)"
    # it begins as a whole, or is meant
    nnexp sweep -q -c a.json --axis train.lr=0.5
    done_with 0
    nnexp sweep -q -c a.json --axis train.lr=0.6 --cells 2 --yes
    done_with 0
    equals "missing finished" "$(statuses)"
    equals 7 "$(ls runs/a.sweep/cells | wc -l)"
}

@test "sweep: --collect keeps a sweep.csv whose cells are gone; --cells runs them again" {
    plane
    nnexp sweep -q -c a.json
    rm -r runs/a.sweep/cells
    refused_there "nnexp: runs/a.sweep: holds no cell of this plan but a sweep.csv; give the config and axes that its \
sweep.json has, or another directory with --out" sweep -c a.json --collect
    nnexp sweep -q -c a.json --cells 1
    done_with 0
}

@test "sweep: one cell of another plan is one" {
    plane
    nnexp sweep -q -c a.json --axis train.lr=0.1 --axis model.activation=relu
    refused_there "nnexp: runs/a.sweep: holds no cell of this plan but 1 cell of another; give the config and axes that its \
sweep.json has, or another directory with --out" sweep -c a.json --axis train.lr=0.5 --collect
}

@test "sweep: a damaged sweep.json: where, and once it is removed the same command writes it again" {
    plane
    nnexp sweep -q -c a.json
    cp -r runs whole
    local remedy="remove it: the cells stay, and the same command writes it again" how
    printf '{\n  "version": x\n' >runs/a.sweep/sweep.json
    for how in "" --collect; do
        refused_there "nnexp: runs/a.sweep/sweep.json:2:14: unknown word 'x'; $remedy" sweep -c a.json $how
    done
    : >runs/a.sweep/sweep.json
    refused_there "nnexp: runs/a.sweep/sweep.json:1:1: the document is empty; $remedy" sweep -c a.json
    for how in "" --collect; do
        rm runs/a.sweep/sweep.json
        nnexp sweep -q -c a.json $how
        done_with 0
        cmp whole/a.sweep/sweep.json runs/a.sweep/sweep.json
        rm runs/a.sweep/sweep.*
        nnexp sweep -q -c a.json $how
        done_with 0
        diff -r whole runs
    done
}

@test "sweep: --collect where there is no sweep, and directories that are something else: refused" {
    plane
    refused "nnexp: runs/a.sweep: there is no sweep.json of a sweep; run the sweep first, or give its directory with --out" \
        sweep -c a.json --collect
    nnexp -q -c a.json
    refused "nnexp: runs/a: holds a run; choose another directory with --out" sweep -c a.json -o runs/a
    mkdir other
    echo mine >other/sweep.csv
    refused "nnexp: other: holds a sweep.csv but no sweep.json of a sweep; choose another directory with --out" \
        sweep -c a.json -o other
    echo '{"sweep": 1}' >other/sweep.json
    for how in "" --collect; do
        refused "nnexp: other: holds a sweep.json that is no sweep's; choose another directory with --out" \
            sweep -c a.json -o other $how
    done
    equals mine "$(cat other/sweep.csv)"
    equals "sweep.csv sweep.json" "$(ls -A other | paste -sd ' ')"
}

@test "sweep: --collect where it may not write prints the table all the same, and says so" {
    plane
    nnexp sweep -q -c a.json
    cp .out table
    mkdir runs/a.sweep/.lock # nobody can lock it now
    nnexp sweep -q -c a.json --collect
    done_with 0 # nothing would change
    cmp table .out
    rm runs/a.sweep/sweep.csv
    nnexp sweep -c a.json --collect
    done_with 1
    cmp table .out
    equals "nnexp: runs/a.sweep/sweep.csv: cannot be written: runs/a.sweep: cannot lock the directory: Is a directory" "$err"
    rmdir runs/a.sweep/.lock
    mkdir runs/a.sweep/sweep.csv
    nnexp sweep -c a.json --collect
    done_with 1
    cmp table .out
    equals "nnexp: runs/a.sweep/sweep.csv: cannot write: Is a directory" "$err"
}

@test "sweep: a cell that cannot be gone on with says what is wrong, and nothing of --force" {
    plane
    nnexp sweep -q -c a.json
    local first second third before
    first=$(cell 1) second=$(cell 2) third=$(cell 3)
    cp -r runs whole
    rm "$first"/{summary.json,final.safetensors} "$second/summary.json" "$third/summary.json"
    truncate -s 100 "$third/epochs.csv"
    rm -r "$(cell 4)"/*
    echo mine >"$(cell 4)/note"
    nnexp sweep -c a.json -s log.probe_rows=4
    done_with 1
    not grep -q -e --force .err
    not grep -q -e --out .err
    grep -qxF "a.json: cell 1 (train.lr=0.1 model.activation=relu): begun anew: $first: cannot be resumed with this config: \
log.probe_rows: is 512 there and 4 now" .err
    equals "nnexp: a.json: cell 4 (train.lr=0.2 model.activation=tanh): $(cell 4): holds files but no config.json of a run; \
remove that directory, and the same command runs the cell" "$(grep ^nnexp .err)"
    equals "mine" "$(cat "$(cell 4)/note")"
    rm -r "$(cell 4)"
    rm "$third/summary.json"
    truncate -s 100 "$third/epochs.csv"
    nnexp sweep -c a.json -s log.probe_rows=4
    done_with 0
    [[ $err =~ "cell 3 (train.lr=0.2 model.activation=relu): begun anew: $third/epochs.csv: has 100 bytes, the checkpoint saw "[0-9]+$ ]]
    equals "finished finished finished finished finished finished" "$(statuses)"
}

@test "sweep: after a power cut a cell with a file cut short is run again, to the same bytes" {
    plane
    nnexp sweep -q -c a.json -o whole
    cp -r whole cut
    local dir cut
    dir=$(cell_directory whole 1)
    # zeros may stand in place of the bytes
    for cut in "0 model.safetensors" "-1 best.safetensors" "0 config.json" "+99 config.json"; do
        [ "${cut%% *}" != +99 ] || truncate -s 0 "cut/$dir/config.json"
        truncate -s "${cut%% *}" "cut/$dir/${cut#* }"
        nnexp sweep -c a.json -o cut --list
        equals unfinished "$(column .out status | head -n 1)"
        nnexp sweep -c a.json -o cut
        done_with 0
        grep -qxF "a.json: cell 1 (train.lr=0.1 model.activation=relu): begun anew: cut/$dir/${cut#* }: is cut short" .err
        same_sweep whole cut
    done
    # weights that were removed on purpose are not missed
    rm "cut/$dir"/*.safetensors
    nnexp sweep -c a.json -o cut --list
    equals finished "$(column .out status | head -n 1)"
}

@test "sweep: cells that log their steps are complete at their end, and not where these are cut short" {
    plane
    nnexp sweep -q -c a.json -s 'log.path=["layers.1.bias[0]"]'
    done_with 0
    equals "finished finished finished finished finished finished" "$(statuses)"
    local steps
    steps=runs/a.sweep/$(cell_directory runs/a.sweep 1)/steps.csv
    grep -v '^[0-9]*,3,' "$steps" >shorter
    cp shorter "$steps"
    nnexp sweep -c a.json -s 'log.path=["layers.1.bias[0]"]' --list
    equals unfinished "$(column .out status | head -n 1)"
}

@test "sweep: a locked cell is another process'; that one writes sweep.csv" {
    plane
    mkdir -p "$(cell 3)"
    exec 9>"$(cell 3)/.lock"
    flock 9
    nnexp sweep -c a.json 9>&-
    done_with 0
    equals "" "$out"
    equals "runs/a.sweep: 1 cell is run by another process, which will write sweep.csv" "${err##*$'\n'}"
    [ ! -e runs/a.sweep/sweep.csv ]
    not grep -q "cell 3 .*finished" .err
    nnexp sweep -c a.json --collect
    done_with 0
    equals "runs/a.sweep: 1 of 6 cells is not complete: 1 missing
runs/a.sweep: 1 cell is run by another process, which will write sweep.csv" "$err"
    equals "finished finished missing finished finished finished" "$(statuses)"
    exec 9>&- # killed, as it were
    nnexp sweep -q -c a.json
    done_with 0
    nnexp sweep -q -c a.json -o alone
    same_sweep alone runs/a.sweep
}

# poll_rows: until the first cell is under way.
poll_rows() {
    for _ in $(seq 500); do
        [ "$(rows_of "$(echo runs/a.sweep/cells/*/epochs.csv)")" -lt 2 ] || return 0
        sleep 0.01
    done
    return 1
}

@test "sweep: a cell that another process has run meanwhile is told as its" {
    plane
    local axes=(--axis train.epochs=6000,3 --axis train.lr=0.1 --axis model.activation=relu)
    "$NNEXP" sweep -c a.json "${axes[@]}" -j 1 >/dev/null 2>.first &
    local first=$!
    poll_rows
    nnexp sweep -q -c a.json "${axes[@]}" --cells 2
    wait $first
    grep -qE '^2/2  cell 2  train.lr=0.1 model.activation=relu train.epochs=3  finished elsewhere  val_loss [0-9.]+  val_accuracy [0-9.]+$' .first
    grep -qE '^1/2  cell 1 .* finished  val_loss .*s$' .first
}

@test "sweep: one cell is one cell" {
    plane
    local axes=(--axis train.lr=0.1 --axis model.activation=relu)
    nnexp sweep -c a.json "${axes[@]}" --list
    equals "runs/a.sweep: 1 cell, 0 complete" "$err"
    nnexp sweep -c a.json "${axes[@]}" --list -s 'sweep.halving={"min_epochs": 9}'
    equals "runs/a.sweep: 1 cell, 0 complete; 1 round" "$err"
    nnexp sweep -q -c a.json "${axes[@]}"
    nnexp sweep -c a.json "${axes[@]}"
    equals "1 of 1 cell is complete already" "$err"
    rm runs/a.sweep/cells/*/summary.json
    nnexp sweep -c a.json "${axes[@]}" --collect
    equals "runs/a.sweep: 1 of 1 cell is not complete: 1 unfinished" "$err"
}

@test "sweep: controls in an axis' value or a config reach no terminal" {
    plane
    local escape=$'\e[31mred\a' here=$PWD
    refused "nnexp: a.json: cell 2 (train.lr=0.1 model.activation=relu data.file=?[31mred?): $here/?[31mred?: cannot read: \
No such file or directory" sweep -c a.json --axis train.lr=0.1 --axis model.activation=relu --axis "data.file=ok.csv,$escape"
    equals "nnexp: a.json: --axis: 'x?[31mred?': write KEY=VALUES, as in train.lr=log:1e-4:1:13" \
        "$("$NNEXP" sweep -c a.json --axis "x$escape" 2>&1)"
}
