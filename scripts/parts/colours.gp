# colours.gp: a colour and a mark for each of up to eight things that differ in kind, and a sequential palette.

# Colours that the colour-blind tell apart (Okabe and Ito, yellow and black replaced: page.js takes black and greys for axes),
# with a mark each; numbers have plasma without its palest end.
array HUES[8] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D31", "#3B4652"]
array MARKS[8] = [7, 5, 9, 13, 11, 6, 4, 8]
channel(t, a, b, c, d) = t < 1 / 3.0 ? a + (b - a) * 3 * t : t < 2 / 3.0 ? b + (c - b) * (3 * t - 1) : c + (d - c) * (3 * t - 2)
plasma(t) = sprintf("#%02X%02X%02X", int(channel(t, 13, 126, 204, 240)), int(channel(t, 8, 3, 71, 140)), int(channel(t, 135, 168, 120, 40)))
