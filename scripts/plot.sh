#!/bin/sh
# Draws the logs of a run: scripts/plot.sh RUN [--png|--svg|--term]; or shows a PPM of nnexp check --preview.
#
# logs.awk cuts the logs into small files in a directory of their own; gnuplot works there, under fixed file names.
# What a user named (the run, its directory) reaches gnuplot as an argument and never as a piece of a command.
set -eu
unset CDPATH

usage='usage: plot.sh RUN [--png|--svg|--term]
Draws the logs of a run: --png (the default) and --svg into RUN/plots/, --term in the terminal.
For RUN a file NAME.ppm, as nnexp check --preview writes it: NAME.png or NAME.svg beside it.'

die() {
    printf 'plot.sh: %s\n' "$1" >&2
    exit "${2:-1}"
}

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

# A title too long for the narrowest picture loses its middle: 48 characters, each of them at most 20 of 1000 pixels
# wide. In the C locale awk counts bytes; those from 128 to 191 go on with a character of UTF-8.
shorten() {
    TITLE=$1 LC_ALL=C awk 'BEGIN {
        for (i = 1; i <= length(ENVIRON["TITLE"]); i++) {
            byte = substr(ENVIRON["TITLE"], i, 1)
            if (byte < "\200" || byte > "\277") n++
            character[n] = character[n] byte
        }
        for (i = 1; i <= n; i++)
            if (n <= 48 || i <= 24 || i > n - 23) printf "%s", character[i]
            else if (i == 25) printf "…"
    }'
}

# The run's name for titles: control characters, and bytes that are not UTF-8, become '?'.
title_of() {
    name=$(cd -- "$1" && pwd -P && echo .)
    name=${name%??}
    name=$(printf %s "${name##*/}" | LC_ALL=C tr '[:cntrl:]' '?')
    printf %s "$name" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1 ||
        name=$(printf %s "$name" | LC_ALL=C tr '\200-\377' '?')
    shorten "$name"
}

# cut LOG: the log's small files, its facts in LOG.facts.
cut_log() {
    (cd -- "$work" && awk -F , -v kind="$1" -f "$scripts/logs.awk" -) <"$RUN/$1.csv" >"$work/$1.facts" || exit 1
}

counted() { [ "$1" = 1 ] && printf '%s %s' "$1" "$2" || printf '%s %ss' "$1" "$2"; }

facts_line() {
    how="$(printf %s "${STATUS:-not complete}" | tr _ ' '), $(counted "$LAST" epoch)"
    [ -z "$DIVERGED" ] || how="diverged in epoch $DIVERGED"
    at_best=$(fact "$work/epochs.facts" at_best)
    printf '%s, %s%s' "$how" "$(counted "$LAYERS" layer)" "${at_best:+, $at_best}"
}

# keep PICTURE FILE: a picture into FILE, whole or not at all. It is written anew, so that the umask says who may read it.
keep() {
    unfinished=$2.new
    said=$({
        mkdir -p -- "$(dirname -- "$2")" && cat -- "$work/$1.$form" >"$unfinished" && mv -f -- "$unfinished" "$2"
    } 2>&1) || die "$2: cannot write (${said##*: }); make room there or check the permissions"
    unfinished=
    printf 'wrote %s\n' "$2"
}

# Whether the picture has its end: gnuplot does not notice when the disk is full.
whole() {
    case $form in
    png) tail -c 12 "$work/$1.png" | LC_ALL=C grep -aq IEND ;;
    svg) tail -c 16 "$work/$1.svg" | grep -q '</svg>' ;;
    esac
}

# draw PICTURE PANELS: one page with these panels. gnuplot's remarks (on curves that are constant) are kept to itself
# unless it fails.
draw() {
    (cd -- "$work" && gnuplot -c "$scripts/page.gp" "$scripts" "$form" "$1" "$2" "$title" "$line" \
        "$LAST $SHOWN $broken ${BEST:--1} $score $LAYERS $columns $colour ${DIVERGED:--1}" "$seen" "$seen_layers" 2>"$work/remarks") || {
        cat "$work/remarks" >&2
        die "gnuplot failed at $1"
    }
    [ "$form" = term ] && return
    whole "$1" || die "$work: cannot write $1.$form; make room there, or set TMPDIR to another directory"
    keep "$1" "$RUN/plots/$1.$form"
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
    (cd -- "$work" && gnuplot -c "$scripts/picture.gp" "$form" "$@" 2>"$work/remarks") || {
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

draw_all() {
    distribution=deviation
    [ -z "$drawn" ] || distribution=distribution:a:shown
    [ "$form" = term ] || draw overview "loss score rate gradient update depth saturated dead $distribution"
    draw loss "loss score"
    draw learning_rate rate
    draw gradient_norm gradient
    draw activations "depth mean deviation"
    draw saturated "saturated dead"
    draw update_ratio update
    [ -n "$drawn" ] || return 0
    draw distributions "distribution:z:first distribution:z:shown distribution:a:first distribution:a:shown"
    for what in z a delta w dw; do
        [ "$form" = term ] && [ $what != a ] && continue
        panels=$(heat_maps $what)
        [ -z "$panels" ] || draw histogram_$what "$panels"
    done
}

form=png
RUN=
options=yes
for argument; do
    case $options$argument in
    yes--) options= ;;
    yes--png | yes--svg | yes--term) form=${argument#--} ;;
    yes-h | yes--help) printf '%s\n' "$usage" && exit 0 ;;
    yes--*) die "$argument: unknown option; use --png, --svg or --term" 2 ;;
    *) [ -z "$RUN" ] || die "$argument: one run at a time; the first was $RUN" 2; RUN=$argument ;;
    esac
done
[ -n "$RUN" ] || { printf '%s\n' "$usage" >&2; exit 2; }
case $RUN in /*) ;; *) RUN=./$RUN ;; esac

command -v gnuplot >/dev/null || die 'gnuplot is not installed; run scripts/install_deps.sh plot'
picture=
case $RUN in *.ppm) [ -d "$RUN" ] || picture=yes ;; esac
[ -z "$picture" ] || [ -r "$RUN" ] || die "$RUN: cannot read; write it with nnexp check --preview" 2
[ -n "$picture" ] || [ -d "$RUN" ] || die "$RUN: no such directory; give the directory of a run" 2
[ -n "$picture" ] || [ -f "$RUN/config.json" ] || die "$RUN: no run directory (it has no config.json); give the directory of a run" 2
for log in epochs layers; do
    [ -n "$picture" ] || [ -r "$RUN/$log.csv" ] || die "$RUN/$log.csv: cannot read; the run has no such log" 2
done

here=$(dirname -- "$0")
here=$(cd -- "$here" && pwd && echo .)
scripts=${here%??}
work=$(mktemp -d 2>/dev/null) ||
    die "${TMPDIR:-/tmp}: cannot make a directory there; set TMPDIR to a directory that you may write"
unfinished=
trap 'rm -rf -- "$work" && [ -z "$unfinished" ] || rm -f -- "$unfinished"' EXIT
trap 'exit 130' INT TERM HUP
if [ -n "$picture" ]; then
    draw_ppm
    exit
fi

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
[ -n "$drawn" ] || echo "plot.sh: $RUN has no histograms; their pictures are left out" >&2

columns=$(tput cols 2>/dev/null) || columns=${COLUMNS:-80}
case $columns in '' | *[!0-9]*) columns=80 ;; esac
colour=0
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] && colour=1
title=$(title_of "$RUN")
line=$(facts_line)
if [ "$form" = term ]; then
    printf '%s\n%s\n' "$title" "$line"
    draw_all >"$work/terminal"
    tr -d '\f' <"$work/terminal" | sed 's/ *$//' | cat -s
else
    draw_all
fi
