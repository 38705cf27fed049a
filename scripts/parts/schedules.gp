# schedules.gp: series_1.csv … (x in epochs, lr), named by the lines of `labels`, on a linear and a logarithmic scale;
# plot_schedules.sh calls it: gnuplot -c schedules.gp FORM SERIES COLUMNS COLOUR
# The names are shown (noenhanced), never executed.
FORM = ARG1
SERIES = int(ARG2)
COLUMNS = int(ARG3)
COLOURED = int(ARG4)
TERM = FORM eq "term"
HTML = FORM eq "html" # SVG for a page: the linear scale alone, whose curves can be told by scripts
set encoding utf8
set datafile separator comma
name_of(k) = system(sprintf("sed -n %dp labels", k))
file_of(k) = sprintf("series_%d.csv", k)
# what the axes must hold
X = 0
HIGH = 0
FLOOR = system("sort -n floors | head -n 1")
LOW = FLOOR eq "" ? 0 : 10.0 ** int(FLOOR)
do for [k = 1:SERIES] {
    stats file_of(k) using 1:2 name "S" nooutput
    if (S_max_x > X) { X = S_max_x }
    if (S_max_y > HIGH) { HIGH = S_max_y }
}
if (HIGH <= 0) { HIGH = 1 }
if (LOW <= 0 || LOW >= HIGH) { LOW = HIGH / 10 }
# twelve decades at most
if (LOW < HIGH * 1e-12) { LOW = HIGH * 1e-12 }
KEY = 34 + 24 * ceil(SERIES / 2.0)
WIDTH = 1600
HEIGHT = 560 + KEY
if (FORM eq "png") { set terminal pngcairo size WIDTH, HEIGHT font "DejaVu Sans,14" linewidth 2 enhanced background rgb "white" }
if (FORM eq "svg") { set terminal svg size WIDTH, HEIGHT font "DejaVu Sans,14" linewidth 2 enhanced dynamic background rgb "white" }
if (HTML) {
    set terminal svg size 600, 380 + 12 * SERIES font "DejaVu Sans,15" linewidth 1.6 enhanced mouse standalone name "schedules" background rgb "white"
}
if (!TERM) { set output "schedules.".(HTML ? "svg" : FORM) }
if (COLUMNS < 40) { COLUMNS = 40 }
if (TERM) {
    if (COLOURED) { set terminal dumb size COLUMNS, 24 + SERIES ansi256 noenhanced } else { set terminal dumb size COLUMNS, 24 + SERIES mono noenhanced }
}
load ARG0[1:strlen(ARG0) - strlen("schedules.gp")]."colours.gp"
# a later curve is thinner, so that those on which it lies are seen on either side
thick(k) = SERIES == 1 ? 1.8 : 2.8 - 1.8 * (k - 1) / (SERIES - 1)
set border 3 lw 0.7 lc rgb "#808080"
set tics nomirror out scale 0.5 textcolor rgb "black"
if (!TERM) { set grid ytics back linetype 1 linewidth 0.4 linecolor rgb "#D8D8D8" }
set xrange [0:X]
set xlabel "epoch"
set format y "%g"
if (TERM) { set key bmargin left vertical Left reverse noenhanced maxcols 1 } else {
    if (!HTML) {
        unset key
        set multiplot
    }
}
if (HTML) {
    set key bmargin center horizontal Left reverse noenhanced maxcols 2 font ",13"
    set xlabel offset 0, 0.4
}
set title HTML ? "learning rate" : "learning rate, linear scale"
set yrange [0:HIGH * 1.04]
if (HTML) {
    plot for [k = 1:SERIES] file_of(k) using 1:2 with lines lw thick(k) lc rgb HUES[k] title name_of(k)
    exit
}
if (!TERM) {
    set origin 0, KEY / (1.0 * HEIGHT)
    set size 0.5, 560.0 / HEIGHT
    set lmargin 11
    set rmargin 3
}
if (TERM) {
    plot for [k = 1:SERIES] file_of(k) using 1:2 with lines lc rgb HUES[k] title name_of(k)
} else {
    plot for [k = 1:SERIES] file_of(k) using 1:2 with lines lw thick(k) lc rgb HUES[k]
}
set title "learning rate, logarithmic scale"
set logscale y
set format y "10^{%T}"
if (TERM) { set format y "%g" }
set yrange [LOW:HIGH * 1.3]
if (!TERM) { set origin 0.5, KEY / (1.0 * HEIGHT) }
if (TERM) {
    plot for [k = 1:SERIES] file_of(k) using 1:2 with lines lc rgb HUES[k] title name_of(k)
} else {
    plot for [k = 1:SERIES] file_of(k) using 1:2 with lines lw thick(k) lc rgb HUES[k]
    # the key beneath both, two names a line
    set origin 0, 0
    set size 1, KEY / (1.0 * HEIGHT)
    set lmargin 0
    set rmargin 0
    set tmargin 0
    set bmargin 0
    unset logscale
    unset border
    unset tics
    unset grid
    unset title
    unset xlabel
    set xrange [0:1]
    set yrange [0:1]
    set key center center horizontal Left reverse maxcols 2 noenhanced samplen 4 spacing 1.2 width 2
    plot for [k = 1:SERIES] NaN with lines lw thick(k) lc rgb HUES[k] title name_of(k)
    unset multiplot
}
