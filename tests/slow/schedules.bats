#!/usr/bin/env bats
# Schedules in long runs: kill -9 wherever it comes, and what configs/decay.json is to show.

load ../cli/common

# Rates that remember, or count updates over the whole run, one line of --set assignments each.
remembering() {
    cat <<'SETS'
train.schedule={"name":"plateau","patience":2,"factor":0.7,"cooldown":1} train.optimizer=adam
train.schedule=one_cycle
train.schedule={"name":"cyclic","up":130,"down":310,"mode":"triangular2"} train.optimizer=adam
train.schedule={"name":"cosine_restarts","first":15,"multiplier":2} train.warmup={"epochs":20.5}
SETS
}

@test "schedules: killed at any moment and resumed: the bytes of the unbroken runs" {
    nnexp generate spiral --rows 400 -s noise=0.3
    mv .out spiral.csv
    config '{"data": {"file": "spiral.csv", "validation": 0.25}, "model": {"hidden": [24, 16]},
             "train": {"batch": 16, "epochs": 250, "lr": 0.02}, "log": {"histograms": false}}'
    local kills=0
    while read -r -a sets; do
        args=()
        for one in "${sets[@]}"; do args+=(-s "$one"); done
        rm -rf whole
        nnexp -q -c a.json -o whole "${args[@]}"
        done_with 0
        [ "$(sed 1,2d whole/epochs.csv | cut -d , -f 3 | sort -u | wc -l)" -ge 3 ] # the rate changes
        # killed as soon as so many rows are there, again and again
        for step in 7 40 90; do
            rm -rf broken
            again=
            for rows in $(seq $step $step 240); do
                "$NNEXP" -q -c a.json -o broken "${args[@]}" $again 2>.err &
                run=$!
                wait_for_rows "$rows" broken/epochs.csv
                kill -KILL $run 2>/dev/null || true
                if ! wait $run 2>/dev/null; then kills=$((kills + 1)); fi
                again=--resume
            done
            nnexp -q -c a.json -o broken "${args[@]}" --resume
            done_with 0
            same_run whole broken || { echo "${sets[*]}, killed every $step epochs"; return 1; }
        done
    done < <(remembering)
    echo "$kills kills"
    [ "$kills" -ge 20 ]
}

@test "schedules: decay.json: the rate held is the worst by far; each way to lower it ends below half of that" {
    nnexp sweep -q -c "$root/configs/decay.json" -o decay
    done_with 0
    # the mean val_loss of each five seeds, in plan order: constant first
    awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "val_loss") at = NF - i; next }
              { sum += $(NF - at) } NR % 5 == 1 { printf "%.5f ", sum / 5; sum = 0 }' decay/sweep.csv >means
    cat means
    read -r -a mean <means || true
    equals 5 "${#mean[@]}"
    for i in 1 2 3 4; do awk -v a="${mean[0]}" -v b="${mean[$i]}" 'BEGIN { exit !(b < a / 2) }'; done
}

@test "schedules: decay.json: held at its own best rate, constant ends where its about says" {
    nnexp sweep -q -c "$root/configs/decay.json" -o constant --axis train.schedule=constant --axis train.lr=0.003,0.005,0.007,0.01,0.014
    done_with 0
    head -n 2 .out
    awk 'NR == 2 { exit !($3 >= 0.005 && $3 <= 0.01 && $5 > 0.0083 && $5 < 0.0097) }' .out
}
