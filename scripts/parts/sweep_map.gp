# sweep_map.gp: mean loss over two numeric axes as a heat map.
BOX = larger(24, smaller(90, 900 / larger(X_COUNT, BY_COUNT)))
BOX_HIGH = BY_COUNT * BOX * 0.7 < 220 ? 220.0 / BY_COUNT : BOX * 0.7
GRAPH = X_COUNT * BOX < 520 ? 520 : X_COUNT * BOX
LEFT = larger(120, 62 + 13 * MAP_LONGEST)
WIDE = int(LEFT + GRAPH + 180)
HIGH = int(110 + BY_COUNT * BOX_HIGH + 100)
load PAGE
set label TITLE at screen 0.5, screen y_of(24) center noenhanced font ",17"
set label told(2).(SEEDS > 1 ? sprintf(", mean of %d seeds", SEEDS) : "")."; framed: the lowest".(DIVERGED ? "; crossed out: diverged" : "") \
    at screen 0.5, screen y_of(52) center noenhanced font ",13"
set label (told(8) eq "" ? told(5) : told(8)) at screen 0.5, screen y_of(76) center noenhanced font ",13"
set lmargin at screen x_of(LEFT)
set rmargin at screen x_of(LEFT + GRAPH)
set tmargin at screen y_of(100)
set bmargin at screen y_of(HIGH - 90)
unset grid
unset key
set border 0
set tics scale 0
set xrange [0.5:X_COUNT + 0.5]
set yrange [0.5:BY_COUNT + 0.5]
set xtics ("" 1)
set ytics ("" 1)
PLACE = GRAPH / X_COUNT
EVERY = int(ceil((10.5 * X_LONGEST + 16) / PLACE))
do for [i = 1:X_COUNT:larger(1, EVERY)] { set xtics add (line_of("ticks.txt", i) i) }
do for [j = 1:BY_COUNT:larger(1, int(ceil(18.0 / BOX_HIGH)))] { set ytics add (line_of("rows.txt", j) j) }
set xlabel told(1) noenhanced
set ylabel told(4) noenhanced
set palette defined (0 "#440154", 0.25 "#3B528B", 0.5 "#21918C", 0.75 "#5EC962", 1 "#FDE725") maxcolors 0
SPAN = MAP_HIGH > MAP_LOW
set cbrange [MAP_LOW:(SPAN ? MAP_HIGH : MAP_LOW + 1)]
MAP_LOG = MAP_LOW > 0 && MAP_HIGH > 8 * MAP_LOW
set format cb "%g"
if (MAP_LOG) { call LOG "cb" "MAP_LOW" "MAP_HIGH" }
set colorbox user origin screen x_of(LEFT + GRAPH + 20), graph 0 size screen x_of(22), graph 1
set cblabel told(7) noenhanced
level(v) = !SPAN ? 0 : MAP_LOG ? log(v / MAP_LOW) / log(MAP_HIGH / MAP_LOW) : (v - MAP_LOW) / (MAP_HIGH - MAP_LOW)
PRINTED = PLACE >= 56 && BOX_HIGH >= 22
figure(v) = abs(v) >= 1000 || abs(v) < 0.001 ? sprintf("%.1e", v) : sprintf("%.3g", v)
part(n, all) = n > 0 && n < all ? sprintf("\n{/=10 %d/%d div.}", n, all) : ""
set style fill solid 1 noborder
plot "map.dat" using 1:2:($1 - 0.49):($1 + 0.49):($2 - 0.49):($2 + 0.49) with boxxyerror lc rgb "#ECECEC", \
    "" using 1:2:($1 - 0.49):($1 + 0.49):($2 - 0.49):($2 + 0.49):3 with boxxyerror lc palette, \
    "" using ($4 > 0 && $4 == $5 ? $1 - 0.3 : NaN):($2 - 0.3):(0.6):(0.6) with vectors nohead lw 1 lc rgb "#404040", \
    "" using ($4 > 0 && $4 == $5 ? $1 - 0.3 : NaN):($2 + 0.3):(0.6):(-0.6) with vectors nohead lw 1 lc rgb "#404040", \
    "" using (!PRINTED && $4 > 0 && $4 < $5 ? $1 : NaN):2 with points pt 2 ps 0.7 lc rgb "#FFFFFF", \
    "" using ($6 > 0 ? $1 : NaN):2:($1 - 0.47):($1 + 0.47):($2 - 0.47):($2 + 0.47) with boxxyerror lc rgb "#D55E00" lw 2 fs empty, \
    "" using (PRINTED && level($3) < 0.6 ? $1 : NaN):2:(figure($3).part($4, $5)) with labels font ",12" textcolor rgb "white", \
    "" using (PRINTED && level($3) >= 0.6 ? $1 : NaN):2:(figure($3).part($4, $5)) with labels font ",12" textcolor rgb "black"
