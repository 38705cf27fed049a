#!/bin/sh
# Draws the logs of a run: scripts/plot.sh RUN [--png|--svg|--term]; or shows a PPM of nnexp check --preview.
#
# logs.awk cuts the logs into small files in a directory of their own; gnuplot works there, under fixed file names.
# What a user named (the run, its directory) reaches gnuplot as an argument and never as a piece of a command.
set -eu
unset CDPATH

here=.
case $0 in */*) here=${0%/*}/ ;; esac
here=$(cd -- "$here" && pwd && echo .)
scripts=${here%??}
# shellcheck source=scripts/parts/plot_common.sh
. "$scripts/parts/plot_common.sh"

# shellcheck disable=SC2034 # plot_common.sh reads it
usage='usage: plot.sh RUN [--png|--svg|--term] [--regions]
Draws the logs of a run: --png (the default) and --svg into RUN/plots/, --term in the terminal.
With --regions not these, but what plot_regions.sh draws of a run of two inputs: its plane, and its points upon it.
For RUN a file NAME.ppm, as nnexp check --preview writes it: NAME.png or NAME.svg beside it.'

# The value of KEY=VALUE in a file of such lines.
fact() { sed -n "s/^$2=//p" "$1"; }

# A top-level member of summary.json, which nnexp prints one to a line. Only words and numbers are let through.
summary() {
    [ -r "$RUN/summary.json" ] || return 0
    sed -n "s/^ *\"$1\": *\"\{0,1\}\([a-z_0-9]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$RUN/summary.json" | head -n 1
}

# The epoch in which the run diverged, says summary.json; nothing if it did not.
diverged_epoch() {
    [ -r "$RUN/summary.json" ] || return 0
    sed -n '/^ *"diverged": {$/,/}/s/^ *"epoch": *\([0-9]\{1,9\}\),\{0,1\}$/\1/p' "$RUN/summary.json" | head -n 1
}

# cut LOG: the log's small files, its facts in LOG.facts.
cut_log() {
    (cd -- "$work" && awk -F , -v kind="$1" -f "$scripts/parts/logs.awk" -) <"$RUN/$1.csv" >"$work/$1.facts" || exit 1
}

# preprocess.csv as explained_STEP.csv and .name, a step each; prints a panel a step.
cut_explained() {
    (cd -- "$work" && awk -F , '
        NR == 1 { if ($0 != "step,name,component,variance,share,cumulative,kept") exit 1; header = $0; next }
        $1 !~ /^[0-9]+$/ || $2 !~ /^[a-z_]+$/ || NF != 7 { exit 1 }
        { file = "explained_" $1 ".csv"
          if (!($1 in seen)) { seen[$1] = 1; printf "explained:%s ", $1; print header >file
                               print "preprocess." $1 ": " $2 >("explained_" $1 ".name") }
          print >file }') <"$RUN/preprocess.csv" ||
        die "$RUN/preprocess.csv: is no log of nnexp; train again"
}

counted() { [ "$1" = 1 ] && printf '%s %s' "$1" "$2" || printf '%s %ss' "$1" "$2"; }

facts_line() {
    how="$(printf %s "${STATUS:-not complete}" | tr _ ' '), $(counted "$LAST" epoch)"
    [ -z "$DIVERGED" ] || how="diverged in epoch $DIVERGED"
    at_best=$(fact "$work/epochs.facts" at_best)
    printf '%s, %s%s' "$how" "$(counted "$LAYERS" layer)" "${at_best:+, $at_best}"
}

# draw PICTURE PANELS: one page with these panels. gnuplot's remarks (on curves that are constant) are kept to itself
# unless it fails.
draw() {
    (cd -- "$work" && gnuplot -c "$scripts/parts/page.gp" "$scripts/parts" "$form" "$1" "$2" "$title" "$line" \
        "$LAST $SHOWN $broken ${BEST:--1} $score $LAYERS $columns $colour ${DIVERGED:--1}" "$seen" "$seen_layers" 2>"$work/remarks") || {
        cat "$work/remarks" >&2
        die "gnuplot failed at $1"
    }
    [ "$form" = term ] && return
    whole "$1" || die "$work: cannot write $1.$form; make room there, or set TMPDIR to another directory"
    keep "$1"
}

# The width, the height and the bytes before the pixels of a PPM as nnexp writes it; nothing of another file.
ppm_size() {
    LC_ALL=C head -c 64 <"$1" | LC_ALL=C tr '\000' ' ' | LC_ALL=C awk '
        NR == 1 { good = $0 == "P6" }
        NR == 2 { good = good && /^[0-9]+ [0-9]+$/ && $1 > 0 && $2 > 0 && $1 < 65536 && $2 < 65536; size = $0 }
        NR == 3 { if (good && $0 == "255") print size, before + 4; exit }
        { before += length($0) + 1 }'
}

# The PPM as PNG or SVG beside it.
draw_ppm() {
    [ "$form" != term ] || die "$RUN: a terminal shows no picture; use --png or --svg" 2
    size=$(ppm_size "$RUN")
    # shellcheck disable=SC2086 # three numbers
    set -- $size
    [ $# -eq 3 ] && [ "$(wc -c <"$RUN")" -eq $(($1 * $2 * 3 + $3)) ] ||
        die "$RUN: no picture of nnexp check --preview, or cut short; write it again" 2
    cat -- "$RUN" >"$work/picture.ppm" || exit 1
    (cd -- "$work" && gnuplot -c "$scripts/parts/picture.gp" "$form" "$@" 2>"$work/remarks") || {
        cat "$work/remarks" >&2
        die "gnuplot failed at $RUN"
    }
    whole picture || die "$work: cannot write picture.$form; make room there, or set TMPDIR to another directory"
    keep picture "${RUN%.ppm}.$form"
}

# panels WHAT: a heat map a drawn layer.
heat_maps() {
    for layer in $drawn; do
        [ ! -f "$work/histogram_$1_$layer.csv" ] || printf 'histogram:%s:%s ' "$1" "$layer"
    done
}

# For a page: a picture a panel.
draw_single() {
    for panel in loss score rate gradient update depth mean deviation saturated dead; do draw $panel $panel; done
    for panel in $explained; do draw "explained_${panel#*:}" "$panel"; done
    [ -n "$drawn" ] || return 0
    for what in a z; do
        draw distribution_${what}_first distribution:$what:first
        draw distribution_${what}_last distribution:$what:shown
    done
    for layer in $drawn; do
        [ ! -f "$work/histogram_a_$layer.csv" ] || draw "histogram_a_$layer" "histogram:a:$layer"
    done
}

draw_all() {
    distribution=deviation
    [ -z "$drawn" ] || distribution=distribution:a:shown
    [ "$form" != html ] || { draw_single && return; }
    [ "$form" = term ] || draw overview "loss score rate gradient update depth saturated dead $distribution"
    draw loss "loss score"
    draw learning_rate rate
    draw gradient_norm gradient
    draw activations "depth mean deviation"
    draw saturated "saturated dead"
    draw update_ratio update
    [ -z "$explained" ] || draw explained_variance "$explained"
    [ -n "$drawn" ] || return 0
    draw distributions "distribution:z:first distribution:z:shown distribution:a:first distribution:a:shown"
    for what in z a delta w dw; do
        [ "$form" = term ] && [ $what != a ] && continue
        panels=$(heat_maps $what)
        [ -z "$panels" ] || draw histogram_$what "$panels"
    done
}

# shellcheck disable=SC2034 # plot_common.sh reads it
takes_ppm=yes
# shellcheck disable=SC2034 # as above: report.sh asks for --html=DIR
takes_html=yes
# shellcheck disable=SC2034 # as above
takes_regions=yes
read_arguments "$@"
[ -z "$regions" ] || exec "$scripts/plot_regions.sh" "--$form" -- "${RUN#./}"
if [ -n "$picture" ]; then
    make_work
    draw_ppm
    exit
fi
for log in epochs layers; do
    [ -r "$RUN/$log.csv" ] || die "$RUN/$log.csv: cannot read; the run has no such log" 2
done

make_work

STATUS=$(summary status)
BEST=$(summary best_epoch)
case $BEST in *[!0-9]*) BEST= ;; esac
DIVERGED=$(diverged_epoch)
export RUN STATUS BEST DIVERGED
cut_log epochs
LAST=$(fact "$work/epochs.facts" last)
SHOWN=$(fact "$work/epochs.facts" shown)
broken=$(fact "$work/epochs.facts" broken)
score=$(fact "$work/epochs.facts" score)
seen=$(fact "$work/epochs.facts" seen)
export LAST SHOWN
cut_log layers
LAYERS=$(fact "$work/layers.facts" layers)
seen_layers=$(fact "$work/layers.facts" seen)
[ "$form" = term ] && LAYERS_DRAWN=3 || LAYERS_DRAWN=12
export LAYERS LAYERS_DRAWN
drawn=
if [ -r "$RUN/histograms.csv" ]; then
    cut_log histograms
    drawn=$(fact "$work/histograms.facts" drawn)
fi
explained=
if [ -r "$RUN/preprocess.csv" ]; then
    explained=$(cut_explained)
fi
[ -n "$drawn" ] || echo "plot.sh: $RUN has no histograms; their pictures are left out" >&2

measure_terminal
title=$(title_of "$RUN")
line=$(facts_line)
if [ "$form" = term ]; then
    printf '%s\n%s\n' "$title" "$line"
    draw_all >"$work/terminal"
    tr -d '\f' <"$work/terminal" | sed 's/ *$//' | cat -s
else
    draw_all
fi
