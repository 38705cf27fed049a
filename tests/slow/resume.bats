#!/usr/bin/env bats
# --resume: after kill -9 at any moment, from damaged checkpoints, with other data or another config, of a whole run, and
# to extend one.

load ../cli/common

# Everything that has a state of its own from step to step or epoch to epoch.
varied() {
    nnexp generate spiral --rows 400 -s noise=0.3
    mv .out spiral.csv
    # the same, as images of two pixels
    awk -F , -v OFS=, 'NR > 1 { $1 += 4; $2 += 4 } { print }' spiral.csv >lifted.csv
    config '{"data": {"file": "spiral.csv", "validation": 0.25}, "model": {"hidden": [24, 16], "activation": "prelu"},
             "train": {"batch": 16, "epochs": 250, "lr": 0.02}}'
    settings=(
        "model.dropout=0.2"
        "model.norm=batch train.optimizer=adam"
        "train.optimizer=adam train.schedule={\"name\":\"plateau\",\"patience\":1} model.norm=layer"
        "train.optimizer={\"name\":\"sgd\",\"momentum\":0.9} train.early_stop={\"patience\":100} train.lr=0.01"
        "train.optimizer=nadam train.schedule=cosine train.warmup={\"epochs\":3} log.checkpoint_every=4"
        "data.image={\"height\":1,\"width\":2,\"max\":8} augment=[\"noise\",{\"name\":\"translate\",\"vertical\":0,\"horizontal\":1},\"mixup\"] data.file=lifted.csv"
        "train.optimizer=rprop train.batch=\"all\" log.every=3 train.label_smoothing=0.1 log.histograms=false"
        "log.path=[\"layers.1.weight[0,1]\",\"layers.2.activation.weight[0]\"] train.optimizer=adam"
    )
}

sets() { for assignment in $1; do printf -- '-s\n%s\n' "$assignment"; done; }

# Kills the run after SECONDS, if it is still there. Returns whether it was.
killed_after() {
    local seconds=$1
    shift
    "$NNEXP" -q "$@" 2>.err &
    local run=$!
    sleep "$seconds"
    kill -KILL $run 2>/dev/null || true
    ! wait $run 2>/dev/null
}

@test "resume: 20 random kills end in the bytes of the unbroken runs" {
    varied
    RANDOM=${SEED:-$$}
    echo "SEED=${SEED:-$$}"
    local kills=0
    for i in $(seq 0 $((${#settings[@]} - 1))); do
        mapfile -t args < <(sets "${settings[$i]}")
        local start=$(date +%s%N)
        nnexp -q -c a.json -o "whole$i" "${args[@]}"
        done_with 0
        took[$i]=$((($(date +%s%N) - start) / 1000000))
    done
    while [ "$kills" -lt 20 ]; do
        i=$((RANDOM % ${#settings[@]}))
        mapfile -t args < <(sets "${settings[$i]}")
        rm -rf broken
        local again=''
        # killed again and again, and at last left alone
        for _ in $(seq $((1 + RANDOM % 3))); do
            delay=$(awk -v ms="${took[$i]}" -v r=$RANDOM 'BEGIN { printf "%.4f", 1.05 * ms / 1000 * r / 32768 }')
            if killed_after "$delay" -c a.json -o broken "${args[@]}" $again; then kills=$((kills + 1)); fi
            again=--resume
        done
        nnexp -q -c a.json -o broken "${args[@]}" --resume
        done_with 0
        same_run "whole$i" broken || { echo "settings: ${settings[$i]}, last delay $delay"; return 1; }
    done
}

@test "resume: kills while the run ends" {
    varied
    nnexp -q -c a.json -o whole -s train.epochs=2
    # the calls that touch the directory, one after another, are the last that are done
    command -v strace >/dev/null || skip "strace is not installed"
    ASAN_OPTIONS=detect_leaks=0 strace -f -o trace -e trace=rename,unlink,fsync "$NNEXP" -q -c a.json -o traced -s train.epochs=2
    for call in rename unlink fsync; do
        for nth in $(seq "$(grep -c " $call(" trace)"); do
            rm -rf broken
            strace -f -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$nth" \
                "$NNEXP" -q -c a.json -o broken -s train.epochs=2 2>/dev/null || true
            nnexp -q -c a.json -o broken -s train.epochs=2 --resume
            done_with 0
            same_run whole broken || { echo "killed at $call $nth"; return 1; }
        done
    done
}

@test "resume: --force that is killed leaves nothing that looks whole" {
    command -v strace >/dev/null || skip "strace is not installed"
    small
    nnexp -q -c a.json -o whole
    nnexp -q -c a.json -o old -s seed=2
    for nth in $(seq 24); do
        rm -rf runs
        mkdir runs
        cp -r old runs/a
        strace -f -o /dev/null -e trace=unlink -e inject="unlink:signal=KILL:when=$nth" \
            "$NNEXP" -q -c a.json --force 2>/dev/null || true
        rm -f runs/a/.lock # what it held by when it was killed: no content, and not held any more
        [ ! -e runs/a/summary.json ] || same_run old runs/a || same_run whole runs/a
        nnexp -q -c a.json --force
        done_with 0
        same_run whole runs/a
    done
}

# half_way: the run of `long`, whole in whole/ and stopped in its midst, with two checkpoints, in runs/a.
half_way() {
    long
    nnexp -q -c a.json -o whole
    stopped_by TERM
    done_with 143
    [ -f runs/a/checkpoint.prev.safetensors ]
    checkpoint=runs/a/checkpoint.safetensors
}

# resumes: runs/a goes on and ends in the bytes of whole/.
resumes() {
    nnexp -c a.json --resume
    done_with 0
    same_run whole runs/a
}

flip() { printf '\x5a' | dd of="$1" bs=1 seek="$2" conv=notrunc status=none; } # flip FILE OFFSET: another byte there

@test "resume: a damaged checkpoint: the one before it serves, and that is said" {
    half_way
    cp -r runs/a kept
    size=$(stat -c %s "$checkpoint")
    for damage in "truncate -s $((size / 2))" "truncate -s 0" flip; do
        rm -rf runs/a
        cp -r kept runs/a
        if [ "$damage" = flip ]; then flip "$checkpoint" $((size - 300)); else $damage "$checkpoint"; fi
        resumes
        [[ $(sed -n 1p .err) = "runs/a/checkpoint.safetensors: "* ]]
        [[ $(sed -n 2p .err) =~ ^runs/a:\ going\ on\ from\ the\ checkpoint\ of\ epoch\ [0-9]+$ ]]
    done
    equals "runs/a/checkpoint.safetensors: checksum is wrong: the file is damaged" "$(sed -n 1p .err)"
}

@test "resume: a damaged checkpoint never takes the place of the good one" {
    command -v strace >/dev/null || skip "strace is not installed"
    half_way
    truncate -s 100 "$checkpoint"
    cp -r runs/a kept
    for nth in 1 2 3 4; do
        rm -rf runs/a
        cp -r kept runs/a
        strace -f -o /dev/null -e trace=rename -e inject="rename:signal=KILL:when=$nth" \
            "$NNEXP" -q -c a.json --resume 2>/dev/null || true
        resumes
    done
}

@test "resume: both checkpoints damaged: refused, nothing changed" {
    half_way
    truncate -s 100 "$checkpoint"
    flip runs/a/checkpoint.prev.safetensors $(($(stat -c %s runs/a/checkpoint.prev.safetensors) - 300))
    cp -r runs/a kept
    nnexp -c a.json --resume
    done_with 2
    [[ $(sed -n 1p .err) = "nnexp: runs/a/checkpoint.safetensors: "* ]]
    equals "nnexp: runs/a/checkpoint.prev.safetensors: checksum is wrong: the file is damaged" "$(sed -n 2p .err)"
    same_run kept runs/a
}

@test "resume: other data, another config: refused, every key named, nothing changed" {
    half_way
    cp -r runs/a kept
    cp ok.csv ok.kept
    sed -i '$s/4,3/4,2/' ok.csv
    nnexp -c a.json --resume
    done_with 2
    changed='the data have changed since it was saved; restore them, or start again with --force'
    equals "nnexp: runs/a/checkpoint.safetensors: $changed
nnexp: runs/a/checkpoint.prev.safetensors: $changed" "$err"
    cp ok.kept ok.csv
    refused "\
nnexp: runs/a: cannot be resumed with this config: seed: is 1 there and 3 now; make them equal, or start again with --force
nnexp: runs/a: cannot be resumed with this config: model.hidden: is [3] there and [3, 3] now; make them equal, or start again with --force
nnexp: runs/a: cannot be resumed with this config: train.lr: is 0.01 there and 0.5 now; make them equal, or start again with --force" \
        -c a.json --resume -s seed=3 -s 'model.hidden=[3,3]' -s train.lr=0.5
    refused "nnexp: runs/a: train.epochs: 3 is fewer than the $(($(rows_of runs/a/epochs.csv) - 2)) epochs done; give at least as many" \
        -c a.json --resume -s train.epochs=3
    same_run kept runs/a
    resumes
}

@test "resume: logs that are shorter than the checkpoint saw: refused" {
    half_way
    size=$(stat -c %s runs/a/layers.csv)
    truncate -s 50 runs/a/layers.csv
    # neither the newest checkpoint nor the one before it will do
    nnexp -c a.json --resume
    done_with 2
    equals "nnexp: runs/a/layers.csv: has 50 bytes, the checkpoint saw $size; start again with --force" "$(sed -n 1p .err)"
    not grep -v "^nnexp: runs/a/layers.csv: has 50 bytes, the checkpoint saw [0-9]*; start again with --force$" .err
}

@test "resume: of a complete run: says so, changes nothing" {
    small
    nnexp -q -c a.json
    cp -r runs/a kept
    stat -c '%n %y' runs/a/* >before
    nnexp -c a.json --resume
    done_with 0
    equals "" "$out"
    equals "a: complete already; nothing is left to do" "$(sed -n 1p .err)"
    [[ $(sed -n 2p .err) = "a: finished after 3 epochs  train_loss "* ]]
    same_run kept runs/a
    stat -c '%n %y' runs/a/* | cmp - before
}

@test "resume: of nothing, and of an empty directory, starts anew" {
    small
    nnexp -q -c a.json -o whole
    nnexp -q -c a.json --resume
    done_with 0
    same_run whole runs/a
    mkdir empty
    nnexp -q -c a.json --resume -o empty
    same_run whole empty
}

@test "resume: --set train.epochs extends a run into the unbroken longer one" {
    varied
    for more in model.dropout=0.2 'model.norm=batch train.optimizer=adam' 'train.early_stop={"patience":40} train.optimizer=adam'; do
        mapfile -t args < <(sets "$more")
        nnexp -q -c a.json "${args[@]}" -s train.epochs=30
        done_with 0
        nnexp -q -c a.json "${args[@]}" -s train.epochs=45 --resume
        done_with 0
        nnexp -q -c a.json "${args[@]}" -s train.epochs=45 -o whole
        same_run whole runs/a
        rm -r whole runs
    done
}

@test "resume: an extension that is killed is still resumed, by either length" {
    command -v strace >/dev/null || skip "strace is not installed"
    small
    nnexp -q -c a.json -o short
    nnexp -q -c a.json -o longer -s train.epochs=5
    for call in rename unlink; do
        for nth in 1 2 3 4 5; do
            rm -rf broken
            cp -r short broken
            strace -f -o /dev/null -e trace=$call -e inject="$call:signal=KILL:when=$nth" \
                "$NNEXP" -q -c a.json --resume -s train.epochs=5 -o broken 2>/dev/null || true
            nnexp -q -c a.json --resume -s train.epochs=5 -o broken
            done_with 0
            same_run longer broken || { echo "killed at $call $nth"; return 1; }
        done
    done
}

@test "resume: a run that stopped early is extended with new patience" {
    small
    more=(-s train.lr=30 -s train.diverge_factor=1e9 -s 'train.early_stop={"patience":3}')
    nnexp -q -c a.json "${more[@]}" -s train.epochs=50
    grep -q '"status": "stopped_early"' runs/a/summary.json
    before=$(rows_of runs/a/epochs.csv)
    nnexp -q -c a.json "${more[@]}" -s train.epochs=60 --resume
    done_with 0
    [ "$(rows_of runs/a/epochs.csv)" -ge $((before + 3)) ]
}

@test "resume: a run without its final.safetensors is refused, not begun anew" {
    small
    nnexp -q -c a.json
    rm runs/a/final.safetensors
    refused "nnexp: runs/a: the run is complete but its final.safetensors is missing; restore it, or start again with --force" -c a.json --resume
    [ -f runs/a/model.safetensors ]
}

@test "resume: a stopped run that is ended by fewer epochs can be extended again" {
    long
    stopped_by INT
    done=$(($(rows_of runs/a/epochs.csv) - 2))
    nnexp -q -c a.json --resume -s train.epochs=$done
    done_with 0
    grep -q '"status": "finished"' runs/a/summary.json
    nnexp -c a.json --resume
    done_with 0
    nnexp -q -c a.json -o unbroken
    same_run unbroken runs/a
}

@test "resume: an extension that is refused leaves the finished run as it was" {
    small
    nnexp -q -c a.json
    truncate -s 50 runs/a/layers.csv
    nnexp -c a.json --resume -s train.epochs=9
    done_with 2
    [ -f runs/a/summary.json ]
}
