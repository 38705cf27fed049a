#!/bin/sh
# Submits the cells of a sweep to Slurm: an array of jobs that run them, and one after it that writes sweep.csv.
set -eu
# shellcheck disable=SC2034 # sweep_common.sh reads them
name=sweep_slurm.sh self=$0 kind=slurm
usage='usage: sweep_slurm.sh CONFIG [--axis KEY=VALUES]… [--set KEY=VALUE]… [--repeat N] [--out DIR] [--yes] [--chunk N]
                      [OPTION OF SBATCH]…
Submits the cells that are not complete as one array, and a job that depends on it and writes DIR/sweep.csv. What is
not listed above goes to sbatch: --partition, --time, --cpus-per-task (so many cells of a task at once), … After a
cancel, a failure or a time limit, the same command submits what is left.
--chunk N: cells a task; without it as few as make at most 100 tasks, and the cores of a task at least.
The nodes see the config, the data, DIR and nnexp under the same paths. Logs and plan: DIR/slurm.'
# shellcheck source=scripts/parts/sweep_common.sh
. "$(dirname -- "$0")/parts/sweep_common.sh"

# The options of sbatch that this script sets itself are refused; the cores of a task are wanted for the chunks.
read_sbatch_options() {
    cores=1
    while [ $# -gt 0 ]; do
        case $1 in
        --array | --array=* | -a* | --wrap | --wrap=* | --wait | -W | --test-only)
            die "$1: does not go with the jobs of a sweep; leave it out" 2
            ;;
        --jobs | --jobs=* | -j*) die "$1: cells run on the cores of their task; give --cpus-per-task" 2 ;;
        --cpus-per-task=*) cores=${1#*=} ;;
        --cpus-per-task | -c) cores=${2:-} ;;
        -c*) cores=${1#-c} ;;
        esac
        shift
    done
    whole_number --cpus-per-task "$cores"
}

# find_limit: how many tasks an array of this cluster can have, in limit, and its own word for that, in because.
find_limit() {
    said=$(scontrol show config 2>&1) || die "Slurm does not answer: $said"
    size=$(printf '%s\n' "$said" | sed -n 's/^MaxArraySize *= *//p')
    # indexes go from 1, and end below MaxArraySize
    limit=$((${size:-1001} - 1))
    because="MaxArraySize $size"
    most=$(printf '%s\n' "$said" | sed -n 's/^SchedulerParameters *=.*max_array_tasks=\([0-9]*\).*/\1/p')
    [ -z "$most" ] || [ "$most" -ge "$limit" ] || { limit=$most && because="max_array_tasks $most"; }
    [ "$limit" -gt 0 ] || die "this cluster has no job arrays ($because); use scripts/sweep_parallel.sh"
}

# choose_chunk: cells a task, in chunk, and the tasks that makes, in tasks.
choose_chunk() {
    least=$(((waiting + limit - 1) / limit))
    if [ -n "$chunk" ]; then
        [ "$chunk" -ge "$least" ] ||
            die "--chunk $chunk: makes $(((waiting + chunk - 1) / chunk)) tasks, and an array of this cluster has at \
most $limit ($because); give --chunk $least or more" 2
    else
        chunk=$(((waiting + 99) / 100))
        [ "$chunk" -ge "$cores" ] || chunk=$cores
        [ "$chunk" -ge "$least" ] || chunk=$least
    fi
    tasks=$(((waiting + chunk - 1) / chunk))
}

# still_queued: dies when jobs of this sweep are.
still_queued() {
    [ -f "$plan/jobs" ] || return 0
    read -r before <"$plan/jobs"
    left=$(squeue -h -o %i -j "$before" 2>/dev/null) || left=
    [ -z "$left" ] ||
        die "$out: has jobs in the queue still; wait for them, or cancel them: scancel $(printf %s "$before" | tr , ' ')" 2
}

# submit NAME LOG WHAT OPTION…: sweep_task.sh with WHAT; its job id is added to ids. The user's own options come after
# what may be changed and before OPTION….
# shellcheck disable=SC2034,SC2046 # the words in quotes are read by eval; job ids are words
submit() {
    job=$1 log=$2 what=$3
    shift 3
    # % has a meaning in Slurm's file names
    folder=$(printf %s "$plan" | sed 's/%/%%/g')
    eval "set -- --parsable --job-name=\"\$job\" --output=\"\$folder/\$log\" $other_words"' "$@" --' \
        '"$scripts/parts/sweep_task.sh" "$PWD" "$plan" "$what"' "$sweep_words"
    id=$(sbatch "$@") || {
        [ -z "$ids" ] || scancel $(printf %s "$ids" | tr , ' ')
        die "sbatch refused job '$job'${ids:+; what was submitted before it is cancelled}"
    }
    # on a federation the id has the cluster's name after it
    id=${id%%;*}
    ids=${ids:+$ids,}$id
}

read_command_line "$@"
eval "set -- $other_words"
read_sbatch_options "$@"
command -v sbatch >/dev/null || die 'no sbatch here; run it where jobs are submitted, or use scripts/sweep_parallel.sh'
find_program
make_plan
if [ "$waiting" = 0 ]; then
    echo "all $total cells are complete"
    sweep --collect
    exit
fi
case $out in *\\*) die "$out: Slurm writes no logs to a path with a backslash; give another --out" 2 ;; esac
find_limit
choose_chunk
still_queued
keep_plan
printf '%s\n' "$pending" | in_chunks "$chunk" >"$plan/chunks"

ids='' id=''
title=$(basename -- "$out")
# halving judges a rung when all cells are there: the next array goes on from it
for _ in $(seq "${rounds:-1}"); do
    submit "$title" %A_%a.log array --array="1-$tasks" ${id:+--dependency=afterany:$id}
done
submit "$title.collect" %j.log collect --dependency="afterany:$id"
printf '%s\n' "$ids" >"$plan/jobs"

printf '%s of %s cells to run, %s a task; job %s writes sweep.csv\n' "$waiting" "$total" "$chunk" "$id"
cat <<EOF
watch:  squeue -j $ids
logs:   $plan
cancel: scancel $(printf %s "$ids" | tr , ' ')
The same command again submits what is not complete.
EOF
