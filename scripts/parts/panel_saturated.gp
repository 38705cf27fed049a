# Share of entries where the activation kills the gradient.
set title "saturated share of activations"
if (seen_layers("saturated")) {
    DRAWN = HIDDEN
    load LEGEND
    set yrange [0:1]
    plot for [k = 1:DRAWN] layer_file(k) using (column("epoch")):(column("saturated")) pt layer_mark(k) pi EVERY lc palette cb k
} else { load EMPTY }
