# shellcheck shell=sh disable=SC2034,SC2154 # set here for, or by, the scripts that read this file
# sweep_common.sh: what sweep_slurm.sh and sweep_parallel.sh share: the command line, the plan as `nnexp sweep --list`
# prints it, and the chunks of cells that one job runs. The caller has set `name`, `self`, `usage` and `kind` (the folder
# of the sweep directory for its own files).
# shellcheck source=scripts/parts/run_common.sh
. "$(dirname -- "$self")/parts/run_common.sh"

# whole_number OPTION VALUE
whole_number() {
    case $2 in '' | *[!0-9]* | 0* | ??????????*) die "$1: expected a whole number from 1, got '$2'" 2 ;; esac
}

# read_command_line ARGUMENT…: sets config, out, chunk, sweep_words (what `nnexp sweep` gets) and other_words (what is not
# ours), both quoted for eval. An option with a value may be one word, --set=KEY=VALUE, or two.
read_command_line() {
    config='' out='' chunk='' sweep_words='' other_words=''
    case ${1:-} in
    -h | --help) printf '%s\n' "$usage" && exit 0 ;;
    '') printf '%s\n' "$usage" >&2 && exit 2 ;;
    -*) die "$1: stands before the config; give the config first: $name CONFIG $1 …" 2 ;;
    esac
    config=$1
    shift
    while [ $# -gt 0 ]; do
        word=$1
        shift
        case $word in
        -h | --help) printf '%s\n' "$usage" && exit 0 ;;
        --) break ;;
        --set=* | --axis=* | --repeat=* | --out=* | --chunk=*) take "${word%%=*}" "${word#*=}" ;;
        --set | --axis | --repeat | --out | --chunk)
            [ $# -gt 0 ] || die "$word: needs a value" 2
            take "$word" "$1"
            shift
            ;;
        --yes) sweep_words="$sweep_words--yes " ;;
        --cells | --cells=* | --list | --collect | --config | --config=*) die "$word: is given by the script; leave it out" 2 ;;
        *) other_words="$other_words$(quoted "$word")" ;;
        esac
    done
    for word; do other_words="$other_words$(quoted "$word")"; done
    [ -r "$config" ] || die "$config: cannot read; give a config" 2
}

# take OPTION VALUE: one of ours.
take() {
    case $1 in
    --out) out=$2 ;;
    --chunk) whole_number --chunk "$2" && chunk=$2 ;;
    *) sweep_words="$sweep_words$1 $(quoted "$2")" ;;
    esac
}

# absolute PATH
absolute() { case $1 in /*) printf %s "$1" ;; *) printf %s "$PWD/$1" ;; esac; }

# The program and the config by their absolute paths, and `nnexp sweep` with them in sweep_words.
find_program() {
    found=$(command -v "$nnexp") || no_program
    nnexp=$found
    config=$(absolute "$config")
    sweep_words="$(quoted "$nnexp")sweep --config $(quoted "$config")$sweep_words"
}

# sweep ARGUMENT…: nnexp sweep on this plan.
sweep() {
    eval "set -- $sweep_words"' "$@"'
    "$@"
}

# make_plan: list_cells, and where they lie: in `out`, and from now on in sweep_words; `plan` is our folder there.
make_plan() {
    [ -z "$out" ] || sweep_words="$sweep_words--out $(quoted "$(absolute "$out")")"
    remarks=$(mktemp) || die "${TMPDIR:-/tmp}: cannot make a file there; set TMPDIR to a directory that you may write"
    trap 'rm -f -- "$remarks"' EXIT
    trap 'exit 130' INT TERM HUP
    list_cells
    if [ -z "$out" ]; then
        out=${summary%: *}
        sweep_words="$sweep_words--out $(quoted "$(absolute "$out")")"
    fi
    out=$(absolute "$out")
    plan=$out/$kind
}

# list_cells: how far the cells are, in `cells`, a line each: NUMBER STATUS; their number in `total`, the numbers of those
# that are not complete in `pending`, and how many these are in `waiting`, those that have begun in `begun`; in how many rounds halving runs them in `rounds`.
list_cells() {
    listed=$(sweep --list 2>"$remarks") || { status=$? && cat -- "$remarks" >&2 && exit "$status"; }
    # the last line: "DIRECTORY: 9 cells, 3 complete", and with halving "; 4 rounds", or "1 cell" and "1 round"
    summary=$(tail -n 1 -- "$remarks")
    rounds=$(printf '%s\n' "$summary" | sed -n 's/.*; \([0-9]*\) rounds\{0,1\}$/\1/p')
    # axis values, between number and status, may hold anything, line ends and commas too, in quotes
    cells=$(printf '%s\n' "$listed" | awk '
        { record = open ? record "\n" $0 : $0
          quotes = $0
          if (gsub(/"/, "", quotes) % 2) open = !open }
        !open && n++ { fields = split(record, field, ",")
                       print field[1], field[fields - 1] }')
    total=$(count "$cells")
    # the other states are ends: nothing would be done to such a cell
    pending=$(printf '%s\n' "$cells" | awk '$2 ~ /^(missing|unfinished|failed)$/ { print $1 }')
    waiting=$(count "$pending")
    begun=$(count "$(printf '%s\n' "$cells" | awk '$2 != "missing"')")
}

# count LINES
count() { printf %s "$1" | awk 'END { print NR }'; }

# in_chunks SIZE: the numbers on stdin, SIZE a line, as in 3,7-9.
in_chunks() {
    awk -v size="$1" '
        function flush() { if (last != "") line = line (line == "" ? "" : ",") first (last > first ? "-" last : "") }
        NR % size == 1 || size == 1 { if (NR > 1) { flush(); print line } line = last = "" }
        last != "" && $1 == last + 1 { last = $1; next }
        { flush(); first = last = $1 }
        END { if (NR) { flush(); print line } }'
}

# keep_plan: what sweep_task.sh reads, but for the chunks.
keep_plan() {
    { mkdir -p -- "$plan" && cat -- "$config" >"$plan/config" && printf %s "$config" >"$plan/source"; } ||
        die "$plan: cannot write there; give --out a directory that you may write"
}
