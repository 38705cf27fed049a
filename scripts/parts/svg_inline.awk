# svg_inline.awk: an SVG of gnuplot, made fit to stand in a page beside others:
#   LABEL=TEXT awk -v id=ID -f svg_inline.awk FILE.svg
#
# Every id begins with ID. gnuplot's own scripts are left out: they take the arrow keys and the wheel from the page, and
# each picture would carry its copy. What they know of the axes becomes the data-axes of the picture, which page.js reads.

BEGIN { quote = sprintf("%c", 39) }
/<script/ { inside = 1 }
inside {
    if (match($0, /gnuplot_svg\.plot_[a-z_]+ = -?[0-9][-+.0-9e]*;/)) {
        fact = substr($0, RSTART + 12, RLENGTH - 13)
        sub(/ = /, "\":", fact)
        axes = axes (axes == "" ? "" : ",") "\"" fact
    }
    if (/<\/script>/) inside = 0
    next
}
{ line[++lines] = $0 }
END {
    for (i = 1; i <= lines; i++) {
        text = line[i]
        if (text ~ /^<\?xml|^<!--.*-->$|^<title>|^<desc>/) continue
        if (text ~ /^<svg/) { started = opening = 1; sub(/onload="[^"]*"/, "", text) }
        if (!started) continue
        if (opening && text ~ /^ *width="[0-9]+" height="[0-9]+"/) continue
        if (opening && text ~ /^>/) {
            opening = 0
            text = " role=\"img\" aria-label=\"" ENVIRON["LABEL"] "\" data-axes=" quote "{" axes "}" quote ">"
        }
        # the boxes and buttons of gnuplot's scripts stand last
        if (text ~ /<text id="coord_text"/) { print "</svg>"; closed = 1; break }
        # of a curve without a name gnuplot tells its own code, or a number: a tooltip of the browser
        if (text ~ / using |_plot_[0-9]+<\/title>/) sub(/<title>.*<\/title>/, "", text)
        while (match(text, / on[a-z]+=("[^"]*"|\047[^\047]*\047)/)) text = substr(text, 1, RSTART - 1) substr(text, RSTART + RLENGTH)
        if (text ~ /^on[a-z]+="/) { sub(/^on.*\/>/, "/>", text) }
        if (text ~ /^<rect x="0" y="0".*stroke="black"/) sub(/stroke="black"/, "stroke=\"none\"", text)
        # the two parts of a key's entry have one id: they name their curve instead
        if (match(text, / id="[A-Za-z0-9_]+_keyentry"/)) \
            text = substr(text, 1, RSTART - 1) " data-entry=\"" id "-" substr(text, RSTART + 5, RLENGTH - 15) "\"" substr(text, RSTART + RLENGTH)
        gsub(/ id="/, " id=\"" id "-", text)
        gsub(/ id=\047/, " id=" quote id "-", text)
        gsub(/href=\047#/, "href=" quote "#" id "-", text)
        gsub(/href="#/, "href=\"#" id "-", text)
        gsub(/url\(#/, "url(#" id "-", text)
        gsub(/url\(\047#/, "url(" quote "#" id "-", text)
        gsub(/xlink:href/, "href", text)
        print text
    }
    if (!started || !closed) exit 1
}
