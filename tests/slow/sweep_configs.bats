#!/usr/bin/env bats
# The sweeps of configs/ by the README's commands, and what each config says that they show.

setup_file() {
    copy=$(mktemp -d)
    export copy
    cp -r configs data scripts README.md "$copy"
    cp "$NNEXP" "$copy/nnexp"
    cd "$copy" || return 1
    sed -n '/^## Pictures of sweeps$/,/^|/s/^    //p' README.md >commands
    while IFS= read -r line; do
        case $line in
        *plot_sweep.sh*) command -v gnuplot >/dev/null || continue ;;
        esac
        env -u NNEXP bash -euc "$line" </dev/null >>log 2>&1 || { echo "failed: $line"; cat log; return 1; }
    done <commands
}

teardown_file() { rm -rf -- "$copy"; }

setup() { cd "$copy" || return 1; }

@test "sweeps: the README's commands draw both" {
    [ "$(wc -l <commands)" -eq 4 ]
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    for name in lr_sweep lr_by_init; do
        for picture in loss epochs; do [ "$(wc -c <runs/$name.sweep/plots/$picture.png)" -gt 30000 ]; done
    done
}

# rate, mean val_loss of the seeds that came to their end, their spread, how many diverged
@test "sweeps: lr_sweep is a U, which breaks off above its best rate" {
    awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { r = $at["train.lr"]; if (!(r in seen)) { seen[r] = 1; rate[++n] = r }
          if ($at["status"] == "diverged") diverged[r]++
          else { k[r]++; sum[r] += $at["val_loss"]; if ($at["val_loss"] > most[r]) most[r] = $at["val_loss"]
                 if (!(r in least) || $at["val_loss"] < least[r]) least[r] = $at["val_loss"] } }
        END { for (i = 1; i <= n; i++) { r = rate[i]; print r, k[r] ? sum[r] / k[r] : "nan", most[r] - least[r], diverged[r] + 0 } }' \
        runs/lr_sweep.sweep/sweep.csv >table
    cat table >&2
    awk '{ mean[NR] = $2; spread[NR] = $3; diverged[NR] = $4; if ($2 != "nan" && (!best || $2 < mean[best])) best = NR }
        END { for (i = 2; i <= best; i++) if (mean[i] >= mean[i - 1]) { print "does not fall at row " i; exit 1 }
              for (breaks = 1; breaks <= NR && diverged[breaks] == 0; breaks++) continue
              if (NR != 13 || mean[1] < 5 * mean[best]) { print "the low end is not slow"; exit 1 }
              if (breaks > NR - 2 || breaks < best + 2 || breaks > best + 4) { print "breaks at row " breaks ", best " best; exit 1 }
              for (i = breaks; i <= NR; i++) if (diverged[i] != 5) { print "row " i " does not diverge"; exit 1 }
              if (mean[breaks - 1] < 1.5 * mean[best] || spread[breaks - 1] < 2 * spread[best]) { print "not noisy"; exit 1 } }' table
}

# The largest rate at which no seed diverged and all have half of the digits right: 0 where there is none.
@test "sweeps: lr_by_init: larger first weights lower the largest rate that works" {
    sed 's/"{""name"": ""\([a-z_]*\)"", ""[a-z]*"": \([0-9.]*\)}"/\1:\2/' runs/lr_by_init.sweep/sweep.csv | awk -F , '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { k = $at["model.init"]; r = $at["train.lr"]
          works[k, r] += $at["status"] != "diverged" && $at["val_accuracy"] >= 0.5
          if (!(k in largest)) largest[k] = 0
          if (works[k, r] == 3 && r + 0 > largest[k]) largest[k] = r + 0 }
        END { for (k in largest) print k, largest[k] }' >table
    sort table >&2
    rate() { awk -v name="$1" '$1 == name { print $2 }' table; }
    # below A B: the largest rate of A is below that of B
    below() { awk -v a="$(rate "$1")" -v b="$(rate "$2")" 'BEGIN { exit !(a != "" && b != "" && a < b) }'; }
    [ "$(rate gaussian:0.01)" = 0 ]
    below gaussian:0.01 gaussian:1
    below gaussian:1 variance_scaling:16
    below variance_scaling:16 variance_scaling:8
    below variance_scaling:8 variance_scaling:4
    below variance_scaling:4 he
    below variance_scaling:4 xavier
}
