# sweep_terminal.gp: a page of WIDE by HIGH pixels, or the terminal; and its basic look.
y_of(pixel) = 1 - pixel / (1.0 * HIGH)
x_of(pixel) = pixel / (1.0 * WIDE)
if (FORM eq "png") {
    set terminal pngcairo size WIDE, HIGH font "DejaVu Sans,15" linewidth 2 enhanced background rgb "white"
    set output PICTURE.".png"
}
if (FORM eq "svg") {
    set terminal svg size WIDE, HIGH font "DejaVu Sans,15" linewidth 2 enhanced dynamic background rgb "white"
    set output PICTURE.".svg"
}
if (HTML) {
    set terminal svg size WIDE, HIGH font "DejaVu Sans,15" linewidth 1.6 enhanced mouse standalone name PICTURE background rgb "white"
    set output PICTURE.".svg"
}
if (TERM) {
    if (COLUMNS < 40) { COLUMNS = 40 }
    TALL = 24 + (exists("CURVES") && CURVES > 1 ? CURVES : 0) # a line of the key each
    if (COLOUR) { set terminal dumb size COLUMNS, TALL ansi256 noenhanced } else { set terminal dumb size COLUMNS, TALL mono noenhanced }
}
set border 3 lw 0.7 lc rgb GREY
set tics nomirror out scale 0.5 textcolor rgb "black"
if (!TERM) { set grid back linetype 1 linewidth 0.4 linecolor rgb "#E0E0E0" }
set key noenhanced
