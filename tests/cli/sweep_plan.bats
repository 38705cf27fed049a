#!/usr/bin/env bats
# nnexp sweep before its first cell starts: which cells there are, what is refused, what is run again and what is not.
load common

# started: the cells in runs/a.sweep, and when each was last written.
started() { stat -c '%n %Y.%y' runs/a.sweep/cells/*/summary.json; }

# tree DIR: every file's name, bytes and time.
tree() { find "$1" -type f -printf '%p %T@ ' -exec md5sum {} \; | sort; }

@test "sweep plan: words and options that say nothing are refused" {
    small
    refused "nnexp: --config: which sweep? give a file, as in nnexp sweep --config configs/lr_sweep.json" sweep
    refused "nnexp: a.json: sweep.axes: there is none; give one, as in --axis train.lr=log:1e-4:1:13" sweep -c a.json
    refused "nnexp: --list prints the plan and --collect writes sweep.csv; give one of them" \
        sweep -c a.json --axis seed=1,2 --list --collect
    refused "nnexp: --cells: sweep.csv has a row for every cell; leave it out with --collect" \
        sweep -c a.json --axis seed=1,2 --cells 1 --collect
    refused "nnexp: --axis: its value is empty; see nnexp sweep --help" sweep -c a.json --axis ''
    refused "nnexp: --repeat: expected a whole number from 1 to 1000000, got '0'" sweep -c a.json --repeat 0
    refused "nnexp: --jobs: expected a whole number from 1 to 1024, got 'x'" sweep -c a.json --repeat 2 -j x
    refused "nnexp: --resume: unknown option of 'sweep'; see nnexp sweep --help" sweep -c a.json --resume
}

@test "sweep plan: cells are whole numbers of the plan, alone or as from-to" {
    small
    local wrong
    for wrong in 0 5 x 1- -1 2-1 1--2 1,,2 1, 1.0 +1 ' 1' 99999999999999999999 1-5; do
        part=$wrong
        case $wrong in 1,*) part= ;; esac
        refused "nnexp: --cells: '$part': expected cells from 1 to 4, as in 3,7-9" \
            sweep -c a.json --axis seed=1,2,3,4 --cells="$wrong"
    done
    nnexp sweep -c a.json --axis seed=1,2,3,4 --cells 4,1-2,2 --list
    done_with 0
    equals "$(printf 'cell,seed,status\n1,1,missing\n2,2,missing\n4,4,missing')" "$(cut -d, -f1-3 .out)"
    nnexp sweep -c a.json --axis seed=1,2,3,4 --cells 2,4 -q
    done_with 0
    nnexp sweep -c a.json --axis seed=1,2,3,4 --list
    equals "missing finished missing finished" "$(cut -d, -f3 .out | tail -n +2 | xargs)"
}

@test "sweep plan: --list prints the plan and writes nothing" {
    small
    before=$(listing)
    nnexp sweep -c a.json --axis train.lr=log:0.01:1:3 --axis 'preprocess=[],["standardize"]' --list
    done_with 0
    equals "runs/a.sweep: 6 cells, 0 complete" "$err"
    equals "$before" "$(listing)"
    equals 'cell,train.lr,preprocess,status,dir' "$(head -1 .out)"
    equals '4,0.1,"[""standardize""]",missing,' "$(sed -n 's|cells/[0-9a-f]\{16\}$||; 5p' .out)"
    equals 7 "$(wc -l <.out)"
}

@test "sweep plan: a cell that cannot be is named, and nothing starts" {
    small
    refused "nnexp: a.json: cell 2 (train.lr=-1): train.lr: -1 is out of range; use a number above 0" \
        sweep -c a.json --axis train.lr=0.1,-1
    refused "nnexp: a.json: cell 2 (train.optimizer=adam train.optimizer.momentum=0.5): train.optimizer.momentum: \
adam has no 'momentum'; its parameters: beta1, beta2, eps, amsgrad" \
        sweep -c a.json --axis train.optimizer=sgd,adam --axis train.optimizer.momentum=0.5
    refused "nnexp: a.json: cell 3 (train.lr=-1 seed=1) and 1 more: train.lr: -1 is out of range; use a number above 0" \
        sweep -c a.json --axis train.lr=0.1,-1 --axis seed=1,2
    refused "nnexp: a.json: every cell: train.lr: -1 is out of range; use a number above 0" \
        sweep -c a.json --set train.lr=-1 --axis seed=1,2
}

@test "sweep plan: data that cannot be read or learned from are named, once" {
    small
    printf 'x,y,label\n1,2,a\n1,oops,b\n' >bad.csv
    here=$PWD
    refused "nnexp: a.json: cell 3 (data.file=bad.csv seed=1) and 1 more: $here/bad.csv:3:2: expected a number in \
column 'y', got 'oops'; if this is the label column, set data.label" \
        sweep -c a.json --axis data.file=ok.csv,bad.csv --axis seed=1,2
    refused "nnexp: a.json: cell 2 (data.file=none.csv): $here/none.csv: cannot read: No such file or directory" \
        sweep -c a.json --axis data.file=ok.csv,none.csv
    refused "nnexp: a.json: every cell: -: a sweep's cells are named by the bytes of their data; save it in a file" \
        sweep -c a.json --set data.file=- --axis seed=1,2
    mkfifo pipe
    refused "nnexp: a.json: every cell: $here/pipe: a sweep's cells are named by the bytes of their data; save it in \
a file" sweep -c a.json --set data.file=pipe --axis seed=1,2
    refused "nnexp: a.json: cell 3 (train.class_weight=[1, 1, 1] seed=1) and 1 more: train.class_weight: 3 weights for 2 \
classes; give one a class" sweep -c a.json --axis 'train.class_weight=[1,1],[1,1,1]' --axis seed=1,2 --cells 3,4
    refused "nnexp: a.json: cell 2 (train.class_weight=[1, 1, 1]): train.class_weight: 3 weights for 2 classes; give one a class" \
         sweep -c a.json --axis 'train.class_weight=[1,1],[1,1,1]'
    [ ! -e runs ]
}

@test "sweep plan: a net too large for memory is named, and nothing starts" {
    small
    nnexp sweep -c a.json --axis 'model.hidden=[3],[16000000,16000000]' --axis seed=1,2
    done_with 2
    equals "nnexp: a.json: cell 3 (model.hidden=[16000000, 16000000] seed=1) and 1 more: model: needs N bytes of memory, \
N are free; ask for less" "$(sed 's/needs [0-9]*/needs N/; s/[0-9]* are free/N are free/' .err)"
    [ ! -e runs ]
}

@test "sweep plan: a directory stays as it is when a cell is refused" {
    small
    nnexp sweep -c a.json --axis seed=1,2 -q
    done_with 0
    before=$(tree runs)
    printf 'x,y,label\n1,2,a\n1,oops,b\n' >bad.csv
    nnexp sweep -c a.json --axis seed=1,2 --axis data.file=ok.csv,bad.csv
    done_with 2
    nnexp sweep -c a.json --axis seed=1,2 --axis train.lr=1,-1
    done_with 2
    nnexp sweep -c a.json --axis seed=1,2 --axis 'model.hidden=[4],[16000000,16000000]'
    done_with 2
    nnexp sweep -c a.json --axis seed=1,2 --cells 3
    done_with 2
    nnexp sweep -c a.json --axis seed=1,2 --list
    done_with 0
    equals "$before" "$(tree runs)"
}

@test "sweep plan: a wider axis runs the new cells alone, a narrower one none" {
    small
    nnexp sweep -c a.json --axis train.lr=log:0.01:1:3 --axis seed=1,2 -q
    done_with 0
    started >first
    equals 6 "$(wc -l <first)"
    nnexp sweep -c a.json --axis train.lr=log:0.001:1:4 --axis seed=1,2,3
    done_with 0
    started >second
    equals 12 "$(wc -l <second)"
    equals "" "$(grep -vxFf second first || true)"
    not grep -q 'another config' .err
    equals 13 "$(wc -l <runs/a.sweep/sweep.csv)"
    nnexp sweep -c a.json --axis train.lr=0.1 --axis seed=2
    done_with 0
    started >third
    cmp second third
    equals 2 "$(wc -l <runs/a.sweep/sweep.csv)"
    grep -q '^runs/a.sweep: 11 cells of another config or axes: .*, …; left there, and not in sweep.csv$' .err
}

@test "sweep plan: a changed config has other cells, and the old ones are named" {
    small
    nnexp sweep -c a.json --axis seed=1 -q
    old=$(ls runs/a.sweep/cells)
    sed -i 's/"hidden": \[3\]/"hidden": [4]/' a.json
    nnexp sweep -c a.json --axis seed=1 --list
    grep -q '^1,1,missing,' .out
    nnexp sweep -c a.json --axis seed=1
    done_with 0
    equals "runs/a.sweep: 1 cell of another config or axes: $old; left there, and not in sweep.csv" "$(head -1 .err)"
    equals 2 "$(ls runs/a.sweep/cells | wc -l)"
    equals 1 "$(tail -n +2 runs/a.sweep/sweep.csv | wc -l)"
    sed -i 's/1,2,a/1,2.5,a/' ok.csv
    nnexp sweep -c a.json --axis seed=1 -q --list
    equals "" "$err"
    grep -q '^1,1,missing,' .out
}

@test "sweep plan: what changes no number runs nothing again, also elsewhere" {
    small
    nnexp sweep -c a.json --axis seed=1,2 -q
    started >first
    sed -i 's/^{/{"about": "x", "log": {"every": 2}, /' a.json
    nnexp sweep -c a.json --axis seed=1,2 -q
    started >second
    cmp first second
    mkdir moved
    cp -a a.json ok.csv runs moved/
    cd moved
    nnexp sweep -c a.json --axis seed=1,2 --list
    equals "finished finished" "$(cut -d, -f3 .out ../.out | tail -n 2 | xargs)"
}

@test "sweep plan: random mode draws, repeats and keeps what it drew" {
    small
    local draw='{"log": [0.001, 1]}'
    sed -i "s/}\$/, \"sweep\": {\"mode\": \"random\", \"runs\": 3, \"repeat\": 2, \"axes\": {\"train.lr\": $draw}}}/" a.json
    nnexp sweep -c a.json --list
    done_with 0
    cp .out three
    equals 7 "$(wc -l <three)"
    nnexp sweep -c a.json --set sweep.runs=5 --list
    equals "$(cat three)" "$(head -7 .out)"
    nnexp sweep -c a.json -q
    done_with 0
    equals 6 "$(grep -c finished runs/a.sweep/sweep.csv)"
    nnexp check -c a.json -q
    done_with 0
}

@test "sweep plan: a long plan is counted and asked about" {
    small
    refused "nnexp: a.json: sweep: 1000000 cells; add --yes if so many are meant" \
        sweep -c a.json --axis train.lr=linear:1:2:1000 --axis seed=linear:1:1000:1000
    nnexp sweep -c a.json --axis seed=linear:1:10001:10001 --list --yes
    done_with 0
    equals 10002 "$(wc -l <.out)"
}
