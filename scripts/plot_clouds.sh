#!/bin/sh
# Draws the training rows of a config with two inputs raw, centred, turned along their principal components, and
# whitened, side by side, as nnexp itself prepares them (nnexp check --preprocessed).
set -eu
name=plot_clouds.sh
self=$0
usage='usage: plot_clouds.sh [--config FILE] [--out FILE.png]
Draws the two inputs of a config raw, centred, turned by pca and whitened; its own preprocess is not used.
Without --config: configs/wine_clouds.json. Without --out: runs/clouds.png.'
# shellcheck source=scripts/parts/run_common.sh
. "$(dirname -- "$0")/parts/run_common.sh"

config=$scripts/../configs/wine_clouds.json
out=
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) printf '%s\n' "$usage" && exit 0 ;;
    --config | --out) [ $# -gt 1 ] || die "$1: needs a value" 2 ;;
    *) die "$1: unknown option; use --config or --out" 2 ;;
    esac
    case $1 in --config) config=$2 ;; --out) out=$2 ;; esac
    shift 2
done
case $out in
'') out=runs/clouds.png ;;
*.png) [ -d "$(dirname -- "$out")" ] || die "$out: cannot write: there is no such directory; make it first" 2 ;;
*) die "$out: the picture is a PNG; give it a name that ends in .png" 2 ;;
esac
begin

# prepare NAME CHAIN: NAME.csv as x,y,class: the class is a number, 0 for regression. Its inputs' names in `titles`, the
# classes' in classes.txt.
prepare() {
    "$nnexp" check -q --config "$config" --set "preprocess=$2" --preprocessed "$work/rows.csv" >"$work/resolved" || exit 2
    task=$(sed -n 's/^ *"task": "\([a-z]*\)",\{0,1\}$/\1/p' "$work/resolved")
    awk -v task="$task" '
        NR == 1 { split($0, column, ","); if ($0 !~ /"/) { print column[1]; print column[2]; wide = split($0, column, ",") }; next }
        { split($0, cell, ","); label = $0; sub(/^[^,]*,[^,]*,/, "", label)
          if (!(label in class)) class[label] = count++
          print cell[1] "," cell[2] "," (task == "classification" ? class[label] : 0) > FILENAME ".cut" }' \
        "$work/rows.csv" >"$work/titles"
    awk -v task="$task" '
        NR > 1 && task == "classification" {
            label = $0
            sub(/^[^,]*,[^,]*,/, "", label) # x and y are numbers
            if (label in seen) next
            seen[label] = 1
            if (label ~ /^".*"$/) { label = substr(label, 2, length(label) - 2); gsub(/""/, "\"", label) }
            gsub(/[[:cntrl:]]/, "?", label)
            print label
        }' "$work/rows.csv" >"$work/classes.txt"
    mv "$work/rows.csv.cut" "$work/$1.csv"
}

"$nnexp" check -q --config "$config" --set 'preprocess=["whiten"]' --preprocessed "$work/two.csv" >/dev/null || exit 2
case $(sed -n '1s/^\(pc[0-9]*,\)*.*$/&/p' "$work/two.csv") in
pc1,pc2,pc3*) die "$config: has more than two inputs that vary; choose two with data.ignore" 2 ;;
pc1,pc2,*) ;;
*) die "$config: needs two inputs that vary" 2 ;;
esac
prepare raw '[]'
x=$(sed -n 1p "$work/titles")
y=$(sed -n 2p "$work/titles")
prepare centred '["center"]'
prepare turned '["pca"]'
prepare whitened '["whiten"]'
draw clouds.gp "${x:-input 1}" "${y:-input 2}"
keep clouds.png "$out"
