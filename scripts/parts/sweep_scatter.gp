# sweep_scatter.gp: random mode: the loss of each cell against each axis.
ACROSS = HTML ? 1 : PANELS < 3 ? PANELS : PANELS == 4 ? 2 : 3
DOWN = int(ceil(PANELS / (1.0 * ACROSS)))
WIDE = HTML ? 640 : PANELS == 1 ? 1000 : ACROSS == 2 ? 1200 : 1600
HIGH = 480 * DOWN + 140
load PAGE
if (!TERM) {
    set multiplot layout DOWN, ACROSS title TITLE."\n".told(5) noenhanced font "DejaVu Sans,17" \
        margins screen x_of(beside(LOSS_LOW, LOSS_HIGH, LOSS_LOW > 0 && LOSS_HIGH > 8 * LOSS_LOW)), screen x_of(WIDE - 30), screen y_of(HIGH - 130), screen y_of(90) \
        spacing screen x_of(110), screen 115.0 / HIGH
}
set key at screen 0.5, screen 22.0 / HIGH center center vertical maxrows 1 \
    samplen 1 width 2 Left reverse
STRIP = 0.06
LOW = LOSS_LOW
TOP = LOSS_HIGH
if (!MEASURED) { LOW = 0.1; TOP = 10 }
if (LOW > 0 && TOP > 8 * LOW) {
    set yrange [LOW / 1.15:TOP * 1.1 * (TOP / LOW) ** STRIP]
    call LOG "y" "LOW" "TOP"
} else {
    if (TOP <= LOW) { TOP = LOW + (LOW == 0 ? 1 : abs(LOW) * 0.05) }
    set format y "%g"
    set yrange [LOW - 0.05 * (TOP - LOW):TOP + 0.12 * (TOP - LOW)]
}
set y2range [0:1]
array A_LOG[9]
array A_LOW[9]
array A_HIGH[9]
array A_NAMES[9]
do for [p = 1:PANELS] {
    A_LOG[p] = value(sprintf("LOG_%d", p))
    A_LOW[p] = value(sprintf("LOW_%d", p))
    A_HIGH[p] = value(sprintf("HIGH_%d", p))
    A_NAMES[p] = value(sprintf("NAMES_%d", p))
}
# Steps that are marked two to five times in a range.
few(range) = few_of(range, 10.0 ** floor(log10(range)))
few_of(range, power) = range < 2 * power ? power / 2 : range < 5 * power ? power : 2 * power
do for [p = 1:PANELS] {
    unset logscale x
    set format x "%g"
    set xtics auto norotate enhanced
    A = A_LOW[p]
    B = A_HIGH[p]
    if (B <= A) { A = A - 0.5; B = B + 0.5 }
    if (A_NAMES[p]) {
        set xrange [0.4:A_NAMES[p] + 0.6]
        set xtics ("" 1) noenhanced
        do for [i = 1:A_NAMES[p]] { set xtics add (line_of(sprintf("names_%d.txt", p), i) i) }
    } else {
        if (A_LOG[p]) {
            set xrange [A / (B / A) ** 0.04:B * (B / A) ** 0.04]
            call LOG "x" "A" "B"
        } else {
            set xrange [A - 0.04 * (B - A):B + 0.04 * (B - A)]
            if (!TERM) { set xtics few(B - A) } # gnuplot sets more than find room
        }
    }
    set xlabel line_of("panels.txt", p) noenhanced
    set ylabel ((p - 1) % ACROSS == 0 || TERM ? told(2) : "") noenhanced offset 0.5, 0
    if (p > 1 && !TERM) { unset key }
    file = sprintf("scatter_%d", p)
    plot file.".dat" using 1:2 with points pt (TERM ? "o" : 7) ps 0.8 lc rgb "#0072B2" title "one cell", \
        "" using ($3 > 0 ? $1 : NaN):2 with points pt (TERM ? "@" : 6) ps 2 lc rgb "#D55E00" title "the lowest", \
        file."_crosses.dat" using 1:(0.97) axes x1y2 with points pt (TERM ? "x" : 2) ps 0.9 lc rgb "black" \
            title (DIVERGED ? "diverged" : "")
}
if (!TERM) { unset multiplot }
