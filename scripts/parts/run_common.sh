# shellcheck shell=sh disable=SC2034,SC2154 # name, usage, self, config are the caller's
# run_common.sh: what the scripts that run nnexp share; they source it after setting `name` and `usage`, with
# their own path in `self`. Work goes on in a directory of its own under fixed names, so that no name of the user's
# becomes part of a command.
unset CDPATH

die() {
    printf '%s: %s\n' "$name" "$1" >&2
    exit "${2:-1}"
}

here=$(dirname -- "$self")
here=$(cd -- "$here" && pwd -P && echo .)
scripts=${here%??}

# The program: NNEXP, or beside these scripts, or installed.
nnexp=${NNEXP:-$scripts/../nnexp}
[ -n "${NNEXP:-}" ] || [ -x "$nnexp" ] || nnexp=nnexp
no_program() { die "$nnexp: no such program; build it with make, or set NNEXP"; }
case $nnexp in
*/*)
    folder=$(cd -- "$(dirname -- "$nnexp")" 2>/dev/null && pwd) || no_program
    nnexp=$folder/$(basename -- "$nnexp")
    ;;
esac

begin() {
    command -v gnuplot >/dev/null || die 'gnuplot is not installed; run scripts/install_deps.sh plot'
    command -v "$nnexp" >/dev/null || no_program
    work=$(mktemp -d 2>/dev/null) ||
        die "${TMPDIR:-/tmp}: cannot make a directory there; set TMPDIR to a directory that you may write"
    unfinished=
    trap 'rm -rf -- "$work" && [ -z "$unfinished" ] || rm -f -- "$unfinished"' EXIT
    trap 'exit 130' INT TERM HUP
}

# draw FILE.gp ARGUMENT…: in the working directory; its remarks are kept to itself unless it fails.
draw() {
    (cd -- "$work" && gnuplot -c "$scripts/parts/$1" "$scripts/parts" "$@" 2>remarks) || {
        cat "$work/remarks" >&2
        die "gnuplot failed at $1"
    }
}

# keep FILE TO: a file of the working directory, whole or not at all, whoever else writes there.
keep() {
    [ ! -d "$2" ] || die "$2: is a directory; give the name of a file" 2
    unfinished=$2.new.$$
    said=$({ mkdir -p -- "$(dirname -- "$2")" && cat -- "$work/$1" >"$unfinished" && mv -f -- "$unfinished" "$2"; } 2>&1) ||
        die "$2: cannot write (${said##*: }); make room there or check the permissions"
    unfinished=
    printf 'wrote %s\n' "$2"
}

# last FILE COLUMN: the value in its last row.
last() {
    awk -F , -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i } END { if (!at) exit 1; print $at }' "$1"
}

# plain LIST WHAT: refuses all but numbers, so that they can go into the JSON of --set.
plain() {
    case $1 in *[!0-9.eE\ +-]* | '') die "$1: expected $2" 2 ;; esac
}

# read_options LIST ARGUMENT…: what the command line gives of --config, --LIST (into $values), --seeds, --set and --out;
# the caller has set the defaults.
read_options() {
    list=$1
    shift
    sets=
    while [ $# -gt 0 ]; do
        case $1 in
        -h | --help) printf '%s\n' "$usage" && exit 0 ;;
        --config | "--$list" | --seeds | --set | --out) [ $# -gt 1 ] || die "$1: needs a value" 2 ;;
        *) die "$1: unknown option; see $name --help" 2 ;;
        esac
        case $1 in
        --config) config=$2 ;;
        "--$list") values=$2 ;;
        --seeds) seeds=$2 ;;
        --set) sets="$sets--set $(quoted "$2")" ;;
        --out) out=$2 ;;
        esac
        shift 2
    done
}

# quoted TEXT: as a word of the shell, for eval.
quoted() { printf "'%s' " "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }

# train ARGUMENT…: a run of $config, with $sets (quoted words: what the user --set), in $work/run; its status in $status.
train() {
    status=0
    rm -rf -- "$work/run"
    eval "set -- $sets"' "$@"'
    said=$("$nnexp" --config "$config" --out "$work/run" -q --threads 1 --set log.histograms=false \
        --set log.checkpoint_every=0 "$@" 2>&1) || status=$?
    case $status in 0 | 3) ;; *) die "$said" ;; esac
}
