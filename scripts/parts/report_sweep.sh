# shellcheck shell=sh disable=SC2154 # report.sh's: RUN, work, scripts, size
# report_sweep.sh: report.sh's page of a sweep.

# The program: NNEXP, or beside these scripts, or installed.
find_program() {
    nnexp=${NNEXP:-$scripts/../nnexp}
    [ -n "${NNEXP:-}" ] || [ -x "$nnexp" ] || nnexp=nnexp
    command -v "$nnexp" >/dev/null
}

# The ranked table and the advice as nnexp prints them; without the program, or where the data are gone, why not.
ranking_html() {
    jq '.base + {sweep: (.sweep | with_entries(select(.value != null))
        | if (.repeat // 1) > 1 then .axes |= del(.seed) else . end)}' "$RUN/sweep.json" >"$work/sweep_config.json" 2>"$work/why" &&
        find_program && "$nnexp" sweep --config "$work/sweep_config.json" --out "$RUN" --collect --quiet \
        >"$work/ranking" 2>"$work/why" || {
        [ -s "$work/ranking" ] || {
            printf '<p>The ranking is missing: nnexp sweep --collect did not answer%s</p>\n' \
                "$(sed -n '1s/^/: /p' "$work/why" 2>/dev/null | html_escape)"
            return 0
        }
    }
    echo '<pre>'
    grep -vE '^[a-z]+: ' "$work/ranking" | html_escape
    echo '</pre><ul class="findings">'
    grep -E '^[a-z]+: ' "$work/ranking" | html_escape | sed 's/^\([a-z]*\): \(.*\)$/<li><strong>\1<\/strong>: \2<\/li>/'
    echo '</ul>'
}

# sweep_caption PICTURE
sweep_caption() {
    case $1 in
    loss) echo 'Loss at the end by the value of the axis: points are cells, the line their mean, crosses at the top cells that diverged.' ;;
    score) echo 'Accuracy (or root mean square error) at the end.' ;;
    map) echo 'Mean loss over both axes; framed: the lowest.' ;;
    scatter) echo 'Loss at the end against each axis; a point is a cell.' ;;
    epochs) echo 'Loss by epoch of the cells, coloured by the first axis.' ;;
    schedules) echo 'The learning rate by epoch of each schedule.' ;;
    esac
}

sweep_pictures() {
    echo '<div class="pictures">'
    for name in loss score map scatter epochs schedules; do
        [ -s "$work/pictures/$name.svg" ] || continue
        html_picture "$work/pictures/$name.svg" "p-$name" "$(sweep_caption "$name")" >"$work/figure" || die "$name: is no picture for a page"
        size=$((size + $(wc -c <"$work/figure")))
        if [ "$size" -gt 1200000 ]; then
            size=$((size - $(wc -c <"$work/figure")))
            printf '<p>%s is left out, so that the page stays under 2 MB; <code>scripts/plot_sweep.sh</code> draws it.</p>\n' "$name"
        else cat -- "$work/figure"; fi
    done
    echo '</div>'
}

# sweep.csv as a table, 2000 rows at most.
cells_html() {
    LC_ALL=C awk -f "$scripts/parts/sweep_read.awk" -f "$scripts/parts/table_html.awk" "$RUN/sweep.csv"
}

sweep_page() {
    title=$(title_of "$RUN")
    jq -e . "$RUN/sweep.json" >/dev/null 2>&1 || die "$RUN/sweep.json: no JSON, or cut short; run nnexp sweep again"
    "$scripts/plot_sweep.sh" --html --out "$work/pictures" "$RUN" >"$work/said" 2>"$work/remarks" || mkdir -p "$work/pictures"
    html_begin "$title"
    printf '<h1>%s</h1>\n' "$(printf %s "$title" | html_escape)"
    jq -r 'if (.base.about // "") == "" then empty else "<p class=\"about\">\(.base.about | @html)</p>" end' "$RUN/sweep.json"
    echo '<h2>Ranking</h2>'
    ranking_html
    echo '<h2>Pictures</h2>'
    if [ -n "$(ls "$work/pictures")" ]; then
        echo '<p>A click on an entry of a key hides its curve, another one shows it again.</p>'
        sweep_pictures
    else printf '<p>None: %s</p>\n' "$(head -n 1 "$work/remarks" | html_escape)"; fi
    echo '<h2>Plan</h2>'
    jq -r '"<p>\(.cells) cells of nnexp \(.version | @html).</p><div class=\"scroll\"><table><thead><tr><th>axis</th><th>values</th></tr></thead><tbody>"
        + ([.sweep.axes | to_entries[] | "<tr><td>\(.key | @html)</td><td>\(.value | tojson | @html)</td></tr>"] | join(""))
        + "</tbody></table></div>"' "$RUN/sweep.json"
    echo '<details><summary>the config that the axes change</summary><pre>'
    jq .base "$RUN/sweep.json" | html_escape
    echo '</pre></details>'
    echo '<details><summary>all cells</summary>'
    cells_html
    echo '</details>'
    html_end
}
