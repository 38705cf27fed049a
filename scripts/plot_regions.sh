#!/bin/sh
# Draws what a run of two inputs has learned over its plane: scripts/plot_regions.sh RUN [--png|--svg|--term]
#
# nnexp predicts the points of a grid and gives the run's own points; regions.awk cuts both into small files; gnuplot
# works among them, under fixed file names. NNEXP names the program (default: the one beside scripts/, else in PATH).
set -eu
unset CDPATH

here=.
case $0 in */*) here=${0%/*}/ ;; esac
here=$(cd -- "$here" && pwd && echo .)
scripts=${here%??}
# shellcheck source=scripts/parts/plot_common.sh
. "$scripts/parts/plot_common.sh"

# shellcheck disable=SC2034 # plot_common.sh reads it
usage='usage: plot_regions.sh RUN [--png|--svg|--term]
Draws the decision regions of a run of two inputs (regression: its values), and its points upon them: --png (the
default) and --svg into RUN/plots/, --term in the terminal.'

find_program() {
    program=${NNEXP:-$scripts/../nnexp}
    [ -n "${NNEXP:-}" ] || [ -x "$program" ] || program=$(command -v nnexp) ||
        die 'there is no nnexp; build it with make, or name it in NNEXP'
    [ -x "$program" ] || die "$program: no such program; build it with make, or name another in NNEXP" 2
}

# predicted FILE OPTION…: what nnexp predict writes. What it says goes to stderr.
predicted() {
    file=$1
    shift
    "$program" predict --quiet --run "$RUN" --out "$work/$file" "$@" 2>"$work/said" && status=0 || status=$?
    # nnexp speaks of its own option, which the user did not give
    inputs=$(sed -n 's/.* needs a model of two inputs, and this one has \([0-9]*\)$/\1/p' "$work/said")
    [ -z "$inputs" ] || die "$RUN: regions need a model of two inputs, and this one has $inputs" 2
    cat -- "$work/said" >&2
    [ "$status" -eq 0 ] || exit 2
}

# The name in column N of points.csv.
input() {
    value=$(awk -v kind=header -v wanted="$1" -f "$scripts/parts/regions.awk" "$work/points.csv") || exit 1
    printf '%s' "$value"
}

read_arguments "$@"
find_program
make_work
predicted points.csv --points
X=$(input 2)
Y=$(input 3)
measure_terminal
[ "$form" = term ] && size=$((2 * columns)) || size=241 # two a character leave no gaps
predicted grid.csv "--grid=$X" "$Y" --grid-size "$size"
(cd -- "$work" && LC_ALL=C awk -v kind=cut -f "$scripts/parts/regions.awk" grid.csv points.csv >facts) || exit 1
title=$(title_of "$RUN")
line=$(sed -n 's/^line=//p' "$work/facts")
(cd -- "$work" && gnuplot -c "$scripts/parts/regions.gp" "$form" "$title" "$line" "$(sed -n 's/^numbers=//p' facts)" \
    "$columns $colour" "$(shorten "$X")" "$(shorten "$Y")" >picture.txt 2>remarks) || {
    cat "$work/remarks" >&2
    die "gnuplot failed at regions"
}
if [ "$form" = term ]; then
    printf '%s\n%s\n' "$title" "$line"
    tr -d '\f' <"$work/picture.txt" | sed 's/ *$//' | cat -s
    exit
fi
whole regions || die "$work: cannot write regions.$form; make room there, or set TMPDIR to another directory"
keep regions
