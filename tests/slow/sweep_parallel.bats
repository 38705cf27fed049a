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
    equals "sweep_parallel.sh: some jobs failed (parallel's exit status 1); see $PWD/other/parallel/joblog
  here: 1 job with exit status 1
sweep_parallel.sh: 1 of 4 cells still to run; the same command, or one with other hosts, goes on with them" \
        "$(tail -n 3 .err)"
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

@test "parallel: a host that is not there is named, with what is left; another goes on" {
    small_sweep
    parallel_sweep a.json --out other --sshlogin 2/no.such.host </dev/null
    done_with 1
    equals "sweep_parallel.sh: some jobs failed (parallel's exit status 4); see $PWD/other/parallel/joblog
  no.such.host: 4 jobs with exit status 255, as ssh ends that cannot log in
sweep_parallel.sh: 4 of 4 cells still to run; the same command, or one with other hosts, goes on with them" \
        "$(tail -n 3 .err)"
    not grep -q nnexp: .err
    nnexp sweep -q -c a.json -o one
    parallel_sweep a.json --out other
    done_with 0
    same_sweep one other
}

@test "parallel: --dry-run prints the jobs and runs none" {
    small_sweep
    parallel_sweep a.json --out other --dry-run
    done_with 0
    equals "sweep_parallel.sh: --dry-run: nothing was run; 4 of 4 cells are to run" "${err##*$'\n'}"
    equals 4 "$(grep -c 'sweep_task.sh' .out)"
    [ ! -e other/cells ] && [ ! -e other/sweep.csv ]
    nnexp sweep -q -c a.json -o other
    parallel_sweep a.json --out other --dry-run
    done_with 0
    equals "" "$out"
    equals "sweep_parallel.sh: --dry-run: nothing was run; 0 of 4 cells are to run" "$err"
}

@test "parallel: a changed config in the same directory takes it over" {
    small_sweep
    nnexp sweep -q -c a.json -o other
    parallel_sweep a.json --out other --set seed=7
    [ "$status" != 0 ] # seed is an axis
    parallel_sweep a.json --out other --set train.epochs=4
    done_with 0
    equals "4 4 4 4" "$(words other/sweep.csv epochs)"
    equals 8 "$(ls other/cells | wc -l)"
}

@test "parallel: successive halving" {
    halving_sweep
    nnexp sweep -q -c a.json -o one
    parallel_sweep a.json --out other --chunk 3 --jobs 2
    done_with 0
    same_sweep one other
}
