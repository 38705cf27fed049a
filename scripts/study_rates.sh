#!/bin/sh
# Trains a config at many learning rates with raw, centred and standardised inputs, and draws the losses: the largest
# rate that still trains is the point of it.
set -eu
name=study_rates.sh
self=$0
usage='usage: study_rates.sh [--config FILE] [--rates LIST] [--seeds LIST] [--set KEY=VALUE]… [--out DIR]
Trains at each rate raw, with center and with standardize; its own preprocess is not used. A run has trained when its
last train_loss is below 0.9 times what guessing costs, ln(classes). DIR/rates.csv has a row a run, DIR/largest.csv the
largest rate at which all seeds trained (nan: none), DIR/rates.png the picture.
Without options: configs/wine_linear.json, half decades from 1e-7 to 1000, seeds 1 2 3, runs/study_rates.'
# shellcheck source=scripts/parts/run_common.sh
. "$(dirname -- "$0")/parts/run_common.sh"

config=$scripts/../configs/wine_linear.json
values='1e-7 3e-7 1e-6 3e-6 1e-5 3e-5 1e-4 3e-4 1e-3 3e-3 0.01 0.03 0.1 0.3 1 3 10 30 100 300 1000'
seeds='1 2 3'
out=runs/study_rates
read_options rates "$@"
rates=$values
plain "$rates" 'learning rates, as in "0.01 0.1 1"'
plain "$seeds" 'seeds, as in "1 2 3"'
begin

# chain NAME
chain() { [ "$1" = raw ] && echo '[]' || printf '["%s"]' "$1"; }

echo preprocess,lr,seed,status,train_loss >"$work/rates.csv"
for how in raw center standardize; do
    for rate in $rates; do
        for seed in $seeds; do
            train --set "preprocess=$(chain $how)" --set "train.lr=$rate" --set "seed=$seed"
            outcome=finished
            [ "$status" = 0 ] || outcome=diverged
            printf '%s,%s,%s,%s,%s\n' "$how" "$rate" "$seed" "$outcome" "$(last "$work/run/epochs.csv" train_loss)" \
                >>"$work/rates.csv"
        done
    done
done
# "classes": [ … ] is the last member of "data" in summary.json
classes=$(awk '/^ *"classes": \[/ { on = 1 } on { text = text $0 } on && /\]/ { exit }
               END { if (text == "") exit 1; print gsub(/,/, ",", text) + 1 }' "$work/run/summary.json") ||
    die "$config: has no classes: it is a regression" 2
limit=$(awk -v classes="$classes" 'BEGIN { printf "%.6g", 0.9 * log(classes) }')

# the largest rate at which every seed trained
awk -F , -v limit="$limit" '
    NR == 1 { print "preprocess,largest_lr"; next }
    !($1 in rate) { how[++hows] = $1; rate[$1] = "nan" }
    { trained[$1, $2] += $4 == "finished" && $5 + 0 < limit; runs[$1, $2]++
      if (!(($1, $2) in seen)) { seen[$1, $2] = 1; list[$1] = list[$1] " " $2 } }
    END { for (i = 1; i <= hows; i++) {
              n = split(list[how[i]], at, " ")
              for (j = 1; j <= n; j++)
                  if (trained[how[i], at[j]] == runs[how[i], at[j]] && (rate[how[i]] == "nan" || at[j] + 0 > rate[how[i]] + 0))
                      rate[how[i]] = at[j]
              print how[i] "," rate[how[i]] } }' "$work/rates.csv" >"$work/largest.csv"
draw study_rates.gp "$limit" "$classes"
keep rates.csv "$out/rates.csv"
keep largest.csv "$out/largest.csv"
keep rates.png "$out/rates.png"
