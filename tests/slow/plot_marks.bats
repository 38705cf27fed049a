#!/usr/bin/env bats
# What the pictures of scripts/plot.sh say beside their curves: marks, keys, notes, titles and colour bars.

load ../cli/plot_common

# diverged_in EPOCH: the summary of a run that diverged there; the other epochs in it are not to be taken.
diverged_in() {
    printf '{\n  "status": "diverged",\n  "best_epoch": 0,\n  "best": {\n    "epoch": 0\n  },\n  "final": {\n    "epoch": 9\n  },
  "diverged": {\n    "by": "loss_limit",\n    "epoch": %s,\n    "step": 20\n  },\n  "findings": [\n    {\n      "epoch": 7\n    }\n  ]\n}\n' \
        "$1" >"$work/run/summary.json"
}

# change LOG COLUMN CONDITION VALUE: the column's value where the condition (of awk; e = epoch, k = layer) holds.
change() {
    awk -F , -v OFS=, -v name="$2" -v value="$4" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; print; next }
        { e = $1; k = $2; if ('"$3"') $at = value; print }' "$work/run/$1.csv" >"$work/changed"
    mv "$work/changed" "$work/run/$1.csv"
}

# panel TITLE: the lines of that panel in the terminal's $output.
panel() { printf '%s\n' "$output" | awk -v title="$1" '$0 ~ "^ *" title { on = 1 } on && NF == 0 { exit } on'; }

@test "plot: the epoch in which a run diverged is that of summary.json" {
    make_run "$work/run" 3
    change epochs train_loss 'e >= 1' 900
    diverged_in 2
    "$plot" --svg "$work/run" >&2
    grep -q '>diverged in epoch 2, 2 layers, best epoch 0: ' "$work/run/plots/overview.svg"
    grep -q '>diverged in epoch 2<' "$work/run/plots/loss.svg"
    grep -q '>activations a by layer, epoch 0<' "$work/run/plots/overview.svg"
    change epochs train_loss 'e >= 1' 2
    "$plot" --svg "$work/run" >&2 # the limit may be lower than any jump that can be seen
    grep -q '>diverged in epoch 2<' "$work/run/plots/loss.svg"
    grep -q '>activations a by layer, epoch 1<' "$work/run/plots/overview.svg"
}

@test "plot: a diverged epoch that is a command is not taken" {
    make_run "$work/run" 1
    diverged_in '"`pwned`"'
    run "$plot" --svg "$work/run"
    [ "$status" -eq 0 ]
    grep -q '>diverged, 1 epoch, 2 layers, ' "$work/run/plots/overview.svg"
    [ ! -e "$work/was_run" ]
}

@test "plot: without summary.json a lost loss is marked where the log has it" {
    make_run "$work/run" 5 3 3
    "$plot" --svg "$work/run" >&2
    grep -q '>not finite from 3<' "$work/run/plots/loss.svg"
    grep -q '>not complete, 5 epochs, 3 layers<' "$work/run/plots/overview.svg"
}

@test "plot: --term draws the marked epochs as its key says, below the title" {
    make_run "$work/run" 3
    diverged_in 3
    for columns in 40 80 120; do
        run env TERM=dumb COLUMNS=$columns "$plot" --term "$work/run"
        [ "$status" -eq 0 ]
        loss=$(panel loss)
        [ "$(printf '%s\n' "$loss" | head -n 1 | tr -d ' ')" = loss ]
        [ "$(printf '%s\n' "$loss" | grep -c ':')" -ge 12 ]
        [ "$(printf '%s\n' "$loss" | grep -c '!')" -ge 12 ]
        [ "$(printf '%s\n' "$output" | grep -cE 'best epoch 0 +:')" -eq 2 ]
        [ "$(printf '%s\n' "$output" | grep -cE 'diverged in epoch 3 +!')" -eq 2 ]
    done
}

@test "plot: a long name keeps its beginning and its end, byte by odd byte" {
    cd "$work"
    long=$(printf 'x%.0s' $(seq 200))
    euros=$(printf '€%.0s' $(seq 70))
    for name in "begin$long'end" "begin${euros}end" "$(printf 'begin\377%s`pwned`end' "$long")"; do
        make_run "$name" 1
        run "$plot" --svg "$name"
        [ "$status" -eq 0 ]
        iconv -f UTF-8 -t UTF-8 "$name/plots/loss.svg" >/dev/null
        run "$plot" --term "$name"
        [[ "${lines[0]}" == begin*…*end ]]
        [ "$(printf %s "${lines[0]}" | iconv -f UTF-8 -t UTF-32LE | wc -c)" -eq $((48 * 4)) ]
        grep -qF "begin${lines[0]:5:10}" "$name/plots/loss.svg"
        [ ! -e was_run ]
    done
    name=$(printf 'y%.0s' $(seq 48))
    make_run "$name" 1
    run "$plot" --term "$name"
    [ "${lines[0]}" = "$name" ]
}

@test "plot: the line of 1e-3 is off the edges wherever the ratios lie" {
    for ratio in 0.5 1e-7 1e-3; do
        make_run "$work/run"
        change layers update_ratio 'e > 0' $ratio
        run env TERM=dumb COLUMNS=80 "$plot" --term "$work/run"
        [ "$status" -eq 0 ]
        update=$(panel 'update ratio')
        line=$(printf '%s\n' "$update" | grep -n '1e-3' | cut -d : -f 1)
        [ "$line" -gt 2 ]
        [ "$(printf '%s\n' "$update" | grep -n -- '++---' | cut -d : -f 1)" -gt "$line" ]
    done
}

@test "plot: what a log axis cannot show is told" {
    make_run "$work/run" 6 4
    change layers grad_norm 'k <= 2 && e >= 3' 0
    change layers grad_norm 'k == 4 && e == 2' inf
    change layers update_ratio 'k == 1 && (e == 2 || e == 5)' 0
    change layers update_ratio 'k != 2 && e >= 2 && e <= 4' nan
    change layers a_std 'k >= 3 || (k == 1 && e > 4)' 0 # the output layer is not drawn there
    "$plot" --svg "$work/run" >&2
    cd "$work/run/plots"
    grep -q '>zero in layers 1–2 from epoch 3<' gradient_norm.svg
    grep -q '>inf in layer 4 at epoch 2<' gradient_norm.svg
    grep -q '>zero in layer 1 at epoch 5<' update_ratio.svg
    grep -q '>nan in layers 1, 3–4 in epochs 2–4<' update_ratio.svg
    grep -q '>zero in layer 1 from epoch 5, in layer 3 from epoch 0<' activations.svg
    grep -q '>zero in layers 1–2 from epoch 3<' overview.svg
}

@test "plot: notes on many layers become one, on none nothing" {
    make_run "$work/run" 6 4
    "$plot" --svg "$work/run" >&2
    if grep -E '>(zero|nan|inf) ' "$work/run/plots/"*.svg; then false; fi
    change layers grad_norm 'e >= k' 0
    change layers update_ratio 'k == 2 && (e == 1 || e == 4)' 0
    "$plot" --svg "$work/run" >&2
    grep -q '>zero at times in layers 1–4, epochs 1–6<' "$work/run/plots/gradient_norm.svg"
    grep -q '>zero in layer 2 at times in epochs 1–4<' "$work/run/plots/update_ratio.svg"
    # nor is one longer than its picture is wide
    rm -r "$work/run"
    make_run "$work/run" 6 24
    change layers grad_norm 'k % 2 && e >= 3' 0
    change layers update_ratio 'e >= 3 + (k < 9 && k != 5 || k == 19 || k == 21)' 0
    "$plot" --svg "$work/run" >&2
    grep -q '>zero in 12 layers from epoch 3<' "$work/run/plots/gradient_norm.svg"
    grep -q '>zero at times in layers 1–24, epochs 3–6<' "$work/run/plots/update_ratio.svg"
}

@test "plot: where there is nothing but zeros, the panel says so" {
    make_run "$work/run"
    change layers grad_norm 1 0
    "$plot" --svg "$work/run" >&2
    grep -q '>zero in layers 1–2 from epoch 0<' "$work/run/plots/gradient_norm.svg"
    run "$plot" --term "$work/run"
    [[ "$output" == *'zero in layers 1–2 from epoch 0'* ]]
}

@test "plot: a colour bar has the layers that are drawn, in one colour everywhere" {
    make_run "$work/run" 3 3
    "$plot" --svg "$work/run" >&2
    cd "$work/run/plots"
    for layer in 1 2 3; do grep -q ">$layer</tspan>" gradient_norm.svg; done
    colours() { grep -o 'rgb([^)]*)' "$1" | tr -d ' ' | sort -u; }
    for picture in saturated activations; do
        colours $picture.svg >some && colours gradient_norm.svg >all
        grep -qF 'rgb(165,37,144)' some
        [ "$(comm -13 some all)" = 'rgb(248,149,64)' ] # layer 3, the output
    done
}
