#!/usr/bin/env bats
# make study, whole: the verdicts are those that the README shows, and the page is as it should be in a browser.

load ../cli/common

setup_file() {
    study=$BATS_FILE_TMPDIR/study
    export study
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u MODE -u CC make --no-print-directory NO_INSTALL=1 STUDY="$study" study >"$BATS_FILE_TMPDIR/said" 2>&1 ||
        { cat "$BATS_FILE_TMPDIR/said"; return 1; }
}

# Numbers differ from processor to processor, and seconds from day to day.
masked() { sed -E 's/-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?/N/g'; }

@test "study: fifteen rows, each verdict the expected one, under five seeds" {
    equals 15 "$(grep -c '^[0-9]*	' "$BATS_FILE_TMPDIR/said")"
    equals 15 "$(jq -s 'map(select(.as_expected)) | length' "$study"/*/verdict.json)"
    equals "" "$(jq -r '.checks[] | select(.of != 5 and .of != 1) | .name' "$study"/*/verdict.json)"
    equals "" "$(jq -r '.checks[] | select(.numbers != .of) | .name' "$study"/*/verdict.json)"
    # both of the notes' ReLU formulas collapse and He's does not
    equals "does not hold" "$(jq -r .verdict "$study"/13-relu-init/verdict.json)"
    jq -e '[.checks[] | {key: .name, value}] | length == 5' "$study"/13-relu-init/verdict.json
    jq -e '.checks | map({key: .name, value: .high}) | from_entries | .first < 0.1 and .second < 0.005' "$study"/13-relu-init/verdict.json
    jq -e '.checks | map({key: .name, value: .low}) | from_entries | .he > 0.5' "$study"/13-relu-init/verdict.json
}

@test "study: the README's table is that of verdicts.md" {
    sed -n '/^<!-- verdicts -->$/,/^<!-- end of verdicts -->$/p' "$root/README.md" | sed '1,2d;$d' | sed '$d' >shown
    equals 17 "$(wc -l <shown)"
    equals "$(cut -d'|' -f2-4 "$study/verdicts.md")" "$(cut -d'|' -f2-4 shown)"
    equals "$(masked <"$study/verdicts.md")" "$(masked <shown)"
}

@test "study: the page in a browser: no error, every picture there, curves that toggle, no sideways scroll on a phone" {
    /usr/bin/python3 -c 'import selenium' 2>/dev/null && command -v chromium >/dev/null && command -v chromedriver >/dev/null || {
        [ -z "${CI:-}" ]
        skip "no chromium, chromedriver and python3-selenium here; run scripts/install_deps.sh browser"
    }
    /usr/bin/python3 "$root/tests/slow/browser.py" "$study/index.html" >seen
    cat seen
    for fact in 'errors 0' 'dialogs 0' 'empty 0' 'toggles yes' 'pointer yes' 'sideways 0' 'dark yes' 'heading The notes put to the test'; do
        grep -qx "$fact" seen || { echo "not: $fact"; return 1; }
    done
    pictures=$(jq -s 'map(.pictures[] | if .panels then .panels | length elif .pictures then .pictures | length else 1 end) | add' "$root"/configs/notes/*.expect.json)
    equals "pictures $pictures" "$(grep '^pictures' seen)"
    not grep -q 'https\?://[^w]' "$study/index.html"
}
