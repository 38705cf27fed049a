# sweep.awk: cuts a sweep's table into the small files that the sweep_*.gp draw. plot_sweep.sh runs it in a directory of
# its own, in the C locale, with DIR, X and BY in the environment (X, BY: keys of axes, or empty):
#   awk -f sweep_read.awk -f sweep_cut.awk -f sweep.awk kind=json sweep.json kind=csv sweep.csv
#
# Columns are found by name: between `cell` and `status` lie the axes. Cells that differ in `seed` alone are repetitions
# of one setting. What every file holds is said in sweep_cut.awk; facts.gp holds numbers only.

function stop(message) {
    print "plot_sweep.sh: " ENVIRON["DIR"] "/" message > "/dev/stderr"
    failed = 1
    exit 1
}
function number(text) { return text ~ /^-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?$/ }
function counted(n, what) { return n " " what (n == 1 ? "" : "s") }

kind == "json" { document = document $0 "\n"; next }

# ---- the table -------------------------------------------------------------------------------------------------
kind == "csv" {
    line = open ? line "\n" $0 : $0
    if (!open) line_number = FNR
    sub(/\r$/, "", line)
    fields = csv_row(line)
    open = fields == 0
    if (open) next
    if (fields < 0) stop("sweep.csv:" line_number ": a quote where none may be; write it again with nnexp sweep --collect")
    if (!columns) read_header()
    else read_row()
}
function read_header(    i) {
    columns = fields
    for (i = 1; i <= columns; i++) {
        at[cell[i]] = i # of `status` the last: no axis stands behind it
        key[i - 1] = cell[i]
    }
    score = ("val_rmse" in at) ? "val_rmse" : "val_accuracy"
    if (cell[1] != "cell") stop("sweep.csv: its first column is not 'cell'; is this the table of a sweep?")
    need("status epochs train_loss val_loss " score " dir")
    axes = at["status"] - 2
    if (axes < 1) stop("sweep.csv: has no axis; is this the table of a sweep?")
}
function need(names,    name, i, n) {
    n = split(names, name, " ")
    for (i = 1; i <= n; i++)
        if (!(name[i] in at)) stop("sweep.csv: no column '" name[i] "'; is this the table of a sweep?")
}
function read_row(    a, text) {
    if (fields != columns)
        stop("sweep.csv:" line_number ": " counted(fields, "field") ", expected " columns \
            "; write it again with nnexp sweep --collect")
    rows++
    for (a = 1; a <= axes; a++) {
        text = cell[a + 1]
        if (!((a, text) in place)) { value[a, ++values[a]] = text; place[a, text] = values[a] }
        at_axis[rows, a] = place[a, text]
    }
    status[rows] = cell[at["status"]]
    if (index(" finished stopped_early diverged halved failed unfinished missing ", " " status[rows] " ") == 0)
        stop("sweep.csv:" line_number ": the status is '" status[rows] "'; write it again with nnexp sweep --collect")
    directory[rows] = cell[at["dir"]]
    if (directory[rows] !~ /^cells\/[0-9a-f]+$/)
        stop("sweep.csv:" line_number ": dir is '" directory[rows] "', expected cells/HASH; write it again with nnexp sweep --collect")
    ended[status[rows]]++
    train[rows] = cell[at["train_loss"]]
    validation[rows] = cell[at["val_loss"]]
    scored[rows] = cell[at[score]]
    # losses of cells that have not come to their end do not compare
    done[rows] = status[rows] == "finished" || status[rows] == "stopped_early"
    ends += done[rows]
    if (done[rows] && number(validation[rows])) has_validation = 1
    if (done[rows] && number(scored[rows])) has_score = 1
}

# ---- the axes --------------------------------------------------------------------------------------------------
# Whether axis a holds numbers alone.
function numeric(a,    i) {
    for (i = 1; i <= values[a]; i++) if (!number(value[a, i])) return 0
    return 1
}
# order[a, 1 …]: the numbers of its values, sorted where they are numbers.
function sort_axis(a,    i, j, held) {
    for (i = 1; i <= values[a]; i++) order[a, i] = i
    if (!is_numeric[a]) return
    for (i = 2; i <= values[a]; i++) {
        held = order[a, i]
        for (j = i - 1; j > 0 && value[a, order[a, j]] + 0 > value[a, held] + 0; j--) order[a, j + 1] = order[a, j]
        order[a, j + 1] = held
    }
}
# The i-th number of an axis.
function sorted(a, i) { return value[a, order[a, i]] + 0 }
# How unevenly numbers lie: the squared deviation of their steps from the mean step, over its square.
function unevenness(a, from, logs,    i, step, n, sum, squares) {
    for (i = from + 1; i <= values[a]; i++) {
        step = logs ? log(sorted(a, i) / sorted(a, i - 1)) \
                    : sorted(a, i) - sorted(a, i - 1)
        n++
        sum += step
        squares += step * step
    }
    return sum ? squares * n / (sum * sum) : 0
}
# A log axis: where the sweep says so, or where values over most of a decade lie more evenly in their logarithms. A zero
# before them stays apart (a rate of decay often has one).
function logarithmic(a,    from) {
    if (!is_numeric[a] || sorted(a, 1) < 0) return 0
    from = sorted(a, 1) == 0 ? 2 : 1
    if (plan["", "sweep", "axes", key[a], "log", "#"] == "[") return from == 1
    if (values[a] - from < 2 || sorted(a, values[a]) < 8 * sorted(a, from)) return 0
    return unevenness(a, from, 1) < unevenness(a, from, 0)
}
function find_axis(name,    a, list) {
    for (a = 1; a <= axes; a++) {
        if (key[a] == name) return a
        list = list (a > 1 ? ", " : "") key[a]
    }
    print "plot_sweep.sh: " name ": no axis of this sweep; it has " list > "/dev/stderr"
    failed = 2
    exit 2
}
# x: what was asked for, or the first numeric axis of more than two values, or the first that varies. by: what was asked
# for, or the next that varies. rest[1 …]: the others that vary.
function choose_axes(    a) {
    for (a = 1; a <= axes; a++) {
        is_numeric[a] = numeric(a)
        if (mode != "random" || !is_numeric[a]) sort_axis(a)
        varies[a] = values[a] > 1 && (key[a] != "seed" || axes == 1)
    }
    if (ENVIRON["X"] != "") x = find_axis(ENVIRON["X"])
    if (ENVIRON["BY"] != "") by = find_axis(ENVIRON["BY"])
    if (x && x == by) {
        print "plot_sweep.sh: --by: '" key[x] "' is --x already; choose another axis" > "/dev/stderr"
        failed = 2
        exit 2
    }
    for (a = 1; a <= axes && !x; a++) if (varies[a] && a != by && is_numeric[a] && values[a] > 2) x = a
    for (a = 1; a <= axes && !x; a++) if (varies[a] && a != by) x = a
    if (!x) x = by == 1 && axes > 1 ? 2 : 1
    for (a = 1; a <= axes && !by; a++) if (varies[a] && a != x) by = a
    for (a = 1; a <= axes; a++)
        if (varies[a] && a != x && a != by) rest[++rests] = a
    if (mode != "random") is_log[x] = logarithmic(x)
    if (by && mode != "random") is_log[by] = logarithmic(by)
}
function axis_title(a) { return shown(key[a] == "train.lr" ? "learning rate (train.lr)" : key[a], 60) }

# ---- repetitions of one setting ----------------------------------------------------------------------------------
# Of the rows in `list`: N, MEAN, ERROR (standard error) of column `what`, DIVERGED, ALL.
function measure(list, what,    row, i, n, sum, squares, y) {
    N = DIVERGED = 0
    sum = squares = 0
    ALL = split(list, row, " ")
    for (i = 1; i <= ALL; i++) {
        if (status[row[i]] == "diverged") DIVERGED++
        y = what == "score" ? scored[row[i]] : loss(row[i])
        if (!done[row[i]] || !number(y)) continue
        N++
        sum += y
    }
    MEAN = N ? sum / N : 0
    for (i = 1; i <= ALL; i++) {
        y = what == "score" ? scored[row[i]] : loss(row[i])
        if (done[row[i]] && number(y)) squares += (y - MEAN) ^ 2
    }
    ERROR = N > 1 ? sqrt(squares / (N - 1) / N) : 0
    if (N > most_seeds) most_seeds = N
}
function loss(row) { return has_validation ? validation[row] : train[row] }

# best[i, j]: the rows of the setting with the lowest mean loss at values i of x and j of by; among settings of which no
# cell diverged, where there are any.
function choose_settings(    r, k, i, j, g, p, safe) {
    for (r = 1; r <= rows; r++) {
        i = at_axis[r, x]
        j = by ? at_axis[r, by] : 1
        g = i SUBSEP j
        for (k = 1; k <= rests; k++) g = g SUBSEP at_axis[r, rest[k]]
        if (!(g in members)) { group[++groups] = g; point[g] = i SUBSEP j }
        members[g] = members[g] " " r
    }
    for (k = 1; k <= groups; k++) {
        g = group[k]
        p = point[g]
        measure(members[g], "loss")
        safe = N ? (DIVERGED ? 1 : 2) : DIVERGED ? 0 : -1
        if (!(p in best) || safe > rank[p] || (safe == rank[p] && N && MEAN < lowest[p])) {
            best[p] = members[g]
            rank[p] = safe
            lowest[p] = MEAN
        }
    }
}

END {
    if (failed) exit failed
    if (!json(document, plan)) stop("sweep.json: no JSON, or cut short; run nnexp sweep again")
    if (open) stop("sweep.csv:" line_number ": a quote that does not end; write it again with nnexp sweep --collect")
    if (!columns) stop("sweep.csv: is empty; write it again with nnexp sweep --collect")
    if (!rows) stop("sweep.csv: no rows; write it again with nnexp sweep --collect")
    if (number(plan["", "cells"]) && plan["", "cells"] != rows)
        stop("sweep.csv: " counted(rows, "row") " of " plan["", "cells"] " cells; write it again with nnexp sweep --collect")
    if (!ends) has_validation = 1
    mode = plan["", "sweep", "mode"]
    choose_axes()
    choose_settings()
    write_all()
}
