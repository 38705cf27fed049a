#!/usr/bin/env bats
# A run directory: its files, columns, rows and bytes.

load common

digits() { # digits MORE…: two epochs on the digits, small
    nnexp -q -c "$root/configs/relu_he.json" -s train.epochs=2 -s model.hidden='[16, 12]' "$@"
}

epochs_header=epoch,step,lr,train_loss,train_accuracy,val_loss,val_accuracy,grad_norm,grad_norm_max,weight_norm,update_ratio

@test "run: the files and headers of the contract" {
    small
    nnexp -q -c a.json
    done_with 0
    equals "best.safetensors config.json epochs.csv final.safetensors histograms.csv layers.csv model.safetensors \
summary.json timing.csv" "$(ls -A runs/a | paste -sd ' ')"
    equals "$epochs_header" "$(head -n 1 runs/a/epochs.csv)"
    equals "epoch,layer,activation,fan_in,units,z_mean,z_std,a_mean,a_std,a_min,a_max,zero,saturated,dead,slope,delta_rms,\
weight_mean,weight_std,weight_norm,grad_norm,grad_mean,grad_std,same_sign_row,same_sign_batch,update_ratio" \
        "$(head -n 1 runs/a/layers.csv)"
    equals "epoch,layer,what,low,high,count" "$(head -n 1 runs/a/histograms.csv)"
    equals "epoch,train_s,eval_s,stats_s,write_s" "$(head -n 1 runs/a/timing.csv)"
    for log in epochs layers histograms timing; do
        awk -F , 'NR == 1 { n = NF } NF != n { exit 1 }' "runs/a/$log.csv"
    done
}

@test "run: rows: epochs + 1; layers a row each; the output layer is identity and last" {
    digits
    done_with 0
    equals "0 1 2" "$(words runs/relu_he/epochs.csv epoch)"
    equals "0 1 2" "$(words runs/relu_he/timing.csv epoch)"
    equals "0 45 90" "$(words runs/relu_he/epochs.csv step)"
    equals "0 0 0 1 1 1 2 2 2" "$(words runs/relu_he/layers.csv epoch)"
    equals "1 2 3 1 2 3 1 2 3" "$(words runs/relu_he/layers.csv layer)"
    equals "relu relu identity" "$(words runs/relu_he/layers.csv activation | cut -d ' ' -f 1-3)"
    equals "64 16 12 16 12 10" "$(words runs/relu_he/layers.csv fan_in | cut -d ' ' -f 1-3) $(words runs/relu_he/layers.csv units | cut -d ' ' -f 1-3)"
    # 3 epochs, 3 layers, 5 histograms of 40 bins
    equals 1801 "$(wc -l <runs/relu_he/histograms.csv)"
    equals "a delta dw w z" "$(column runs/relu_he/histograms.csv what | sort -u | paste -sd ' ')"
}

@test "run: epoch 0 is nan where nothing was updated, and never -nan" {
    small
    nnexp -q -c a.json
    for name in lr grad_norm grad_norm_max update_ratio; do
        equals nan "$(column runs/a/epochs.csv $name | head -n 1)"
        column runs/a/epochs.csv $name | tail -n +2 | not grep -q nan
    done
    for name in train_loss train_accuracy val_loss val_accuracy weight_norm; do
        column runs/a/epochs.csv $name | not grep -q nan
    done
    equals "nan nan" "$(words runs/a/layers.csv update_ratio | cut -d ' ' -f 1-2)"
    column runs/a/layers.csv update_ratio | tail -n +3 | not grep -q nan
    not grep -q -- '-nan' runs/a/*.csv
}

@test "run: histogram counts add up to the entries they are of" {
    digits -s log.histogram_bins=7
    awk -F , 'NR > 1 { sum[$3 "," $2] += $6; bins[$1 "," $2 "," $3]++; if ($4 > $5) exit 1 }
        END {
            if (sum["z,1"] != 3 * 512 * 16 || sum["w,1"] != 3 * 64 * 16 || sum["dw,3"] != 3 * 12 * 10) exit 2
            for (key in bins) if (bins[key] != 7) exit 3
        }' runs/relu_he/histograms.csv
}

@test "run: log.every thins layers.csv and histograms.csv, but not the first and the last epoch" {
    small
    nnexp -q -c a.json -s train.epochs=7 -s log.every=3
    equals "0 1 2 3 4 5 6 7" "$(words runs/a/epochs.csv epoch)"
    equals "0 0 3 3 6 6 7 7" "$(words runs/a/layers.csv epoch)"
    equals "0 3 6 7" "$(column runs/a/histograms.csv epoch | uniq | paste -sd ' ')"
}

@test "run: train.epochs 0 measures and saves the untouched network" {
    small
    nnexp -q -c a.json -s train.epochs=0
    done_with 0
    equals 0 "$(words runs/a/epochs.csv epoch)"
    equals "1 2" "$(words runs/a/layers.csv layer)"
    [ -f runs/a/model.safetensors ]
    grep -q '"status": "finished"' runs/a/summary.json
    nnexp -q -c a.json -o other -s seed=2 -s train.epochs=0
    not cmp -s runs/a/model.safetensors other/model.safetensors
}

@test "run: a linear model has one layer" {
    small
    nnexp -q -c a.json -s 'model.hidden=[]'
    done_with 0
    equals "1 1 1 1" "$(words runs/a/layers.csv layer)"
    equals "identity identity identity identity" "$(words runs/a/layers.csv activation)"
}

@test "run: regression has rmse for accuracy" {
    nnexp -q -c "$root/configs/regression.json" -s train.epochs=3
    done_with 0
    equals "epoch,step,lr,train_loss,train_rmse,val_loss,val_rmse,grad_norm,grad_norm_max,weight_norm,update_ratio" \
        "$(head -n 1 runs/regression/epochs.csv)"
    # mse: the rmse is its root
    awk -F , 'NR > 1 { if (($4 - $5 * $5) ^ 2 > 1e-10 || ($6 - $7 * $7) ^ 2 > 1e-10) exit 1 }' runs/regression/epochs.csv
    grep -q '"train_rmse"' runs/regression/summary.json
}

@test "run: several labels, a weight column, text categories" {
    printf 'w,a,kind,b,c\n1,2,red,3,4\n2,1,blue,5,6\n1,0,red,7,9\n3,4,blue,1,2\n' >ok.csv
    config '{"data": {"file": "ok.csv", "label": ["b", "c"], "weight": "w", "categorical": "kind"},
             "model": {"hidden": [4]}, "train": {"loss": "huber", "epochs": 2}}'
    nnexp -q -c a.json
    done_with 0
    equals "3 4" "$(words runs/a/layers.csv fan_in | cut -d ' ' -f 1-2)"
    equals "4 2" "$(words runs/a/layers.csv units | cut -d ' ' -f 1-2)"
}

@test "run: without validation val_* is nan and there is no best model" {
    small
    nnexp -q -c a.json -s data.validation=0
    done_with 0
    equals "nan nan nan nan" "$(words runs/a/epochs.csv val_loss)"
    equals "nan nan nan nan" "$(words runs/a/epochs.csv val_accuracy)"
    [ ! -e runs/a/best.safetensors ]
    grep -q '"best_epoch": null' runs/a/summary.json
    grep -q '"val_loss": null' runs/a/summary.json
}

@test "run: label smoothing and class weights are in train_loss, and not in val_loss" {
    small
    nnexp -q -c a.json -o plain -s train.epochs=0
    for more in train.label_smoothing=0.3 'train.class_weight=[1,5]'; do
        rm -rf runs
        nnexp -q -c a.json -s train.epochs=0 -s "$more"
        done_with 0
        equals "$(words plain/epochs.csv val_loss)" "$(words runs/a/epochs.csv val_loss)"
        not equals "$(words plain/epochs.csv train_loss)" "$(words runs/a/epochs.csv train_loss)"
    done
}

@test "run: the best model is that of the lowest validation loss" {
    nnexp -q -c "$root/configs/spiral.json" -s train.epochs=12 -s train.lr=0.9 -s data.validation=0.4
    best=$(awk -F , 'NR > 1 && (low == "" || $6 < low) { low = $6; at = $1 } END { print at }' runs/spiral/epochs.csv)
    grep -q "\"best_epoch\": $best," runs/spiral/summary.json
    nnexp -q -c "$root/configs/spiral.json" -s train.lr=0.9 -s data.validation=0.4 -s train.epochs=0 \
        -s model.from=runs/spiral/best.safetensors -o from
    equals "$(column runs/spiral/epochs.csv val_loss | sed -n $((best + 1))p)" "$(words from/epochs.csv val_loss)"
}

@test "run: model.from starts where another run ended" {
    small
    nnexp -q -c a.json
    nnexp -q -c a.json -o from -s model.from=runs/a/model.safetensors -s train.epochs=0
    done_with 0
    for name in val_loss val_accuracy weight_norm; do
        equals "$(column runs/a/epochs.csv $name | tail -n 1)" "$(words from/epochs.csv $name)"
    done
    refused "nnexp: a.json: model.from: $PWD/runs/a/model.safetensors: tensor 'layers.1.weight' has 6 elements; expected 8
nnexp: a.json: model.from: $PWD/runs/a/model.safetensors: tensor 'layers.1.bias' has 3 elements; expected 4
nnexp: a.json: model.from: $PWD/runs/a/model.safetensors: tensor 'layers.2.weight' has 6 elements; expected 8" \
        -c a.json -o wide -s model.from=runs/a/model.safetensors -s 'model.hidden=[4]'
    nnexp -q -c a.json -o deep -s 'model.hidden=[3,2]'
    refused "nnexp: a.json: model.from: $PWD/deep/model.safetensors: has a tensor 'layers.3.weight' that this network lacks; give model the shape of the file's" \
        -c a.json -o cut -s model.from=deep/model.safetensors -s train.epochs=0
}

@test "run: model.from: a norm too many, and a source that --force would clear" {
    small
    nnexp -q -c a.json -o normed -s model.norm=layer
    refused "nnexp: a.json: model.from: $PWD/normed/model.safetensors: has a tensor 'layers.1.norm.weight' that this network lacks; give model the shape of the file's" \
        -c a.json -o plain -s model.from=normed/model.safetensors
    refused "nnexp: normed: model.from lies in it, and --force clears it; copy that file elsewhere" \
        -c a.json -o normed --force -s model.norm=layer -s model.from=normed/model.safetensors
}

@test "run: model.from is read by a run that starts, not by one that is resumed" {
    small
    nnexp -q -c a.json -o source
    nnexp -q -c a.json -o unbroken -s model.from=source/model.safetensors -s train.epochs=5
    nnexp -q -c a.json -s model.from=source/model.safetensors
    rm source/model.safetensors
    nnexp -q -c a.json -s model.from=source/model.safetensors -s train.epochs=5 --resume
    done_with 0
    cmp unbroken/epochs.csv runs/a/epochs.csv
    cmp unbroken/model.safetensors runs/a/model.safetensors
}

@test "run: model.from brings the running statistics of batch norm with it" {
    small
    nnexp -q -c a.json -s model.norm=batch -s train.batch=4
    nnexp -q -c a.json -s model.norm=batch -s train.batch=4 -o from -s model.from=runs/a/model.safetensors -s train.epochs=0
    done_with 0
    equals "$(column runs/a/epochs.csv val_loss | tail -n 1)" "$(words from/epochs.csv val_loss)"
}

@test "run: the test file's results are in the summary" {
    small
    nnexp -q -c a.json -s data.test=ok.csv -s data.validation=ok.csv
    done_with 0
    test_loss=$(sed -n 's/^  "test_loss": \([0-9.]*\),$/\1/p' runs/a/summary.json)
    val_loss=$(column runs/a/epochs.csv val_loss | tail -n 1)
    equals "$val_loss" "$(printf %.9g "$test_loss")"
    grep -q '^  "test_accuracy": ' runs/a/summary.json
    grep -q '"test_rows": 12,' runs/a/summary.json
    nnexp -q -c a.json --force
    not grep -q test_loss runs/a/summary.json
}

@test "run: the summary is JSON and tells status, figures, versions" {
    small
    nnexp -q -c a.json
    valid_json runs/a/summary.json
    for key in name status epochs steps parameters best_epoch best final diverged findings data versions; do
        grep -q "^  \"$key\": " runs/a/summary.json
    done
    # 2·3 + 3 + 3·2 + 2
    grep -q '"parameters": 17,' runs/a/summary.json
    grep -q '"steps": 6,' runs/a/summary.json
    grep -q '"diverged": null,' runs/a/summary.json
}

@test "run: two runs have the same bytes, whatever the threads" {
    digits -o one -t 1
    done_with 0
    digits -o again -t 1
    same_run one again
    for threads in 2 3; do
        digits -o "on$threads" -t "$threads"
        same_run one "on$threads"
    done
    digits -o seed -s seed=2
    not cmp -s one/model.safetensors seed/model.safetensors
}

@test "run: the same bytes where products are split over threads" {
    nnexp generate gaussian --rows 768 -s features=784 >/dev/null
    done_with 0
    mv .out wide.csv
    config '{"data": {"file": "wide.csv"}, "model": {"hidden": [512, 512]}, "train": {"batch": 256, "epochs": 1},
             "log": {"histograms": false}}'
    for threads in 1 2 3; do
        nnexp -q -c a.json -o "on$threads" -t "$threads"
        done_with 0
        same_run on1 "on$threads"
    done
}

@test "run: the config it leaves makes the same bytes again" {
    digits
    nnexp -q -c runs/relu_he/config.json -o again
    done_with 0
    same_run runs/relu_he again
    not grep -q '"sweep"' again/config.json
    valid_json again/config.json
}

@test "run: early stopping" {
    small
    nnexp -c a.json -s train.epochs=50 -s train.lr=30 -s train.diverge_factor=1e9 -s train.early_stop.patience=3
    done_with 0
    grep -q '"status": "stopped_early"' runs/a/summary.json
    last=$(column runs/a/epochs.csv epoch | tail -n 1)
    best=$(awk -F , 'NR > 1 && (low == "" || $6 < low) { low = $6; at = $1 } END { print at }' runs/a/epochs.csv)
    equals "$((best + 3))" "$last"
    grep -q "^a: stopped early after $last epochs  train_loss .*  val_loss .*" .err
    grep -q "^  best epoch $best: val_loss " .err
    [ -f runs/a/final.safetensors ]
}

# diverged RUN: what its summary says of it, on one line.
diverged() { sed -n '/^  "diverged": {/,/}/p' "$1/summary.json" | tr -d ' \n'; }

@test "run: divergence: a parameter that is not finite" {
    small
    nnexp -c a.json -s train.lr=1e39 -s train.epochs=9
    done_with 3
    equals "" "$out"
    grep -q '"status": "diverged"' runs/a/summary.json
    equals '"diverged":{"by":"not_finite","epoch":1,"step":1,"layer":1,"tensor":"layers.1.weight"},' "$(diverged runs/a)"
    grep -qx "a: diverged in epoch 1, update 1: layers.1.weight is not finite" .err
    grep -q "^a: diverged after 1 epoch  train_loss [0-9.]*  train_accuracy " .err
    grep -qx "  logs and model are in runs/a" .err
    equals "0 1" "$(words runs/a/epochs.csv epoch)"
    equals "0 0 1 1" "$(words runs/a/layers.csv epoch)"
    [ -f runs/a/model.safetensors ]
    not grep -q -- '-nan' runs/a/*.csv
    nnexp -c a.json -s train.lr=1e39 -s train.epochs=9 --resume
    done_with 3
    equals "a: complete already; nothing is left to do" "${err%%$'\n'*}"
    grep -qx "a: diverged in epoch 1, update 1: layers.1.weight is not finite" .err
    refused "nnexp: runs/a: the run diverged in epoch 1 and cannot be extended; start again with --force" \
        -c a.json -s train.lr=1e39 -s train.epochs=10 --resume
}

@test "run: divergence: a loss that is not finite" {
    small
    nnexp -c a.json -s train.lr=1e38 -s train.epochs=9 -s data.validation=0 -s train.batch=all
    done_with 3
    equals '"diverged":{"by":"not_finite","epoch":2,"step":2,"layer":null,"tensor":"loss"},' "$(diverged runs/a)"
    grep -qx "a: diverged in epoch 2, update 2: loss is not finite" .err
    not grep -q -- '-nan' runs/a/*.csv
}

@test "run: divergence: a loss beyond the limit in two epochs" {
    small
    nnexp -c a.json -s train.lr=400 -s train.epochs=9 -s train.diverge_factor=2 -s train.optimizer.momentum=0.9
    done_with 3
    valid_json runs/a/summary.json
    awk -F , 'NR == 2 { limit = 2 * ($4 > log(2) ? $4 : log(2)) }
              NR > 1 { over = $4 > limit ? over + 1 : 0; last = NR }
              over == 2 && !at { at = NR }
              END { exit !(at && at == last) }' runs/a/epochs.csv
    epoch=$(column runs/a/epochs.csv epoch | tail -n 1)
    equals "\"diverged\":{\"by\":\"loss_limit\",\"epoch\":$epoch,\"step\":$((2 * epoch)),\"layer\":null,\"tensor\":\"loss\"}," \
        "$(diverged runs/a)"
    grep -qx "a: diverged in epoch $epoch, update $((2 * epoch)): train_loss is beyond train.diverge_factor" .err
}

@test "run: --watch tells findings as they appear, each once" {
    nnexp -c "$root/configs/dead_relu.json" -s train.epochs=2 --watch
    done_with 0
    # before the closing words, which tell all of them again
    sed '/^dead_relu: finished/,$d' .err >during
    grep -qx -A 1 'epoch 0:' during
    equals 1 "$(grep -c '^  [a-z]*: layer 2 (relu) is saturated: ' during)"
    equals 1 "$(grep -c '^  [a-z]*: layer 2 (relu) has dead units: ' during)"
    equals "$(grep -c '^    remedy: ' during)" "$(grep -c '^epoch [0-9]*:$' during)"
    nnexp -q -c "$root/configs/dead_relu.json" -s train.epochs=2 --watch --force
    equals "" "$err"
}

@test "run: names that a terminal or a shell could take for orders" {
    small
    name=$'x;`touch owned`$(touch owned)\e[31m\'"\n'
    printf '{"name": "x;`touch owned`$(touch owned)\\u001b[31m'"'"'\\"", "data": {"file": "ok.csv"}, "train": {"epochs": 1}}' >a.json
    nnexp -c a.json
    done_with 0
    [ ! -e owned ]
    not grep -q $'\e' .err
    valid_json runs/x*/summary.json
}

@test "run: every committed config trains" {
    for file in "$root"/configs/*.json; do
        nnexp -q -c "$file" -s train.epochs=1 -s train.warmup=null
        equals "0 $file: " "$status $file: $err"
    done
}

@test "run: a layer that has blown up has no healthy figures" {
    small
    nnexp -q -c a.json -s train.lr=1e30 -s train.epochs=9
    done_with 3
    for name in z_mean zero saturated dead slope; do
        equals nan "$(column runs/a/layers.csv $name | tail -n 1)"
    done
}

@test "run: --resume where there is no run says so and starts one" {
    small
    nnexp -c a.json --resume
    done_with 0
    grep -qx "runs/a: there is no run to resume; starting one" .err
}

@test "run: inputs of unequal scales are found, constant columns are not counted" {
    awk -v OFS=, 'BEGIN { print "a,b,c,y"; for (i = 0; i < 40; i++) print i % 7 * 0.1, i % 5 * 5000, 0.1, i % 2 }' >wide.csv
    awk -v OFS=, 'BEGIN { print "a,b,c,y"; for (i = 0; i < 40; i++) print i % 7 * 0.1, i % 5 * 0.2, 0.1, i % 2 }' >even.csv
    for name in wide even; do
        config '{"data": {"file": "'$name'.csv"}, "model": {"hidden": [3]}, "train": {"epochs": 1, "lr": 1e-9}}'
        nnexp -q -c a.json -o $name
        done_with 0
    done
    grep -q '"name": "unscaled_inputs"' wide/summary.json
    not grep -q '"name": "unscaled_inputs"' even/summary.json
}
