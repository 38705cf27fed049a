# sweep_page.gp: one picture of a sweep, sweep_PICTURE.gp. plot_sweep.sh calls it where sweep.awk left its files:
#   gnuplot -c sweep_page.gp SCRIPTS FORM PICTURE TITLE "COLUMNS COLOUR"
# TITLE and what texts.txt holds are the user's texts: they are shown (noenhanced) and never part of a command.
SCRIPTS = ARG1
FORM = ARG2
PICTURE = ARG3
TITLE = ARG4
COLUMNS = int(word(ARG5, 1))
COLOUR = int(word(ARG5, 2))
TERM = FORM eq "term"
HTML = FORM eq "html" # SVG for a page, narrow enough for a phone
ONLY = PICTURE eq "score" ? 2 : HTML ? 1 : 0 # of the two panels of sweep_loss.gp
load "facts.gp"
line_of(file, k) = system(sprintf("sed -n %dp %s", k, file))
told(k) = line_of("texts.txt", k)
folded(s) = strstrt(s, "\t") ? s[1:strstrt(s, "\t") - 1]."\n".folded(s[strstrt(s, "\t") + 1:*]) : s
smaller(a, b) = a < b ? a : b
larger(a, b) = a > b ? a : b
GREY = "#808080"
# Pixels that the tick labels of an axis from `low` to `high` take beside it: powers of ten, or as many letters as %g
# prints for steps of about a fifth of the range.
decimals(step) = step >= 1 ? 0 : int(ceil(-log10(step) - 1e-9))
letters(low, high) = strlen(sprintf("%d", int(larger(abs(low), abs(high))))) + (low < 0) \
    + (decimals((high - low) / 4.0) > 0 ? 1 + decimals((high - low) / 4.0) : 0)
beside(low, high, logs) = logs ? 100 : larger(100, 62 + 10.5 * smaller(letters(low, high), 10))
set encoding utf8
set datafile separator "\t"
set datafile missing "NaN"

load SCRIPTS."/colours.gp"
LETTERS = "abcdefgh"
mark(k) = TERM ? LETTERS[k:k] : MARKS[k]
hue(k) = BY_NUMBERS && CURVES > 2 ? plasma((k - 1.0) / (CURVES - 1)) : HUES[(k - 1) % 8 + 1]
pale(k) = "#90".substr(hue(k), 2, 7)
set palette maxcolors 0 functions channel(gray, 13, 126, 204, 240) / 255, channel(gray, 8, 3, 71, 140) / 255, \
    channel(gray, 135, 168, 120, 40) / 255

# call LOG AXIS "LOW" "HIGH" (names of variables): makes that axis logarithmic, with ticks that its span asks for
LOG = SCRIPTS."/sweep_log.gp"

# The picture sets WIDE and HIGH, its pixels, and loads PAGE.
PAGE = SCRIPTS."/sweep_terminal.gp"
load SCRIPTS."/sweep_".(PICTURE eq "score" ? "loss" : PICTURE).".gp"
