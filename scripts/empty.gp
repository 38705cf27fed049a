# empty.gp: a panel without a single value to draw.
unset key
unset arrow
unset tics
unset xlabel
unset colorbox
set yrange [0:1]
set label 1 "no values in the log" at graph 0.5, 0.5 center textcolor rgb GREY
plot NaN notitle
set tics
