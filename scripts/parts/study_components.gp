# study_components.gp: components.csv (a row a run) and variance.csv (component, cumulative share); study_components.sh
# calls it: gnuplot -c study_components.gp SCRIPTS study_components.gp
set encoding utf8
set datafile separator comma
set terminal pngcairo size 1000, 640 font "DejaVu Sans,15" linewidth 2 enhanced background rgb "white"
set output "components.png"
set border 3 lw 0.7 lc rgb "#808080"
set tics nomirror out scale 0.5 textcolor rgb "black"
set grid ytics back linetype 1 linewidth 0.4 linecolor rgb "#D8D8D8"
set key bottom right samplen 1.5
set title "accuracy against number of principal components"
set xlabel "components kept (log scale)"
set logscale x
stats "components.csv" using 1 nooutput name "K"
set xrange [K_min * 0.9:K_max * 1.1]
set xtics (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000)
set yrange [-0.02:1.02]
set format y "%g"
finished(value) = strcol(3) eq "finished" ? value : NaN
DIVERGED = int(system("grep -c ,diverged, components.csv"))
# the mean over the seeds: gnuplot's unique averages the rows of one abscissa; runs that diverged are at the bottom
plot "variance.csv" using 1:2 with lines lw 1.5 dashtype 2 lc rgb "#808080" title "share of the variance held", \
     "< grep -v ,diverged, components.csv" skip 1 using 1:5 smooth unique with lines lc rgb "#0072B2" \
         title "validation accuracy, mean over the seeds", \
     "components.csv" skip 1 using 1:(finished(column(5))) with points pt 6 ps 1 lc rgb "#0072B2" title "a run", \
     for [i = 1:DIVERGED > 0] "components.csv" skip 1 using 1:(strcol(3) eq "diverged" ? 0 : NaN) with points pt 2 ps 1.2 \
         lc rgb "#D55E00" title sprintf("diverged: %d, in no mean", DIVERGED)
