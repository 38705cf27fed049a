#!/usr/bin/env bats
# preprocess.csv, and the prepared rows of `nnexp check --preprocessed`.

load common

# plane: six rows whose variances (over n - 1) along the axes are 8 and 2.
plane() {
    printf 'x,"y, or so",label\n-4,10,a\n4,10,b\n-2,8,a\n2,12,b\n0,10,"c ""d"""\n0,10,a\n' >plane.csv
    config '{"data": {"file": "plane.csv"}, "model": {"hidden": [3]}, "train": {"batch": 2, "epochs": 3}}'
}

@test "preprocess: preprocess.csv holds the variances of each step that has some" {
    plane
    nnexp -c a.json -q --out run -s 'preprocess=["center", {"name": "pca", "components": 1}, {"name": "whiten", "ddof": 1}]'
    done_with 0
    equals 'step,name,component,variance,share,cumulative,kept' "$(head -n 1 run/preprocess.csv)"
    equals '1 1 2' "$(words run/preprocess.csv step)"
    equals 'pca pca whiten' "$(words run/preprocess.csv name)"
    equals '1 2 1' "$(words run/preprocess.csv component)"
    equals '1 0 1' "$(words run/preprocess.csv kept)"
    # the covariance of (-4, 0) (4, 0) (-2, -2) (2, 2) (0, 0) (0, 0) over 5 is [8 1.6; 1.6 1.6]
    awk 'BEGIN { r = sqrt(3.2 * 3.2 + 1.6 * 1.6)
                 printf "%.5f %.5f %.5f\n%.5f\n", 4.8 + r, 4.8 - r, 4.8 + r, (4.8 + r) / 9.6 }' >wanted
    column run/preprocess.csv variance | awk '{ printf "%s%.5f", (NR > 1 ? " " : ""), $1 } END { print "" }' >seen
    column run/preprocess.csv share | awk 'NR == 1 { printf "%.5f\n", $1 }' >>seen
    diff wanted seen
    equals '1' "$(words run/preprocess.csv cumulative | cut -d ' ' -f 2)"
}

@test "preprocess: without such a step there is no preprocess.csv, and --force removes it" {
    plane
    nnexp -c a.json -q --out run -s 'preprocess=["pca"]'
    done_with 0
    [ -e run/preprocess.csv ]
    nnexp -c a.json -q --out run -s 'preprocess=["standardize"]' --force
    done_with 0
    not test -e run/preprocess.csv
}

@test "preprocess: preprocess.csv outlives a kill, and --resume leaves what a whole run would" {
    long 3000
    nnexp -c a.json -q --out whole -s 'preprocess=["whiten"]'
    done_with 0
    "$NNEXP" -c a.json -q --out run -s 'preprocess=["whiten"]' &
    wait_for_rows 3 run/epochs.csv
    kill -9 $! && wait $! || true
    [ -e run/preprocess.csv ]
    nnexp -c a.json -q --out run -s 'preprocess=["whiten"]' --resume
    done_with 0
    same_run whole run
}

@test "preprocess: the same bytes on any number of threads" {
    config '{"data": {"file": "'"$root"'/data/digits.csv", "validation": 0.2, "image": {"height": 8, "width": 8}},
             "preprocess": ["per_channel", {"name": "whiten", "method": "zca"}, {"name": "pca", "components": 0.9}],
             "train": {"epochs": 1}}'
    for threads in 1 2 3; do
        nnexp -c a.json -q -t "$threads" -o "on$threads"
        done_with 0
    done
    same_run on1 on2
    same_run on1 on3
}

@test "preprocess: check --preprocessed writes the training rows as the network sees them" {
    plane
    nnexp check -c a.json -s 'preprocess=["center"]' --preprocessed rows.csv
    done_with 0
    equals 'x,"y, or so",label
-4,0,a
4,0,b
-2,-2,a
2,2,b
0,0,"c ""d"""
0,0,a' "$(cat rows.csv)"
    equals 'a.json plane.csv rows.csv' "$(listing | paste -sd ' ')"
    nnexp check -c a.json -s 'preprocess=["center"]' -s data.file=rows.csv --preprocessed again.csv # it reads what it wrote
    done_with 0
    equals 0,0,a "$(tail -n 1 again.csv)"
}

@test "preprocess: targets and weights are written; a file that cannot be is told" {
    printf 'x,w,y,z\n1,2,0.5,1\n3,4,1.5,2\n' >w.csv
    config '{"data": {"file": "w.csv", "label": ["y", "z"], "task": "regression", "weight": "w"},
             "train": {"loss": "mse"}}'
    nnexp check -c a.json -s 'preprocess=["standardize"]' --preprocessed rows.csv
    done_with 0
    equals 'x,w,y,z
-1,2,0.5,1
1,4,1.5,2' "$(cat rows.csv)"
    nnexp check -c a.json --preprocessed no/rows.csv
    equals 'nnexp: no/rows.csv: cannot write: No such file or directory' "$err"
    equals 2 "$status"
}

@test "preprocess: what the data cannot bear is refused with the key" {
    plane
    file=$PWD/plane.csv
    refused "nnexp: $file: preprocess.1: components is 3 and the training rows span 2 dimensions; use at most 2" \
        -c a.json -s 'preprocess=["center", {"name": "pca", "components": 3}]'
    refused "nnexp: a.json: preprocess.0.components: 2.5 is neither whole nor a share below 1; use 2" \
        -c a.json -s 'preprocess=[{"name": "pca", "components": 2.5}]'
    refused "nnexp: $file: preprocess.0: column 'x' of a training row: -4 is not above -1, as log1p needs; shift the values, or set symmetric" \
        -c a.json -s 'preprocess=["log1p"]'
}

@test "check: what it writes never takes the place of what it reads" {
    printf 'a,b,y\n1,2,0\n3,5,1\n2,4,0\n7,6,1\n' >d.csv
    config '{"data": {"file": "d.csv", "task": "classification"}, "preprocess": ["center"], "model": {"hidden": [2]}}'
    cp d.csv before.csv
    ln -s d.csv link.csv
    for path in d.csv ./d.csv link.csv; do
        refused "nnexp: --preprocessed: $path is a file that is read; give another" check -c a.json --preprocessed $path
    done
    refused "nnexp: --preprocessed: a.json is a file that is read; give another" check -c a.json --preprocessed a.json
    refused "nnexp: --preview: a.json is a file that is read; give another" check -c a.json --preview a.json
    refused "nnexp: --preprocessed: standard output holds the config; give a file" check -c a.json --preprocessed -
    refused "nnexp: --preview: x is --preprocessed's; give another" check -c a.json --preprocessed x --preview x
    cmp d.csv before.csv
    [ ! -e x ]
    mkdir there
    refused "nnexp: there: cannot write: Is a directory" check -c a.json --preprocessed there
}

@test "check: a link keeps pointing to what is written, a user's .tmp stays, nothing else is left" {
    printf 'a,b,y\n1,2,0\n3,5,1\n2,4,0\n7,6,1\n' >d.csv
    config '{"data": {"file": "d.csv", "task": "classification"}, "model": {"hidden": [2]}}'
    mkdir there
    echo mine >there/rows.csv.tmp
    echo old >there/rows.csv
    chmod 644 there/rows.csv
    ln -s there/rows.csv rows.csv
    umask 027
    nnexp check -q -c a.json --preprocessed rows.csv
    [ -L rows.csv ]
    equals "1,2,0" "$(sed -n 2p there/rows.csv)"
    equals mine "$(cat there/rows.csv.tmp)"
    equals "rows.csv rows.csv.tmp" "$(ls there | paste -sd ' ')"
    equals 644 "$(stat -c %a there/rows.csv)" # as before
    nnexp check -q -c a.json --preprocessed new.csv
    equals 640 "$(stat -c %a new.csv)"
}

@test "preprocess: values whose squares no float holds have variances all the same" {
    plane
    nnexp -c a.json -q --out plain -s 'preprocess=[{"name": "whiten", "eps": 0}]'
    column plain/preprocess.csv share >wanted
    sed '2,$s/^\([^,]*\),\([^,]*\)/\1e20,\2e20/' plane.csv >huge.csv
    nnexp -c a.json -q --out run -s 'preprocess=[{"name": "whiten", "eps": 0}]' -s data.file=huge.csv
    done_with 0
    paste -d ' ' wanted <(column run/preprocess.csv share) | awk '{ d = $1 - $2; if (!(d * d < 1e-12)) exit 1 }'
    column run/preprocess.csv variance | awk '{ if (!($1 > 1e40 && $1 < 1e42)) exit 1 }'
    nnexp check -c a.json -q -s 'preprocess=[{"name": "whiten", "eps": 0}]' -s data.file=huge.csv --preprocessed rows.csv
    done_with 0
    awk -F , 'NR > 1 { sum += $1 * $1; more += $2 * $2 }
              END { exit !(sum > 5.999 && sum < 6.001 && more > 5.999 && more < 6.001) }' rows.csv
}
