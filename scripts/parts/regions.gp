# regions.gp: the plane of a run of two inputs, and its points. plot_regions.sh calls it where regions.awk left its files:
#   gnuplot -c regions.gp FORM TITLE FACTS "CLASSES XLOW XHIGH YLOW YHIGH VLOW VHIGH NAMES COLOUR…" "COLUMNS COLOUR" X Y
# TITLE, X, Y and the classes' names are the user's texts: they are shown (noenhanced) and never part of a command.
FORM = ARG1
TITLE = ARG2
FACTS = ARG3
CLASSES = int(word(ARG4, 1))
XLOW = real(word(ARG4, 2))
XHIGH = real(word(ARG4, 3))
YLOW = real(word(ARG4, 4))
YHIGH = real(word(ARG4, 5))
VLOW = real(word(ARG4, 6))
VHIGH = real(word(ARG4, 7))
NAMES = real(word(ARG4, 8))
tone(k) = word(ARG4, 8 + k)
COLUMNS = int(word(ARG5, 1))
COLOUR = int(word(ARG5, 2))
TERM = FORM eq "term"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
letter(k, alphabet) = alphabet[(k - 1) % 26 + 1:(k - 1) % 26 + 1]
name_of(k) = system(sprintf("sed -n %dp classes.txt", k))
TARGET = CLASSES ? "" : system("cat target.txt")
point_file(k, split) = sprintf("point_%d_%s.dat", k, split)

# Pixels of the page: TOP for the titles, BOTTOM and LEFT for the axes, ASIDE for the legend or the scale. Units along
# both axes are equally long where that leaves the picture in shape.
RATIO = (YHIGH - YLOW) / (XHIGH - XLOW)
EQUAL = RATIO > 0.4 && RATIO < 2.5
if (!EQUAL) { RATIO = 1 }
larger(a, b) = a > b ? a : b
smaller(a, b) = a < b ? a : b
TOP = CLASSES ? 90 : 115
BOTTOM = 80
LEFT = 115
ROW = CLASSES <= 20 ? 28 : 17
ASIDE = CLASSES == 0 ? 165 : CLASSES > 40 ? 20 : 75 + (CLASSES <= 20 ? 11 : 8.5) * NAMES
WIDE = smaller(1000 - LEFT - ASIDE, 780 / RATIO)
HIGH = larger(WIDE * RATIO, CLASSES > 40 ? 0 : ROW * CLASSES)
HEIGHT = int(TOP + HIGH + BOTTOM)
MARGIN = (1000 - LEFT - WIDE - ASIDE) / 2 # beside a picture that is tall and narrow
# About so many steps over a range, each 1, 2 or 5 times a power of ten.
power(x) = 10 ** floor(log10(x))
times(m) = m < 1.5 ? 1 : m < 3.5 ? 2 : m < 7.5 ? 5 : 10
step(range, count) = power(range / count) * times(range / count / power(range / count))
x_of(pixel) = pixel / 1000.0
y_of(pixel) = 1 - pixel / (1.0 * HEIGHT)

set encoding utf8
if (FORM eq "png") {
    set terminal pngcairo size 1000, HEIGHT font "DejaVu Sans,15" linewidth 2 enhanced background rgb "white"
    set output "regions.png"
}
if (FORM eq "svg") {
    set terminal svg size 1000, HEIGHT font "DejaVu Sans,15" linewidth 2 enhanced dynamic background rgb "white"
    set output "regions.svg"
}
if (TERM) {
    if (COLUMNS < 40) { COLUMNS = 40 }
    if (COLOUR) { set terminal dumb size COLUMNS, 30 ansi256 noenhanced } else { set terminal dumb size COLUMNS, 30 mono noenhanced }
}

# Lines where a class begins to lead, or of equal values: contours of the grid, as a table that plot can draw.
set contour base
unset surface
set view map
if (CLASSES) {
    set cntrparam levels discrete 0
    do for [k = 1:CLASSES] {
        set table sprintf("border_%d.dat", k)
        splot sprintf("margin_%d.dat", k) using 1:2:3 with lines
        unset table
    }
} else {
    if (TERM) { # shows no points: the surface alone sets its scale (before xrange is set, by which stats would choose)
        stats "value.dat" using 3 name "V" nooutput
        VLOW = V_min
        VHIGH = V_max > V_min ? V_max : V_min + 1
    }
    STEP = step(VHIGH - VLOW, 8) # a line at each tick of the scale
    set cntrparam levels incremental STEP * ceil(VLOW / STEP), STEP, VHIGH
    set table "border_1.dat"
    splot "value.dat" using 1:2:3 with lines
    unset table
}
unset contour

set xrange [XLOW:XHIGH]
set yrange [YLOW:YHIGH]
set tics nomirror out scale 0.5
set xlabel ARG6 noenhanced offset 0, (TERM ? 0 : 0.3)
set ylabel ARG7 noenhanced offset (TERM ? 0 : 0.5), 0
set border 3 lw 0.7 lc rgb "#808080"
if (!TERM) {
    set label TITLE at screen 0.5, screen y_of(26) center noenhanced font ",17"
    if (WIDE < 500) { set xtics step(XHIGH - XLOW, WIDE / 120) }
    set label FACTS at screen 0.5, screen y_of(54) center noenhanced
    if (!CLASSES) {
        set label sprintf("surface and lines, every %g: the prediction; fill of the points: the data", STEP) \
            at screen 0.5, screen y_of(80) center noenhanced
    }
    set lmargin at screen x_of(MARGIN + LEFT)
    set rmargin at screen x_of(MARGIN + LEFT + WIDE)
    set tmargin at screen y_of(TOP)
    set bmargin at screen y_of(TOP + WIDE * RATIO)
}
if (TERM) { set key bmargin center horizontal width -1 noenhanced samplen 1 } else {
    set key at screen x_of(MARGIN + LEFT + WIDE + 15), screen y_of(TOP) left top Left reverse \
        noenhanced samplen 1 spacing 1.2
    if (CLASSES > 40) { unset key } else { if (CLASSES > 20) { set key font ",11" spacing 0.9 } }
}
SIZE = CLASSES ? 1.2 : 1.5 # the fill of a point shows where it differs from the ground

if (CLASSES && !TERM) {
    plot "colours.dat" using 1:2:3:4:5 with rgbimage notitle, \
        for [k = 1:CLASSES] sprintf("border_%d.dat", k) using 1:2 with lines lw 0.7 lc rgb "#303030" notitle, \
        for [k = 1:CLASSES] point_file(k, "train") with points pt 7 ps SIZE lc rgb "white" notitle, \
        for [k = 1:CLASSES] point_file(k, "train") with points pt 7 ps SIZE * 0.75 lc rgb tone(k) notitle, \
        for [k = 1:CLASSES] point_file(k, "validation") with points pt 9 ps SIZE * 1.3 lc rgb "white" notitle, \
        for [k = 1:CLASSES] point_file(k, "validation") with points pt 9 ps SIZE * 0.9 lc rgb tone(k) notitle, \
        for [k = 1:CLASSES] NaN with points pt 5 ps 1.6 lc rgb tone(k) title name_of(k)
}
if (CLASSES && TERM) {
    plot for [k = 1:CLASSES] "colours.dat" using 1:(column(6) == k ? column(2) : NaN) with points pt letter(k, LETTERS) \
            lc rgb tone(k) title name_of(k), \
        for [k = 1:CLASSES] point_file(k, "train") with points pt letter(k, CAPITALS) lc rgb tone(k) notitle
}
if (!CLASSES) {
    set palette defined (0 "#00224E", 0.25 "#35456C", 0.5 "#7D7C78", 0.75 "#BBAF71", 1 "#FEE838") maxcolors 0
    set cbrange [VLOW:VHIGH]
    if (!TERM) {
        set colorbox
        set cbtics STEP
        set cblabel TARGET noenhanced offset 0.5, 0
        # white within black shows on dark and on bright ground
        plot "value.dat" using 1:2:3 with image notitle, \
            "border_1.dat" using 1:2 with lines lw 1.5 lc rgb "black" notitle, \
            "border_1.dat" using 1:2 with lines lw 0.5 lc rgb "white" notitle, \
            "points_train.dat" using 1:2 with points pt 7 ps SIZE * 1.2 lc rgb "black" notitle, \
            "points_train.dat" using 1:2 with points pt 7 ps SIZE * 1.1 lc rgb "white" notitle, \
            "points_train.dat" using 1:2:3 with points pt 7 ps SIZE * 0.9 lc palette notitle, \
            "points_validation.dat" using 1:2 with points pt 9 ps SIZE * 1.5 lc rgb "black" notitle, \
            "points_validation.dat" using 1:2 with points pt 9 ps SIZE * 1.35 lc rgb "white" notitle, \
            "points_validation.dat" using 1:2:3 with points pt 9 ps SIZE * 1.05 lc palette notitle
    } else {
        INK = ".+#@"
        quarter(v) = int(3.9999 * (v - VLOW) / (VHIGH - VLOW))
        set xlabel sprintf("%s (. low, @ high: %.4g to %.4g)", ARG6, VLOW, VHIGH) noenhanced
        plot for [i = 0:3] "value.dat" using 1:(quarter(column(3)) == i ? column(2) : NaN) \
            with points pt INK[i + 1:i + 1] notitle
    }
}
