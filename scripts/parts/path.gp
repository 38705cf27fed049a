# path.gp: the way of two weights over the loss, a panel a run. plot_path.sh calls it where its files lie:
#   gnuplot -c path.gp SCRIPTS path.gp FORM RUNS      (SCRIPTS path.gp FORM RUNS are ARG1 … ARG4)
# surface_K.dat: a b loss. path_K.dat: a b, an update a row. Line K of titles.txt, windows.txt (LOW HIGH LOW HIGH), facts.txt
# (LENGTH NET RATIO LOWEST HIGHEST), and the first two of weights_K.txt: texts are shown (noenhanced), never executed.
FORM = ARG3
RUNS = int(ARG4)
line(file, k) = system(sprintf("sed -n %dp %s", k, file))
fact(file, k, i) = real(word(line(file, k), i))
weight(k, i) = line(sprintf("weights_%d.txt", k), i)
# a title too long for its panel loses its middle
shown(text) = strlen(text) > 44 ? text[1:21]."…".text[strlen(text) - 20:strlen(text)] : text

# Pixels: square panels, at most three in a row, the scale of the loss at their right, the key beneath.
ACROSS = RUNS < 4 ? RUNS : RUNS == 4 ? 2 : 3
ROWS = (RUNS + ACROSS - 1) / ACROSS
SIDE = 430
LEFT = 105
TOP = 66
STEPX = SIDE + LEFT + 15
STEPY = SIDE + TOP + 62
SCALE = 110
KEY = RUNS == 1 ? 60 : 36
WIDTH = ACROSS * STEPX + SCALE
HEIGHT = ROWS * STEPY + KEY
x_of(pixel) = pixel / (1.0 * WIDTH)
y_of(pixel) = 1 - pixel / (1.0 * HEIGHT)

set encoding utf8
if (FORM eq "png") {
    set terminal pngcairo size WIDTH, HEIGHT font "DejaVu Sans,13" linewidth 1.5 enhanced background rgb "white"
    set output "path.png"
} else {
    set terminal svg size WIDTH, HEIGHT font "DejaVu Sans,13" linewidth 1.5 enhanced dynamic background rgb "white"
    set output "path.svg"
}

# About so many steps over a range, each 1, 2 or 5 times a power of ten.
power(x) = 10 ** floor(log10(x))
times(m) = m < 1.5 ? 1 : m < 3.5 ? 2 : m < 7.5 ? 5 : 10
step(range, count) = power(range / count) * times(range / count / power(range / count))

# One scale of the loss for all panels, logarithmic; lines at 1, 2, 5 … or closer where it does not vary much.
LOW = fact("facts.txt", 1, 4)
HIGH = fact("facts.txt", 1, 5)
do for [k = 2:RUNS] {
    if (fact("facts.txt", k, 4) < LOW) { LOW = fact("facts.txt", k, 4) }
    if (fact("facts.txt", k, 5) > HIGH) { HIGH = fact("facts.txt", k, 5) }
}
if (LOW < HIGH * 1e-6) { LOW = HIGH * 1e-6 }
if (!(HIGH > LOW)) { LOW = LOW > 0 ? 0.9 * LOW : 0.1; HIGH = HIGH > 0 ? 1.1 * HIGH : 1 }
DECADES = log10(HIGH / LOW)
STEPS = DECADES > 4 ? "1" : DECADES > 2 ? "1 2 5" : DECADES > 1.6 ? "1 1.5 2 3 5 7" : DECADES > 1 ? "1 1.2 1.5 2 2.5 3 4 5 7" : "1 1.2 1.4 1.7 2 2.4 2.8 3.3 4 5 6 7 8.5"
LEVELS = ""
TICKS = ""
if (DECADES < 0.25) { # a few even steps
    even = step(HIGH - LOW, 6)
    do for [i = int(ceil(LOW / even)):int(floor(HIGH / even))] {
        LEVELS = LEVELS.sprintf("%s%.9g", LEVELS eq "" ? "" : ",", i * even)
        TICKS = TICKS.sprintf("%s\"%g\" %.9g", TICKS eq "" ? "" : ",", i * even, i * even)
    }
} else {
    do for [e = int(floor(log10(LOW))):int(ceil(log10(HIGH)))] {
        do for [s in STEPS] {
            level = real(s) * 10.0 ** e
            if (level > LOW && level < HIGH) {
                LEVELS = LEVELS.sprintf("%s%.9g", LEVELS eq "" ? "" : ",", level)
                TICKS = TICKS.sprintf("%s\"%g\" %.9g", TICKS eq "" ? "" : ",", level, level)
            }
        }
    }
}
if (LEVELS ne "") {
    set contour base
    unset surface
    set view map
    eval "set cntrparam levels discrete ".LEVELS
    do for [k = 1:RUNS] {
        set table sprintf("contour_%d.dat", k)
        splot sprintf("surface_%d.dat", k) using 1:2:3 with lines
        unset table
    }
    unset contour
    set surface
}

set palette defined (0 "#F2F6FA", 0.35 "#C3D3E6", 0.7 "#7D9CC4", 1 "#3F5F94") maxcolors 0
set logscale cb
set cbrange [LOW:HIGH]
eval "set cbtics (".TICKS.") scale 0.4 textcolor rgb \"black\""
set border 15 lw 0.7 lc rgb "#808080"
set tics nomirror out scale 0.4 textcolor rgb "black"
unset key
set multiplot
do for [k = 1:RUNS] {
    column = (k - 1) % ACROSS
    row = (k - 1) / ACROSS
    left = column * STEPX + LEFT
    top = row * STEPY + TOP
    set lmargin at screen x_of(left)
    set rmargin at screen x_of(left + SIDE)
    set tmargin at screen y_of(top)
    set bmargin at screen y_of(top + SIDE)
    set xrange [fact("windows.txt", k, 1):fact("windows.txt", k, 2)]
    set yrange [fact("windows.txt", k, 3):fact("windows.txt", k, 4)]
    set xtics step(fact("windows.txt", k, 2) - fact("windows.txt", k, 1), 5)
    set ytics step(fact("windows.txt", k, 2) - fact("windows.txt", k, 1), 5)
    set xlabel weight(k, 1) noenhanced offset 0, 0.4
    set ylabel weight(k, 2) noenhanced offset 1, 0
    set label 1 shown(line("titles.txt", k)) at screen x_of(left + SIDE / 2), screen y_of(top - 44) center noenhanced font ",15"
    set label 2 sprintf("path %.3g, net %.3g, ratio %.3g", fact("facts.txt", k, 1), fact("facts.txt", k, 2), \
        fact("facts.txt", k, 3)) at screen x_of(left + SIDE / 2), screen y_of(top - 18) center noenhanced
    path = sprintf("path_%d.dat", k)
    unset colorbox
    if (column == ACROSS - 1 && row == 0 || RUNS == k && k < ACROSS) {
        set colorbox user origin x_of(ACROSS * STEPX + 8), y_of(TOP + SIDE) size x_of(16), SIDE / (1.0 * HEIGHT)
        set label 3 "loss" at screen x_of(ACROSS * STEPX + 16), screen y_of(TOP - 18) center noenhanced
    }
    plot sprintf("surface_%d.dat", k) using 1:2:($3 < LOW ? LOW : $3) with image notitle, \
        (LEVELS eq "" ? "/dev/null" : sprintf("contour_%d.dat", k)) using 1:2 with lines lw 0.6 lc rgb "#5A6B85" notitle, \
        path using 1:2 with lines lw 2.6 lc rgb "white" notitle, \
        path using 1:2 with lines lw 1.3 lc rgb "#C04A00" notitle, \
        path using 1:2 with points pt 7 ps 0.35 lc rgb "#C04A00" notitle, \
        path using 1:2 every ::0::0 with points pt 7 ps 1.7 lc rgb "black" notitle, \
        path using 1:2 every ::0::0 with points pt 7 ps 1.2 lc rgb "white" notitle, \
        "<tail -n 1 ".path using 1:2 with points pt 7 ps 1.7 lc rgb "white" notitle, \
        "<tail -n 1 ".path using 1:2 with points pt 7 ps 1.3 lc rgb "black" notitle
    unset label 3
}
# the key, in two rows under one panel
NARROW = ACROSS == 1 ? 2 : 1
WIDER = ACROSS == 1 ? 0 : -1
unset colorbox
unset label
unset border
unset tics
unset xlabel
unset ylabel
set lmargin at screen 0
set rmargin at screen 1
set tmargin at screen y_of(HEIGHT - KEY)
set bmargin at screen 0
set xrange [0:1]
set yrange [0:1]
set key center center horizontal Left reverse maxrows NARROW samplen 1.5 width WIDER noenhanced font ",12"
plot NaN with lines lw 2 lc rgb "#C04A00" title "path, a point an update", NaN with points pt 6 ps 1.3 lw 1.2 lc rgb "black" title "start", \
    NaN with points pt 7 ps 1.3 lc rgb "black" title "end", NaN with lines lw 0.8 lc rgb "#5A6B85" title "equal loss"
unset multiplot
