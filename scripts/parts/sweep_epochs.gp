# sweep_epochs.gp: loss by epoch of the cells, coloured by their first axis.
load "epochs.gp"
EPOCHS_LOW = LOW
EPOCHS_HIGH = HIGH
WIDE = HTML ? 680 : 1000
ENTRIES = TONES + (ENDED && (DIVERGED || SHORT)) + (DIVERGED > 0) + (SHORT > 0)
COLUMNS_OF_KEY = larger(1, int(0.95 * WIDE / (85 + 11.5 * TONE_WIDTH)))
KEYS = larger(1, ceil(ENTRIES / (1.0 * COLUMNS_OF_KEY)))
HIGH = 674 + 26 * KEYS
load PAGE
if (!TERM) {
    set label TITLE at screen 0.5, screen y_of(24) center noenhanced font ",18"
    set label told(5) at screen 0.5, screen y_of(52) center noenhanced
    if (DRAWN < EPOCHS_OF || EPOCHS_OF >= 400) {
        set label sprintf("%d cells drawn", DRAWN) at screen 0.5, screen y_of(76) center
    }
}
# Epochs 1 … LAST; what was measured before the first update may lie far above.
set xrange [0:larger(LAST, 1)]
if (LAST <= 12) { set xtics 1 }
LOW = EPOCHS_LOW
TOP = EPOCHS_HIGH
set yrange [LOGS ? LOW / 1.15 : LOW - 0.05 * (TOP - LOW):TOP]
if (LOGS) { call LOG "y" "LOW" "TOP" }
set y2range [0:1]
set xlabel "epoch"
set ylabel told(7) noenhanced offset 0.5, 0
set tmargin at screen y_of(95)
set lmargin at screen x_of(larger(110, beside(LOW, TOP, LOGS)))
set rmargin at screen x_of(WIDE - (TONES ? 30 : 140))
set bmargin at screen y_of(560)
set key at screen 0.5, screen y_of(HIGH - 13 * KEYS - 22) center center vertical maxrows KEYS \
    samplen 2 width 1 - 0.15 * TONE_WIDTH Left reverse # gnuplot takes letters for wider than they are
tone(k) = k == 9 ? "#B0B0B0" : HUES[int(k)]
if (TONES) {
    plot for [k = 1:TONES] "epochs_diverged.dat" using 1:($3 == k ? $2 : NaN) with lines lw 0.9 dashtype (6, 4) lc rgb tone(k) notitle, \
        for [k = 1:TONES] "epochs_short.dat" using 1:($3 == k ? $2 : NaN) with lines lw 0.6 dashtype (1, 2) lc rgb tone(k) notitle, \
        for [k = 1:TONES] "epochs_ended.dat" using 1:($3 == k ? $2 : NaN) with lines lw 0.8 lc rgb tone(k) notitle, \
        "epochs_crosses.dat" using 1:(0.985) axes x1y2 with points pt 2 ps 1 lc rgb "black" notitle, \
        for [k = 1:TONES] keyentry with lines lw 1.2 lc rgb tone(k) title line_of("tones.txt", k), \
        keyentry with lines lw 1 lc rgb "black" title (ENDED && (DIVERGED || SHORT) ? "finished" : ""), \
        keyentry with linespoints dashtype (6, 4) pt 2 ps 1 lc rgb "black" title (DIVERGED ? "diverged" : ""), \
        keyentry with lines dashtype (1, 2) lc rgb "black" title (SHORT ? "cut short" : "")
} else {
    set cbrange [TONE_LOW:(TONE_HIGH > TONE_LOW ? TONE_HIGH : TONE_LOW + 1)]
    set format cb "%g"
    if (TONE_LOG) { set cbrange [TONE_FIRST:TONE_HIGH]; call LOG "cb" "TONE_FIRST" "TONE_HIGH" }
    set colorbox user origin screen x_of(WIDE - 120), graph 0 size screen x_of(22), graph 1
    set cblabel line_of("tone.txt", 1) noenhanced
    at_least(v) = v < TONE_FIRST && TONE_LOG ? TONE_FIRST : v
    plot "epochs_diverged.dat" using 1:2:(at_least($3)) with lines lw 0.9 dashtype (6, 4) lc palette notitle, \
        "epochs_short.dat" using 1:2:(at_least($3)) with lines lw 0.6 dashtype (1, 2) lc palette notitle, \
        "epochs_ended.dat" using 1:2:(at_least($3)) with lines lw 0.8 lc palette notitle, \
        "epochs_crosses.dat" using 1:(0.985):(at_least($2)) axes x1y2 with points pt 2 ps 1 lc palette notitle, \
        keyentry with lines lw 1 lc rgb "black" title (ENDED && (DIVERGED || SHORT) ? "finished" : ""), \
        keyentry with linespoints dashtype (6, 4) pt 2 ps 1 lc rgb "black" title (DIVERGED ? "diverged" : ""), \
        keyentry with lines dashtype (1, 2) lc rgb "black" title (SHORT ? "cut short" : "")
}
