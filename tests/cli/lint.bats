#!/usr/bin/env bats
# nnexp check looks at the data: a summary and remarks on stderr, the resolved config alone on stdout.

load common

# ill: twelve rows with a constant column, a copy of another, and a validation file that repeats a row.
ill() {
    cat >ill.csv <<'CSV'
x,same,still,kind,label
1,1,7,red,a
2,2,7,blue,b
3,3,7,red,b
4,4,7,red,a
5,5,7,blue,a
6,6,7,blue,b
7,7,7,red,a
8,8,7,blue,b
9,9,7,red,a
10,10,7,red,b
11,11,7,red,a
12,12,7,blue,b
CSV
    printf 'x,same,still,kind,label\n3,3,7,red,b\n30,30,7,red,b\n31,31,7,blue,a\n' >held.csv
    config '{"data": {"file": "ill.csv", "validation": "held.csv", "categorical": ["kind"]}, "model": {"hidden": [3]}}'
}

remarks="ill.csv: 12 training rows, 3 validation rows
  inputs: 5 of 4 columns, the categorical ones spread out one-hot: 1 constant, 2 of 0 and 1, 2 of whole numbers
  classes: 2: 'a' 6 (50 %), 'b' 6 (50 %); largest to smallest 1
  rows in both splits: 1 of 3 validation rows (33.3 %) have the inputs of a training row; keep each in one of them: what was trained on flatters the figures
  constant columns: 1 of 4 columns (still), one value each in training; put them into data.ignore, or leave them: standardize maps them to 0
  duplicate columns: 1 of 5 inputs (same = x), equal to another in every training row; put them into data.ignore: they add nothing and count twice"

@test "check: remarks on the data go to stderr, the config alone to stdout, and the status is 0" {
    ill
    nnexp check -c a.json
    done_with 0
    equals "$remarks" "$err"
    valid_json .out
    equals '{' "$(head -n 1 .out)"
    cp .out with
    nnexp check -c a.json --quiet
    done_with 0
    equals "" "$err"
    cmp .out with
    nnexp check -c a.json -q -t 1
    equals "" "$err"
}

@test "check: the same remarks whatever the threads and the preprocessing" {
    ill
    for threads in 1 2 3; do
        nnexp check -c a.json -t $threads -s preprocess='["standardize"]'
        done_with 0
        equals "$remarks" "$err"
    done
}

@test "check: what is refused is told without remarks" {
    ill
    refused "nnexp: a.json: train.class_weight: 3 weights for 2 classes; give one a class" \
        check -c a.json -s train.class_weight='[1, 2, 3]'
}

@test "check: many classes are told from both ends, and nothing is remarked where nothing is wrong" {
    awk 'BEGIN { print "x,label"
                 for (i = 0; i < 80; i++) print (i * 37) % 101 + 0.5 "," (i < 73 ? "k" i % 7 : "k0") }' >many.csv
    config '{"data": {"file": "many.csv", "label": "label"}, "model": {"hidden": [3]}}'
    nnexp check -c a.json
    done_with 0
    equals "many.csv: 80 training rows, no validation
  inputs: 1: 1 of other numbers
  classes: 7: 'k0' 18 (22.5 %), 'k1' 11 (13.8 %), 'k2' 11 (13.8 %) … 'k4' 10 (12.5 %), 'k5' 10 (12.5 %), 'k6' 10 (12.5 %); largest to smallest 1.8
  nothing to remark" "$err"
}

@test "check: regression tells its targets; a test file its rows" {
    printf 'x,p,q\n0.5,1,-2\n1.5,2,-4\n2.5,3,-6\n3.5,4,-8\n' >line.csv
    printf 'q,p,x\n1,2,9.5\n1,2,8.5\n' >later.csv
    config '{"data": {"file": "line.csv", "label": ["p", "q"], "task": "regression", "test": "later.csv"},
             "model": {"hidden": [3]}, "train": {"loss": "mse"}}'
    nnexp check -c a.json
    done_with 0
    equals "line.csv: 4 training rows, 2 test rows, no validation
  inputs: 1: 1 of other numbers
  target p: mean 2.5, standard deviation 1.118
  target q: mean -5, standard deviation 2.236
  nothing to remark" "$err"
    sed -i 3d later.csv
    nnexp check -c a.json
    equals "line.csv: 4 training rows, 1 test row, no validation" "$(head -n 1 <<<"$err")"
}
