# regions.gp: the plane of a run of two inputs, and its points. plot_regions.sh calls it where regions.awk left its files:
#   gnuplot -c regions.gp FORM TITLE FACTS "CLASSES XLOW XHIGH YLOW YHIGH COLOUR…" "COLUMNS COLOUR" X Y
# TITLE, X, Y and the classes' names are the user's texts: they are shown (noenhanced) and never part of a command.
FORM = ARG1
TITLE = ARG2
FACTS = ARG3
CLASSES = int(word(ARG4, 1))
XLOW = real(word(ARG4, 2))
XHIGH = real(word(ARG4, 3))
YLOW = real(word(ARG4, 4))
YHIGH = real(word(ARG4, 5))
tone(k) = word(ARG4, 5 + k)
COLUMNS = int(word(ARG5, 1))
COLOUR = int(word(ARG5, 2))
TERM = FORM eq "term"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
letter(k, alphabet) = alphabet[(k - 1) % 26 + 1:(k - 1) % 26 + 1]
name_of(k) = system(sprintf("sed -n %dp classes.txt", k))
TARGET = CLASSES ? "" : system("cat target.txt")
point_file(k, split) = sprintf("point_%d_%s.dat", k, split)

# Units along both axes are equally long where that leaves the picture in shape.
RATIO = (YHIGH - YLOW) / (XHIGH - XLOW)
EQUAL = RATIO > 0.4 && RATIO < 2.5
HEIGHT = EQUAL && RATIO < 0.9 ? 170 + 790 * RATIO : 900

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
    stats "value.dat" using 3 name "V" nooutput # before xrange is set, by which it would choose
    if (V_max <= V_min) { V_max = V_min + 1 }
    set cntrparam levels auto 10
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
if (!TERM) { set title TITLE."\n".FACTS noenhanced }
if (!TERM) { if (EQUAL) { set size ratio -1 } else { set size square } }
set key outside right top noenhanced samplen 1 spacing 1.2
if (TERM) { set key bmargin center horizontal width -1 } else {
    if (CLASSES > 40) { unset key } else { if (CLASSES > 20) { set key font ",11" spacing 0.9 } }
}
SIZE = 1.2

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
    set cbrange [V_min:V_max]
    if (!TERM) {
        set colorbox
        set cblabel TARGET noenhanced offset 0.5, 0
        plot "value.dat" using 1:2:3 with image notitle, \
            "border_1.dat" using 1:2 with lines lw 0.5 lc rgb "white" notitle, \
            "points_train.dat" using 1:2 with points pt 7 ps SIZE lc rgb "white" notitle, \
            "points_train.dat" using 1:2:3 with points pt 7 ps SIZE * 0.75 lc palette notitle, \
            "points_validation.dat" using 1:2 \
            with points pt 9 ps SIZE * 1.3 lc rgb "white" notitle, \
            "points_validation.dat" using 1:2:3 \
            with points pt 9 ps SIZE * 0.9 lc palette notitle
    } else {
        INK = ".+#@"
        quarter(v) = int(3.9999 * (v - V_min) / (V_max - V_min))
        set xlabel sprintf("%s (. low, @ high: %.4g to %.4g)", ARG6, V_min, V_max) noenhanced
        plot for [i = 0:3] "value.dat" using 1:(quarter(column(3)) == i ? column(2) : NaN) \
            with points pt INK[i + 1:i + 1] notitle
    }
}
