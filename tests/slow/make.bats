#!/usr/bin/env bats
# The Makefile as its user meets it, in a copy of the sources.

setup_file() {
    copy=$(mktemp -d)
    export copy
    git ls-files -z | xargs -0 cp --parents -t "$copy"
}

teardown_file() { rm -rf -- "$copy"; }

setup() {
    unset MAKEFLAGS MFLAGS MAKELEVEL MODE CC
    cd "$copy" || return 1
}

@test "make: an unknown mode is an error" {
    run make MODE=bogus
    [ "$status" -eq 2 ]
    [[ $output = *"unknown MODE 'bogus'; use release, debug, asan or tsan"* ]]
}

@test "make: help names every target" {
    run make help
    for target in all demo test check study bench mutants data format install uninstall clean help; do
        [[ $output = *"make $target "* ]]
    done
}

@test "make: ./nnexp is that of the mode asked for last; other flags build anew" {
    make MODE=debug nnexp
    cmp nnexp build/debug/nnexp
    make nnexp
    cmp nnexp build/release/nnexp
    make MODE=debug nnexp
    cmp nnexp build/debug/nnexp
    run make MODE=debug nnexp
    [ -z "$output" ]
    run make MODE=debug nnexp CPPFLAGS=-DANOTHER
    [[ $output = *"CC       src/base/arena.c"* ]]
}

@test "make: install and uninstall under PREFIX and DESTDIR" {
    make MODE=debug install DESTDIR="$copy/root" PREFIX=/opt/n
    "$copy/root/opt/n/bin/nnexp" --version
    [ -f "$copy/root/opt/n/share/nnexp/configs/relu_he.json" ]
    "$copy/root/opt/n/bin/nnexp" -q -c "$copy/root/opt/n/share/nnexp/configs/spiral.json" -s train.epochs=1 -o "$copy/run"
    # the study, without make: its verdicts are of another compiler's flags
    (cd "$copy" && env -u NNEXP PATH="$copy/root/opt/n/bin:$PATH" "$copy/root/opt/n/share/nnexp/scripts/study.sh" --seeds 2 --no-pictures 5) || [ $? -eq 1 ]
    [ "$(wc -l <"$copy/runs/study/activation_costs.csv")" -gt 10 ]
    [ "$(jq .row "$copy/runs/study/05-relu-cheap/verdict.json")" = 5 ]
    make MODE=debug uninstall DESTDIR="$copy/root" PREFIX=/opt/n
    [ -z "$(find "$copy/root" -type f)" ]
}

@test "make: the README's new activation applies, builds, is listed and tested" {
    sed -n '/^<!-- activation diff -->$/,/^<!-- end of activation diff -->$/p' README.md | sed '1,2d;$d' | sed '$d' >new.patch
    git apply new.patch
    make MODE=debug nnexp build/debug/tests/unit/test_activation build/debug/tests/double/test_activation
    ./nnexp list activation | grep -q '^tanhshrink'
    CMOCKA_MESSAGE_OUTPUT=TAP build/debug/tests/unit/test_activation
    CMOCKA_MESSAGE_OUTPUT=TAP build/debug/tests/double/test_activation
    ./nnexp -q -c configs/spiral.json -s train.epochs=1 -s model.activation=tanhshrink -o with_it
    git apply -R new.patch
}
