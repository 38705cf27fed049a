#!/bin/sh
# Puts claims to the test: scripts/study.sh [ROW…]. Each is a config with a sweep and, beside it, what the sweep must show
# (NAME.expect.json); the verdict is computed from the logs and never stated.
#
# nnexp sweep runs the cells, study_measure.awk takes the numbers, study.jq judges them, study_pictures.sh draws.
set -eu
name=study.sh
self=$(readlink -f -- "$0") # also where a link leads to it
usage='usage: study.sh [ROW…] [--configs DIR] [--out DIR] [--seeds N] [--jobs N] [--no-pictures] [-q]
Runs the configs of DIR (configs/notes), or those ROWs of it: numbers, or names of files. DIR/NAME gets the sweep and
verdict.json, DIR/index.html all rows measured so far (--out; runs/study), DIR/verdicts.md their table. --seeds: so many,
2 or more, instead of each config'"'"'s own. --no-pictures: numbers alone. Exit status 1 where a verdict is not the
expected one.'
# shellcheck source=scripts/parts/run_common.sh
. "$(dirname -- "$self")/parts/run_common.sh"
# shellcheck source=scripts/parts/html.sh
. "$scripts/parts/html.sh"
# shellcheck source=scripts/parts/study_pictures.sh
. "$scripts/parts/study_pictures.sh"

# study_jq FILTER FILE OPTION…: with the functions of study.jq.
study_jq() {
    filter="include \"study\"; $1" file=$2
    shift 2
    jq -r -L "$scripts/parts" "$@" "$filter" "$file" 2>"$work/jq" || die "${expect:-study}: $(sed -n '1s/^jq: error (at .*:[0-9]*): //; 1p' "$work/jq"); mend it" 2
}

# ---- what to run -----------------------------------------------------------------------------------------------------

read_study_arguments() {
    configs=$scripts/../configs/notes given_configs='' out=runs/study seeds='' jobs='' rows='' drawn=yes quiet='' options=yes
    while [ $# -gt 0 ]; do
        case $options$1 in
        yes--) options= ;;
        yes-h | yes--help) printf '%s\n' "$usage" && exit 0 ;;
        yes--configs | yes--out | yes--seeds | yes--jobs)
            [ $# -gt 1 ] || die "$1: needs a value" 2
            case $1 in
            --configs) configs=$2 given_configs=$2 ;;
            --out) out=$2 ;;
            --seeds) whole_number "$1" "$2" 2 && seeds=$2 ;;
            --jobs) whole_number "$1" "$2" 1 && jobs=$2 ;;
            esac
            shift
            ;;
        yes--no-pictures) drawn= ;;
        yes-q | yes--quiet) quiet=yes ;;
        yes-*) die "$1: unknown option; see $name --help" 2 ;;
        *) rows="$rows$(quoted "$1")" ;;
        esac
        shift
    done
}

# whole_number OPTION TEXT LEAST
whole_number() {
    case $2 in '' | *[!0-9]* | 0* | ??????????*) ;; *) [ "$2" -lt "$3" ] || return 0 ;; esac
    die "$1: expected a whole number from $3, got '$2'" 2
}

# The expectations in $configs, or those that ROWs name, a line each.
list_expectations() {
    [ -d "$configs" ] || die "$configs: no such directory; give the one of the configs" 2
    configs=$(cd -- "$configs" && pwd)
    if [ $# -eq 0 ]; then
        (cd -- "$configs" && ls) | sed -n '/\.expect\.json$/p'
    else
        for row; do
            case $row in
            [0-9] | [0-9][0-9]) found=$(cd -- "$configs" && ls | sed -n "/^0*$row-.*\\.expect\\.json\$/p") ;;
            *)
                found=$(basename -- "$row") && found=${found%.json} && found=${found%.expect}.expect.json
                [ -f "$configs/$found" ] || found=
                ;;
            esac
            [ -n "$found" ] || die "$row: $configs has no such row; see ls there" 2
            printf '%s\n' "$found"
        done
    fi >"$work/expectations"
    [ -s "$work/expectations" ] || die "$configs: has no NAME.expect.json; give the directory of the configs" 2
}

# What activations cost, where it was not measured: by the program that make install puts with the scripts.
measure_costs() {
    [ -x "$scripts/parts/activation_costs" ] || return 1
    "$scripts/parts/activation_costs" >"$work/activation_costs.csv" || return 1
    keep_in "$out" activation_costs.csv
}

# What is wrong with an expectation, or missing, is told before the first row runs.
check_expectations() {
    while IFS= read -r expectation <&5; do
        expect=$configs/$expectation
        stem=${expectation%.expect.json}
        [ -f "$configs/$stem.json" ] || die "$configs/$stem.json: cannot read; an expectation wants its config beside it" 2
        values=$(jq -s length "$expect" 2>"$work/jq") || die "$expect: no JSON: $(sed -n '1s/^[^:]*: //p' "$work/jq")" 2
        [ "$values" = 1 ] || die "$expect: expected one object, got $values values" 2
        study_jq complaints "$expect" >"$work/complaints"
        [ ! -s "$work/complaints" ] || {
            while IFS= read -r complaint; do printf '%s: %s: %s\n' "$name" "$expect" "$complaint" >&2; done <"$work/complaints"
            exit 2
        }
        ! grep -q '"costs"' "$configs/$expectation" || [ -r "$costs" ] || measure_costs ||
            die "$costs: cannot read, and $expectation asks for it; make study writes it" 2
    done 5<"$work/expectations"
}

# ---- one row ---------------------------------------------------------------------------------------------------------

# measure REQUESTS: their answers, on stdout.
measure() {
    (cd -- "$folder" && PARTS=$scripts/parts COSTS=$costs SUGGESTED=$suggested LC_ALL=C \
        awk -f "$scripts/parts/sweep_read.awk" -f "$scripts/parts/study_measure.awk" "$1" sweep.csv 2>"$work/why") ||
        die "$expect: $(head -n 1 "$work/why")" 2
}

run_sweep() {
    set -- sweep --config "$configs/$stem.json" --out "$folder" --quiet
    [ -z "$seeds" ] || set -- "$@" --repeat "$seeds"
    cells_at_once=$(study_jq '.jobs // ""' "$expect")
    cells_at_once=${cells_at_once:-$jobs}
    [ -z "$cells_at_once" ] || set -- "$@" --jobs "$cells_at_once"
    "$nnexp" "$@" >"$work/ranking" 2>"$work/said" || { cat "$work/said" >&2; die "$stem: the sweep failed"; }
}

# The rate that find-lr suggests, where the row asks for it, in `suggested`; nan: none.
run_find_lr() {
    suggested=nan
    [ "$(study_jq 'if .find_lr then "yes" else "" end' "$expect")" = yes ] || return 0
    "$nnexp" find-lr --config "$configs/$stem.json" --out "$folder.find-lr" --force --quiet >"$work/said" 2>&1 ||
        { cat "$work/said" >&2; die "$stem: find-lr failed"; }
    suggested=$(jq -r '.suggestion // "nan"' "$folder.find-lr/suggestion.json")
}

# verdict.json of the row, from the logs.
judge_row() {
    study_jq 'requests' "$expect" >"$work/requests"
    measure "$work/requests" >"$work/measured"
    study_jq 'judge($rows)' "$expect" --rawfile rows "$work/measured" >"$work/verdict.json"
}

# as_typed TEXT: a word of a command line, in quotes where it wants them.
as_typed() { case $1 in '' | *[!A-Za-z0-9_./-]*) quoted "$1" | sed 's/ $//' ;; *) printf %s "$1" ;; esac; }

# from_here PATH: without the working directory.
from_here() { as_typed "${1#"$PWD"/}"; }

# The command that does this row again, and the one of its sweep.
alone_html() {
    again="$(from_here "$self") $(as_typed "$stem")"
    [ -z "$given_configs" ] || again="$again --configs $(as_typed "$given_configs")"
    [ "$given_out" = runs/study ] || again="$again --out $(as_typed "$given_out")"
    [ -z "$seeds" ] || again="$again --seeds $seeds"
    printf '<p>Alone: <code>%s</code>; its runs: <code>nnexp sweep --config %s --out %s%s</code></p>\n' \
        "$(printf %s "$again" | html_escape)" "$(from_here "$configs/$stem.json" | html_escape)" \
        "$(as_typed "$given_out/$stem" | html_escape)" "${seeds:+ --repeat $seeds}"
}

# The row's part of the page.
write_section() {
    {
        about=$(jq -r '.about // ""' "$configs/$stem.json")
        study_jq '"<section id=\"row-\(.row)\"><h2>\(.row). \(.claim | @html)</h2><p>\(.verdict | badge)"
            + (if .as_expected then "" else " <strong class=\"bad\">not what was expected: \(.expected | @html)</strong>" end)
            + " — \(.finding | @html)</p>"' "$work/verdict.json"
        printf '<p class="about">%s</p>\n' "$(printf %s "$about" | html_escape)"
        [ -z "$drawn" ] || study_pictures
        study_jq '"<details><summary>what was checked</summary>" + checks_html + "</details>"' "$work/verdict.json"
        alone_html
        echo '</section>'
    } >"$work/section.html"
}

# keep_in DIRECTORY FILE: of the working directory, whole or not at all.
keep_in() { keep "$2" "$1/$2" >/dev/null; }

study_row() {
    stem=${1%.expect.json}
    expect=$configs/$1
    folder=$out/$stem
    run_sweep
    run_find_lr
    row=$(study_jq .row "$expect")
    judge_row
    write_section
    # The verdict last: it says that the row is measured, and the page wants its section.
    keep_in "$folder" section.html
    keep_in "$folder" verdict.json
    [ -n "$quiet" ] || study_jq 'line' "$work/verdict.json"
    [ "$(jq .as_expected "$work/verdict.json")" = true ] || failed=1
}

# ---- all rows --------------------------------------------------------------------------------------------------------

# Rows measured so far, in their order.
measured_rows() { (cd -- "$out" && ls -d -- */verdict.json 2>/dev/null) | sed 's|/.*||' | LC_ALL=C sort; }

write_index() {
    measured_rows >"$work/stems"
    while IFS= read -r stem; do cat -- "$out/$stem/verdict.json"; done <"$work/stems" >"$work/verdicts.json"
    expect=
    {
        html_begin 'The notes put to the test'
        echo '<h1>The notes put to the test</h1>'
        printf '<p class="about">%s</p>\n' 'Each row is a claim of the lecture notes, a sweep that tries it under several seeds, and what its logs say: verdicts are computed from the numbers.'
        echo '<div class="scroll"><table class="verdicts"><thead><tr><th>#</th><th>the notes say</th><th>verdict</th><th>what the numbers say</th></tr></thead><tbody>'
        study_jq 'summary_row' "$work/verdicts.json"
        echo '</tbody></table></div>'
        echo '<p>A click on an entry of a key hides its curve, another one shows it again. Numbers are medians over the seeds, in brackets the lowest and the highest; pictures of single runs are of the first seed.</p>'
        while IFS= read -r stem; do cat -- "$out/$stem/section.html"; done <"$work/stems"
        html_end
    } >"$work/index.html"
    {
        printf '| # | the notes say | verdict | what the numbers say |\n|---|---|---|---|\n'
        study_jq 'table_row' "$work/verdicts.json"
    } >"$work/verdicts.md"
    keep_in "$out" verdicts.md
    if [ -n "$quiet" ]; then keep_in "$given_out" index.html; else keep index.html "$given_out/index.html"; fi
}

read_study_arguments "$@"
begin
command -v jq >/dev/null || die 'jq is not installed; run scripts/install_deps.sh plot'
eval "list_expectations $rows"
mkdir -p -- "$out" || die "$out: cannot make it; give --out a directory that you may write"
given_out=$out
case $out in /*) ;; *) out=$PWD/$out ;; esac
costs=$out/activation_costs.csv
check_expectations
failed=0
while IFS= read -r expectation <&5; do study_row "$expectation"; done 5<"$work/expectations"
write_index
exit $failed
