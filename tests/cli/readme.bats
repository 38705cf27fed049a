#!/usr/bin/env bats
# The README's reference is what `nnexp list --markdown` prints; scripts/make_reference.sh puts it there.

bats_require_minimum_version 1.5.0

begin='<!-- reference: made by nnexp list --markdown -->'
end='<!-- end of reference -->'

setup() {
    work=$(mktemp -d)
    nnexp=${NNEXP:-./nnexp}
}
teardown() { rm -rf -- "$work"; }

@test "readme: its reference is up to date" {
    cp README.md "$work/readme"
    NNEXP=$nnexp scripts/make_reference.sh "$work/readme"
    cmp README.md "$work/readme" || { echo "run scripts/make_reference.sh"; false; }
}

@test "readme: the script replaces what stands between the marks, and nothing else" {
    printf '%s\n' before "$begin" old '### keys' "$end" 'after \1 &' >"$work/a"
    NNEXP=$nnexp scripts/make_reference.sh "$work/a"
    { echo before; echo "$begin"; echo; "$nnexp" list --markdown; echo; echo "$end"; echo 'after \1 &'; } >"$work/wanted"
    cmp "$work/a" "$work/wanted"
    NNEXP=$nnexp scripts/make_reference.sh "$work/a" # once more changes nothing
    cmp "$work/a" "$work/wanted"
}

@test "readme: a file without both marks in order is left alone" {
    for lines in "x" "$begin" "$end" "$end|$begin" "$begin|$begin|$end" "$begin|$end|$end" "$begin|$end|$begin|$end"; do
        printf '%s\n' "$lines" | tr '|' '\n' >"$work/a"
        cp "$work/a" "$work/before"
        run env NNEXP="$nnexp" scripts/make_reference.sh "$work/a"
        [ "$status" -eq 1 ]
        [ "$output" = "make_reference.sh: $work/a: needs one pair of reference marks, begin and end" ]
        cmp "$work/a" "$work/before"
    done
}

@test "readme: a missing file, a missing program" {
    run scripts/make_reference.sh "$work/none"
    [ "$status" -eq 1 ]
    [ "$output" = "make_reference.sh: $work/none: cannot read" ]
    printf '%s\n' "$begin" "$end" >"$work/a"
    run --separate-stderr env NNEXP="$work/no-program" scripts/make_reference.sh "$work/a"
    [ "$status" -eq 1 ]
    [ "${stderr_lines[-1]}" = "make_reference.sh: $work/no-program list --markdown failed; build it with make" ]
    [ "$(wc -l <"$work/a")" -eq 2 ]
}

@test "list: no line is over 80 columns, whatever the family" {
    for family in '' $("$nnexp" list | grep -o '^[a-z_]*'); do
        run "$nnexp" list $family
        [ "$status" -eq 0 ]
        [ -z "$(printf '%s\n' "$output" | awk 'length > 80 || / $/')" ]
    done
}
