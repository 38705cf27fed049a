#!/usr/bin/env bats
# scripts/study.sh: the numbers that a check asks for, the verdicts they make, the page, and what is refused.

load common

study=$root/scripts/study.sh
parts=$root/scripts/parts

# request ID FILE COLUMN [FIELD=VALUE]…: a line of requests.tsv; the fields of study_measure.awk's head.
request() {
    local layer=- epoch=last component=- axis=- at=- where=- relation=- bound=- activation=- cells=- id=$1 file=$2 column=$3 pair
    shift 3
    for pair; do local "${pair%%=*}"="${pair#*=}"; done
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$id" "$file" "$column" "$layer" "$epoch" "$component" "$axis" "$at" \
        "$where" "$relation" "$bound" "$activation" "$cells"
}

# A sweep by hand: two rates and two inits under two seeds, of which seed 2 diverges at rate 1.
by_hand() {
    mkdir -p cells/a1 cells/a2 cells/b1 cells/b2
    cat >sweep.csv <<'CSV'
cell,train.lr,model.init,seed,status,epochs,best_epoch,train_loss,val_loss,dir
1,0.1,"{""name"": ""gaussian"", ""std"": 0.01}",1,finished,2,1,0.5,0.6,cells/a1
2,0.1,"{""name"": ""gaussian"", ""std"": 0.01}",2,finished,2,1,0.4,0.7,cells/a2
3,1,"{""name"": ""gaussian"", ""std"": 0.01}",1,finished,2,1,0.3,0.2,cells/b1
4,1,"{""name"": ""gaussian"", ""std"": 0.01}",2,diverged,1,0,nan,nan,cells/b2
CSV
    local cell
    for cell in a1 a2 b1 b2; do
        printf '%s\n' epoch,layer,x,y 0,1,8,nan 0,2,4,nan 0,3,1,nan 1,1,2,5 1,2,2,7 1,3,6,3 2,1,3,9 2,2,1,1 2,3,12,2 >cells/$cell/layers.csv
        printf '%s\n' epoch,train_s 0,0 1,0.5 2,0.25 >cells/$cell/timing.csv
        printf '%s\n' step,name,component,variance,share,cumulative,kept 0,pca,1,3,0.75,0.75,1 0,pca,2,1,0.25,1,1 >cells/$cell/preprocess.csv
        printf '%s\n' 'step,epoch,lr,loss,grad_norm,update_ratio,"layers.1.weight[0,0]","layers.1.weight[0,1]"' \
            0,0,nan,nan,nan,nan,1,1 1,1,1,1,1,1,4,5 2,2,1,1,1,1,1,1.5 >cells/$cell/steps.csv
    done
}

measured() {
    PARTS=$parts COSTS=$PWD/costs.csv SUGGESTED=0.02 LC_ALL=C awk -f "$parts/sweep_read.awk" -f "$parts/study_measure.awk" requests.tsv sweep.csv
}

@test "study: numbers of layers, epochs, paths, components and the sweep's own" {
    by_hand
    printf '%s\n' activation,forward_ns relu,0.5 tanh,4 >costs.csv
    local one='train.lr'$'\037''0.10' same='model.init'$'\037''{"name":"gaussian","std":0.01}'
    {
        request first layers x layer=2 epoch=0 cells="$one"
        request last layers x layer=3 cells="$one"
        request least layers x layer=1 epoch=min cells="$one"
        request most layers x layer=1 epoch=max cells="$one"
        request mean layers x layer=1 epoch=mean cells="$one"
        request later layers y layer=1 epoch=mean cells="$one"
        request across layers x layer=1:3:max epoch=2 cells="$one"
        request lowest layers x layer=1:3:min epoch=min cells="$one"
        request ratio layers x layer=1:3:max_ratio epoch=0 cells="$one"
        request none layers x layer=1 epoch=7 cells="$one"
        request seconds timing train_s epoch=min cells="$one"
        request held preprocess cumulative component=1 cells="$one"
        request way path ratio cells="$one"
        request apart path spread cells="$one"
        request loss sweep val_loss cells="$one"$'\037'"$same"
        request blown sweep diverged cells='train.lr'$'\037'1
        request best sweep val_loss axis=train.lr at=best
        request down sweep val_loss axis=train.lr at=min where=diverged relation='<' bound=0.5
        request top sweep - axis=train.lr at=largest where=train_loss relation='<' bound=0.45
        request cost costs forward_ns activation=tanh
        request rate find_lr -
    } >requests.tsv
    measured >answers
    answer() { awk -F '\t' -v id="$1" '$1 == id { print $2 "=" $3 }' answers | paste -sd ' '; }
    equals "1=4 2=4" "$(answer first)"
    equals "1=12 2=12" "$(answer last)"
    equals "1=2 2=2" "$(answer least)"
    equals "1=8 2=8" "$(answer most)"
    equals "1=4.33333333 2=4.33333333" "$(answer mean)"
    equals "1=7 2=7" "$(answer later)" # nan before the first update is none of them
    equals "1=12 2=12" "$(answer across)"
    equals "1=1 2=1" "$(answer lowest)"
    equals "1=4 2=4" "$(answer ratio)" # 8/4, 4/1
    equals "1=nan 2=nan" "$(answer none)"
    equals "1=0.25 2=0.25" "$(answer seconds)"
    equals "1=0.75 2=0.75" "$(answer held)"
    equals "1=19.2195445 2=19.2195445" "$(answer way)" # (5 + sqrt(9 + 12.25)) / 0.5
    equals "1=0.333333333 2=0.333333333" "$(answer apart)" # 1 and 1.5 at the end
    equals "1=0.6 2=0.7" "$(answer loss)"
    equals "1=0 2=1" "$(answer blown)"
    equals "1=1 2=0.1" "$(answer best)"
    equals "1=0.2 2=0.7" "$(answer down)"
    equals "1=1 2=0.1" "$(answer top)"
    equals "all=4" "$(answer cost)"
    equals "all=0.02" "$(answer rate)"
}

@test "study: requests that mean nothing are refused" {
    by_hand
    no() { # TEXT REQUEST…
        local text=$1
        shift
        request "$@" >requests.tsv
        tell measured
        equals "1 $text" "$status $err"
    }
    no "'train.rate' is no axis of the sweep" a sweep val_loss cells='train.rate'$'\037'1
    no "'train.rate' is no axis of the sweep" a sweep val_loss axis=train.rate at=best
    no "no cell is meant: 'cells' names values that the sweep has not" a sweep val_loss cells='train.lr'$'\037'2
    no "several cells of seed 1 are meant; name more of their axes in 'cells', or an 'axis'" a sweep val_loss
    no "sweep.csv: no column 'loss'" a sweep loss cells='train.lr'$'\037'1
    no "cells/b1/layers.csv: no column 'z'" a layers z layer=1 cells='train.lr'$'\037'1
    no "cells/b1/layers.csv: no layer 4; the last one is 3" a layers x layer=4 cells='train.lr'$'\037'1
    no "cells/b1/layers.csv: no layer 5; the last one is 3" a layers x layer=2:5:max cells='train.lr'$'\037'1
    no "'model.init' is '{\"name\": \"gaussian\", \"std\": 0.01}', which is no number; use min, max or mean" a sweep val_loss axis=model.init at=best
    no "'middle' takes no number of several; use min, max, mean or max_ratio" a layers x layer=1 epoch=middle cells='train.lr'$'\037'1
    no "'logs' is no file of a check; use epochs, layers, timing, path, preprocess, sweep, costs or find_lr" a logs x cells='train.lr'$'\037'1
    no "the path of weights has no 'way'; use length, displacement, ratio or spread" a path way cells='train.lr'$'\037'1
    sed -i 's|cells/a1|../../etc|' sweep.csv
    no "sweep.csv: '../../etc' is no cell's directory" a layers x layer=1 cells='train.lr'$'\037'0.1
}

# judge CHECKS ROWS [VERDICT [FINDING]]: the verdict that study.jq gives, whether it is the expected one, and the finding.
judge() {
    jq -n --argjson checks "$1" --arg verdict "${3:-holds}" --arg finding "${4:-{a\} {a%\}}" \
        '{row: 1, claim: "c", verdict: $verdict, finding: $finding, checks: $checks}' >expect.json
    printf '%b' "$2" >rows
    jq -r -L "$parts" --rawfile rows rows 'include "study"; judge($rows) | "\(.verdict) \(.as_expected) \(.finding)"' expect.json | sed 's/\xc2\xa0/ /'
}

@test "study: verdicts are made of the numbers" {
    local claim='{"name": "a", "part": "claim", "says": "s", "value": {}, "relation": "<", "bound": 1}'
    local limit='{"name": "b", "part": "condition", "says": "s", "value": {}, "relation": ">", "bound": 5}'
    local other='{"name": "c", "part": "instead", "says": "s", "value": {}, "relation": "between", "bound": [2, 3]}'
    a() { printf 'a value\t1\t%s\\na value\t2\t%s\\na value\t3\t%s\\n' "$@"; }
    equals "holds true 0.5 50 %" "$(judge "[$claim]" "$(a 0.5 0.25 0.75)")"
    equals "undecided false 0.5 50 %" "$(judge "[$claim]" "$(a 0.5 0.25 1)")"
    equals "does not hold false 2 200 %" "$(judge "[$claim]" "$(a 2 1 3)")"
    equals "does not hold true 2 200 %" "$(judge "[$claim]" "$(a 2 1 3)" 'does not hold')"
    equals "does not hold true 2 200 %" "$(judge "[$claim, $other]" "$(a 2 1 3)c value\t1\t2.5\n" 'does not hold')"
    equals "does not hold false 2 200 %" "$(judge "[$claim, $other]" "$(a 2 1 3)c value\t1\t3.5\n" 'does not hold')"
    equals "holds with a condition false 0.5 50 %" "$(judge "[$claim, $limit]" "$(a 0.5 0.25 0.75)b value\t1\t6\n")"
    equals "holds true 0.5 50 %" "$(judge "[$claim, $limit]" "$(a 0.5 0.25 0.75)b value\t1\t4\n")"
    # what is not there, or not a number, shows nothing
    equals "undecided false nan nan %" "$(judge "[$claim]" "$(a nan nan nan)")"
    equals "undecided false 0.375 37.5 %" "$(judge "[$claim]" "$(a 0.5 nan 0.25)")"
    equals "undecided false 2.5 250 %" "$(judge "[$claim]" "$(a 2 nan 3)")"
    equals "undecided false nan nan %" "$(judge "[$(jq -c '.seeds = "mean"' <<<"$claim")]" "$(a nan nan nan)")"
    equals "undecided false 0.5 50 %" "$(judge "[$(jq -c '.seeds = "mean"' <<<"$claim")]" "$(a 0.5 nan 0.5)")"
    # one number of all seeds
    equals "holds true 0.9 90 %" "$(judge "[$(jq -c '.seeds = "mean"' <<<"$claim")]" "$(a 0.2 0.5 2)")"
    equals "holds true 0.5 50 %" "$(judge "[$(jq -c '.seeds = "median"' <<<"$claim")]" "$(a 0.2 0.5 2)")"
    equals "does not hold false 1.5 150 %" "$(judge "[$(jq -c '.seeds = "mean"' <<<"$claim")]" "$(a 0.5 2 2)")"
    # the least and the greatest of the seeds
    equals "-0.25 … 75 %" "$(judge "[$claim]" "$(a 0.5 -0.25 0.75)" 'holds' '{a.low} … {a.high%}' | cut -d' ' -f3-)"
    # two sides, seed by seed; of seconds the least of each
    local over
    over=$(jq -c '.over = {}' <<<"$claim")
    equals "holds true 0.5 50 %" "$(judge "[$over]" "a value\t1\t1\na value\t2\t3\na over\t1\t2\na over\t2\t6\n")"
    equals "undecided false nan nan %" "$(judge "[$over]" "a value\t1\t1\na over\t1\t0\n")"
    equals "holds true 0.25 25 %" "$(judge "[$over]" "a value\t1\t1\na value\t2\t1\na over\tall\t4\n")"
    equals "holds true -1 -100 %" "$(judge "[$(jq -c '.minus = {}' <<<"$claim")]" "a value\t1\t1\na minus\t1\t2\n")"
    equals "holds true 0.5 50 %" "$(judge "[$(jq -c '.seeds = "fastest"' <<<"$over")]" "a value\t1\t2\na value\t2\t1\na over\t1\t2\na over\t2\t9\n")"
    # numbers as people write them
    local pair
    for pair in '0.000123456 1.23e-4' '0.0123456 0.0123' '0.99999 1' '123456 123000' '12345678 1.23e7' '99999999 1e8' 'inf inf' '0 0'; do
        equals "${pair#* }" "$(judge "[$(jq -c '.bound = 1e30' <<<"$claim")]" "a value\t1\t${pair% *}\n" | awk '{ print $(NF - 2) }')"
    done
}

# A study of two rows in ./notes: b.expect.json fails where its argument is another verdict.
two_rows() {
    points
    mkdir notes
    cp ok.csv notes
    local about='"about": "what <b>this</b> tries"'
    printf '{%s, "data": {"file": "ok.csv", "validation": 0.25}, "model": {"hidden": [3]}, "train": {"batch": 4, "epochs": 3}, "sweep": {"axes": {"train.lr": [0.1, 0.2]}, "repeat": 3}}' \
        "$about" | tee notes/01-a.json >notes/12-b.json
    cat >notes/01-a.expect.json <<'JSON'
{"row": 1, "claim": "a <script>alert(1)</script> | `id` $(id)", "verdict": "holds", "finding": "<i>{loss}</i>",
 "checks": [{"name": "loss", "part": "claim", "says": "it <u>is</u>", "value": {"cells": {"train.lr": 0.1}, "file": "epochs", "column": "train_loss"}, "relation": ">", "bound": 0}],
 "pictures": [{"kind": "compare", "panels": ["train_loss", "a_std:layer:1"], "cells": [{"train.lr": 0.1, "seed": 1}, {"train.lr": 0.2, "seed": 1}], "titles": ["<b>", "`id`"], "captions": ["c & d"]},
              {"kind": "sweep", "pictures": ["epochs"], "caption": "all"}, {"kind": "run", "cells": [{"train.lr": 0.2, "seed": 2}], "pictures": ["gradient"], "caption": "one"}]}
JSON
    cat >notes/12-b.expect.json <<JSON
{"row": 12, "claim": "b", "verdict": "$1", "finding": "{ratio} times",
 "checks": [{"name": "ratio", "part": "claim", "says": "s", "value": {"cells": {"train.lr": 0.1}, "file": "epochs", "column": "train_loss"}, "over": {"cells": {"train.lr": 0.2}}, "relation": "<", "bound": 0}]}
JSON
}

@test "study: rows, verdicts, page and table" {
    two_rows 'does not hold'
    tell env NNEXP="$NNEXP" "$study" --configs notes --out out
    equals 0 "$status" || { echo "$err"; false; }
    equals "" "$err"
    # the verdict's number is the median of the logs
    local cells losses
    cells=$(awk -F , '$2 == 0.1 { print $NF }' out/01-a/sweep.csv)
    losses=$(for cell in $cells; do column "out/01-a/$cell/epochs.csv" train_loss | tail -n 1; done | sort -g | sed -n 2p)
    equals "$losses" "$(jq -r '.checks[0].middle' out/01-a/verdict.json | awk '{ printf "%.9g", $1 }')"
    equals 3 "$(jq '.checks[0].of' out/01-a/verdict.json)"
    equals '1	holds	<i>'"$(awk -v x="$losses" 'BEGIN { printf "%.3g", x }')"'</i>' "${out%%$'\n'*}"
    equals "wrote out/index.html" "${out##*$'\n'}"
    # texts are shown, and none of them is markup or a command
    for text in '<title>The notes put to the test</title>' 'a &lt;script&gt;alert(1)&lt;/script&gt; | `id` $(id)' '&lt;i&gt;' 'it &lt;u&gt;is&lt;/u&gt;' \
        'what &lt;b&gt;this&lt;/b&gt; tries' 'c &amp; d' 'href="#row-12"' '<section id="row-12">' 'class="bad">does not hold</span>' 'scripts/study.sh 12' \
        'id="row-1-0-train-loss"' 'id="row-1-1-epochs"' 'id="row-1-2-gradient"' '3 of 3 seeds'; do
        grep -qF -- "$text" out/index.html || { echo "no $text"; return 1; }
    done
    not grep -q 'alert(1)</script>\|uid=0' out/index.html
    equals 4 "$(grep -c '<figure' out/index.html)"
    equals 4 "$(wc -l <out/verdicts.md)"
    grep -qF '| 1 | a &lt;script&gt;alert(1)&lt;/script&gt; \| `id` $(id) | holds |' out/verdicts.md
    # once more changes no cell; one row alone leaves the other's verdict in the page
    find out -name epochs.csv -exec md5sum {} + | sort >before
    tell env NNEXP="$NNEXP" "$study" --configs notes --out out -q 12
    equals "0  " "$status $err $out"
    find out -name epochs.csv -exec md5sum {} + | sort | cmp - before
    grep -qF '<section id="row-1">' out/index.html
    # other seeds
    tell env NNEXP="$NNEXP" "$study" --configs notes --out out -q --seeds 2 --no-pictures notes/12-b.json
    equals "0 2" "$status $(jq '.checks[0].of' out/12-b/verdict.json)"
}

@test "study: another verdict than expected ends in 1, and the page says so" {
    two_rows holds
    tell env NNEXP="$NNEXP" "$study" --configs notes --out out --no-pictures 12
    equals 1 "$status"
    equals "12	does not hold	$(jq -r '.checks[0].middle' out/12-b/verdict.json | awk '{ printf "%.3g", $1 }') times	expected: holds" "${out%%$'\n'*}"
    grep -qF 'not what was expected: holds' out/index.html
}

@test "study: refusals, before anything runs" {
    two_rows holds
    no() { # TEXT ARGUMENTS…
        local text=$1
        shift
        tell env NNEXP="$NNEXP" "$study" "$@"
        equals "2 $text" "$status $err"
        [ ! -e out/01-a ]
    }
    no "study.sh: --seeds: expected a whole number from 2, got '0'" --seeds 0
    no "study.sh: --seeds: expected a whole number from 2, got '1'" --seeds 1 # a claim wants several
    no "study.sh: --jobs: expected a whole number from 1, got 'x'" --jobs x
    no "study.sh: --row: unknown option; see study.sh --help" --row 1
    no "study.sh: none: no such directory; give the one of the configs" --configs none
    mkdir empty
    no "study.sh: $PWD/empty: has no NAME.expect.json; give the directory of the configs" --configs empty
    no "study.sh: 7: $PWD/notes has no such row; see ls there" --configs notes --out out 7
    no "study.sh: x.json: $PWD/notes has no such row; see ls there" --configs notes --out out x.json
    rm notes/12-b.json
    no "study.sh: $PWD/notes/12-b.json: cannot read; an expectation wants its config beside it" --configs notes --out out
    cp notes/01-a.json notes/12-b.json
    wrong() { # TEXT FILTER
        cp notes/01-a.expect.json kept
        jq "$2" kept >notes/01-a.expect.json
        no "study.sh: $PWD/notes/01-a.expect.json: $1" --configs notes --out out
        cp kept notes/01-a.expect.json
    }
    wrong "verdit: unknown key; use row, claim, verdict, finding, checks, pictures, jobs, find_lr" '.verdit = "holds"'
    wrong 'verdict: unknown word "maybe"; use holds, holds with a condition, does not hold' '.verdict = "maybe"'
    wrong 'row: expected a number, got "1"' '.row = "1"'
    wrong 'claim: expected a text, got null' 'del(.claim)'
    wrong 'checks: expected a list of checks' '.checks = [] | .finding = "f"'
    wrong 'finding: no check is named {los}' '.finding = "{los}"'
    wrong 'finding: no check is named {loss.mean}' '.finding = "{loss.low%} {loss.high} {loss.mean}"'
    wrong 'checks: 2 of them are named "loss"' '.checks += [.checks[0]]'
    wrong 'checks.0.relation: unknown word "=="; use <, <=, >, >=, equal, between' '.checks[0].relation = "=="'
    wrong 'checks.0.part: is missing; use claim, condition, instead' 'del(.checks[0].part)'
    wrong 'checks.0.bound: expected a number, got [1,2]' '.checks[0].bound = [1, 2]'
    wrong 'checks.0.bound: expected two numbers, the lower one first, got 1' '.checks[0] |= (.relation = "between" | .bound = 1)'
    wrong 'checks.0.bound: expected two numbers, the lower one first, got [2,1]' '.checks[0] |= (.relation = "between" | .bound = [2, 1])'
    wrong 'checks.0.seeds: unknown word "all"; use mean, median, fastest' '.checks[0].seeds = "all"'
    wrong 'checks.0.over: is missing; "fastest" is a ratio' '.checks[0].seeds = "fastest"'
    wrong 'checks.0: has over and minus; leave one of them out' '.checks[0] |= (.over = {} | .minus = {})'
    wrong 'checks.0: expected an object, got 1' '.checks[0] = 1 | .finding = "f"'
    wrong 'checks.0.value.layr: unknown key; use cells, file, column, layer, epoch, component, axis, at, where, activation' '.checks[0].value.layr = 1'
    wrong 'checks.0.value.file: unknown word "epoch"; use epochs, layers, timing, path, preprocess, sweep, costs, find_lr' '.checks[0].value.file = "epoch"'
    wrong 'checks.0.value.cells: expected an object, got "he"' '.checks[0].value.cells = "he"'
    wrong 'checks.0.value.column: is missing' 'del(.checks[0].value.column)'
    wrong 'checks.0.value.column: expected a text, got 1' '.checks[0].value.column = 1'
    wrong 'checks.0.value.layer: is missing' '.checks[0].value.file = "layers"'
    wrong 'checks.0.value.layer: means nothing to "file": "epochs"; leave it out' '.checks[0].value.layer = 1'
    wrong 'checks.0.over.layer: expected the number of a layer, or from, to and take, got "last"' '.checks[0] |= (.value.file = "layers" | .value.layer = 1 | .over.layer = "last")'
    wrong 'checks.0.value.layer: expected layers from … to, got {"from":2,"to":1,"take":"min"}' \
        '.checks[0].value |= (.file = "layers" | .layer = {from: 2, to: 1, take: "min"})'
    wrong 'checks.0.value.epoch: expected a number, last, min, max or mean, got "lasst"' '.checks[0].value.epoch = "lasst"'
    wrong 'checks.0.value.epoch: means nothing to "file": "sweep"; leave it out' '.checks[0].value |= (.file = "sweep" | .epoch = 1)'
    wrong 'checks.0.value.at: wants an axis beside it' '.checks[0].value.at = "best"'
    wrong 'checks.0.value.at: unknown word "lowest"; use largest, smallest, best, min, max, mean' '.checks[0].value |= (.axis = "train.lr" | .at = "lowest")'
    local where='.checks[0].value |= (.axis = "train.lr" | .at = "min" | .where = {column: "val_loss", relation: "<", bound: 1})'
    wrong 'checks.0.value.where.colum: unknown key; use column, relation, bound' "$where | .checks[0].value.where.colum = 1"
    wrong 'checks.0.value.where.relation: unknown word "<="; use <, >' "$where | .checks[0].value.where.relation = \"<=\""
    wrong 'checks.0.value.where.bound: expected a number, got "1"' "$where | .checks[0].value.where.bound = \"1\""
    wrong 'checks.0.name: expected small letters, digits and _, got "A b"' '.checks[0].name = "A b" | .finding = "f"'
    wrong 'find_lr: is asked for; say "find_lr": true' '.checks[0].value = {file: "find_lr"}'
    wrong 'find_lr: expected true, got "yes"' '.find_lr = "yes"'
    wrong 'jobs: expected a whole number from 1, got 0' '.jobs = 0'
    wrong 'pictures: expected a list' '.pictures = "loss"'
    wrong 'pictures.0: expected an object, got "loss"' '.pictures[0] = "loss"'
    wrong 'pictures.0.caption: is missing' 'del(.pictures[0].captions)'
    wrong 'pictures.0.panels: expected a list of strings, got "train_loss"' '.pictures[0].panels = "train_loss"'
    wrong 'pictures.0.titles: expected a text for each of the cells, got ["a"]' '.pictures[0].titles = ["a"]'
    wrong 'pictures.1.pictures: expected a list of strings, got null' 'del(.pictures[1].pictures)'
    wrong 'pictures.2.cells: expected a list of objects, got null' 'del(.pictures[2].cells)'
    wrong 'pictures.2.cells: run shows one, and there are 2' '.pictures[2].cells += .pictures[2].cells'
    wrong 'pictures.0.kind: unknown word "pie"; use compare, path, sweep, run, preview, clouds, find_lr, costs' '.pictures[0].kind = "pie"'
    jq '.checks[0].value = {file: "costs", activation: "relu", column: "forward_ns"}' notes/01-a.expect.json >kept
    cp kept notes/01-a.expect.json
    no "study.sh: $PWD/out/activation_costs.csv: cannot read, and 01-a.expect.json asks for it; make study writes it" --configs notes --out out
    echo '{' >notes/01-a.expect.json
    tell env NNEXP="$NNEXP" "$study" --configs notes --out out
    equals 2 "$status"
    [[ $err == "study.sh: $PWD/notes/01-a.expect.json: no JSON: "* ]]
    : >notes/01-a.expect.json
    no "study.sh: $PWD/notes/01-a.expect.json: expected one object, got 0 values" --configs notes --out out
}

@test "study: a picture that cannot be is told with what there is" {
    two_rows holds
    cp notes/01-a.expect.json kept
    jq '.pictures[2].pictures = ["distribution_a_first"]' kept >notes/01-a.expect.json
    tell env NNEXP="$NNEXP" "$study" --configs notes --out out 1
    equals "2 study.sh: $PWD/notes/01-a.expect.json: pictures.2: there is no picture 'distribution_a_first'; it has dead, depth, deviation, gradient, loss, mean, rate, saturated, score, update (those of distributions want log.histograms)" "$status $err"
    for k in 0 2; do # of several cells, of one
        jq ".pictures[$k].cells[0][\"train.lr\"] = 7" kept >notes/01-a.expect.json
        tell env NNEXP="$NNEXP" "$study" --configs notes --out out 1
        equals "2 study.sh: $PWD/notes/01-a.expect.json: no cell is meant: 'cells' names values that the sweep has not" "$status $err"
    done
}

@test "study: a number names all rows that begin with it" {
    two_rows holds
    cp notes/01-a.json notes/01-c.json
    jq '.pictures = []' notes/01-a.expect.json >notes/01-c.expect.json
    tell env NNEXP="$NNEXP" "$study" --configs notes --out out -q --no-pictures 1
    equals "0 01-a 01-c" "$status $(ls out | grep ^01 | paste -sd ' ')"
}

@test "study: a check that asks for what no log has is told with its file" {
    two_rows holds
    jq '.checks[0].value.column = "los"' notes/01-a.expect.json >kept
    cp kept notes/01-a.expect.json
    tell env NNEXP="$NNEXP" "$study" --configs notes --out out 1
    equals 2 "$status"
    [[ $err == "study.sh: $PWD/notes/01-a.expect.json: cells/"*"/epochs.csv: no column 'los'" ]]
    [ ! -e out/01-a/verdict.json ]
    [ ! -e out/index.html ]
}

@test "study: a row that is not drawn has no verdict either, and the others have their page" {
    two_rows 'does not hold'
    cp notes/01-a.expect.json kept
    jq '.pictures[2].pictures = ["gradients"]' kept >notes/01-a.expect.json
    tell env NNEXP="$NNEXP" "$study" --configs notes --out out 1
    equals 2 "$status"
    [ -e out/01-a/sweep.csv ]
    [ ! -e out/01-a/verdict.json ]
    tell env NNEXP="$NNEXP" "$study" --configs notes --out out -q 12
    equals "0 " "$status $err"
    equals 1 "$(grep -c '<section' out/index.html)"
    # one that was measured before keeps its verdict and what the page says of it
    cp kept notes/01-a.expect.json
    tell env NNEXP="$NNEXP" "$study" --configs notes --out out -q
    equals "0 " "$status $err"
    cp out/01-a/verdict.json before
    jq '.pictures[2].pictures = ["gradients"] | .claim = "another"' kept >notes/01-a.expect.json
    tell env NNEXP="$NNEXP" "$study" --configs notes --out out 1
    equals 2 "$status"
    cmp before out/01-a/verdict.json
    not grep -q another out/01-a/section.html
}

@test "study: a row of any name is on the page" {
    two_rows holds
    jq '.pictures = []' notes/01-a.expect.json >notes/mine.expect.json
    cp notes/01-a.json notes/mine.json
    tell env NNEXP="$NNEXP" "$study" --configs notes --out out -q mine
    equals "0 " "$status $err"
    equals 1 "$(grep -c '<section' out/index.html)"
}

@test "study: the page's commands do a row again, whatever the names; a text of several lines stays a row of the table" {
    two_rows holds
    mkdir "it's \$(id)"
    mv notes ok.csv "it's \$(id)"
    cd "it's \$(id)"
    jq '.pictures = [] | .claim = "two\nlines" | .finding = "{loss}\n\tmore"' notes/01-a.expect.json >kept
    mkdir "my notes"
    cp kept "my notes/01-a b.expect.json"
    sed 's/"repeat": 3/"repeat": 2/' notes/01-a.json >"my notes/01-a b.json"
    cp ok.csv "my notes"
    tell env NNEXP="$NNEXP" "$study" --configs "my notes" --out "o 'ut"
    equals "0 wrote o 'ut/index.html" "$status $(tail -n 1 <<<"$out")"
    equals 2 "$(wc -l <<<"$out")"
    equals 3 "$(wc -l <"o 'ut/verdicts.md")"
    grep -q '^| 1 | two lines | holds | [0-9.]* more |$' "o 'ut/verdicts.md"
    sed -n 's|.*<p>Alone: <code>\(.*\)</code>; its runs: <code>\(.*\)</code></p>.*|\1\n\2|p' "o 'ut/index.html" |
        sed "s/&#39;/'/g" >commands
    equals "$study '01-a b' --configs 'my notes' --out 'o '\\''ut'" "$(sed -n 1p commands)"
    equals "nnexp sweep --config 'my notes/01-a b.json' --out 'o '\\''ut/01-a b'" "$(sed -n 2p commands)"
    before=$(find . -name epochs.csv | wc -l)
    eval "NNEXP='$NNEXP' $(sed -n 1p commands)"
    PATH=$(dirname "$NNEXP"):$PATH
    eval "$(sed -n 2p commands)"
    equals "4 $before" "$before $(find . -name epochs.csv | wc -l)"
}

@test "study: what cannot be written is told" {
    two_rows holds
    jq '.pictures = []' notes/01-a.expect.json >kept
    mv kept notes/01-a.expect.json
    mkdir -p out/01-a/verdict.json
    tell env NNEXP="$NNEXP" "$study" --configs notes --out out -q 1
    equals "2 study.sh: $PWD/out/01-a/verdict.json: is a directory; give the name of a file" "$status $err"
    rmdir out/01-a/verdict.json
    mkdir bin
    printf '#!/bin/sh\necho "mv: cannot move: No space left on device" >&2\nexit 1\n' >bin/mv
    chmod +x bin/mv
    tell env PATH="$PWD/bin:$PATH" NNEXP="$NNEXP" "$study" --configs notes --out out -q 1
    equals "1 study.sh: $PWD/out/01-a/section.html: cannot write (No space left on device); make room there or check the permissions" "$status $err"
    equals "" "$(find out -name '*.new*')"
}

@test "study: by a link to it, or to its directory; two at once" {
    two_rows 'does not hold'
    jq '.pictures = []' notes/01-a.expect.json >kept
    mv kept notes/01-a.expect.json
    ln -s "$study" linked.sh
    mkdir -p home/configs there
    cp -r "$root/scripts" home
    cp "$NNEXP" home/nnexp
    cp -r notes home/configs
    cp ok.csv home/configs/notes
    ln -s "$PWD/home/scripts" there/linked
    tell env NNEXP="$NNEXP" ./linked.sh --configs notes --out out 1
    equals "0 wrote out/index.html" "$status ${out##*$'\n'}$err"
    tell env -u NNEXP there/linked/study.sh --out out --no-pictures
    equals "0 wrote out/index.html" "$status ${out##*$'\n'}$err" # by the program and with the configs beside the scripts
    tell env -u NNEXP there/linked/plot_path.sh nowhere # past the look for the program
    equals "2 plot_path.sh: ./nowhere: no such directory; give the directory of a run" "$status $err"
    # whoever comes last wins, and neither takes the other's half for its own
    mkdir bin
    printf '#!/bin/sh\nsleep 0.3\nexec /bin/mv "$@"\n' >bin/mv
    chmod +x bin/mv
    env PATH="$PWD/bin:$PATH" NNEXP="$NNEXP" "$study" --configs notes --out out 1 >other 2>&1 &
    tell env PATH="$PWD/bin:$PATH" NNEXP="$NNEXP" "$study" --configs notes --out out 1
    wait $!
    equals "0 wrote out/index.html" "$status ${out##*$'\n'}$err"
    equals "wrote out/index.html" "$(tail -n 1 other)"
}

@test "study: what activations cost: names end at their bars, and no bar leaves the picture" {
    printf '%s\n' activation,forward_ns,backward_ns relu,0.09,0.07 tanh,0.5,0.07 'gelu by libm,70,nan' >costs.csv
    gnuplot "$parts/study_costs.gp"
    equals 3 "$(grep -B 1 'relu\|tanh\|gelu by libm' costs.svg | grep -c 'rotate(-40).*text-anchor="end"')"
    equals 100 "$(sed -n 's/.*plot_axis_ymax = \([-+.0-9e]*\);.*/\1/p' costs.svg)"
}

@test "study: the notes' fifteen rows have each a config that says what it tries, and a sound expectation" {
    local row=0 file
    for file in "$root"/configs/notes/*.expect.json; do
        row=$((row + 1))
        equals "$row" "$(jq .row "$file")"
        equals "$(printf %02d $row)" "$(basename "$file" | cut -c1-2)"
        equals "" "$(jq -r -L "$parts" 'include "study"; complaints' "$file")"
        equals "Note $row:" "$(jq -r .about "${file%.expect.json}.json" | cut -d' ' -f1,2)"
        equals true "$(jq '.sweep.repeat >= 5' "${file%.expect.json}.json")"
    done
    equals 15 "$row"
}

@test "study: the README's example of an expectation does what it says" {
    mkdir -p configs/notes data
    cp "$root/data/gaussian.csv" data
    cp "$root/configs/notes/13-relu-init.json" configs/notes/07-mine.json
    awk '/^```json$/ { inside = n++ == 1; next } /^```$/ { inside = 0 } inside' "$root/README.md" >configs/notes/07-mine.expect.json
    tell env NNEXP="$NNEXP" "$study" --configs configs/notes --seeds 2 --out out 7
    equals "0 " "$status $err"
    [[ $out == "7	holds	a_std of layer 10 is "*" of layer 1's"* ]]
    grep -q '<figure' out/index.html
}
