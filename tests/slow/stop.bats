#!/usr/bin/env bats
# Signals and limits that take a long run to show: what is saved, what is said, and that --resume ends in the same bytes.

load ../cli/common

@test "stop: SIGINT, SIGTERM and SIGHUP save and stop; --resume ends in the same bytes" {
    long
    nnexp -q -c a.json -o unbroken
    for pair in INT:130 TERM:143 HUP:143; do
        stopped_by "${pair%:*}"
        done_with "${pair#*:}"
        equals "  saved in runs/a; go on with --resume" "${err##*$'\n'}"
        [ ! -e runs/a/summary.json ]
        [ -f runs/a/checkpoint.safetensors ]
        done=$(($(rows_of runs/a/epochs.csv) - 2))
        [ "$done" -lt 20000 ]
        grep -q "^a: stopped by a signal after $done epochs  train_loss " <<<"$err"
        nnexp -c a.json --resume
        done_with 0
        # it went on after the epoch that was saved last
        [[ ${err%%$'\n'*} = "a: epoch $((done + 1))/20000 "* ]]
        same_run unbroken runs/a
        rm -r runs
    done
}

@test "stop: a second signal stops at once, in the midst of an epoch" {
    nnexp generate gaussian --rows 40000 -s features=10
    mv .out wide.csv
    config '{"data": {"file": "wide.csv"}, "model": {"hidden": [1024, 1024]}, "log": {"histograms": false, "probe_rows": 8}, "train": {"batch": 4, "epochs": 1}}'
    "$NNEXP" -q -c a.json -t 1 &
    run=$!
    wait_for_rows 2 runs/a/epochs.csv
    sleep 0.5 # into epoch 1, which takes seconds
    kill -INT $run
    sleep 0.2
    kill -0 $run
    kill -INT $run
    status=0
    wait $run || status=$?
    done_with 130
    equals "0" "$(words runs/a/epochs.csv epoch)"
    [ -f runs/a/checkpoint.safetensors ]
}

@test "stop: a file-size limit is an error like any other" {
    long
    status=0
    err=$(ulimit -f 40 && "$NNEXP" -q -c a.json 2>&1) || status=$?
    done_with 1
    [[ $err =~ ^nnexp:\ runs/a/(epochs|layers).csv:\ cannot\ write:\ File\ too\ large$ ]]
    [ ! -e runs/a/summary.json ]
    nnexp -q -c a.json -o unbroken
    nnexp -q -c a.json --resume
    done_with 0
    same_run unbroken runs/a
}
