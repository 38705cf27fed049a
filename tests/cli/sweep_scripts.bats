#!/usr/bin/env bats
# What scripts/sweep_slurm.sh and scripts/sweep_parallel.sh say before they submit or run anything; tests/slow runs them
# on a Slurm and under GNU parallel.

load common
load sweeps_common

setup() {
    cd -- "$BATS_TEST_TMPDIR" || return 1
    export NNEXP
    small_sweep
}

slurm() { script "$root/scripts/sweep_slurm.sh" "$@"; }
parallel_() { script "$root/scripts/sweep_parallel.sh" "$@"; }

# says STATUS TEXT: what the last script ended with; nothing was made.
says() {
    equals "$2" "$err" && equals "$1" "$status" && equals "a.json
ok.csv" "$(listing | grep -vx bin)"
}

# stand_in NAME LINE…: a program in bin, which comes first in PATH.
stand_in() {
    mkdir -p bin
    printf '%s\n' '#!/bin/sh' "${@:2}" >"bin/$1"
    chmod +x "bin/$1"
    PATH=$PWD/bin:$PATH
}

@test "sweep scripts: help, and usage without a config" {
    for name in slurm parallel; do
        script "$root/scripts/sweep_$name.sh" --help
        done_with 0
        [[ $out = "usage: sweep_$name.sh CONFIG [--axis KEY=VALUES]… "* ]]
        script "$root/scripts/sweep_$name.sh"
        done_with 2
        [[ $err = "usage: sweep_$name.sh CONFIG "* ]]
    done
}

@test "sweep scripts: command lines that are refused" {
    slurm --axis train.lr=1,2 a.json
    says 2 "sweep_slurm.sh: --axis: stands before the config; give the config first: sweep_slurm.sh CONFIG --axis …"
    slurm nowhere.json
    says 2 "sweep_slurm.sh: nowhere.json: cannot read; give a config"
    slurm a.json --axis
    says 2 "sweep_slurm.sh: --axis: needs a value"
    slurm a.json --chunk=0
    says 2 "sweep_slurm.sh: --chunk: expected a whole number from 1, got '0'"
    slurm a.json --chunk two
    says 2 "sweep_slurm.sh: --chunk: expected a whole number from 1, got 'two'"
    slurm a.json --cells=3
    says 2 "sweep_slurm.sh: --cells=3: is given by the script; leave it out"
    slurm a.json --array=1-3
    says 2 "sweep_slurm.sh: --array=1-3: does not go with the jobs of a sweep; leave it out"
    slurm a.json -- -W
    says 2 "sweep_slurm.sh: -W: does not go with the jobs of a sweep; leave it out"
    slurm a.json --jobs 2
    says 2 "sweep_slurm.sh: --jobs: cells run on the cores of their task; give --cpus-per-task"
    slurm a.json -c all
    says 2 "sweep_slurm.sh: --cpus-per-task: expected a whole number from 1, got 'all'"
    parallel_ a.json --list
    says 2 "sweep_parallel.sh: --list: is given by the script; leave it out"
}

@test "sweep scripts: what nnexp refuses is refused in its words" {
    stand_in sbatch
    stand_in parallel 'echo GNU parallel'
    for call in slurm parallel_; do
        $call a.json --axis train.lr=
        done_with 2
        message=$err
        nnexp sweep -c "$PWD/a.json" --axis train.lr= --list
        equals "$err" "$message"
        says 2 "$message"
    done
}

@test "sweep scripts: what they need is not there" {
    stand_in parallel 'echo another parallel'
    parallel_ a.json
    says 1 'sweep_parallel.sh: no GNU parallel here; install the package parallel'
    # of all programs those that are needed up to there
    mkdir only
    for tool in sh sed dirname basename cat; do ln -s "$(command -v $tool)" only; done
    PATH=$PWD/only slurm a.json
    rm -r only
    says 1 'sweep_slurm.sh: no sbatch here; run it where jobs are submitted, or use scripts/sweep_parallel.sh'
    stand_in sbatch
    NNEXP=/no/nnexp slurm a.json
    says 1 'sweep_slurm.sh: /no/nnexp: no such program; build it with make, or set NNEXP'
    NNEXP=./nnexp slurm a.json
    says 1 "sweep_slurm.sh: $PWD/nnexp: no such program; build it with make, or set NNEXP"
    stand_in scontrol 'echo "slurm_load_ctl_conf error" >&2' 'exit 1'
    slurm a.json
    says 1 'sweep_slurm.sh: Slurm does not answer: slurm_load_ctl_conf error'
}

@test "sweep scripts: the limits of a cluster" {
    stand_in sbatch
    stand_in scontrol 'echo "MaxArraySize            = 0"'
    slurm a.json
    says 1 'sweep_slurm.sh: this cluster has no job arrays (MaxArraySize 0); use scripts/sweep_parallel.sh'
    stand_in scontrol 'echo "MaxArraySize            = 1001"' \
        'echo "SchedulerParameters     = defer,max_array_tasks=3,bf_interval=30"'
    slurm a.json --chunk 1
    says 2 "sweep_slurm.sh: --chunk 1: makes 4 tasks, and an array of this cluster has at most 3 (max_array_tasks 3); \
give --chunk 2 or more"
    slurm a.json --out 'back\slash'
    says 2 "sweep_slurm.sh: $PWD/back\\slash: Slurm writes no logs to a path with a backslash; give another --out"
}

# chunks_of SIZE NUMBER…: as in_chunks makes them, on one line.
chunks_of() {
    local size=$1
    shift
    printf '%s\n' "$@" | sh -c "$(sed -n '/^in_chunks()/,/^}/p' "$root/scripts/parts/sweep_common.sh")
in_chunks $size" | paste -sd ' '
}

@test "sweep scripts: chunks of cells" {
    equals "1-3 4-6 7" "$(chunks_of 3 1 2 3 4 5 6 7)"
    equals "1 2 3" "$(chunks_of 1 1 2 3)"
    equals "1,3,7-8 9,12-13" "$(chunks_of 4 1 3 7 8 9 12 13)"
    equals "5" "$(chunks_of 10 5)"
}

@test "sweep scripts: --list says on stderr where the cells lie and how many are complete" {
    nnexp sweep -c a.json --list
    equals "runs/a.sweep: 4 cells, 0 complete" "$err"
    nnexp sweep -q -c a.json --cells 2-4 -o 'an other'
    nnexp sweep -c a.json --list -o 'an other'
    equals "an other: 4 cells, 3 complete" "$err"
    nnexp sweep -q -c a.json --list
    equals "" "$err"
}

@test "sweep scripts: the default directory is nnexp's" {
    stand_in sbatch 'echo 7'
    stand_in scontrol 'echo "MaxArraySize            = 1001"'
    mkdir elsewhere
    cd elsewhere
    slurm ../a.json --set 'name=of its own'
    done_with 0
    equals "logs:   $PWD/runs/of its own.sweep/slurm" "$(sed -n 3p ../.out)"
    equals "1
2
3
4" "$(cat 'runs/of its own.sweep/slurm/chunks')"
}
