# epochs_marks.gp: vertical lines at the best epoch and where the run diverged, and AT_BEST and AT_BREAK for the key.
# The terminal has no dashes: there a line is a column of letters, under the curves' own.
AT_BEST = BEST >= 0 ? sprintf("best epoch %d", BEST) : ""
AT_BREAK = BROKEN < 0 ? "" : sprintf(DIVERGED >= 0 ? "diverged in epoch %d" : "not finite from %d", BROKEN)
if (TERM) {
    if (COLUMNS < 70 && BEST >= 0 && BROKEN >= 0) { set bmargin 7 } # the key takes four rows
    if (BEST >= 0) { do for [i = 0:39] { set label 100 + i ":" at first BEST, graph i / 40.0 center back } }
    if (BROKEN >= 0) { do for [i = 0:39] { set label 140 + i "!" at first BROKEN, graph i / 40.0 center back } }
} else {
    if (BROKEN >= 0) { set key width -2.5 } # room for two columns
    if (BEST >= 0) { set arrow 1 from first BEST, graph 0 to first BEST, graph 1 nohead dashtype 3 lc rgb GREY }
    if (BROKEN >= 0) { set arrow 2 from first BROKEN, graph 0 to first BROKEN, graph 1 nohead dashtype 2 lc rgb "black" }
}
