# find_lr.gp: the curves of a range test, and below them its short runs; plot_find_lr.sh calls it in the directory where
# find_lr.awk put what it draws: gnuplot -c find_lr.gp FORM TITLE COLUMNS COLOUR
FORM = ARG1
TERM = FORM eq "term"
load "facts.gp"
set encoding utf8
set datafile separator comma
HEIGHT = RUNS > 0 ? 980 : 640
if (FORM eq "png") { set terminal pngcairo size 1000, HEIGHT font "DejaVu Sans,15" linewidth 2 enhanced background rgb "white" }
if (FORM eq "svg") { set terminal svg size 1000, HEIGHT font "DejaVu Sans,15" linewidth 2 enhanced background rgb "white" }
if (TERM) { if (int(ARG4)) { set terminal dumb size int(ARG3), 22 ansi noenhanced } else { set terminal dumb size int(ARG3), 22 noenhanced } }
if (!TERM) { set output "find_lr.".FORM }

BLUE = "#0072B2"
ORANGE = "#D55E00"
GREY = "#808080"
set border 3 lw 0.7 lc rgb GREY
set tics nomirror out scale 0.5 textcolor rgb "black"
if (!TERM) { set grid ytics back linetype 1 linewidth 0.4 linecolor rgb "#D8D8D8" }
set logscale x
RIGHT = LAST * 1.3
set xrange [FIRST:RIGHT]
if (TERM) { set format x "%.0e" } else { set format x "10^{%T}" }
set mxtics 10
set lmargin 10
set rmargin 3
FALL = START - LOWEST > 0 ? START - LOWEST : 1e-3 + 0.01 * abs(START)
BOTTOM = LOWEST - 0.16 * FALL
TOP = START + 0.5 * FALL
MARKS = LOWEST - 0.1 * FALL
array RULE[4] = [STEEPEST, VALLEY, MINIMUM_TENTH, SLIDE]
array NAME[4] = ["steepest", "valley", "minimum / 10", "slide"]
array MARK[4] = [9, 11, 5, 13]
FOUND = SUGGESTION == SUGGESTION # NaN is not itself
shown(y, top) = y < top ? y : NaN
WIDTH = LOW == LOW # likewise
VERDICT = FOUND ? sprintf("%s: suggested rate %.3g", ARG2, SUGGESTION).(WIDTH ? sprintf(" (%.3g to %.3g)", LOW, HIGH) : "") : ARG2.": no suggestion"

if (WIDTH && !TERM) { set object 1 rectangle from first LOW, graph 0 to first HIGH, graph 1 behind fillcolor rgb "#FBE3D6" fillstyle solid 1 noborder }
if (FOUND && !TERM) {
    set arrow 1 from first SUGGESTION, graph 0 to first SUGGESTION, graph 1 nohead lw 1 lc rgb ORANGE front
}
if (!TERM && RUNS > 0) { set multiplot }
# the keys stand below the curves, never on them
if (!TERM) { set key center center horizontal Left reverse noenhanced samplen 1.4 font ",12" maxcols 4 width -3 at screen 0.53, (RUNS > 0 ? 0.482 : 0.05) }
if (!TERM) { set tmargin at screen (RUNS > 0 ? 0.95 : 0.93); set bmargin at screen (RUNS > 0 ? 0.565 : 0.2) }
set title VERDICT noenhanced
set xlabel (RUNS > 0 && !TERM ? "" : "learning rate") offset 0, (TERM ? 0 : 0.4)
set ylabel TERM ? "" : "training loss, held rows" offset 1, 0
set yrange [BOTTOM:TOP]
LINES = TERM ? "points" : "lines"
if (TERM) {
    set key top left
    plot "curves.csv" using 1:(shown(column(3), TOP)) with points pt "*" title "smoothed loss", \
        for [i = 1:FOUND] "+" using (SUGGESTION):(MARKS) every ::0::0 with points pt "S" title "S: the suggestion"
} else {
    plot "curves.csv" using 1:(shown(column(2), TOP)) with points pt 7 ps 0.35 lc rgb "#9CC7E0" title sprintf("loss before each update, %d seed%s", SEEDS, SEEDS == 1 ? "" : "s"), \
         "curves.csv" using 1:(shown(column(3), TOP)) with lines lw 1.1 lc rgb BLUE title "smoothed", \
         for [i = 1:FOUND * 4] "+" using (RULE[i]):(MARKS) every ::0::0 with points pt MARK[i] ps 1.3 lc rgb "#404040" title NAME[i], \
         NaN with lines lw 1 lc rgb (FOUND ? ORANGE : "white") title FOUND ? "suggestion".(WIDTH ? ", its interval shaded" : "") : ""
}
if (!TERM && RUNS > 0) {
    set tmargin at screen 0.395
    set bmargin at screen 0.115
    set key width 0 at screen 0.53, 0.02
    set xlabel "learning rate"
    set title sprintf("short runs of %d epoch%s", EPOCHS, EPOCHS == 1 ? "" : "s")
    set ylabel JUDGED." at their end" noenhanced
    ROOM = MOST > LEAST ? MOST - LEAST : 1e-3 + 0.01 * abs(MOST)
    WIDE = MOST > 5 * LEAST && LEAST > 0
    if (WIDE) {
        set logscale y
        set yrange [LEAST / 1.5:MOST * 2.5]
        EDGE = MOST * 2
        DECADES = log10(MOST / LEAST)
        # few decades are marked at 2 and 5 too, many are marked every so many
        if (DECADES < 3) {
            set ytics (1)
            do for [e = -12:12] { do for [k in "1 2 5"] { set ytics add (k * 10.0 ** e) } }
        } else {
            set format y "10^{%T}"
            set ytics 10.0 ** floor(log10(LEAST)), 10.0 ** ceil(DECADES / 8), 10.0 ** ceil(log10(MOST * 2.5))
        }
    } else {
        set yrange [LEAST - 0.1 * ROOM:MOST + 0.25 * ROOM]
        EDGE = MOST + 0.2 * ROOM
    }
    plot "runs.csv" using 1:2 with points pt 6 ps 1 lc rgb BLUE title "a run", \
         "medians.csv" using 1:2 with lines lw 1.1 lc rgb BLUE title "median over the seeds", \
         for [i = 1:GONE > 0] "runs.csv" using 1:(column(3) == 1 ? EDGE : NaN) with points pt 2 ps 1.2 lc rgb ORANGE title sprintf("diverged: %d", GONE)
}
if (!TERM && RUNS > 0) { unset multiplot }
