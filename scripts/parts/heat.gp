# heat.gp: the palette of shares, on a log scale.
set palette defined (0 "#E7F0F9", 0.5 "#9ECAE1", 0.65 "#4292C6", 0.8 "#08519C", 1 "#041E42") maxcolors 0
set cbrange [1e-4:1]
set logscale cb
set format cb TERM ? "" : "10^{%T}"
set cbtics auto scale 0.5 textcolor rgb "black"
set cblabel "share of entries"
set style fill solid 1 noborder
unset key
unset grid
if (!TERM) {
    set colorbox user origin graph 1.03, graph 0 size graph 0.03, graph 1
    set rmargin 12
}
if (TERM) { set xlabel XLABEL." (share: . < 0.3 % < + < 3 % < # < 30 % < @)" }
INK = ".+#@"
# 0 … 3: the ink of a share in the terminal
ink(share) = share < 0.003 ? 0 : share < 0.03 ? 1 : share < 0.3 ? 2 : 3
