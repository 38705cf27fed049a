#!/bin/sh
# Breaks the code in chosen places: each tests/mutants/NN-name.patch must turn red the one test that its first line
# names, `# test: build/release/tests/…` (a program) or `# test: tests/….bats` (run with the mutant as NNEXP). A patch
# survives when that test stays green; a patch that no longer applies, or does not compile, is a failure too. Works on a
# copy in build/mutants/tree, which is kept for the next run. TAP.
#
#     tests/mutants.sh [WORD]...      only the patches whose names contain one of the words
cd "$(dirname "$0")/.." || exit 1
root=$PWD
work=$root/build/mutants
tree=$work/tree
number=0
failed=0
export CMOCKA_MESSAGE_OUTPUT=TAP
# The copy lies inside a repository, of which git apply must know nothing.
export GIT_CEILING_DIRECTORIES="$work"
unset MAKEFLAGS MFLAGS MAKELEVEL NNEXP

report() { # report OK NAME [LOG]
    number=$((number + 1))
    echo "$1 $number - $2"
    [ "$1" = ok ] && return
    failed=1
    [ -z "$3" ] || sed 's/^/# /' "$3" | tail -n 20
}

# Files are copied where they differ, so that their times move and make sees it; what is gone here goes there.
copy_tree() {
    mkdir -p "$tree"
    git -C "$root" ls-files --cached --others --exclude-standard | while IFS= read -r file; do
        [ -f "$file" ] && echo "$file"
    done | LC_ALL=C sort >"$work/files"
    (cd "$tree" && find . -path ./build -prune -o -type f -print) | sed 's|^\./||' | LC_ALL=C sort |
        LC_ALL=C comm -13 "$work/files" - | while IFS= read -r file; do rm -f "$tree/$file"; done
    while IFS= read -r file; do
        cmp -s "$file" "$tree/$file" && continue
        mkdir -p "$tree/$(dirname "$file")"
        cp "$file" "$tree/$file"
    done <"$work/files"
}

build() { # build TEST: what it needs
    case $1 in
    *.bats) make -C "$tree" MODE=release nnexp ;;
    *) make -C "$tree" MODE=release "$1" ;;
    esac >"$work/log" 2>&1
}

run() { # run TEST: true when it is green
    (
        cd "$tree" || exit 1
        case $1 in
        *.bats) NNEXP=./nnexp timeout 300 bats --tap "$1" ;;
        *) timeout 300 "$1" ;;
        esac
    ) >"$work/log" 2>&1
}

green='' # tests seen to pass without a mutant
check() { # check PATCH
    name=$(basename "$1" .patch)
    test=$(sed -n '1s/^# test: //p' "$1")
    [ -n "$test" ] || { report 'not ok' "$name: its first line names no test" && return; }
    case " $green " in
    *" $test "*) ;;
    *)
        build "$test" && run "$test" || { report 'not ok' "$name: $test is red without it" "$work/log" && return; }
        green="$green $test"
        ;;
    esac
    (cd "$tree" && git apply -C1 "$root/$1") >"$work/log" 2>&1 ||
        { report 'not ok' "$name: does not apply" "$work/log" && return; }
    if ! build "$test"; then report 'not ok' "$name: does not compile" "$work/log"
    elif run "$test"; then report 'not ok' "$name: survives $test"
    else report ok "$name: $(basename "$test") is red"; fi
    (cd "$tree" && git apply -C1 -R "$root/$1") || exit 1
}

wanted() { # wanted NAME WORD...
    name=$1
    shift
    [ $# -eq 0 ] && return 0
    for word; do case $name in *"$word"*) return 0 ;; esac done
    return 1
}

copy_tree
for patch in tests/mutants/*.patch; do
    wanted "$(basename "$patch")" "$@" && check "$patch"
done
echo "1..$number"
exit $failed
