# regions.awk: cuts what nnexp predict --grid and --points wrote into the files that regions.gp draws.
#   awk -v kind=header -v wanted=N -f regions.awk POINTS      prints the name in column N
#   awk -v kind=cut -f regions.awk GRID POINTS                writes into the working directory, prints facts
#
# colours.dat: x y r g b class of the predicted classes, paler where the probability is low. margin_K.dat: x y and how far
# class K leads over the best other, in log probability (or score), in lines of the grid. value.dat: x y value.
# point_K_SPLIT.dat: x y. points_SPLIT.dat: x y value. classes.txt: the classes' names, shortened, one a line.
# Facts: line=TEXT; numbers=CLASSES XLOW XHIGH YLOW YHIGH VLOW VHIGH NAMES COLOUR…, where VLOW … VHIGH holds the values
# of the grid and of the points, and NAMES is the width of the widest name. Wants the C locale, in which awk counts bytes.

function stop(message) {
    print "plot_regions.sh: " message > "/dev/stderr"
    failed = 1
    exit 1
}
# Cells of a row, which may be quoted; in cell[1 … ]. Returns how many.
function cells(text,    n, at, piece) {
    while (1) {
        if (substr(text, 1, 1) == "\"") {
            piece = ""
            text = substr(text, 2)
            while ((at = index(text, "\"")) > 0) {
                piece = piece substr(text, 1, at - 1)
                text = substr(text, at + 1)
                if (substr(text, 1, 1) != "\"") break
                piece = piece "\""
                text = substr(text, 2)
            }
            if (at == 0) stop("a name with a line break; rename the column or the class")
            cell[++n] = piece
            if (text == "") return n
            text = substr(text, 2)
        } else {
            at = index(text, ",")
            if (at == 0) { cell[++n] = text; return n }
            cell[++n] = substr(text, 1, at - 1)
            text = substr(text, at + 1)
        }
    }
}
function shown(name) { gsub(/[[:cntrl:]]/, "?", name); return name }

# Sets character[1 …] of a UTF-8 text, and width[1 …] in small letters of a sans serif; returns how many.
function measure(text,    i, n, byte) {
    n = 0
    for (i = 1; i <= length(text); i++) {
        byte = substr(text, i, 1)
        if (byte >= "\200" && byte <= "\277" && n) { character[n] = character[n] byte; continue }
        character[++n] = byte
        width[n] = byte >= "\340" ? 2 : byte ~ /[A-Zmw%@]/ ? 1.35 : 1
    }
    return n
}
# A name too wide loses its middle: its end often tells it from others.
function shortened(text, most,    n, i, j, sum, head, tail) {
    n = measure(text)
    for (i = 1; i <= n; i++) sum += width[i]
    if (sum > widest) widest = sum < most ? sum : most
    if (sum <= most) return text
    for (i = sum = 0; sum + width[i + 1] < most / 2; sum += width[i]) head = head character[++i]
    for (sum = 0; sum + width[n] < most / 2; sum += width[n--]) tail = character[n] tail
    return head "…" tail
}
function log_of(p) { return p + 0 > 1e-300 ? log(p) : log(1e-300) }

# Colours that the colour-blind tell apart (Okabe and Ito, yellow and black replaced); from the ninth class on each the
# one farthest in CIELAB from those before it, as itself, as a tint and as seen without green cones (Machado, Oliveira and
# Fernandes 2009); behind the last, hues a golden angle apart.
function hexadecimal(text,    i, value) {
    for (i = 1; i <= length(text); i++) value = 16 * value + index("0123456789ABCDEF", substr(text, i, 1)) - 1
    return value
}
function set_colours(    i, k, given, hex, hue, part, base) {
    given = split("0072B2 D55E00 009E73 CC79A7 E69F00 56B4E9 8C6D31 666666 BBEE77 332299 00FFAA 770022 " \
        "BB1199 AAEEDD BB77FF 442255 FF6666 DDCCFF 004433 EEDD22 CC9988 66CC33 882200 3366CC", hex, " ")
    for (k = 1; k <= classes; k++) {
        for (i = 1; k <= given && i <= 3; i++) tone[k, i] = hexadecimal(substr(hex[k], 2 * i - 1, 2))
        if (k <= given) continue
        hue = (k * 0.381966) % 1
        for (i = 1; i <= 3; i++) {
            part = (hue + (4 - i) / 3) % 1 * 6
            base = part < 1 ? part : part < 3 ? 1 : part < 4 ? 4 - part : 0
            tone[k, i] = int(40 + 170 * base)
        }
    }
}
# Widens low_value … high_value; what is no number is none.
function see(value) {
    if (value !~ /^[-+]?[0-9.]/) return
    if (!seen || value + 0 < low_value) low_value = value + 0
    if (!seen++ || value + 0 > high_value) high_value = value + 0
}
# White mixed with the class's colour.
function tint(k, i, strength) { return int(255 - (255 - tone[k, i]) * strength + 0.5) }

kind == "header" { if (NR == 1) { if (wanted > cells($0)) stop("no inputs"); print cell[wanted]; exit } }

kind == "cut" && FNR == 1 {
    file++
    n = cells($0)
    if (file == 1) {
        classes = cell[3] == "predicted" ? n - 3 : 0
        scores = cell[4] ~ /^score_/
        for (k = 1; k <= classes; k++) {
            name = substr(cell[3 + k], scores ? 7 : 3) # behind score_ or p_
            number[name] = k
            print shortened(shown(name), 24) > "classes.txt"
        }
        target = cell[3]
        sub(/_predicted$/, "", target)
        print shortened(shown(target), 48) > "target.txt"
        set_colours()
        printf "" > "points_train.dat"
        printf "" > "points_validation.dat"
        for (k = 1; k <= classes; k++) {
            printf "" > ("point_" k "_train.dat")
            printf "" > ("point_" k "_validation.dat")
        }
    }
    next
}

# ---- the grid ----------------------------------------------------------------------------------------------------
kind == "cut" && file == 1 {
    n = cells($0)
    if (FNR == 2) { low_x = cell[1]; low_y = cell[2] }
    high_x = cell[1]
    high_y = cell[2]
    if (FNR > 2 && cell[2] != before)
        for (k = 1; k <= (classes ? classes : 1); k++) print "" > (classes ? "margin_" k ".dat" : "value.dat")
    before = cell[2]
    if (!classes) { see(cell[3]); print cell[1] " " cell[2] " " cell[3] > "value.dat"; next }
    best = 1
    for (k = 2; k <= classes; k++) if (cell[3 + k] + 0 > cell[3 + best] + 0) best = k
    second = 0
    for (k = 1; k <= classes; k++)
        if (k != best && (!second || cell[3 + k] + 0 > cell[3 + second] + 0)) second = k
    sure = scores ? 0.5 : (cell[3 + best] - 1 / classes) / (1 - 1 / classes)
    strength = 0.1 + 0.36 * (sure < 0 ? 0 : sure > 1 ? 1 : sure)
    print cell[1] " " cell[2] " " tint(best, 1, strength) " " tint(best, 2, strength) " " \
        tint(best, 3, strength) " " best > "colours.dat"
    for (k = 1; k <= classes; k++) {
        other = cell[3 + (k == best ? second : best)]
        lead = scores ? cell[3 + k] - other : log_of(cell[3 + k]) - log_of(other)
        print cell[1] " " cell[2] " " lead > ("margin_" k ".dat")
    }
    next
}

# ---- the points --------------------------------------------------------------------------------------------------
kind == "cut" {
    n = cells($0)
    points[cell[1]]++
    if (!classes) { see(cell[4]); print cell[2] " " cell[3] " " cell[4] > ("points_" cell[1] ".dat"); next }
    k = number[cell[4]]
    if (!k) stop("class '" cell[4] "' of the data is not one of the model; train the run anew")
    print cell[2] " " cell[3] > ("point_" k "_" cell[1] ".dat")
}

END {
    if (failed) exit 1
    if (kind != "cut") exit
    printf "line=%d training points", points["train"]
    if (points["validation"]) printf " (circles), %d validation points (triangles)", points["validation"]
    print ""
    if (high_value <= low_value) high_value = low_value + 1
    printf "numbers=%d %s %s %s %s %.9g %.9g %g", classes, low_x, high_x, low_y, high_y, low_value, high_value, widest
    for (k = 1; k <= classes; k++) printf " #%02X%02X%02X", tone[k, 1], tone[k, 2], tone[k, 3]
    print ""
    close("classes.txt")
}
