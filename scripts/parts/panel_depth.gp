# Mean and standard deviation of the activations across the layers, before training and at its end.
set bmargin 6
set title "activations: mean ± std by layer"
set xlabel LAYERS > 1 ? "hidden layer" : "layer"
set xrange [0.5:HIDDEN + 0.5]
if (HIDDEN <= 12) { set xtics 1 } else { set xtics auto }
if (seen_layers("a_mean")) {
    set bars 0.5
    hidden(name) = column("layer") <= HIDDEN ? column(name) : NaN
    plot "first.csv" using (column("layer") - 0.08):(hidden("a_mean")):(column("a_std")) with yerrorbars \
             pt mark(7, "o") lc rgb BEFORE title "epoch 0", \
         "shown.csv" using (column("layer") + 0.08):(SHOWN > 0 ? hidden("a_mean") : NaN):(column("a_std")) \
             with yerrorbars pt mark(5, "x") lc rgb TRAIN title (SHOWN > 0 ? sprintf("epoch %d", SHOWN) : "")
} else { load EMPTY }
