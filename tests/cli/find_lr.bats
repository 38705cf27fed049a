#!/usr/bin/env bats
# nnexp find-lr: what it leaves, that its short runs are those of nnexp, and when it has no answer; the rest is in
# tests/slow/find_lr_files.bats.

load common

# found DIR KEY: a value at the top of suggestion.json, or of its rules.
found() { sed -n "s/^ *\"$2\": *\(.*[^,]\),\{0,1\}$/\1/p" "$1/suggestion.json" | head -n 1; }

# wine MORE…: a quick range test of the wines, into lr.
wine() { nnexp find-lr -c "$root/configs/wine.json" -o lr "$@"; }

@test "find-lr: suggests a rate within its interval, and says by what" {
    wine --seeds 3 --confirm 5
    done_with 0
    equals '  curves and verdict are in lr' "$err"
    [[ $out =~ ^'wine: train.lr '[0-9.]+' ('[0-9.]+' to '[0-9.]+'), '(confirmed|moved)' by short runs' ]]
    grep -q '^  by the curve, median of 3 of 3 seeds:  steepest [0-9.]*  valley [0-9.]*  minimum_tenth [0-9.]*  slide [0-9.]*$' .out
    grep -q '^  after 5 epochs, median val_loss of 3 seeds ([0-9.]* before training):$' .out
    equals 1 "$(grep -c '<- suggested$' .out)"
    equals 'confirmation.csv find_lr.csv suggestion.json' "$(ls -A lr | paste -sd ' ')"
    awk -v s="$(found lr suggestion)" -v l="$(found lr low)" -v h="$(found lr high)" \
        'BEGIN { exit !(l <= s && s <= h && l >= 1e-3 && h < 10) }'
    for rule in steepest valley minimum_tenth slide; do [[ $(found lr $rule) =~ ^[0-9.e-]+$ ]]; done
}

@test "find-lr: a short run is nnexp's own" {
    wine --seeds 2 --confirm 6 -q -s train.schedule=cosine -s 'train.warmup={"epochs": 2}'
    equals 'lr,seed,status,epochs,train_loss,val_loss' "$(head -n 1 lr/confirmation.csv)"
    IFS=, read -r lr seed how epochs train val < <(sed -n 5p lr/confirmation.csv)
    equals 2 "$seed"
    nnexp -q -c "$root/configs/wine.json" -o run -s train.schedule=cosine -s 'train.warmup={"epochs": 2}' \
        -s train.epochs=6 -s train.lr="$lr" -s seed="$seed"
    equals "finished 6 $train $val" "$how $(tail -n 1 run/epochs.csv | awk -F , '{ print $1, $4, $6 }')"
}

@test "find-lr: the interval holds no rate that did worse in the short runs" {
    nnexp find-lr -q -c "$root/configs/spiral.json" -o lr --confirm 40
    done_with 0
    equals '"confirmed"' "$(found lr outcome)"
    equals 1 "$(awk -F , -v l="$(found lr low)" -v h="$(found lr high)" \
        'NR > 1 && l <= $1 && $1 <= h && !seen[$1]++ { n++ } END { print n }' lr/confirmation.csv)"
}

@test "find-lr: one seed gives no interval" {
    wine -q --seeds 1 --confirm 0
    [[ $out =~ ^'wine: train.lr '[0-9.]+' (no interval: one seed), by the curves alone' ]]
    equals 'null null' "$(found lr low) $(found lr high)"
}

@test "find-lr: where the best rate tried is the outermost that --low and --high allow, it says so" {
    wine -q --seeds 3 --confirm 20 --high 8
    equals '  edge: the highest rate tried is the best, and the next lies above --high 8; raise --high' "$(tail -n 1 .out)"
    equals '"high"' "$(found lr edge)"
    wine -q --seeds 3 --low 0.01 -s train.batch=1 --force
    equals '  edge: the lowest rate tried is the best, and the next lies below --low 0.01; lower --low' "$(tail -n 1 .out)"
    equals '"low"' "$(found lr edge)"
    equals 0 "$(awk -F , 'NR > 1 && $1 < 0.01' lr/confirmation.csv | wc -l)"
}

@test "find-lr: no short run below the start: the suggestion is withdrawn" {
    awk 'BEGIN { srand(3); print "x,y,z,w,label"
                 for (i = 0; i < 40; i++) print rand() "," rand() "," rand() "," rand() "," (rand() < 0.5 ? "a" : "b") }' >r.csv
    config '{"data": {"file": "r.csv", "validation": 0.5}, "preprocess": ["standardize"],
             "model": {"hidden": [30], "output_init": "zeros"}, "train": {"batch": 4, "epochs": 40}}'
    nnexp find-lr -c a.json -o lr -q --high 1000 --confirm 40
    done_with 0
    [[ $out =~ ^'a: no suggestion: the curves suggest '[0-9.]+', but no run of 40 epochs from lr '[0-9.e-]+' to '[0-9.e-]+' ended below the loss before training; raise --confirm, or mend the network' ]]
    equals '"withdrawn"' "$(found lr outcome)"
    equals null "$(found lr suggestion)"
}
