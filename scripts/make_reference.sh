#!/bin/sh
# Puts what `nnexp list --markdown` prints between the reference marks of README.md, or of the file given.
# NNEXP names the program (default ./nnexp).
set -eu
top=$(dirname -- "$0")/..
file=${1:-$top/README.md}
nnexp=${NNEXP:-$top/nnexp}

die() {
    printf 'make_reference.sh: %s\n' "$1" >&2
    exit 1
}

[ -r "$file" ] || die "$file: cannot read"
reference=$(mktemp) && new=$(mktemp) || exit 1
trap 'rm -f -- "$reference" "$new"' EXIT
"$nnexp" list --markdown >"$reference" || die "$nnexp list --markdown failed; build it with make"

# Exits 1 unless both marks stand there once, in this order.
awk -v reference="$reference" '
    $0 == "<!-- reference: made by nnexp list --markdown -->" {
        if (begun++) exit 1
        print; print ""
        while ((getline line <reference) > 0) print line
        print ""
    }
    $0 == "<!-- end of reference -->" { if (begun != 1 || ended++) { ended = 0; exit 1 } }
    begun == ended { print }
    END { exit !(begun == 1 && ended == 1) }
' "$file" >"$new" || die "$file: needs one pair of reference marks, begin and end"

cmp -s "$new" "$file" || cat "$new" >"$file"
