#!/bin/sh
# Runs beside one another: scripts/compare.sh RUN RUN… [--panels LIST] [--title TEXT]… [--png|--svg|--term] [--out FILE] [-q]
#
# compare.awk cuts the logs into small files in a directory of their own, compare.jq tells what differs; gnuplot works there,
# under fixed file names. What a user, a config or a log names is shown and never part of a command.
set -eu
unset CDPATH

# Beside this very file, also where a link leads to it.
self=$(readlink -f -- "$0" && echo .)
scripts=${self%/*}
# shellcheck source=scripts/parts/plot_common.sh
. "$scripts/parts/plot_common.sh"
# shellcheck source=scripts/parts/html.sh
. "$scripts/parts/html.sh"

usage='usage: compare.sh RUN RUN… [--title TEXT]… [--panels LIST] [--png|--svg|--term] [--out FILE] [-q]
Draws the curves of 2 to 12 runs over one another, into compare.png (or .svg) or the terminal, and prints what differs in
their configs and what came of them (-q, --quiet: no table).
  --title   what to call a run in place of its directory, in the order of the runs
  --panels  what to draw: COLUMN (of epochs.csv), COLUMN:layer:K (of layers.csv, of layer K or the last), COLUMN:depth:EPOCH
            (of layers.csv, by layer, at that epoch, the first or the last); score: the accuracy, or the error of a regression'

MOST=12
MOST_PANELS=24

# ---- the command line ------------------------------------------------------------------------------------------------

add_run() {
    runs=$((runs + 1))
    [ "$runs" -le $MOST ] || die "$1: more than $MOST runs; compare fewer at once" 2
    case $1 in /* | ./*) run=$1 ;; *) run=./$1 ;; esac
    [ -d "$run" ] || die "$run: no such directory; give the directories of runs" 2
    [ ! -f "$run/sweep.json" ] ||
        die "$run: is a sweep; name runs of it, as in $run/cells/…, or draw it with scripts/plot_sweep.sh" 2
    [ -f "$run/config.json" ] || die "$run: no run directory (it has no config.json); give the directories of runs" 2
    for log in epochs layers; do
        [ -r "$run/$log.csv" ] || die "$run/$log.csv: cannot read; the run has no such log" 2
    done
    path=$(cd -- "$run" && pwd -P && echo .)
    for k in $(seq $((runs - 1))); do
        [ "$path" != "$(cd -- "$work/run_$k" && pwd -P && echo .)" ] || die "$run: given twice; leave one out" 2
    done
    path=${path%??}
    ln -s -- "$path" "$work/run_$runs"
    printable "$path" >>"$work/paths.txt"
    printable "$run" >>"$work/given_paths.txt"
}

arguments() {
    form='' out='' panels='' quiet='' runs=0 titles=0 options=yes
    while [ $# -gt 0 ]; do
        case $options$1 in
        yes--title | yes--panels | yes--out) [ $# -gt 1 ] || die "$1: needs a value" 2 ;;
        esac
        case $options$1 in
        yes--) options= ;;
        yes-h | yes--help) printf '%s\n' "$usage" && exit 0 ;;
        yes--png | yes--svg | yes--term) form=${1#--} ;;
        yes--html=?*) form=html out=${1#--html=} ;; # as pages embed it: a picture a panel, and the table
        yes-q | yes--quiet) quiet=yes ;;
        yes--out) out=$2 && shift ;;
        yes--panels)
            case $2 in *[!\ ]*) panels=$2 && shift ;; *) die '--panels: names no panel' 2 ;; esac
            ;;
        yes--title) titles=$((titles + 1)) && printable "$2" >>"$work/given_titles.txt" && shift ;;
        yes-*) die "$1: unknown option; see compare.sh --help" 2 ;;
        *) add_run "$1" ;;
        esac
        shift
    done
    [ "$runs" -gt 0 ] || { printf '%s\n' "$usage" >&2; exit 2; }
    [ "$runs" -gt 1 ] || die 'one run: give at least two' 2
    [ "$titles" -le "$runs" ] || die "--title: $titles of them for $runs runs; give one a run" 2
}

# What to write, and where.
choose_form() {
    [ -n "$form" ] || case $out in *.svg) form=svg ;; *) form=png ;; esac
    case $form in term | html) return ;; esac
    [ -n "$out" ] || out=compare.$form
    case $out in /*) ;; *) out=./$out ;; esac
    case $out in *."$form") ;; *) die "$out: the picture is a ${form}; give it a name that ends in .$form" 2 ;; esac
}

# ---- runs ------------------------------------------------------------------------------------------------------------

# run_said K: what the user called run K.
run_said() { sed -n "${1}p" "$work/given_paths.txt"; }

each_run() { seq "$runs"; }

# json_of K FILE: the object in it, on one line.
json_of() {
    jq -cs 'if length == 1 and (.[0] | type) == "object" then .[0] else error("") end' "$work/run_$1/$2" 2>/dev/null ||
        die "$(run_said "$1")/$2: no JSON, or cut short; train again" 2
}

# configs.json and summaries.json, a line a run: null of a run that is not complete.
read_json() {
    for k in $(each_run); do
        json_of "$k" config.json >>"$work/configs.json"
        if [ -f "$work/run_$k/summary.json" ]; then json_of "$k" summary.json; else echo null; fi >>"$work/summaries.json"
    done
}

# runs.dat, a line a run: layers and the epoch in which it diverged, or -1; tab. names.txt: what to call each.
read_runs() {
    jq -r '.diverged.epoch? // -1 | if type == "number" then floor else -1 end' "$work/summaries.json" >"$work/diverged.txt"
    for k in $(each_run); do
        awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
            !at["epoch"] || !at["layer"] { exit }
            NR == 2 { first = $at["epoch"] }
            $at["epoch"] != first { exit }
            $at["layer"] + 0 > layers { layers = $at["layer"] + 0 }
            END { printf "%d\n", layers }' "$work/run_$k/layers.csv"
    done | paste - "$work/diverged.txt" >"$work/runs.dat"
    : >>"$work/given_titles.txt"
    LC_ALL=C awk -f "$scripts/parts/compare_names.awk" "$work/given_titles.txt" "$work/paths.txt" |
        while IFS= read -r title; do shorten "$title" && echo; done >"$work/names.txt"
}

# ---- panels ----------------------------------------------------------------------------------------------------------

# any COLUMN: whether a run has a number there.
any() {
    for k in $(each_run); do
        awk -F , -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; next }
            at && $at ~ /^-?[0-9.]/ { found = 1; exit } END { exit !found }' "$work/run_$k/epochs.csv" && return
    done
    return 1
}

# What runs are scored by: accuracy, rmse, or where tasks differ both; of the validation rows if a run has some.
scores() {
    for split in val train; do
        for score in accuracy rmse; do ! any "${split}_$score" || echo "${split}_$score"; done
    done | awk -F _ 'NR == 1 { first = $1 } $1 == first'
}

# "PANEL NAME" a line: what is drawn, and what the picture of a page is called.
list_panels() {
    if [ -n "$panels" ]; then
        printf '%s\n' "$panels" | tr -s ' ' '\n' | sed '/^$/d'
    else
        echo train_loss
        ! any val_loss || echo val_loss
        printf '%s\n' score lr grad_norm update_ratio
        # with one hidden layer there is no depth to see
        case $(sort -n "$work/runs.dat" | tail -n 1) in [012]"$tab"*) ;; *) printf '%s:depth:last\n' a_std delta_rms saturated dead ;; esac
    fi | while IFS= read -r panel; do
        case $panel in
        score) if [ "$(scores | wc -l)" -eq 1 ]; then echo "$(scores) score"; else scores | sed 's/.*/& &/'; fi ;;
        *) printf '%s %s\n' "$panel" "$(printf %s "$panel" | tr : -)" ;;
        esac
    done
}

cut_logs() {
    list_panels >"$work/panels.txt"
    [ "$(wc -l <"$work/panels.txt")" -le $MOST_PANELS ] || die "--panels: more than $MOST_PANELS; draw fewer at once" 2
    said=$(cd -- "$work" && LC_ALL=C PANELS=$(sed 's/ .*//' panels.txt) awk -v form="$form" -f "$scripts/parts/compare_read.awk" \
        -f "$scripts/parts/compare_words.awk" -f "$scripts/parts/compare.awk") ||
        case $said in
        --panels:*) die "$said" 2 ;;
        [1-9]*"$tab"*) die "$(run_said "${said%%"$tab"*}")/${said#*"$tab"}" 2 ;;
        *) exit 1 ;;
        esac
    # in the key: which of them diverged
    paste "$work/diverged.txt" "$work/names.txt" |
        sed "s/^-1$tab//; s/^\\([0-9]*\\)$tab\\(.*\\)/\\2 (diverged in epoch \\1)/" >"$work/titles.txt"
    awk '{ n = length($0); if (n > most) most = n } END { print "KEY_WIDTH = " most }' "$work/titles.txt" >>"$work/facts.gp"
}

# ---- what differs ----------------------------------------------------------------------------------------------------

tell_differences() {
    (cd -- "$work" && jq -nr --slurpfile configs configs.json --slurpfile summaries summaries.json --slurpfile epochs lasts.txt \
        -f "$scripts/parts/compare.jq" >differences.tsv 2>remarks) || {
        cat "$work/remarks" >&2
        die 'a config.json or summary.json is not of nnexp; train again' 2
    }
    { printf 'names\t\t' && paste -s "$work/names.txt"; } >"$work/table.tsv"
    grep -v "^heading$tab" "$work/differences.tsv" >>"$work/table.tsv"
    sed -n "s/^heading$tab//p" "$work/differences.tsv" >"$work/heading.txt"
    sed -n "s/^said$tab//p" "$work/differences.tsv" >"$work/cautions.txt"
    echo "CAUTIONS = $(awk 'END { print NR }' "$work/cautions.txt")" >>"$work/facts.gp"
}

# table FORM: text or html.
table() {
    if [ "$1" = html ]; then html_escape <"$work/table.tsv"; else cat -- "$work/table.tsv"; fi |
        LC_ALL=C awk -v form="$1" -f "$scripts/parts/sweep_read.awk" -f "$scripts/parts/compare_table.awk"
}

# ---- pictures --------------------------------------------------------------------------------------------------------

# draw PICTURE ONLY: gnuplot's remarks are kept to itself unless it fails.
draw() {
    (cd -- "$work" && gnuplot -c "$scripts/parts/compare.gp" "$scripts/parts" "$form" "$1" "$2" "$columns $colour" 2>remarks) || {
        cat "$work/remarks" >&2
        die "gnuplot failed at $1"
    }
    [ "$form" = term ] || whole "$1" ||
        die "$work: cannot write $1.$(extension); make room there, or set TMPDIR to another directory"
}

draw_all() {
    case $form in
    term)
        cat -- "$work/heading.txt"
        [ -z "$quiet" ] || cat -- "$work/cautions.txt"
        awk '{ print "  " substr("abcdefghijkl", NR, 1) "  " $0 }' "$work/titles.txt"
        draw compare 0 >"$work/terminal"
        tr -d '\f' <"$work/terminal" | sed 's/ *$//' | cat -s
        ;;
    html)
        number=0
        while IFS=' ' read -r panel picture; do
            number=$((number + 1))
            draw panel_$number $number
            keep panel_$number "$out/$picture.svg"
        done <"$work/panels.txt"
        [ -n "$quiet" ] || { table html >"$work/table.svg" && keep table "$out/table.html"; }
        ;;
    *) draw compare 0 && keep compare "$out" ;;
    esac
}

tab=$(printf '\t')
make_work
arguments "$@"
command -v gnuplot >/dev/null || die 'gnuplot is not installed; run scripts/install_deps.sh plot'
command -v jq >/dev/null || die 'jq is not installed; run scripts/install_deps.sh plot'
choose_form
read_json
read_runs
cut_logs
tell_differences
measure_terminal
draw_all
[ -n "$quiet" ] || [ "$form" = html ] || table text
