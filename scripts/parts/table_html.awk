# table_html.awk: a CSV (read with sweep_read.awk before it) as an HTML table of 2000 rows at most.
function escaped(text) {
    gsub(/&/, "\\&amp;", text)
    gsub(/</, "\\&lt;", text)
    gsub(/>/, "\\&gt;", text)
    gsub(/"/, "\\&quot;", text)
    return text
}
{
    line = open ? line "\n" $0 : $0
    sub(/\r$/, "", line)
    fields = csv_row(line)
    open = fields == 0
    if (open) next
    if (fields < 0) exit
    rows++
    if (rows == 1) printf "<div class=\"scroll\"><table><thead><tr>"
    if (rows > 2001) next
    if (rows > 1) printf "<tr>"
    for (i = 1; i <= fields; i++) {
        text = shown(cell[i], 120)
        if (rows == 1) printf "<th>%s</th>", escaped(text)
        else printf "<td%s>%s</td>", text ~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/ ? " class=\"number\"" : "", escaped(text)
    }
    print rows == 1 ? "</tr></thead><tbody>" : "</tr>"
}
END {
    if (rows) print "</tbody></table></div>"
    if (rows > 2001) print "<p>and " rows - 2001 " more, in sweep.csv.</p>"
}
