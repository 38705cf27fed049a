#!/bin/sh
# Trains a config again and again with more and more principal components, and draws what that does to the accuracy.
set -eu
name=study_components.sh
self=$0
usage='usage: study_components.sh [--config FILE] [--components LIST] [--seeds LIST] [--set KEY=VALUE]… [--out DIR]
Trains with the last pca or whiten step of preprocess at each number of components; DIR/components.csv has a row a run,
DIR/components.png the picture. A run that diverged has no accuracy (nan) and counts in no mean; the picture marks it at
the bottom. Without options: configs/digits_pca.json, 1 2 3 5 8 12 16 20 30 40 61 components,
seeds 1 2 3, runs/study_components.'
# shellcheck source=scripts/parts/run_common.sh
. "$(dirname -- "$0")/parts/run_common.sh"

config=$scripts/../configs/digits_pca.json
values='1 2 3 5 8 12 16 20 30 40 61'
seeds='1 2 3'
out=runs/study_components
read_options components "$@"
components=$values
plain "$components" 'numbers of components, as in "1 2 5"'
plain "$seeds" 'seeds, as in "1 2 3"'
begin

train --set train.epochs=0
[ -r "$work/run/preprocess.csv" ] || die "$config: its preprocess has neither pca nor whiten; add one" 2
step=$(awk -F , 'END { print $1 }' "$work/run/preprocess.csv")
awk -F , -v step="$step" 'NR > 1 && $1 == step { print $3 "," $6 }' "$work/run/preprocess.csv" >"$work/variance.csv"
head -n 1 "$work/run/epochs.csv" | grep -q val_accuracy || die "$config: has no accuracy: it is a regression" 2
[ "$(last "$work/run/epochs.csv" val_accuracy)" != nan ] || die "$config: has no validation rows; set data.validation" 2

echo components,seed,status,val_loss,val_accuracy >"$work/components.csv"
for k in $components; do
    for seed in $seeds; do
        train --set "preprocess.$step.components=$k" --set "seed=$seed"
        outcome=finished
        accuracy=$(last "$work/run/epochs.csv" val_accuracy)
        [ "$status" = 0 ] || { outcome=diverged && accuracy=nan; }
        printf '%s,%s,%s,%s,%s\n' "$k" "$seed" "$outcome" "$(last "$work/run/epochs.csv" val_loss)" "$accuracy" \
            >>"$work/components.csv"
    done
done
draw study_components.gp
keep components.csv "$out/components.csv"
keep components.png "$out/components.png"
