#!/usr/bin/env bats
# A run that --resume takes to another number of epochs: what its schedule does, and that it is told where the result is
# no run that was ever so long.

load common

@test "schedule: an extended run is told when its schedule was laid out over fewer epochs" {
    small
    one_cycle=(-c a.json -s train.schedule=one_cycle -s train.lr=0.1)
    nnexp -q "${one_cycle[@]}"
    done_with 0
    nnexp "${one_cycle[@]}" -s train.epochs=9 --resume
    done_with 0
    equals "runs/a: train.schedule 'one_cycle' goes by train.epochs: the 3 epochs done had it over 3, those to come have it over 9, and lr goes on at 0.0961 after 4e-07; for a run that has it over 9 from its start use --force" "$(head -n 1 .err)"
    # once extended it is a run of 9 epochs, and silent
    nnexp "${one_cycle[@]}" -s train.epochs=9 --resume
    not grep -q 'goes by train.epochs' .err
    # lr is where the schedule over 9 epochs has it, from the first update on
    nnexp check -q "${one_cycle[@]}" -s train.epochs=9 --schedule=s.csv
    equals "$(awk -F , 'NR % 2 == 1 && NR > 7 { print $3 }' s.csv)" "$(sed 1,5d runs/a/epochs.csv | cut -d , -f 3)"
}

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
