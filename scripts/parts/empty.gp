# empty.gp: a panel without a single value to draw; NOTE says why, where that is known.
unset key
unset arrow
unset tics
unset xlabel
unset colorbox
set yrange [0:1]
set label 1 (NOTE eq "" ? "no values in the log" : NOTE) at graph 0.5, 0.5 center textcolor rgb GREY
plot NaN notitle
set tics
