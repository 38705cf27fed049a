# The learning rate of each epoch's last step.
set title "learning rate"
unset key
if (seen("lr")) {
    if (seen("lr+")) { set yrange [0:*] } else { set yrange [0:1] }
    plot "epochs.csv" using (column("epoch")):(column("lr")) pt mark(7, "*") pi EVERY lc rgb TRAIN
} else { load EMPTY }
