# The activations' mean: zero-centred or not. The axis is that of the epochs before the loss blew up.
set title "activations: mean by epoch, hidden layers"
if (seen_layers("a_mean")) {
    DRAWN = HIDDEN
    load LEGEND
    if (BROKEN >= 0) {
        stats "shown.csv" using (column("a_mean")) name "S" nooutput
        reach = 3 * (abs(S_max) > abs(S_min) ? abs(S_max) : abs(S_min))
        if (reach > 0) { set yrange [-reach:reach] }
    }
    plot for [k = 1:DRAWN] layer_file(k) using (column("epoch")):(column("a_mean")) pt layer_mark(k) pi EVERY lc palette cb k
} else { load EMPTY }
