#!/usr/bin/env bats
# What is refused: the exact words, exit status 2, and nothing created or changed.

load common

# wrong JSON TEXT: the config is refused with TEXT.
wrong() {
    config "$1"
    refused "$2" -c a.json
}

# on_points MODEL_AND_MORE TEXT: the same, of a config that reads ok.csv.
on_points() { wrong "{\"data\": {\"file\": \"ok.csv\"}, $1}" "nnexp: a.json: $2"; }

# bad_data CSV TEXT [MORE]: the data are refused with TEXT, which begins behind "nnexp: ….csv".
bad_data() {
    printf "$1" >bad.csv
    config "{\"data\": {\"file\": \"bad.csv\"${3:+, $3}}}"
    refused "nnexp: $PWD/bad.csv$2" -c a.json
}

@test "errors: all that is wrong in a config, in one answer" {
    points
    wrong '{"data": {"file": "ok.csv"}, "sed": 1,
            "model": {"activation": "rleu", "hidden": [0], "init": {"name": "gaussian", "sdt": 1}},
            "train": {"optimizer": {"name": "sgdd"}, "lr": "0.1", "epochs": -1, "batch": "al", "shuffle": 1, "schedul": "cosine"},
            "log": 3}' "\
nnexp: a.json: sed: unknown key; did you mean 'seed'?
nnexp: a.json: model.activation: unknown activation 'rleu'; did you mean 'relu'?
nnexp: a.json: model.hidden.0: 0 is out of range; use a whole number from 1 to 16777216
nnexp: a.json: model.init.sdt: gaussian has no 'sdt'; did you mean 'std'?
nnexp: a.json: train.optimizer.name: unknown optimizer 'sgdd'; did you mean 'sgd'?
nnexp: a.json: train.lr: expected a number or null, got a text (\"0.1\"); remove the quotes
nnexp: a.json: train.epochs: -1 is out of range; use a whole number from 0 to 4e9
nnexp: a.json: train.batch: expected a whole number or \"all\", got a text (\"al\")
nnexp: a.json: train.shuffle: expected true or false, got 1
nnexp: a.json: train.schedul: unknown key; did you mean 'schedule'?
nnexp: a.json: log: expected an object, got 3"
}

@test "errors: check refuses what train refuses" {
    points
    config '{"data": {"file": "ok.csv"}, "sed": 1}'
    refused "nnexp: a.json: sed: unknown key; did you mean 'seed'?" check -c a.json
    config '{"data": {"file": "ok.csv", "label": "lable"}}'
    refused "nnexp: $PWD/ok.csv: no column 'lable' for data.label; did you mean 'label'? the columns are x, y, label" check -c a.json
    config '{"data": {"file": "ok.csv"}, "train": {"class_weight": [1, 2, 3]}}'
    refused "nnexp: a.json: train.class_weight: 3 weights for 2 classes; give one a class" check -c a.json
}

@test "errors: JSON that is none, with line, column and caret" {
    wrong '{"data": {"file": "ok.csv",
 "file": "x"}}' "\
nnexp: a.json:2:2: doubled key 'file'; remove one of the two
 \"file\": \"x\"}}
 ^"
    wrong '{"seed": 01}' "\
nnexp: a.json:1:10: number begins with 0; remove the leading zeros
{\"seed\": 01}
         ^"
    wrong '{"train": {"lr": 1e400}}' "\
nnexp: a.json:1:18: number 1e400 is too large; numbers end at 1.8e308
{\"train\": {\"lr\": 1e400}}
                 ^"
    wrong '' "nnexp: a.json:1:1: the document is empty; write at least {}"
    wrong '[]' "nnexp: a.json: expected an object, got a list; a config begins with {"
    wrong '{}' "nnexp: a.json: data.file: required key is missing; CSV file of the training data (or .gz, or - for standard input): path"
}

@test "errors: keys of what is not built are unknown, never ignored" {
    points
    local keys='known keys: about, name, seed, data, preprocess, augment, model, train, log'
    on_points '"sweep": {}' "sweep.axes: there is none; give one, as in --axis train.lr=log:1e-4:1:13"
    on_points '"log": {"curvature_every": 3}' \
        'log.curvature_every: unknown key; known keys: probe_rows, every, histograms, histogram_bins, checkpoint_every, steps, path'
}

@test "errors: files that are not there or are none" {
    refused "nnexp: none.json: cannot read: No such file or directory" -c none.json
    mkdir dir
    refused "nnexp: dir: cannot read: Is a directory" -c dir
    wrong '{"data": {"file": "none.csv"}}' "nnexp: $PWD/none.csv: cannot read: No such file or directory"
    wrong '{"data": {"file": "dir"}}' "nnexp: $PWD/dir: not a regular file; give the path of a CSV file"
    wrong '{"data": {"file": ""}}' "nnexp: a.json: data.file: the path is empty; give that of a CSV file"
    points
    wrong '{"data": {"file": "ok.csv", "validation": "none.csv", "test": "dir"}}' \
        "nnexp: $PWD/none.csv: cannot read: No such file or directory
nnexp: $PWD/dir: not a regular file; give the path of a CSV file"
    on_points '"model": {"from": "none.safetensors"}' \
        "model.from: $PWD/none.safetensors: cannot read: No such file or directory"
    on_points '"model": {"from": "ok.csv"}' \
        "model.from: $PWD/ok.csv: no safetensors file, or cut: header of 7305508662778866808 bytes in a file of 83"
}

@test "errors: data without rows, classes, labels" {
    bad_data '' ': empty; it needs a row of names and rows of data'
    bad_data 'x,l\n' ': no rows below the header'
    bad_data 'x,l\n1,a\n2,a\n' ": one class only in column 'l': 'a'; classification needs two"
    bad_data 'x,y,l\n1,2,a\n2,1,b\n3,1,c\n' ': data.train_rows is 2 and there are 3 classes; use a row of each at least' '"train_rows": 2'
    bad_data 'x,y,l\n1,2,a\n2,1,b\n3,1,c\n' ': data.validation 0.1 of 3 rows leaves no validation row, as each class keeps one for training; use a larger share, more rows or a validation file' '"validation": 0.1'
    bad_data 'x,y,l\n1,2,a\n2,1,b\n' ': data.train_rows is 9 and there are 2 training rows; use at most these' '"train_rows": 9'
    bad_data 'x,y,label\n1,2,a\n2,1,b\n' ": no column 'lable' for data.label; did you mean 'label'? the columns are x, y, label" '"label": "lable"'
    bad_data 'x,y,label\n1,2,a\n2,1,b\n' ': data.label is 7 and the file has 3 columns; use -3 to 2' '"label": 7'
    bad_data 'x\n1\n2\n' ": one column only; set data.delimiter if it is not ','"
}

@test "errors: every malformed cell, with its place and column" {
    printf 'x,y,label\n1,2,a\n2,1x,b\nnan,1,c\ninf,2,a\n0x10,2,b\n,1,a\n1e999,1,b\n1,2\n1,2,3,4\n' >bad.csv
    config '{"data": {"file": "bad.csv"}}'
    at="nnexp: $PWD/bad.csv"
    refused "\
$at:3:2: expected a number in column 'y', got '1x'; if this is the label column, set data.label
$at:4:1: missing value 'nan' in column 'x'; set data.missing to mean or drop_row
$at:5:1: expected a finite decimal number in column 'x', got 'inf'
$at:6:1: expected a finite decimal number in column 'x', got '0x10'
$at:7:1: missing value '' in column 'x'; set data.missing to mean or drop_row
$at:8:1: '1e999' in column 'x' is beyond the range of numbers
$at:9: 2 fields, the header has 3
$at:10: 4 fields, the header has 3" -c a.json
    bad_data 'x,y\n1,0.5\n2,nan\n3,inf\n' ":3:2: missing value 'nan' in column 'y'; set data.missing to mean or drop_row
nnexp: $PWD/bad.csv:4:2: expected a finite decimal number in column 'y', got 'inf'" '"task": "regression"'
}

@test "errors: a constant column is none" {
    printf 'x,same,label\n1,5,a\n2,5,b\n3,5,a\n' >ok.csv
    config '{"data": {"file": "ok.csv"}, "preprocess": ["standardize"], "train": {"epochs": 1}}'
    nnexp -q -c a.json
    done_with 0
    not grep -q nan <(tail -n 1 runs/a/layers.csv)
}

@test "errors: a net too large for memory is refused with the bytes it wanted" {
    points
    config '{"data": {"file": "ok.csv"}, "model": {"hidden": [16000000, 16000000]}}'
    for command in train check; do
        nnexp "$command" -c a.json
        done_with 2
        [[ $err =~ ^nnexp:\ a.json:\ model:\ needs\ ([0-9]+)\ bytes\ of\ memory,\ [0-9]+\ are\ free\;\ ask\ for\ less$ ]]
        # two matrices of 16e6 × 16e6 floats, the weights and their gradient, and little else
        [ "${BASH_REMATCH[1]}" -ge 2048000000000000 ]
        [ "${BASH_REMATCH[1]}" -le 2060000000000000 ]
    done
    [ ! -e runs ]
    nnexp -c a.json -s model.hidden='[16777216,16777216,16777216,16777216]' -s train.optimizer=adam
    done_with 2
    [ ! -e runs ]
}

@test "errors: the memory that ulimit leaves" {
    (ulimit -v 400000 && OPENBLAS_NUM_THREADS=1 "$NNEXP" --version >/dev/null 2>&1) || skip "the program cannot start so"
    points
    config '{"data": {"file": "ok.csv"}, "model": {"hidden": [10000, 10000]}}'
    nnexp -c a.json -s train.epochs=0 -s model.hidden='[3]'
    status=0
    err=$(ulimit -v 400000 && OPENBLAS_NUM_THREADS=1 "$NNEXP" -c a.json --force 2>&1) || status=$?
    done_with 2
    [[ $err =~ ^nnexp:\ a.json:\ model:\ needs\ 8[0-9]{8}\ bytes\ of\ memory,\ 409600000\ are\ free\;\ ask\ for\ less$ ]]
    [ -f runs/a/summary.json ]
}

@test "errors: an existing, a foreign, a locked directory" {
    small
    nnexp -q -c a.json
    done_with 0
    cp -r runs/a kept
    refused "nnexp: runs/a: exists already; use --resume to go on with it, --force to replace it, or --out for another" -c a.json
    mkdir other
    echo hello >other/note
    refused "nnexp: other: holds files but no config.json of a run; choose another with --out" -c a.json -o other
    refused "nnexp: other: holds files but no config.json of a run; choose another with --out" -c a.json -o other --force
    refused "nnexp: other: holds files but no config.json of a run; choose another with --out" -c a.json -o other --resume
    echo '{"data": 1}' >other/config.json
    refused "nnexp: other: holds files but no config.json of a run; choose another with --out" -c a.json -o other --force
    equals "config.json note" "$(ls other | paste -sd ' ')"
    exec 9>runs/a/.lock
    flock 9
    for way in --force --resume --quiet; do
        refused "nnexp: runs/a: locked by another process; wait until it ends, or choose another directory" -c a.json "$way"
    done
    exec 9>&-
    # the file is left, as by a killed process
    nnexp -q -c a.json --resume
    done_with 0
    same_run kept runs/a
    cmp kept/timing.csv runs/a/timing.csv
}

@test "errors: an empty directory is taken, a file in its place is not" {
    small
    mkdir empty
    nnexp -q -c a.json -o empty
    done_with 0
    touch file
    refused "nnexp: file: cannot open the directory: Not a directory" -c a.json -o file
    refused "nnexp: file/x: cannot open the directory: Not a directory" -c a.json -o file/x
    [ "$(id -u)" -eq 0 ] || { mkdir shut && chmod a-w shut && refused \
        "nnexp: shut/x: cannot create the directory: Permission denied" -c a.json -o shut/x; }
    [ ! -e /proc/self ] || refused "nnexp: /proc/x: cannot create the directory: No such file or directory" -c a.json -o /proc/x
}

@test "errors: --force spares the old run until the new one can begin" {
    small
    nnexp -q -c a.json
    cp -r runs/a kept
    refused "nnexp: $PWD/none.csv: cannot read: No such file or directory" -c a.json --force -s data.file=none.csv
    refused "nnexp: a.json: train.class_weight: 3 weights for 2 classes; give one a class" \
        -c a.json --force -s train.class_weight='[1,2,3]'
    same_run kept runs/a
    cmp kept/timing.csv runs/a/timing.csv
}

@test "errors: --force removes nnexp's files and no others" {
    small
    nnexp -q -c a.json
    cp -r runs/a kept
    echo mine >runs/a/note
    mkdir runs/a/plots
    nnexp -q -c a.json --force -s data.validation=0 -s log.histograms=false
    done_with 0
    equals "config.json epochs.csv final.safetensors layers.csv model.safetensors note plots summary.json timing.csv" \
        "$(ls runs/a | paste -sd ' ')"
}

@test "errors: keys that do not go together" {
    points
    on_points '"train": {"early_stop": {}, "schedule": "plateau"}' \
        "train.early_stop: there is no validation loss to watch; set data.validation, or leave it out
nnexp: a.json: train.schedule: 'plateau' watches the validation loss and there is none; set data.validation, or use another"
    for optimizer in adamw lion; do
        on_points "\"train\": {\"optimizer\": {\"name\": \"$optimizer\", \"weight_decay\": 0.01}, \"weight_decay\": 0.1}" \
            "train.weight_decay: 0.1 together with the decoupled decay 0.01 of '$optimizer'; set one of them to 0"
    done
    on_points '"model": {"hidden": [3], "norm": "batch"}, "train": {"batch": 11}' \
        "train.batch: 11 leaves a batch of one row, which batch norm cannot normalise; change it, or set train.drop_last"
    on_points '"model": {"norm": "batch"}' \
        "model.norm: there is no hidden layer to normalise; add model.hidden or use 'none'"
    on_points '"model": {"dropout": 0.5}' \
        "model.dropout: there is no hidden layer to drop from; add model.hidden or leave it out"
    on_points '"train": {"loss": "mse", "label_smoothing": 0.1}' \
        "train.label_smoothing: 'mse' cannot smooth its targets; use cross_entropy, or 0"
    on_points '"train": {"class_weight": [1, 2, 3]}' "train.class_weight: 3 weights for 2 classes; give one a class"
    on_points '"model": {"hidden": [3, 3], "activation": ["relu", "relu", "tanh"], "init": ["he", "he", "he"]}' \
        "model.activation: 3 entries for 2 hidden layers; give one, or one a hidden layer
nnexp: a.json: model.init: 3 entries for 2 hidden layers; give one, or one a hidden layer"
    on_points '"train": {"warmup": {"epochs": 9}, "epochs": 5}' \
        "train.warmup.epochs: 9 is not shorter than train.epochs 5; shorten it"
    on_points '"name": "a/b"' "name: 'a/b' is no name of a directory; leave out the slash, or use --out"
    on_points '"data2": {}' "data2: unknown key; did you mean 'data'?"
}

@test "errors: a loss that does not fit the task" {
    points
    wrong '{"data": {"file": "ok.csv", "label": "y", "ignore": "label", "task": "regression"}, "train": {"loss": "cross_entropy"}}' \
        "nnexp: a.json: train.loss: 'cross_entropy' is for classes and the labels are values; use mse, or set data.task"
    wrong '{"data": {"file": "ok.csv", "label": "y", "ignore": "label", "task": "regression"}, "train": {"loss": "mse", "class_weight": [1]}}' \
        "nnexp: a.json: train.class_weight: there are no classes in regression; leave it out"
}
