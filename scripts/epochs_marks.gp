# epochs_marks.gp: vertical lines at the best epoch and where the loss blew up. Plot AT_BEST and AT_BREAK for the key.
if (BEST >= 0) { set arrow 1 from first BEST, graph 0 to first BEST, graph 1 nohead dashtype 3 lc rgb GREY }
if (BROKEN >= 0) { set arrow 2 from first BROKEN, graph 0 to first BROKEN, graph 1 nohead dashtype 2 lc rgb "black" }
AT_BEST = BEST >= 0 ? sprintf("best epoch %d", BEST) : ""
AT_BREAK = BROKEN >= 0 ? sprintf("blew up at %d", BROKEN) : ""
