# compare_read.awk: the logs of runs, for compare.awk: what each panel shows of each run, as X[PANEL, RUN, N] and
# Y[PANEL, RUN, N] for N up to points[PANEL, RUN]. Reads runs.dat (a line a run: layers, the epoch in which it diverged or
# -1; tab), names.txt (what to call each), run_K/epochs.csv and run_K/layers.csv. What is wrong with a panel or a log goes to
# stdout, with exit 1.

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
            stop("--panels: expected COLUMN, COLUMN:layer:K or COLUMN:depth:EPOCH (K may be last, EPOCH first or last), got '" \
                panel[i] "'")
        by_layer = 1
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
            list[log_name] = list[log_name] (list[log_name] == "" ? "" : ", ") title[i]
        }
    }
}

function damaged(k, number, what) { stop(k "\t" log_name ".csv:" number ": " what "; the log is damaged") }
# A number of the row in hand.
function whole(k, number, name,    text) {
    text = cell[at[name]]
    if (!natural(text)) damaged(k, number, "the " name " is '" text "', expected a number")
    return text + 0
}
# read_log RUN LOG: each whole row; the last one may still be being written.
function read_log(k, log_,    file, line, torn, fields, number) {
    log_name = log_
    file = "run_" k "/" log_name ".csv"
    if ((getline line < file) > 0) read_header(line)
    if (!("epoch" in at) || !((log_name == "epochs" ? "train_loss" : "layer") in at))
        stop(k "\t" log_name ".csv: is no log of nnexp; train again")
    for (number = 2; (getline line < file) > 0; number++) {
        if (torn) damaged(k, torn, fields " fields, expected " columns)
        fields = split(line, cell, ",")
        if (fields != columns) { torn = number; continue }
        if (log_name == "epochs") epoch_row(k, whole(k, number, "epoch"))
        else layer_row(k, whole(k, number, "epoch"), whole(k, number, "layer"))
    }
    close(file)
    if (log_name == "epochs" && !(k in last)) stop(k "\tepochs.csv: no rows; the run has not measured anything yet")
}

# `shown`: the last epoch before the loss of a run that diverged blew up (as plot.sh has it).
function epoch_row(k, epoch,    p, loss) {
    loss = cell[at["train_loss"]]
    if (!(k in first_loss)) { first_loss[k] = loss; sane[k] = 1; shown[k] = epoch }
    if (diverged[k] >= 0 && (epoch >= diverged[k] || !finite(loss) || loss > 10 * first_loss[k])) sane[k] = 0
    if (sane[k]) shown[k] = epoch
    last[k] = epoch
    for (p = 1; p <= count; p++)
        if (how[p] == "epochs" && column[p] in at) keep(p, k, epoch, cell[at[column[p]]])
}
function layer_row(k, epoch, layer,    p) {
    epochs_seen[epoch] = 1
    for (p = 1; p <= count; p++) {
        if (!(column[p] in at)) continue
        if (how[p] == "layer" && layer == (where[p] == "last" ? layers[k] : where[p])) keep(p, k, epoch, cell[at[column[p]]])
        if (how[p] == "depth") hold(p, k, epoch, layer, cell[at[column[p]]])
    }
}
# The layers of the wanted epoch: all of them, or none of an epoch that is still being written.
function hold(p, k, epoch, layer, text,    i) {
    if (where[p] == "first" ? (p, k) in depth_at && depth_at[p, k] != epoch : \
        where[p] == "last" ? epoch > shown[k] : epoch != where[p]) return
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
            stop("--panels: " log_name ".csv has no column '" column[p] "' to draw, as '" panel[p] "' asks; it has " list[log_name])
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
