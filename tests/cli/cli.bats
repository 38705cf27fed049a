#!/usr/bin/env bats
# The command line: commands, options, what goes to which stream, exit statuses.

load common

@test "cli: --help and no arguments tell the commands, on stdout" {
    nnexp --help
    done_with 0
    equals "" "$err"
    equals "usage: nnexp [COMMAND] [options]" "${out%%$'\n'*}"
    equals "nnexp COMMAND --help tells more. Begin with: nnexp --config configs/relu_he.json" "${out##*$'\n'}"
    for command in train sweep find-lr check predict convert generate list; do grep -q "^  $command  *[a-z]" .out; done
    help=$out
    nnexp
    done_with 0
    equals "$help" "$out"
    nnexp -h
    equals "$help" "$out"
}

@test "cli: every command has a --help with its options" {
    for command in train sweep find-lr check predict convert generate list; do
        nnexp "$command" --help
        done_with 0
        equals "" "$err"
        [[ $out = "usage: nnexp $command "* ]]
        grep -q -- '-h, --help' .out
    done
    nnexp train --help
    for option in config set out force resume threads watch quiet help; do grep -q -- "--$option" .out; done
    nnexp sweep --help
    for option in config set axis repeat out jobs cells list collect yes quiet; do grep -q -- "--$option" .out; done
}

@test "cli: --version names program, BLAS with its kernel, compiler" {
    nnexp --version
    done_with 0
    equals "" "$err"
    equals 3 "$(wc -l <.out)"
    [[ $(sed -n 1p .out) =~ ^nnexp\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
    [[ $(sed -n 2p .out) =~ ,\ kernel\ [A-Za-z0-9]+$ ]]
    [[ $(sed -n 3p .out) =~ ^(gcc|clang)\ [0-9] ]]
    version=$out
    nnexp -V
    equals "$version" "$out"
}

@test "cli: unknown commands and options are refused with the nearest name" {
    refused "nnexp: tarin: unknown command; did you mean 'train'?" tarin
    refused "nnexp: frobnicate: unknown command; nnexp --help names them all" frobnicate
    refused "nnexp: --confg: unknown option of 'train'; did you mean --config?" train --confg x
    refused "nnexp: --forse: unknown option of 'train'; did you mean --force?" --forse
    refused "nnexp: --frob=1: unknown option of 'train'; see nnexp train --help" --frob=1
    refused "nnexp: -z: unknown option of 'train'; see nnexp train --help" -z
    refused "nnexp: -o: unknown option of 'check'; see nnexp check --help" check -o
    refused "nnexp: --resume: unknown option of 'check'; see nnexp check --help" check --resume
}

@test "cli: missing and wrong values of options" {
    refused "nnexp: --config: needs a value; see nnexp train --help" --config
    refused "nnexp: -c: needs a value; see nnexp train --help" -c
    refused "nnexp: --config: its value is empty; see nnexp train --help" --config=
    refused "nnexp: --out: its value is empty; see nnexp train --help" --out ''
    refused "nnexp: --threads: expected a whole number from 1 to 1024, got '0'" -t 0
    refused "nnexp: --threads: expected a whole number from 1 to 1024, got 'two'" --threads two
    refused "nnexp: --config: which experiment? give a file, as in nnexp --config configs/relu_he.json" train
    refused "nnexp: --config: which experiment? give a file, as in nnexp --config configs/relu_he.json" check
    refused "nnexp: extra: 'train' takes no such word; see nnexp train --help" -c x.json extra
    small
    refused "nnexp: --force: replaces the run that --resume would go on with; give one of them" -c a.json --force --resume
    refused "nnexp: a.json: 'foo': no '='; write KEY=VALUE as in train.lr=0.1" -c a.json -s foo
    refused "nnexp: a.json: '.lr': empty part in the key; write KEY=VALUE as in train.lr=0.1" -c a.json -s .lr=1
}

@test "cli: nnexp --config trains as nnexp train --config does, into runs/NAME" {
    small
    nnexp --config a.json --quiet
    done_with 0
    equals "" "$out$err"
    mv runs/a first
    nnexp train --config a.json -q
    done_with 0
    same_run first runs/a
    nnexp -c a.json -s name=other -q
    [ -f runs/other/summary.json ]
}

@test "cli: progress goes to stderr, with -q there is none" {
    small
    nnexp -c a.json
    done_with 0
    equals "" "$out"
    [[ $(sed -n 1p .err) = "a: epoch 0/3  train_loss "* ]]
    [[ $(sed -n 2p .err) = "a: epoch 3/3  train_loss "*"  lr 0.01" ]]
    [[ $(sed -n 3p .err) = "a: finished after 3 epochs  train_loss "* ]]
    grep -qx "  logs and model are in runs/a" .err
    nnexp -c a.json -q --force
    equals "" "$out$err"
}

@test "cli: --out names the directory, as seen from where one stands" {
    small
    mkdir -p deep/er
    mv a.json ok.csv deep
    nnexp -q -c deep/a.json -o new/run
    done_with 0
    [ -f new/run/summary.json ]
    [ ! -e runs ]
    nnexp -q -c deep/a.json --out="$PWD/deep/er/x y"
    done_with 0
    same_run new/run "deep/er/x y"
}

@test "cli: --set takes JSON or a text, promotes names, reaches into lists" {
    small
    nnexp check -c a.json -s train.lr=0.5 -s model.init.gain=2 -s model.hidden='[4, 5]' -s model.hidden.1=6 \
        -s about='a = b, "c"' -s train.optimizer=adam -s train.optimizer.beta1=0.5 -s preprocess.0=center -s train.batch=all
    done_with 0
    grep -q '^    "lr": 0.5,$' .out
    grep -q '^    "hidden": \[4, 6\],$' .out
    grep -q '^  "about": "a = b, \\"c\\"",$' .out
    grep -q '^    "batch": "all",$' .out
    equals '"init":{"name":"he","gain":2,"distribution":"normal","fan":"in"},' \
        "$(sed -n '/^    "init": {/,/}/p' .out | tr -d ' \n')"
    grep -q '"beta1": 0.5' .out
    nnexp check -c a.json -s model.init='["he"]' -s model.init.0.gain=3
    done_with 0
    grep -q '"gain": 3' .out
    refused "nnexp: a.json: train.lr: expected a number or null, got a text (\"fast\")" check -c a.json -s train.lr=fast
    refused "nnexp: a.json: train.rl: unknown key; did you mean 'lr'?" check -c a.json -s train.rl=1
    refused "nnexp: a.json: model.init.sdt: he has no 'sdt'; its parameters: gain, distribution, fan" \
        check -c a.json -s model.init.sdt=1
}

@test "cli: data from a gzip file, standard input and a pipe are the data of the plain file" {
    small
    nnexp -c a.json -o plain -q
    done_with 0
    gzip -c ok.csv >ok.csv.gz
    nnexp -c a.json -o packed -q -s data.file=ok.csv.gz
    done_with 0
    nnexp -c a.json -o piped -q -s data.file=- < <(cat ok.csv)
    done_with 0
    nnexp -c a.json -o substituted -q -s data.file=<(gzip -c ok.csv)
    done_with 0
    for run in packed piped substituted; do cmp "plain/epochs.csv" "$run/epochs.csv"; done
    grep -qF '"file": "-"' piped/config.json
    head -c 40 ok.csv.gz >cut.csv.gz
    refused "nnexp: $PWD/cut.csv.gz: gzip data cut short; copy or download the file again" check -c a.json -s data.file=cut.csv.gz
}

@test "cli: --set paths are relative to the working directory, the config's to the config" {
    small
    mkdir sub other
    mv a.json ok.csv sub
    cp sub/ok.csv other/there.csv
    nnexp check -c sub/a.json
    done_with 0
    grep -qF "\"file\": \"$PWD/sub/ok.csv\"" .out
    nnexp check -c sub/a.json -s data.file=other/../other/there.csv
    done_with 0
    grep -qF "\"file\": \"$PWD/other/there.csv\"" .out
}

@test "cli: check prints a config that check prints again, byte for byte" {
    small
    nnexp check -c a.json -q
    done_with 0
    equals "" "$err"
    valid_json .out
    cp .out again.json
    nnexp check -c again.json -q
    done_with 0
    cmp .out again.json
    [ ! -e runs ]
}

@test "cli: list shows families, rows, parameters" {
    nnexp list
    done_with 0
    equals "" "$err"
    for family in activation init loss optimizer schedule norm preprocess generator; do grep -qw "$family" .out; done
    nnexp list activation
    done_with 0
    for row in identity sigmoid tanh relu leaky_relu prelu elu celu selu gelu silu mish softplus softsign relu6 hardtanh \
        hardsigmoid hardswish maxout; do grep -qw "$row" .out; done
    refused "nnexp: list: unknown family 'actvation'; did you mean 'activation'?" list actvation
    refused "nnexp: list: unknown family 'zzz'; nnexp list names them all" list zzz
    refused "nnexp: y: one word too many for 'list'; see nnexp list --help" list x y
    refused "nnexp: list: give a family, --markdown or --schema, but one of them alone" list --markdown --schema
    refused "nnexp: list: give a family, --markdown or --schema, but one of them alone" list init --schema
}

@test "cli: list --markdown has every key, --schema is JSON" {
    nnexp list --markdown
    done_with 0
    for key in hidden early_stop diverge_factor split_seed histogram_bins label_smoothing; do grep -qw "$key" .out; done
    for key in axes mode runs repeat halving halving.factor halving.min_epochs; do grep -qF "| \`sweep.$key\` |" .out; done
    nnexp list --schema
    done_with 0
    valid_json .out
    grep -q '"additionalProperties": false' .out
    grep -q '"linear": {' .out
}

# The lines of standard input, "valid PART" or "refused PART", that the schema in .out judges otherwise, by a validator
# that is not ours. PART is what stands beside `data` in the config.
misjudged() {
    /usr/bin/python3 -c '
import json, sys, jsonschema
schema = json.load(open(".out"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for line in sys.stdin:
    wanted, part = line.rstrip("\n").split(" ", 1)
    config = json.loads("{\"data\": {\"file\": \"x.csv\"}, " + part + "}")
    if validator.is_valid(config) != (wanted == "valid"):
        print(line, end="")'
}

@test "cli: the schema takes sweeps and says what an axis may be" {
    /usr/bin/python3 -c 'import jsonschema' 2>/dev/null || skip "python3-jsonschema is not installed"
    nnexp list --schema
    done_with 0
    cat >lines <<'END'
valid "sweep": {"axes": {"train.lr": {"log": [1e-4, 1, 13]}, "seed": [1, 2, 3]}, "repeat": 1}
valid "sweep": {"mode": "random", "runs": 5, "axes": {"train.lr": {"linear": [-1, 1]}}, "halving": {"factor": 4}}
valid "sweep": {"axes": {"preprocess": [[], ["standardize"]], "model.init": ["he", {"name": "gaussian"}]}}
refused "sweep": {"axis": {}}
refused "sweep": {"mode": "grit"}
END
    local axis
    for axis in '[]' '3' '"log"' '[1, 1]' '{}' '{"log": [0, 1, 3]}' '{"log": [1]}' '{"log": [1, 2, 3, 4]}' \
        '{"linear": [1, 2, 1]}' '{"linear": [1, "2", 3]}' '{"cubic": [1, 2, 3]}' '{"log": [1, 2], "linear": [1, 2]}'; do
        printf 'refused "sweep": {"axes": {"train.lr": %s}}\n' "$axis"
    done >>lines
    equals "" "$(misjudged <lines)"
    equals 'valid "sweep": 3' "$(echo 'valid "sweep": 3' | misjudged)"
}

@test "cli: generate writes the rows asked for; the seed draws them" {
    nnexp generate spiral --rows 30 --seed 7
    done_with 0
    equals "" "$err"
    equals 31 "$(wc -l <.out)"
    cp .out first
    nnexp generate spiral --rows 30 --seed 7
    cmp first .out
    nnexp generate spiral --rows 30 --seed 8
    not cmp -s first .out
    refused "nnexp: generate: which set? nnexp list generator names them" generate
    refused "nnexp: generator: unknown generator 'spirl'; did you mean 'spiral'?" generate spirl
    refused "nnexp: --rows: expected a whole number from 1 to 1000000000, got '0'" generate spiral --rows 0
    refused "nnexp: --seed: expected a whole number from 0 to 9007199254740991, got '-1'" generate spiral --seed -1
    refused "nnexp: generator.noise: -1 is out of range; use a number from 0 to 100" generate spiral -s noise=-1
}

@test "cli: a full standard output is told" {
    for command in list 'list --schema' --help; do
        status=0
        err=$("$NNEXP" $command 2>&1 >/dev/full) || status=$?
        equals 1 "$status"
        equals "nnexp: standard output: cannot write" "$err"
    done
    status=0
    err=$("$NNEXP" generate spiral 2>&1 >/dev/full) || status=$?
    equals 1 "$status"
    equals "nnexp: standard output: cannot write: No space left on device" "$err"
}

@test "cli: progress into a closed pipe does not end a run" {
    small
    mkfifo pipe
    head -c 1 <pipe >/dev/null &
    status=0
    (sleep 0.3; exec "$NNEXP" -c a.json) 2>pipe || status=$?
    equals 0 "$status"
    [ -f runs/a/summary.json ]
}

@test "cli: the committed configs pass check" {
    for file in "$root"/configs/*.json; do
        nnexp check -c "$file"
        done_with 0
        grep -q '"about": "[^"]' .out
    done
}

@test "cli: the committed data are what the generators make" {
    for set in spiral rings moons blobs xor checkerboard gaussian plane waves shapes glyphs; do
        nnexp generate "$set" --seed 1
        cmp .out "$root/data/$set.csv"
    done
    nnexp generate glyphs -s letters=mirrored --seed 1
    cmp .out "$root/data/mirrored.csv"
}

@test "cli: digits and wine are what scripts/make_data.sh makes" {
    [ -r /usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz ] || skip "python3-sklearn is not installed"
    mkdir scripts data
    cp "$root/scripts/make_data.sh" scripts
    NNEXP=$NNEXP scripts/make_data.sh >said
    equals 15 "$(wc -l <said)"
    cmp data/digits.csv "$root/data/digits.csv"
    cmp data/wine.csv "$root/data/wine.csv"
}

@test "cli: closed standard streams never become a log" {
    small
    nnexp -q -c a.json -o open
    "$NNEXP" -c a.json -o closed <&- >&- 2>&-
    same_run open closed
}
