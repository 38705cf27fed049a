#!/usr/bin/env bats
# Short runs against logs that are committed, so that a change of the numbers is a decision and never an accident.
# Other CPUs add up in another order: figures may differ by 1e-4 of themselves, shares by a few entries.
# `GOLDEN=new bats tests/cli/golden.bats` writes the logs anew.

load common

# near WANTED GOT: two logs of the same rows and columns.
near() {
    awk -F , -v share='^(zero|saturated|dead|same_sign_row|train_accuracy|val_accuracy)$' '
        function differs(a, b,   d, size) {
            if (a == b) return 0
            if (a !~ /^-?[0-9]/ || b !~ /^-?[0-9]/) return 1
            d = a > b ? a - b : b - a
            size = a < 0 ? -a : a
            return d > 1e-4 * size + (name[i] ~ share ? 2e-4 : 1e-7)
        }
        FNR == 1 { file++ }
        file == 1 { wanted[FNR] = $0; rows = FNR; next }
        FNR == 1 { split($0, name); if ($0 != wanted[1]) { print "header: " $0; bad = 1 } next }
        {
            n = split(wanted[FNR], old)
            if (n != NF) { print "row " FNR ": other columns"; bad = 1 }
            for (i = 1; i <= NF; i++)
                if (differs(old[i] "", $i "") && bad++ < 9) print "row " FNR ": " name[i] ": wanted " old[i] ", got " $i
        }
        END { exit bad || rows != FNR || rows < 2 }' "$1" "$2"
}

# golden NAME CONFIG MORE…
golden() {
    local name=$1 config=$2 log
    shift 2
    nnexp -q -c "$root/configs/$config.json" -o run "$@"
    done_with 0
    for log in epochs layers; do
        if [ "${GOLDEN-}" = new ]; then
            mkdir -p "$root/tests/golden/$name"
            cp "run/$log.csv" "$root/tests/golden/$name/"
        fi
        near "$root/tests/golden/$name/$log.csv" "run/$log.csv"
    done
}

@test "golden: spiral: relu, sgd with momentum" { golden spiral spiral -s train.epochs=4; }

@test "golden: digits: two hidden layers, standardized, cosine" { golden digits relu_he -s train.epochs=2; }

@test "golden: regression: tanh, adam, mse" { golden regression regression -s train.epochs=4; }

@test "golden: the comparison sees what it must" {
    logs=$root/tests/golden/spiral
    near "$logs/epochs.csv" "$logs/epochs.csv"
    not near "$logs/epochs.csv" <(sed '$d' "$logs/epochs.csv")
    not near "$logs/epochs.csv" <(sed '1s/lr/rl/' "$logs/epochs.csv")
    not near "$logs/epochs.csv" <(awk -F , -v OFS=, 'NR == 4 { $4 *= 1.001 } { print }' "$logs/epochs.csv")
    not near "$logs/epochs.csv" <(awk -F , -v OFS=, 'NR == 4 { $4 = "nan" } { print }' "$logs/epochs.csv")
    near "$logs/epochs.csv" <(awk -F , -v OFS=, 'NR == 4 { $4 = sprintf("%.9g", $4 * 1.00001) } { print }' "$logs/epochs.csv")
}
