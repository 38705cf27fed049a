#!/usr/bin/env bats
# steps.csv: a row an update, and the weights that log.path names.

load common

path='log.path=["layers.1.weight[0,1]", "layers.2.bias[1]"]'

# weight FILE TENSOR ENTRY: as the file has it, %.9g.
weight() {
    python3 - "$@" <<'PY'
import json, struct, sys
with open(sys.argv[1], "rb") as file:
    header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    begin = header[sys.argv[2]]["data_offsets"][0] + 4 * int(sys.argv[3])
    print("%.9g" % struct.unpack("<f", file.read()[begin:begin + 4]))
PY
}

@test "steps: a row an update, the first of the weights before any" {
    small
    nnexp -q -c a.json -s "$path"
    done_with 0
    equals 'step,epoch,lr,loss,grad_norm,update_ratio,"layers.1.weight[0,1]",layers.2.bias[1]' "$(head -n 1 runs/a/steps.csv)"
    # 8 rows by 4: two updates an epoch
    equals "0 1 2 3 4 5 6" "$(words runs/a/steps.csv step)"
    equals "0 1 1 2 2 3 3" "$(words runs/a/steps.csv epoch)"
    equals "nan nan nan nan" "$(sed -n 2p runs/a/steps.csv | cut -d, -f3-6 | tr , ' ')"
    equals "$(tail -n 1 runs/a/epochs.csv | cut -d, -f3)" "$(tail -n 1 runs/a/steps.csv | cut -d, -f3)"
    # what epochs.csv has is the mean of these, and their largest
    awk -F , 'FNR == 1 { file++; next }
        file == 1 && $2 { norm[$2] += $5 / 2; ratio[$2] += $6 / 2; if ($5 > most[$2]) most[$2] = $5 }
        file == 2 && $1 {
            n++
            bad += norm[$1] / $8 - 1 > 1e-7 || 1 - norm[$1] / $8 > 1e-7 || most[$1] != $9
            bad += ratio[$1] / $11 - 1 > 1e-7 || 1 - ratio[$1] / $11 > 1e-7
        }
        END { exit n != 3 || bad }' runs/a/steps.csv runs/a/epochs.csv
    command -v python3 >/dev/null || skip "no python3 to read model.safetensors"
    equals "$(weight runs/a/model.safetensors layers.1.weight 1),$(weight runs/a/model.safetensors layers.2.bias 1)" \
        "$(tail -n 1 runs/a/steps.csv | cut -d, -f7-)"
    # an untouched network has the weights of row 0
    nnexp -q -c a.json -s train.epochs=0 -s "$path" -o none
    equals "$(sed -n 2p runs/a/steps.csv)" "$(sed -n 2p none/steps.csv)"
    equals "$(weight none/model.safetensors layers.1.weight 1)" "$(sed -n 2p none/steps.csv | cut -d, -f7)"
}

@test "steps: without weights too; when not asked for there is no file; no other file knows of them" {
    small
    nnexp -q -c a.json
    [ ! -e runs/a/steps.csv ]
    nnexp -q -c a.json -s log.steps=true -o b
    done_with 0
    equals "step,epoch,lr,loss,grad_norm,update_ratio" "$(head -n 1 b/steps.csv)"
    for file in epochs.csv layers.csv histograms.csv summary.json; do cmp runs/a/$file b/$file; done
}

@test "steps: the update that diverges is the last row" {
    small
    nnexp -q -c a.json -s train.lr=1e38 -s "$path"
    done_with 3
    equals "$(sed -n 's/.*"step": \([0-9]*\),*$/\1/p' runs/a/summary.json | head -n 1)" "$(words runs/a/steps.csv step | tr ' ' '\n' | tail -n 1)"
}

@test "steps: the same bytes for any --threads, after a stop, and when extended" {
    long 400
    nnexp -q -c a.json -s "$path" -o whole -t 1
    nnexp -q -c a.json -s "$path" -o three -t 3
    same_run whole three
    nnexp -q -c a.json -s "$path" -s train.epochs=150
    printf '999,half a ro' >>runs/a/steps.csv # as a kill leaves it
    nnexp -q -c a.json -s "$path" --resume
    done_with 0
    same_run whole runs/a
    # a log that is cut short cannot be gone on with
    size=$(stat -c %s runs/a/steps.csv)
    truncate -s 20 runs/a/steps.csv
    refused "nnexp: runs/a/steps.csv: has 20 bytes, the checkpoint saw $size; start again with --force" \
        -q -c a.json -s "$path" -s train.epochs=500 --resume
    # --force takes it away
    nnexp -q -c a.json --force -s train.epochs=1
    done_with 0
    [ ! -e runs/a/steps.csv ]
}

@test "steps: a disk that fills up in the midst of an epoch is told" {
    nnexp generate spiral --rows 3000
    mv .out set.csv
    config '{"data": {"file": "set.csv"}, "model": {"hidden": []}, "train": {"batch": 1, "epochs": 1}}'
    trap '' XFSZ
    ulimit -f 100
    nnexp -q -c a.json -s log.steps=true
    equals "1 nnexp: runs/a/steps.csv: cannot write: File too large" "$status $err"
}

@test "steps: a sweep's cells have them when the config asks" {
    small
    nnexp sweep -q -c a.json --axis train.lr=0.1,0.2
    equals "" "$(find runs/a.sweep -name steps.csv)"
    nnexp sweep -q -c a.json --axis train.lr=0.1,0.2 -s "$path" -o asked
    done_with 0
    equals 2 "$(find asked -name steps.csv | wc -l)"
    equals "$(cut -d, -f1,2,9 runs/a.sweep/sweep.csv)" "$(cut -d, -f1,2,9 asked/sweep.csv)"
}

@test "steps: weights that the network does not have are refused" {
    small
    refused "nnexp: a.json: log.path.0: 'layers.1.weight[3,0]': lies outside; layers.1.weight [3, 2]: unit 0 to 2, input 0 to 1
nnexp: a.json: log.path.1: 'layers.4.bias[0]': no such tensor; did you mean layers.1.bias? there are layers.1.weight [3, 2], layers.1.bias [3], layers.2.weight [2, 3], layers.2.bias [2]" \
        -q -c a.json -s 'log.path=["layers.1.weight[3,0]", "layers.4.bias[0]"]'
    refused "nnexp: a.json: log.path: 65 weights; at most 64 can be followed" \
        -q -c a.json -s "log.path=[$(seq -s, 65 | sed 's/[0-9]\+/"w&"/g')]"
}
