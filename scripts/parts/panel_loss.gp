# Loss of training and validation; a log axis when it spans much.
set bmargin 6
set title "loss"
load SCRIPTS."/epochs_marks.gp"
if (seen("train_loss+")) {
    stats "epochs.csv" using (column("train_loss") > 0 ? column("train_loss") : NaN) name "T" nooutput
    if (T_max > 20 * T_min) { set logscale y; set format y TERM ? "1e%T" : "10^{%T}" }
    plot "epochs.csv" using (column("epoch")):(column("train_loss")) pt mark(7, "t") pi EVERY lc rgb TRAIN title "train", \
         "" using (column("epoch")):(column("val_loss")) pt mark(5, "v") pi EVERY lc rgb VALIDATION \
         title (seen("val_loss") ? "validation" : ""), \
         NaN dashtype 3 pt mark(-1, ":") lc rgb GREY title AT_BEST, \
         NaN dashtype 2 pt mark(-1, "!") lc rgb "black" title AT_BREAK
} else { load EMPTY }
