#!/bin/sh
# Draws the way of two weights over the loss surface: scripts/plot_path.sh RUN [RUN…] [--png|--svg] [--out FILE]
#
# nnexp surface computes the surface; path_length.awk cuts the way out of steps.csv; gnuplot works among these files, under
# fixed names. NNEXP names the program (default: the one beside scripts/, else in PATH).
set -eu
name=plot_path.sh
self=$0
usage='usage: plot_path.sh RUN [RUN…] [--title TEXT]… [--points N] [--png|--svg] [--out FILE]
Draws, for each run, the training loss over the first two weights of its log.path, all others as training has left them,
and the way of the two upon it, to one scale. --title: what stands above a panel in place of the name of the directory, in
the order of the runs. --points: of the surface, along either side (default 121; of larger nets 41). Without --out:
RUN/plots/path.png (or .svg) of the first run.'
# shellcheck source=scripts/parts/run_common.sh
. "$(dirname -- "$0")/parts/run_common.sh"

MOST=12
form=
out=
points=
runs=0
titles=0
begin

# titled TEXT: the next line of given.txt; control characters, and bytes that are not UTF-8, become '?'.
titled() {
    text=$(printf %s "$1" | LC_ALL=C tr '[:cntrl:]' '?')
    printf %s "$text" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1 || text=$(printf %s "$text" | LC_ALL=C tr '\200-\377' '?')
    printf '%s\n' "$text"
}

add_run() {
    runs=$((runs + 1))
    [ "$runs" -le $MOST ] || die "$1: more than $MOST runs; draw fewer at once" 2
    case $1 in /* | ./*) run=$1 ;; *) run=./$1 ;; esac
    [ -d "$run" ] || die "$run: no such directory; give the directory of a run" 2
    [ -f "$run/config.json" ] || die "$run: not a run (it has no config.json); give the directory of a run" 2
    [ -f "$run/steps.csv" ] ||
        die "$run: has no steps.csv; train it with two weights in log.path, as in --set 'log.path=[\"layers.1.weight[0,0]\", \"layers.1.weight[0,1]\"]'" 2
    ln -s -- "$(cd -- "$run" && pwd -P)" "$work/run_$runs"
    said=$(awk -v kind=plane -f "$scripts/parts/path_length.awk" "$run/steps.csv" 2>&1 >"$work/path_$runs.dat") ||
        die "${said#path_length.awk: }" 2
    folder=$(cd -- "$run" && pwd -P && echo .)
    folder=${folder%??}
    titled "${folder##*/}" >>"$work/names.txt"
    [ "$runs" -gt 1 ] || first=$run
}

options=yes
while [ $# -gt 0 ]; do
    case $options$1 in
    yes--) options= ;;
    yes-h | yes--help) printf '%s\n' "$usage" && exit 0 ;;
    yes--png | yes--svg) form=${1#--} ;;
    yes--out | yes--title | yes--points)
        [ $# -gt 1 ] || die "$1: needs a value" 2
        case $1 in
        --out) out=$2 ;;
        --points) points=$2 ;;
        --title) titles=$((titles + 1)) && titled "$2" >>"$work/given.txt" ;;
        esac
        shift
        ;;
    yes-*) die "$1: unknown option; see $name --help" 2 ;;
    *) add_run "$1" ;;
    esac
    shift
done
[ "$runs" -gt 0 ] || { printf '%s\n' "$usage" >&2; exit 2; }
[ "$titles" -le "$runs" ] || die "--title: $titles of them for $runs runs; give one a run" 2
case $points in '' | [2-9] | [1-9][0-9] | [1-9][0-9][0-9]) ;; *) die "--points: expected a whole number from 2 to 999, got '$points'" 2 ;; esac
[ -n "$form" ] || case $out in *.svg) form=svg ;; *) form=png ;; esac
[ -n "$out" ] || out=$first/plots/path.$form
case $out in *."$form") ;; *) die "$out: the picture is a ${form}; give it a name that ends in .$form" 2 ;; esac

# One window for all, square, about all paths; a run whose path is under a third of it gets one of its own.
window() {
    LC_ALL=C awk '
        FNR == 1 { file++; low_a[file] = high_a[file] = $1; low_b[file] = high_b[file] = $2 }
        {
            if ($1 !~ /^-?[0-9.]/ || $2 !~ /^-?[0-9.]/) { print FILENAME; exit }
            if ($1 + 0 < low_a[file]) low_a[file] = $1 + 0
            if ($1 + 0 > high_a[file]) high_a[file] = $1 + 0
            if ($2 + 0 < low_b[file]) low_b[file] = $2 + 0
            if ($2 + 0 > high_b[file]) high_b[file] = $2 + 0
        }
        function larger(x, y) { return x > y ? x : y }
        function print_window(a, b, side) { printf "%.6g %.6g %.6g %.6g\n", a - side / 2, a + side / 2, b - side / 2, b + side / 2 }
        END {
            for (i = 1; i <= file; i++) {
                span[i] = larger(high_a[i] - low_a[i], high_b[i] - low_b[i])
                if (i == 1 || low_a[i] < la) la = low_a[i]
                if (i == 1 || low_b[i] < lb) lb = low_b[i]
                if (i == 1 || high_a[i] > ha) ha = high_a[i]
                if (i == 1 || high_b[i] > hb) hb = high_b[i]
            }
            all = larger(ha - la, hb - lb)
            for (i = 1; i <= file; i++) {
                if (3 * span[i] >= all && all > 0) print_window((la + ha) / 2, (lb + hb) / 2, 1.16 * all)
                else print_window((low_a[i] + high_a[i]) / 2, (low_b[i] + high_b[i]) / 2, span[i] > 0 ? 1.16 * span[i] : 2)
            }
        }' "$@"
}
k=0
paths=
while [ $k -lt "$runs" ]; do k=$((k + 1)) && paths="$paths path_$k.dat"; done
# shellcheck disable=SC2086 # fixed names
(cd -- "$work" && window $paths >windows.txt)
[ "$(wc -l <"$work/windows.txt")" -eq "$runs" ] ||
    die 'a path leaves the numbers, as its run diverged; draw it with another learning rate' 2

# surface_K.dat of gnuplot's grid form, and line K of facts.txt: LENGTH NET RATIO LOWEST HIGHEST.
k=0
while [ $k -lt "$runs" ]; do
    k=$((k + 1))
    run=$work/run_$k
    awk -v kind=names -f "$scripts/parts/path_length.awk" "$run/steps.csv" >"$work/weights_$k.txt"
    A=$(sed -n 1p "$work/weights_$k.txt")
    B=$(sed -n 2p "$work/weights_$k.txt")
    read -r low_a high_a low_b high_b <<WINDOW
$(sed -n "${k}p" "$work/windows.txt")
WINDOW
    side=$points
    [ -n "$side" ] || { [ "$(cat -- "$run/model.safetensors" 2>/dev/null | wc -c)" -lt 20000 ] && side=121 || side=41; }
    said=$("$nnexp" surface --run "$run" --weights "$A" "$B" --range "$A:$low_a:$high_a" --range "$B:$low_b:$high_b" \
        --points "$side" --out "$work/surface.csv" 2>&1) ||
        die "$(printf %s "$said" | sed "s|^nnexp: ||" | awk -v from="$work/run_$k" -v to="$(sed -n "${k}p" "$work/names.txt")" '
            { at = index($0, from); print at ? substr($0, 1, at - 1) to substr($0, at + length(from)) : $0 }')" 2
    LC_ALL=C awk -F , 'NR > 2 && $2 != before { print "" } NR > 1 { print $1, $2, $3; before = $2 }' \
        "$work/surface.csv" >"$work/surface_$k.dat"
    {
        awk -v most=2 -f "$scripts/parts/path_length.awk" "$run/steps.csv" | sed -n '2s/,/ /gp' | tr -d '\n'
        awk -F , 'NR > 1 && $3 ~ /^[0-9.]/ { if (!n++ || $3 + 0 < low) low = $3 + 0; if (n == 1 || $3 + 0 > high) high = $3 + 0 }
            END { if (!n) low = high = 1; printf " %.9g %.9g\n", low, high }' "$work/surface.csv"
    } >>"$work/facts.txt"
    if [ "$k" -le "$titles" ]; then sed -n "${k}p" "$work/given.txt"; else sed -n "${k}p" "$work/names.txt"; fi >>"$work/titles.txt"
done
draw path.gp "$form" "$runs"
[ -s "$work/path.$form" ] || die "$work: cannot write path.$form; make room there, or set TMPDIR to another directory"
keep "path.$form" "$out"
