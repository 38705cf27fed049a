#!/usr/bin/env bats
# scripts/plot_sweep.sh: pictures of sweeps that nnexp made and of tables made here; what it refuses.

load common

setup() {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    cd -- "$BATS_TEST_TMPDIR" || return 1
    plot=$root/scripts/plot_sweep.sh
    # names below hold the command `pwned`: wherever it should be run, it leaves a trace here
    mkdir bin
    printf '#!/bin/sh\ntouch "%s/was_run"\n' "$PWD" >bin/pwned
    chmod +x bin/pwned
    PATH=$PWD/bin:$PATH
}

# table DIR AXES [MODE [PLANNED]] <ROWS: a sweep directory of these axes (a,b); a row is "A,B,STATUS,LOSS"; an axis may
# be quoted. Losses by epoch fall from 2, those of a diverged cell rise. MODE: grid; PLANNED: the axes of sweep.json.
table() {
    local row
    cat >"$BATS_TEST_TMPDIR/rows"
    for row in $(seq "$(wc -l <"$BATS_TEST_TMPDIR/rows")"); do mkdir -p "$1/cells/$(printf %016x "$row")"; done
    awk -v axes="$2" -v directory="$1" 'BEGIN { print "cell," axes ",status,epochs,best_epoch,train_loss,val_loss,val_accuracy,dir" }
        { match($0, /,[a-z_]+,[^,]*$/)
          split(substr($0, RSTART + 1), last, ",")
          hash = sprintf("cells/%016x", NR)
          print NR "," substr($0, 1, RSTART - 1) "," last[1] ",3,3," last[2] "," last[2] "," (last[2] == "nan" ? "nan" : 1 / (1 + last[2])) "," hash
          if (last[1] == "missing") next
          file = directory "/" hash "/epochs.csv"
          print "epoch,val_loss" >file
          for (e = 0; e <= 3; e++) print e "," 2 * (last[1] == "diverged" ? 30 : 0.5) ^ e >file
          close(file) }' "$BATS_TEST_TMPDIR/rows" >"$1/sweep.csv"
    printf '{"cells": %d, "sweep": {"axes": %s, "mode": "%s"}}\n' $(($(wc -l <"$1/sweep.csv") - 1)) "${4:-{\}}" "${3:-grid}" >"$1/sweep.json"
}

# rates: rows of five rates and two seeds; the last rate diverges, the fourth with one seed.
rates() {
    printf '%s\n' 0.001,1,finished,1.5 0.001,2,finished,1.7 0.01,1,finished,0.5 0.01,2,stopped_early,0.6 \
        0.1,1,finished,0.1 0.1,2,finished,0.2 1,1,finished,4 1,2,diverged,nan 10,1,diverged,nan 10,2,diverged,900
}

# pictures DIR: their names.
pictures() { (cd -- "$1/plots" && echo *); }

# marks FILE SIGN [COLOUR]: how many of gnuplot's marks of that number an SVG has.
marks() { grep -c "xlink:href='#gpPt$2' .*color='${3:-}" "$1" || true; }

# key_names FILE: where a line of an SVG's key begins, and its text.
key_names() {
    sed -n '/translate([-0-9.]*,[-0-9.]*)".*text-anchor="start"/{s/.*translate(\([-0-9.]*\),.*/\1/;N;s/\n[^>]*>\([^<]*\)<.*/\t\1/p;}' "$1"
}

# text_heights FILE TEXT…: how far from the top of an SVG these stand.
text_heights() {
    local file=$1 text
    shift
    for text; do grep -F -B 1 ">$text<" "$file" | sed -n 's/.*translate([-0-9.]*,\([-0-9.]*\)).*/\1/p'; done
}

# shows FILE TEXT…
shows() {
    local file=$1 text
    shift
    for text; do grep -qF ">$text<" "$file" || { echo "$file does not show: $text"; return 1; }; done
}

@test "plot_sweep: what nnexp sweep made" {
    points
    config '{"data": {"file": "ok.csv", "validation": 0.25}, "model": {"hidden": [3]}, "train": {"batch": 4, "epochs": 3},
             "sweep": {"axes": {"train.lr": {"log": [0.01, 1e8, 3]}, "model.init": ["he", {"name": "gaussian", "std": 0.1}]}, "repeat": 2}}'
    nnexp sweep -c a.json -q --out "a b.sweep"
    done_with 0
    tell "$plot" "a b.sweep"
    done_with 0
    equals "wrote ./a b.sweep/plots/loss.png
wrote ./a b.sweep/plots/epochs.png" "$out"
    equals "" "$err"
    for picture in loss epochs; do
        [ "$(head -c 4 "a b.sweep/plots/$picture.png" | tail -c 3)" = PNG ]
        [ "$(wc -c <"a b.sweep/plots/$picture.png")" -gt 10000 ]
    done
    tell "$plot" --svg "a b.sweep" --out other
    equals "wrote ./other/loss.svg
wrote ./other/epochs.svg" "$out"
    shows other/loss.svg 'a b' he 'gaussian, std: 0.1' 'learning rate (train.lr)' 'mean ± standard error of 2 seeds'
    tell "$plot" "a b.sweep" --term
    done_with 0
    equals "a b" "$(head -n 1 .out)"
    [[ "$out" == *"validation loss at the end"* && "$out" != *$'\033'* && "$out" != *$'\f'* ]]
}

@test "plot_sweep: means, errors and diverged seeds are those of Python's csv and statistics" {
    sed -n 's/^csv //p' "$root/tests/reference/plot_sweep.txt" >sweep.csv
    echo '{"cells": 96, "sweep": {"mode": "grid"}}' >sweep.json
    # x is the first numeric axis of more than two values; model.init comes next, train.batch is what is best
    DIR=. X='' BY='' LC_ALL=C awk -f "$root/scripts/parts/sweep_read.awk" -f "$root/scripts/parts/sweep_cut.awk" \
        -f "$root/scripts/parts/sweep.awk" kind=json sweep.json kind=csv sweep.csv >said
    equals "gaussian, std: 0.01 he" "$(paste -sd ' ' curves.txt)"
    grep -qx 'X_LOG = 1' facts.gp
    equals "$(cut -f 2 point_?.dat | sort -g | sed -n '1p;$p' | paste -sd ' ')" \
        "$(sed -n 's/^LOSS_LOW = //p; s/^LOSS_HIGH = //p' facts.gp | paste -sd ' ')" # no error reaches beyond its cells here
    for k in 1 2; do
        awk -v name="$([ $k = 1 ] && echo gaussian || echo he)" 'NF {
            printf "mean %.6g %s", $1, name
            for (i = 2; i <= 7; i++) printf " %.6g", $i
            print "" }' curve_$k.dat
    done >got
    grep '^mean' "$root/tests/reference/plot_sweep.txt" | cmp - got || { diff - got < <(grep '^mean' "$root/tests/reference/plot_sweep.txt"); false; }
    awk '{ printf "diverged %.6g %s %d %d\n", $1, $3 == 1 ? "gaussian" : "he", $4, $5 }' crosses.dat >got
    grep '^diverged' "$root/tests/reference/plot_sweep.txt" | cmp - got
    equals 'at each point the best of train.batch' "$(sed -n 8p texts.txt)"
    equals 'mean ± standard error of 4 seeds, without cells that did not come to their end, at each point the best of train.batch' \
        "$(sed -n 6p texts.txt)"
}

@test "plot_sweep: one rate axis: points, means, band; crosses where cells diverged" {
    rates | table a.sweep train.lr,seed
    "$plot" --svg a.sweep >&2
    equals "epochs.svg loss.svg" "$(pictures a.sweep)"
    shows a.sweep/plots/loss.svg a '10 cells: 6 finished, 1 stopped early, 3 diverged' 'mean ± standard error of 2 seeds' \
        'one cell' '± standard error' 'diverged (n/m: n of m)' 1/2 'validation loss at the end' 'validation accuracy at the end'
    # a cross for the rate at which all diverged, one in the key; four means a panel, one in the key
    equals 2 "$(marks a.sweep/plots/loss.svg 1)"
    equals 9 "$(grep -c "#gpPt6.*scale(6.19)" a.sweep/plots/loss.svg)"
    shows a.sweep/plots/epochs.svg 'learning rate (train.lr)' epoch 'validation loss' finished diverged
    # diverged in three cells, and the key
    equals 4 "$(marks a.sweep/plots/epochs.svg 1)"
}

@test "plot_sweep: two numeric axes have a map, with the lowest framed and the diverged crossed out" {
    for lr in 0.01 0.1 1; do
        for batch in 8 64; do echo "$lr,$batch,$([ $lr = 1 ] && [ $batch = 8 ] && echo diverged,nan || echo "finished,$lr$batch")"; done
    done | table a_b^c.sweep train.lr,train.weight_decay
    "$plot" --svg a_b^c.sweep >&2
    equals "epochs.svg loss.svg map.svg" "$(pictures a_b^c.sweep)"
    shows a_b^c.sweep/plots/map.svg a_b^c 0.018 0.0164 0.18 0.164 164 8 64 train.weight_decay 'learning rate (train.lr)' \
        'validation loss at the end; framed: the lowest; crossed out: diverged'
    equals 1 "$(grep -c "stroke='rgb(213,  94,   0)'" a_b^c.sweep/plots/map.svg)"
    shows a_b^c.sweep/plots/loss.svg a_b^c train.weight_decay:
    shows a_b^c.sweep/plots/epochs.svg a_b^c
    "$plot" a_b^c.sweep >&2
    [ "$(wc -c <a_b^c.sweep/plots/map.png)" -gt 8000 ]
    # room for the numbers beside it, and for the axis' name beside those
    for decay in 0.000123 0.00123 0.0123; do for lr in 0.01 0.1 1; do echo "$lr,$decay,finished,$lr"; done; done |
        table d.sweep train.lr,train.weight_decay
    "$plot" --svg d.sweep >&2
    # in a PNG letters are a third wider, those of 0.000123 by 25 pixels together
    awk -F '[(,]' '/translate.*rotate\(270\)/ { exit $2 < 25 + 20 }' d.sweep/plots/map.svg
}

@test "plot_sweep: categories have means with error bars; names are shown and never executed" {
    printf '%s\n' 'a, b' 'q"uote' '`pwned`' '$(pwned)' '50%d @x {/Bold y} ^2_3' 'ünïcödé' '"; pwned; "' "'; system(\"pwned\") '" |
        sed 's/"/""/g; s/.*/"&"/' >names
    while IFS= read -r name; do printf '%s\n' "$name,1,finished,1" "$name,2,finished,2"; done <names | table '$(pwned)`pwned`.sweep' '"data.`pwned`,x",seed'
    for form in svg png term; do
        tell "$plot" --$form '$(pwned)`pwned`.sweep'
        done_with 0
    done
    shows '$(pwned)`pwned`.sweep/plots/loss.svg' '$(pwned)`pwned`' 'data.`pwned`,x' 'a, b' 'q"uote' '`pwned`' '$(pwned)' \
        'ünïcödé' 'mean ± standard error'
    shows '$(pwned)`pwned`.sweep/plots/epochs.svg' '50%d @x {/Bold y} ^2_3' 'a, b' '"; pwned; "' "'; system(\"pwned\") '"
    [ ! -e was_run ]
    # a line break within a value, bytes that are no UTF-8
    printf 'cell,a,status,epochs,best_epoch,train_loss,val_loss,val_accuracy,dir\n1,"x\ny",finished,1,1,1,1,1,cells/0\n2,\377`pwned`,finished,1,1,2,2,1,cells/1\n' >a.csv
    mkdir b && mv a.csv b/sweep.csv && echo '{"cells": 2}' >b/sweep.json
    tell "$plot" --svg b
    done_with 0
    shows b/plots/loss.svg 'x y' '?`pwned`'
    [ ! -e was_run ]
}

@test "plot_sweep: the key has room for its longest entry, and lists of steps are told apart in it" {
    for dropout in 0 0.2 0.5; do
        for lr in 0.01 0.1 1; do
            for seed in 1 2; do echo "$lr,$dropout,$seed,$([ $lr,$dropout = 1,0.5 ] && echo diverged,nan || echo "finished,1.$seed")"; done
        done
    done | table a.sweep train.lr,model.dropout,seed
    (cd a.sweep && DIR=. X='' BY='' LC_ALL=C awk -f "$root/scripts/parts/sweep_read.awk" -f "$root/scripts/parts/sweep_cut.awk" \
        -f "$root/scripts/parts/sweep.awk" kind=json sweep.json kind=csv sweep.csv)
    grep -qx 'KEY_WIDTH = 16' a.sweep/facts.gp # '± standard error', not 'diverged'
    for step in standardize '{"name": "pca", "components": 20}' '{"name": "per_channel_whiten", "components": 20}'; do
        for lr in 0.01 0.1 1; do
            for seed in 1 2; do echo "$lr,\"[${step//\"/\"\"}]\",$seed,finished,1.$seed"; done
        done
    done | table b.sweep train.lr,preprocess,seed
    "$plot" --svg b.sweep >&2
    key_names b.sweep/plots/loss.svg >names
    equals "[pca, components: 20] [per_channel_wh…components: 20] [standardize] one cell ± standard error" \
        "$(cut -f 2 names | LC_ALL=C sort | paste -sd ' ')"
    # two columns, apart by 31 letters of about 8.2 pixels and a sign of 48
    cut -f 1 names | sort -un | awk 'NR > 1 && $1 - last < 31 * 8.2 + 48 { bad = 1 } { last = $1 } END { exit bad || NR != 2 }'
}

@test "plot_sweep: three axes and more: the best over the rest; --x and --by choose" {
    for a in relu tanh; do for lr in 0.01 0.1 1; do for batch in 8 64; do echo "$a,$lr,$batch,finished,1.$batch"; done; done; done |
        table a.sweep model.activation,train.lr,train.batch
    "$plot" --svg a.sweep >&2
    shows a.sweep/plots/loss.svg 'one cell a point, at each point the best of train.batch' relu tanh 'learning rate (train.lr)' model.activation:
    "$plot" --svg a.sweep --x train.batch --by train.lr >&2
    shows a.sweep/plots/loss.svg 'one cell a point, at each point the best of model.activation' train.batch 'learning rate (train.lr):' 0.01
    tell "$plot" a.sweep --x lr
    equals "2 plot_sweep.sh: lr: no axis of this sweep; it has model.activation, train.lr, train.batch" "$status $err"
    tell "$plot" a.sweep --x train.lr --by train.lr
    equals "2 plot_sweep.sh: --by: 'train.lr' is --x already; choose another axis" "$status $err"
}

@test "plot_sweep: more than eight curves: eight are drawn, and it says so" {
    for d in 0 1 2 3 4 5 6 7 8 9; do for lr in 1 2 3; do echo "$lr,0.$d,finished,$d.5"; done; done | table a.sweep train.lr,model.dropout
    "$plot" --svg a.sweep >&2
    shows a.sweep/plots/loss.svg 'one cell a point, 8 of 10 values of model.dropout' 0.9
}

@test "plot_sweep: a random sweep: loss against each axis" {
    awk 'BEGIN { for (i = 1; i <= 12; i++) print 10 ^ (i / 3 - 4) "," i / 20 "," (i % 2 ? "relu" : "tanh") "," (i > 10 ? "diverged,nan" : "finished," i / 5) }' |
        table a_b.sweep train.lr,model.dropout,model.out_put random '{"train.lr": {"log": [1e-4, 1]}, "model.dropout": {"linear": [0, 1]}}'
    "$plot" --svg a_b.sweep >&2
    equals "epochs.svg scatter.svg" "$(pictures a_b.sweep)"
    shows a_b.sweep/plots/scatter.svg 'learning rate (train.lr)' model.dropout model.out_put a_b relu tanh 'one cell' 'the lowest' diverged
    # ten cells and two crosses a panel, one of each in the key
    equals 31 "$(marks a_b.sweep/plots/scatter.svg 6)"
    equals 7 "$(marks a_b.sweep/plots/scatter.svg 1)"
    not grep -q '10^{' a_b.sweep/plots/scatter.svg # the markup of powers is drawn, not shown
    run "$plot" --term a_b.sweep
    [ "$status" -eq 0 ]
    # on linear scales: marks far enough apart to be read, none with the blank that gnuplot puts before numbers
    awk 'BEGIN { for (i = 1; i <= 12; i++) print 1000 + 37 * i "," i / 120 "," i ",finished," 0.1 + i / 150 }' |
        table c.sweep data.train_rows,model.dropout,train.batch random
    "$plot" --svg c.sweep >&2
    shows c.sweep/plots/scatter.svg 1100 1400
    not grep -q -e '>1050<' -e '>0.03<' -e '> [0-9.]*<' c.sweep/plots/scatter.svg
}

@test "plot_sweep: odd shapes: one cell, seeds alone, a zero before a log axis, all diverged, no validation, regression" {
    echo 0.1,finished,0.5 | table one train.lr
    printf '%s\n' 1,finished,1 2,finished,2 3,finished,3 | table seeds seed
    printf '%s\n' 0,finished,1 0.001,finished,2 0.01,finished,3 0.1,finished,3 | table zero train.weight_decay
    printf '%s\n' 1,diverged,nan 10,diverged,nan 100,diverged,9 | table broken train.lr
    rates | table blind train.lr,seed
    sed -i -E '2,$s/(,3,3,[^,]*),[^,]*,[^,]*,/\1,nan,nan,/' blind/sweep.csv
    sed -i 's/val_loss/train_loss/' blind/cells/*/epochs.csv
    rates | table error train.lr,seed
    sed -i 1s/val_accuracy/val_rmse/ error/sweep.csv
    for name in one seeds zero broken blind error; do
        tell "$plot" --svg $name
        done_with 0
        equals "" "$err"
        equals "epochs.svg loss.svg" "$(pictures $name)"
    done
    shows zero/plots/loss.svg 0 # a tick
    shows broken/plots/loss.svg '3 cells: 3 diverged'
    shows blind/plots/loss.svg 'training loss at the end'
    if grep -q '>validation' blind/plots/*.svg; then false; fi
    shows blind/plots/epochs.svg 'training loss'
    shows error/plots/loss.svg 'validation rmse at the end'
}

@test "plot_sweep: halved, failed, unfinished and missing cells are told and left out" {
    printf '%s\n' 1,finished,1 2,halved,0.01 3,failed,nan 4,unfinished,0.01 5,missing,nan 6,finished,2 | table a.sweep train.lr
    "$plot" --svg a.sweep >&2
    shows a.sweep/plots/loss.svg '6 cells: 2 finished, 1 halved, 1 failed, 1 unfinished, 1 missing' \
        'one cell a point, without cells that did not come to their end'
    equals 5 "$(grep -c "#gpPt6.*scale(6.19)" a.sweep/plots/loss.svg)" # two, two, the key
    shows a.sweep/plots/epochs.svg 'cut short' finished
    # the key is a line below the axis' name, not upon it
    printf '%s\n' 1,finished,1 2,halved,0.01 3,diverged,nan | table d.sweep train.lr
    "$plot" --svg d.sweep >&2
    equals 1 "$(text_heights d.sweep/plots/epochs.svg finished diverged 'cut short' | sort -u | wc -l)"
    text_heights d.sweep/plots/epochs.svg epoch finished | sort -n | paste -sd ' ' | awk '{ exit !($2 - $1 > 25) }'
    # long names in as many columns as find room
    for step in pca whiten per_channel_whiten; do
        for end in finished,1 halved,0.01 diverged,nan; do echo "\"[{\"\"name\"\": \"\"$step\"\", \"\"components\"\": 20}]\",0,$end"; done
    done | table e.sweep preprocess,model.dropout
    "$plot" --svg e.sweep >&2
    key_names e.sweep/plots/epochs.svg | awk '$1 < 60 || $1 > 1000 - 31 * 8.2 { exit 1 }'
    printf '%s\n' 1,missing,nan 2,failed,nan | table b.sweep train.lr
    tell "$plot" b.sweep
    equals "1 plot_sweep.sh: ./b.sweep/sweep.csv: nothing to draw yet: 2 cells: 1 failed, 1 missing" "$status $err"
    [ ! -e b.sweep/plots ]
    rates | table c.sweep train.lr,seed
    rm -r c.sweep/cells
    tell "$plot" c.sweep
    equals "0 plot_sweep.sh: ./c.sweep: no cell has epochs to show; their picture is left out" "$status $err"
}

@test "plot_sweep: the others' pictures: schedules that are an axis, the range test" {
    mkdir scripts
    cp -r "$root"/scripts/parts "$plot" scripts
    printf '#!/bin/sh\necho %s "$@"\n' schedules >scripts/plot_schedules.sh
    printf '#!/bin/sh\necho %s "$@"\n' find_lr >scripts/plot_find_lr.sh
    chmod +x scripts/plot_schedules.sh scripts/plot_find_lr.sh
    printf '%s\n' constant,1,finished,1 constant,2,finished,1 cosine,1,finished,1 | table a.sweep train.schedule,seed
    tell scripts/plot_sweep.sh a.sweep
    equals "schedules --png --out ./a.sweep/plots/schedules.png ./a.sweep/." "$(tail -n 1 .out)"
    printf '%s\n' constant,1,finished,1 constant,2,finished,1 cosine,1,finished,1 | table b.sweep train.schedule,train.lr
    tell scripts/plot_sweep.sh --svg b.sweep
    equals "schedules --svg --out ./b.sweep/plots/schedules.svg ./b.sweep/cells/0000000000000001 ./b.sweep/cells/0000000000000003" "$(tail -n 1 .out)"
    mkdir c && touch c/find_lr.csv
    tell scripts/plot_sweep.sh c
    equals "find_lr --png -- ./c" "$out"
}

# refused_plot STATUS MESSAGE ARGUMENT…
refused_plot() {
    local expected=$1 message=$2
    shift 2
    tell "$plot" "$@"
    equals "$expected $message" "$status $(head -n 1 .err)" && equals "" "$out" && not test -e a.sweep/plots
}

@test "plot_sweep: refusals" {
    rates | table a.sweep train.lr,seed
    refused_plot 2 'usage: plot_sweep.sh DIR [--x KEY] [--by KEY] [--out DIR] [--png|--svg|--term]'
    refused_plot 2 'plot_sweep.sh: --pdf: unknown option; use --x, --by, --out, --png, --svg or --term' a.sweep --pdf
    refused_plot 2 'plot_sweep.sh: --x: needs a value' a.sweep --x
    refused_plot 2 'plot_sweep.sh: b: one sweep at a time; the first was a.sweep' a.sweep b
    refused_plot 2 'plot_sweep.sh: ./b: no such directory; give the directory of a sweep' b
    mkdir b
    refused_plot 2 'plot_sweep.sh: ./b: no sweep directory (it has no sweep.json); give the directory of a sweep' b
    echo '{' >b/sweep.json
    refused_plot 2 'plot_sweep.sh: ./b/sweep.csv: cannot read; write it with nnexp sweep --collect' b
    cp a.sweep/sweep.csv b
    refused_plot 1 'plot_sweep.sh: ./b/sweep.json: no JSON, or cut short; run nnexp sweep again' b
    cp a.sweep/sweep.json b
    again='write it again with nnexp sweep --collect'
    # damaged SCRIPT MESSAGE: sweep.csv changed by sed
    damaged() {
        sed -E "$1" a.sweep/sweep.csv >b/sweep.csv
        refused_plot 1 "plot_sweep.sh: ./b/sweep.csv$2" b
    }
    damaged '1,$d' ": is empty; $again"
    damaged '2,$d' ": no rows; $again"
    damaged '7,$d' ": 5 rows of 10 cells; $again"
    damaged '1s/cell/number/' ": its first column is not 'cell'; is this the table of a sweep?"
    damaged '1s/val_loss/loss/' ": no column 'val_loss'; is this the table of a sweep?"
    damaged '1s/train.lr,seed,//' ": has no axis; is this the table of a sweep?"
    damaged '4s/,3,3.*//' ":4: 4 fields, expected 10; $again"
    damaged '4s/finished/done/' ":4: the status is 'done'; $again"
    damaged '4s|cells/|../|' ":4: dir is '../0000000000000003', expected cells/HASH; $again"
    damaged '4s/finished/fin"ished/' ":4: a quote where none may be; $again"
    damaged '4s/finished/"finished"x/' ":4: a quote where none may be; $again"
    damaged '4s/finished/"finished/' ":4: a quote that does not end; $again"
    mkdir path && ln -s "$(command -v sh)" path/sh
    tell env PATH="$PWD/path" sh "$plot" a.sweep
    equals '1 plot_sweep.sh: gnuplot is not installed; run scripts/install_deps.sh plot' "$status $err"
}
