# compare_words.awk: the texts of compare.awk's panels: what they are called, and what of the runs they cannot show.

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

# ---- what a picture cannot show --------------------------------------------------------------------------------------

function oddity(text) { return !finite(text) ? (text ~ /inf/ ? "infinite" : "not a number") : logs && text + 0 <= 0 ? "zero" : "" }
# "zero: relu from epoch 3, tanh at epoch 4"; where that is long, in how many runs.
function odd_values(p, what,    k, n, text, times, from, to, found, unit, when) {
    unit = how[p] == "depth" ? "layer" : "epoch"
    for (k = 1; k <= runs; k++) {
        if (without[p, k]) continue
        times = 0
        for (n = 1; n <= cut[p, k]; n++)
            if (oddity(Y[p, k, n]) == what && !by_definition(p, k, n)) { if (!times++) from = n; to = n }
        if (!times) continue
        when = unit "s " X[p, k, from] "–" X[p, k, to]
        text = text (found++ ? ", " : "") name[k] (times < to - from + 1 ? " at times in " when : \
            times == 1 ? " at " unit " " X[p, k, from] : \
            to == points[p, k] ? " from " unit " " X[p, k, from] : " in " when)
    }
    if (!found) return ""
    return what ": " (characters(text) > MOST_LETTERS ? found " of " runs " runs, at times" : text)
}
function characters(text,    i, n) {
    for (i = 1; i <= length(text); i++) if (substr(text, i, 1) < "\200" || substr(text, i, 1) > "\277") n++
    return n + 0
}
# Runs that have nothing to draw here.
function missing(p,    k, n, any, text, found) {
    for (k = 1; k <= runs; k++) {
        any = 0
        for (n = 1; n <= points[p, k] && !any; n++) any = finite(Y[p, k, n])
        without[p, k] = !any
        if (!any) text = text (found++ ? ", " : "") name[k]
    }
    with[p] = runs - found
    return !found ? "" : "no values: " (characters(text) > MOST_LETTERS ? found " of " runs " runs" : text)
}
# Whether two runs have the same curve.
function equal(p, k, j,    n) {
    if (points[p, k] != points[p, j]) return 0
    for (n = 1; n <= points[p, k]; n++) if (X[p, k, n] != X[p, j, n] || Y[p, k, n] "" != Y[p, j, n] "") return 0
    return 1
}
# Runs whose curves lie upon one another: a group begins with its first run.
function alike(p,    k, j, group, size, text, found) {
    for (k = 1; k <= runs; k++) {
        if (without[p, k]) continue
        for (j = 1; j < k && !(size[j] && equal(p, k, j)); j++);
        group[j] = group[j] (size[j]++ ? ", " : "") name[k]
    }
    if (size[1] == runs) return "the same in all runs"
    for (k = 1; k <= runs; k++)
        if (size[k] > 1) { text = text (text == "" ? "" : "; ") group[k]; found += size[k] }
    if (!found) return ""
    return characters(text) > MOST_LETTERS ? "equal to another: " found " of " runs " runs" : "the same: " text
}
function write_notes(p,    text, notes, i, kind) {
    text[1] = none
    kind[2] = "zero"; kind[3] = "infinite"; kind[4] = "not a number"
    for (i = 2; i <= 4; i++) text[i] = odd_values(p, kind[i])
    text[5] = below
    text[6] = alike(p)
    for (i = 1; i <= 6; i++) {
        if (text[i] == "") continue
        notes = notes (notes == "" ? "" : "\t") text[i]
        lines[p]++
    }
    print notes > "notes.txt"
    most_lines = larger(most_lines, lines[p])
}
