#!/usr/bin/env bats
# Augmentation where it helps, and where it hurts: validation accuracy of the committed config pairs over five seeds.

load ../cli/common

# accuracy CONFIG: the mean of val_accuracy after the last epoch over seeds 1 … 5.
accuracy() {
    local seed
    for seed in 1 2 3 4 5; do
        "$NNEXP" -q -c "$root/configs/$1.json" -o run --force -s seed=$seed || return 1
        column run/epochs.csv val_accuracy | tail -n 1
    done | awk '{ sum += $1 } END { if (NR != 5) exit 1; print sum / 5 }'
}

# above A B: A is larger; says both.
above() {
    echo "# $1 against $2" >&3
    awk -v a="$1" -v b="$2" 'BEGIN { exit !(a > b) }'
}

@test "augment: shapes gain by flips, crops and colours" {
    plain=$(accuracy shapes_plain)
    above "$(accuracy shapes_augmented)" "$(echo "$plain" | awk '{ print $1 + 0.2 }')"
}

@test "augment: letters that are their own mirror images gain" {
    plain=$(accuracy glyphs_plain)
    above "$(accuracy glyphs_augmented)" "$(echo "$plain" | awk '{ print $1 + 0.2 }')"
}

@test "augment: a flip hurts where it changes the class" {
    flipped=$(accuracy mirrored_flipped)
    above "$(accuracy mirrored_plain)" "$(echo "$flipped" | awk '{ print $1 + 0.2 }')"
}
