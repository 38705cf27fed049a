# Share of units whose gradient is killed on every row of the probe.
set title "dead share of units"
if (seen_layers("dead")) {
    DRAWN = HIDDEN
    load LEGEND
    set yrange [0:1]
    plot for [k = 1:DRAWN] layer_file(k) using (column("epoch")):(column("dead")) pt layer_mark(k) pi EVERY lc palette cb k
} else { load EMPTY }
