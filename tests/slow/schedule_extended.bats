#!/usr/bin/env bats
# A run that --resume takes to another number of epochs: what its schedule does, and that it is told where the result is
# no run that was ever so long.

load ../cli/common

@test "schedule: one that counts from the start alone is extended into the unbroken run, in silence" {
    small
    for schedule in constant step '{"name":"exponential","unit":"step"}' inverse_time inverse_sqrt plateau \
        '{"name":"multistep","milestones":[2,5]}' '{"name":"cosine_restarts","first":4}' '{"name":"cyclic","up":5}'; do
        for warmup in null '{"epochs":1.5}'; do
            more=(-c a.json -s "train.schedule=$schedule" -s train.warmup="$warmup")
            nnexp -q "${more[@]}" -s train.epochs=6 --force
            nnexp "${more[@]}" -s train.epochs=9 --resume
            done_with 0
            not grep -q 'goes by train.epochs' .err
            nnexp -q "${more[@]}" -s train.epochs=9 --force -o whole
            same_run whole runs/a
        done
    done
}

@test "schedule: where the best epoch came before the extension, best.safetensors tells the epochs of then, and no more differs" {
    more=(-c "$root/configs/relu_he.json" -s train.schedule=constant)
    nnexp -q "${more[@]}" -s train.epochs=6 -o run
    nnexp -q "${more[@]}" -s train.epochs=9 -o run --resume
    done_with 0
    nnexp -q "${more[@]}" -s train.epochs=9 -o whole
    not cmp -s run/best.safetensors whole/best.safetensors
    LC_ALL=C sed -i 's/\\"epochs\\": 6/\\"epochs\\": 9/' run/best.safetensors
    same_run whole run
}

@test "schedule: each that is laid out over the run says so when extended" {
    small
    for schedule in cosine linear polynomial one_cycle '{"name":"cosine","unit":"step"}'; do
        nnexp -q -c a.json -s "train.schedule=$schedule" -s train.epochs=6 --force
        nnexp -c a.json -s "train.schedule=$schedule" -s train.epochs=8 --resume
        done_with 0
        equals 1 "$(grep -c "goes by train.epochs: the 6 epochs done had it over 6, those to come have it over 8" .err)"
    done
}

@test "schedule: a stopped run that is to end sooner is told, too" {
    long
    sed -i 's/"batch": 4/"batch": 4, "schedule": "cosine"/' a.json
    stopped_by TERM
    done_with 143
    done=$(($(rows_of runs/a/epochs.csv) - 2))
    cp -r runs kept
    nnexp -c a.json --resume -s train.epochs=$((done + 1))
    done_with 0
    [[ $(head -n 1 .err) = "runs/a: train.schedule 'cosine' goes by train.epochs: the $done epochs done had it over 20000, those to come have it over $((done + 1)), and lr goes on at "*" after 0.0"*"; for a run that has it over $((done + 1)) from its start use --force" ]]
    rm -r runs
    mv kept runs
    nnexp -c a.json --resume -s train.epochs=$done
    done_with 0
    equals "runs/a: train.schedule 'cosine' goes by train.epochs: the $done epochs done had it over 20000; for a run that has it over $done from its start use --force" "$(head -n 1 .err)"
}
