#!/usr/bin/env bats
# nnexp find-lr: its files, what moves its curve, what it declines and refuses, its directory and its picture.

load ../cli/common

# found DIR KEY: a value at the top of suggestion.json, or of its rules.
found() { sed -n "s/^ *\"$2\": *\(.*[^,]\),\{0,1\}$/\1/p" "$1/suggestion.json" | head -n 1; }

# wine MORE…: a quick range test of the wines, into lr.
wine() { nnexp find-lr -c "$root/configs/wine.json" -o lr "$@"; }

@test "find-lr: find_lr.csv has each seed's steps, the rates even in log lr" {
    wine --seeds 2 --confirm 0 --low 1e-4 --high 10 --steps 41 -q
    done_with 0
    equals "" "$err"
    equals 'seed,step,lr,batch_loss,loss,smoothed' "$(head -n 1 lr/find_lr.csv)"
    equals '1 2' "$(column lr/find_lr.csv seed | uniq | paste -sd ' ')"
    awk -F , 'NR > 1 { wanted = 1e-4 * 10 ^ (5 * ($2 - 1) / 40); if (($3 / wanted - 1) ^ 2 > 1e-12) exit 1 }' lr/find_lr.csv
    [[ $out = *', by the curves alone'* ]]
    equals null "$(found lr confirmation)"
    not test -e lr/confirmation.csv
    valid_json lr/suggestion.json
    wine --seeds 2 -q --force
    valid_json lr/suggestion.json
    wine --seeds 1 -q --force
    valid_json lr/suggestion.json
}

@test "find-lr: the same bytes whatever --threads" {
    wine --seeds 3 -q -t 1
    mv lr one
    mv .out one.out
    wine --seeds 3 -q -t 3
    diff -r one lr
    cmp one.out .out
}

@test "find-lr: schedule and warm-up do not move the curve, optimizer and batch do" {
    nnexp find-lr -c "$root/configs/wine.json" -o a --seeds 1 --confirm 0 -q
    nnexp find-lr -c "$root/configs/wine.json" -o b --seeds 1 --confirm 0 -q -s train.schedule=cosine \
        -s 'train.warmup={"epochs": 2}' -s train.lr=7 -s log.probe_rows=9
    cmp a/find_lr.csv b/find_lr.csv
    for change in train.batch=8 train.optimizer=adam train.clip_norm=0.1 train.weight_decay=0.1 model.dropout=0.5 seed=9; do
        nnexp find-lr -c "$root/configs/wine.json" -o b --seeds 1 --confirm 0 -q --force -s "$change"
        not cmp -s a/find_lr.csv b/find_lr.csv
    done
}

@test "find-lr: model.from gives the weights, and keeps them" {
    nnexp -q -c "$root/configs/wine.json" -o run -s train.epochs=1
    cp run/model.safetensors before
    wine --seeds 1 -s model.from=run/model.safetensors
    cmp before run/model.safetensors
}

@test "find-lr: a curve that cannot be read gets no suggestion, and status 0" {
    nnexp find-lr -c "$root/configs/sigmoid_small.json" -o lr --seeds 2
    done_with 0
    equals 'sigmoid_small: no suggestion: 2 of 2 curves cannot be read; most often the curve is flat: the loss falls by less than 2 % at any rate; raise --high, or mend the network' "$out"
    equals null "$(found lr suggestion)"
    equals '"declined"' "$(found lr outcome)"
    equals 'find_lr.csv suggestion.json' "$(ls -A lr | paste -sd ' ')"
    wine --force --seeds 1 --high 1e-2 -q
    equals 'wine: no suggestion: 1 of 1 curves cannot be read; most often the curve never diverges: the loss has not risen again at the highest rate; raise --high' "$out"
    wine --force --seeds 1 --low 0.05 --steps 60 -q
    equals 'wine: no suggestion: 1 of 1 curves cannot be read; most often the curve falls fastest at the lowest rates; lower --low' "$out"
    wine --force --seeds 1 --low 1e6 --high 1e9 -q
    equals 'wine: no suggestion: 1 of 1 curves cannot be read; most often the curve diverges within its first steps; lower --low' "$out"
}

@test "find-lr: what cannot be is refused" {
    small
    refused "nnexp: --config: which experiment? give a file, as in nnexp --config configs/relu_he.json" find-lr
    refused "nnexp: a.json: --low: 1 is not below --high 1; lower it, or raise --high" find-lr -c a.json --low 1 --high 1
    refused "nnexp: --low: expected a number above 0, got '0'" find-lr -c a.json --low 0
    refused "nnexp: --high: expected a number above 0, got '1e999'" find-lr -c a.json --high 1e999
    refused "nnexp: --steps: expected a whole number from 40 to 100000, got '1'" find-lr -c a.json --steps 1
    refused "nnexp: --seeds: expected a whole number from 1 to 1000, got '0'" find-lr -c a.json --seeds 0
    refused "nnexp: --confirm: expected a whole number from 0 to 4000000000, got '-1'" find-lr -c a.json --confirm=-1
    refused "nnexp: a.json: --confirm: 4 epochs are more than train.epochs 3; lower it" find-lr -c a.json --confirm 4
    refused "nnexp: a.json: --confirm: 1 epochs are no longer than train.warmup.epochs 2; raise it, or leave --confirm out" \
        find-lr -c a.json --confirm 1 -s 'train.warmup={"epochs": 2}'
    refused "nnexp: a.json: train.epochs: 0 trains nothing, so no rate is better than another; set it to 1 or more" \
        find-lr -c a.json -s train.epochs=0
    refused "nnexp: a.json: train.optimizer: 'rprop' reads train.lr once, as its first step, so there is nothing to find; use another" \
        find-lr -c a.json -s train.optimizer=rprop
    refused "nnexp: --resume: unknown option of 'find-lr'; see nnexp find-lr --help" find-lr -c a.json --resume
}

@test "find-lr: a directory of its own is replaced with --force, no other" {
    small
    mkdir lr full
    echo mine >full/notes
    refused "nnexp: full: holds files but no suggestion.json of a range test; choose another with --out" find-lr -c a.json -o full --force
    nnexp -q -c a.json
    refused "nnexp: runs/a: holds files but no suggestion.json of a range test; choose another with --out" find-lr -c a.json -o runs/a --force
    nnexp find-lr -c a.json -q
    done_with 0
    [ -f runs/a.find-lr/find_lr.csv ]
    refused "nnexp: runs/a.find-lr: exists already; use --force to replace it, or --out for another" find-lr -c a.json
    echo mine >runs/a.find-lr/notes
    cp -r runs/a.find-lr before
    nnexp find-lr -c a.json -q --force
    diff -r before runs/a.find-lr
    nnexp find-lr -c a.json -q -o lr
    done_with 0
}

@test "find-lr: an interrupt leaves nothing" {
    nnexp generate gaussian --rows 20000 -s features=10
    mv .out wide.csv
    config '{"data": {"file": "wide.csv"}, "model": {"hidden": [1024, 1024]}, "train": {"batch": 512}}'
    "$NNEXP" find-lr -q -c a.json -t 1 2>.err &
    run=$!
    for _ in $(seq 500); do
        [ ! -d runs/a.find-lr ] || break
        sleep 0.02
    done
    sleep 0.1
    kill -INT $run
    status=0
    wait $run || status=$?
    equals 130 "$status"
    equals "" "$(cat .err)"
    not test -e runs
}

@test "find-lr: plot_find_lr draws what it left" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    plot=$root/scripts/plot_find_lr.sh
    wine --seeds 2 --confirm 4 -q
    equals 'wrote ./lr/plots/find_lr.png' "$("$plot" lr)"
    equals PNG "$(head -c 4 lr/plots/find_lr.png | tail -c 3)"
    "$plot" --svg lr
    grep -q 'lr: suggested rate' lr/plots/find_lr.svg
    grep -q 'short runs of 4 epochs' lr/plots/find_lr.svg
    "$plot" --term lr | grep -q 'S: the suggestion'
    # over twelve decades marks at 5 and 2 would lie on one another
    awk -F , -v OFS=, 'NR == 2 { $6 = 1e-12 } { print }' lr/confirmation.csv >few && cat few >lr/confirmation.csv
    "$plot" --svg lr
    grep -q -e '-12</tspan>' lr/plots/find_lr.svg
    not grep -q '0.0005<' lr/plots/find_lr.svg
    wine --seeds 1 --confirm 0 -q --force
    "$plot" --svg lr
    grep -q 'lr: suggested rate 0[.0-9]*<' lr/plots/find_lr.svg
    not grep -q -e 'interval shaded' -e '[Nn]a[Nn] to' lr/plots/find_lr.svg
    wine --seeds 2 --confirm 4 -q --force
    nnexp find-lr -q -c "$root/configs/sigmoid_small.json" -o 'no`id`' --seeds 1
    "$plot" --svg 'no`id`'
    grep -q 'no`id`: no suggestion' 'no`id`/plots/find_lr.svg'
    "$plot" --term 'no`id`' | grep -q 'no suggestion'
    mkdir empty
    equals 'plot_find_lr.sh: ./empty: no range test directory (it has no suggestion.json); give the directory of a range test' \
        "$("$plot" empty 2>&1)"
    echo '{}' >lr/suggestion.json
    equals 'plot_find_lr.sh: ./lr: no range test of nnexp find-lr, or cut short; run it again' "$("$plot" lr 2>&1)"
    rm lr/find_lr.csv
    equals 'plot_find_lr.sh: ./lr/find_lr.csv: cannot read; run nnexp find-lr again' "$("$plot" lr 2>&1)"
}

@test "find-lr: without validation the runs are judged by train_loss" {
    wine --seeds 2 --confirm 3 -s data.validation=0
    done_with 0
    grep -q '^  after 3 epochs, median train_loss of 2 seeds' .out
    grep -q '"judged_by": "train_loss"' lr/suggestion.json
}

@test "find-lr: a fall that does not stand out of its noise is no fall" {
    awk 'BEGIN { srand(3); print "x,y"; for (i = 0; i < 60; i++) print rand() "," rand() * 100 }' >noise.csv
    config '{"seed": 4, "data": {"file": "noise.csv", "task": "regression"}, "model": {"hidden": [40]},
             "train": {"loss": "mse", "optimizer": {"name": "sgd", "momentum": 0.99}, "batch": 1}}'
    nnexp find-lr -c a.json --seeds 1 --low 1e-3 -q
    done_with 0
    equals 'a: no suggestion: 1 of 1 curves cannot be read; most often the curve is noisy: the fall does not stand out of the noise; raise --steps, or enlarge train.batch' "$out"
}
