# How far a step moves the weights; about 1e-3 is the rule of thumb.
set title "update ratio by layer, ‖ΔW‖ / ‖W‖"
if (seen_layers("update_ratio+")) {
    load LEGEND
    set logscale y; set format y TERM ? "1e%T" : "10^{%T}"
    plot for [k = 1:LAYERS] layer_file(k) using (column("epoch")):(column("update_ratio")) \
             pt layer_mark(k) pi EVERY lc palette cb k, \
         1e-3 with lines dashtype 2 lc rgb "black"
} else { load EMPTY }
