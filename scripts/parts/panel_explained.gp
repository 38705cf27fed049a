# Share of the variance along each direction that a pca or whiten step has found, and what the first so many hold;
# REST is the step's place in preprocess.
set bmargin 6
FILE = sprintf("explained_%s.csv", REST)
WHICH = system("cat explained_".REST.".name")
set title sprintf("variance along the components (%s)", WHICH)
stats FILE using (column("component")) name "K" nooutput
stats FILE using (column("kept") == 1 ? column("component") : NaN) name "KEPT" nooutput
if (K_max > 20 && !TERM) { set logscale x } else { set autoscale x }
if (K_max > 20 && !TERM) { set xrange [0.9:K_max * 1.1] } else { set xrange [1 - 0.02 * K_max:K_max * 1.02] }
set xtics auto
if (K_max <= 10) { set xtics 1 }
if (K_max > 20 && !TERM) { set xtics (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000) }
set xlabel (K_max > 20 && !TERM ? "component (log scale)" : "component")
set yrange [0:1.02]
set ylabel "share of the variance"
if (TERM) {
    do for [i = 0:39] { set label 100 + i ":" at first KEPT_max, graph i / 40.0 center back }
} else { set arrow 1 from first KEPT_max, graph 0 to first KEPT_max, graph 1 nohead dashtype 3 lc rgb GREY }
plot FILE using (column("component")):(column("cumulative")) pt mark(7, "s") pi (K_max > 100 ? K_max / 30 : 1) lc rgb TRAIN \
         title "of the first so many", \
     "" using (column("component")):(column("share")) pt mark(5, "o") pi (K_max > 100 ? K_max / 30 : 1) lc rgb VALIDATION \
         title "of this one", \
     NaN dashtype 3 pt mark(-1, ":") lc rgb GREY title sprintf("kept: %d", KEPT_max)
unset logscale x
