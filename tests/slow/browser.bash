# shellcheck shell=bash disable=SC2154
# What the tests that look at pages in a browser share.

# in_browser PAGE: what tests/slow/browser.py saw of it, a line each.
in_browser() { /usr/bin/python3 "$root/tests/slow/browser.py" "$@"; }

has_browser() {
    /usr/bin/python3 -c 'import selenium' 2>/dev/null && command -v chromium >/dev/null && command -v chromedriver >/dev/null && return
    [ -z "${CI:-}" ] || return 1
    skip "no chromium, chromedriver and python3-selenium here; run scripts/install_deps.sh browser"
}
