# logs.awk: cuts one log of a run into the small CSV files that the panels draw, and prints facts about it.
# plot.sh runs it inside an empty directory: awk -F , -v kind=epochs|layers|histograms -f logs.awk FILE
#
# A row that is still being written (the last one, cut short) is left out. Exit 1 with a message on stderr when
# the file is no such log.

function stop(message) {
    print "plot.sh: " ENVIRON["RUN"] "/" kind ".csv" message > "/dev/stderr"
    failed = 1
    exit 1
}
function finite(text) { return text ~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/ }
function natural(text) { return text ~ /^[0-9]+$/ && length(text) < 10 }
function cell(name) { return $(at[name]) }
function need(names, name, i, n) {
    n = split(names, name, " ")
    for (i = 1; i <= n; i++)
        if (!(name[i] in at)) stop(": no column '" name[i] "'; is this a log of nnexp?")
}
# Remembers which columns hold a number at all (NAME) and a positive one (NAME+): axes need one.
function note_values(    i) {
    for (i = 1; i <= NF; i++)
        if (finite($i)) {
            seen[title[i]] = 1
            if ($i > 0) seen[title[i] "+"] = 1
        }
}
function print_seen(    name) {
    printf "seen="
    for (name in seen) if (name ~ /^[a-z_]+\+?$/) printf " %s", name
    print " "
}

NR == 1 {
    sub(/\r$/, "")
    header = $0
    columns = NF
    for (i = 1; i <= NF; i++) { title[i] = $i; at[$i] = i }
    if (kind == "epochs") {
        need("epoch lr train_loss val_loss grad_norm update_ratio")
        score = ("train_rmse" in at) ? "rmse" : "accuracy"
        need("train_" score " val_" score)
    }
    if (kind == "layers") need("epoch layer activation a_mean a_std saturated dead grad_norm update_ratio")
    if (kind == "histograms") need("epoch layer what low high count")
    next
}
short { stop(":" short ": " short_fields " fields, expected " columns "; the log is damaged") }
NF != columns { short = NR; short_fields = NF; next }
!natural(cell("epoch")) { stop(":" NR ": the epoch is '" cell("epoch") "', expected a number; the log is damaged") }
kind != "epochs" && (!natural(cell("layer")) || cell("layer") < 1) {
    stop(":" NR ": the layer is '" cell("layer") "', expected a number from 1; the log is damaged")
}
{ rows++ }

# ---- epochs: a copy of the whole rows; `shown` is the last epoch before the loss blew up ----------------------
# A loss may jump and come back: only a run that is said to have diverged is cut at the jump.
function diverged(epoch, loss) {
    return ENVIRON["DIVERGED"] != "" && (epoch >= ENVIRON["DIVERGED"] + 0 || loss > 10 * first)
}
kind == "epochs" {
    if (rows == 1) { print header > "epochs.csv"; first = cell("train_loss"); sane = 1; shown = last = cell("epoch") }
    print > "epochs.csv"
    note_values()
    last = cell("epoch")
    if (!finite(cell("train_loss")) && broken == "") broken = last
    if (!finite(cell("train_loss")) || diverged(last, cell("train_loss"))) sane = 0
    if (sane) shown = last
    if (last == ENVIRON["BEST"]) best = $0
    next
}

# ---- layers: a file a layer, the epochs 0 and `shown` across layers, and notes on what a log axis cannot show ----
function oddity(text) { return !finite(text) ? (text ~ /inf/ ? "inf" : "nan") : text + 0 == 0 ? "zero" : "" }
# Remembers where the column of layer k is zero, inf or nan. No update comes before epoch 0.
function note_oddity(name, k,    what, i) {
    what = oddity(cell(name))
    if (what == "" || (what == "nan" && name == "update_ratio" && cell("epoch") == 0)) return
    i = name " " what " " k
    if (!times[i]++) { from_row[i] = layer_rows[k]; from[i] = cell("epoch") }
    to_row[i] = layer_rows[k]
    to[i] = cell("epoch")
}
function epochs_of(i, k) {
    if (times[i] <= to_row[i] - from_row[i]) return "at times in epochs " from[i] "–" to[i]
    if (times[i] == 1) return "at epoch " from[i]
    return to_row[i] == layer_rows[k] ? "from epoch " from[i] : "in epochs " from[i] "–" to[i]
}
# "layers 1–3, 5" for " 1 2 3 5 "; of many pieces only how many layers they are.
function layers_of(list,    k, text, start, n) {
    for (k = 1; k <= layers; k++) {
        if (!index(list, " " k " ")) continue
        start = k
        while (index(list, " " k + 1 " ")) k++
        n += k - start + 1
        text = text (text == "" ? "" : ", ") start (k > start ? "–" k : "")
    }
    return length(text) > 32 ? n " layers" : (text ~ /^[0-9]+$/ ? "layer " : "layers ") text
}
# "zero in layers 1–2 from epoch 3, in layer 3 from epoch 7"; where that grows too long, all of it in one.
function odd_values(name, what, top,    i, k, when, groups, order, list, all, text, low, high) {
    for (k = 1; k <= top; k++) {
        i = name " " what " " k
        if (!(i in times)) continue
        when = epochs_of(i, k)
        if (!(when in list)) { order[++groups] = when; list[when] = " " }
        list[when] = list[when] k " "
        all = (all == "" ? " " : all) k " "
        if (low == "" || from[i] + 0 < low + 0) low = from[i]
        if (to[i] + 0 > high + 0) high = to[i]
    }
    if (!groups) return ""
    for (i = 1; i <= groups; i++) text = text (i > 1 ? ", in " : what " in ") layers_of(list[order[i]]) " " order[i]
    return length(text) > 72 || groups > 2 ? what " at times in " layers_of(all) ", epochs " low "–" high : text
}
# The column's notes on the layers up to `top`, into NAME.note.
function write_notes(name, top,    what, i, text) {
    printf "" > (name ".note")
    split("zero inf nan", what, " ")
    for (i = 1; i <= 3; i++)
        if ((text = odd_values(name, what[i], top)) != "") print text > (name ".note")
}
kind == "layers" {
    k = cell("layer") + 0
    if (!(k in file)) { file[k] = "layer_" k ".csv"; print header > file[k]; if (k > layers) layers = k }
    print > file[k]
    note_values()
    layer_rows[k]++
    note_oddity("grad_norm", k)
    note_oddity("update_ratio", k)
    note_oddity("a_std", k)
    if (cell("epoch") == 0) first_rows[++firsts] = $0
    if (cell("epoch") == ENVIRON["SHOWN"]) shown_rows[++showns] = $0
    next
}

# ---- histograms: at most 120 epochs and LAYERS_DRAWN layers, the bins of each as boxes --------------------------
function wanted_epoch(epoch) { return epoch % stride == 0 || epoch == last || epoch == ENVIRON["SHOWN"] }
function wanted_layer(k,    i) {
    if (layers <= most) return 1
    for (i = 0; i < most; i++) if (k == 1 + int(i * (layers - 1) / (most - 1) + 0.5)) return 1
    return 0
}
# Writes the bins gathered for one (epoch, layer, what).
function flush_bins(    name, sane) {
    if (!bins || !total) return
    sane = epoch <= ENVIRON["SHOWN"] + 0
    name = "histogram_" what "_" layer ".csv"
    if (wanted_layer(layer) && wanted_epoch(epoch) && (sane || name in begun))
        write_boxes(name, epoch - stride / 2, epoch + stride / 2, sane)
    if (epoch == 0) write_boxes("first_" what ".csv", layer - 0.45, layer + 0.45, sane)
    if (epoch == ENVIRON["SHOWN"] + 0) write_boxes("shown_" what ".csv", layer - 0.45, layer + 0.45, sane)
}
function write_boxes(name, from, to, sane,    i) {
    if (!(name in begun)) { begun[name] = 1; print "from,to,low,high,share,sane" > name }
    for (i = 1; i <= bins; i++)
        if (count[i] > 0) print from "," to "," low[i] "," high[i] "," count[i] / total "," sane > name
}
kind == "histograms" {
    if (rows == 1) {
        last = ENVIRON["LAST"] + 0
        layers = ENVIRON["LAYERS"] + 0
        most = ENVIRON["LAYERS_DRAWN"] + 0
        stride = int(last / 120) + 1
    }
    if (cell("epoch") != epoch || cell("layer") != layer || cell("what") != what) {
        flush_bins()
        epoch = cell("epoch") + 0
        layer = cell("layer") + 0
        what = cell("what")
        bins = total = 0
        if (what !~ /^[a-z]+$/) stop(":" NR ": the column 'what' holds '" what "', expected a short name; the log is damaged")
    }
    if (!finite(cell("count"))) stop(":" NR ": the count is '" cell("count") "', expected a number; the log is damaged")
    total += cell("count")
    if (finite(cell("low")) && finite(cell("high"))) {
        low[++bins] = cell("low")
        high[bins] = cell("high")
        count[bins] = cell("count")
    }
}

END {
    if (failed) exit 1
    if (!rows && kind != "histograms") stop(": no rows; the run has not measured anything yet")
    if (kind == "epochs") {
        print "last=" last
        print "shown=" shown
        if (ENVIRON["DIVERGED"] != "") broken = ENVIRON["DIVERGED"]
        print "broken=" (broken == "" ? -1 : broken)
        print "score=" score
        print_seen()
        if (best != "") {
            split(best, value, ",")
            printf "at_best=best epoch %d: val_loss %.4g, val_%s %.4g\n", ENVIRON["BEST"], value[at["val_loss"]], \
                score, value[at["val_" score]]
        }
    }
    if (kind == "layers") {
        print header > "first.csv"
        for (i = 1; i <= firsts; i++) print first_rows[i] > "first.csv"
        print header > "shown.csv"
        for (i = 1; i <= showns; i++) print shown_rows[i] > "shown.csv"
        print "layers=" layers
        print_seen()
        write_notes("grad_norm", layers)
        write_notes("update_ratio", layers)
        write_notes("a_std", layers > 1 ? layers - 1 : 1) # the panel leaves out the output layer
    }
    if (kind == "histograms") {
        flush_bins()
        printf "drawn="
        for (k = 1; k <= layers; k++) if (wanted_layer(k)) printf " %d", k
        print ""
    }
}
