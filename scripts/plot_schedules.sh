#!/bin/sh
# Draws learning-rate schedules over one another: of configs as nnexp check --schedule has them, before anything is
# trained; of runs as their epochs.csv has them, which shows what plateau did.
set -eu
unset CDPATH

here=.
case $0 in */*) here=${0%/*}/ ;; esac
here=$(cd -- "$here" && pwd && echo .)
scripts=${here%??}
# shellcheck source=scripts/parts/plot_common.sh
. "$scripts/parts/plot_common.sh"

usage='usage: plot_schedules.sh CONFIG|RUN|SWEEP... [--schedule NAME|JSON]... [--set KEY=VALUE]... [--png|--svg|--term] [--out FILE]
Draws the learning rate over the epochs, on a linear and on a logarithmic scale, of up to 8 of:
  CONFIG   as it is planned, each update; with --schedule once for each of these in place of its own
  RUN      as it was, from epochs.csv: the rate at the end of each epoch
  SWEEP    its cells, those with equal rates once
Into runs/schedules.png, or FILE (.png or .svg); --term: in the terminal.'
most=8

# ---- arguments -------------------------------------------------------------------------------------------------------

quoted() { printf "'%s' " "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }

form=
out=
sets=
schedules=
subjects=
count=0
options=yes
while [ $# -gt 0 ]; do
    case $options$1 in
    yes--out | yes--set | yes--schedule) [ $# -gt 1 ] || die "$1: needs a value" 2 ;;
    esac
    case $options$1 in
    yes--) options= ;;
    yes--png | yes--svg | yes--term | yes--html) form=${1#--} ;; # --html: as report.sh embeds it
    yes-h | yes--help) printf '%s\n' "$usage" && exit 0 ;;
    yes--out) out=$2 && shift ;;
    yes--set) sets="$sets--set $(quoted "$2")" && shift ;;
    yes--schedule) schedules="$schedules$(quoted "$2")" && shift ;;
    yes-*) die "$1: unknown option; see plot_schedules.sh --help" 2 ;;
    *) subjects="$subjects$(quoted "$1")" && count=$((count + 1)) ;;
    esac
    shift
done
[ "$count" -gt 0 ] || { printf '%s\n' "$usage" >&2; exit 2; }
case $out in
'') ;;
*.png | *.svg)
    [ "$form" != term ] || die "$out: --term draws in the terminal alone; leave out --out" 2
    [ -z "$form" ] || [ "$(extension)" = "${out##*.}" ] || die "$out: is no ${form}; give it a name that ends in .$form" 2
    [ "$form" = html ] || form=${out##*.}
    [ -d "$(dirname -- "$out")" ] || die "$out: cannot write: there is no such directory; make it first" 2
    ;;
*) die "$out: is neither .png nor .svg; give it a name that ends so" 2 ;;
esac
form=${form:-png}
out=${out:-runs/schedules.$(extension)}
command -v gnuplot >/dev/null || die 'gnuplot is not installed; run scripts/install_deps.sh plot'

# The program: NNEXP, or beside these scripts, or installed. Only configs need it.
nnexp=${NNEXP:-$scripts/../nnexp}
[ -n "${NNEXP:-}" ] || [ -x "$nnexp" ] || nnexp=nnexp

# ---- curves ----------------------------------------------------------------------------------------------------------

series=0
make_work
: >"$work/labels"
: >"$work/full"
: >"$work/floors"

# setting FILE KEY: a number or word of a resolved config, printed one to a line.
setting() { sed -n "s/^ *\"$2\": *\"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$1" | head -n 1; }

# schedule_of FILE: "NAME PARAMETER VALUE, …" of its train.schedule; only words and numbers are let through.
schedule_of() {
    sed -n '/^ *"schedule": {$/,/}/p' "$1" | tr -d '\n' | tr -cd '[:alnum:]_.,:+[-]' |
        sed 's/^schedule:name://; s/,*$//; s/,/, /g; s/:/ /g'
}

# add SOURCE CONFIG: SOURCE may be empty; a curve from $work/curve.csv (x,lr; a stair is two points), with its names for the key.
add() {
    series=$((series + 1))
    [ "$series" -le "$most" ] || die "more than $most schedules are not told apart in one picture; give fewer" 2
    whole_name=$(schedule_of "$2")
    lr=$(setting "$2" lr)
    if [ "$count" -gt 1 ] && [ -n "$1" ]; then printf '%s: %s\n' "$1" "${whole_name%%,*}"; else printf '%s\n' "${whole_name%%,*}"; fi >>"$work/labels"
    shorten "${1:+$1: }lr $lr, $whole_name" >>"$work/full"
    echo >>"$work/full"
    awk -F , "$floor" "$work/curve.csv" >>"$work/floors"
    mv -f -- "$work/curve.csv" "$work/series_$series.csv"
}

# The lowest decade in which a curve spends a fiftieth of its epochs or more: where the logarithmic scale begins, so that
# the last updates of a one_cycle, on their way to almost nothing, do not flatten all the rest.
floor='
    NR > 1 && y > 0 { spent[int(log(y) / log(10) + 1000) - 1000] += $1 - x }
    { x = $1; y = $2 }
    END { for (decade in spent) if (spent[decade] >= x / 50 && (low == "" || decade + 0 < low)) low = decade + 0
          if (low != "") print low }'

# Stairs from step,epoch,lr: x in epochs. Of many updates each of 2000 parts has its ends and its extremes.
stairs='
    NR == 1 { next }
    { step[++n] = $1; epoch = $2; lr[n] = $3 }
    function stair(i) { printf "%.9g,%s\n%.9g,%s\n", from(i), lr[i], step[i] / per, lr[i] }
    function from(i) { return i > 1 ? step[i - 1] / per : 0 }
    END {
        if (n == 0) exit 1
        per = step[n] / epoch
        if (n <= 4000) { for (i = 1; i <= n; i++) stair(i); exit }
        for (part = 0; part < 2000; part++) {
            first = int(part * n / 2000) + 1; last = int((part + 1) * n / 2000); low = high = first
            for (i = first; i <= last; i++) { if (lr[i] + 0 < lr[low] + 0) low = i; if (lr[i] + 0 > lr[high] + 0) high = i }
            stair(first)
            if (low < high) { stair(low); stair(high) } else { stair(high); stair(low) }
            stair(last)
        }
    }'

# plan CONFIG [SCHEDULE]
plan() {
    command -v "$nnexp" >/dev/null || die "$nnexp: no such program; build it with make, or set NNEXP"
    eval "set -- \"\$1\" \"\${2:-}\" $sets"
    config=$1
    schedule=$2
    shift 2
    [ -z "$schedule" ] || set -- "$@" --set "train.schedule=$schedule"
    "$nnexp" check -q --config "$config" "$@" --schedule="$work/plan.csv" >/dev/null || exit 2
    "$nnexp" check -q --config "$config" "$@" >"$work/resolved" || exit 2
    awk -F , "$stairs" "$work/plan.csv" >"$work/curve.csv" || die "$config: nnexp check --schedule wrote no rates"
    add "$(text_of "${config##*/}")" "$work/resolved"
}

# ran RUN: by the rates in epochs.csv, which are those of each epoch's last update: stairs where the schedule counts
# epochs, a line where it counts updates or warms up.
ran() {
    [ -r "$1/config.json" ] && [ -r "$1/epochs.csv" ] ||
        die "$1: no run directory (it has no config.json and epochs.csv); give a config, a run or a sweep" 2
    unit=$(setting "$1/config.json" unit)
    warm=$(sed -n '/^ *"warmup": {$/,/}/s/^ *"epochs": \([0-9.e+-]*\),\{0,1\}$/\1/p' "$1/config.json")
    awk -F , -v unit="$unit" -v warm="${warm:-0}" '
        NR == 1 { for (i = 1; i <= NF; i++) { if ($i == "epoch") e = i; if ($i == "lr") l = i }; if (!e || !l) exit 1; next }
        $l != "nan" { if (unit != "step" && $e > warm + 0) printf "%.9g,%s\n", $e - 1, $l
                      printf "%.9g,%s\n", $e, $l; n++ }
        END { if (!n) exit 1 }' "$1/epochs.csv" >"$work/curve.csv" ||
        die "$1/epochs.csv: has no learning rate; the run has no epoch yet" 2
}

# swept SWEEP: its cells in order, those with the rates of one before left out.
swept() {
    before=$series
    awk -F , 'NR > 1 && $NF ~ /^cells\/[0-9a-f]+$/ { print $NF }' "$1/sweep.csv" >"$work/cells"
    while IFS= read -r cell; do
        [ -r "$1/$cell/epochs.csv" ] || continue
        [ "$(wc -l <"$1/$cell/epochs.csv")" -gt 2 ] || continue
        ran "$1/$cell"
        known=
        for earlier in "$work"/series_*.csv; do
            if cmp -s "$work/curve.csv" "$earlier"; then known=yes; fi
        done
        [ -n "$known" ] || add "$(title_of "$1")" "$1/$cell/config.json"
    done <"$work/cells"
    [ "$series" -gt "$before" ] || die "$1: no cell of it has been trained; run nnexp sweep first" 2
}

# As title_of, of a file's name.
text_of() {
    name=$(printf %s "${1%.json}" | LC_ALL=C tr '[:cntrl:]' '?')
    printf %s "$name" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1 || name=$(printf %s "$name" | LC_ALL=C tr '\200-\377' '?')
    shorten "$name"
}

# The name of a run; none for a cell of a sweep, whose directory tells nobody anything.
source_of() {
    case $1 in */cells/*) [ ! -f "${1%/cells/*}/sweep.json" ] || return 0 ;; esac
    title_of "$1"
}

subject() {
    case $1 in /* | -) ;; *) set -- "./$1" ;; esac
    if [ -d "$1" ] && [ -r "$1/sweep.csv" ]; then swept "$1"
    elif [ -d "$1" ]; then ran "$1" && add "$(source_of "$1")" "$1/config.json"
    elif [ -z "$schedules" ]; then plan "${1#./}"
    else
        one=${1#./}
        eval "set -- $schedules"
        for each; do plan "$one" "$each"; done
    fi
}

eval "set -- $subjects"
for each_subject; do subject "$each_subject"; done
# names that do not tell them apart give way to the longer ones
[ "$(sort -u "$work/labels" | wc -l)" -eq "$series" ] || mv -f -- "$work/full" "$work/labels"

# ---- picture ---------------------------------------------------------------------------------------------------------

measure_terminal
(cd -- "$work" && gnuplot -c "$scripts/parts/schedules.gp" "$form" "$series" "$columns" "$colour" 2>"$work/remarks") || {
    cat "$work/remarks" >&2
    die "gnuplot failed at schedules.gp"
}
[ "$form" = term ] && exit
whole schedules || die "$work: cannot write schedules.$form; make room there, or set TMPDIR to another directory"
keep schedules "$out"
