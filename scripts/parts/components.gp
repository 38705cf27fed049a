# components.gp: the images in components.bin, each on its own scale from blue (negative) over white to red, titled with
# its share of the variance; plot_components.sh calls it:
#   gnuplot -c components.gp SCRIPTS components.gp COUNT HEIGHT WIDTH TITLE       TITLE is shown (noenhanced)
COUNT = int(ARG3)
HEIGHT = int(ARG4)
WIDTH = int(ARG5)
ACROSS = COUNT < 8 ? COUNT : 8
DOWN = (COUNT + ACROSS - 1) / ACROSS
set encoding utf8
# the title above, the key beneath; wide enough for both
HEAD = 50
FOOT = 70
PLOTS = 170 * DOWN + 20
WIDE = 150 * ACROSS + 20 < 680 ? 680 : 150 * ACROSS + 20
HIGH = HEAD + PLOTS + FOOT
set terminal pngcairo size WIDE, HIGH font "DejaVu Sans,11" enhanced background rgb "white"
set output "components.png"
set palette defined (-1 "#2166AC", -0.5 "#92C5DE", 0 "#FFFFFF", 0.5 "#F4A582", 1 "#B2182B") maxcolors 0
unset colorbox
unset key
unset tics
set border 15 lw 0.5 lc rgb "#808080"
set size ratio HEIGHT / (1.0 * WIDTH)
set lmargin 0.6
set rmargin 0.6
set tmargin 1.6
set bmargin 0.4
set autoscale fix
array share[COUNT]
array most[COUNT]
stats "share.csv" using (share[int($0) + 1] = $1) nooutput
stats "most.csv" using (most[int($0) + 1] = $1) nooutput
set multiplot
set label 1 ARG6 at screen 0.5, screen 1 - 0.5 * HEAD / HIGH center noenhanced font ",13" # drawn with the first
do for [i = 1:COUNT] {
    bytes = (i - 1) * HEIGHT * WIDTH * 4
    one = sprintf("'components.bin' binary skip=%d array=(%d,%d) format='%%float32' endian=little", bytes, WIDTH, HEIGHT)
    set cbrange [-most[i]:most[i]]
    column = (i - 1) % ACROSS
    line = (i - 1) / ACROSS
    set origin (WIDE - 150 * ACROSS) / 2.0 / WIDE + 150.0 * column / WIDE, (FOOT + PLOTS - 170.0 * (line + 1)) / HIGH
    set size 150.0 / WIDE, 170.0 / HIGH
    if (i == 2) { unset label 1 }
    if (i == COUNT) {
        set colorbox horizontal user origin 0.5 - 110.0 / WIDE, 44.0 / HIGH size 220.0 / WIDE, 14.0 / HIGH
        set cbtics scale 0 ("negative" -most[i], "0" 0, "positive" most[i]) offset 0, 0.5
        set label 2 "weight of a pixel, each component on its own scale" at screen 0.5, screen 12.0 / HIGH center
    }
    set title sprintf("%d: %.1f %%", i, 100 * share[i]) offset 0, -0.8
    eval "plot ".one." flipy with image"
}
unset multiplot
