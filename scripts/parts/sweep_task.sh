#!/bin/sh
# One job of a sweep that sweep_slurm.sh or sweep_parallel.sh spreads over machines. It needs nothing beside itself, since
# Slurm runs a copy of it.
#
#     sweep_task.sh DIRECTORY PLAN CHUNK PROGRAM ARGUMENT…
#
# In DIRECTORY it becomes PROGRAM with the ARGUMENTs and the cells of line CHUNK in PLAN/chunks (`array`: the line that
# is the number of the Slurm task; `collect`: none). PLAN/config is what ARGUMENT… named when the plan was made, and
# PLAN/source the path of it.
set -u

die() {
    printf 'sweep_task.sh: %s\n' "$1" >&2
    exit 2
}

directory=$1
plan=$2
chunk=$3
shift 3
host=$(hostname 2>/dev/null || uname -n)
shared='the machines must share the file system'
[ -d "$plan" ] || die "$plan: no such directory on $host; $shared"
cd -- "$directory" || die "$directory: cannot work there on $host; $shared"
command -v "$1" >/dev/null || die "$1: no such program on $host; $shared"

# The plan is made again by every job, from the config as it is then.
source=$(cat -- "$plan/source" && echo .)
cmp -s -- "$plan/config" "${source%?}" ||
    die "${source%?}: has changed since the jobs were submitted, and its cells with it; submit again"

[ "$chunk" != collect ] || exec "$@" --collect
jobs=1
if [ "$chunk" = array ]; then
    chunk=$SLURM_ARRAY_TASK_ID
    jobs=${SLURM_CPUS_PER_TASK:-1}
fi
cells=$(sed -n "${chunk}p" "$plan/chunks")
[ -n "$cells" ] || die "$plan/chunks: has no line $chunk; submit again"
# on stdout the whole sweep is ranked, which is for who collects; all cells of the plan are to come, so that it may take the
# place of another
exec "$@" --yes --cells "$cells" --jobs "$jobs" >/dev/null
