# clouds.gp: raw.csv, centred.csv, turned.csv, whitened.csv (x,y,class) side by side; plot_clouds.sh calls it:
#   gnuplot -c clouds.gp SCRIPTS clouds.gp X Y       the names of the inputs: shown (noenhanced), never executed
X = ARG3
Y = ARG4
set encoding utf8
set datafile separator comma
set terminal pngcairo size 1680, 470 font "DejaVu Sans,13" linewidth 1.5 enhanced background rgb "white"
set output "clouds.png"
array COLOUR[8] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999933"]
hue(class) = int("0x".COLOUR[int(class) % 8 + 1][2:7])
set border 3 lw 0.7 lc rgb "#808080"
set tics nomirror out scale 0.5 textcolor rgb "black"
set xzeroaxis lw 1 lc rgb "#808080"
set yzeroaxis lw 1 lc rgb "#808080"
set size ratio 1
set lmargin 8
set rmargin 2
set tmargin 3.5
set bmargin 4
unset key
array FILES[4] = ["raw", "centred", "turned", "whitened"]
array TITLES[4] = ["raw", "centred", "turned: principal components", "whitened"]
set multiplot layout 1, 4
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
    set xlabel (i < 3 ? X : "component 1") noenhanced offset 0, 0.3
    set ylabel (i < 3 ? Y : "component 2") noenhanced offset 1, 0
    r = abs(S_correlation) < 5e-4 ? 0 : S_correlation
    set title sprintf("%s\nstd %.2f and %.2f, correlation %.2g", TITLES[i], S_stddev_x, S_stddev_y, r)
    plot file using 1:2:(hue(column(3))) with points pt 7 ps 0.7 lc rgb variable
}
unset multiplot
