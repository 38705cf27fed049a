# The norm of dL/dW over the probe, layer by layer.
set title "gradient norm by layer, ‖dL/dW‖"
NOTE = note("grad_norm")
if (seen_layers("grad_norm+")) {
    load LEGEND
    set logscale y; set format y TERM ? "1e%T" : "10^{%T}"
    plot for [k = 1:DRAWN] layer_file(k) using (column("epoch")):(column("grad_norm")) pt layer_mark(k) pi EVERY lc palette cb k
} else { load EMPTY }
