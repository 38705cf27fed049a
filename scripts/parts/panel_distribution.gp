# distribution:WHAT:WHEN: the values of every layer at one epoch, `first` or `shown`, as a heat map.
WHAT = REST[1:strstrt(REST, ":") - 1]
WHEN = REST[strstrt(REST, ":") + 1:*]
set title sprintf("%s by layer, epoch %d", WHAT eq "a" ? "activations a" : "inputs z of the activations", \
    WHEN eq "first" ? 0 : SHOWN)
XLABEL = LAYERS > 1 ? "hidden layer" : "layer"
set xlabel XLABEL
set xrange [0.5:HIDDEN + 0.5]
if (HIDDEN <= 12) { set xtics 1 } else { set xtics auto }
FILE = WHEN."_".WHAT.".csv"
load SCRIPTS."/boxes.gp"
