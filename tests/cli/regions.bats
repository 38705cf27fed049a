#!/usr/bin/env bats
# scripts/plot_regions.sh on runs trained here: what it draws, and what it refuses.

load common
load regions_common

@test "regions: PNG, SVG and the terminal" {
    trained spiral
    run "$plot" runs/a
    [ "$status" -eq 0 ]
    equals "wrote ./runs/a/plots/regions.png" "$output"
    [ "$(head -c 4 runs/a/plots/regions.png | tail -c 3)" = PNG ]
    run "$plot" --svg runs/a
    [ "$status" -eq 0 ]
    grep -q '48 training points (circles), 12 validation points (triangles)<' runs/a/plots/regions.svg
    for name in x1 x2 0 1 2; do grep -q ">$name<" runs/a/plots/regions.svg; done
    run "$plot" --term runs/a
    [ "$status" -eq 0 ]
    equals a "${lines[0]}"
    for letter in a b c A B C; do [[ "$output" == *$letter* ]]; done
    [[ "$output" != *$'\033'* && "$output" != *$'\f'* ]]
}

@test "regions: plot.sh --regions is the same" {
    trained spiral
    run "$root/scripts/plot.sh" --regions runs/a --svg
    [ "$status" -eq 0 ]
    equals "wrote ./runs/a/plots/regions.svg" "$output"
    equals regions.svg "$(ls runs/a/plots)"
    trained gaussian
    run "$root/scripts/plot.sh" runs/a --regions
    equals "2 plot_regions.sh: ./runs/a: regions need a model of two inputs, and this one has 10" "$status $output"
}

@test "regions: refusals" {
    run "$plot" --regions
    equals "2 plot_regions.sh: --regions: unknown option; use --png, --svg or --term" "$status $output"
    run "$plot"
    equals 2 "$status"
    equals "usage: plot_regions.sh RUN [--png|--svg|--term]" "${lines[0]}"
    run "$plot" none
    equals "2 plot_regions.sh: ./none: no such directory; give the directory of a run" "$status $output"
    trained gaussian
    run "$plot" runs/a
    equals "2 plot_regions.sh: ./runs/a: regions need a model of two inputs, and this one has 10" "$status $output"
    trained spiral
    rm set.csv
    run "$plot" runs/a
    equals "2 nnexp: $PWD/set.csv: cannot read: No such file or directory" "$status $output"
    [ ! -e runs/a/plots ]
    run env NNEXP=./nothing "$plot" runs/a
    equals "2 plot_regions.sh: ./nothing: no such program; build it with make, or name another in NNEXP" "$status $output"
}

@test "regions: 24 classes have colours that differ" {
    awk 'BEGIN { printf "x,y,predicted"; for (k = 1; k <= 24; k++) printf ",p_%d", k; print ""
        for (i = 0; i < 4; i++) { printf "%d,%d,1", i % 2, i / 2; for (k = 1; k <= 24; k++) printf ",%d", k == 1; print "" } }' >grid.csv
    printf '%s\n' split,x,y,class train,0,0,1 >points.csv
    LC_ALL=C awk -v kind=cut -f "$root/scripts/parts/regions.awk" grid.csv points.csv >facts
    # the distance of the two nearest in CIELAB (CIE 1976): 2.3 is what one just sees
    near=$(sed -n 's/^numbers=//p' facts | tr ' ' '\n' | sed -n 's/^#//p' | awk '
        function linear(text) {
            v = (index(digits, substr(text, 1, 1)) - 1) * 16 + index(digits, substr(text, 2, 1)) - 1
            v /= 255
            return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ^ 2.4
        }
        function f(t) { return t > 0.008856 ? t ^ (1 / 3) : 7.787 * t + 16 / 116 }
        BEGIN { digits = "0123456789ABCDEF"; least = 999 }
        {
            r = linear(substr($0, 1, 2)); g = linear(substr($0, 3, 2)); b = linear(substr($0, 5, 2))
            x = f((0.4125 * r + 0.3576 * g + 0.1804 * b) / 0.9505)
            y = f(0.2127 * r + 0.7152 * g + 0.0722 * b)
            z = f((0.0193 * r + 0.1192 * g + 0.9503 * b) / 1.0889)
            L[NR] = 116 * y - 16; A[NR] = 500 * (x - y); B[NR] = 200 * (y - z)
            for (j = 1; j < NR; j++) {
                d = sqrt((L[j] - L[NR]) ^ 2 + (A[j] - A[NR]) ^ 2 + (B[j] - B[NR]) ^ 2)
                if (d < least) least = d
            }
        }
        END { print NR, int(least) }')
    echo "$near" >&2
    [ "${near% *}" = 24 ]
    [ "${near#* }" -ge 24 ]
}

@test "regions: the points of a regression are filled with their own values" {
    # a model that predicts about nothing, on values from 10 to 69
    awk 'BEGIN { print "x1,x2,y"; for (i = 0; i < 60; i++) print i % 8 "," i % 7 "," i + 10 }' >set.csv
    config '{"data": {"file": "set.csv", "task": "regression"}, "model": {"hidden": [], "init": "zeros"},
        "train": {"loss": "mse", "lr": 1e-9, "epochs": 1}}'
    nnexp -c a.json -q
    done_with 0
    "$plot" --svg runs/a >&2
    grep -q ">surface and lines, every 10: the prediction; fill of the points: the data<" runs/a/plots/regions.svg
    grep -q '> *60<' runs/a/plots/regions.svg # on the scale
    fills=$(sed -n "s/.*#gpPt6.* color='\(rgb([^)]*)\).*/\1/p" runs/a/plots/regions.svg | sort -u | wc -l)
    echo "$fills" >&2
    [ "$fills" -ge 50 ]
    # the terminal shows no points: its scale is the surface's
    run "$plot" --term runs/a
    [ "$status" -eq 0 ]
    [[ "$output" == *"x1 (. low, @ high: "* && "$output" != *" to 69)"* ]]
}
