# Accuracy, or the root mean square error of a regression.
set bmargin 6
set title SCORE eq "rmse" ? "root mean square error" : "accuracy"
load SCRIPTS."/epochs_marks.gp"
if (SCORE eq "accuracy") { set yrange [0:1] } else { if (BROKEN < 0) { set yrange [0:*] } }
if (seen("train_".SCORE)) {
    if (SCORE eq "rmse" && BROKEN >= 0) { set logscale y; set format y TERM ? "1e%T" : "10^{%T}" }
    plot "epochs.csv" using (column("epoch")):(column("train_".SCORE)) pt mark(7, "t") pi EVERY lc rgb TRAIN title "train", \
         "" using (column("epoch")):(column("val_".SCORE)) pt mark(5, "v") pi EVERY lc rgb VALIDATION \
         title (seen("val_".SCORE) ? "validation" : ""), \
         NaN dashtype 3 pt mark(-1, ":") lc rgb GREY title AT_BEST, \
         NaN dashtype 2 pt mark(-1, "!") lc rgb "black" title AT_BREAK
} else { load EMPTY }
