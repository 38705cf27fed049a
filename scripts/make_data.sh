#!/bin/sh
# Writes the committed data sets again, byte for byte: `make data` calls this. The toy sets come from ./nnexp
# (or NNEXP=program), digits and wine from the copies of the UCI sets in Debian's python3-sklearn (or DIGITS=file,
# WINE=file).
set -eu
cd "$(dirname -- "$0")/.."

nnexp=${NNEXP:-./nnexp}
digits=${DIGITS:-/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz}
wine=${WINE:-/usr/lib/python3/dist-packages/sklearn/datasets/data/wine_data.csv}

die() {
    printf 'make_data.sh: %s\n' "$1" >&2
    exit 1
}

# replace FILE with stdin: a set is never left half-written
replace() {
    cat >"$1.tmp" && mv -f "$1.tmp" "$1" && echo "wrote $1"
}
trap 'rm -f data/*.tmp' EXIT

# 64 integer pixels 0 … 16, row by row, and the digit
digits_csv() {
    gzip -dc "$digits" | awk -F , -v OFS=, '
        BEGIN {
            for (row = 0; row < 8; row++)
                for (column = 0; column < 8; column++) printf "p%d_%d,", row, column
            print "digit"
        }
        NF != 65 { exit 1 }
        { for (i = 1; i <= 65; i++) $i = $i + 0; print }
        END { exit NR != 1797 }'
}

# 13 measurements and the cultivar; the file's first line says how many there are
wine_csv() {
    printf '%s,' alcohol malic_acid ash alcalinity_of_ash magnesium total_phenols flavanoids nonflavanoid_phenols \
        proanthocyanins color_intensity hue od280_od315 proline
    echo cultivar
    tail -n +2 "$wine" | awk -F , 'NF != 14 { exit 1 } { print } END { exit NR != 178 }'
}

[ -x "$nnexp" ] || die "$nnexp: no such program; build it with make"
[ -r "$digits" ] || die "$digits: cannot read; install python3-sklearn, or name a copy: DIGITS=FILE"
[ -r "$wine" ] || die "$wine: cannot read; install python3-sklearn, or name a copy: WINE=FILE"

# toy FILE SET [OPTION]...
toy() {
    file=$1
    shift
    text=$("$nnexp" generate "$@" --seed 1) || die "nnexp generate $* failed"
    printf '%s\n' "$text" | replace "data/$file.csv"
}

for name in spiral rings moons blobs xor checkerboard positive gaussian plane waves shapes glyphs; do toy $name $name; done
toy mirrored glyphs -s letters=mirrored
text=$(digits_csv) || die "$digits: not the 1797 digits of 64 pixels"
printf '%s\n' "$text" | replace data/digits.csv
text=$(wine_csv) || die "$wine: not the 178 wines of 13 measurements"
printf '%s\n' "$text" | replace data/wine.csv
