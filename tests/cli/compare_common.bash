# shellcheck shell=bash disable=SC2034,SC2154
# What the tests of scripts/compare.sh share: logs as nnexp writes them, of values that a test chooses.

setup() {
    cd -- "$BATS_TEST_TMPDIR" || return 1
    command -v gnuplot >/dev/null && command -v jq >/dev/null || skip "gnuplot or jq is not installed"
    compare=$root/scripts/compare.sh
}

# make_run DIR [EPOCHS [LAYERS [SCALE]]]: the run's values, at epoch e: losses SCALE/(e + 1) and 1.1 times that.
make_run() {
    mkdir -p -- "$1"
    echo '{"seed": 1, "train": {"lr": 0.05}}' >"$1/config.json"
    (cd -- "$1" && awk -v epochs="${2-3}" -v layers="${3-3}" -v scale="${4-2}" '
        function later(value) { return e == 0 ? "nan" : value }
        BEGIN {
            print "epoch,step,lr,train_loss,train_accuracy,val_loss,val_accuracy,grad_norm,grad_norm_max,weight_norm,update_ratio" > "epochs.csv"
            print "epoch,layer,activation,a_mean,a_std,saturated,dead,delta_rms,grad_norm,same_sign_batch,update_ratio" > "layers.csv"
            for (e = 0; e <= epochs; e++) {
                loss = scale / (e + 1)
                print e "," e * 10 "," later(0.05) "," loss ",0.5," 1.1 * loss "," 0.4 + e / 100 "," later(scale) "," later(2) ",3," \
                    later(0.001) > "epochs.csv"
                for (k = 1; k <= layers; k++)
                    print e "," k "," (k < layers ? "relu" : "identity") ",0.1," scale / (k + e) ",0.3,0," 0.1 / k "," scale / k ",0.5," \
                        later(0.002) > "layers.csv"
            }
        }')
}

# shows FILE.svg TEXT…: whether each of them stands in it as a text of its own.
shows() {
    local file=$1
    shift
    for text; do
        sed 's/\xc2\xa0/ /g' "$file" | grep -qF -- ">$text<" || { echo "no '$text' in $file"; return 1; }
    done
}
