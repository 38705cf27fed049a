#!/usr/bin/env bats
# Whether the rates that nnexp find-lr suggests are good ones: the median of the final val_loss over five seeds at the
# suggestion against the best of a fine sweep, 16 rates from 1e-4 to 10: at most 1.1 times it, and 0.02. Most runs are
# shortened to keep this under a minute; the figures are printed.

load ../cli/common

# medians FILE: of the five seeds of each rate, the lowest and its rate: "LOSS RATE".
medians() {
    awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
              { print $at["train.lr"], $at["status"] == "diverged" || $at["val_loss"] == "nan" ? 1e300 : $at["val_loss"] }' "$1" |
        sort -k 1,1g -k 2,2g | awk 'NR % 5 == 3 { print $2, $1 }' | sort -g | head -n 1
}

# holds NAME CONFIG MORE…
holds() {
    local name=$1 file=$root/configs/$2.json rate at best
    shift 2
    nnexp find-lr -q -c "$file" -o "lr-$name" -s train.early_stop=null "$@"
    done_with 0
    rate=$(sed -n 's/^  "suggestion": \([0-9.e-]*\),$/\1/p' "lr-$name/suggestion.json")
    [ -n "$rate" ] || { echo "$out"; return 1; }
    nnexp sweep -q -c "$file" -o "fine-$name" --repeat 5 --axis train.lr=log:1e-4:10:16 -s train.early_stop=null "$@"
    done_with 0
    nnexp sweep -q -c "$file" -o "at-$name" --repeat 5 --axis train.lr="$rate" -s train.early_stop=null "$@"
    done_with 0
    at=$(medians "at-$name/sweep.csv")
    best=$(medians "fine-$name/sweep.csv")
    echo "# $name: val_loss ${at% *} at the suggested $rate, the best of the sweep ${best% *} at ${best#* }" >&3
    awk -v at="${at% *}" -v best="${best% *}" 'BEGIN { exit !(at <= 1.1 * best + 0.02) }'
}

@test "find-lr: relu, he, sgd with momentum, standardised digits" { holds relu relu_he -s train.epochs=10; }

@test "find-lr: tanh, glorot, sgd with momentum, raw digits" {
    holds raw relu_he -s train.epochs=10 -s 'preprocess=[]' -s model.activation=tanh -s model.init=glorot
}

@test "find-lr: sigmoid, glorot, adam, constant" {
    holds sigmoid relu_he -s train.epochs=15 -s model.activation=sigmoid -s model.init=glorot -s train.optimizer=adam \
        -s train.schedule=constant
}

@test "find-lr: elu, adagrad" {
    holds elu relu_he -s train.epochs=10 -s model.activation=elu -s train.optimizer=adagrad -s train.schedule=constant
}

@test "find-lr: gelu, layer norm, adamw, warm-up" { holds gelu gelu_layer_norm -s train.epochs=10; }

@test "find-lr: ten tanh layers, xavier" { holds tanh tanh_xavier -s train.epochs=8; }

@test "find-lr: tanh and softsign, rmsprop, raw moons" { holds moons moons_bce -s train.epochs=60; }

@test "find-lr: a regression, tanh, adam, mse" { holds waves regression -s train.epochs=40; }

# Early in training, rates from 5e-4 to 0.05 all lie on one plateau.
@test "find-lr: the same regression at its full length" { holds whole regression; }

@test "find-lr: tanh, plain sgd, batches of one row" { holds wine wine -s train.epochs=20 -s train.batch=1; }
