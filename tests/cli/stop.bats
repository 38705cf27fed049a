#!/usr/bin/env bats
# Signals and full disks: what is saved, what is said, and that --resume ends in the bytes of an unbroken run.

load common

@test "stop: early stopping goes on counting after --resume" {
    long
    config '{"data": {"file": "ok.csv", "validation": 0.25}, "model": {"hidden": [3]}, "log": {"histograms": false, "checkpoint_every": 50},
             "train": {"batch": 4, "lr": 1e-30, "epochs": 20000, "early_stop": {"patience": 3000}}}'
    nnexp -q -c a.json -o unbroken
    equals 3000 "$(column unbroken/epochs.csv epoch | tail -n 1)"
    stopped_by TERM
    done_with 143
    nnexp -q -c a.json --resume
    same_run unbroken runs/a
}

@test "stop: nohup keeps SIGHUP off" {
    long
    nohup "$NNEXP" -c a.json -s train.epochs=20000 2>.err >/dev/null &
    run=$!
    wait_for_rows 30 runs/a/epochs.csv
    kill -HUP $run
    status=0
    wait $run || status=$?
    done_with 0
    [ -f runs/a/summary.json ]
}

# small_disk SIZE: a file system of that size at disk/, for this test.
small_disk() {
    mkdir disk
    mount -t tmpfs -o size="$1" none disk 2>/dev/null || skip "needs to mount a tmpfs: root"
}

teardown() { umount -- "$BATS_TEST_TMPDIR/disk" 2>/dev/null || true; }

@test "stop: a disk that fills up: status 1, the file named; with room again --resume ends in the same bytes" {
    long 1500
    nnexp -q -c a.json -o unbroken
    small_disk 64k
    nnexp -q -c a.json -o disk/run
    done_with 1
    [[ $err =~ ^nnexp:\ disk/run/[a-z.]*\.(csv|safetensors):\ cannot\ write:\ No\ space\ left\ on\ device$ ]]
    [ ! -e disk/run/summary.json ]
    mount -o remount,size=4m disk
    nnexp -q -c a.json -o disk/run --resume
    done_with 0
    same_run unbroken disk/run
}

@test "stop: a disk that is full before the first update: status 2" {
    long 1500
    small_disk 8k
    head -c 8192 /dev/zero >disk/filler || true
    nnexp -q -c a.json -o disk/run
    done_with 2
    [[ $err =~ ^nnexp:\ disk/run ]]
    [[ $err =~ :\ No\ space\ left\ on\ device$ ]]
    [ ! -e disk/run/summary.json ]
    rm disk/filler
    mount -o remount,size=4m disk
    nnexp -q -c a.json -o disk/run --resume
    done_with 0
}

@test "stop: a run that waits for its data ends at once" {
    mkfifo ff.csv
    config '{"data": {"file": "ff.csv"}, "model": {"hidden": [2]}}'
    "$NNEXP" -q -c a.json &
    run=$!
    sleep 0.3 # nobody writes into the pipe
    kill -TERM $run
    status=0
    wait $run || status=$?
    equals 143 "$status"
    printf 'a,b,y\n1,2,p\n3,5,q\n2,4,p\n7,6,q\n' >ff.csv &
    nnexp -q -c a.json
    done_with 0
}
