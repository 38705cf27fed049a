# clouds.gp: raw.csv, centred.csv, turned.csv, whitened.csv (x,y,class) side by side, and a key of classes.txt (a name a
# line); plot_clouds.sh calls it: gnuplot -c clouds.gp SCRIPTS clouds.gp X Y
# The names of inputs and classes are shown (noenhanced), never executed.
X = ARG3
Y = ARG4
set encoding utf8
set datafile separator comma
CLASSES = int(system("wc -l < classes.txt"))
name_of(k) = system(sprintf("sed -n %dp classes.txt", k))
# a key beneath, six names a line; many classes have none
KEY = CLASSES > 0 && CLASSES <= 40 ? 26 * ((CLASSES + 5) / 6) + 14 : 0
HEIGHT = 470 + KEY
set terminal pngcairo size 1680, HEIGHT font "DejaVu Sans,13" linewidth 1.5 enhanced background rgb "white"
set output "clouds.png"
array COLOUR[8] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999933"]
# from the ninth class on hues a golden angle apart
hue(class) = class < 8 ? int("0x".COLOUR[int(class) + 1][2:7]) : hsv2rgb(class * 0.381966 - floor(class * 0.381966), 0.8, 0.75)
set border 3 lw 0.7 lc rgb "#808080"
set tics nomirror out scale 0.5 textcolor rgb "black"
set xzeroaxis lw 1 lc rgb "#808080"
set yzeroaxis lw 1 lc rgb "#808080"
set size ratio 1 # and then what each plot's place is
set lmargin 8
set rmargin 2
set tmargin 3.5
set bmargin 4
unset key
array FILES[4] = ["raw", "centred", "turned", "whitened"]
array TITLES[4] = ["raw", "centred", "turned: principal components", "whitened"]
set multiplot
side = 0
do for [i = 1:4] {
    file = FILES[i].".csv"
    set autoscale # stats looks at what the ranges show
    stats file using 1:2 name "S" nooutput
    # one scale for the first three, so that turning is seen as turning
    low_x = i == 1 && S_min_x > 0 ? 0 : S_min_x
    low_y = i == 1 && S_min_y > 0 ? 0 : S_min_y
    high_x = i == 1 && S_max_x < 0 ? 0 : S_max_x
    high_y = i == 1 && S_max_y < 0 ? 0 : S_max_y
    need = (high_x - low_x > high_y - low_y ? high_x - low_x : high_y - low_y) * 1.1
    if (i == 1 || i == 4 || need > side) { side = need }
    set xrange [(low_x + high_x - side) / 2:(low_x + high_x + side) / 2]
    set yrange [(low_y + high_y - side) / 2:(low_y + high_y + side) / 2]
    set origin (i - 1) / 4.0, KEY / (1.0 * HEIGHT)
    set size 0.25, 470.0 / HEIGHT
    set xlabel (i < 3 ? X : "component 1") noenhanced offset 0, 0.3
    set ylabel (i < 3 ? Y : "component 2") noenhanced offset 1, 0
    r = abs(S_correlation) < 5e-4 ? 0 : S_correlation
    set title sprintf("%s\nstd %.2f and %.2f, correlation %.2g", TITLES[i], S_stddev_x, S_stddev_y, r)
    plot file using 1:2:(hue(column(3))) with points pt 7 ps 0.7 lc rgb variable
}
if (KEY > 0) {
    set origin 0, 0
    set size noratio 1, KEY / (1.0 * HEIGHT)
    set lmargin 0
    set rmargin 0
    set tmargin 0
    set bmargin 0
    unset border
    unset tics
    unset title
    unset xlabel
    unset ylabel
    unset xzeroaxis
    unset yzeroaxis
    set xrange [0:1]
    set yrange [0:1]
    set key center center horizontal Left reverse maxcols 6 noenhanced samplen 1 spacing 1.2 width 2
    plot for [k = 1:CLASSES] NaN with points pt 7 ps 1.2 lc rgb hue(k - 1) title name_of(k)
}
unset multiplot
