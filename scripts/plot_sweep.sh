#!/bin/sh
# Draws a sweep: scripts/plot_sweep.sh DIR [--x KEY] [--by KEY] [--out DIR] [--png|--svg|--term]
#
# sweep.awk cuts sweep.csv and sweep.json into small files in a directory of their own; gnuplot works there, under fixed
# file names. What the user or a config named is shown and never part of a command.
set -eu
unset CDPATH

here=.
case $0 in */*) here=${0%/*}/ ;; esac
here=$(cd -- "$here" && pwd && echo .)
scripts=${here%??}
# shellcheck source=scripts/parts/plot_common.sh
. "$scripts/parts/plot_common.sh"

usage='usage: plot_sweep.sh DIR [--x KEY] [--by KEY] [--out DIR] [--png|--svg|--term]
Draws a sweep into DIR/plots/ (--out: another directory), as PNG (the default), SVG or in the terminal:
  loss     loss and score at the end against the axis --x (default: the first numeric axis of more than two values), a
           curve for each value of the axis --by (default: the next); over further axes the best
  map      mean loss over both, where both are numeric
  epochs   loss by epoch of every cell
  scatter  of a random sweep, in place of the first two: loss against each axis
  and, by plot_schedules.sh and plot_find_lr.sh, schedules that are an axis, and the range test of nnexp find-lr.'

# read_sweep_arguments ARGUMENT…: sets form, DIR, X, BY and out.
read_sweep_arguments() {
    form=png DIR='' X='' BY='' out='' options=yes
    while [ $# -gt 0 ]; do
        case $options$1 in
        yes--x | yes--by | yes--out) [ -n "${2:-}" ] || die "$1: needs a value" 2 ;;
        esac
        case $options$1 in
        yes--) options= ;;
        yes--png | yes--svg | yes--term | yes--html) form=${1#--} ;; # --html: as report.sh embeds it
        yes-h | yes--help) printf '%s\n' "$usage" && exit 0 ;;
        yes--x) X=$2 && shift ;;
        yes--by) BY=$2 && shift ;;
        yes--out) out=$2 && shift ;;
        yes--*) die "$1: unknown option; use --x, --by, --out, --png, --svg or --term" 2 ;;
        *) [ -z "$DIR" ] || die "$1: one sweep at a time; the first was $DIR" 2; DIR=$1 ;;
        esac
        shift
    done
    [ -n "$DIR" ] || { printf '%s\n' "$usage" >&2; exit 2; }
    case $DIR in /*) ;; *) DIR=./$DIR ;; esac
    case ${out:-/} in /*) ;; *) out=./$out ;; esac
    export DIR X BY
}

check_sweep() {
    command -v gnuplot >/dev/null || die 'gnuplot is not installed; run scripts/install_deps.sh plot'
    [ -d "$DIR" ] || die "$DIR: no such directory; give the directory of a sweep" 2
    if [ -f "$DIR/find_lr.csv" ] && [ ! -f "$DIR/sweep.json" ] && [ -x "$scripts/plot_find_lr.sh" ]; then
        exec "$scripts/plot_find_lr.sh" "--$form" -- "$DIR"
    fi
    [ -f "$DIR/sweep.json" ] || die "$DIR: no sweep directory (it has no sweep.json); give the directory of a sweep" 2
    [ -r "$DIR/sweep.csv" ] || die "$DIR/sweep.csv: cannot read; write it with nnexp sweep --collect" 2
}

# A text file of the sweep into the working directory; bytes that are not UTF-8 become '?'.
take() {
    iconv -f UTF-8 -t UTF-8 <"$DIR/$1" >"$work/$1" 2>/dev/null ||
        LC_ALL=C tr '\200-\377' '?' <"$DIR/$1" >"$work/$1" || die "$DIR/$1: cannot read" 2
}

# fact NAME: a number that sweep.awk printed.
fact() { sed -n "s/^\\(.* \\)\\{0,1\\}$1=\\([0-9]*\\).*/\\2/p" "$work/said"; }

# draw PICTURE: sweep_PICTURE.gp. gnuplot's remarks are kept to itself unless it fails.
draw() {
    (cd -- "$work" && gnuplot -c "$scripts/parts/sweep_page.gp" "$scripts/parts" "$form" "$1" "$title" "$columns $colour" \
        >"$1.txt" 2>remarks) || {
        cat "$work/remarks" >&2
        die "gnuplot failed at $1"
    }
    if [ "$form" = term ]; then
        tr -d '\f' <"$work/$1.txt" | sed 's/ *$//' | cat -s
        return
    fi
    whole "$1" || die "$work: cannot write $1.$(extension); make room there, or set TMPDIR to another directory"
    keep "$1" "${out:-$DIR/plots}/$1.$(extension)"
}

draw_epochs() {
    from=$(cd -- "$DIR" && pwd && echo .)
    (cd -- "$work" && FROM=${from%??} LC_ALL=C awk -v has_validation="$(fact validation)" -f "$scripts/parts/sweep_epochs.awk" cells.dat) \
        >"$work/epochs.gp"
    case $(sed -n 's/^DRAWN = //p' "$work/epochs.gp") in
    0) echo "plot_sweep.sh: $DIR: no cell has epochs to show; their picture is left out" >&2 ;;
    *) draw epochs ;;
    esac
}

# The schedules, where they are an axis: a cell of each.
draw_schedules() {
    [ -s "$work/schedules.txt" ] && [ -x "$scripts/plot_schedules.sh" ] || return 0
    set --
    while IFS= read -r cell; do set -- "$@" "$DIR/$cell"; done <"$work/schedules.txt"
    [ "$form" = term ] || set -- --out "${out:-$DIR/plots}/schedules.$(extension)" "$@"
    "$scripts/plot_schedules.sh" "--$form" "$@" || exit $?
}

read_sweep_arguments "$@"
check_sweep
make_work
take sweep.json
take sweep.csv
(cd -- "$work" && LC_ALL=C awk -f "$scripts/parts/sweep_read.awk" -f "$scripts/parts/sweep_cut.awk" -f "$scripts/parts/sweep.awk" \
    kind=json sweep.json kind=csv sweep.csv >said) || exit $?
measure_terminal
title=$(title_of "$DIR")
title=${title%.sweep}
if [ "$(fact measured)" = 0 ] && [ "$(fact diverged)" = 0 ]; then
    die "$DIR/sweep.csv: nothing to draw yet: $(sed -n 's/^ended=//p' "$work/said")"
fi
[ "$form" != term ] || printf '%s\n%s\n' "$title" "$(sed -n 's/^ended=//p' "$work/said")"
case $(fact random) in
1) draw scatter ;;
*)
    draw loss
    [ "$form" != html ] || ! grep -qx 'SCORED = 1' "$work/facts.gp" || draw score
    ;;
esac
[ "$form" = term ] && exit
[ "$(fact map)" = 0 ] || draw map
draw_epochs
draw_schedules
[ "$form" = html ] || [ ! -f "$DIR/find_lr.csv" ] || [ ! -x "$scripts/plot_find_lr.sh" ] || "$scripts/plot_find_lr.sh" "--$form" -- "$DIR"
