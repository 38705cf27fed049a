# study_costs.gp: what an entry of each activation costs, from costs.csv as tests/bench/activation.c prints it, as costs.svg
# for a page.
set encoding utf8
set datafile separator comma
set datafile columnheaders
set terminal svg size 640, 460 font "DejaVu Sans,15" linewidth 1.6 enhanced mouse standalone name "costs" background rgb "white"
set output "costs.svg"
set title "nanoseconds an entry, one thread"
set border 3 lw 0.7 lc rgb "#808080"
set tics nomirror out scale 0.5 textcolor rgb "black"
set grid ytics back linetype 1 linewidth 0.4 linecolor rgb "#D8D8D8"
set key top left noenhanced
set bmargin 7
set logscale y
set yrange [0.02:*]
set format y "%g"
set xtics rotate by 40 right noenhanced font ",13"
set style fill solid 0.9 noborder
set boxwidth 0.38
# one call an entry, as functions of libm are
single(name) = strstrt(name, "by libm") > 0 || strstrt(name, "one by one") > 0
plot "costs.csv" using ($0 - 0.2):(single(strcol(1)) ? NaN : column("forward_ns")):xtic(1) with boxes lc rgb "#0072B2" title "forward", \
     "" using ($0 + 0.2):(column("backward_ns")) with boxes lc rgb "#E69F00" title "backward", \
     "" using 0:(single(strcol(1)) ? column("forward_ns") : NaN) with boxes lc rgb "#D55E00" title "forward, one call an entry"
