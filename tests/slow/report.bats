#!/usr/bin/env bats
# scripts/report.sh: hostile names, long runs, and its pages in a browser.

load ../cli/common
load ../cli/report_common
load browser

@test "report: names are shown, never executed" {
    mkdir bin
    printf '#!/bin/sh\ntouch "%s/was_run"\n' "$PWD" >bin/pwned
    chmod +x bin/pwned
    PATH=$PWD/bin:$PATH
    printf '%s\n' '<b>x,"a""><script>alert(1)</script>",y' '1,2,`pwned`' '3,5,</script><i>' '2,4,`pwned`' '7,6,</script><i>' \
        '1,3,`pwned`' '3,6,</script><i>' '2,5,`pwned`' '7,7,</script><i>' >'$(pwned).csv'
    config '{"about": "<script>alert(2)</script> & `pwned`", "data": {"file": "$(pwned).csv", "validation": 0.25}, "model": {"hidden": [2]},
             "train": {"batch": 4, "epochs": 2}}'
    for name in '<script>alert(3)<' '`pwned`' "a'b\"c" '&amp;' $'two\nlines' $'not\377utf8' '-rf' '{/Bold x}_2^3'; do
        nnexp -q -c a.json -o "$name"
        tell "$report" --out page.html -- "$name"
        equals "0 wrote ./page.html" "$status $out"
        whole_page page.html
        not grep -qiE '<script>alert|<i>|<b>x' page.html
    done
    nnexp sweep -q -c a.json --axis 'model.activation=relu,tanh' --axis 'name=x' 2>/dev/null || true
    nnexp sweep -q -c a.json --axis 'data.file=$(pwned).csv' --axis train.lr=0.1,0.2 -o 's<script>alert(4)<'
    done_with 0
    tell "$report" --out page.html 's<script>alert(4)<'
    equals 0 "$status"
    whole_page page.html
    not grep -qiE '<script>alert|<i>|<b>x' page.html
    [ ! -e was_run ]
}

@test "report: a long run of many layers stays under 2 MB, and says what it left out" {
    config "{\"data\": {\"file\": \"$root/data/digits.csv\", \"label\": \"digit\", \"validation\": 0.25},
             \"model\": {\"hidden\": [16, 16, 16, 16, 16, 16, 16, 16, 16, 16]}, \"train\": {\"batch\": \"all\", \"lr\": 0.001, \"epochs\": 600}}"
    nnexp -q -c a.json
    done_with 0
    tell "$report" runs/a
    equals "0 wrote ./runs/a/report.html" "$status $out"
    whole_page runs/a/report.html
    grep -q '^One epoch in 2 is drawn, and the first, the best and the last.$' runs/a/report.html
    grep -q '<p>Left out, so that the page stays under 2 MB: histogram_a' runs/a/report.html
}

@test "report: in a browser: no error, every picture there, curves that toggle, no sideways scroll on a phone" {
    has_browser
    config '{"data": {"file": "ok.csv", "validation": 0.25}, "model": {"hidden": [3]}, "train": {"batch": 4, "epochs": 4},
             "sweep": {"axes": {"train.lr": [0.1, 0.01, 1e9], "model.activation": ["relu", "tanh"]}, "repeat": 2}}'
    nnexp -q -c a.json -o '<script>alert(1)<'
    nnexp sweep -q -c a.json
    for page in '<script>alert(1)<' runs/a.sweep; do
        tell "$report" "$page" --out page.html
        equals 0 "$status"
        in_browser page.html >seen
        cat seen
        equals "errors 0" "$(grep '^errors' seen)"
        equals "dialogs 0" "$(grep '^dialogs' seen)"
        equals "empty 0" "$(grep '^empty' seen)"
        equals "$(grep -c '<figure' page.html)" "$(sed -n 's/^pictures //p' seen)"
        equals "toggles yes" "$(grep '^toggles' seen)"
        equals "pointer yes" "$(grep '^pointer' seen)"
        equals "sideways 0" "$(grep '^sideways' seen)"
        equals "dark yes" "$(grep '^dark' seen)"
    done
    in_browser page.html | grep -qx 'heading a.sweep'
    tell "$report" '<script>alert(1)<' --out page.html
    in_browser page.html | grep -qx 'heading <script>alert(1)<'
}
