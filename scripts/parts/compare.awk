# compare.awk: cuts the logs of runs into the curves of compare.gp; compare.sh runs it in its directory:
#   PANELS=… LC_ALL=C awk -v form=png -f compare_read.awk -f compare_words.awk -f compare.awk
#
# PANELS: a line a panel. Writes curve_P_K.dat (x y) for each panel P and run K, crosses_P.dat (where a diverged run leaves
# it: x y K), headings.txt, labels.txt and notes.txt (a line a panel), lasts.txt (the last epoch of each run), and axes.txt
# and facts.gp, numbers alone.

# Whether the point says how a run trained, not how it blew up. A learning rate is as it was set.
function tells(p, k, n) { return diverged[k] < 0 || how[p] == "depth" || column[p] == "lr" || X[p, k, n] <= shown[k] }

function see(y) {
    if (!values++) { low = high = y; above = 0 }
    low = smaller(low, y)
    high = larger(high, y)
    if (y > 0) above = above ? smaller(above, y) : y
}
function see_all(p, all,    k, n) {
    values = 0
    low = high = above = 0
    for (k = 1; k <= runs; k++)
        for (n = 1; n <= points[p, k]; n++)
            if (finite(Y[p, k, n]) && (all || tells(p, k, n))) see(Y[p, k, n] + 0)
}
# How many times the largest value of one run is that of another: rates that are far apart need a log axis, rates that
# fall to 0 do not.
function apart(p,    k, n, top, least, most) {
    for (k = 1; k <= runs; k++) {
        top = 0
        for (n = 1; n <= points[p, k]; n++) if (finite(Y[p, k, n])) top = larger(top, Y[p, k, n] + 0)
        if (top > 0) { least = least ? smaller(least, top) : top; most = larger(most, top) }
    }
    return least ? most / least : 1
}
function is_share(name) { return name ~ /^(zero|saturated|dead|same_sign_row|same_sign_batch)$/ }
function is_accuracy(name) { return name ~ /_accuracy$/ }
# Its distance from 0 is what matters, and it may be on either side.
function is_place(name) { return name ~ /_mean$/ }

# bottom, top and logs: the axis of panel p.
function make_axis(p,    pad) {
    see_all(p, 0)
    if (!values) see_all(p, 1)
    logs = 0
    below = ""
    if (!values) { bottom = 0; top = 1; return }
    if (is_share(column[p])) {
        bottom = 0
        top = high == 0 || high > 0.5 ? 1 : high > 0.2 ? 0.5 : high > 0.1 ? 0.2 : 0.1
        return
    }
    logs = low >= 0 && above > 0 && \
        (column[p] == "lr" ? apart(p) > 8 : column[p] != "step" && !is_accuracy(column[p]) && !is_place(column[p]) && high > 20 * above)
    if (logs) {
        pad = (high / above) ^ 0.05
        bottom = above / pad
        top = high * pad
        return
    }
    if (column[p] == "lr" || low >= 0 && low < 0.5 * high && !is_accuracy(column[p])) low = smaller(low, 0)
    pad = high > low ? 0.05 * (high - low) : high == 0 ? 0.5 : 0.05 * larger(high, -high)
    bottom = low == 0 && high > 0 ? 0 : low - pad
    top = high + pad
    if (is_accuracy(column[p])) zoom(p, pad)
}
# Accuracies stay between 0 and 1; where they soon are in the upper half of the axis, it begins there: the first tenth of
# a run may lie below.
function zoom(p, pad,    k, n, settled) {
    bottom = larger(bottom, 0)
    top = smaller(top, 1 + pad / 3)
    settled = top
    for (k = 1; k <= runs; k++)
        for (n = 1; n <= points[p, k]; n++)
            if (finite(Y[p, k, n]) && tells(p, k, n) && (X[p, k, n] >= 0.1 * last[k] || diverged[k] >= 0))
                settled = smaller(settled, Y[p, k, n] + 0)
    if (settled <= low || settled - bottom < 0.5 * (top - bottom)) return
    pad = larger(0.05 * (high - settled), 0.005)
    bottom = settled - pad
    top = high + (high < 1 ? pad : pad / 3)
    below = "the first epochs lie below"
}

# Where the way from (x0, y0) to (x, y) passes the height `edge`.
function passing(x0, y0, x, y, edge) {
    return x0 + (x - x0) * (logs ? log(edge / y0) / log(y / y0) : (edge - y0) / (y - y0))
}
# Writes the curve; of a run that diverged as far as it stays in the picture, with a cross where that ends.
function write_curve(p, k,    n, file, x, y, x0, y0, edge, begun, every) {
    file = "curve_" p "_" k ".dat"
    printf "" > file
    every = stride[p]
    cut[p, k] = points[p, k]
    for (n = 1; n <= points[p, k]; n++) {
        x = X[p, k, n]
        y = Y[p, k, n]
        if (tells(p, k, n)) { if (every > 1 && x % every && n < points[p, k] && x != shown[k]) continue }
        else if (!finite(y) || y + 0 > top || y + 0 < bottom) { # (0 and less have no logarithm)
            cut[p, k] = n - 1
            break
        }
        if (finite(y) && !(logs && y <= 0)) {
            print x, y > file
            x0 = x; y0 = y + 0; begun = 1
        } else if (!tells(p, k, n) || !(y == "nan" && by_definition(p, k, n))) print "" > file
    }
    if (diverged[k] >= 0 && how[p] != "depth") {
        if (n <= points[p, k] && finite(y) && (!logs || y + 0 > 0)) {
            edge = y + 0 > top ? top : bottom
            if (begun) { x0 = passing(x0, y0, x, y + 0, edge); print x0, edge > file } else x0 = x
            y0 = edge
            begun = 1
        }
        if (begun) print x0, y0, k > ("crosses_" p ".dat")
    }
    close(file)
}
# Nothing was updated before epoch 0.
function by_definition(p, k, n) {
    return how[p] != "depth" ? X[p, k, n] == 0 && column[p] ~ /^(lr|grad_norm|grad_norm_max|update_ratio)$/ && \
        (how[p] == "epochs" || column[p] == "update_ratio") : column[p] == "update_ratio" && depth_at[p, k] == 0
}

# The range of x: that of the longest run, or of the deepest.
function span(p,    k) {
    x_low = how[p] == "depth" ? 1 : 0
    x_high = x_low
    for (k = 1; k <= runs; k++) {
        if (how[p] != "depth") x_high = larger(x_high, last[k])
        else if (points[p, k]) x_high = larger(x_high, X[p, k, points[p, k]])
    }
}
# From which point of a line to the next a mark stands: some 14 across the panel, three at least on a line.
function marks(p, k,    rows, step) {
    rows = points[p, k] / stride[p]
    if (rows < 2) return 1
    step = (x_high - x_low) / 14 / ((X[p, k, points[p, k]] - x_low) / rows)
    return larger(1, int(smaller(step, rows / 3) + 0.99))
}

BEGIN {
    OFMT = "%.9g" # as axes.txt has the edges
    MOST_LETTERS = 46 # of a note beneath a panel
    read_runs()
    read_panels()
    learn_words()
    for (k = 1; k <= runs; k++) {
        read_log(k, "epochs")
        if (by_layer) read_log(k, "layers")
        print last[k] + 0 > "lasts.txt"
    }
    check_panels()
    printf "" > "notes.txt"
    for (p = 1; p <= count; p++) {
        span(p)
        stride[p] = form == "html" && how[p] != "depth" && x_high > 400 ? int(x_high / 400) + 1 : 1
        printf "" > ("crosses_" p ".dat")
        make_axis(p)
        none = missing(p)
        for (k = 1; k <= runs; k++) { write_curve(p, k); every = every (k > 1 ? " " : "") marks(p, k) }
        write_notes(p)
        print heading(p) > "headings.txt"
        print label(p) > "labels.txt"
        printf "%.9g %.9g %d %d %d %d %d %s\n", bottom, top, logs, x_low, x_high, how[p] == "depth", with[p], every > "axes.txt"
        every = ""
    }
    printf "RUNS = %d\nPANELS = %d\nNOTE_LINES = %d\n", runs, count, most_lines > "facts.gp"
}
