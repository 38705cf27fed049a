# legend.gp: the colours of the layers 1 … DRAWN at the right, and below the epochs NOTE: what cannot be drawn.
unset key
set cbrange [0.5:DRAWN + 0.5]
if (!TERM && LAYERS > 1) {
    set colorbox user origin graph 1.03, graph 0 size graph 0.03, graph 1
    set rmargin 10
    set label 98 "layer" at graph 1.045, 1.05 center
}
if (TERM) { XLABEL = "epoch (a mark is its layer's number)" }
if (NOTE ne "") {
    set bmargin 6
    XLABEL = XLABEL."\n".NOTE
}
set xlabel XLABEL noenhanced
