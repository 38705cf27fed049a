# Shared by the bats files that try the program as a whole: every test works in a directory of its own, on small data
# and configs made there.
bats_require_minimum_version 1.5.0

NNEXP=$(realpath -- "${NNEXP:-./nnexp}")
# shellcheck disable=SC2034 # the tests read it
root=$PWD
export LC_ALL=C.UTF-8
unset TERM

setup() { cd -- "$BATS_TEST_TMPDIR" || return 1; }

# nnexp ARGUMENTS…: leaves status, out and err (stdout and stderr, each as a text).
nnexp() {
    status=0
    "$NNEXP" "$@" >"$BATS_TEST_TMPDIR/.out" 2>"$BATS_TEST_TMPDIR/.err" || status=$?
    out=$(cat -- "$BATS_TEST_TMPDIR/.out")
    err=$(cat -- "$BATS_TEST_TMPDIR/.err")
}

# tell COMMAND…: leaves status, out and err.
tell() {
    status=0
    "$@" >.out 2>.err || status=$?
    out=$(cat .out)
    err=$(cat .err)
}

# equals WANTED GOT: says both when they differ.
equals() {
    [ "$1" = "$2" ] && return 0
    printf 'wanted: %s\n   got: %s\n' "$1" "$2"
    return 1
}

# not COMMAND…: fails when the command does not (a bare `!` fails no test in the middle of it).
not() {
    if "$@"; then
        echo "did: $*"
        return 1
    fi
}

# done_with STATUS: the last nnexp ended so.
done_with() {
    equals "$1" "$status" || { echo "$err"; return 1; }
}

listing() { ls -A | grep -vx -e .out -e .err || true; }

# refused TEXT ARGUMENTS…: status 2, exactly TEXT on stderr, nothing on stdout, nothing new in the directory.
refused() {
    local text=$1 before
    shift
    before=$(listing)
    nnexp "$@"
    equals "$text" "$err" && equals 2 "$status" && equals "" "$out" &&
        equals "$before" "$(listing)"
}

# points: ok.csv, twelve rows of two classes in the plane.
points() {
    cat >ok.csv <<'CSV'
x,y,label
1,2,a
2,1,b
3,1,b
1,3,a
2,2,a
5,1,b
0,1,a
4,0,b
0,3,a
3,2,b
-1,1,a
4,3,b
CSV
}

# config JSON: a.json.
config() { printf '%s' "$1" >a.json; }

# small: points and a.json, a run of three epochs on them.
small() {
    points
    config '{"data": {"file": "ok.csv", "validation": 0.25}, "model": {"hidden": [3]}, "train": {"batch": 4, "epochs": 3}}'
}

# same_run A B: the same files of the same bytes, but for timing.csv.
same_run() {
    local file
    equals "$(ls -A -- "$1")" "$(ls -A -- "$2")" || return 1
    for file in "$1"/*; do
        [ "${file##*/}" = timing.csv ] || cmp -- "$file" "$2/${file##*/}" || return 1
    done
}

# column FILE NAME: the values of a column, one a line.
column() {
    awk -F , -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; if (!at) exit 1; next }
                           { print $at }' "$1"
}

# words FILE COLUMN: the same on one line.
words() { column "$1" "$2" | paste -sd ' '; }

# valid_json FILE: where there is a python3 to judge.
valid_json() {
    command -v python3 >/dev/null || return 0
    python3 -m json.tool "$1" >/dev/null
}

# long [EPOCHS]: points and a.json, a run of a second or more, whose first epochs come soon.
long() {
    points
    config '{"data": {"file": "ok.csv"}, "model": {"hidden": [3]},
             "train": {"batch": 4, "epochs": '"${1:-20000}"'}, "log": {"histograms": false, "checkpoint_every": 50}}'
}

# rows_of FILE: lines of it, 0 while there is none.
rows_of() { [ ! -f "$1" ] && echo 0 || wc -l <"$1"; }

# wait_for_rows N FILE
wait_for_rows() {
    for _ in $(seq 500); do
        [ "$(rows_of "$2")" -lt "$1" ] || return 0
        sleep 0.02
    done
    return 1
}

# stopped_by SIGNAL: starts the run, sends the signal, and leaves the exit status.
stopped_by() {
    "$NNEXP" -c a.json 2>.err &
    local run=$!
    wait_for_rows 30 runs/a/epochs.csv
    kill -s "$1" $run
    status=0
    wait $run || status=$?
    err=$(cat .err)
}
