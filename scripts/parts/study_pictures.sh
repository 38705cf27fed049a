# shellcheck shell=sh disable=SC2154 # study.sh's: scripts, work, nnexp, expect, folder, out, stem
# study_pictures.sh: the pictures of a row of the study, drawn by the scripts that draw everything else, as figures of a
# page. Each kind is a function; its words are those of the expectation's "pictures".

# picture K FILTER: what jq makes of picture K.
picture() { study_jq "$2" "$expect" --argjson k "$1"; }

# cells_of K: the directories of the cells that picture K names, a line each, in its order.
cells_of() {
    picture "$1" 'picture_cells($k)' >"$work/wanted"
    measure "$work/wanted" >"$work/places"
    awk -F '\t' '!seen[$1]++ { print $3 }' "$work/places"
}

# given_runs K: titles and runs of picture K into the words of the shell, for eval.
given_runs() {
    cells_of "$1" >"$work/cells"
    picture "$1" 'picture_titles($k)' >"$work/titles"
    words=
    while IFS= read -r cell && IFS= read -r title <&3; do
        words="$words--title $(quoted "$title") $(quoted "$folder/$cell") "
    done <"$work/cells" 3<"$work/titles"
}

# caption K I: of the I-th figure of picture K, from 0.
caption() { picture "$1" ".pictures[\$k] | (.captions // [.caption])[$2] // \"\""; }

# svg_figure FILE K NAME I
svg_figure() { html_picture "$1" "row-$row-$2-$3" "$(caption "$2" "$4")"; }

# png_figure FILE K [CLASS]: wide where it is a row of panels, chart where its white is paper.
png_figure() {
    caption_escaped=$(caption "$2" 0 | html_escape)
    printf '<figure%s>\n<img alt="%s" src="data:image/png;base64,' "${3:+ class=\"$3\"}" "$caption_escaped"
    base64 <"$1" | tr -d '\n'
    printf '">\n<figcaption>%s</figcaption>\n</figure>\n' "$caption_escaped"
}

# The names of what was drawn: "loss, rate, score".
drawn_names() { (cd -- "$work/drawn" && ls) | sed -n 's/\.svg$//p' | paste -sd , - | sed 's/,/, /g'; }

# svg_figures K NAME…: these files of $work/drawn, each with its caption.
svg_figures() {
    k=$1 i=0
    shift
    for file; do
        [ -s "$work/drawn/$file.svg" ] || die "$expect: pictures.$k: there is no picture '$file'; it has $(drawn_names) (those of distributions want log.histograms)" 2
        svg_figure "$work/drawn/$file.svg" "$k" "$(printf %s "$file" | tr -c 'A-Za-z0-9' -)" "$i"
        i=$((i + 1))
    done
}

# words_of K FILTER: a list of picture K as words of the shell, for eval.
words_of() { picture "$1" "[.pictures[\$k] | $2 | @sh] | join(\" \")"; }

# quietly COMMAND…: its words only where it fails.
quietly() { "$@" >"$work/said" 2>&1 || { cat "$work/said" >&2; die "$stem: ${1##*/} failed"; }; }

draw_compare() {
    given_runs "$1"
    k=$1
    panels=$(picture "$k" '.pictures[$k].panels | join(" ")')
    eval "set -- $words"
    quietly "$scripts/compare.sh" -q --html="$work/drawn" --panels "$panels" "$@"
    list=$(words_of "$k" '.panels[] | gsub(":"; "-")')
    eval "set -- $list"
    svg_figures "$k" "$@"
}

draw_path() {
    given_runs "$1"
    k=$1
    eval "set -- $words"
    quietly "$scripts/plot_path.sh" --png --out "$work/path.png" "$@"
    png_figure "$work/path.png" "$k" "wide chart"
}

# A sweep's own pictures: loss, score, map, epochs.
draw_sweep() {
    k=$1
    list=$(words_of "$k" '(select(.x) | "--x", .x), (select(.by) | "--by", .by)')
    eval "set -- $list"
    quietly "$scripts/plot_sweep.sh" --html --out "$work/drawn" "$@" "$folder"
    list=$(words_of "$k" '.pictures[]')
    eval "set -- $list"
    svg_figures "$k" "$@"
}

# A cell's own pictures, by plot.sh's names.
draw_run() {
    k=$1
    cell=$(cells_of "$k")
    quietly "$scripts/plot.sh" --html="$work/drawn" "$folder/$cell"
    list=$(words_of "$k" '.pictures[]')
    eval "set -- $list"
    svg_figures "$k" "$@"
}

# Images above what augmentation makes of them.
draw_preview() {
    cell=$(cells_of "$1")
    quietly "$nnexp" check -q --config "$folder/$cell/config.json" --preview "$work/preview.ppm"
    quietly "$scripts/plot.sh" "$work/preview.ppm"
    png_figure "$work/preview.png" "$1"
}

draw_clouds() {
    quietly "$scripts/plot_clouds.sh" --out "$work/clouds.png"
    png_figure "$work/clouds.png" "$1" "wide chart"
}

draw_find_lr() {
    quietly "$scripts/plot_find_lr.sh" --png "$folder.find-lr"
    png_figure "$folder.find-lr/plots/find_lr.png" "$1" chart
}

# What an entry of each activation costs.
draw_costs() {
    cp -- "$costs" "$work/costs.csv"
    (cd -- "$work" && gnuplot "$scripts/parts/study_costs.gp" 2>remarks) || { cat "$work/remarks" >&2; die "gnuplot failed at study_costs.gp"; }
    svg_figure "$work/costs.svg" "$1" costs 0
}

# All pictures of a row.
study_pictures() {
    echo '<div class="pictures">'
    picture 0 '.pictures // [] | to_entries[] | "\(.key) \(.value.kind)"' >"$work/kinds"
    while read -r k kind <&4; do
        rm -rf -- "$work/drawn"
        mkdir -p -- "$work/drawn"
        draw_"$kind" "$k"
    done 4<"$work/kinds"
    echo '</div>'
}
