#!/usr/bin/env bats
# scripts/plot_path.sh and parts/path_length.awk: what they draw and say, and what they refuse.

load common

setup() {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    cd -- "$BATS_TEST_TMPDIR" || return 1
    plot=$root/scripts/plot_path.sh
    length=$root/scripts/parts/path_length.awk
    export NNEXP
}

# trained DIR SETS…
trained() {
    local dir=$1
    shift
    [ -f set.csv ] || "$NNEXP" generate positive --rows 40 >set.csv
    config '{"data": {"file": "set.csv"}, "model": {"hidden": []}, "train": {"loss": "bce", "lr": 1, "batch": 10, "epochs": 3},
             "log": {"path": ["layers.1.weight[0,0]", "layers.1.weight[0,1]"]}}'
    nnexp -c a.json -q -o "$dir" "$@"
    done_with 0
}

# steps ROWS…: a steps.csv of two weights.
steps() {
    echo 'step,epoch,lr,loss,grad_norm,update_ratio,"layers.1.weight[0,1]",layers.1.bias[0]'
    for row; do echo "1,1,1,1,1,1,$row"; done
}

@test "path: length, displacement and ratio" {
    figures() { awk "$@" -f "$length" s.csv; }
    steps 0,0 3,4 3,-4 6,0 >s.csv
    equals "length,displacement,ratio
18,6,3" "$(figures)"
    equals "layers.1.weight[0,1]
layers.1.bias[0]" "$(figures -v kind=names)"
    equals "0 0,3 4,3 -4,6 0" "$(figures -v kind=plane | paste -sd ,)"
    equals "6,6,1" "$(figures -v most=1 | tail -n 1)"
    printf '5,1,1,1' >>s.csv # a run that goes on
    equals "18,6,3" "$(figures | tail -n 1)"
    steps 1,1 2,1 1,1 >s.csv
    equals "2,0,inf" "$(figures | tail -n 1)"
    steps 1,1 >s.csv
    equals "0,0,nan" "$(figures | tail -n 1)"
    steps 1,1 inf,nan >s.csv
    equals "nan,nan,nan" "$(figures | tail -n 1)"
    { steps 0,0; echo 3,4; steps 1,1 | tail -n 1; } >s.csv
    run figures
    equals "1 path_length.awk: s.csv: line 3 has not a cell a column; the log is damaged" "$status $output"
    steps | cut -d, -f1-6 >s.csv
    run figures
    equals "1 path_length.awk: s.csv: holds no weights; name them in log.path" "$status $output"
    echo epoch,step >s.csv
    run figures
    equals "1 path_length.awk: s.csv: is no steps.csv of nnexp" "$status $output"
}

@test "path: PNG and SVG; the figures are those of the awk" {
    trained a
    trained b -s 'preprocess=["center"]'
    run "$plot" a b --points 21
    equals "0 wrote ./a/plots/path.png" "$status $output"
    [ "$(head -c 4 a/plots/path.png | tail -c 3)" = PNG ]
    run "$plot" a b --out p.svg --points 9 --title 'all <positive>'
    equals "0 wrote p.svg" "$status $output"
    # gnuplot writes a space for a space, and the three digits of %.3g
    for text in 'all &lt;positive>' b 'layers.1.weight\[0,0\]' 'layers.1.weight\[0,1\]' loss \
        "path $(awk -F , -f "$length" a/steps.csv | awk -F , 'END { printf "%.3g, net %.3g, ratio %.3g", $1, $2, $3 }')"; do
        sed 's/\xc2\xa0/ /g' p.svg | grep -q ">$text<" || { echo "no $text"; return 1; }
    done
}

@test "path: no name is part of a command" {
    local odd='a `touch hit` $(touch hit) "q" @x^2'
    trained "$odd"
    run "$plot" "$odd" --points 5 --svg
    equals "0 wrote ./$odd/plots/path.svg" "$status $output"
    [ ! -e hit ]
    grep -q 'touch hit' "$odd/plots/path.svg"
}

@test "path: refusals" {
    run "$plot"
    equals "2 usage: plot_path.sh RUN [RUN…] [--title TEXT]… [--points N] [--png|--svg] [--out FILE]" "$status ${lines[0]}"
    run "$plot" none
    equals "2 plot_path.sh: ./none: no such directory; give the directory of a run" "$status $output"
    run "$plot" --term
    equals "2 plot_path.sh: --term: unknown option; see plot_path.sh --help" "$status $output"
    trained a -s log.path=[]
    run "$plot" a
    equals "2 plot_path.sh: ./a: has no steps.csv; train it with two weights in log.path, as in --set 'log.path=[\"layers.1.weight[0,0]\", \"layers.1.weight[0,1]\"]'" "$status $output"
    trained one -s 'log.path=["layers.1.bias[0]"]'
    run "$plot" one
    equals "2 plot_path.sh: ./one/steps.csv: holds one weight; a plane needs two in log.path" "$status $output"
    trained b
    run "$plot" b --title x --title y
    equals "2 plot_path.sh: --title: 2 of them for 1 runs; give one a run" "$status $output"
    run "$plot" b --points 1
    equals "2 plot_path.sh: --points: expected a whole number from 2 to 999, got '1'" "$status $output"
    run "$plot" b --out p.pdf
    equals "2 plot_path.sh: p.pdf: the picture is a png; give it a name that ends in .png" "$status $output"
    rm set.csv
    run "$plot" b
    equals "2 plot_path.sh: $PWD/set.csv: cannot read: No such file or directory" "$status $output"
    [ ! -e b/plots ]
    trained far
    sed -i '$s/[^,]*$/nan/' far/steps.csv
    run "$plot" far
    equals "2 plot_path.sh: a path leaves the numbers, as its run diverged; draw it with another learning rate" "$status $output"
    rm b/model.safetensors
    run "$plot" b
    equals 2 "$status"
    [[ "$output" = "plot_path.sh: b"* ]] || { echo "$output"; return 1; }
}
