# sweep_log.gp: makes AXIS (x, y, cb) logarithmic from LOW to HIGH; where it has few decades it is marked at 2 and 5 too:
#   call LOG AXIS "LOW" "HIGH"
AXIS = ARG1
LOG_LOW = value(ARG2) # the names of variables: 1e-05 itself is not taken
LOG_HIGH = value(ARG3)
LOG_SPAN = log10(LOG_HIGH / LOG_LOW)
eval "set logscale ".AXIS
if (TERM) { eval "set format ".AXIS." '%g'" } else { eval "set format ".AXIS." '10^{%T}'" }
if (!TERM && LOG_SPAN < (AXIS eq "x" ? 1.99 : 2.99)) {
    eval "set format ".AXIS." '%g'"
    eval "unset m".AXIS."tics"
    eval "set ".AXIS."tics ('' LOG_LOW / 100)"
    do for [e = int(floor(log10(LOG_LOW))):int(ceil(log10(LOG_HIGH)))] {
        do for [m in (LOG_SPAN < 0.7 ? "1 1.5 2 3 4 5 7" : "1 2 5")] {
            TICK = m * 10.0 ** e
            if (TICK < LOG_HIGH * 1.001) { eval "set ".AXIS."tics add (sprintf('%g', TICK) TICK)" }
        }
    }
} else {
    if (AXIS eq "y") { set ytics 10.0 ** floor(log10(LOG_LOW)), 10.0 ** ceil(LOG_SPAN / 9), LOG_HIGH; set mytics 1 } else {
        eval "set ".AXIS."tics auto"
        eval "set m".AXIS."tics default"
    }
}
