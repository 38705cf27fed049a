#!/bin/sh
# Draws the principal components of a run's images as heat maps, from model.safetensors: the safetensors format is 8
# bytes of header length, the header (JSON, with each tensor's shape and place), and the data, little-endian.
set -eu
name=plot_components.sh
self=$0
usage='usage: plot_components.sh RUN [COUNT]
Draws the first COUNT (24) components of the last pca or whiten step into RUN/plots/components.png.'
# shellcheck source=scripts/parts/run_common.sh
. "$(dirname -- "$0")/parts/run_common.sh"

case ${1:-} in
-h | --help) printf '%s\n' "$usage" && exit 0 ;;
'') printf '%s\n' "$usage" >&2 && exit 2 ;;
esac
run=$1
count=${2:-24}
case $run in /*) ;; *) run=./$run ;; esac
case $count in *[!0-9]* | '' | 0*) die "$count: expected a whole number of components" 2 ;; esac
[ -r "$run/config.json" ] || die "$run: no run directory (it has no config.json); give the directory of a run" 2
[ -r "$run/preprocess.csv" ] || die "$run: has no preprocess.csv; its preprocess has neither pca nor whiten" 2
model=$run/model.safetensors
[ -r "$model" ] || die "$model: cannot read; the run is not complete" 2
begin

# image KEY: a number of data.image; nothing where that is null.
image() { sed -n '/^ *"image": {/,/}/s/^ *"'"$1"'": *\([0-9]*\),\{0,1\}$/\1/p' "$run/config.json"; }
height=$(image height)
width=$(image width)
[ -n "$height" ] || die "$run: the rows are no images; set data.image" 2
[ "$(image channels)" = 1 ] || die "$run: the images have $(image channels) channels; heat maps show grey ones" 2

step=$(awk -F , 'END { print $1 }' "$run/preprocess.csv")
length=$(head -c 8 "$model" | od -An -tu8 | tr -d ' ')
# its shape and the place of its data: "K INPUTS BEGIN END"
found=$(tail -c +9 "$model" | head -c "$length" | tr '}' '\n' | tr -d ' ' | LC_ALL=C sed -n \
    "s/.*\"preprocess\.$step\.components\":{.*\"shape\":\[\([0-9]*\),\([0-9]*\)\],\"data_offsets\":\[\([0-9]*\),\([0-9]*\)\].*/\1 \2 \3 \4/p")
# shellcheck disable=SC2086
set -- $found
[ $# = 4 ] || die "$model: has no tensor preprocess.$step.components; was it written by this run?"
[ "$2" = $((height * width)) ] ||
    die "$run: the components have $2 inputs and an image $((height * width)) pixels; put pca before what widens" 2
[ "$count" -le "$1" ] || count=$1
tail -c +$((9 + length + $3)) "$model" | head -c $((count * $2 * 4)) >"$work/components.bin"
awk -F , -v step="$step" -v count="$count" 'NR > 1 && $1 == step && $3 <= count { print $5 }' \
    "$run/preprocess.csv" >"$work/share.csv"
od -An -v -tf4 -w$(($2 * 4)) "$work/components.bin" |
    awk '{ most = 0; for (i = 1; i <= NF; i++) if ($i ^ 2 > most ^ 2) most = $i; print most < 0 ? -most : most }' \
        >"$work/most.csv"
draw components.gp "$count" "$height" "$width" "components of preprocess.$step ($(awk -F , 'END { print $2 }' \
    "$run/preprocess.csv")), share of the variance"
keep components.png "$run/plots/components.png"
