#!/usr/bin/env bats
# A run that --resume takes to another number of epochs: what its schedule does, and that it is told where the result is
# no run that was ever so long. Every schedule: tests/slow/schedule_extended.bats.

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
    more=(-c a.json -s 'train.schedule={"name":"multistep","milestones":[2,5]}' -s 'train.warmup={"epochs":1.5}')
    nnexp -q "${more[@]}"
    nnexp "${more[@]}" -s train.epochs=6 --resume
    done_with 0
    not grep -q 'goes by train.epochs' .err
    nnexp -q "${more[@]}" -s train.epochs=6 -o whole
    same_run whole runs/a
}
