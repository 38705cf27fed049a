# The activations' standard deviation: a log axis shows a collapse.
set title "activations: std by epoch, hidden layers"
NOTE = note("a_std")
if (seen_layers("a_std+")) {
    DRAWN = HIDDEN
    load LEGEND
    set logscale y; set format y TERM ? "1e%T" : "10^{%T}"
    plot for [k = 1:DRAWN] layer_file(k) using (column("epoch")):(column("a_std")) pt layer_mark(k) pi EVERY lc palette cb k
} else { load EMPTY }
