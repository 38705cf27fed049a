#!/usr/bin/env bats
# scripts/sweep_slurm.sh on a real Slurm of one node: the same bytes as one process leaves, whatever comes in between.

load ../cli/common
load slurm
load ../cli/sweeps_common

setup_file() {
    needs cluster sbatch slurmctld slurmd munged
    start_slurm "$BATS_FILE_TMPDIR/slurm"
    export cluster
}

teardown_file() { [ ! -e "$BATS_FILE_TMPDIR/slurm" ] || stop_slurm; }

setup() { cd -- "$BATS_TEST_TMPDIR" && export NNEXP; }

teardown() { scancel --user="$(id -un)" 2>/dev/null && poll 20 queue_empty; }

# submit ARGUMENT…: leaves status, out and err.
submit() { script "$root/scripts/sweep_slurm.sh" "$@"; }

# ended: every job is through.
ended() { poll 60 queue_empty || { squeue; return 1; }; }

# first_job SWEEP: the array; the one that collects has the next number.
first_job() { cut -d , -f 1 "$1/slurm/jobs"; }

# state JOB: of a job that is through.
state() { scontrol show job "$1" | sed -n 's/.*JobState=\([A-Z]*\).*/\1/p'; }

@test "slurm: the same bytes as one process; nothing left to do the second time" {
    odd_place
    submit 'my "conf.json' "${axes[@]}" --out 'o %j' --chunk 3 --cpus-per-task=2
    done_with 0
    job=$(first_job 'o %j')
    collect=$((job + 1))
    equals "8 of 8 cells to run, 3 a task; job $collect writes sweep.csv
watch:  squeue -j $job,$collect
logs:   $PWD/o %j/slurm
cancel: scancel $job $collect
The same command again submits what is not complete." "$out"
    equals "1-3
4-6
7-8" "$(cat 'o %j/slurm/chunks')"
    ended
    same_sweep one 'o %j'
    equals "COMPLETED" "$(state "$collect")"
    # a log each, under the names that were promised
    equals "${job}_1.log ${job}_2.log ${job}_3.log ${collect}.log" "$(cd 'o %j/slurm' && echo *.log)"
    submit 'my "conf.json' "${axes[@]}" --out 'o %j'
    done_with 0
    equals "all 8 cells are complete" "$(sed -n 1p "$BATS_TEST_TMPDIR/.out")"
    queue_empty
    not ls 'here'
}

@test "slurm: a cell that fails is recorded, the others go on, and the same command tries it alone" {
    small_sweep
    nnexp sweep -q -c a.json -o one
    obstacle one other
    submit a.json --out other --chunk 1
    done_with 0
    ended
    job=$(first_job other)
    equals "FAILED" "$(state "${job}_2")"
    equals "COMPLETED" "$(state "${job}_3")"
    equals "finished failed finished finished" "$(words other/sweep.csv status)"
    rm -r "other/$(cell_directory one 2)"
    submit a.json --out other
    done_with 0
    equals "1 of 4 cells to run, 1 a task" "${out%%;*}"
    equals 2 "$(cat other/slurm/chunks)"
    ended
    same_sweep one other
}

@test "slurm: cancelled in the midst and submitted again, the same bytes" {
    long_sweep
    nnexp sweep -q -c a.json -o one
    submit a.json --out other --chunk 2
    done_with 0
    poll 20 begun other
    submit a.json --out other
    done_with 2
    job=$(first_job other)
    equals "sweep_slurm.sh: $PWD/other: has jobs in the queue still; wait for them, or cancel them: scancel $job $((job + 1))" "$err"
    scancel "$job" $((job + 1))
    ended
    equals "CANCELLED" "$(state "${job}_1")"
    nnexp sweep -c a.json -o other --list
    grep -q ,unfinished, .out
    submit a.json --out other
    done_with 0
    ended
    same_sweep one other
}

@test "slurm: an array above the cluster's limit is refused, and never made by itself" {
    small_sweep
    limit=("$root/scripts/sweep_slurm.sh" a.json --axis "seed=$(seq -s , 30)" --axis train.lr=0.1 --out other)
    script "${limit[@]}" --chunk 2
    done_with 2
    equals "sweep_slurm.sh: --chunk 2: makes 15 tasks, and an array of this cluster has at most 11 (MaxArraySize 12); \
give --chunk 3 or more" "$err"
    not ls other
    script "${limit[@]}" -s --hold
    done_with 0
    equals "30 of 30 cells to run, 3 a task" "${out%%;*}"
    equals 10 "$(wc -l <other/slurm/chunks)"
}

@test "slurm: what sbatch refuses is said, and no job is left" {
    small_sweep
    submit a.json --out other --partition nowhere
    done_with 1
    equals "sweep_slurm.sh: sbatch refused job 'other'" "$(tail -n 1 .err)"
    # the array is taken, the job after it is not
    mkdir bin
    printf '#!/bin/sh\ncase "$*" in *--dependency*) exit 1 ;; esac\nexec %s "$@"\n' "$(command -v sbatch)" >bin/sbatch
    chmod +x bin/sbatch
    PATH=$PWD/bin:$PATH submit a.json --out other --hold
    done_with 1
    equals "sweep_slurm.sh: sbatch refused job 'other.collect'; what was submitted before it is cancelled" "$err"
    ended
}

@test "slurm: a config that changes while its jobs wait: they say so and run nothing" {
    small_sweep
    submit a.json --out other --chunk 2 --hold
    done_with 0
    echo >>a.json
    job=$(first_job other)
    scontrol release "$job" $((job + 1))
    ended
    equals "sweep_task.sh: $PWD/a.json: has changed since the jobs were submitted, and its cells with it; submit again" \
        "$(cat "other/slurm/${job}_1.log")"
    not ls other/cells
}

@test "slurm: successive halving over as many arrays as it has rounds" {
    halving_sweep
    nnexp sweep -q -c a.json -o one
    submit a.json --out other --chunk 3
    done_with 0
    # three, and the job that collects
    equals 4 "$(tr , '\n' <other/slurm/jobs | wc -l)"
    ended
    same_sweep one other
}
