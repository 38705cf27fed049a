# legend.gp: the layers' colours at the right.
unset key
if (!TERM && LAYERS > 1) {
    set colorbox user origin graph 1.03, graph 0 size graph 0.03, graph 1
    set rmargin 10
    set label 98 "layer" at graph 1.045, 1.05 center
}
if (TERM) { set xlabel "epoch (a mark is its layer's number)" }
