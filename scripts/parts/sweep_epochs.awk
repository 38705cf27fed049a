# sweep_epochs.awk: the losses by epoch of a sweep's cells, from each cell's epochs.csv; plot_sweep.sh runs it where
# sweep.awk left cells.dat, with the sweep's directory in FROM:
#   awk -v has_validation=1 -f sweep_epochs.awk cells.dat
#
# Writes epochs_ended.dat, epochs_diverged.dat, epochs_short.dat (epoch, loss, colour; a blank line between cells and
# where a loss is not finite), epochs_crosses.dat (where a diverged cell leaves the picture: epoch, colour); facts of the
# picture on stdout. A diverged cell does not widen the picture: only those that came to their end do.

BEGIN {
    FS = "\t"
    split("ended diverged short", kind, " ")
    for (k = 1; k <= 3; k++) printf "" > ("epochs_" kind[k] ".dat")
    printf "" > "epochs_crosses.dat"
}
function see(what, y) {
    if (!(what in lowest) || y < lowest[what]) lowest[what] = y
    if (!(what in highest) || y > highest[what]) highest[what] = y
}
function finite(text) { return text ~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/ }
{
    file = ENVIRON["FROM"] "/" $1 "/epochs.csv"
    rows = at_epoch = at_loss = 0
    while ((getline line < file) > 0) {
        n = split(line, cell, ",")
        if (!rows++) {
            for (i = 1; i <= n; i++) {
                if (cell[i] == "epoch") at_epoch = i
                if (cell[i] == (has_validation ? "val_loss" : "train_loss")) at_loss = i
            }
            columns = n
            continue
        }
        if (n != columns || !at_epoch || !at_loss || cell[at_epoch] !~ /^[0-9]+$/) continue # still being written
        points++
        cell_of[points] = NR
        epoch[points] = cell[at_epoch]
        loss[points] = cell[at_loss]
        if (cell[at_epoch] + 0 > last) last = cell[at_epoch] + 0
        if (!finite(cell[at_loss])) continue
        see("all", cell[at_loss] + 0)
        if ($3 != 1) see("sane", cell[at_loss] + 0)
    }
    close(file)
    colour[NR] = $2
    how[NR] = $3
    rising += $3 == 1
    drawn += rows > 1
}
# Where the line to point i crosses the upper edge, between two epochs.
function leaving(i,    part) {
    if (!finite(loss[i]) || i == 1 || cell_of[i - 1] != cell_of[i]) return epoch[i]
    part = logs ? log(top / loss[i - 1]) / log(loss[i] / loss[i - 1]) : (top - loss[i - 1]) / (loss[i] - loss[i - 1])
    return epoch[i - 1] + part * (epoch[i] - epoch[i - 1])
}
END {
    # where cells diverged, their first steps upwards are seen; where all did, all of it
    what = "sane" in lowest ? "sane" : "all"
    low = lowest[what]
    high = highest[what]
    logs = low > 0 && high > 8 * low
    if (high <= low) high = low + (low == 0 ? 1 : (low < 0 ? -low : low) * 0.05)
    top = logs ? high * (high / low) ^ (rising && what == "sane" ? 0.25 : 0.04) : high + (rising && what == "sane" ? 0.25 : 0.04) * (high - low)
    for (i = 1; i <= points; i++) {
        c = cell_of[i]
        out = "epochs_" kind[how[c] + 1] ".dat"
        if (i > 1 && c != cell_of[i - 1]) print "" > out
        if (finite(loss[i])) print epoch[i] "\t" loss[i] "\t" colour[c] > out
        else print "" > out
        if (how[c] == 1 && !(c in left) && (!finite(loss[i]) || loss[i] > top)) {
            left[c] = 1
            printf "%.9g\t%s\n", leaving(i), colour[c] > "epochs_crosses.dat"
        }
    }
    printf "DRAWN = %d\nLAST = %d\nLOW = %.9g\nHIGH = %.9g\nLOGS = %d\n", drawn, last, low, top, logs
}
