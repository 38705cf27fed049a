#!/usr/bin/env bats
# Successive halving, the ranked table, the advice and the lines of a sweep as a whole.

load common

# halved: points and a.json, five rates of 20 epochs under two seeds, halved at epochs 2, 6 and 18.
halved() {
    points
    config '{"data": {"file": "ok.csv", "validation": 0.25}, "model": {"hidden": [3]}, "train": {"batch": 4, "epochs": 20},
             "sweep": {"axes": {"train.lr": {"log": [0.001, 10, 5]}}, "repeat": 2, "halving": {"factor": 3, "min_epochs": 2}}}'
}

@test "halving: the same sweep.csv for any number of jobs; who finishes wrote what it writes without halving" {
    halved
    for jobs in 1 2 4; do
        nnexp sweep -c a.json -j $jobs -o h$jobs -q
        done_with 0
    done
    cmp h1/sweep.csv h2/sweep.csv
    cmp h1/sweep.csv h4/sweep.csv
    equals "2 finished 8 halved" "$(column h1/sweep.csv status | sort | uniq -c | xargs)"
    equals "2 6 20" "$(column h1/sweep.csv epochs | sort -n | uniq | xargs)"
    equals 3 "$(sed -n 's/^  "rungs": \(.*\),$/\1/p' h1/sweep.json)"
    sed -i 's/, "halving": {[^}]*}//' a.json
    nnexp sweep -c a.json -o full -q
    done_with 0
    for cell in $(awk -F , '/finished/ { print $NF }' h1/sweep.csv); do same_run "h1/$cell" "full/$cell"; done
    # without halving the same directory's halved cells go on to their end
    nnexp sweep -c a.json -o h1 -q
    done_with 0
    cmp h1/sweep.csv full/sweep.csv
    for cell in full/cells/*; do same_run "h1/${cell#full/}" "$cell"; done
}

@test "halving: a rung waits for cells that run elsewhere; a chain of parts comes to the same" {
    halved
    nnexp sweep -c a.json -o whole -q
    nnexp sweep -c a.json -o parts -q --cells 1-5
    done_with 0
    equals "5 missing 5 unfinished" "$(column parts/sweep.csv status | sort | uniq -c | xargs)"
    equals "0 2" "$(column parts/sweep.csv epochs | sort -n | uniq | xargs)"
    nnexp sweep -c a.json -o parts -q --cells 1-5
    equals "0 2" "$(column parts/sweep.csv epochs | sort -n | uniq | xargs)"
    for _ in 1 2 3 4; do
        for cells in 6-10 1-5; do
            nnexp sweep -c a.json -o parts -q --cells $cells
            done_with 0
        done
    done
    cmp whole/sweep.csv parts/sweep.csv
}

@test "halving: cells whose data no cell of the first round reads" {
    points
    sed 's/5,1,b/6,1,b/' ok.csv >other.csv
    config '{"data": {"validation": 0.25}, "model": {"hidden": [3]}, "train": {"batch": 4, "epochs": 9},
             "sweep": {"axes": {"data.file": ["ok.csv", "other.csv"]}, "halving": {"factor": 2, "min_epochs": 2}}}'
    nnexp sweep -c a.json -o whole -q
    done_with 0
    for first in 1 2; do
        nnexp sweep -c a.json -o "parts$first" -q --cells $first
        nnexp sweep -c a.json -o "parts$first" -q
        done_with 0
        cmp whole/sweep.csv "parts$first/sweep.csv"
    done
}

@test "halving: when all diverge" {
    points
    config '{"data": {"file": "ok.csv", "validation": 0.25}, "model": {"hidden": [3]}, "train": {"batch": 4, "epochs": 9},
             "sweep": {"axes": {"train.lr": [1e20, 1e25, 1e30]}, "halving": {}}}'
    nnexp sweep -c a.json -q
    done_with 0
    equals "diverged diverged diverged" "$(words runs/a.sweep/sweep.csv status)"
    [[ $out == *"3 of 3 diverged"* || $out == *"1 of 1 diverged"* ]]
}

@test "halving: a cell that failed before a rung is tried again up to it" {
    halved
    nnexp sweep -c a.json -o whole -q
    cell=$(awk -F , '$1 == 1 { print $NF }' whole/sweep.csv)
    nnexp sweep -c a.json -o parts -q --cells 1
    rm "parts/$cell"/*.csv "parts/$cell"/checkpoint*
    mkdir "parts/$cell/epochs.csv" # cannot be written
    nnexp sweep -c a.json -o parts -q
    done_with 1
    equals failed "$(column parts/sweep.csv status | head -n 1)"
    [[ $out == *"failed: 1 cell failed (1): error.txt in a cell's directory says why; the same command tries it again"* ]]
    rmdir "parts/$cell/epochs.csv"
    nnexp sweep -c a.json -o parts -q
    done_with 0
    cmp whole/sweep.csv parts/sweep.csv
}

@test "progress: a line a cell, and what is complete already; nothing with -q" {
    small
    nnexp sweep -c a.json --axis train.lr=0.1,1e30 -j 1
    done_with 0
    equals '1/2  cell 1  train.lr=0.1  finished  val_loss N  val_accuracy N  Ns
2/2  cell 2  train.lr=1e+30  diverged  val_loss nan  val_accuracy N  Ns' \
        "$(sed 's/\(loss\|accuracy\) [0-9][0-9.e-]*/\1 N/g; s/  [0-9.]*s$/  Ns/' <<<"$err")"
    nnexp sweep -c a.json --axis train.lr=0.1,1e30,0.2 -j 1
    equals "2 of 3 cells are complete already" "$(head -n 1 <<<"$err")"
    equals 2 "$(wc -l <<<"$err")"
    nnexp sweep -c a.json --axis train.lr=0.1,1e30,0.2,0.3 -q
    equals "" "$err"
}

@test "progress: rounds of halving are told" {
    halved
    nnexp sweep -c a.json -j 1
    equals "halving: 10 cells go on to epoch 2
halving: 4 cells go on to epoch 6
halving: 2 cells go on to their end" "$(grep ^halving: <<<"$err")"
    [[ $err == *$'\n10/10  cell 10  train.lr=10 seed=2  '* ]]
}

@test "progress and table: values cannot steer the terminal" {
    printf 'x,label,\033[2Jk\n1,0,1\n2,1,0\n3,1,1\n4,0,0\n5,1,1\n6,0,0\n7,0,1\n8,1,0\n' >k.csv
    config '{"data": {"file": "k.csv", "validation": 0.25, "task": "classification"}, "train": {"epochs": 1},
             "sweep": {"axes": {"data.label": ["label", "\u001b[2Jk"]}}}'
    nnexp sweep -c a.json
    done_with 0
    [[ $out == *"?[2Jk "* ]]
    [[ $err == *"data.label=?[2Jk  finished"* ]]
    not grep -q $'\x1b' .out .err
}

@test "table: the same from --collect" {
    halved
    nnexp sweep -c a.json -q
    before=$out
    [[ $before == rank\ *train.lr\ \ n\ *val_loss\ *val_accuracy* ]]
    [[ $before == *$'\nhalving: '*' epochs trained of the 200 of a full sweep ('* ]]
    nnexp sweep -c a.json --collect
    equals "$before" "$out"
}
