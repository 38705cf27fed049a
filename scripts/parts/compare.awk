# compare.awk: cuts the logs of runs into the curves of compare.gp; compare.sh runs it in its directory:
#   PANELS="train_loss a_std:depth:last" LC_ALL=C awk -v form=png -f compare.awk        (a line a panel)
#
# Reads runs.dat (a line a run: layers, the epoch in which it diverged or -1; tab), names.txt (what to call each),
# run_K/epochs.csv and run_K/layers.csv. Writes curve_P_K.dat (x y), crosses_P.dat (where a diverged run leaves panel P:
# x y K), headings.txt, labels.txt, notes.txt (a line a panel) and facts.gp, numbers alone. What is wrong with a panel or a
# log goes to stdout, with exit 1.

function finite(text) { return text ~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/ }
function natural(text) { return text ~ /^[0-9]+$/ && length(text) < 10 }
function stop(message) { print message; exit 1 }
function larger(a, b) { return a > b ? a : b }
function smaller(a, b) { return a < b ? a : b }

# ---- what is asked for -----------------------------------------------------------------------------------------------

function read_panels(    i, part, n) {
    count = split(ENVIRON["PANELS"], panel, "\n")
    for (i = 1; i <= count; i++) {
        n = split(panel[i], part, ":")
        column[i] = part[1]
        how[i] = n == 1 ? "epochs" : part[2]
        where[i] = part[3]
        if (n == 1) continue
        if (n != 3 || !(how[i] == "layer" && (natural(where[i]) && where[i] > 0 || where[i] == "last") || \
            how[i] == "depth" && (natural(where[i]) || where[i] ~ /^(first|last)$/)))
            stop("--panels: expected COLUMN, COLUMN:layer:K or COLUMN:depth:EPOCH (K may be last, EPOCH first or last), got '" panel[i] "'")
        where[i] = natural(where[i]) ? where[i] + 0 : where[i]
    }
}
function read_runs(    line, part) {
    while ((getline line < "runs.dat") > 0) {
        split(line, part, "\t")
        runs++
        layers[runs] = part[1] + 0
        diverged[runs] = part[2] + 0
        most_layers = larger(most_layers, layers[runs])
        getline name[runs] < "names.txt"
    }
}

# ---- the logs --------------------------------------------------------------------------------------------------------

# The output layer is the identity: of these columns it says nothing, and its logits would dwarf the activations.
function of_activations(name) { return name ~ /^(a_mean|a_std|a_min|a_max|zero|saturated|dead|slope)$/ }

# A value of panel p and run k at x.
function keep(p, k, x, text) {
    n = ++points[p, k]
    X[p, k, n] = x
    Y[p, k, n] = text
}

# Takes apart the header of a log; which panels read it from where.
function read_header(line,    i, n) {
    sub(/\r$/, "", line)
    columns = split(line, title, ",")
    for (n in at) delete at[n]
    for (i = 1; i <= columns; i++) {
        at[title[i]] = i
        if (title[i] !~ /^(epoch|layer|activation)$/ && title[i] ~ /^[a-z_]+$/ && !((log_name, title[i]) in known)) {
            known[log_name, title[i]] = 1
            list[log_name] = list[log_name] (log_name in list ? ", " : "") title[i]
        }
    }
}

# read_log RUN LOG: calls row() for each whole row; the last one may still be being written.
function read_log(k, log_name_,    file, line, torn, number) {
    log_name = log_name_
    file = "run_" k "/" log_name ".csv"
    if ((getline line < file) > 0) read_header(line)
    if (!("epoch" in at) || (log_name == "layers" && !("layer" in at))) stop(k "\t" log_name ".csv: is no log of nnexp; train again")
    number = 1
    while ((getline line < file) > 0) {
        number++
        if (torn) stop(k "\t" log_name ".csv:" torn ": " torn_fields " fields, expected " columns "; the log is damaged")
        if (split(line, cell, ",") != columns) { torn = number; torn_fields = split(line, cell, ","); continue }
        if (!natural(cell[at["epoch"]])) stop(k "\t" log_name ".csv:" number ": the epoch is '" cell[at["epoch"]] "', expected a number; the log is damaged")
        if (log_name == "epochs") epoch_row(k, cell[at["epoch"]] + 0)
        else layer_row(k, cell[at["epoch"]] + 0, cell[at["layer"]])
    }
    close(file)
}

# `shown`: the last epoch before the loss of a run that diverged blew up (as plot.sh has it).
function epoch_row(k, epoch,    p, loss) {
    loss = cell[at["train_loss"]]
    if (!(k in first_loss)) { first_loss[k] = loss; sane[k] = 1; shown[k] = epoch }
    if (diverged[k] >= 0 && (epoch >= diverged[k] || !finite(loss) || finite(first_loss[k]) && loss > 10 * first_loss[k])) sane[k] = 0
    if (sane[k]) shown[k] = epoch
    last[k] = epoch
    for (p = 1; p <= count; p++)
        if (how[p] == "epochs" && column[p] in at) keep(p, k, epoch, cell[at[column[p]]])
}
function layer_row(k, epoch, layer,    p) {
    if (!natural(layer) || layer < 1) stop(k "\tlayers.csv: the layer is '" layer "', expected a number from 1; the log is damaged")
    layer += 0
    epochs_seen[epoch] = 1
    for (p = 1; p <= count; p++) {
        if (!(column[p] in at)) continue
        if (how[p] == "layer" && layer == (where[p] == "last" ? layers[k] : where[p])) keep(p, k, epoch, cell[at[column[p]]])
        if (how[p] == "depth") hold(p, k, epoch, layer, cell[at[column[p]]])
    }
}
# The layers of the wanted epoch: all of them, or none of an epoch that is still being written.
function hold(p, k, epoch, layer, text,    i) {
    if (where[p] == "first" ? (p, k) in depth_at && depth_at[p, k] != epoch : where[p] == "last" ? epoch > shown[k] : epoch != where[p]) return
    held[p, layer] = text
    if (layer < layers[k]) return
    points[p, k] = 0
    depth_at[p, k] = epoch
    for (i = 1; i <= layers[k]; i++)
        if (i < layers[k] || layers[k] == 1 || !of_activations(column[p])) keep(p, k, i, held[p, i])
}

# ---- refusals --------------------------------------------------------------------------------------------------------

function check_panels(    p, log_name) {
    for (p = 1; p <= count; p++) {
        log_name = how[p] == "epochs" ? "epochs" : "layers"
        if (!((log_name, column[p]) in known))
            stop("--panels: " log_name ".csv has no column '" column[p] "', as '" panel[p] "' asks; it has " list[log_name])
        if (how[p] == "layer" && where[p] != "last" && where[p] > most_layers)
            stop("--panels: no run has a layer " where[p] ", as '" panel[p] "' asks; they have 1 to " most_layers)
        if (how[p] == "depth" && natural(where[p]) && !(where[p] in epochs_seen))
            stop("--panels: no run has layers at epoch " where[p] ", as '" panel[p] "' asks; they have " epochs_told())
    }
}
function epochs_told(    e, n, low, high) {
    low = high = -1
    for (e in epochs_seen) { n++; low = low < 0 ? e + 0 : smaller(low, e + 0); high = larger(high, e + 0) }
    return high - low + 1 == n ? low " to " high : n " epochs from " low " to " high " (log.every)"
}

# ---- curves ----------------------------------------------------------------------------------------------------------

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

# bottom, top and logs: the axis of panel p.
function make_axis(p,    pad) {
    see_all(p, 0)
    if (!values) see_all(p, 1)
    logs = 0
    if (!values) { bottom = 0; top = 1; return }
    if (is_share(column[p])) {
        bottom = 0
        top = high == 0 || high > 0.5 ? 1 : high > 0.2 ? 0.5 : high > 0.1 ? 0.2 : 0.1
        return
    }
    logs = low >= 0 && above > 0 && (column[p] == "lr" ? apart(p) > 8 : column[p] != "step" && !is_accuracy(column[p]) && high > 20 * above)
    if (logs) {
        pad = (high / above) ^ 0.05
        bottom = above / pad
        top = high * pad
        return
    }
    if (low >= 0 && low < 0.5 * high && !is_accuracy(column[p])) low = 0
    pad = high > low ? 0.05 * (high - low) : high == 0 ? 0.5 : 0.05 * larger(high, -high)
    bottom = low == 0 && high > 0 ? 0 : low - pad
    top = high + pad
    if (is_accuracy(column[p])) { bottom = larger(bottom, 0); top = smaller(top, 1 + pad / 3) }
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
        if (n <= points[p, k] && finite(y) && y > 0) {
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

# ---- what a picture cannot show --------------------------------------------------------------------------------------

function oddity(text) { return !finite(text) ? (text ~ /inf/ ? "infinite" : "not a number") : logs && text + 0 <= 0 ? "zero" : "" }
# "zero: relu from epoch 3, tanh at epoch 4"; where that is long, in how many runs.
function odd_values(p, what,    k, n, text, times, from, to, found, unit) {
    unit = how[p] == "depth" ? "layer" : "epoch"
    for (k = 1; k <= runs; k++) {
        if (without[p, k]) continue
        times = 0
        for (n = 1; n <= cut[p, k]; n++)
            if (oddity(Y[p, k, n]) == what && !by_definition(p, k, n)) { if (!times++) from = n; to = n }
        if (!times) continue
        text = text (found++ ? ", " : "") name[k] (times < to - from + 1 ? " at times in " unit "s " X[p, k, from] "–" X[p, k, to] : \
            times == 1 ? " at " unit " " X[p, k, from] : \
            to == points[p, k] ? " from " unit " " X[p, k, from] : " in " unit "s " X[p, k, from] "–" X[p, k, to])
    }
    if (!found) return ""
    return what ": " (characters(text) > 62 ? found " of " runs " runs, at times" : text)
}
function characters(text,    i, n) {
    for (i = 1; i <= length(text); i++) if (substr(text, i, 1) < "\200" || substr(text, i, 1) > "\277") n++
    return n + 0
}
function listed(text, n) { return characters(text) > 62 ? n " of " runs " runs" : text }
# Runs that have nothing to draw here.
function missing(p,    k, n, any, text, found) {
    for (k = 1; k <= runs; k++) {
        any = 0
        for (n = 1; n <= points[p, k] && !any; n++) any = finite(Y[p, k, n])
        without[p, k] = !any
        if (!any) text = text (found++ ? ", " : "") name[k]
    }
    with[p] = runs - found
    return found ? "no values: " listed(text, found) : ""
}
# Runs whose curves lie upon one another.
function alike(p,    k, n, text, group, size, order, groups, i, out, found) {
    for (k = 1; k <= runs; k++) {
        if (without[p, k]) continue
        text = ""
        for (n = 1; n <= points[p, k]; n++) text = text X[p, k, n] " " Y[p, k, n] "\n"
        if (!(text in size)) order[++groups] = text
        group[text] = group[text] (size[text]++ ? ", " : "") name[k]
    }
    if (groups == 1 && runs > 1 && with[p] == runs) return "the same in all runs"
    for (i = 1; i <= groups; i++)
        if (size[order[i]] > 1) { out = out (out == "" ? "" : "; ") group[order[i]]; found += size[order[i]] }
    return out == "" ? "" : "the same: " listed(out, found)
}
function write_notes(p,    text, notes, i, kind) {
    text[1] = none
    kind[2] = "zero"; kind[3] = "infinite"; kind[4] = "not a number"
    for (i = 2; i <= 4; i++) text[i] = odd_values(p, kind[i])
    text[5] = alike(p)
    for (i = 1; i <= 5; i++) {
        if (text[i] == "") continue
        notes = notes (notes == "" ? "" : "\t") text[i]
        lines[p]++
    }
    print notes > "notes.txt"
    most_lines = larger(most_lines, lines[p])
}

# ---- words -----------------------------------------------------------------------------------------------------------

function spelt(name) {
    if (name in words) return words[name]
    return name
}
function learn_words(    all, i, n, part) {
    n = split("train_loss=training loss|val_loss=validation loss|train_accuracy=training accuracy|val_accuracy=validation accuracy|" \
        "train_rmse=training root mean square error|val_rmse=validation root mean square error|lr=learning rate|" \
        "grad_norm=gradient norm|grad_norm_max=largest gradient norm|weight_norm=weight norm|update_ratio=update ratio|" \
        "a_mean=mean of activations|a_std=std of activations|z_mean=mean of z|z_std=std of z|delta_rms=rms of delta|" \
        "saturated=saturated share|dead=dead share of units|zero=share of zeros|slope=mean slope", all, "|")
    for (i = 1; i <= n; i++) { split(all[i], part, "="); words[part[1]] = part[2] }
}
function heading(p,    k, e, one) {
    if (how[p] == "epochs") return spelt(column[p])
    if (how[p] == "layer") return spelt(column[p]) ", " (where[p] == "last" ? "output layer" : "layer " where[p])
    one = 1
    for (k = 1; k <= runs; k++) {
        if (!((p, k) in depth_at)) continue
        if (e != "" && e != depth_at[p, k]) one = 0
        e = depth_at[p, k]
    }
    return spelt(column[p]) " by layer, " (one && e != "" ? "epoch " e : "last epochs")
}
function label(p) {
    if (how[p] == "depth") return of_activations(column[p]) && most_layers > 1 ? "hidden layer" : "layer"
    return "epoch" (stride[p] > 1 ? " (one in " stride[p] " drawn)" : "")
}
# The range of x, and from which row to the next a mark stands on a line.
function span(p,    k) {
    x_low = how[p] == "depth" ? 1 : 0
    x_high = x_low
    longest = 0
    for (k = 1; k <= runs; k++) {
        if (points[p, k]) x_high = larger(x_high, X[p, k, points[p, k]])
        longest = larger(longest, points[p, k])
    }
}
function marks(p, k,    rows) {
    rows = points[p, k] / stride[p]
    if (rows < 2) return 1
    return larger(1, int((x_high - x_low) / 14 / (larger(1, X[p, k, points[p, k]] - x_low) / rows) + 0.99))
}

BEGIN {
    OFMT = "%.9g" # as axes.txt has the edges
    read_runs()
    read_panels()
    learn_words()
    for (k = 1; k <= runs; k++) { read_log(k, "epochs"); read_log(k, "layers") }
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
