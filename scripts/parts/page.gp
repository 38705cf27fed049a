# page.gp: one page of panels. plot.sh calls it in the directory where logs.awk left its files:
#   gnuplot -c page.gp SCRIPTS FORM PICTURE PANELS TITLE FACTS NUMBERS SEEN SEEN_LAYERS
# TITLE is the user's text: it is shown (noenhanced) and never becomes part of a command.
SCRIPTS = ARG1
FORM = ARG2
PICTURE = ARG3
PANELS = ARG4
TITLE = ARG5
FACTS = ARG6
LAST = int(word(ARG7, 1))       # last epoch
SHOWN = int(word(ARG7, 2))      # the last one before the loss blew up; LAST in most runs
BROKEN = int(word(ARG7, 3))     # where the run diverged or, as long as nobody has said so, lost its loss; or -1
BEST = int(word(ARG7, 4))       # at the best validation loss, or -1
SCORE = word(ARG7, 5)           # accuracy or rmse
LAYERS = int(word(ARG7, 6))
COLUMNS = int(word(ARG7, 7))    # of the terminal, and whether it has colours
COLOUR = int(word(ARG7, 8))
DIVERGED = int(word(ARG7, 9))   # the epoch in which summary.json says that the run diverged, or -1
SEEN = ARG8                     # columns of epochs.csv that hold a number; with a + behind: a positive one
SEEN_LAYERS = ARG9              # the same of layers.csv

TERM = FORM eq "term"
HTML = FORM eq "html" # SVG for a page: one panel, untitled, whose curves can be told by scripts
seen(name) = strstrt(SEEN, " ".name." ") > 0
seen_layers(name) = strstrt(SEEN_LAYERS, " ".name." ") > 0

set encoding utf8
set datafile separator comma
set datafile columnheaders

# Colours that the colour-blind tell apart (Okabe and Ito), and plasma without its palest end for the layers.
TRAIN = "#0072B2"
VALIDATION = "#D55E00"
BEFORE = "#E69F00"
GREY = "#808080"
MARKS = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
layer_file(k) = sprintf("layer_%d.csv", k)
# In the terminal a series is drawn with a letter, a layer with its number.
mark(k, letter) = TERM ? letter : k
layer_mark(k) = TERM ? MARKS[(k - 1) % 61 + 1:(k - 1) % 61 + 1] : 7

count = words(PANELS)
across = count == 1 ? 1 : count == 2 ? 2 : count == 4 ? 2 : count <= 9 ? 3 : 4
down = int(ceil(count / (1.0 * across)))

if (FORM eq "png") {
    set terminal pngcairo size (count == 1 ? 1000 : 720 * across), (count == 1 ? 660 : 540 * down + 70) \
        font "DejaVu Sans,15" linewidth 2 enhanced background rgb "white"
    set output PICTURE.".png"
}
if (FORM eq "svg") {
    set terminal svg size (count == 1 ? 1000 : 720 * across), (count == 1 ? 660 : 540 * down + 70) \
        font "DejaVu Sans,15" linewidth 2 enhanced dynamic background rgb "white"
    set output PICTURE.".svg"
}
if (HTML) {
    set terminal svg size 600, 440 font "DejaVu Sans,15" linewidth 1.6 enhanced mouse standalone name PICTURE \
        background rgb "white"
    set output PICTURE.".svg"
}
if (TERM) {
    if (COLUMNS < 40) { COLUMNS = 40 }
    if (COLOUR) { set terminal dumb size COLUMNS, 24 ansi256 noenhanced } else { set terminal dumb size COLUMNS, 24 mono noenhanced }
}
if (!TERM && !HTML) {
    set multiplot layout down, across title TITLE."\n".FACTS noenhanced font (count == 1 ? "DejaVu Sans,15" : "DejaVu Sans,17")
}

do for [panel_number = 1:count] {
    PANEL = word(PANELS, panel_number)
    colon = strstrt(PANEL, ":")
    NAME = colon ? PANEL[1:colon - 1] : PANEL
    REST = colon ? PANEL[colon + 1:*] : ""
    load SCRIPTS."/axes.gp"
    load SCRIPTS."/panel_".NAME.".gp"
}
if (!TERM && !HTML) { unset multiplot }
