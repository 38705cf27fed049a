#!/usr/bin/env bats
# Successive halving, killed again and again.

load ../cli/common

@test "halving: killed wherever it is, the same command ends with the same sweep.csv" {
    points
    config '{"data": {"file": "ok.csv", "validation": 0.25}, "model": {"hidden": [300, 300]}, "train": {"batch": 4, "epochs": 20},
             "sweep": {"axes": {"train.lr": {"log": [0.001, 10, 9]}}, "repeat": 2, "halving": {"factor": 3, "min_epochs": 2}}}'
    nnexp sweep -c a.json -o whole -q
    done_with 0
    for wait in 0.03 0.06 0.1 0.15 0.2 0.25 0.3 0.4 0.5 0.7; do
        timeout -s KILL "$wait" "$NNEXP" sweep -c a.json -o killed -q -j 2 >/dev/null 2>&1 || true
    done
    nnexp sweep -c a.json -o killed -q
    done_with 0
    cmp whole/sweep.csv killed/sweep.csv
    for cell in whole/cells/*; do
        cmp "$cell/epochs.csv" "killed/${cell#whole/}/epochs.csv" # halved ones too
        [ ! -f "$cell/summary.json" ] || same_run "$cell" "killed/${cell#whole/}"
    done
}
