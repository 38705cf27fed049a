# How far a step moves the weights; about 1e-3 is the rule of thumb, and in sight wherever the ratios lie.
set title "update ratio by layer, ‖ΔW‖ / ‖W‖"
NOTE = note("update_ratio")
if (seen_layers("update_ratio+")) {
    load LEGEND
    set logscale y; set format y TERM ? "1e%T" : "10^{%T}"
    plot for [k = 1:DRAWN] layer_file(k) using (column("epoch")):(column("update_ratio")) \
             pt layer_mark(k) pi EVERY lc palette cb k, \
         1e-3 with lines dashtype 2 lc rgb "black", \
         for [i = 0:1] "first.csv" using (0):(i ? 2e-3 : 5e-4):("") with labels # empty: they stretch the axis
} else { load EMPTY }
