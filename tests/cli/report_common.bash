# shellcheck shell=bash disable=SC2034,SC2154
# What the tests of scripts/report.sh share.

setup() {
    cd -- "$BATS_TEST_TMPDIR" || return 1
    command -v gnuplot >/dev/null && command -v jq >/dev/null || skip "gnuplot or jq is not installed"
    export NNEXP
    report=$root/scripts/report.sh
    points
}

# whole_page FILE: ids are unique, nothing is fetched from elsewhere, no inline handlers, all tags of pictures closed.
whole_page() {
    equals "" "$(grep -oE ' id=("[^"]*"|'"'[^']*')" "$1" | sort | uniq -d)"
    not grep -qE '(src|href)=.(https?:|/|\.)|@import|url\(.?http' "$1"
    not grep -qE ' on[a-z]+=' "$1"
    equals "$(grep -c '<svg' "$1")" "$(grep -c '</svg>' "$1")"
    equals '</html>' "$(tail -n 1 "$1")"
    [ "$(wc -c <"$1")" -lt 2000000 ]
}
