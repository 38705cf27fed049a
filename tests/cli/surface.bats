#!/usr/bin/env bats
# nnexp surface: the loss over two weights, and what it refuses.

load common

A='layers.1.weight[2,1]' B='layers.2.bias[0]'

# trained SETS…: runs/a on a small spiral, with the way of A and B.
trained() {
    "$NNEXP" generate spiral --rows 60 >set.csv
    config '{"data": {"file": "set.csv"}, "preprocess": ["standardize"], "model": {"hidden": [5, 4], "activation": "tanh"},
             "train": {"epochs": 2, "batch": 8, "lr": 0.1}, "log": {"path": ["'"$A"'", "'"$B"'"]}}'
    nnexp -q --force -c a.json "$@"
    done_with 0
}

@test "surface: numpy computes the same" {
    /usr/bin/python3 -c 'import numpy' 2>/dev/null || skip "there is no numpy"
    trained
    nnexp surface --run runs/a --weights "$A" "$B" --points 6 --out s.csv
    done_with 0
    equals "" "$out$err"
    run /usr/bin/python3 "$root/tests/reference/surface.py" runs/a set.csv s.csv "$A" "$B"
    echo "$output"
    [ "$status" -eq 0 ]
}

# starts SETS…: the loss at the untouched weights is train_loss of epoch 0, to the last digit.
starts() {
    nnexp -q --force -c a.json -s train.epochs=0 "$@"
    done_with 0
    local a b
    IFS=, read -r a b < <(sed -n 2p runs/a/steps.csv | cut -d, -f7-)
    nnexp surface --run runs/a --weights "$A" "$B" --points 2 --range "$A:$a:99" --range "$B:$b:99" -t 3
    done_with 0
    equals "$a,$b,$(sed -n 2p runs/a/epochs.csv | cut -d, -f4)" "$(sed -n 2p .out)"
}

@test "surface: the loss is epoch 0's of epochs.csv, whatever is in it" {
    trained
    starts
    starts -s data.validation=0.25 -s train.class_weight=balanced -s train.label_smoothing=0.1 -s train.weight_decay=0.1
    starts -s model.norm=batch -s model.dropout=0.4 -s 'preprocess=["pca", {"name": "whiten", "method": "zca"}]'
    starts -s model.activation=prelu -s train.loss=hinge
    awk -F , -v OFS=, 'NR == 1 { print "x1,x2,w,y"; next } { print $1, $2, 1 + NR % 3, $1 - $2 }' set.csv >weighed.csv
    starts -s data.file=weighed.csv -s data.label=y -s data.weight=w -s train.loss=mse
    nnexp generate shapes --rows 40
    mv .out set.csv
    starts -s 'data.image={"height": 12, "width": 12, "channels": 3}' \
        -s 'augment=[{"name": "crop", "height": 8, "width": 8, "pad": 0, "evaluate": "ten"}, "flip"]'
    starts -s 'data.image={"height": 12, "width": 12, "channels": 3}' -s 'augment=[{"name": "crop", "height": 8, "width": 8}]'
}

@test "surface: a file or standard output, the same bytes for any --threads" {
    trained -s 'model.hidden=[64, 64]'
    nnexp surface --run runs/a --weights "$A" "$B" --points 7 -t 1
    done_with 0
    equals 50 "$(rows_of .out)"
    for threads in 2 3; do
        "$NNEXP" surface --run runs/a --weights "$A" "$B" --points 7 -t $threads -o s.csv
        cmp .out s.csv
    done
    nnexp surface --run runs/a --weights "$A" "$B" -o -
    equals 1682 "$(rows_of .out)"
}

@test "surface: ranges: asked for, by the way, or about the trained value" {
    trained
    ends() { awk -F , -v OFS=, 'NR == 2 { a = $1; b = $2 } END { print a, $1, b, $2 }' .out; }
    nnexp surface --run runs/a --weights "$A" "$B" --points 2 --low -2 --high 3
    equals "-2,3,-2,3" "$(ends)"
    nnexp surface --run runs/a --weights "$A" "$B" --points 2 --low -2 --high 3 --range "$B:0.5:1"
    equals "-2,3,0.5,1" "$(ends)"
    # a weight without a way, of size 0 and of size above 1
    nnexp -q --force -c a.json -s train.epochs=0 -s 'model.init={"name": "constant", "value": -2}' -s log.path=[]
    [ ! -e runs/a/steps.csv ]
    nnexp surface --run runs/a --weights "$A" "$B" --points 2
    equals "-4,0,-1,1" "$(ends)"
    # where it stood still there is no way
    nnexp -q --force -c a.json -s train.epochs=0 -s 'model.init={"name": "constant", "value": -2}'
    nnexp surface --run runs/a --weights "$A" "$B" --points 2
    equals "-4,0,-1,1" "$(ends)"
}

@test "surface: refusals" {
    trained
    refused "nnexp: --run: which run? give its directory, as in nnexp surface --run runs/relu_he" surface
    refused 'nnexp: --weights: which two? name them, as in --weights "layers.1.weight[0,0]" "layers.1.bias[0]"' surface --run runs/a
    refused "nnexp: --weights: needs the names of two weights; see nnexp surface --help" surface --run runs/a --weights x
    refused "nnexp: runs/a: --weights: '$A' twice; name two weights" surface --run runs/a --weights "$A" "$A"
    refused "nnexp: runs/a: --weights: 'layers.2.bias[4]': lies outside; layers.2.bias [4]: 0 to 3" \
        surface --run runs/a --weights "$A" "layers.2.bias[4]"
    refused "nnexp: --low: given alone; give --high too" surface --run runs/a --weights "$A" "$B" --low 1
    refused "nnexp: --low: 2 is not below --high 1" surface --run runs/a --weights "$A" "$B" --low 2 --high 1
    refused "nnexp: --high: expected a number, got 'x'" surface --run runs/a --weights "$A" "$B" --high x
    refused "nnexp: --range: expected WEIGHT:LOW:HIGH, got '$A:1'" surface --run runs/a --weights "$A" "$B" --range "$A:1"
    refused "nnexp: --range: '$A:1:1': its low is not below its high" surface --run runs/a --weights "$A" "$B" --range "$A:1:1"
    refused "nnexp: --range: 'c' is none of --weights '$A' and '$B'" surface --run runs/a --weights "$A" "$B" --range c:1:2
    refused "nnexp: --points: expected a whole number from 2 to 1000, got '1'" surface --run runs/a --weights "$A" "$B" --points 1
    refused "nnexp: none: no such directory; give the directory of a run" surface --run none --weights "$A" "$B"
    sed -i 1s/x2/x3/ set.csv
    refused "nnexp: $PWD/set.csv: its columns or classes have changed since the run; restore them" \
        surface --run runs/a --weights "$A" "$B"
    rm set.csv
    refused "nnexp: $PWD/set.csv: cannot read: No such file or directory" surface --run runs/a --weights "$A" "$B"
}
