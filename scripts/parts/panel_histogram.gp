# histogram:WHAT:LAYER: the values of one layer, epoch by epoch, as a heat map.
WHAT = REST[1:strstrt(REST, ":") - 1]
K = int(REST[strstrt(REST, ":") + 1:*])
NAMED = ""
stats layer_file(K) using (NAMED = strcol("activation"), 1) nooutput
set title sprintf("%s, layer %d", WHAT eq "z" || WHAT eq "a" ? WHAT." (".NAMED.")" : WHAT eq "w" ? "weights" : \
    WHAT eq "dw" ? "weight gradients" : WHAT, K) noenhanced
FILE = sprintf("histogram_%s_%d.csv", WHAT, K)
load SCRIPTS."/boxes.gp"
