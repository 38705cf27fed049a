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

# said DIR SUMMARY: the run's summary.json.
said() { printf '%s\n' "$2" >"$1/summary.json"; }

# cut_runs PANELS RUN…: what compare.awk makes of runs, in ./cut; of those that diverged, as summary.json says.
cut_runs() {
    local panels=$1 parts=$root/scripts/parts k=0
    shift
    rm -rf cut && mkdir cut
    for run; do
        ln -s "$PWD/$run" "cut/run_$((++k))"
        echo "$run" >>cut/names.txt
        printf '%s\t%s\n' "$(words "$run/layers.csv" layer | tr ' ' '\n' | sort -n | tail -n 1)" \
            "$(jq '.diverged.epoch // -1' "$run/summary.json" 2>/dev/null || echo -1)" >>cut/runs.dat
    done
    (cd cut && LC_ALL=C PANELS=$(printf '%s\n' $panels) awk -v form="${form:-png}" -f "$parts/compare_read.awk" \
        -f "$parts/compare_words.awk" -f "$parts/compare.awk")
}
# axis P: bottom, top, logarithmic, range of x of panel P; notes P: its notes.
axis() { sed -n "${1}p" cut/axes.txt | cut -d' ' -f1-5; }
notes() { sed -n "${1}p" cut/notes.txt | tr '\t' ';'; }

# set_value FILE EPOCH COLUMN VALUE: in all rows of that epoch.
set_value() {
    awk -F , -v OFS=, -v epoch="$2" -v name="$3" -v value="$4" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i } $1 == epoch { $at = value } { print }' "$1" >new.csv
    mv new.csv "$1"
}
