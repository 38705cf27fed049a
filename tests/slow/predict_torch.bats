#!/usr/bin/env bats
# nnexp predict against PyTorch's forward pass of the same file of weights, on the digits.

@test "predict: the digits' probabilities are PyTorch's" {
    /usr/bin/python3 -c 'import torch, sklearn' 2>/dev/null || skip "there is no PyTorch"
    cd "$BATS_TEST_TMPDIR"
    root=$OLDPWD
    program=$(cd "$root" && realpath -- "${NNEXP:-./nnexp}")
    "$program" -c "$root/configs/relu_he.json" --quiet --out run
    for model in best last; do
        "$program" predict --run run --data "$root/data/digits.csv" --model $model --quiet --out p.csv
        file=$([ $model = best ] && echo best || echo model)
        run /usr/bin/python3 "$root/tests/reference/predict.py" run/$file.safetensors "$root/data/digits.csv" p.csv
        echo "$output"
        [ "$status" -eq 0 ]
        [[ "$output" == "1797 rows, largest difference "* ]]
    done
}
