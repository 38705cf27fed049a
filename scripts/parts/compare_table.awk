# compare_table.awk: what compare.jq told, in aligned columns, or (-v form=html, its texts escaped) as an HTML table; with
# sweep_read.awk before it, which shortens texts. Wants the C locale, in which awk counts bytes.

BEGIN { FS = "\t" }
function characters(text) { gsub(/[\200-\277]/, "", text); return length(text) }
function rounded(text) { return text ~ /^#-?[0-9]/ ? sprintf("%.5g", substr(text, 2)) : text }
$1 == "said" || $1 == "equal" { text[$1] = text[$1] (form == "html" ? "<p>" $2 "</p>\n" : $2 "\n"); next }
{
    rows++
    kind[rows] = $1
    columns = larger(columns, NF)
    for (i = 2; i <= NF; i++) value[rows, i] = rounded($i)
}
function larger(a, b) { return a > b ? a : b }

# How many characters a row's cells keep, so that those that differ still do when they are shortened.
function room(r,    most, i, j, same) {
    for (most = 24; most < 400; most += 12) {
        same = 0
        for (i = 3; i <= columns; i++)
            for (j = 3; j < i; j++)
                same += value[r, i] != value[r, j] && shown(value[r, i], most) == shown(value[r, j], most)
        if (!same) break
    }
    return most
}
function write_text(    r, i, most, width, line) {
    for (r = 1; r <= rows; r++) {
        most = room(r)
        for (i = 3; i <= columns; i++) value[r, i] = shown(value[r, i], most)
        for (i = 2; i <= columns; i++) width[i] = larger(width[i], characters(value[r, i]))
    }
    for (r = 1; r <= rows; r++) {
        if (r > 1 && kind[r] == "outcome" && kind[r - 1] != "outcome") printf "%s\n", text["equal"]
        line = ""
        for (i = 2; i <= columns; i++) line = line value[r, i] sprintf("%" width[i] - characters(value[r, i]) + 2 "s", "")
        sub(/ +$/, "", line)
        print line
    }
    if (text["said"] != "") printf "\n%s", text["said"]
}
function write_html(    r, i) {
    printf "<div class=\"scroll\"><table><thead><tr><td></td>"
    for (i = 3; i <= columns; i++) printf "<th scope=\"col\">%s</th>", value[1, i]
    print "</tr></thead>"
    for (r = 2; r <= rows; r++) {
        if (kind[r] != kind[r - 1]) print (r > 2 ? "</tbody>" : "") "<tbody>"
        printf "<tr><th scope=\"row\">%s</th>", value[r, 2]
        for (i = 3; i <= columns; i++) printf "<td>%s</td>", value[r, i]
        print "</tr>"
    }
    printf "</tbody></table></div>\n%s%s", text["equal"], text["said"]
}
END { if (form == "html") write_html(); else write_text() }
