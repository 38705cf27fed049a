# compare.gp: panels of curves, one a run. compare.sh calls it where compare.awk left its files:
#   gnuplot -c compare.gp SCRIPTS FORM PICTURE ONLY "COLUMNS COLOUR"
# ONLY: the number of the one panel that a page wants, else 0. Titles and notes are shown (noenhanced), never executed.
SCRIPTS = ARG1
FORM = ARG2
PICTURE = ARG3
ONLY = int(ARG4)
COLUMNS = int(word(ARG5, 1))
COLOUR = int(word(ARG5, 2))
TERM = FORM eq "term"
HTML = FORM eq "html"
load "facts.gp" # RUNS, PANELS, NOTE_LINES; KEY_WIDTH: characters of the longest title; CAUTIONS: lines of cautions.txt
line_of(file, k) = system(sprintf("sed -n %dp %s", k, file))
fact(p, i) = real(word(line_of("axes.txt", p), i))
larger(a, b) = a > b ? a : b
smaller(a, b) = a < b ? a : b
# Notes on a panel stand beneath one another.
lines(s) = strstrt(s, "\t") ? s[1:strstrt(s, "\t") - 1]."\n".lines(s[strstrt(s, "\t") + 1:*]) : s
# A line too long for the picture loses its middle.
shortened(s, most) = strlen(s) <= most ? s : s[1:most / 2]."…".s[strlen(s) - most / 2 + 2:*]
GREY = "#808080"
set encoding utf8
load SCRIPTS."/colours.gp"
LETTERS = "abcdefghijkl"
hue(k) = RUNS > 8 ? plasma((k - 1.0) / (RUNS - 1)) : HUES[k]
MORE = "7 5 9 13 11 6 4 8 10 12 3 2" # marks of twelve
mark(k) = TERM ? LETTERS[k:k] : int(word(MORE, k))
# Dashes let a line beneath be seen: the first of the runs is solid.
DASHES = "solid (8,4) (3,3) (9,3,3,3) (15,4) (9,3,3,3,3,3)"
dash(k) = word(DASHES, (k - 1) % 6 + 1)
do for [k = 1:RUNS] { eval sprintf("set linetype %d lc rgb '%s' lw 1.4 dt %s pt %d", k, hue(k), dash(k), TERM ? 0 : mark(k)) }

# Pixels: cells in rows, one key for all in what is free of the last row, or beneath.
SHOWN = ONLY ? 1 : PANELS
ACROSS = SHOWN <= 3 ? SHOWN : SHOWN == 4 ? 2 : SHOWN <= 9 ? 3 : 4
DOWN = int(ceil(SHOWN / (1.0 * ACROSS)))
CELL = HTML ? 640 : SHOWN == 1 ? 1000 : SHOWN == 2 ? 720 : 640
NOTES = ONLY ? words(system(sprintf("sed -n %dp notes.txt | tr -d ' ' | tr '\\t' ' '", ONLY))) : NOTE_LINES
TOP = ONLY ? 48 : 52
BOTTOM = 66 + 22 * NOTES
TALL = (SHOWN == 1 && !HTML ? 560 : 400) + TOP + BOTTOM - 40
HEAD = HTML ? 0 : 44 + 22 * CAUTIONS
ENTRY = 105 + 9.6 * KEY_WIDTH
FREE = ACROSS * DOWN - SHOWN
INSIDE = FREE * CELL > ENTRY + 40 && RUNS * 27 < TALL - 60
KEY_COLUMNS = INSIDE ? 1 : larger(1, smaller(RUNS, int(0.96 * ACROSS * CELL / ENTRY)))
KEY_ROWS = int(ceil(RUNS / (1.0 * KEY_COLUMNS)))
WIDE = ACROSS * CELL
HIGH = HEAD + DOWN * TALL + (INSIDE ? 0 : 27 * KEY_ROWS + 22)
load SCRIPTS."/sweep_terminal.gp"
if (TERM) { set key off }

if (!TERM && !HTML) {
    set multiplot
    set label 90 shortened(line_of("heading.txt", 1), int(WIDE / 11.5)) at screen 0.5, screen y_of(26) center noenhanced font ",18"
    do for [i = 1:CAUTIONS] {
        set label 90 + i shortened(line_of("cautions.txt", i), int(WIDE / 9)) at screen 0.5, screen y_of(28 + 22 * i) center noenhanced
    }
}
unset key
LOG = SCRIPTS."/sweep_log.gp"
do for [i = 1:SHOWN] {
    p = ONLY ? ONLY : i
    LOW = fact(p, 1)
    HIGH_Y = fact(p, 2)
    LOGS = int(fact(p, 3))
    X_LOW = fact(p, 4)
    X_HIGH = fact(p, 5)
    DEPTH = int(fact(p, 6))
    DRAWN = int(fact(p, 7))
    NOTE = lines(line_of("notes.txt", p))
    left = ((i - 1) % ACROSS) * CELL
    top = HEAD + ((i - 1) / ACROSS) * TALL
    PAD = X_HIGH > X_LOW ? (DEPTH ? 0.04 : 0.02) * (X_HIGH - X_LOW) : 0.5
    set xrange [X_LOW - PAD:X_HIGH + PAD]
    if (X_HIGH - X_LOW <= 12) { set xtics 1 } else { set xtics auto }
    unset logscale y
    set format y "%g"
    set ytics auto
    set mytics 1
    set yrange [LOW:HIGH_Y]
    if (LOGS) { call LOG "y" "LOW" "HIGH_Y" }
    set title line_of("headings.txt", p) noenhanced offset 0, (TERM ? 0 : -0.3)
    set xlabel line_of("labels.txt", p).(NOTE eq "" ? "" : "\n".NOTE) noenhanced offset 0, (TERM ? 0 : 0.4)
    if (TERM) { set tmargin 2; set bmargin 3 + NOTES; set lmargin 10; set rmargin 3 } else {
        set lmargin at screen x_of(left + 92)
        set rmargin at screen x_of(left + CELL - 22)
        set tmargin at screen y_of(top + TOP)
        set bmargin at screen y_of(top + TALL - BOTTOM)
    }
    if (HTML) { set key at screen 0.5, screen y_of(HIGH - 13.5 * KEY_ROWS - 10) center center vertical maxrows KEY_ROWS \
        samplen 3 width 2 - 0.25 * KEY_WIDTH Left reverse noenhanced }
    unset label 1
    if (!DRAWN) { set label 1 "no values in the logs" at graph 0.5, 0.5 center textcolor rgb GREY }
    curve(k) = sprintf("curve_%d_%d.dat", p, k)
    every(k) = int(fact(p, 7 + k))
    if (TERM) {
        plot for [k = 1:RUNS] curve(k) using 1:2 with points pt mark(k) lc rgb hue(k), \
            sprintf("crosses_%d.dat", p) using 1:2 with points pt "X" lc rgb "black"
    } else {
        plot for [k = 1:RUNS] curve(k) using 1:2 with linespoints lt k ps 0.8 pi every(k) title (HTML ? line_of("titles.txt", k) : ""), \
            for [k = 1:RUNS] sprintf("crosses_%d.dat", p) using 1:($3 == k ? $2 : NaN) with points pt 2 ps 1.5 lw 1.6 lc rgb hue(k) notitle
    }
    do for [c = 0:CAUTIONS] { unset label 90 + c }
}
if (!TERM && !HTML) { # the key
    unset border
    unset tics
    unset xlabel
    unset title
    unset grid
    unset label
    set lmargin at screen 0
    set rmargin at screen 1
    set tmargin at screen 1
    set bmargin at screen 0
    unset logscale
    set xrange [0:1]
    set yrange [0:1]
    KEY_X = INSIDE ? x_of(WIDE - FREE * CELL / 2.0) : 0.5
    KEY_Y = INSIDE ? y_of(HIGH - TALL / 2.0 - 10) : y_of(HIGH - 13.5 * KEY_ROWS - 12)
    set key at screen KEY_X, screen KEY_Y center center vertical maxrows KEY_ROWS samplen 4 width 2 - 0.25 * KEY_WIDTH Left reverse noenhanced
    plot for [k = 1:RUNS] NaN with linespoints lt k ps 0.9 title line_of("titles.txt", k)
    unset multiplot
}
