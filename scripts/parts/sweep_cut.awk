# sweep_cut.awk: the files that sweep.awk writes, tab-separated:
#   curve_K.dat     x, mean loss, less and plus its standard error, mean score, less, plus, whether other cells
#                   diverged (1); a blank line where there is none
#   point_K.dat     x, loss, score: a cell that came to its end
#   crosses.dat     x, row from the top, curve, diverged cells, cells: where cells diverged
#   map.dat         column, row, mean loss, diverged, cells, best (1)
#   scatter_A.dat   x, loss, best (1); scatter_A_crosses.dat: x; random mode, axis A
#   cells.dat       directory, colour, how it ended (0: end, 1: diverged, 2: cut short), for sweep_epochs.awk
#   texts.txt       the axes' names and what the pictures are; curves.txt, ticks.txt, rows.txt: names, a line each
#   facts.gp        numbers

function fact(name, number) { printf "%s = %.9g\n", name, number > "facts.gp" }
function see(what, y) {
    y += 0
    if (!(what in low) || y < low[what]) low[what] = y
    if (!(what in high) || y > high[what]) high[what] = y
}
# Where value i (in order) of axis a lies: its number, or its rank; a zero on a log axis a step before the rest.
function position(a, i) {
    if (!drawn_numeric(a)) return i
    if (!is_log[a] || sorted(a, i) > 0) return sorted(a, i)
    return sorted(a, 2) ^ 2 / sorted(a, 3)
}
function drawn_numeric(a) { return is_numeric[a] && values[a] > 2 }

function write_texts(    s) {
    print axis_title(x) > "texts.txt"
    print (has_validation ? "validation loss" : "training loss") " at the end" > "texts.txt"
    print (score == "val_rmse" ? "validation rmse" : "validation accuracy") " at the end" > "texts.txt"
    print (by ? axis_title(by) : "") > "texts.txt"
    print endings() > "texts.txt"
    print drawing() > "texts.txt"
    print (has_validation ? "validation loss" : "training loss") > "texts.txt"
    print choice() > "texts.txt"
}
# "36 cells: 20 finished, 16 diverged"
function endings(    list, i, n, name, text) {
    n = split("finished stopped_early halved diverged failed unfinished missing", list, " ")
    for (i = 1; i <= n; i++) {
        if (!ended[list[i]]) continue
        name = list[i]
        sub(/_/, " ", name)
        text = text (text == "" ? "" : ", ") ended[list[i]] " " name
    }
    return counted(rows, "cell") ": " text
}
function choice(    i, text) {
    for (i = 1; i <= rests; i++) text = text (i > 1 ? ", " : "") key[rest[i]]
    return text == "" ? "" : shown("at each point the best of " text, 90)
}
function drawing(    text) {
    text = most_seeds > 1 ? "mean ± standard error of " most_seeds " seeds" : "one cell a point"
    if (shown_curves < curves) text = text ", " shown_curves " of " curves " values of " shown(key[by], 40)
    if (ended["halved"] + ended["failed"] + ended["unfinished"] + ended["missing"])
        text = text ", without cells that did not come to their end"
    return text (choice() == "" ? "" : ", ") choice()
}

# pick[1 … shown_curves]: which values of `by` are drawn: all, or 8 evenly chosen.
function pick_curves(    k) {
    curves = by ? values[by] : 1
    shown_curves = curves > 8 ? 8 : curves
    for (k = 1; k <= shown_curves; k++)
        pick[k] = curves <= 8 ? k : 1 + int((k - 1) * (curves - 1) / 7 + 0.5)
}
function name_of(a, i,    text) {
    text = value[a, order[a, i]]
    return is_numeric[a] ? sprintf("%.3g", text) : shown(plain(text), 32)
}

# One curve: its means, and the cells behind them.
function write_curve(k,    i, j, p, px, file, row, n, m, r, dodge, y, some) {
    j = by ? order[by, pick[k]] : 1
    file = "curve_" k ".dat"
    printf "" > file
    printf "" > ("point_" k ".dat")
    dodge = drawn_numeric(x) || shown_curves < 2 ? 0 : (k - (shown_curves + 1) / 2) * 0.7 / shown_curves
    for (i = 1; i <= values[x]; i++) {
        p = order[x, i] SUBSEP j
        if (!(p in best)) continue
        px = position(x, i) + dodge
        measure(best[p], "loss")
        if (DIVERGED) cross(k, px)
        some = DIVERGED > 0
        if (!N) { print "" > file; continue }
        see("loss", MEAN)
        # one wide error must not stretch a logarithmic scale by decades
        if (MEAN - ERROR > MEAN / 10 || low["loss"] <= 0) see("loss", MEAN - ERROR)
        see("loss", MEAN + ERROR)
        printf "%.9g\t%.9g\t%.9g\t%.9g", px, MEAN, MEAN - ERROR, MEAN + ERROR > file
        measure(best[p], "score")
        if (N) {
            see("score", MEAN - ERROR)
            see("score", MEAN + ERROR)
            printf "\t%.9g\t%.9g\t%.9g\t%d\n", MEAN, MEAN - ERROR, MEAN + ERROR, some > file
        } else print "\tNaN\tNaN\tNaN\t" some > file
        n = split(best[p], row, " ")
        m = 0
        for (r = 1; r <= n; r++) {
            if (!done[row[r]] || !number(loss(row[r]))) continue
            y = loss(row[r])
            see("loss", y)
            if (number(scored[row[r]])) see("score", scored[row[r]] + 0)
            # beside the mean where there is room for it
            printf "%.9g\t%.9g\t%s\n", px + (drawn_numeric(x) ? 0 : 0.12 / shown_curves * (m++ % 2 ? 1 : -1)), y, \
                number(scored[row[r]]) ? scored[row[r]] : "NaN" > ("point_" k ".dat")
            measured++
        }
    }
}
function cross(k, px) {
    if (!(k in cross_row)) cross_row[k] = ++cross_rows
    printf "%.9g\t%d\t%d\t%d\t%d\n", px, cross_row[k], k, DIVERGED, ALL > "crosses.dat"
    partly = partly || DIVERGED < ALL
}

function write_map(    i, j, p, least, longest) {
    for (i = 1; i <= values[x]; i++)
        for (j = 1; j <= values[by]; j++) {
            p = order[x, i] SUBSEP order[by, j]
            if (!(p in best)) continue
            measure(best[p], "loss")
            if (!N) continue
            see("map", MEAN)
            if (least == "" || MEAN < low_mean) { least = p; low_mean = MEAN }
        }
    for (i = 1; i <= values[x]; i++)
        for (j = 1; j <= values[by]; j++) {
            p = order[x, i] SUBSEP order[by, j]
            N = DIVERGED = ALL = 0
            if (p in best) measure(best[p], "loss")
            printf "%d\t%d\t%s\t%d\t%d\t%d\n", i, j, N ? sprintf("%.9g", MEAN) : "NaN", DIVERGED, ALL, p == least > "map.dat"
        }
    for (j = 1; j <= values[by]; j++) {
        print name_of(by, j) > "rows.txt"
        if (length(name_of(by, j)) > longest) longest = length(name_of(by, j))
    }
    fact("MAP_LONGEST", longest)
    fact("MAP_LOW", low["map"])
    fact("MAP_HIGH", high["map"])
}

# ---- random mode: every axis by itself --------------------------------------------------------------------------
function write_scatter(    a, r, v, file, least) {
    for (r = 1; r <= rows; r++)
        if (done[r] && number(loss(r)) && (least == "" || loss(r) + 0 < loss(least) + 0)) least = r
    for (a = 1; a <= axes; a++) {
        if (!varies[a] || panels == 9) continue
        panels++
        file = "scatter_" panels ".dat"
        printf "" > file
        printf "" > ("scatter_" panels "_crosses.dat")
        for (r = 1; r <= rows; r++) {
            v = is_numeric[a] ? value[a, at_axis[r, a]] : at_axis[r, a] + ((r * 0.618034) % 1 - 0.5) * 0.4
            see("x" panels, v + 0)
            if (status[r] == "diverged") printf "%.9g\n", v > ("scatter_" panels "_crosses.dat")
            if (!done[r] || !number(loss(r))) continue
            see("loss", loss(r) + 0)
            printf "%.9g\t%.9g\t%d\n", v, loss(r), r == least > file
        }
        print axis_title(a) > "panels.txt"
        fact("LOG_" panels, plan["", "sweep", "axes", key[a], "log", "#"] == "[" && low["x" panels] > 0)
        fact("LOW_" panels, low["x" panels])
        fact("HIGH_" panels, high["x" panels])
        fact("NAMES_" panels, is_numeric[a] ? 0 : values[a])
        if (!is_numeric[a])
            for (v = 1; v <= values[a]; v++) print percent(shown(plain(value[a, v]), 16)) > ("names_" panels ".txt")
    }
    fact("PANELS", panels)
}
# Names of categories are folded at their commas where each line then fits its share of the axis, and turned where not.
function choose_ticks(    i, k, n, part) {
    turned = 0
    lines = 1
    for (i = 1; i <= values[x] && !drawn_numeric(x) && mode != "random"; i++) {
        n = split(name_of(x, i), part, ", ")
        if (n > lines) lines = n
        for (k = 1; k <= n; k++) if (length(part[k]) > 72 / values[x]) turned = 1
    }
    if (lines > 4) turned = 1
    if (turned) lines = 1
}
function tick(i,    text) {
    text = name_of(x, i)
    if (drawn_numeric(x)) return text
    if (turned) return shown(text, 18)
    gsub(/, /, ",\t", text)
    return text
}
# A tick's label is a format to gnuplot.
function percent(text) { gsub(/%/, "%%", text); return text }

# ---- loss by epoch ----------------------------------------------------------------------------------------------
function write_cells(    r, tone, every, kept, v, a, j, text, widest) {
    tone = mode == "random" ? 0 : drawn_numeric(x)
    a = x
    # in random mode the rate, or else the first range
    for (j = axes; mode == "random" && j > 0; j--)
        if (varies[j] && is_numeric[j] && (!tone || key[j] == "train.lr" || key[a] != "train.lr")) { a = j; tone = 1 }
    every = rows > 400 ? rows / 400 : 1
    printf "" > "cells.dat"
    for (r = 1; r <= rows; r++) {
        if (int(r / every) == int((r - 1) / every) || status[r] == "missing") continue
        v = value[a, at_axis[r, a]] + 0
        if (!tone) {
            for (v = 1; order[a, v] != at_axis[r, a]; v++) continue
            if (v > 8) v = 9
        }
        see("tone", v)
        if (v > 0) see("positive tone", v)
        printf "%s\t%.9g\t%d\n", directory[r], v, status[r] == "diverged" ? 1 : done[r] ? 0 : 2 > "cells.dat"
        kept++
    }
    fact("TONES", tone ? 0 : values[a] > 8 ? 9 : values[a])
    fact("TONE_LOG", tone && (mode == "random" ? plan["", "sweep", "axes", key[a], "log", "#"] == "[" : is_log[a]))
    fact("TONE_LOW", low["tone"])
    fact("TONE_FIRST", low["positive tone"])
    fact("TONE_HIGH", high["tone"])
    fact("EPOCHS_OF", kept)
    print axis_title(a) > "tone.txt"
    widest = 9 # cut short
    for (v = 1; !tone && v <= values[a] && v <= 9; v++) {
        text = v == 9 ? values[a] - 8 " more" : shown(plain(name_of(a, v)), 32)
        print text > "tones.txt"
        if (length(text) > widest) widest = length(text)
    }
    fact("TONE_WIDTH", widest)
}

# The axis x: its span, its ticks.
function write_x(    i, text, longest) {
    choose_ticks()
    for (i = 1; i <= values[x] && mode != "random"; i++) {
        text = tick(i)
        print percent(text) > "ticks.txt"
        if (length(text) > longest) longest = length(text)
    }
    fact("X_NAMES", drawn_numeric(x) || mode == "random" ? 0 : values[x])
    fact("X_LOG", is_log[x])
    fact("X_LOW", mode == "random" ? 0 : position(x, 1))
    fact("X_HIGH", mode == "random" ? 1 : position(x, values[x]))
    fact("X_ZERO", is_log[x] && sorted(x, 1) == 0)
    fact("X_LONGEST", longest)
    fact("X_LINES", lines)
    fact("X_TURNED", turned)
    fact("X_COUNT", values[x])
}
# The curves' names, and how many letters the widest entry of the key has.
function write_key(    k, text, widest) {
    for (k = 1; k <= shown_curves; k++) {
        text = by ? name_of(by, pick[k]) : drawn_numeric(x) || most_seeds < 2 ? "mean" : "mean ± standard error"
        print text > "curves.txt"
        if (length(text) > widest) widest = length(text)
    }
    k = partly ? 23 : most_seeds > 1 ? 16 : cross_rows ? 8 : 0
    fact("KEY_WIDTH", widest > k ? widest : k)
    fact("CURVES", shown_curves)
    fact("BY", by > 0)
    fact("BY_NUMBERS", by && is_numeric[by])
    fact("BY_COUNT", by ? values[by] : 0)
}
function write_ranges() {
    fact("MEASURED", measured)
    fact("LOSS_LOW", low["loss"])
    fact("LOSS_HIGH", high["loss"])
    fact("SCORED", has_score)
    fact("SCORE_LOW", low["score"])
    fact("SCORE_HIGH", high["score"])
    fact("SCORE_ERROR", score == "val_rmse")
    fact("CROSS_ROWS", cross_rows)
    fact("PARTLY", partly)
    fact("SEEDS", most_seeds)
    fact("ENDED", ends)
    fact("DIVERGED", ended["diverged"])
    fact("SHORT", ended["halved"] + ended["unfinished"] + ended["failed"])
}
function write_all(    k, map) {
    printf "" > "crosses.dat"
    pick_curves()
    most_seeds = 0
    if (mode == "random") { write_scatter(); measured = low["loss"] != "" }
    else for (k = 1; k <= shown_curves; k++) write_curve(k)
    write_x()
    write_key()
    write_ranges()
    # a map wants two axes of numbers, three values on one of them
    map = mode != "random" && by && is_numeric[x] && is_numeric[by] && (values[x] > 2 || values[by] > 2) && measured
    if (map) write_map()
    write_cells()
    write_texts()
    write_schedules()
    printf "random=%d map=%d measured=%d diverged=%d validation=%d\n", mode == "random", map, measured, ended["diverged"], \
        has_validation
    print "ended=" endings()
}
# What plot_schedules.sh is to draw where schedules are an axis, a line each: the sweep itself, or, where other axes
# change the rates too, a cell of each schedule.
function write_schedules(    a, r, s, alone) {
    for (a = 1; a <= axes; a++) alone += varies[a]
    for (a = 1; a <= axes; a++) {
        if (key[a] != "train.schedule" || !ends) continue
        if (alone < 2) print "." > "schedules.txt"
        for (r = 1; r <= rows && alone > 1; r++) {
            s = at_axis[r, a]
            if ((s in scheduled) || !done[r] || schedules == 8) continue
            scheduled[s] = 1
            schedules++
            print directory[r] > "schedules.txt"
        }
    }
}
