# axes.gp: what every panel starts from: epochs along x, no layer legend, nothing left of the panel before.
unset label
unset arrow
unset object
unset logscale
unset colorbox
set border 3 lw 0.7 lc rgb GREY
set tics nomirror out scale 0.5 textcolor rgb "black"
set grid ytics back linetype 1 linewidth 0.4 linecolor rgb "#D8D8D8"
set key bmargin center horizontal samplen 1.5 noenhanced
if (TERM) { set key width -1 } else { set key width -1 font ",13" }
set autoscale
set format "%g"
set ytics auto
set lmargin 10
set rmargin 4
set tmargin TERM ? 2 : 3
set bmargin PICTURE eq "overview" ? 6 : 4 # panels with a key need 6
set style data linespoints
set style function linespoints
if (TERM) { set style data points; set style function points; unset grid }
set pointsize 0.6
EVERY = LAST > 60 ? LAST / 30 : 1 # epochs from one mark to the next on a line

PAD = LAST > 0 ? (TERM ? 0.05 : 0.02) * LAST : 0.5
set xrange [-PAD:LAST + PAD]
XLABEL = "epoch"
set xlabel XLABEL offset 0, (TERM ? 0 : 0.5)
set ylabel "" offset 1, 0
if (LAST <= 10) { set xtics 1 } else { set xtics auto }

# A sequential colour a layer, from dark blue (first) to orange (output): plasma without its pale end. The panel
# shows the layers 1 … DRAWN; a layer has the same colour in every panel.
# The output layer is the identity and holds logits, which would dwarf the activations: some panels leave it out.
HIDDEN = LAYERS > 1 ? LAYERS - 1 : 1
DRAWN = LAYERS
STEPS = LAYERS > 1 ? LAYERS : 2
step(gray) = floor(gray * 0.9999 * DRAWN) / (STEPS - 1.0)
between(t, a, b) = (a + (b - a) * t) / 255
ramp(t, a, b, c, d) = t < 1 / 3.0 ? between(3 * t, a, b) : t < 2 / 3.0 ? between(3 * t - 1, b, c) : between(3 * t - 2, c, d)
set palette maxcolors 0 functions ramp(step(gray), 13, 126, 204, 248), ramp(step(gray), 8, 3, 71, 149), \
    ramp(step(gray), 135, 168, 120, 64)
set format cb "%g"
set cblabel ""
CB_STEP = LAYERS <= 12 ? 1 : LAYERS <= 30 ? 5 : 10
set cbtics CB_STEP scale 0
set cbtics add (1)
# load LEGEND: the panel shows layers
LEGEND = SCRIPTS."/legend.gp"
# note(COLUMN): which values of it a log axis cannot show; logs.awk leaves the text
note(name) = system("cat ".name.".note")
NOTE = ""
# load EMPTY: nothing in the log can be drawn here
EMPTY = SCRIPTS."/empty.gp"
