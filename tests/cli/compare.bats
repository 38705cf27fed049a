#!/usr/bin/env bats
# scripts/compare.sh: what it draws, what it prints, what it refuses.

load common
load compare_common

@test "compare: a picture a panel, for pages" {
    make_run a
    make_run b 5
    run "$compare" --html=out --panels 'train_loss same_sign_batch:layer:1 a_std:depth:first' --title one --title 'two & <three>' a b
    equals "0 wrote out/train_loss.svg
wrote out/same_sign_batch-layer-1.svg
wrote out/a_std-depth-first.svg
wrote out/table.html" "$status $output"
    for picture in train_loss same_sign_batch-layer-1 a_std-depth-first; do
        shows out/$picture.svg one 'two &amp; &lt;three>'
        LABEL=x awk -v id=p -f "$root/scripts/parts/svg_inline.awk" out/$picture.svg >inline
        equals 2 "$(grep -o 'data-entry="[^"]*"' inline | sort -u | wc -l)"
    done
    equals 3 "$(grep -ho 'id="panel_[0-9]*_plot_1"' out/*.svg | sort -u | wc -l)"
    shows out/train_loss.svg 'training loss' epoch
    shows out/same_sign_batch-layer-1.svg 'same_sign_batch, layer 1' epoch
    shows out/a_std-depth-first.svg 'std of activations by layer, epoch 0' 'hidden layer'
}

# One colour a run, none of them a grey: by them page.js hides curves.
@test "compare: as many colours as runs, for pages" {
    for n in 8 12; do
        local runs=()
        for ((k = 1; k <= n; k++)); do make_run "r$k" 2 3 $k && runs+=("r$k"); done
        "$compare" --html=out --panels train_loss -q "${runs[@]}"
        for ((k = 1; k <= n; k++)); do
            awk -v id="\"panel_1_plot_$k\"" 'index($0, id) { on = 1 } on && match($0, /rgb\([ 0-9,]*\)/) {
                print substr($0, RSTART, RLENGTH); exit }' out/train_loss.svg
        done >colours
        equals $n "$(sort -u colours | wc -l)"
        not grep -qE 'rgb\( *([0-9]+), *\1, *\1\)' colours
        not test -e out/table.html
    done
}

tell_three() {
    make_run long
    make_run short 1
    make_run going 2
    echo '{"name": "x", "seed": 1, "preprocess": ["standardize"], "model": {"hidden": [64, 64], "activation": "relu"},
           "train": {"lr": 0.05, "warmup": null, "batch": 32}, "log": {"every": 1}}' >long/config.json
    echo '{"name": "y", "seed": 1, "preprocess": ["standardize", {"name": "pca", "components": 3}], "model": {"hidden": [8],
           "activation": {"name": "leaky_relu", "slope": 0.01}}, "train": {"lr": 1e-06, "warmup": {"epochs": 2}, "batch": "all"},
           "log": {"every": 5}}' >short/config.json
    cp short/config.json going/config.json
    said long '{"status": "stopped_early", "epochs": 3, "parameters": 4610, "best_epoch": 2, "best": {"val_loss": 0.12345678},
        "final": {"train_loss": 1e-12, "train_accuracy": 1, "val_loss": 0.5, "val_accuracy": 0.9},
        "test_loss": 0.25, "test_accuracy": 0.75, "findings": [{}, {}], "data": {"validation_rows": 7}}'
    said short '{"status": "diverged", "epochs": 1, "parameters": 100, "best_epoch": null, "best": null, "diverged": {"epoch": 1},
        "final": {"train_loss": null, "train_accuracy": 0, "val_loss": null, "val_accuracy": 0.125}, "findings": [],
        "data": {"validation_rows": 7}}'
}

@test "compare: a table of what differs and what came of it" {
    tell_three
    run "$compare" long short going
    equals "0 wrote ./compare.png
                         long           short       going
preprocess.1.name        –              pca         pca
preprocess.1.components  –              3           3
model.hidden             [64, 64]       [8]         [8]
model.activation.name    relu           leaky_relu  leaky_relu
model.activation.slope   –              0.01        0.01
train.lr                 0.05           1e-06       1e-06
train.warmup.epochs      –              2           2
train.batch              32             all         all

status                   stopped early  diverged    not complete
epochs                   3              1           2
best epoch               2              –           –
final train_loss         1e-12          not finite  –
final val_loss           0.5            not finite  –
final train_accuracy     1              0           –
final val_accuracy       0.9            0.125       –
best val_loss            0.12346        –           –
test_loss                0.25           –           –
test_accuracy            0.75           –           –
parameters               4610           100         –
findings                 2              0           –" "$status $output"
    [ "$(head -c 4 compare.png | tail -c 3)" = PNG ]
    run "$compare" --quiet --svg long short going --out c.svg
    equals "0 wrote ./c.svg" "$status $output"
    shows c.svg '3 runs that differ in preprocess.1, model.hidden, model.activation and 3 more' long 'short (diverged in epoch 1)' \
        going 'training loss' 'validation accuracy' 'saturated share by layer, last epochs'
}

@test "compare: the table for pages is the same, escaped" {
    tell_three
    echo '{"seed": 1, "model": {"from": "<b>&\"x\""}}' >long/config.json
    "$compare" --html=out --panels lr --title '<i>' long short
    grep -qxF '<div class="scroll"><table><thead><tr><td></td><th scope="col">&lt;i&gt;</th><th scope="col">short</th></tr></thead>' out/table.html
    grep -qxF '<tr><th scope="row">model.from</th><td>&lt;b&gt;&amp;&quot;x&quot;</td><td>–</td></tr>' out/table.html
    grep -qxF '<tr><th scope="row">status</th><td>stopped early</td><td>diverged</td></tr>' out/table.html
    equals 2 "$(grep -o '</\?tbody>' out/table.html | grep -c /)"
}

@test "compare: equal configs, and what makes a comparison unclean" {
    make_run a
    make_run b
    tell() { "$compare" --panels lr --out c.png a b | grep -vE '^(wrote|status|epochs|parameters|findings|$)' | tail -n +2 | tr -s ' '; }
    config_of() { printf '%s\n' "$2" >"$1/config.json"; }
    equals "configs are equal" "$(tell)"
    config_of b '{"name": "other", "about": "it", "seed": 1, "log": {"every": 2}, "train": {"lr": 0.05}}'
    equals "configs are equal but for name, about, log.every" "$(tell)"
    said a '{"versions": {"nnexp": "0.1.0", "blas": "same", "kernel": "Zen"}, "data": {"features": 4, "train_rows": 11}}'
    said b '{"versions": {"nnexp": "0.2.0", "blas": "same", "kernel": "Zen"}, "data": {"features": 3, "train_rows": 11}}'
    equals "configs are equal but for name, about, log.every
versions differ: the comparison is not clean: nnexp: 0.1.0, 0.2.0" "$(tell)"
    said b '{"versions": {"nnexp": "0.2.0", "blas": "same", "kernel": "Zen"}, "data": {"features": 3, "train_rows": 12}}'
    equals "configs are equal but for name, about, log.every
data differ though data.file does not: the comparison is not clean: the file has changed between the runs
versions differ: the comparison is not clean: nnexp: 0.1.0, 0.2.0" "$(tell)"
    config_of a '{"data": {"file": "x.csv", "task": "classification", "label": "y"}, "train": {"loss": "cross_entropy"}}'
    config_of b '{"data": {"file": "y.csv", "task": "classification", "label": "y"}, "train": {"loss": {"name": "mse", "factor": 1}}}'
    equals "data.file x.csv y.csv
train.loss.name cross_entropy mse
train.loss.factor – 1
train.loss differs: losses of different kinds do not compare
data differ: the comparison is not clean: data.file
versions differ: the comparison is not clean: nnexp: 0.1.0, 0.2.0" "$(tell)"
    config_of b '{"data": {"file": "x.csv", "task": "regression", "label": "y"}, "train": {"loss": "cross_entropy"}}'
    equals "data.task differs: losses and scores of different kinds do not compare" "$(tell | grep data.task.d)"
    "$compare" -q --panels lr --out c.svg a b
    shows c.svg '2 runs that differ in data.task' 'data.task differs: losses and scores of different kinds do not compare'
}

@test "compare: long values lose their middle, and still differ" {
    make_run a
    make_run b
    echo '{"data": {"file": "/one/directory/of/several/with/data/digits.csv"}}' >a/config.json
    echo '{"data": {"file": "/one/directory/of/several/more/data/digits.csv"}}' >b/config.json
    run "$compare" --panels lr a b
    equals "data.file  /one/directory/of…h/data/digits.csv  /one/directory/of…e/data/digits.csv" "$(grep data.file <<<"$output" | head -n 1)"
}

@test "compare: runs are called by their directories, as far as these tell them apart" {
    for run in x/one/run y/one/run y/two/run last; do make_run $run; done
    run "$compare" --panels lr x/one/run y/one/run y/two/run last
    equals "x/one/run y/one/run two/run last" "$(sed -n 2p <<<"$output" | xargs)"
    run "$compare" --panels lr x/one/run y/one/run --title '' --title B
    equals "run B" "$(sed -n 2p <<<"$output" | xargs)"
}

@test "compare: axes: logarithmic where much is spanned, from the longest run; what they cannot show is noted" {
    make_run a 3
    make_run b 9 3 40
    cut_runs 'train_loss lr saturated:layer:1 train_accuracy grad_norm' a b
    equals "1 0 9" "$(axis 1 | cut -d' ' -f3-)" # 40 … 0.5
    equals "0 0.0525 0 0 9" "$(axis 2)"
    equals "0 0.5 0 0 9" "$(axis 3)"
    equals ";;;" "$(notes 1);$(notes 3);$(notes 4);$(notes 5)"
    set_value b/epochs.csv 4 train_loss 0
    set_value b/epochs.csv 5 train_loss inf
    set_value b/epochs.csv 6 train_loss nan
    set_value b/epochs.csv 8 train_loss nan
    set_value a/epochs.csv 3 train_loss 0
    cut_runs train_loss a b
    equals "zero: a at epoch 3, b at epoch 4;infinite: b at epoch 5;not a number: b at times in epochs 6–8" "$(notes 1)"
    equals "3 10||||7 5||9 4" "$(tail -n +4 cut/curve_1_2.dat | paste -sd '|')" # none of them is drawn over
    for e in 0 1 2 3; do set_value a/epochs.csv $e train_loss nan; done
    cut_runs train_loss a b
    equals "no values: a" "$(notes 1 | cut -d';' -f1)"
}

@test "compare: the axis of a mean is linear and holds 0, however small one of them is" {
    make_run a 2
    make_run b 2
    for e in 0 1 2; do
        set_value a/layers.csv $e a_mean 0.5
        set_value b/layers.csv $e a_mean 0.004
    done
    cut_runs a_mean:layer:1 a b
    equals "0 0" "$(axis 1 | cut -d' ' -f1,3)"
}

@test "compare: a run that diverged is cut where it leaves the picture, and marked" {
    make_run good 6
    make_run bad 4
    set_value bad/epochs.csv 3 train_loss 1e30
    set_value bad/epochs.csv 4 train_loss 5
    said bad '{"status": "diverged", "diverged": {"epoch": 4}}'
    cut_runs 'train_loss lr a_std:depth:last' good bad
    equals "0 2.1 0 0 6" "$(axis 1)"
    equals "0 1 2" "$(head -n 3 cut/curve_1_2.dat | cut -d' ' -f1 | xargs)"
    equals "2 2.1 2" "$(cat cut/crosses_1.dat)" # a straight line to 1e30 is there at once
    equals "4 0.05 2" "$(cat cut/crosses_2.dat)"
    equals "1 0.666667|2 0.5" "$(paste -sd '|' cut/curve_3_2.dat)" # at epoch 2, before it blew up
    equals "std of activations by layer, last epochs" "$(sed -n 3p cut/headings.txt)"
    rm bad/summary.json # nobody has said that it did
    cut_runs train_loss good bad
    equals "1 0 6" "$(axis 1 | cut -d' ' -f3-)"
    equals 5 "$(grep -c . cut/curve_1_2.dat)"
}

@test "compare: by depth, of the hidden layers; nets of different depth" {
    make_run deep 2 5
    make_run flat 2 1
    cut_runs 'a_std:depth:first delta_rms:depth:1 a_std:layer:4 a_std:layer:last' deep flat
    equals "1 2 3 4" "$(cut -d' ' -f1 cut/curve_1_1.dat | xargs)"
    equals "1" "$(cut -d' ' -f1 cut/curve_1_2.dat | xargs)"
    equals "1 2 3 4 5" "$(cut -d' ' -f1 cut/curve_2_1.dat | xargs)"
    equals "no values: flat" "$(notes 3)"
    equals "0 0.4|1 0.333333|2 0.285714" "$(paste -sd '|' cut/curve_4_1.dat)"
    equals "std of activations by layer, epoch 0|rms of delta by layer, epoch 1|std of activations, layer 4|std of activations, output layer" \
        "$(paste -sd '|' cut/headings.txt)"
    # the rows of an epoch that are still being written do not count
    sed -i '$d' deep/layers.csv
    cut_runs a_std:depth:last deep flat
    equals "std of activations by layer, last epochs" "$(cat cut/headings.txt)"
    equals "1 1" "$(head -n 1 cut/curve_1_1.dat)"
}

@test "compare: long runs are thinned for pages, and it says so" {
    make_run a 900
    make_run b 10
    form=html cut_runs train_loss a b
    equals "epoch (one in 3 drawn)" "$(cat cut/labels.txt)"
    equals 301 "$(wc -l <cut/curve_1_1.dat)"
    cut_runs train_loss a b
    equals 901 "$(wc -l <cut/curve_1_1.dat)"
}

@test "compare: accuracies that soon stay high are seen large" {
    make_run a 20
    make_run b 20
    for run in a b; do for ((e = 1; e <= 20; e++)); do set_value $run/epochs.csv $e val_accuracy 0.9$((e % 10)); done; done
    set_value a/epochs.csv 0 val_accuracy 0.1
    cut_runs val_accuracy a b
    equals "0.895 0.995 0 0 20;the first epochs lie below" "$(axis 1);$(notes 1)"
    cut_runs train_accuracy a b # 0.5 throughout
    equals "0.475 0.525 0 0 20;the same in all runs" "$(axis 1);$(notes 1)"
}

@test "compare: default panels: no validation, one layer" {
    make_run a 2 1
    make_run b 2 1
    for run in a b; do for e in 0 1 2; do for c in val_loss val_accuracy; do set_value $run/epochs.csv $e $c nan; done; done; done
    "$compare" -q --svg a b
    shows compare.svg 'training loss' 'training accuracy' 'learning rate' 'gradient norm' 'update ratio'
    not grep -qE '>(validation|dead|rms)' compare.svg
}

@test "compare: in the terminal" {
    make_run a
    make_run b 5 3 9
    run "$compare" --term --panels 'train_loss dead:depth:first' a b --title 'first of all'
    equals "0 2 runs of equal configs
  a  first of all
  b  b" "$status $(head -n 3 <<<"$output")"
    equals "train" "$(grep -o train <<<"$output" | head -n 1)"
    for text in 'training loss' 'dead share of units by layer, epoch 0' 'the same in all runs' 'configs are equal' 'not complete'; do
        grep -qF "$text" <<<"$output" || { echo "no $text"; return 1; }
    done
    equals "" "$(listing | grep compare || true)"
}

@test "compare: refusals" {
    refuses() { local text=$1; shift; run "$compare" "$@"; equals "2 compare.sh: $text" "$status $output"; }
    run "$compare"
    equals "2 usage: compare.sh RUN RUN… [--title TEXT]… [--panels LIST] [--png|--svg|--term] [--out FILE] [-q]" "$status ${lines[0]}"
    run "$compare" --help
    equals 0 "$status"
    make_run a
    make_run b
    refuses "one run: give at least two" a
    refuses "./none: no such directory; give the directories of runs" a none
    refuses "./a/../a: given twice; leave one out" a a/../a
    mkdir empty sweep
    echo '{}' >sweep/sweep.json
    refuses "./empty: no run directory (it has no config.json); give the directories of runs" a empty
    refuses "./sweep: is a sweep; name runs of it, as in ./sweep/cells/…, or draw it with scripts/plot_sweep.sh" a sweep
    for k in 1 2 3 4 5 6 7 8 9 10 11 12 13; do make_run "r$k"; done
    refuses "r13: more than 12 runs; compare fewer at once" r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13
    refuses "--title: 3 of them for 2 runs; give one a run" a b --title x --title y --title z
    refuses "--title: needs a value" a b --title
    refuses "--page: unknown option; see compare.sh --help" a b --page
    refuses "./c.pdf: the picture is a png; give it a name that ends in .png" a b --out c.pdf
    refuses "--panels: names no panel" a b --panels ' '
    refuses "--panels: more than 24; draw fewer at once" a b --panels "$(yes lr | head -n 25 | xargs)"
    refuses "--panels: expected COLUMN, COLUMN:layer:K or COLUMN:depth:EPOCH (K may be last, EPOCH first or last), got 'a_std:layer:0'" \
        a b --panels 'lr a_std:layer:0'
    local all='it has step, lr, train_loss, train_accuracy, val_loss, val_accuracy, grad_norm, grad_norm_max, weight_norm, update_ratio'
    refuses "--panels: epochs.csv has no column 'los' to draw, as 'los' asks; $all" a b --panels los
    refuses "--panels: epochs.csv has no column 'epoch' to draw, as 'epoch' asks; $all" a b --panels epoch
    refuses "--panels: layers.csv has no column 'x' to draw, as 'x:layer:1' asks; it has a_mean, a_std, saturated, dead, delta_rms, grad_norm, same_sign_batch, update_ratio" \
        a b --panels x:layer:1
    refuses "--panels: no run has a layer 4, as 'dead:layer:4' asks; they have 1 to 3" a b --panels dead:layer:4
    refuses "--panels: no run has layers at epoch 9, as 'dead:depth:9' asks; they have 0 to 3" a b --panels dead:depth:9
    sed -i '/^[12],/d' a/layers.csv
    sed -i '/^[12],/d' b/layers.csv
    refuses "--panels: no run has layers at epoch 1, as 'dead:depth:1' asks; they have 2 epochs from 0 to 3 (log.every)" a b --panels dead:depth:1
    equals "a b empty r1 r10 r11 r12 r13 r2 r3 r4 r5 r6 r7 r8 r9 sweep" "$(listing | xargs)"
}

@test "compare: logs and JSON that are damaged or gone" {
    refuses() { local text=$1; shift; run "$compare" "$@" a b; equals "2 compare.sh: $text" "$status $output"; }
    make_run a
    make_run b
    printf '4,4' >>b/epochs.csv # a run that goes on
    run "$compare" -q a b
    equals 0 "$status"
    printf '\n5,5\n' >>b/epochs.csv
    refuses "./b/epochs.csv:6: 2 fields, expected 11; the log is damaged"
    make_run b
    sed -i '3s/^1/x/' b/epochs.csv
    refuses "./b/epochs.csv:3: the epoch is 'x', expected a number; the log is damaged"
    sed -i '2,$d' b/epochs.csv
    refuses "./b/epochs.csv: no rows; the run has not measured anything yet"
    echo a,b >b/epochs.csv
    refuses "./b/epochs.csv: is no log of nnexp; train again"
    make_run b
    sed -i '4s/,3,/,three,/' b/layers.csv
    refuses "./b/layers.csv:4: the layer is 'three', expected a number; the log is damaged"
    rm b/layers.csv
    refuses "./b/layers.csv: cannot read; the run has no such log"
    make_run b
    echo '{"status": ' >b/summary.json
    refuses "./b/summary.json: no JSON, or cut short; train again"
    rm b/summary.json
    echo '{} {}' >b/config.json
    refuses "./b/config.json: no JSON, or cut short; train again"
    echo '{"x": 1}' >b/config.json
    said b '{"final": "none", "status": "finished"}'
    run "$compare" a b
    equals "2 compare.sh: a config.json or summary.json is not of nnexp; train again" "$status ${lines[-1]}"
}

@test "compare: forty decades are marked every few" {
    make_run a
    make_run b
    set_value a/epochs.csv 2 train_loss 1e-40
    "$compare" -q --svg --panels train_loss a b
    marks=$(grep -oE '>[-−]?[0-9]+<' compare.svg | grep -cE '>[-−]')
    [ "$marks" -ge 5 ] && [ "$marks" -le 10 ] || { echo "$marks"; return 1; }
}
