# compare_names.awk: what to call runs, a line each: awk -f compare_names.awk TITLES PATHS
# A title where one is given (a line a run, an empty one is none), else the name of the directory; where names are equal, as
# much of their paths as tells them apart.

FILENAME == ARGV[1] { title[FNR] = $0; next }
{
    runs++
    path[runs] = $0
    depth[runs] = split($0, part, "/")
    parts[runs] = 1
}
function tail(k,    part, n, i, text) {
    n = split(path[k], part, "/")
    for (i = n; i > n - parts[k] && i > 0; i--) text = part[i] (text == "" ? "" : "/") text
    return text
}
END {
    do {
        again = 0
        split("", times)
        for (k = 1; k <= runs; k++) if (title[k] == "") times[tail(k)]++
        for (k = 1; k <= runs; k++) longer[k] = title[k] == "" && times[tail(k)] > 1 && parts[k] < depth[k]
        for (k = 1; k <= runs; k++) if (longer[k]) { parts[k]++; again = 1 }
    } while (again)
    for (k = 1; k <= runs; k++) print title[k] == "" ? tail(k) : title[k]
}
