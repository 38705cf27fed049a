# Shared by the bats files that try scripts/plot.sh: run directories made here, and a command that leaves a trace.

setup() {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    work=$(mktemp -d)
    plot=$PWD/scripts/plot.sh
    # names below hold the command `pwned`: wherever it should be run, it leaves a trace here
    mkdir "$work/bin"
    printf '#!/bin/sh\ntouch "%s/was_run"\n' "$work" >"$work/bin/pwned"
    chmod +x "$work/bin/pwned"
    PATH=$work/bin:$PATH
}

teardown() { rm -rf -- "$work"; }

# make_run DIR [EPOCHS [LAYERS [NAN_FROM [ACTIVATION]]]]: logs as nnexp writes them.
make_run() {
    mkdir -p -- "$1"
    echo '{}' >"$1/config.json"
    (cd -- "$1" && ACTIVATION=${5-relu} awk -v epochs="${2-3}" -v layers="${3-2}" -v nan_from="${4-999}" '
        function bad(value, epoch) { return epoch >= nan_from ? "nan" : value }
        function later(value, epoch) { return epoch == 0 ? "nan" : bad(value, epoch) }
        BEGIN {
            print "epoch,step,lr,train_loss,train_accuracy,val_loss,val_accuracy,grad_norm,grad_norm_max,weight_norm,update_ratio" > "epochs.csv"
            print "epoch,layer,activation,a_mean,a_std,saturated,dead,grad_norm,update_ratio" > "layers.csv"
            print "epoch,layer,what,low,high,count" > "histograms.csv"
            for (e = 0; e <= epochs; e++) {
                print e "," e * 10 "," later(0.05, e) "," bad(2 / (e + 1), e) "," bad(0.5, e) "," bad(2.1 / (e + 1), e) "," \
                    bad(0.4, e) "," later(1, e) "," later(2, e) ",3," later(0.001, e) > "epochs.csv"
                for (k = 1; k <= layers; k++) {
                    print e "," k "," (k < layers ? ENVIRON["ACTIVATION"] : "identity") "," bad(0.1 * k, e) "," \
                        bad(0.5, e) "," bad(0.3, e) "," bad(0, e) "," bad(0.1 / k, e) "," later(0.002, e) > "layers.csv"
                    for (b = 0; b < 4; b++) {
                        print e "," k ",z," bad(b - 2, e) "," bad(b - 1, e) "," b + 1 > "histograms.csv"
                    }
                    for (b = 0; b < 4; b++) {
                        print e "," k ",a," bad(b, e) "," bad(b + 1, e) "," 4 - b > "histograms.csv"
                    }
                }
            }
        }')
}

pictures='activations distributions gradient_norm histogram_a histogram_z learning_rate loss overview saturated update_ratio'

# The names of the pictures in DIR of that kind.
drawn() { (cd -- "$1/plots" && for file in *."$2"; do printf '%s ' "${file%."$2"}"; done); }
