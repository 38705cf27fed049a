#!/usr/bin/env bats
# The scripts that run nnexp for a picture, on small data: what they compute, what they refuse.

load common

setup() {
    cd -- "$BATS_TEST_TMPDIR" || return 1
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    export NNEXP
    scripts=$root/scripts
}

# is_png FILE
is_png() { equals PNG "$(head -c 4 "$1" | tail -c 3)" && equals IEND "$(tail -c 8 "$1" | head -c 4)"; }

# height_of FILE: the pixels of a PNG, from its header.
height_of() { od -An -tu1 -j 20 -N 4 "$1" | awk '{ print (($1 * 256 + $2) * 256 + $3) * 256 + $4 }'; }

# images: 20 images of 2 x 3 pixels, whose first component is the first pixel; a.json.
images() {
    awk 'BEGIN { print "a,b,c,d,e,f,y"
                 for (i = 0; i < 20; i++) print (i % 2) * 90 "," i % 5 "," i % 3 ",0," i % 4 ",7," i % 2 }' >i.csv
    config '{"data": {"file": "i.csv", "validation": 0.2, "image": {"height": 2, "width": 3}},
             "preprocess": ["mean_image", {"name": "pca", "components": 3}], "model": {"hidden": [4]},
             "train": {"epochs": 2, "lr": 0.001}}'
}

@test "studies: plot_clouds draws two inputs, whatever they are called" {
    printf '"x, `pwned`",$(pwned),label\n1,2,"a, b"\n2,5,c\n3,1,c\n4,4,"a, b"\n' >two.csv
    config '{"data": {"file": "two.csv"}}'
    tell "$scripts/plot_clouds.sh" --config a.json --out "p q/clouds.png"
    equals 2 "$status"
    equals 'plot_clouds.sh: p q/clouds.png: cannot write: there is no such directory; make it first' "$err"
    not test -e "p q"
    mkdir "p q"
    tell "$scripts/plot_clouds.sh" --config a.json --out "p q/clouds.jpg"
    equals 2 "$status"
    equals 'plot_clouds.sh: p q/clouds.jpg: the picture is a PNG; give it a name that ends in .png' "$err"
    tell "$scripts/plot_clouds.sh" --config a.json --out "p q/clouds.png"
    done_with 0
    equals 'wrote p q/clouds.png' "$out"
    is_png "p q/clouds.png"
    equals 510 "$(height_of "p q/clouds.png")" # 40 of them for the key
    tell "$scripts/plot_clouds.sh" --config a.json
    equals 'wrote runs/clouds.png' "$out"
    sed '1!s/"a, b"/3/; 1!s/c$/4/' two.csv >values.csv
    config '{"data": {"file": "values.csv", "task": "regression"}, "train": {"loss": "mse"}}'
    tell "$scripts/plot_clouds.sh" --config a.json --out values.png
    done_with 0
    equals 470 "$(height_of values.png)" # values have none
    config '{"data": {"file": "two.csv"}}'
    tell "$scripts/plot_clouds.sh" --config a.json --set seed=1
    equals 'plot_clouds.sh: --set: unknown option; use --config or --out' "$err"
    images
    tell "$scripts/plot_clouds.sh" --config a.json --out clouds.png
    equals 2 "$status"
    equals 'plot_clouds.sh: a.json: has more than two inputs that vary; choose two with data.ignore' "$err"
    not test -e clouds.png
}

@test "studies: plot_components draws the components that the model holds" {
    images
    nnexp -c a.json -q --out "a run"
    done_with 0
    tell "$scripts/plot_components.sh" "a run" 2
    done_with 0
    equals 'wrote ./a run/plots/components.png' "$out"
    is_png "a run/plots/components.png"
    equals 310 "$(height_of "a run/plots/components.png")" # 120 of them for the title and the key
    nnexp -c a.json -q --out plain -s 'preprocess=[]'
    tell "$scripts/plot_components.sh" plain
    equals 'plot_components.sh: ./plain: has no preprocess.csv; its preprocess has neither pca nor whiten' "$err"
    nnexp -c a.json -q --out flat -s data.image=null -s 'preprocess=["pca"]'
    tell "$scripts/plot_components.sh" flat
    equals 'plot_components.sh: ./flat: the rows are no images; set data.image' "$err"
    nnexp -c a.json -q --out wide -s 'preprocess=["onehot", "pca"]'
    tell "$scripts/plot_components.sh" wide
    equals 'plot_components.sh: ./wide: the components have 16 inputs and an image 6 pixels; put pca before what widens' "$err"
}

@test "studies: plot.sh draws the variance of each step" {
    images
    nnexp -c a.json -q --out run -s 'preprocess=["pca", "whiten"]'
    "$scripts/plot.sh" --svg run >&2
    grep -q 'preprocess.0: pca' run/plots/explained_variance.svg
    grep -q 'preprocess.1: whiten' run/plots/explained_variance.svg
    grep -q 'kept: 4' run/plots/explained_variance.svg
    echo 'step,`pwned`' >run/preprocess.csv
    tell "$scripts/plot.sh" run
    equals 'plot.sh: ./run/preprocess.csv: is no log of nnexp; train again' "$err"
}

@test "studies: study_components trains a run for each number and seed, as nnexp alone would" {
    images
    tell "$scripts/study_components.sh" --config a.json --components '1 3' --seeds '1 2' --set train.epochs=3 --out s
    done_with 0
    equals "wrote s/components.csv
wrote s/components.png" "$out"
    is_png s/components.png
    equals 'components,seed,status,val_loss,val_accuracy' "$(head -n 1 s/components.csv)"
    equals '1 1 3 3' "$(words s/components.csv components)"
    equals '1 2 1 2' "$(words s/components.csv seed)"
    nnexp -c a.json -q --out run -s train.epochs=3 -s preprocess.1.components=1 -s seed=2
    equals "$(column run/epochs.csv val_loss | tail -n 1)" "$(column s/components.csv val_loss | sed -n 2p)"
    tell "$scripts/study_components.sh" --config a.json --components '1 3' --seeds 1 --set train.lr=1e30 --out far
    done_with 0
    is_png far/components.png
    equals '1,1,diverged,nan 3,1,diverged,nan' "$(sed 1d far/components.csv | cut -d , -f 1-3,5 | paste -sd ' ')"
    tell "$scripts/study_components.sh" --config a.json --set 'preprocess=[]'
    equals 'study_components.sh: a.json: its preprocess has neither pca nor whiten; add one' "$err"
    tell "$scripts/study_components.sh" --config a.json --components '1; 2'
    equals 'study_components.sh: 1; 2: expected numbers of components, as in "1 2 5"' "$err"
    tell "$scripts/study_components.sh" --config a.json --components 9
    equals "study_components.sh: nnexp: $PWD/i.csv: preprocess.1: components is 9 and the training rows span 4 dimensions; use at most 4" "$err"
}

@test "studies: study_rates finds the largest rate that trains" {
    awk 'BEGIN { print "x,y"; for (i = 0; i < 20; i++) print 1000 * (i % 2) + i % 7 "," i % 2 }' >far.csv
    config '{"data": {"file": "far.csv"}, "model": {"output_init": "zeros"}, "train": {"epochs": 30, "batch": "all"}}'
    tell "$scripts/study_rates.sh" --config a.json --rates '1e-6 0.1 1' --seeds 1 --set about="it's" --out s
    done_with 0
    is_png s/rates.png
    equals 'raw raw raw center center center standardize standardize standardize' "$(words s/rates.csv preprocess)"
    equals 'preprocess,largest_lr
raw,1e-6
center,1
standardize,1' "$(cat s/largest.csv)"
    tell "$scripts/study_rates.sh" --seeds 1 --out d
    done_with 0
    is_png d/rates.png
    highest=$(column d/rates.csv lr | sort -g | tail -n 1)
    not grep -e nan -e ",$highest\$" d/largest.csv
    tell "$scripts/study_rates.sh" --config a.json --rates fast
    equals 'study_rates.sh: fast: expected learning rates, as in "0.01 0.1 1"' "$err"
    tell "$scripts/study_rates.sh" --rates
    equals 'study_rates.sh: --rates: needs a value' "$err"
}
