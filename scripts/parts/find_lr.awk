# find_lr.awk: suggestion.json, find_lr.csv and confirmation.csv of a range test → what find_lr.gp draws: curves.csv (lr,
# loss, smoothed; a block a seed), runs.csv (lr, loss, diverged), medians.csv (lr, loss), and its variables on stdout.
# plot_find_lr.sh calls it in the directory of the three. suggestion.json is as nnexp prints it: a key a line, those at
# the top behind two spaces. Fails on files that are not nnexp's.
BEGIN { FS = "," }

function number(text) {
    sub(/^[^:]*: */, "", text)
    sub(/,$/, "", text)
    return text ~ /^-?[0-9.]+([eE][-+]?[0-9]+)?$/ ? text : "NaN"
}
function median(n,   i, j, kept) {
    for (i = 2; i <= n; i++) {
        kept = value[i]
        for (j = i - 1; j > 0 && value[j] > kept; j--) value[j + 1] = value[j]
        value[j + 1] = kept
    }
    return n % 2 ? value[(n + 1) / 2] : (value[n / 2] + value[n / 2 + 1]) / 2
}
function is_number(text) { return text ~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/ }
function end_rate(   middle) {
    if (!runs) return
    middle = median(runs)
    print rate "," (middle < 1e300 ? middle : "NaN") > "medians.csv"
    runs = 0
}

FILENAME == "suggestion.json" {
    if (/^  "[a-z_]*":/) top = $0
    if (/^  "(suggestion|low|high)":/) { split($0, part, "\""); fact[part[2]] = number($0); seen++ }
    if (top ~ /"rules"/ && /^    "(steepest|valley|minimum_tenth|slide)":/) { split($0, part, "\""); fact[part[2]] = number($0); seen++ }
    if (/^    "epochs":/ && top ~ /"confirmation"/) epochs = number($0)
    if (/^    "judged_by": "val_loss"/) val = 1
    next
}
FNR == 1 {
    if (FILENAME == "find_lr.csv") good = $0 == "seed,step,lr,batch_loss,loss,smoothed"
    else if ($0 != "lr,seed,status,epochs,train_loss,val_loss") good = 0
    next
}
FILENAME == "find_lr.csv" {
    if (NF != 6 || !is_number($3)) good = 0
    if ($1 != seed) { if (rows) print "" > "curves.csv"; seed = $1; seeds++ }
    print $3 "," (is_number($5) ? $5 : "NaN") "," (is_number($6) ? $6 : "NaN") > "curves.csv"
    rows++
    if (is_number($6)) {
        if (start == "" || ($2 <= 5 && $6 + 0 > start)) start = $6 + 0
        if (lowest == "" || $6 + 0 < lowest) lowest = $6 + 0
    }
    if (first == "" || $3 + 0 < first) first = $3 + 0
    if ($3 + 0 > last) last = $3 + 0
    next
}
{
    if ($1 != rate) { end_rate(); rate = $1 }
    loss = val ? $6 : $5
    off = $3 == "diverged" || !is_number(loss)
    value[++runs] = off ? 1e308 : loss + 0
    print rate "," (off ? "NaN" : loss) "," off > "runs.csv"
    shown++
    gone += off
    if (!off && (least == "" || loss + 0 < least)) least = loss + 0
    if (!off && loss + 0 > most) most = loss + 0
}
END {
    if (!good || seen != 7 || !rows) exit 1
    end_rate()
    for (name in fact) printf "%s = %s\n", toupper(name), fact[name]
    printf "SEEDS = %d\nSTART = %s\nLOWEST = %s\nFIRST = %s\nLAST = %s\n", seeds, start, lowest, first, last
    printf "RUNS = %d\nGONE = %d\nLEAST = %s\nMOST = %s\nEPOCHS = %d\nJUDGED = \"%s\"\n", shown, gone, \
        least == "" ? 0 : least, most + 0, epochs, val ? "val_loss" : "train_loss"
}
