# study_rates.gp: rates.csv (a row a run) and largest.csv; study_rates.sh calls it:
#   gnuplot -c study_rates.gp SCRIPTS study_rates.gp LIMIT CLASSES
LIMIT = ARG3 + 0
CLASSES = int(ARG4)
set encoding utf8
set datafile separator comma
set terminal pngcairo size 1000, 680 font "DejaVu Sans,15" linewidth 2 enhanced background rgb "white"
set output "rates.png"
set border 3 lw 0.7 lc rgb "#808080"
set tics nomirror out scale 0.5 textcolor rgb "black"
set grid ytics back linetype 1 linewidth 0.4 linecolor rgb "#D8D8D8"
set key bmargin center horizontal samplen 1.5 font ",13"
set bmargin 7
set title "train loss at the end, by learning rate"
set xlabel "learning rate" offset 0, 0.3
set logscale xy
set format x "10^{%T}"
set format y "10^{%T}"
array HOW[3] = ["raw", "center", "standardize"]
array SHOWN[3] = ["raw", "centred", "standardised"]
array COLOUR[3] = ["#D55E00", "#E69F00", "#0072B2"]
# losses beyond the top, and runs that diverged, lie on it, where the scale is marked so; losses near 0 on the floor
TOP = 100.0
FLOOR = 1e-6
of(i) = strcol(1) eq HOW[i]
floored(y) = y < FLOOR ? FLOOR : y
loss(i) = of(i) ? (strcol(4) eq "diverged" || column(5) > TOP ? TOP : floored(column(5))) : NaN
stats "rates.csv" skip 1 using 2 nooutput name "LR"
stats "rates.csv" skip 1 using (column(5) < TOP ? floored(column(5)) : NaN) nooutput name "LOSS"
# before the ranges are set: stats looks at what they show
do for [i = 1:3] {
    undefine BEST_*
    stats "largest.csv" skip 1 using (of(i) && strcol(2) ne "nan" ? column(2) : NaN) nooutput name "BEST"
    if (exists("BEST_max") && BEST_records > 0) {
        set arrow from first BEST_max, graph 0 to first BEST_max, graph 1 nohead dashtype 2 lw 0.8 lc rgb COLOUR[i]
        SHOWN[i] = sprintf("%s: trains up to %g%s", SHOWN[i], BEST_max, BEST_max < LR_max ? "" : ", the highest tried")
    } else { SHOWN[i] = SHOWN[i].": trains at none" }
}
BOTTOM = LOSS_min / 2 > LIMIT / 20 ? LIMIT / 20 : LOSS_min / 2
set xrange [LR_min / 2:LR_max * 2]
set yrange [BOTTOM:TOP * 1.4]
set ytics add ("10^2 or more" TOP)
if (LOSS_min == FLOOR) { set ytics add ("10^{-6} or less" FLOOR) }
set arrow from graph 0, first LIMIT to graph 1, first LIMIT nohead dashtype 3 lc rgb "#808080"
set label sprintf("trained: below 0.9 ln %d", CLASSES) at graph 0.72, first LIMIT * 1.45 right font ",12" textcolor rgb "#606060"
plot for [i = 1:3] "rates.csv" skip 1 using (of(i) ? column(2) : NaN):(loss(i)) smooth unique with lines lc rgb COLOUR[i] title SHOWN[i], \
     for [i = 1:3] "rates.csv" skip 1 using (of(i) ? column(2) : NaN):(loss(i)) with points pt 6 ps 0.8 lc rgb COLOUR[i] notitle
