#!/usr/bin/env bats
# scripts/plot.sh on odd runs, names and places.

load ../cli/plot_common

@test "plot: one layer, epoch 0 alone, one epoch, many layers, rows of nan" {
    for shape in "3 1" "0 2" "1 1" "2 30" "5 3 3" "3 2 0"; do
        rm -rf "$work/run"
        # shellcheck disable=SC2086
        make_run "$work/run" $shape
        run "$plot" "$work/run" --svg
        [ "$status" -eq 0 ]
        [ -s "$work/run/plots/overview.svg" ]
        [ -z "$(printf '%s\n' "$output" | grep -v '^wrote ')" ]
        run "$plot" "$work/run" --term
        [ "$status" -eq 0 ]
    done
}

@test "plot: a name is shown and not executed" { # tests/slow/plot_names.bats has many more
    cd "$work"
    name='`pwned` $(pwned) "; pwned; "'
    make_run "$name" 1
    run "$plot" "$name"
    [ "$status" -eq 0 ]
    run "$plot" --term "$name"
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = "$name" ]
    [ ! -e "$work/was_run" ]
}

@test "plot: an activation's name is shown and never executed" {
    cd "$work"
    for name in '`pwned`' '".system("pwned")."' '@x{}%s'; do
        make_run run 1 2 999 "$name"
        run "$plot" --svg run
        [ "$status" -eq 0 ]
        [ ! -e "$work/was_run" ]
    done
    grep -qF 'a (@x{}%s), layer 1<' run/plots/histogram_a.svg
}

@test "plot: -- ends the options" {
    cd "$work"
    for name in -dash --svg --; do
        make_run "./$name" 1
        run "$plot" --svg -- "$name"
        [ "$status" -eq 0 ]
        [ "${lines[0]}" = "wrote ./$name/plots/overview.svg" ]
    done
}

@test "plot: what make install puts there draws the same pictures" {
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -o nnexp install DESTDIR="$work/root" PREFIX=/usr >&2 || skip "no ./nnexp"
    make_run "$work/run"
    "$plot" --svg "$work/run" >&2
    mv "$work/run/plots" "$work/before"
    cd "$work"
    run root/usr/share/nnexp/scripts/plot.sh --svg run
    [ "$status" -eq 0 ]
    diff -r run/plots before
}

@test "plot: the umask says who may read the pictures" {
    make_run "$work/run" 1
    (umask 022 && "$plot" --svg "$work/run" >&2)
    [ "$(stat -c %a "$work/run/plots/overview.svg")" = 644 ]
    (umask 027 && "$plot" --svg "$work/run" >&2)
    [ "$(stat -c %a "$work/run/plots/overview.svg")" = 640 ]
}

