#!/usr/bin/env bats
# scripts/plot_regions.sh on runs trained here: the longer tests: other sets, other losses, odd names.

load ../cli/common
load ../cli/regions_common

@test "regions: the picture follows the weights" {
    trained moons
    "$plot" --svg runs/a >&2
    cp runs/a/plots/regions.svg before
    "$plot" --svg runs/a >&2
    cmp before runs/a/plots/regions.svg
    trained moons --set seed=2
    "$plot" --svg runs/a >&2
    not cmp -s before runs/a/plots/regions.svg
}

@test "regions: values, scores, no validation points" {
    trained plane --set train.loss=mse
    run "$plot" --svg runs/a
    [ "$status" -eq 0 ]
    grep -q '>y<' runs/a/plots/regions.svg
    run "$plot" --term runs/a
    [ "$status" -eq 0 ]
    trained blobs --set train.loss=hinge --set data.validation=0
    run "$plot" --svg runs/a
    [ "$status" -eq 0 ]
    grep -q '>60 training points<' runs/a/plots/regions.svg
}

@test "regions: names are shown and never executed" {
    mkdir bin
    printf '#!/bin/sh\ntouch "%s/was_run"\n' "$PWD" >bin/pwned
    chmod +x bin/pwned
    PATH=$PWD/bin:$PATH
    printf '%s\n' '"-x `pwned`, $(pwned)","y""; system(pwned)",k' '1,2,"a`pwned`, b"' '2,1,"{/b"' '3,1,"{/b"' '1,3,"a`pwned`, b"' >set.csv
    config '{"data": {"file": "set.csv"}, "model": {"hidden": [3]}, "train": {"epochs": 2}}'
    nnexp -c a.json -q --out '`pwned` run'
    done_with 0
    run "$plot" --svg '`pwned` run'
    [ "$status" -eq 0 ]
    for name in '-x `pwned`, $(pwned)' 'y&quot;; system(pwned)' 'a`pwned`, b' '{/b'; do
        grep -qF -e ">$name<" -e ">${name//&quot;/\"}<" '`pwned` run/plots/regions.svg'
    done
    run "$plot" --term '`pwned` run'
    [ "$status" -eq 0 ]
    [ ! -e was_run ]
}

@test "regions: twelve classes with long names leave room for the picture" {
    awk 'BEGIN {
        print "x1,x2,class"
        split("cyan red green blue yellow black white brown violet grey orange magenta", colour, " ")
        for (i = 0; i < 60; i++)
            printf "%.3f,%.3f,species of the %s sort number %d\n", cos(i % 12 / 1.9099) + i / 999, sin(i % 12 / 1.9099),
                colour[i % 12 + 1], i % 12 + 1
    }' >set.csv
    config '{"data": {"file": "set.csv"}, "model": {"hidden": [8]}, "train": {"epochs": 1}}'
    nnexp -c a.json -q
    done_with 0
    "$plot" --svg runs/a >&2
    grep -qF ">species of …t number 12<" runs/a/plots/regions.svg
    not grep -q 'species of the' runs/a/plots/regions.svg
    # the titles stand in the middle of the page of 1000
    [[ "$(grep -F -B 1 '>60 training points<' runs/a/plots/regions.svg)" == *'translate(500.'*'text-anchor="middle"'* ]]
    # the map is wider than half of it
    wide=$(sed -n "s/.*<image [^>]*width='\([0-9]*\).*/\1/p" runs/a/plots/regions.svg | head -n 1)
    [ "$wide" -gt 500 ]
}
