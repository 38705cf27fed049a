#!/usr/bin/env bats
# nnexp sweep killed, stopped by a signal, and in several processes at once on one directory.

load ../cli/common
load ../cli/sweeps_common

# slow CELLS: a.json, a sweep of so many cells of a third of a second or more.
slow() {
    points
    config '{"data": {"file": "ok.csv", "validation": 0.25}, "model": {"hidden": [3]}, "train": {"batch": 4, "epochs": 10000},
             "log": {"checkpoint_every": 50}, "sweep": {"axes": {"train.lr": {"log": [0.001, 0.1, '"$1"']}}}}'
}

# cell N: the directory of cell N of runs/a.sweep.
cell() { echo "runs/a.sweep/$("$NNEXP" sweep -q -c a.json --list | awk -F , -v n="$1" '$1 == n { print $NF }')"; }

statuses() { words runs/a.sweep/sweep.csv status; }

@test "sweep: killed at any moment and run again, the bytes of one that was not" {
    slow 6
    nnexp sweep -q -c a.json -o whole
    local round killed=0 seconds
    for round in $(seq 4); do
        rm -rf runs
        for _ in $(seq 12); do
            seconds=$(awk -v r=$RANDOM 'BEGIN { printf "%.3f", 0.02 + r / 32768 * 0.4 }')
            status=0
            timeout -s KILL "$seconds" "$NNEXP" sweep -q -c a.json -j 2 >/dev/null 2>&1 || status=$?
            [ $status = 0 ] || killed=$((killed + 1))
        done
        nnexp sweep -q -c a.json
        done_with 0
        same_sweep whole runs/a.sweep
    done
    [ $killed -ge 12 ]
}

@test "sweep: four processes on one directory run each cell once; one is killed, and the others' cells stand" {
    slow 12
    nnexp sweep -q -c a.json -o whole
    local process pids=()
    for process in 1 2 3 4; do
        "$NNEXP" sweep -c a.json -j 1 >.out$process 2>.err$process 3>&- &
        pids+=($!)
    done
    for process in 0 1 2 3; do wait "${pids[process]}"; done
    # each cell's end is told by the one that has run it, once
    equals "$(seq 12)" "$(cat .err[1-4] | sed -n 's|^ *[0-9]*/[0-9]*  cell \([0-9]*\)  .* finished  val.*|\1|p' | sort -n)"
    same_sweep whole runs/a.sweep
    grep -l '^rank' .out[1-4] # the last one out
    rm -r runs
    for process in 1 2 3 4; do
        "$NNEXP" sweep -c a.json -j 1 >.out$process 2>.err$process 3>&- &
        pids[process - 1]=$!
    done
    sleep 0.4
    kill -9 "${pids[1]}"
    wait "${pids[1]}" || true
    for process in 0 2 3; do wait "${pids[process]}"; done
    nnexp sweep -q -c a.json
    done_with 0
    same_sweep whole runs/a.sweep
    not ls -d runs/a.sweep/.lock runs/a.sweep/cells/*/.lock
}

@test "sweep: who leaves while another is at a cell says so, and leaves sweep.csv to it" {
    slow 2
    "$NNEXP" sweep -q -c a.json --cells 1 -s train.epochs=30000 3>&- &
    local long=$!
    for _ in $(seq 500); do ls runs/a.sweep/cells/*/epochs.csv >/dev/null 2>&1 && break; sleep 0.01; done
    nnexp sweep -c a.json -s train.epochs=30000 -j 2
    done_with 0
    grep -qE '^[12]/2  cell 1  train.lr=0.001  is run by another process$' .err ||
        grep -q 'finished elsewhere' .err
    wait $long
    equals "finished finished" "$(statuses)"
}

@test "sweep: SIGINT and SIGTERM save the running cells and write sweep.csv; the same command goes on" {
    slow 4
    nnexp sweep -q -c a.json -s train.epochs=20000 -o whole
    local pair run first
    for pair in INT:130 TERM:143; do
        "$NNEXP" sweep -c a.json -s train.epochs=20000 -j 2 2>.err 3>&- &
        run=$!
        for _ in $(seq 500); do [ "$(cat runs/a.sweep/cells/*/epochs.csv 2>/dev/null | wc -l)" -gt 600 ] && break; sleep 0.01; done
        kill -s "${pair%:*}" $run
        status=0
        wait $run || status=$?
        done_with "${pair#*:}"
        equals "runs/a.sweep: stopped by a signal; 0 of 4 cells are complete; the same command goes on with the others" \
            "$(cat .err)"
        equals "unfinished unfinished missing missing" "$(statuses)"
        nnexp sweep -q -c a.json -s train.epochs=20000
        done_with 0
        same_sweep whole runs/a.sweep
        rm -r runs
    done
}

@test "sweep: a file-size limit fails the cells that meet it; without it the same command runs them" {
    slow 4
    status=0
    err=$(ulimit -f 40 && "$NNEXP" sweep -q -c a.json 2>&1) || status=$?
    done_with 1
    equals "failed failed failed failed" "$(statuses)"
    equals 4 "$(grep -cE '^nnexp: a.json: cell [1-4] \(train.lr=[0-9.]+\): runs/a.sweep/cells/[0-9a-f]{16}/(epochs|layers).csv: cannot write: File too large$' <<<"$err")"
    [[ $(cat "$(cell 2)/error.txt") =~ ^nnexp:\ runs/a.sweep/cells/[0-9a-f]{16}/(epochs|layers).csv:\ cannot\ write:\ File\ too\ large$ ]]
    nnexp sweep -q -c a.json
    done_with 0
    nnexp sweep -q -c a.json -o whole
    same_sweep whole runs/a.sweep
}

teardown() { umount -- "$BATS_TEST_TMPDIR/disk" 2>/dev/null || true; }

@test "sweep: --collect from a file system that may only be read" {
    small_sweep
    mkdir disk
    mount -t tmpfs -o size=4m none disk 2>/dev/null || skip "needs to mount a tmpfs"
    nnexp sweep -q -c a.json -o disk/s
    cp .out table
    rm disk/s/sweep.csv
    mount -o remount,ro disk
    nnexp sweep -q -c a.json -o disk/s --collect
    done_with 1
    cmp table .out
    equals "nnexp: disk/s/sweep.csv: cannot be written: disk/s: cannot lock the directory: Read-only file system" "$err"
    mount -o remount,rw disk
    nnexp sweep -q -c a.json -o disk/s --collect
    mount -o remount,ro disk
    nnexp sweep -q -c a.json -o disk/s --collect
    done_with 0
    cmp table .out
}

@test "sweep: each file that a power cut may cut short is found" {
    small_sweep
    nnexp sweep -q -c a.json -s log.histograms=true -o whole
    cp -r whole cut
    local dir file size
    dir=$(cell_directory whole 1)
    for file in config.json preprocess.csv {model,best,final}.safetensors {epochs,layers,histograms,timing}.csv summary.json; do
        for size in 0 -1 ; do
            truncate -s $size "cut/$dir/$file"
            nnexp sweep -c a.json -s log.histograms=true -o cut --list
            [ $file$size = summary.json-1 ] || not grep -q '^1,.*,finished,' .out
            nnexp sweep -q -c a.json -s log.histograms=true -o cut
            done_with 0
            [ $file$size = summary.json-1 ] || same_sweep whole cut
            cp "whole/$dir/summary.json" "cut/$dir"
        done
    done
}
