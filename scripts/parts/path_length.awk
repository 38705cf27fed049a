# path_length.awk: how far the weights of log.path went, all of them together, from a run's steps.csv.
#   awk -f path_length.awk STEPS               prints length,displacement,ratio as CSV: the sum of the updates' lengths, the
#                                              distance from the start to the end, and the one over the other
#   awk -v kind=names -f path_length.awk STEPS prints the weights' names, one a line
#   awk -v kind=spread -f path_length.awk STEPS prints spread as CSV: how far the weights ever were from being equal, the
#                                              greatest over all steps of (max - min) / max abs
#   awk -v kind=plane -f path_length.awk STEPS prints `a b` of the first two, a row an update
#   awk -v most=2 …                            of the first two alone
# A last line of too few cells, as a run that goes on may have it, is left out. Numbers that are none end the path: nan.

function stop(message) {
    print "path_length.awk: " FILENAME ": " message > "/dev/stderr"
    failed = 1
    exit 1
}
function note_spread(    i, low, high, size, value) {
    for (i = 7; i <= NF; i++) {
        if ($i !~ /^-?[0-9.]/) lost = 1
        value = $i + 0
        if (i == 7 || value < low) low = value
        if (i == 7 || value > high) high = value
    }
    size = high > -low ? high : -low
    if (size > 0 && (high - low) / size > spread) spread = (high - low) / size
}
BEGIN { FS = "," }
# The header's names hold commas, in quotes; nnexp's names have no quotes.
NR == 1 {
    header = "step,epoch,lr,loss,grad_norm,update_ratio"
    if (index($0, header) != 1) stop("is no steps.csv of nnexp")
    rest = substr($0, length(header) + 2)
    while (rest != "") {
        quoted = substr(rest, 1, 1) == "\""
        end = quoted ? index(substr(rest, 2), "\"") + 2 : index(rest ",", ",")
        name[++weights] = quoted ? substr(rest, 2, end - 3) : substr(rest, 1, end - 1)
        rest = substr(rest, end + 1)
    }
    if (!weights) stop("holds no weights; name them in log.path")
    if (kind == "names") { for (i = 1; i <= weights; i++) print name[i]; exit }
    if (kind == "plane" && weights < 2) stop("holds one weight; a plane needs two in log.path")
    next
}
NF != 6 + weights { if (short) stop("line " short " has not a cell a column; the log is damaged"); short = NR; next }
{
    if (short) stop("line " short " has not a cell a column; the log is damaged")
    if (kind == "plane") { print $7 " " $8; rows++; next }
    if (kind == "spread") { note_spread(); rows++; next }
    sum = net = 0
    for (i = 1; i <= weights && (!most || i <= most); i++) {
        value = $(6 + i)
        if (value !~ /^-?[0-9.]/) lost = 1
        if (!rows) start[i] = value
        else sum += (value - last[i]) ^ 2
        net += (value - start[i]) ^ 2
        last[i] = value
    }
    path += sqrt(sum)
    rows++
}
END {
    if (failed) exit 1
    if (kind == "names") exit
    if (!rows) stop("has no rows yet")
    if (kind == "plane") exit
    if (kind == "spread") { printf "spread\n%s\n", lost ? "nan" : sprintf("%.9g", spread); exit }
    print "length,displacement,ratio"
    if (lost) print "nan,nan,nan"
    else if (net == 0) printf "%.9g,0,%s\n", path, path ? "inf" : "nan"
    else printf "%.9g,%.9g,%.9g\n", path, sqrt(net), path / sqrt(net)
}
