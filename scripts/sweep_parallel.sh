#!/bin/sh
# Runs the cells of a sweep under GNU parallel, here or on several machines, and writes sweep.csv.
set -eu
# shellcheck disable=SC2034 # sweep_common.sh reads them
name=sweep_parallel.sh self=$0 kind=parallel
usage='usage: sweep_parallel.sh CONFIG [--axis KEY=VALUES]… [--set KEY=VALUE]… [--repeat N] [--out DIR] [--yes] [--chunk N]
                         [OPTION OF GNU PARALLEL]…
Runs the cells that are not complete, and writes DIR/sweep.csv. What is not listed above goes to parallel:
--sshlogin 8/alpha,8/beta (processes and machines), --jobs 4, --bar, … Stopped or failed, the same command runs what is
left. --chunk N: cells a job; without it as few as make at most 200 jobs.
The machines see the config, the data, DIR and nnexp under the same paths (a shared file system). DIR/parallel/joblog
says what ran where and for how long. --dry-run prints the jobs, as parallel does, and runs none.'
# shellcheck source=scripts/parts/sweep_common.sh
. "$(dirname -- "$0")/parts/sweep_common.sh"

# new_chunks: PLAN/chunks with all cells, so that a job keeps its number from call to call; other chunks end a joblog.
new_chunks() {
    [ -n "$chunk" ] || chunk=$(((total + 199) / 200))
    made=$(printf '%s\n' "$cells" | awk '{ print $1 }' | in_chunks "$chunk" && echo .)
    if [ ! -f "$plan/chunks" ] || [ "$made" != "$(cat -- "$plan/chunks" && echo .)" ]; then
        rm -f -- "$plan/joblog"
        printf %s "${made%.}" >"$plan/chunks"
    fi
}

# true_joblog: takes from the joblog, by which --resume goes, the jobs that have cells to run.
true_joblog() {
    [ -f "$plan/joblog" ] || return 0
    printf '%s\n' "$pending" | awk -v size="$chunk" '
        NR == FNR { run[int(($1 + size - 1) / size)] = 1; next }
        FNR == 1 || (/^[0-9]+\t/ && !($1 in run))' - "$plan/joblog" >"$plan/joblog.new"
    mv -f -- "$plan/joblog.new" "$plan/joblog"
}

# commands: one a chunk, each ended by a NUL, for it may have line ends. Complete commands leave parallel nothing to
# replace: {} or {= … =} in a path stay what they are.
commands() {
    jobs=$(awk 'END { print NR }' "$plan/chunks")
    task="$(quoted "$scripts/parts/sweep_task.sh")$(quoted "$PWD")$(quoted "$plan")"
    for job in $(seq "$jobs"); do printf '%s%s %s\0' "$task" "$job" "$sweep_words"; done
}

# run_round OPTION OF PARALLEL…: every job that has cells to run; parallel's exit status, if it is not 0, in failed.
run_round() {
    keep_plan
    new_chunks
    true_joblog
    printf '%s of %s cells to run, %s a job; %s\n' "$waiting" "$total" "$chunk" "$plan/joblog"
    # a job that is stopped has ten seconds to save
    commands | parallel -0 --line-buffer --termseq TERM,10000,KILL,25 "$@" --resume --joblog "$plan/joblog" || failed=$?
}

# is_dry WORD…: whether parallel is only to show what it would run.
is_dry() {
    for word; do case $word in --dry-run | --dryrun | --dr) return 0 ;; esac; done
    return 1
}

# lost_jobs: the failed jobs of the joblog by host and reason, a line each.
lost_jobs() {
    awk -F '\t' '
        !/^[0-9]+\t/ || ($7 == 0 && $8 == 0) { next }
        { how = ($2 == ":" ? "here" : $2) ": %d job%s with " ($8 ? "signal " $8 : "exit status " $7)
          if ($7 == 255 && $2 != ":") how = how ", as ssh ends that cannot log in"
          if (!jobs[how]++) order[++n] = how }
        END { for (i = 1; i <= n; i++) printf "  " order[i] "\n", jobs[order[i]], jobs[order[i]] == 1 ? "" : "s" }' "$1"
}

# tell_failed: which jobs failed where, and what is left to do.
tell_failed() {
    printf '%s: some jobs failed (parallel'\''s exit status %s); see %s\n' "$name" "$failed" "$plan/joblog" >&2
    [ ! -f "$plan/joblog" ] || lost_jobs "$plan/joblog" >&2
    die "$waiting of $total cells still to run; the same command, or one with other hosts, goes on with them"
}

read_command_line "$@"
case $(parallel --version 2>/dev/null </dev/null) in
*'GNU parallel'*) ;;
*) die 'no GNU parallel here; install the package parallel' ;;
esac
find_program
make_plan
eval "set -- $other_words"
failed=0
# halving judges a rung when all cells are there: the next round goes on from it
for round in $(seq "${rounds:-1}"); do
    [ "$round" = 1 ] || list_cells
    [ "$waiting" != 0 ] || break
    run_round "$@"
    ! is_dry "$@" || break
done
if is_dry "$@"; then
    printf '%s: --dry-run: nothing was run; %s of %s cells are to run\n' "$name" "$waiting" "$total" >&2
    exit "$failed"
fi
list_cells
# where no job could begin there is nothing to collect
[ "$failed" != 0 ] && [ "$begun" = 0 ] || sweep --collect || exit
[ "$failed" = 0 ] || tell_failed
