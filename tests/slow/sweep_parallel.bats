#!/usr/bin/env bats
# scripts/sweep_parallel.sh under GNU parallel, here and over a real ssh login.

load ../cli/common
load slurm
load sshd
load ../cli/sweeps_common

setup_file() { needs cluster parallel; }

setup() { cd -- "$BATS_TEST_TMPDIR" && export NNEXP PARALLEL_HOME=$BATS_TEST_TMPDIR/.parallel; }

parallel_sweep() { script "$root/scripts/sweep_parallel.sh" "$@"; }

# jobs_run SWEEP: the numbers of the joblog's jobs.
jobs_run() { sed -n 's/^\([0-9]*\)\t.*/\1/p' "$1/parallel/joblog" | sort -n | paste -sd ' '; }

@test "parallel: the same bytes as one process; nothing left to do the second time" {
    odd_place
    parallel_sweep 'my "conf.json' "${axes[@]}" --out 'o {}' --chunk 3 --jobs 2
    done_with 0
    equals "8 of 8 cells to run, 3 a job; $PWD/o {}/parallel/joblog" "$(sed -n 1p "$BATS_TEST_TMPDIR/.out")"
    same_sweep one 'o {}'
    equals "1 2 3" "$(jobs_run 'o {}')"
    parallel_sweep 'my "conf.json' "${axes[@]}" --out 'o {}' --jobs 2
    done_with 0
    not grep -q 'cells to run' "$BATS_TEST_TMPDIR/.out"
    not ls here
}

@test "parallel: a cell that fails is recorded, the others go on, and the same command runs its job alone" {
    small_sweep
    nnexp sweep -q -c a.json -o one
    obstacle one other
    parallel_sweep a.json --out other --chunk 1
    done_with 1
    equals "sweep_parallel.sh: some jobs failed (parallel's exit status 1); see $PWD/other/parallel/joblog" \
        "$(tail -n 1 .err)"
    equals "finished failed finished finished" "$(words other/sweep.csv status)"
    cp other/parallel/joblog before
    rm -r "other/$(cell_directory one 2)"
    parallel_sweep a.json --out other --chunk 1
    done_with 0
    # the others' rows, with their times, are the first run's
    grep -v $'^2\t' before | cmp - <(head -n 4 other/parallel/joblog)
    equals "1 2 3 4" "$(jobs_run other)"
    same_sweep one other
}

@test "parallel: stopped in the midst and run again, the same bytes" {
    long_sweep
    nnexp sweep -q -c a.json -o one
    # in a group of its own, as in a terminal
    setsid "$root/scripts/sweep_parallel.sh" a.json --out other --jobs 2 >.out 2>.err 3>&- &
    local group=$!
    poll 20 begun other
    kill -INT -- -$group
    wait $group || true
    nnexp sweep -c a.json -o other --list
    grep -q ,unfinished, .out
    parallel_sweep a.json --out other
    done_with 0
    same_sweep one other
}

@test "parallel: over ssh" {
    needs ssh sshd ssh
    start_sshd "$BATS_TEST_TMPDIR/ssh"
    odd_place
    parallel_sweep 'my "conf.json' "${axes[@]}" --out 'o {}' --ssh "ssh -F $cluster/config" --sshlogin 2/there
    stop_daemons
    done_with 0
    equals "there" "$(awk 'NR > 1 { print $2 }' 'o {}/parallel/joblog' | sort -u)"
    same_sweep one 'o {}'
    not ls here
}

@test "parallel: successive halving" {
    halving_sweep
    nnexp sweep -q -c a.json -o one
    parallel_sweep a.json --out other --chunk 3 --jobs 2
    done_with 0
    same_sweep one other
}
