#!/usr/bin/env bats
# scripts/plot_schedules.sh: curves of configs, runs and sweeps, what it refuses, and that no name is ever executed.

load common

setup() {
    cd -- "$BATS_TEST_TMPDIR" || return 1
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    export NNEXP
    script=$root/scripts/plot_schedules.sh
    small
}

tell() {
    status=0
    "$script" "$@" >.out 2>.err || status=$?
    out=$(cat .out)
    err=$(cat .err)
}

@test "plot_schedules: eight schedules of one config, each with its name" {
    tell a.json --schedule constant --schedule '{"name":"step","size":2}' --schedule cosine --schedule inverse_time \
        --schedule one_cycle --schedule '{"name":"cyclic","up":2,"down":3}' --schedule '{"name":"cosine_restarts","first":2}' \
        --schedule plateau --set train.epochs=12 --out eight.svg
    done_with 0
    equals 'wrote eight.svg' "$out"
    equals "" "$err"
    for name in constant step cosine inverse_time one_cycle cyclic cosine_restarts plateau; do grep -q ">$name<" eight.svg; done
    not grep -q 'a: cosine' eight.svg
    tell a.json --schedule constant
    equals 'wrote runs/schedules.png' "$out"
    equals PNG "$(head -c 4 runs/schedules.png | tail -c 3)"
}

@test "plot_schedules: equal names give way to their parameters; several configs are told by file" {
    tell a.json --schedule '{"name":"step","size":1}' --schedule '{"name":"step","size":2}' --out steps.svg
    done_with 0
    grep -q '>a: lr 0.01, step, unit epoch, size 1, gamma 0.1<' steps.svg
    grep -q '>a: lr 0.01, step, unit epoch, size 2, gamma 0.1<' steps.svg
    cp a.json b.json
    tell a.json b.json --set train.schedule=linear --out two.svg
    grep -q '>a: linear<' two.svg
    grep -q '>b: linear<' two.svg
}

@test "plot_schedules: a run as it was: the drops of plateau" {
    nnexp -q -c a.json -s train.epochs=12 -s train.lr=1 -s 'train.schedule={"name":"plateau","patience":0,"threshold":0.5}'
    done_with 0
    [ "$(sed 1,2d runs/a/epochs.csv | cut -d , -f 3 | sort -u | wc -l)" -ge 3 ]
    tell runs/a --out was.svg
    done_with 0
    grep -q '>plateau<' was.svg
    cp -r runs other
    rm -r other/a/epochs.csv
    sed 's/^\([0-9]*,[0-9]*\),[^,]*/\1,0.5/; 2s/,0.5/,nan/' runs/a/epochs.csv >other/a/epochs.csv
    tell other/a --out held.svg
    not cmp -s was.svg held.svg
}

@test "plot_schedules: a sweep: its cells, those with equal rates once" {
    nnexp sweep -q -c a.json --axis 'train.schedule=constant,cosine' --axis train.lr=0.01,0.1 --repeat 2 -o swept
    done_with 0
    tell swept --out swept.svg
    done_with 0
    equals 4 "$(grep -c '<title>swept: lr 0.0*1, \(constant\|cosine\), unit epoch' swept.svg)"
    # cells by themselves are told by their rates: their directories are hashes
    set -- swept/cells/*
    tell "$1" "$2" "$3" --out cells.svg
    done_with 0
    equals 3 "$(grep -c '<title>lr 0.0*1, \(constant\|cosine\), unit epoch\|<title>\(constant\|cosine\)<' cells.svg)"
    not grep -qE '<title>[0-9a-f]{16}' cells.svg
}

@test "plot_schedules: in the terminal" {
    COLUMNS=70 tell a.json --schedule cosine --schedule one_cycle --term
    done_with 0
    grep -q 'learning rate, linear scale' .out
    grep -q 'learning rate, logarithmic scale' .out
    grep -q one_cycle .out
    [ ! -e runs ]
}

@test "plot_schedules: names are shown, never executed" {
    mkdir bin
    printf '#!/bin/sh\ntouch "%s/was_run"\n' "$PWD" >bin/pwned
    chmod +x bin/pwned
    PATH=$PWD/bin:$PATH
    name='`pwned` $(pwned) "@ _x'"'; system('pwned')"
    cp a.json "$name.json"
    tell "$name.json" a.json --out names.svg
    done_with 0
    grep -q 'system' names.svg
    nnexp -q -c "$name.json" -s train.schedule=cosine
    tell "runs/$name" a.json --out "odd $name.svg"
    done_with 0
    [ -s "odd $name.svg" ]
    [ ! -e was_run ]
    cp a.json ./-x.json
    tell --out dash.svg -- -x.json
    done_with 0
}

@test "plot_schedules: refusals" {
    refuses() {
        local text=$1
        shift
        tell "$@"
        equals "$text" "$err" && equals 2 "$status" && [ ! -e runs ]
    }
    refuses "$(printf '%s' "$("$script" --help)")"
    refuses 'plot_schedules.sh: --out: needs a value' a.json --out
    refuses 'plot_schedules.sh: --gif: unknown option; see plot_schedules.sh --help' a.json --gif
    refuses 'plot_schedules.sh: x.gif: is neither .png nor .svg; give it a name that ends so' a.json --out x.gif
    refuses 'plot_schedules.sh: none/x.png: cannot write: there is no such directory; make it first' a.json --out none/x.png
    refuses 'plot_schedules.sh: x.svg: is no png; give it a name that ends in .png' a.json --png --out x.svg
    refuses 'plot_schedules.sh: x.svg: --term draws in the terminal alone; leave out --out' a.json --term --out x.svg
    refuses "nnexp: a.json: train.schedule: unknown schedule 'cosin'; did you mean 'cosine'?" a.json --schedule cosin
    refuses 'nnexp: none.json: cannot read: No such file or directory' none.json
    mkdir empty
    refuses 'plot_schedules.sh: ./empty: no run directory (it has no config.json and epochs.csv); give a config, a run or a sweep' empty
    nine=()
    for i in 1 2 3 4 5 6 7 8 9; do nine+=(--schedule '{"name":"step","size":'$i'}'); done
    refuses 'plot_schedules.sh: more than 8 schedules are not told apart in one picture; give fewer' a.json "${nine[@]}"
    NNEXP=$PWD/gone tell a.json
    equals 1 "$status"
    equals "plot_schedules.sh: $PWD/gone: no such program; build it with make, or set NNEXP" "$err"
}
