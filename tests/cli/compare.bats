#!/usr/bin/env bats
# scripts/compare.sh: what it draws, what it prints, what it refuses.

load common
load compare_common

@test "compare: a picture a panel, for pages" {
    make_run a
    make_run b 5
    run "$compare" --html=out --panels 'train_loss same_sign_batch:layer:1 a_std:depth:first' --title one --title 'two & <three>' a b
    equals "0 wrote out/train_loss.svg
wrote out/same_sign_batch-layer-1.svg
wrote out/a_std-depth-first.svg" "$status $output"
    for picture in train_loss same_sign_batch-layer-1 a_std-depth-first; do
        shows out/$picture.svg one 'two &amp; &lt;three>'
        LABEL=x awk -v id=p -f "$root/scripts/parts/svg_inline.awk" out/$picture.svg >inline
        equals 2 "$(grep -o 'data-entry="[^"]*"' inline | sort -u | wc -l)"
    done
    equals 3 "$(grep -ho 'id="panel_[0-9]*_plot_1"' out/*.svg | sort -u | wc -l)"
    shows out/train_loss.svg 'training loss' epoch
    shows out/same_sign_batch-layer-1.svg 'same_sign_batch, layer 1' epoch
    shows out/a_std-depth-first.svg 'std of activations by layer, epoch 0' 'hidden layer'
}
