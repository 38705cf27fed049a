#!/bin/sh
# Draws a learning-rate range test: scripts/plot_find_lr.sh DIR [--png|--svg|--term]
#
# find_lr.awk cuts find_lr.csv, confirmation.csv and suggestion.json into small files; gnuplot works among them, under
# fixed file names.
set -eu
unset CDPATH

here=.
case $0 in */*) here=${0%/*}/ ;; esac
here=$(cd -- "$here" && pwd && echo .)
scripts=${here%??}
# shellcheck source=scripts/parts/plot_common.sh
. "$scripts/parts/plot_common.sh"

# shellcheck disable=SC2034 # plot_common.sh reads them
{
    usage='usage: plot_find_lr.sh DIR [--png|--svg|--term]
Draws what nnexp find-lr left in DIR: loss against learning rate for each seed, the suggestion with its interval, the
rules, and the short runs: --png (the default) and --svg into DIR/plots/, --term in the terminal.'
    kind='range test'
    kept_by=suggestion.json
}

read_arguments "$@"
[ -r "$RUN/find_lr.csv" ] || die "$RUN/find_lr.csv: cannot read; run nnexp find-lr again" 2
make_work
cat -- "$RUN/suggestion.json" >"$work/suggestion.json"
cat -- "$RUN/find_lr.csv" >"$work/find_lr.csv"
: >"$work/confirmation.csv"
[ ! -r "$RUN/confirmation.csv" ] || cat -- "$RUN/confirmation.csv" >"$work/confirmation.csv"
(cd -- "$work" && LC_ALL=C awk -f "$scripts/parts/find_lr.awk" suggestion.json find_lr.csv confirmation.csv >facts.gp) ||
    die "$RUN: no range test of nnexp find-lr, or cut short; run it again" 2
measure_terminal
title=$(title_of "$RUN")
(cd -- "$work" && gnuplot -c "$scripts/parts/find_lr.gp" "$form" "$title" "$columns" "$colour" >picture.txt 2>remarks) || {
    cat "$work/remarks" >&2
    die "gnuplot failed at find_lr"
}
if [ "$form" = term ]; then
    tr -d '\f' <"$work/picture.txt" | sed 's/ *$//' | cat -s
    exit
fi
whole find_lr || die "$work: cannot write find_lr.$form; make room there, or set TMPDIR to another directory"
keep find_lr
