# shellcheck shell=sh disable=SC2154 # scripts is the caller's
# html.sh: pieces of a page that needs nothing but itself: head and style, pictures of gnuplot inlined, texts escaped. All
# print on stdout. Whoever sources it has set `scripts`, the directory of the scripts.

# html_escape: a filter; for text and for attributes.
html_escape() { sed "s/&/\\&amp;/g; s/</\\&lt;/g; s/>/\\&gt;/g; s/\"/\\&quot;/g; s/'/\\&#39;/g"; }

# html_begin TITLE
html_begin() {
    title_escaped=$(printf %s "$1" | html_escape)
    cat <<END
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="nnexp">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<title>$title_escaped</title>
<style>
END
    cat -- "$scripts/parts/page.css"
    printf '</style>\n</head>\n<body>\n<main>\n'
}

html_end() {
    printf '</main>\n<script>\n'
    cat -- "$scripts/parts/page.js"
    printf '</script>\n</body>\n</html>\n'
}

# html_picture FILE.svg ID CAPTION: an SVG of gnuplot (svg … mouse standalone) with ids of its own. ID: letters, digits, - and _.
html_picture() {
    caption_escaped=$(printf %s "$3" | html_escape)
    printf '<figure id="%s">\n' "$2"
    LABEL=$caption_escaped LC_ALL=C awk -v id="$2" -f "$scripts/parts/svg_inline.awk" "$1" || return 1
    printf '<figcaption>%s <output></output></figcaption>\n</figure>\n' "$caption_escaped"
}
