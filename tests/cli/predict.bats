#!/usr/bin/env bats
# nnexp predict: its columns, how files are matched, that it computes what training computed, and what it refuses.

load common

# trained: points, split into training and validation file, and a run on them in runs/a.
trained() {
    points
    sed -n '1p;10,13p' ok.csv >held.csv
    config '{"data": {"file": "ok.csv", "validation": "held.csv"}, "preprocess": ["standardize", {"name": "minmax", "low": -1}],
             "model": {"hidden": [5]}, "train": {"batch": 4, "epochs": 6, "lr": 0.3}}'
    nnexp -c a.json -q
    done_with 0
}

@test "predict: a row a data row: class, probabilities, and the label where there is one" {
    trained
    nnexp predict --run runs/a --data held.csv --out p.csv
    done_with 0
    equals "" "$err"
    equals "predicted,p_a,p_b,true" "$(head -n 1 p.csv)"
    equals "$(column held.csv label)" "$(column p.csv true)"
    awk -F , 'NR > 1 && ($2 + $3 < 0.99999999 || $2 + $3 > 1.00000001 || ($2 > $3 ? "a" : "b") != $1) { exit 1 }' p.csv
    [[ "$out" == "runs/a/best.safetensors on held.csv"$'\n'"4 rows  loss "*"  accuracy "*"confusion matrix"*"macro"* ]]
    nnexp predict --run runs/a --data held.csv
    done_with 0
    equals "$(cat p.csv)" "$out"
    [[ "$err" == "runs/a/best.safetensors on held.csv"* ]]
    nnexp predict --run runs/a --data held.csv -q -o -
    done_with 0
    equals "$(cat p.csv)" "$out"
    equals "" "$err"
    equals "" "$(ls | grep '^-' || true)"
}

@test "predict: the validation file gets the loss and the accuracy that training gave it" {
    trained
    nnexp predict --run runs/a --data held.csv --model last --out p.csv
    done_with 0
    last=$(column runs/a/epochs.csv val_loss | tail -n 1) accuracy=$(column runs/a/epochs.csv val_accuracy | tail -n 1)
    equals "4 rows  loss $last  accuracy $accuracy" "$(sed -n 2p <<<"$out")"
    best=$(column runs/a/epochs.csv val_loss | sed 1d | sort -g | head -n 1)
    nnexp predict --run runs/a --data held.csv --model best --out p.csv
    equals "4 rows  loss $best" "$(sed -n '2s/  accuracy.*//p' <<<"$out")"
}

@test "predict: columns by name in any order; labels, weights and ignored columns may be absent" {
    cat >w.csv <<'CSV'
id,x,w,kind,label,y
1,1,1,red,a,2
2,2,2,blue,b,1
3,3,1,red,b,1
4,1,2,green,a,3
5,2,1,blue,a,2
6,5,2,red,b,1
CSV
    config '{"data": {"file": "w.csv", "label": "label", "weight": "w", "ignore": "id", "categorical": "kind"},
             "model": {"hidden": [3]}, "train": {"batch": "all", "epochs": 3}}'
    nnexp -c a.json -q
    done_with 0
    nnexp predict --run runs/a --data w.csv -q
    done_with 0
    whole=$out
    awk -F , -v OFS=, '{ print $6, $4, $2 }' w.csv >bare.csv
    nnexp predict --run runs/a --data bare.csv
    done_with 0
    equals "$(cut -d , -f 1-3 <<<"$whole")" "$out"
    equals "runs/a/model.safetensors on bare.csv
6 rows without labels" "$err"
    awk -F , -v OFS=, '{ print $5, $6, $4, $2 }' w.csv >labelled.csv
    nnexp predict --run runs/a --data labelled.csv
    done_with 0
    equals "$whole" "$out"
    sed '1s/id,//; s/^[0-9],//; 1s/w,/new,/' w.csv >more.csv
    refused "nnexp: more.csv: column 'new' is not in $PWD/w.csv" predict --run runs/a --data more.csv
    cut -d , -f 1-3,5 w.csv >less.csv
    refused "nnexp: less.csv: no column 'kind', which $PWD/w.csv has
nnexp: less.csv: no column 'y', which $PWD/w.csv has" predict --run runs/a --data less.csv
    sed 's/green/pink/; 3s/,b,/,c,/' w.csv >new.csv
    refused "nnexp: new.csv:3:5: class 'c' in column 'label' is not in the training data
nnexp: new.csv:5:4: category 'pink' in column 'kind' is not in the training data" predict --run runs/a --data new.csv
    sed '4s/,3,/,,/' w.csv >gap.csv
    refused "nnexp: gap.csv:4:2: missing value in column 'x'; fill it in, or train with data.missing set to mean" \
        predict --run runs/a --data gap.csv
}

@test "predict: without headers by position, all columns, none but the labels, or the inputs alone" {
    printf '%s\n' 9,1,2,0 8,2,1,1 7,3,1,1 6,1,3,0 5,2,2,0 4,5,1,1 >n.csv
    config '{"data": {"file": "n.csv", "header": false, "ignore": 0}, "model": {"hidden": [3]}, "train": {"batch": 2, "epochs": 2}}'
    nnexp -c a.json -q
    done_with 0
    nnexp predict --run runs/a --data n.csv -q
    whole=$out
    equals "predicted,p_0,p_1,true" "$(head -n 1 <<<"$out")"
    for fields in 1-3 2-3; do
        cut -d , -f $fields n.csv >less.csv
        nnexp predict --run runs/a --data less.csv -q
        done_with 0
        equals "$(cut -d , -f 1-3 <<<"$whole")" "$out"
    done
    cut -d , -f 2 n.csv >one.csv
    refused "nnexp: one.csv: 1 column, $PWD/n.csv has 4, and 3 without its labels" predict --run runs/a --data one.csv
}

@test "predict: missing values are filled by the training means, whatever the rows were" {
    printf 'x,y,label\n1,2,a\n3,,b\n5,4,b\n0,6,a\n' >m.csv
    config '{"data": {"file": "m.csv", "missing": "mean"}, "model": {"hidden": [3]}, "train": {"batch": 2, "epochs": 2}}'
    nnexp -c a.json -q
    done_with 0
    printf 'x,y\n,2\n7,\n' >gaps.csv
    printf 'x,y\n2.25,2\n7,4\n' >full.csv
    nnexp predict --run runs/a --data gaps.csv -q
    done_with 0
    with_gaps=$out
    nnexp predict --run runs/a --data full.csv -q
    equals "$with_gaps" "$out"
    nnexp -c a.json -q --set data.missing=drop_row --out dropped
    done_with 0
    refused "nnexp: gaps.csv:2:1: missing value in column 'x'; fill it in, or train with data.missing set to mean
nnexp: gaps.csv:3:2: missing value in column 'y'; fill it in, or train with data.missing set to mean" \
        predict --run dropped --data gaps.csv
}

@test "predict: values of several targets; all labels or none" {
    printf 'x,u,v\n1,2,3\n2,3,5\n3,4,6\n4,6,9\n' >r.csv
    config '{"data": {"file": "r.csv", "label": ["u", "v"]}, "model": {"hidden": [3]}, "train": {"loss": "mse", "batch": 2, "epochs": 2}}'
    nnexp -c a.json -q
    done_with 0
    nnexp predict --run runs/a --data r.csv
    done_with 0
    equals "u_predicted,v_predicted,u_true,v_true" "$(head -n 1 <<<"$out")"
    equals "$(sed 1d r.csv | cut -d , -f 2-3)" "$(sed 1d <<<"$out" | cut -d , -f 3-4)"
    [[ "$err" == *"4 rows  loss "*"  rmse "*"target "*rmse*mae*r2*$'\n'"u "*$'\n'"v "* ]]
    printf 'x,v\n1,2\n' >half.csv
    refused "nnexp: half.csv: no column 'u', which $PWD/r.csv has as a label; give all labels or none" \
        predict --run runs/a --data half.csv
    printf 'x,w,u,v\n1,1,2,3\n2,3,3,5\n3,2,4,6\n4,1,6,9\n' >weighted.csv # labels without the weight before them
    nnexp -c a.json -q --set data.file=weighted.csv --set data.weight=w --out w
    nnexp predict --run w --data r.csv -q
    done_with 0
    equals "$(sed 1d r.csv | cut -d , -f 2-3)" "$(sed 1d <<<"$out" | cut -d , -f 3-4)"
}

# kinds: a run on two numbers, a category and a label, in runs/a.
kinds() {
    printf 'ash,b,k,lab\n1,2,u,p\n2,3,v,q\n3,1,u,p\n4,6,v,q\n' >k.csv
    config '{"data": {"file": "k.csv", "categorical": ["k"]}, "model": {"hidden": [3]}, "train": {"batch": 2, "epochs": 2}}'
    nnexp -c a.json -q
    done_with 0
}

# refused_file CONTENT MESSAGES: predict refuses a file in.csv of that content; every message follows `nnexp: in.csv`.
refused_file() {
    printf "$1" >in.csv
    refused "$(sed 's/^/nnexp: in.csv/' <<<"$2")" predict --run runs/a --data in.csv
}

@test "predict: cells that are missing or no numbers, by the column's training name and without advice on a config" {
    kinds
    refused_file 'ash,b,k,lab\n1,2,u,\n1,2,u,p\n' ":2:4: missing value in column 'lab'; fill it in, or remove the column"
    refused_file 'k,lab,b,ash\nu,p,2,abc\n' ":2:4: expected a number in column 'ash', got 'abc'"
    refused_file 'ash,b,k\n12:30,2,u\n' ":2:1: expected a number in column 'ash', got '12:30'"
    refused_file '1,2,1,p\n2,3,4,p\n' ":1:3: category '1' in column 'k' is not in the training data
:2:3: category '4' in column 'k' is not in the training data"
    refused_file '1,2\n3,4\n' ": 2 columns, $PWD/k.csv has 4, and 3 without its labels"
    refused_file 'k,b,ash\nu,,1\n,2,\n' ":2:2: missing value in column 'b'; fill it in, or train with data.missing set to mean
:3:3: missing value in column 'ash'; fill it in, or train with data.missing set to mean
:3:1: missing value in column 'k'; fill it in, or train with data.missing set to mean"
}

@test "predict: label cells that are all empty are no labels" {
    kinds
    printf 'ash,b,k,lab\n1,2,u,\n4,5,v,NA\n' >in.csv
    nnexp predict --run runs/a --data in.csv
    done_with 0
    equals "predicted,p_p,p_q" "$(head -n 1 <<<"$out")"
    equals "2 rows without labels" "$(tail -n 1 <<<"$err")"
    cut -d , -f 1-3 in.csv >bare.csv
    equals "$out" "$("$NNEXP" predict --run runs/a --data bare.csv -q)"
    printf 'x,w,u,v\n1,1,2,3\n2,3,3,5\n3,2,4,6\n4,1,6,9\n' >r.csv
    config '{"data": {"file": "r.csv", "label": ["u", "v"], "weight": "w"}, "model": {"hidden": [3]}, "train": {"loss": "mse", "batch": 2, "epochs": 2}}'
    nnexp -c a.json -q --out r
    printf 'x,w,u,v\n1,1,,\n2,3,,\n' >in.csv
    nnexp predict --run r --data in.csv
    done_with 0
    equals "u_predicted,v_predicted" "$(head -n 1 <<<"$out")"
    printf 'x,w,u,v\n1,1,,5\n2,3,,6\n' >in.csv
    refused "nnexp: in.csv:2:3: missing value in column 'u'; fill it in, or remove the column
nnexp: in.csv:3:3: missing value in column 'u'; fill it in, or remove the column" predict --run r --data in.csv
}

@test "predict: names that do not match: the one meant, no name, a second one, another delimiter" {
    kinds
    refused_file 'Ash,B,k,Lab\n1,2,u,p\n' ": column 'Ash' is not in $PWD/k.csv; did you mean 'ash'?
: column 'B' is not in $PWD/k.csv; did you mean 'b'?
: column 'Lab' is not in $PWD/k.csv; did you mean 'lab'?"
    refused_file 'asj,c,k\n1,2,u\n' ": no column 'b', which $PWD/k.csv has
: column 'asj' is not in $PWD/k.csv; did you mean 'ash'?
: column 'c' is not in $PWD/k.csv"
    refused_file ',ash,b,k\n0,1,2,u\n' ": column 1 of the header has no name and is not in $PWD/k.csv; remove it, or train with it and put 0 into data.ignore"
    refused_file 'ash,b,k,b\n0,1,u,2\n' ": a second column named 'b'; remove one"
    refused_file 'ash\tb\tk\n1\t2\tu\n' ": one column only; its delimiter seems to be a tab, and that of $PWD/k.csv is ','; write it with that one"
    refused_file '1;2;u;p\n3;4;v;q\n' ": one column only; its delimiter seems to be ';', and that of $PWD/k.csv is ','; write it with that one"
    tr , '\t' <k.csv >t.csv
    nnexp -c a.json -q --out t --set data.file=t.csv --set 'data.delimiter="\t"'
    done_with 0
    refused "nnexp: k.csv: one column only; its delimiter seems to be ',', and that of $PWD/t.csv is a tab; write it with that one" \
        predict --run t --data k.csv
}

@test "predict: bce of two classes has one logit and two probabilities; hinge has scores" {
    points
    config '{"data": {"file": "ok.csv"}, "model": {"hidden": []}, "train": {"batch": 4, "epochs": 2}}'
    nnexp -c a.json -q --set train.loss=bce --out b
    nnexp predict --run b --data ok.csv -q
    done_with 0
    equals "predicted,p_a,p_b,true" "$(head -n 1 <<<"$out")"
    awk -F , 'NR > 1 && ($2 + $3 < 0.999999 || ($2 >= $3 ? "a" : "b") != $1) { exit 1 }' <<<"$out"
    nnexp -c a.json -q --set train.loss=hinge --out h
    nnexp predict --run h --data ok.csv -q
    equals "predicted,score_a,score_b,true" "$(head -n 1 <<<"$out")"
}

@test "predict: names that CSV must quote" {
    printf 'x,"la ""bel"", x"\n1,"a,b"\n2,"c ""d"""\n3,"a,b"\n' >q.csv
    config '{"data": {"file": "q.csv"}, "model": {"hidden": []}, "train": {"epochs": 1}}'
    nnexp -c a.json -q
    done_with 0
    nnexp predict --run runs/a --data q.csv -q
    equals 'predicted,"p_a,b","p_c ""d""",true' "$(head -n 1 <<<"$out")"
    equals '"a,b"' "$(sed -n '2s/.*,\("[^"]*"\)$/\1/p' <<<"$out")"
}

@test "predict: a value that a step cannot take is told by column and row before anything is written" {
    awk 'BEGIN { print "x,c,label"; for (i = 0; i < 300; i++) print i % 7 "," i % 3 "," i % 2 }' >c.csv
    config '{"data": {"file": "c.csv"}, "preprocess": ["center", {"name": "scale", "factor": 1}, {"name": "onehot", "columns": 1}],
             "model": {"hidden": [3]}, "train": {"batch": 16, "epochs": 1}}'
    nnexp -c a.json -q -s preprocess.2.columns=-1
    done_with 0
    nnexp predict --run runs/a --data c.csv -q
    done_with 0
    sed '290s/,.,/,7,/' c.csv >new.csv # beyond the first block
    text="column 'c' of row 289: 6 is no value of the training rows; correct it, or leave the row out"
    refused "nnexp: new.csv: preprocess.2: $text" predict --run runs/a --data new.csv
    refused "nnexp: new.csv: preprocess.2: $text" predict --run runs/a --data new.csv --out p.csv
    refused "nnexp: runs/a: --grid: preprocess.2: column 'c' of point 1: -1.20000005 is no value of the training rows; correct it, or leave the row out" \
        predict --run runs/a --grid x c
    nnexp -c a.json -q -s 'preprocess=[{"name": "onehot", "columns": 1}, "log1p"]' --out log
    printf 'x,c\n3,1\n-1,2\n' >low.csv
    refused "nnexp: low.csv: preprocess.1: column 'x' of row 2: -1 is not above -1, as log1p needs; shift the values, or set symmetric" \
        predict --run log --data low.csv
    nnexp -c a.json -q -s 'preprocess=[{"name": "onehot", "columns": 1}, {"name": "scale", "factor": 2}, "onehot"]' --out twice
    printf 'x,c\n3,1\n3.5,2\n' >half.csv
    refused "nnexp: half.csv: preprocess.2: column 'x' of row 2: 7 is no value of the training rows; correct it, or leave the row out" \
        predict --run twice --data half.csv
}

@test "predict: of images that evaluation cuts, a refused pixel is told by where it is in what is left" {
    awk 'BEGIN { print "a,b,c,d,e,f,y"; for (i = 0; i < 20; i++) print "99,99,99,99,99,99," i % 2 }' >i.csv
    config '{"data": {"file": "i.csv", "image": {"height": 2, "width": 3}}, "preprocess": ["center", "log1p"], "model": {"hidden": [3]},
             "augment": [{"name": "crop", "pad": 0, "width": 2, "evaluate": "ten"}], "train": {"batch": 4, "epochs": 1}}'
    nnexp -c a.json -q
    done_with 0
    printf 'a,b,c,d,e,f\n99,99,99,99,99,99\n99,99,93,99,99,99\n' >low.csv
    refused "nnexp: low.csv: preprocess.1: column 'p0_1' of row 2: -6 is not above -1, as log1p needs; shift the values, or set symmetric" \
        predict --run runs/a --data low.csv
    nnexp -c a.json -q -s 'augment=["flip"]' --out flipped
    refused "nnexp: low.csv: preprocess.1: column 'c' of row 2: -6 is not above -1, as log1p needs; shift the values, or set symmetric" \
        predict --run flipped --data low.csv
}

@test "predict: the plane of a model of two inputs, and its points" {
    trained
    nnexp predict --run runs/a --grid y x --grid-size 3
    done_with 0
    equals "y,x,predicted,p_a,p_b" "$(head -n 1 <<<"$out")"
    equals "-0.3,-1.6 1.5,-1.6 3.3,-1.6 -0.3,2 1.5,2 3.3,2 -0.3,5.6 1.5,5.6 3.3,5.6" \
        "$(sed 1d <<<"$out" | awk -F , '{ printf "%.4g,%.4g\n", $1, $2 }' | paste -sd ' ')"
    grid=$out
    printf 'y,x\n1.5,2\n' >middle.csv
    nnexp predict --run runs/a --data middle.csv -q
    equals "$(sed -n 6p <<<"$grid" | cut -d , -f 3-)" "$(sed -n 2p <<<"$out")"
    nnexp predict --run runs/a --points
    done_with 0
    equals "split,x,y,true
$(sed '1d; s/^/train,/' ok.csv)
$(sed '1d; s/^/validation,/' held.csv)" "$out"
    awk -F , -v OFS=, '{ print NR == 1 ? "z" : NR, $0 }' ok.csv >wider.csv
    mv wider.csv ok.csv
    awk -F , -v OFS=, '{ print NR == 1 ? "z" : NR, $0 }' held.csv >wider.csv
    mv wider.csv held.csv
    refused "nnexp: $PWD/ok.csv: its columns have changed since the run; restore them" predict --run runs/a --points
    nnexp predict --run runs/a --grid x y --out g.csv
    equals 40001 "$(rows_of g.csv)"
    equals "" "$out$err"
}

@test "predict: what is asked for wrongly" {
    trained
    run="predict --run runs/a"
    refused "nnexp: --run: which run? give its directory, as in nnexp predict --run runs/relu_he" predict --data held.csv
    refused "nnexp: --data: which rows? give a CSV file; or the two inputs of --grid" $run
    refused "nnexp: --data, --grid, --points: each asks for rows of its own; give one of them" $run --data held.csv --grid x y
    refused "nnexp: --grid: needs the names of two inputs; see nnexp predict --help" $run --grid x
    refused "nnexp: z: 'predict' takes no such word; see nnexp predict --help" $run --grid x y z
    refused "nnexp: --grid-size: there is no grid; give --grid X Y, or leave it out" $run --data held.csv --grid-size 9
    refused "nnexp: --grid-size: expected a whole number from 2 to 10000, got '1'" $run --grid x y --grid-size 1
    refused "nnexp: --model: expected best or last, got 'first'" $run --data held.csv --model first
    refused "nnexp: runs/a: --grid: no input 'z'; the inputs are 'x' and 'y'" $run --grid x z
    refused "nnexp: runs/a: --grid: 'x' twice; name both inputs" $run --grid x x
    refused "nnexp: none.csv: cannot read: No such file or directory" $run --data none.csv
    refused "nnexp: no/p.csv: cannot write: No such file or directory" $run --data held.csv --out no/p.csv
    refused "nnexp: none: no such directory; give the directory of a run" predict --run none --data held.csv
    refused "nnexp: runs: not a run (it has no config.json); give the directory of a run" predict --run runs --data held.csv
    head -n 1 held.csv >empty.csv
    refused "nnexp: $(echo empty.csv): no rows below the header" $run --data empty.csv
}

@test "predict: runs that are not complete, have no best weights, or diverged" {
    trained
    rm runs/a/summary.json
    refused "nnexp: runs/a: the run is not complete; finish it with --resume, or use the best weights so far with --model best" \
        predict --run runs/a --data held.csv
    nnexp predict --run runs/a --data held.csv --model best -q
    done_with 0
    rm runs/a/best.safetensors
    refused "nnexp: runs/a: the run is not complete; finish it with --resume" predict --run runs/a --data held.csv
    refused "nnexp: runs/a: the run is not complete; finish it with --resume" predict --run runs/a --data held.csv --model best
    nnexp -c a.json -q --out lost
    rm lost/best.safetensors
    for pick in "" "--model best"; do
        refused "nnexp: lost: best.safetensors is missing, though the run had one; restore it, or use --model last" \
            predict --run lost --data held.csv $pick
    done
    nnexp predict --run lost --data held.csv --model last -q
    done_with 0
    printf '{"best_epoch": 2' >lost/summary.json
    refused "nnexp: lost/summary.json:1:17: expected ',' or '}', got the end of the document
{\"best_epoch\": 2
                ^" predict --run lost --data held.csv
    nnexp -c a.json -q --set data.validation=0 --out b
    nnexp predict --run b --data held.csv -q # never had any: the last ones are all there is
    done_with 0
    refused "nnexp: b: has no best.safetensors, as there was no finite validation loss; use --model last" \
        predict --run b --data held.csv --model best
    nnexp -c a.json -q --set train.lr=1e39 --out d
    done_with 3
    refused "nnexp: d/model.safetensors: its weights are not finite, as the run diverged; use --model best, or train it anew" \
        predict --run d --data held.csv --model last
}

@test "predict: model files that are damaged" {
    trained
    model=runs/a/best.safetensors
    cp $model whole
    # replaces text by text of the same length
    damage() { LC_ALL=C sed "s/$1/$2/" whole >$model; }
    damage '\\"in\\":2,\\"out\\":2' '\\"in\\":2,\\"out\\":0'
    cmp -s whole $model && damage '\\"in\\": 2, \\"out\\": 2' '\\"in\\": 2, \\"out\\": 0'
    not cmp -s whole $model
    refused "nnexp: $model: its preprocess.0 is damaged or not that of the config; train the run anew" predict --run runs/a --data held.csv
    damage '\\"named\\"' '\\"nomed\\"'
    refused "nnexp: $model: its encoding is damaged at 'named'; train the run anew" predict --run runs/a --data held.csv
    damage '"encoding"' '"encodinh"'
    refused "nnexp: $model: has no 'encoding' in its metadata; it is no model of this version, train the run anew" \
        predict --run runs/a --data held.csv
    damage '\[\\"a\\"' '{\\"a\\"'
    refused "nnexp: $model: the 'classes' in its metadata is damaged; train the run anew" predict --run runs/a --data held.csv
}

@test "predict: a pipe and a device are written to and stay what they are" {
    trained
    "$NNEXP" predict --run runs/a --data held.csv -q >wanted
    mkfifo pipe
    cat pipe >got &
    "$NNEXP" predict --run runs/a --data held.csv -q --out pipe
    wait $!
    cmp wanted got
    [ -p pipe ]
    ln -s /dev/full full # a link: were it replaced, nothing would be lost
    status=0
    "$NNEXP" predict --run runs/a --data held.csv -q --out full 2>err || status=$?
    equals 1 "$status"
    equals "nnexp: full: cannot write: No space left on device" "$(cat err)"
    [ -L full ]
    cp held.csv own.csv
    refused "nnexp: --out: own.csv is the file that is read; give another" predict --run runs/a --data own.csv --out own.csv
    cmp own.csv held.csv
}

@test "predict: a full disk leaves no half file" {
    trained
    echo before >p.csv
    awk 'BEGIN { print "x,y"; for (i = 0; i < 3000; i++) print i % 7 "," i % 5 }' >large.csv
    status=0
    (trap "" XFSZ; ulimit -f 16; exec "$NNEXP" predict --run runs/a --data large.csv --out p.csv) >out 2>err || status=$?
    equals 1 "$status"
    equals "nnexp: p.csv: cannot write: File too large" "$(cat err)"
    equals before "$(cat p.csv)"
    [ ! -e p.csv.tmp ]
}

@test "categories: found, shown, given, refused" {
    printf 'x,k,n,label\n1,red,2,a\n2,blue,10,b\n3,red,10,b\n4,green,2,a\n' >k.csv
    config '{"data": {"file": "k.csv", "categorical": ["k", "n"]}, "model": {"hidden": [3]}, "train": {"batch": 2, "epochs": 2}}'
    nnexp check -c a.json
    done_with 0
    grep -qF '"categories": ["k=blue", "k=green", "k=red", "n=2", "n=10"],' <<<"$out"
    nnexp -c a.json -q
    nnexp -c runs/a/config.json -q --out again
    same_run runs/a again
    nnexp -c a.json -q --out b --set 'data.categories=["n=10", "n=2.0", "k=red", "k=green", "k=blue", "k=pink"]'
    done_with 0
    grep -qF '"categories": ["k=red", "k=green", "k=blue", "k=pink", "n=10", "n=2"],' b/config.json
    not cmp -s runs/a/epochs.csv b/epochs.csv
    nnexp -c b/config.json -q --out c
    same_run b c
    sed 's/blue/pink/' k.csv >pink.csv # known to b, not to a
    nnexp predict --run b --data pink.csv -q
    done_with 0
    refused "nnexp: pink.csv:3:2: category 'pink' in column 'k' is not in the training data" predict --run runs/a --data pink.csv
    refused "nnexp: $PWD/k.csv:3:2: category 'blue' in column 'k' is not in data.categories; add it there, or correct it" \
        -c a.json --set 'data.categories=["k=red", "k=green"]' --out d
    refused "nnexp: $PWD/k.csv: data.categories: 'x' has no '='; write column=value
nnexp: $PWD/k.csv: data.categories: 'x=1' names no column of data.categorical; add the column there, or leave the entry out
nnexp: $PWD/k.csv: data.categories: 'n=2' is there twice; name it once" \
        -c a.json --set 'data.categories=["x", "x=1", "n=2", "n=10", "n=2.0"]' --out d
}

@test "categories: those of two columns that cannot be told apart, and more than a config holds" {
    printf 'k,k=l,label\nl=1,2,a\n3,1,b\n4,2,a\n' >k.csv
    config '{"data": {"file": "k.csv", "categorical": ["k", "k=l"]}, "model": {"hidden": [3]}, "train": {"batch": 2}}'
    refused "nnexp: a.json: data.categorical: 'k=l=1' could be of column 'k' or of 'k=l'; rename one of them" -c a.json
    awk 'BEGIN { print "name,x,label"; for (i = 0; i < 4000; i++) printf "somebody_%06d,%d,%d\n", i, i % 7, i % 2 }' >k.csv
    config '{"data": {"file": "k.csv", "categorical": "name"}, "model": {"hidden": [3]}, "train": {"batch": 2}}'
    refused "nnexp: a.json: data.categorical: the categories take more than the 65536 bytes that a config has room for; put columns with many values, such as 'name', into data.ignore" -c a.json
}
