# boxes.gp: FILE as a heat map, a box a bin. Epochs after the loss blew up do not stretch the axis. Boxes overlap by
# a hair, so that no seams show and a collapsed bin (low = high) can be seen. There is no FILE without finite values.
load SCRIPTS."/heat.gp"
shown_here(value) = column("sane") == 1 && (NAME ne "distribution" || column("from") < HIDDEN) ? value : NaN
undefine LOW_* HIGH_*
stats FILE using (shown_here(column("low"))) name "LOW" nooutput
stats FILE using (shown_here(column("high"))) name "HIGH" nooutput
if (exists("LOW_min") && exists("HIGH_max")) {
    SPAN = HIGH_max > LOW_min ? HIGH_max - LOW_min : abs(LOW_min) > 0 ? abs(LOW_min) : 1
    set yrange [LOW_min - 0.02 * SPAN:HIGH_max + 0.02 * SPAN]
    hair(low, high) = (high - low > 0.01 * SPAN ? 0.001 : 0.005) * SPAN
    middle(low, high) = (low + high) / 2
    if (TERM) {
        plot for [i = 0:3] FILE using (middle(column("from"), column("to"))): \
            (ink(column("share")) == i ? middle(column("low"), column("high")) : NaN) \
            with points pt INK[i + 1:i + 1] lc rgb TRAIN
    } else {
        plot FILE using (middle(column("from"), column("to"))):(middle(column("low"), column("high"))): \
            (column("from")):(column("to") + 0.03 * (column("to") - column("from"))): \
            (column("low") - hair(column("low"), column("high"))): \
            (column("high") + hair(column("low"), column("high"))):(column("share")) \
            with boxxyerror fillcolor palette
    }
} else { load EMPTY }
