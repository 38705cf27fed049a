# picture.gp: a PPM as it is, pixel by pixel. plot.sh calls it in the directory where it put picture.ppm:
#   gnuplot -c picture.gp FORM WIDTH HEIGHT SKIP
# SKIP is how many bytes stand before the pixels.
FORM = ARG1
WIDTH = int(ARG2)
HEIGHT = int(ARG3)
SKIP = int(ARG4)

if (FORM eq "png") { set terminal pngcairo size WIDTH, HEIGHT } else { set terminal svg size WIDTH, HEIGHT }
set output "picture.".FORM
unset border
unset tics
unset key
set lmargin at screen 0
set rmargin at screen 1
set bmargin at screen 0
set tmargin at screen 1
set xrange [-0.5:WIDTH - 0.5] noextend
set yrange [HEIGHT - 0.5:-0.5] noextend
plot "picture.ppm" binary skip=SKIP array=(WIDTH, HEIGHT) format="%uchar" using 1:2:3 with rgbimage
