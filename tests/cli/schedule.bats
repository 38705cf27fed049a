#!/usr/bin/env bats
# nnexp check --schedule: the learning rate before anything is trained, drawn and as CSV.

load common

setup() {
    cd -- "$BATS_TEST_TMPDIR" || return 1
    unset COLUMNS
}

# drawing FILE: the lines of the curve and its axes, without the words around it.
drawing() { sed '1,/}$/d' "$1" | sed '/scale; lr is/,$d'; }

@test "schedule: drawn in ASCII, with its axes, the warm-up's end and the figures in words" {
    small
    export COLUMNS=50
    LC_ALL=C nnexp check -q -c a.json --schedule -s train.epochs=20 -s train.lr=0.4 \
        -s 'train.schedule={"name":"linear","end_factor":0.25}' -s 'train.warmup={"epochs":4}'
    done_with 0
    equals 'learning rate by epoch: 20 epochs of 2 updates,
  {"name": "linear", "unit": "epoch",
  "start_factor": 1, "end_factor": 0.25}
0.4 +         ***
    |         * *****
    |       **:     ***
    |       * :        ***
0.3 +      ** :          *****
    |      *  :              ***
    |     **  :                 *****
0.2 +    **   :                     ***
    |    *    :                       ******
    |   **    :                            ***
    |   *     :                              ***
0.1 +  **     :                                ***
    |  *      :
    | **      :
    | *       :
  0 +**       :
    ++----------+----------+----------+----------+
     0          5          10         15        20
linear scale; lr is 0 at first, 0.4 at most
  (update 9), 0.1188 at last
: the warm-up ends after 8 updates (epoch 4)' "$(cat .out)"
}

@test "schedule: drawn in braille where the locale has it" {
    small
    COLUMNS=30 nnexp check -q -c a.json --schedule -s train.epochs=4 -s train.lr=1 \
        -s 'train.schedule={"name":"step","size":2,"gamma":0.5}'
    done_with 0
    drawing .out >drawn
    equals '  1 ┤⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⢱' "$(sed -n 1p drawn)"
    equals '    │            ⢸' "$(sed -n 2p drawn)"
    equals 18 "$(wc -l <drawn)"
    grep -qx '    └┬───────────┬───────────┬' drawn
    grep -qx "     0           2           4" drawn
    # the mark stands where the curve leaves room
    COLUMNS=30 nnexp check -q -c a.json --schedule -s train.epochs=4 -s 'train.warmup={"epochs":1}'
    equals 8 "$(drawing .out | grep -c '┊')"
    grep -qx '┊ the warm-up ends after 2' .out
}

@test "schedule: no line is wider than the page; 80 columns without one" {
    small
    for schedule in one_cycle '{"name":"step","size":2}'; do
        for columns in 30 47 133 500; do
            for locale in C C.UTF-8; do
                COLUMNS=$columns LC_ALL=$locale nnexp check -q -c a.json --schedule -s "train.schedule=$schedule" \
                    -s train.epochs=30 -s 'train.warmup={"epochs":2}'
                done_with 0
                widest=$(awk '{ n = length($0); if (n > most) most = n } END { print most }' .out)
                if [ "$locale" = C.UTF-8 ]; then widest=$(LC_ALL=C.UTF-8 wc -L <.out); fi
                [ "$widest" -le "$columns" ] || { echo "$widest of $columns, $schedule, $locale"; cat .out; return 1; }
            done
        done
    done
    nnexp check -q -c a.json --schedule
    equals 80 "$(LC_ALL=C.UTF-8 wc -L <.out)"
    COLUMNS=wide nnexp check -q -c a.json --schedule
    equals 80 "$(LC_ALL=C.UTF-8 wc -L <.out)"
}

@test "schedule: a scale of decades where a linear one would hide the curve, and that is said" {
    small
    scale() {
        nnexp check -q -c a.json --schedule -s train.epochs=60 -s train.lr=1 -s "train.schedule=$1"
        done_with 0
        sed -n 's/ scale; lr is.*//p' .out
    }
    equals logarithmic "$(scale step)"
    equals logarithmic "$(scale '{"name":"exponential","gamma":0.8}')"
    for name in constant cosine one_cycle inverse_time inverse_sqrt polynomial linear cosine_restarts plateau; do
        equals "linear $name" "$(scale $name) $name"
    done
    equals linear "$(scale '{"name":"cyclic","up":20}')"
    # 1 … 1e-5 has a line a decade; zeros, and what lies more than twelve decades down, are counted
    scale step
    equals '1 0.1 0.01 0.001 0.0001 1e-05' "$(sed -n 's/^ *\([^ ]*\) ┤.*/\1/p' .out | paste -sd ' ')"
    scale '{"name":"exponential","gamma":0.1}'
    grep -qx 'logarithmic scale; lr is 1 at first, 1 at most (update 1), 1e-59 at last; 94' .out
    grep -qx '  below the scale are not drawn' .out
}

@test "schedule: decades, drawn" {
    small
    COLUMNS=44 LC_ALL=C nnexp check -q -c a.json --schedule -s train.epochs=8 -s train.lr=1 \
        -s 'train.schedule={"name":"exponential","gamma":0.1}'
    done_with 0
    equals '     1 +*****
       |    *
       |    *****
       |         *
  0.01 +         *****
       |             *
       |             *****
       |                  *
       |                  *
0.0001 +                  *****
       |                      *
       |                      *****
       |                           *
 1e-06 +                           *****
       |                               *
       |                               *****
       ++--------+--------+-------+--------+
        0        2        4       6        8' "$(drawing .out)"
}

@test "schedule: what goes by val_loss is drawn as far as it is known" {
    small
    nnexp check -q -c a.json --schedule=plateau.csv -s train.schedule=plateau -s train.lr=0.25
    done_with 0
    equals 'plateau goes by val_loss, which nobody knows yet: this is the rate as long as
  val_loss keeps improving' "$(tail -n 2 .out)"
    equals 0.25 "$(column plateau.csv lr | sort -u)"
}

@test "schedule: the CSV has every update of what is then trained" {
    points
    config '{"data": {"file": "ok.csv", "validation": 0.25}, "model": {"hidden": [3]},
             "train": {"batch": 3, "epochs": 17, "lr": 0.07}, "log": {"histograms": false, "checkpoint_every": 0}}'
    nnexp list schedule
    names=$(sed -n 's/^\([a-z_]\{1,\}\)  .*/\1/p' .out)
    [ "$(wc -w <<<"$names")" -ge 13 ]
    for name in $names; do
        schedule='"'$name'"'
        case $name in
        multistep) schedule='{"name":"multistep","milestones":[3,9,11]}' ;;
        cyclic) schedule='{"name":"cyclic","up":5,"down":8}' ;;
        cosine_restarts) schedule='{"name":"cosine_restarts","first":3,"multiplier":2,"unit":"step"}' ;;
        esac
        for warmup in null '{"epochs":2.4,"start":0.1}'; do
            nnexp check -q -c a.json --schedule=s.csv -s "train.schedule=$schedule" -s train.warmup="$warmup"
            done_with 0
            equals step,epoch,lr "$(head -n 1 s.csv)"
            equals "$(seq -s ' ' 51)" "$(words s.csv step)"
            nnexp -q -c a.json --force -s "train.schedule=$schedule" -s train.warmup="$warmup"
            done_with 0
            awk -F , 'NR % 3 == 1 && NR > 1 { print $2 "," $1 "," $3 }' s.csv >ends
            [ "$name" = plateau ] || sed '1,2d' runs/a/epochs.csv | cut -d , -f 1-3 | cmp - ends
        done
    done
}

@test "schedule: millions of updates are thinned, and that is said" {
    small
    nnexp check -q -c a.json --schedule=s.csv -s train.epochs=700001 -s train.schedule=cosine
    done_with 0
    equals 'one in 2 updates is shown, and the last' "$(tail -n 1 .out)"
    equals 700003 "$(rows_of s.csv)" # a header, 700001 and the last
    equals '3,2,0.01' "$(sed -n 3p s.csv)"
    [[ $(tail -n 1 s.csv) = 1400002,700001,* ]]
}

@test "schedule: nothing is trained, the config is not printed, remarks stay on stderr" {
    small
    nnexp check -c a.json --schedule
    done_with 0
    [[ $err = "ok.csv: "* ]]
    not grep -q '"seed"' .out
    [ ! -e runs ]
    nnexp check -c a.json --schedule=s.csv -s data.file=none.csv
    done_with 2
    [ ! -e s.csv ]
    equals "" "$out"
}

@test "schedule: refusals" {
    small
    refused 'nnexp: --schedule: a.json is a file that is read; give another' check -c a.json --schedule=a.json
    refused 'nnexp: --schedule: ./ok.csv is a file that is read; give another' check -c a.json --schedule=./ok.csv
    refused 'nnexp: --schedule: standard output holds the drawing; give a file' check -c a.json --schedule=-
    refused 'nnexp: --schedule: its value is empty; see nnexp check --help' check -c a.json --schedule=
    refused "nnexp: s.csv: 'check' takes no such word; a file of --schedule is given as --schedule=s.csv" \
        check -c a.json --schedule s.csv
    refused "nnexp: --schedule: s.csv is --preprocessed's; give another" \
        check -c a.json --schedule=s.csv --preprocessed s.csv
    refused 'nnexp: a.json: train.epochs: 0 make no update, so there is no rate to draw; give some' \
        check -c a.json --schedule -s train.epochs=0
    refused "nnexp: none/s.csv: cannot write: No such file or directory" check -q -c a.json --schedule=none/s.csv
    refused "nnexp: --schedule: unknown option of 'train'; see nnexp train --help" train -c a.json --schedule
}
