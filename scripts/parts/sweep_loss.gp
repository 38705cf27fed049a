# sweep_loss.gp: loss (and score) at the end against an axis: cells as points, means with their standard errors, a curve
# each value of a second axis; crosses at the top edge where cells diverged.
PANELS = SCORED && !ONLY ? 2 : 1
NAMED = X_NAMES > 0
TURNED = NAMED && X_TURNED # long names of categories are turned, others folded
WIDE = HTML ? 640 : PANELS == 2 ? 1440 : 1000
DEEP = HTML ? 440 : 520 # where the panel ends
ENTRIES = CURVES + (SEEDS > 1 ? NAMED ? 1 : 2 : 0) + (CROSS_ROWS ? 1 : 0) + (PARTLY ? 1 : 0)
COLUMNS_OF_KEY = int(0.95 * WIDE / (85 + 11.5 * KEY_WIDTH))
ROWS = ceil(ENTRIES / (1.0 * COLUMNS_OF_KEY))
BELOW = 85 + (NAMED && !TURNED ? 16 * (X_LINES - 1) : 0) + (BY ? 30 : 0) + ROWS * 25 + (TURNED ? 6 * X_LONGEST : 0)
HIGH = DEEP + BELOW
load PAGE

if (!TERM && PANELS > 1) { set multiplot layout 1, PANELS }
if (!TERM) {
    set label 90 TITLE at screen 0.5, screen y_of(24) center noenhanced font ",18"
    set label 91 told(5) at screen 0.5, screen y_of(50) center noenhanced
    set label 92 told(6) at screen 0.5, screen y_of(74) center noenhanced
}

# Room at the top for the crosses: a row for each curve that has some.
STRIP = CROSS_ROWS ? 0.03 + 0.04 * CROSS_ROWS : 0
PAD_X = X_HIGH > X_LOW ? 0.04 : 0
if (NAMED) {
    set xrange [0.4:X_NAMES + 0.6]
    set xtics ("" 1)
    EVERY = int(ceil(X_NAMES / 24.0))
    do for [i = 1:X_NAMES:EVERY] { set xtics add (folded(line_of("ticks.txt", i)) i) }
    set xtics noenhanced font ",13"
    if (TURNED && !TERM) { set xtics rotate by -45 left }
} else {
    if (X_LOG) {
        set xrange [X_LOW / (X_HIGH / X_LOW) ** PAD_X:X_HIGH * (X_HIGH / X_LOW) ** PAD_X]
        call LOG "x" "X_LOW" "X_HIGH"
        if (X_ZERO) { set xtics add ("0" X_LOW) }
    } else { set xrange [X_LOW - PAD_X * (X_HIGH - X_LOW) - (PAD_X > 0 ? 0 : 0.5):X_HIGH + PAD_X * (X_HIGH - X_LOW) + (PAD_X > 0 ? 0 : 0.5)] }
}
set xlabel told(1) noenhanced offset 0, (NAMED && !TURNED ? -0.6 * (X_LINES - 1) : 0)
set bars NAMED ? 0.6 : 0
across(row) = 0.98 - 0.04 * (row - 1)

do for [panel = 1:PANELS] {
    LOSS = ONLY ? ONLY == 1 : panel == 1
    FIRST = panel == 1
    LOW = LOSS ? LOSS_LOW : SCORE_LOW
    TOP = LOSS ? LOSS_HIGH : SCORE_HIGH
    if (!MEASURED) { LOW = 0.1; TOP = 10 }
    unset logscale y
    set format y "%g"
    set ytics auto
    ROOM = LOSS ? STRIP : 0
    LOGGED = (LOSS || SCORE_ERROR) && LOW > 0 && TOP > 8 * LOW
    if (LOGGED) {
        LOW = LOW / 1.15
        TOP = TOP * 1.1
        set yrange [LOW:TOP * (TOP / LOW) ** (ROOM / (1 - ROOM))]
        call LOG "y" "LOW" "TOP"
    } else {
        if (TOP <= LOW) { TOP = LOW + (LOW == 0 ? 1 : abs(LOW) * 0.05) }
        STEP = TOP - LOW
        set yrange [LOW - 0.05 * STEP:TOP + 0.05 * STEP + 1.1 * STEP * ROOM / (1 - ROOM)]
    }
    set y2range [0:1]
    unset arrow
    if (ROOM > 0) {
        set arrow from graph 0, graph 1 - ROOM to graph 1, graph 1 - ROOM nohead lw 0.5 dashtype (2, 4) lc rgb GREY
    }
    unset y2tics
    set ylabel (TERM ? "" : told(LOSS ? 2 : 3)) noenhanced offset 0.5, 0
    if (TERM) { set xlabel ""; set title told(LOSS ? 2 : 3).", by ".told(1) noenhanced; set key bmargin left vertical Left reverse samplen 1 maxcols 1; set bmargin CURVES + 3 } else {
        set lmargin at screen (panel - 1.0) / PANELS + x_of(beside(LOW, TOP, LOGGED))
        set rmargin at screen (1.0 * panel) / PANELS - x_of(TURNED && NAMED ? 20 + 6 * X_LONGEST : 25)
        set tmargin at screen y_of(105)
        set bmargin at screen y_of(DEEP)
        if (FIRST) {
            set key at screen 0.5, screen y_of(HIGH - ROWS * 12.5 - 10) center center vertical maxrows ROWS \
                samplen 2 width 1 - 0.15 * KEY_WIDTH Left reverse # gnuplot takes letters for wider than they are
        } else { unset key; unset label 90; unset label 91; unset label 92 }
        if (FIRST && BY) {
            set label 93 told(4).":" at screen 0.5, screen y_of(HIGH - ROWS * 25 - 26) center noenhanced
        } else { unset label 93 }
    }
    M = LOSS ? 2 : 5
    below(v) = LOGGED && v <= 0 ? LOW / 2 : v # where an error reaches below nothing
    file(k) = sprintf("curve_%d.dat", k)
    cells(k) = sprintf("point_%d.dat", k)
    if (!TERM) {
        plot for [k = 1:CURVES] file(k) using (NAMED ? NaN : $1):(below(column(M + 1))):(column(M + 2)) with filledcurves fs transparent solid 0.2 noborder \
                lc rgb hue(k) notitle, \
            for [k = 1:CURVES] cells(k) using 1:(SEEDS > 1 ? column(LOSS ? 2 : 3) : NaN) with points pt MARKS[k] ps 0.45 \
                lc rgb pale(k) notitle, \
            for [k = 1:CURVES] file(k) using (NAMED ? NaN : $1):(column(M)) with lines lw 1.1 lc rgb hue(k) notitle, \
            for [k = 1:CURVES] file(k) using (NAMED && SEEDS > 1 ? $1 : NaN):(column(M)):(below(column(M + 1))):(column(M + 2)) with yerrorbars pt -1 lw 1.1 \
                lc rgb hue(k) notitle, \
            for [k = 1:CURVES] file(k) using 1:(column(M)) with points pt MARKS[k] ps 1.1 lc rgb hue(k) notitle, \
            for [k = 1:CURVES] file(k) using (column(8) == 1 ? $1 : NaN):(column(M)) with points pt 6 ps 2.1 lw 0.7 \
                lc rgb hue(k) notitle, \
            for [k = 1:CURVES] keyentry with linespoints pt MARKS[k] ps 1.1 lw 1.1 lc rgb hue(k) \
                title (BY || SEEDS > 1 ? line_of("curves.txt", k) : MEASURED ? "one cell" : ""), \
            for [k = 1:CURVES] "crosses.dat" using 1:(LOSS && $3 == k && $4 == $5 ? across($2) : NaN) axes x1y2 with points pt 2 ps 1.1 \
                lc rgb hue(k) notitle, \
            for [k = 1:CURVES] "crosses.dat" using 1:(LOSS && $3 == k && $4 < $5 ? across($2) : NaN):(sprintf("%d/%d", $4, $5)) \
                axes x1y2 with labels center font ",11" textcolor rgb hue(k) notitle, \
            keyentry with points pt 7 ps 0.45 lc rgb "#707070" title (SEEDS > 1 ? "one cell" : ""), \
            keyentry with filledcurves fs transparent solid 0.2 lc rgb "#707070" \
                title (SEEDS > 1 && !NAMED ? "± standard error" : ""), \
            keyentry with points pt 2 ps 1.1 lw 1.1 lc rgb "black" \
                title (CROSS_ROWS ? (PARTLY ? "diverged (n/m: n of m)" : "diverged") : ""), \
            keyentry with points pt 6 ps 2.1 lw 0.7 lc rgb "black" title (PARTLY ? "mean of the others" : "")
    } else {
        plot for [k = 1:CURVES] cells(k) using 1:(LOSS ? 2 : 3) with points pt (SEEDS > 1 ? "." : mark(k)) notitle, \
            for [k = 1:CURVES] file(k) using 1:(column(M)) with points pt mark(k) lc rgb hue(k) title line_of("curves.txt", k), \
            "crosses.dat" using 1:(LOSS ? across($2) : NaN) axes x1y2 with points pt "x" lc rgb "black" \
                title (LOSS && CROSS_ROWS ? "diverged" : "")
    }
}
if (!TERM && PANELS > 1) { unset multiplot }
