# study_measure.awk: the numbers that the checks of a study ask for, from a sweep's table and its cells' logs.
#   PARTS=… COSTS=… SUGGESTED=… awk -f sweep_read.awk -f study_measure.awk requests.tsv sweep.csv
# runs in the sweep's directory and prints `ID SEED VALUE`, tab-separated, a row a request and seed (nan: no such number).
# A request, as study.jq writes it: id, file, column, layer, epoch, component, axis, at, where's column, relation and bound,
# activation, cells (KEY US VALUE US …); "-" stands for what is not asked.
# Wants the C locale, as sweep_read.awk does.

function stop(message) {
    print message > "/dev/stderr"
    failed = 1
    exit 1
}
function finite(text) { return text ~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/ }

# ---- requests --------------------------------------------------------------------------------------------------------

BEGIN {
    FS = "\t"
    CONVFMT = "%.9g"
    fields = split("id file column layer epoch component axis at where relation bound activation cells", field, " ")
}
FILENAME == ARGV[1] {
    if (NF != fields) stop("a request has " NF " fields, not " fields)
    for (i = 1; i <= NF; i++) ask[FNR, field[i]] = $i
    requests = FNR
    next
}

# ---- sweep.csv -------------------------------------------------------------------------------------------------------

{
    line = open ? line "\n" $0 : $0
    n = csv_row(line)
    open = n == 0
    if (open) next
    if (n < 0) stop("sweep.csv:" FNR ": quotes and commas contradict each other")
    if (!columns) {
        columns = n
        for (i = 1; i <= n; i++) at_column[cell[i]] = i
        next
    }
    cells++
    for (name in at_column) table[cells, name] = cell[at_column[name]]
}

# Values of an axis: numbers by their value, others by their text without blanks and quotes.
function same(a, b) {
    if (finite(a) && finite(b)) return (a - b) ^ 2 <= 1e-16 * a ^ 2
    gsub(/[ "]/, "", a)
    gsub(/[ "]/, "", b)
    return a == b
}
function matches(r, c,    pair, n, i) {
    if (ask[r, "cells"] == "-") return 1
    n = split(ask[r, "cells"], pair, "\037")
    for (i = 1; i < n; i += 2) {
        if (!(pair[i] in at_column)) stop("'" pair[i] "' is no axis of the sweep")
        if (!same(table[c, pair[i]], pair[i + 1])) return 0
    }
    return 1
}

# ---- logs ------------------------------------------------------------------------------------------------------------

# One number of `list`[1 … n]: the least, the greatest, the mean, or the greatest ratio of an entry to the next.
function take(how, list, n,    i, value, ratio) {
    if (how == "max_ratio") {
        for (i = 1; i < n; i++) {
            if (!finite(list[i]) || !finite(list[i + 1]) || list[i + 1] == 0) return "nan"
            ratio = list[i] / list[i + 1]
            if (i == 1 || ratio > value) value = ratio
        }
        return n < 2 ? "nan" : value
    }
    if (how !~ /^(min|max|mean)$/) stop("'" how "' takes no number of several; use min, max, mean or max_ratio")
    for (i = 1; i <= n; i++) {
        if (!finite(list[i])) return "nan"
        if (how == "mean") value += list[i] / n
        else if (i == 1 || (how == "min" ? list[i] < value : list[i] > value)) value = list[i] + 0
    }
    return n ? value : "nan"
}

# The column of a log by epoch, of one layer or over several: by_epoch[1 … n], epoch_of[1 … n]; returns n.
function read_log(path, column, layer,    row, name, i, n, at, part, from, to, how, list, count, seen, last, rows, deepest) {
    if ((getline row < path) <= 0) return 0
    at = 0
    n = split(row, name, ",")
    for (i = 1; i <= n; i++) if (name[i] == column) at = i
    if (!at) stop(path ": no column '" column "'")
    split(layer, part, ":")
    from = part[1]; to = part[2] == "" ? from : part[2]; how = part[3]
    n = count = 0
    while ((getline row < path) > 0) {
        split(row, name, ",")
        rows++
        if (name[2] + 0 > deepest) deepest = name[2] + 0
        if (layer != "-" && (name[2] + 0 < from || name[2] + 0 > to)) continue
        if (seen && name[1] != last) { by_epoch[++n] = layer ~ /:/ ? take(how, list, count) : list[1]; epoch_of[n] = last; count = 0 }
        seen = 1
        last = name[1]
        list[++count] = name[at]
    }
    close(path)
    if (layer != "-" && rows && to + 0 > deepest) stop(path ": no layer " to "; the last one is " deepest)
    if (seen) { by_epoch[++n] = layer ~ /:/ ? take(how, list, count) : list[1]; epoch_of[n] = last }
    return n
}

# At an epoch, at the last, or over all. What there is from the first update on is nan before it (seconds of training: 0),
# and left out.
function log_value(path, column, layer, epoch,    n, i, list, count) {
    n = read_log(path, column, layer)
    if (epoch == "last") return n ? by_epoch[n] : "nan"
    if (epoch ~ /^[0-9]+$/) {
        for (i = 1; i <= n; i++) if (epoch_of[i] + 0 == epoch + 0) return by_epoch[i]
        return "nan"
    }
    for (i = 1; i <= n; i++) if (epoch_of[i] > 0 || (by_epoch[i] != "nan" && path !~ /timing/)) list[++count] = by_epoch[i]
    return take(epoch, list, count)
}

# A fact of the weights of log.path: path_length.awk's, or the spread.
function path_value(dir, column,    command, header, row, name, value, n, i) {
    command = "awk " (column == "spread" ? "-v kind=spread " : "") "-f \"$PARTS/path_length.awk\" " dir "/steps.csv"
    command | getline header
    command | getline row
    if (close(command) != 0) stop(dir "/steps.csv: cannot be read")
    n = split(header, name, ",")
    split(row, value, ",")
    for (i = 1; i <= n; i++) if (name[i] == column) return value[i]
    stop("the path of weights has no '" column "'; use length, displacement, ratio or spread")
}

# The row of a table whose `key` column is `wanted`; the last such row.
function table_value(path, key, wanted, column,    row, name, i, n, at, found, value) {
    value = "nan"
    if ((getline row < path) <= 0) return value
    n = split(row, name, ",")
    for (i = 1; i <= n; i++) { if (name[i] == column) at = i; if (name[i] == key) found = i }
    if (!at || !found) stop(path ": no column '" (at ? key : column) "'")
    while ((getline row < path) > 0) { split(row, name, ","); if (name[found] == wanted) value = name[at] }
    close(path)
    return value
}

# A column of sweep.csv; `diverged` is 1 or 0.
function sweep_value(c, column) {
    if (column == "diverged") return table[c, "status"] == "diverged" ? 1 : 0
    if (!(column in at_column)) stop("sweep.csv: no column '" column "'")
    return table[c, column]
}
function cell_value(r, c,    dir, file) {
    dir = table[c, "dir"]
    file = ask[r, "file"]
    if (file == "sweep") return sweep_value(c, ask[r, "column"])
    if (dir !~ /^cells\/[0-9a-f]+$/) stop("sweep.csv: '" dir "' is no cell's directory")
    if (file ~ /^(epochs|layers|timing)$/) return log_value(dir "/" file ".csv", ask[r, "column"], ask[r, "layer"], ask[r, "epoch"])
    if (file == "path") return path_value(dir, ask[r, "column"])
    if (file == "preprocess") return table_value(dir "/preprocess.csv", "component", ask[r, "component"], ask[r, "column"])
    stop("'" file "' is no file of a check; use epochs, layers, timing, path, preprocess, sweep, costs or find_lr")
}

# ---- over an axis ----------------------------------------------------------------------------------------------------

function holds(value, relation, bound) {
    if (!finite(value)) return 0
    return relation == "<" ? value < bound : relation == ">" ? value > bound : stop("where: '" relation "' is neither < nor >")
}

# Of a seed's cells along the axis: the largest or smallest value of the axis where `where` holds, the value of the axis at
# which the column is lowest, or the least, greatest or mean of the column.
function over_axis(r, seed,    c, axis, how, value, best, answer, list, n) {
    axis = ask[r, "axis"]
    how = ask[r, "at"]
    answer = "nan"
    for (c = 1; c <= cells; c++) {
        if (table[c, "seed"] != seed || !matches(r, c)) continue
        if (ask[r, "where"] != "-" && !holds(sweep_value(c, ask[r, "where"]), ask[r, "relation"], ask[r, "bound"] + 0)) continue
        if (how ~ /^(largest|smallest|best)$/ && !finite(table[c, axis]))
            stop("'" axis "' is '" table[c, axis] "', which is no number; use min, max or mean")
        if (how == "largest" || how == "smallest") {
            value = table[c, axis] + 0
            if (answer == "nan" || (how == "largest" ? value > answer : value < answer)) answer = value
            continue
        }
        value = cell_value(r, c)
        if (how != "best") { list[++n] = value; continue }
        if (finite(value) && (answer == "nan" || value + 0 < best)) { best = value + 0; answer = table[c, axis] }
    }
    return how ~ /^(largest|smallest|best)$/ ? answer : take(how, list, n)
}

# ---- all of it -------------------------------------------------------------------------------------------------------

function answer_request(r,    c, seed, found) {
    if (ask[r, "file"] == "costs") {
        print ask[r, "id"] "\tall\t" table_value(ENVIRON["COSTS"], "activation", ask[r, "activation"], ask[r, "column"])
        return
    }
    if (ask[r, "file"] == "find_lr") {
        print ask[r, "id"] "\tall\t" ENVIRON["SUGGESTED"]
        return
    }
    if (ask[r, "axis"] != "-" && !(ask[r, "axis"] in at_column)) stop("'" ask[r, "axis"] "' is no axis of the sweep")
    for (c = 1; c <= cells; c++) {
        seed = table[c, "seed"]
        if (!matches(r, c)) continue
        found = 1
        if ((r, seed) in done) {
            if (ask[r, "axis"] == "-") stop("several cells of seed " seed " are meant; name more of their axes in 'cells', or an 'axis'")
            continue
        }
        done[r, seed] = 1
        print ask[r, "id"] "\t" seed "\t" (ask[r, "axis"] == "-" ? cell_value(r, c) : over_axis(r, seed))
    }
    if (!found) stop("no cell is meant: 'cells' names values that the sweep has not")
}
END {
    if (failed) exit 1
    if (!("seed" in at_column)) stop("the sweep has no seed axis; give it \"repeat\"")
    for (r = 1; r <= requests; r++) answer_request(r)
}
