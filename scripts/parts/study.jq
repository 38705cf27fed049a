# study.jq: what a claim's expectation asks for, and what the numbers say of it. study.sh picks the function.
#
# An expectation (NAME.expect.json beside the config): {row, claim, verdict, finding, checks: [{name, part, says, value,
# over | minus, relation, bound, seeds}], pictures}. The README has the words that each may use.

# ---- what an expectation may say -------------------------------------------------------------------------------------

def listed: join(", ");
def unknown($path; $known): keys[] | select(. as $key | $known | index($key) | not) | "\($path)\(.): unknown key; use \($known | listed)";
def one_of($path; $known): if . == null then "\($path): is missing; use \($known | listed)"
    else select(. as $word | $known | index($word) | not) | "\($path): unknown word \(tojson); use \($known | listed)" end;
def a_text($path): select(type != "string" or . == "") | "\($path): expected a text, got \(tojson)";
def whole_from($low): type == "number" and . >= $low and . == floor;
def layer_wrong($path): if type == "object" then
        unknown("\($path)."; ["from", "to", "take"]), (.take | one_of("\($path).take"; ["min", "max", "mean", "max_ratio"])),
        (select([.from, .to] | any(whole_from(1) | not) or .[0] > .[1]) | "\($path): expected layers from … to, got \(tojson)")
    else select(whole_from(1) | not) | "\($path): expected the number of a layer, or from, to and take, got \(tojson)" end;
def where_wrong($path): if type != "object" then "\($path): expected an object, got \(tojson)" else
    unknown("\($path)."; ["column", "relation", "bound"]), (.column | a_text("\($path).column")),
    (.relation | one_of("\($path).relation"; ["<", ">"])),
    (.bound | select(type != "number") | "\($path).bound: expected a number, got \(tojson)") end;
def logs: ["epochs", "layers", "timing"];
def files: logs + ["path", "preprocess", "sweep", "costs", "find_lr"];
# A word that one file wants and the others would not look at.
def word_of($path; $word; $file): if .file == $file then select(.[$word] == null) | "\($path).\($word): is missing"
    else select(.[$word] != null) | "\($path).\($word): means nothing to \"file\": \(.file | tojson); leave it out" end;
def file_wrong($path): if .file | IN(files[]) | not then .file | one_of("\($path).file"; files) else
    word_of($path; "layer"; "layers"), word_of($path; "component"; "preprocess"), word_of($path; "activation"; "costs"),
    (select(.file | IN(logs[]) | not) | word_of($path; "epoch"; "")),
    (select(.column == null and .file != "find_lr" and (.at | IN("largest", "smallest") | not)) | "\($path).column: is missing") end;
def axis_wrong($path): if .axis == null then
        ("at", "where") as $word | select(.[$word] != null) | "\($path).\($word): wants an axis beside it"
    else (.axis | a_text("\($path).axis")), (.at | one_of("\($path).at"; ["largest", "smallest", "best", "min", "max", "mean"])),
        (select(.where != null) | .where | where_wrong("\($path).where")) end;
def measure_wrong($path): if type != "object" then "\($path): expected an object, got \(tojson)" else
    unknown("\($path)."; ["cells", "file", "column", "layer", "epoch", "component", "axis", "at", "where", "activation"]),
    (select(.cells != null) | .cells | select(type != "object") | "\($path).cells: expected an object, got \(tojson)"),
    file_wrong($path), axis_wrong($path), (select(.column != null) | .column | a_text("\($path).column")),
    (select(.layer != null) | .layer | layer_wrong("\($path).layer")),
    (select(.epoch != null) | .epoch | select(whole_from(0) or IN("last", "min", "max", "mean") | not)
        | "\($path).epoch: expected a number, last, min, max or mean, got \(tojson)") end;
# The other side of a check has the first one's words where it says nothing else.
def other_wrong($path; $side): if .[$side] == null then empty
    elif .[$side] | type != "object" then .[$side] | measure_wrong("\($path).\($side)")
    elif [.value | measure_wrong("")] != [] then empty
    else .value + .[$side] | measure_wrong("\($path).\($side)") end;
def bound_wrong($path): if .relation == "between" then
        select(.bound | type != "array" or length != 2 or any(type != "number") or .[0] > .[1])
            | "\($path).bound: expected two numbers, the lower one first, got \(.bound | tojson)"
    else select(.bound | type != "number") | "\($path).bound: expected a number, got \(.bound | tojson)" end;
def check_wrong($path): if type != "object" then "\($path): expected an object, got \(tojson)" else
    unknown("\($path)."; ["name", "part", "says", "value", "over", "minus", "relation", "bound", "seeds"]),
    (select(.name | type != "string" or (test("^[a-z][a-z0-9_]*$") | not)) | "\($path).name: expected small letters, digits and _, got \(.name | tojson)"),
    (.part | one_of("\($path).part"; ["claim", "condition", "instead"])), (.says | a_text("\($path).says")),
    (.value | measure_wrong("\($path).value")), other_wrong($path; "over"), other_wrong($path; "minus"),
    (select(.over != null and .minus != null) | "\($path): has over and minus; leave one of them out"),
    (select(.seeds == "fastest" and .over == null) | "\($path).over: is missing; \"fastest\" is a ratio"),
    (.relation | one_of("\($path).relation"; ["<", "<=", ">", ">=", "equal", "between"])), bound_wrong($path),
    (select(.seeds != null) | .seeds | one_of("\($path).seeds"; ["mean", "median", "fastest"])) end;
def a_list($path; $of): select(type != "array" or length == 0 or any(type != $of)) | "\($path): expected a list of \($of)s, got \(tojson)";
def picture_wrong($path): if type != "object" then "\($path): expected an object, got \(tojson)" else
    unknown("\($path)."; ["kind", "cells", "titles", "caption", "captions", "panels", "pictures", "x", "by"]),
    (.kind | one_of("\($path).kind"; ["compare", "path", "sweep", "run", "preview", "clouds", "find_lr", "costs"])),
    (select(.kind | IN("compare", "path", "run", "preview")) | .cells | a_list("\($path).cells"; "object")),
    (select(.kind == "compare") | .panels | a_list("\($path).panels"; "string")),
    (select(.kind | IN("run", "sweep")) | .pictures | a_list("\($path).pictures"; "string")),
    (select(.kind | IN("run", "preview")) | select(.cells | arrays | length > 1) | "\($path).cells: \(.kind) shows one, and there are \(.cells | length)"),
    (select(.titles != null) | select((.titles | a_list(""; "string")) // (.titles | length) != (.cells | length))
        | "\($path).titles: expected a text for each of the cells, got \(.titles | tojson)"),
    (select(.captions != null) | .captions | a_list("\($path).captions"; "string")),
    (select(.caption == null and .captions == null) | "\($path).caption: is missing") end;
# All that is wrong with it, a line each.
def complaints:
    if type != "object" then "expected an object" else
    unknown(""; ["row", "claim", "verdict", "finding", "checks", "pictures", "jobs", "find_lr"]),
    (select(.row | type != "number") | "row: expected a number, got \(.row | tojson)"),
    (.claim | a_text("claim")), (.finding | a_text("finding")),
    (.verdict | one_of("verdict"; ["holds", "holds with a condition", "does not hold"])),
    (if (.checks | type) != "array" or (.checks | length) == 0 then "checks: expected a list of checks" else
        (.checks | to_entries[] | .key as $i | .value | check_wrong("checks.\($i)")),
        (.checks | map(objects) | group_by(.name)[] | select(length > 1) | "checks: \(length) of them are named \(.[0].name | tojson)"),
        ((.checks | map(.name?)) as $names | .finding | strings | scan("\\{[^{}]*\\}")
            | select(. as $hole | $names | any(. as $name | $hole | IN("{\($name)\("", ".low", ".high")\("", "%")}")) | not)
            | "finding: no check is named \(.)") end),
    (select(.find_lr | IN(true, false, null) | not) | "find_lr: expected true, got \(.find_lr | tojson)"),
    (select(.find_lr != true and ([.checks, .pictures | arrays[] | objects | .kind, (.value, .over, .minus | objects | .file)] | any(. == "find_lr")))
        | "find_lr: is asked for; say \"find_lr\": true"),
    (select(.jobs != null) | .jobs | select(whole_from(1) | not) | "jobs: expected a whole number from 1, got \(tojson)"),
    (if .pictures | type | IN("array", "null") | not then "pictures: expected a list" else
        .pictures // [] | to_entries[] | .key as $i | .value | picture_wrong("pictures.\($i)") end) end;

# ---- requests of study_measure.awk -----------------------------------------------------------------------------------

def text: if type == "string" then . else tojson end;
def layer_text: if type == "object" then "\(.from):\(.to):\(.take)" elif . == null then "-" else tostring end;
def request($id): # of an object with the words of a measure
    [$id, .file, (.column // "-"), (.layer | layer_text), (.epoch // "last" | tostring), (.component // "-" | tostring),
     (.axis // "-"), (.at // "-"), (.where.column // "-"), (.where.relation // "-"), (.where.bound // "-" | tostring),
     (.activation // "-"),
     (.cells // {} | to_entries | if length == 0 then "-" else map(.key, (.value | text)) | join("\u001f") end)] | @tsv;
# The other side of a check has the first one's words where it says nothing else.
def requests:
    .checks[] | . as $check |
    (.value | request("\($check.name) value")),
    (if .over then .value + .over | request("\($check.name) over") else empty end),
    (if .minus then .value + .minus | request("\($check.name) minus") else empty end);

# The cells that picture K shows, as requests for their directories.
def picture_cells($k): .pictures[$k].cells // [] | to_entries[] | .key as $i
    | {file: "sweep", column: "dir", cells: .value} | request("\($i)");
def picture_titles($k): .pictures[$k] | (.titles // [(.cells // [])[] | del(.seed) | to_entries | map("\(.key)=\(.value | text)") | join(" ")]) | .[];

# ---- numbers ---------------------------------------------------------------------------------------------------------

def number: if test("^-?[0-9.]+(e[-+]?[0-9]+)?$") then tonumber elif . == "inf" then infinite else null end;
# {"NAME SIDE": {"SEED": VALUE}}
def measured($rows):
    reduce ($rows | split("\n")[] | select(. != "") | split("\t")) as $row ({}; .[$row[0]][$row[1]] = ($row[2] | number));
def at_seed($side; $seed): if $side == null then null else (if $side | has("all") then $side.all else $side[$seed] end) end;
def fastest: map(select(. != null)) | min;
def combined($check; $values):
    if $check.seeds == "fastest" then
        ($values["\($check.name) value"] | map(.) | fastest) as $v | ($values["\($check.name) over"] // {} | map(.) | fastest) as $w
        | [if $v == null or $w == null or $w == 0 then null else $v / $w end]
    else $values["\($check.name) value"] as $value | $values["\($check.name) over"] as $over | $values["\($check.name) minus"] as $minus |
    $value | keys | map(. as $seed | $value[$seed] as $v
        | if $v == null then null
          elif $check.over then (at_seed($over; $seed) as $w | if $w == null or $w == 0 then null else $v / $w end)
          elif $check.minus then (at_seed($minus; $seed) as $w | if $w == null then null else $v - $w end)
          else $v end) end;
def median: sort | if length == 0 then null elif length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def mean: if length == 0 then null else add / length end;
def true_of($check): . as $x | $check.bound as $bound |
    if $x == null then false
    elif $check.relation == "<" then $x < $bound elif $check.relation == "<=" then $x <= $bound
    elif $check.relation == ">" then $x > $bound elif $check.relation == ">=" then $x >= $bound
    elif $check.relation == "equal" then $x == $bound
    else $x >= $bound[0] and $x <= $bound[1] end;

# Three significant digits, as people write them.
def shown:
    if . == null then "nan" elif . >= 1e308 then "inf" elif . == 0 then "0"
    else . as $x | (fabs | log10 | floor) as $e | (2 - $e) as $places
        | ($x * pow(10; $places) | round) as $digits
        | if $e >= 6 or $e < -3 then
              ($digits / 100) as $m | (if $m | fabs >= 10 then [$m / 10, $e + 1] else [$m, $e] end) | "\(.[0])e\(.[1])"
          elif $places > 0 then ($digits / pow(10; $places) | tostring) else ($digits * pow(10; -$places) | tostring) end
    end;

# ---- verdicts --------------------------------------------------------------------------------------------------------

# A check with its numbers: `ok` under how many of `of` seeds, and whether it is true: under every seed, or, with
# "seeds": "mean" or "median", of that one number; "fastest" is of seconds, the least of each side. Where a number is
# missing, it is neither true nor false.
def judged($values): . as $check | combined($check; $values) as $all | ($all | map(select(. != null))) as $numbers
    | (if $check.seeds == "mean" then $numbers | mean else $numbers | median end) as $middle
    | ($all | map(select(true_of($check))) | length) as $ok | ($numbers == $all) as $complete
    | . + {middle: $middle, low: ($numbers | min), high: ($numbers | max), ok: $ok, of: ($all | length), numbers: ($numbers | length),
           true: ($complete and if $check.seeds then ($middle | true_of($check)) else $ok == ($all | length) end),
           false: ($complete and if $check.seeds then ($middle | true_of($check) | not) else $ok == 0 end)};
def part($name): map(select(.part == $name));
def verdict_of:
    if part("claim") | all(.true) then (if part("condition") | length > 0 and all(.true) then "holds with a condition" else "holds" end)
    elif part("claim") | any(.false) then "does not hold"
    else "undecided" end;
# The finding's {NAME}s replaced by the numbers, medians over the seeds ({NAME.low}, {NAME.high}: the least, the greatest);
# {NAME%}s by these in percent.
def told($checks): reduce ($checks[] | {name, number: .middle}, {name: "\(.name)\\.low", number: .low}, {name: "\(.name)\\.high", number: .high})
    as {$name, $number} (.; gsub("\\{\($name)\\}"; $number | shown)
    | gsub("\\{\($name)%\\}"; ($number | if . then . * 100 else . end | shown) + " %"));
def judge($rows): . as $expect | measured($rows) as $values
    | (.checks | map(judged($values))) as $checks | ($checks | verdict_of) as $verdict
    | {row, claim, expected: .verdict, verdict: $verdict, finding: (.finding | told($checks)),
       as_expected: ($verdict == .verdict and ($checks | part("instead") | all(.true))), checks: $checks};

# ---- texts -----------------------------------------------------------------------------------------------------------

def bound_text: (if .relation == "between" then "\(.bound[0] | shown) … \(.bound[1] | shown)"
    else "\({"<": "<", "<=": "≤", ">": ">", ">=": "≥", "equal": "="}[.relation]) \(.bound | shown)" end);
def part_name: {claim: "the notes", condition: "condition", instead: "instead"}[.];
def seeds_text: if .of == 1 then (if .true then "yes" else "no" end)
    elif .seeds then "\(if .true then "yes" else "no" end): the \(.seeds) of \(.of)" else "\(.ok) of \(.of) seeds" end;
def range_text: "\(.middle | shown)" + (if .of > 1 and .low != .high then " (\(.low | shown) … \(.high | shown))" else "" end);
def badge: "<span class=\"\({"holds": "good", "holds with a condition": "fair", "does not hold": "bad", "undecided": "bad"}[.])\">\(. | @html)</span>";
def one_line: gsub("[\n\r\t]+"; " ");
def line: "\(.row)\t\(.verdict)\t\(.finding | one_line)" + (if .as_expected then "" else "\texpected: \(.expected)" end);
def markdown: one_line | gsub("&"; "&amp;") | gsub("<"; "&lt;") | gsub(">"; "&gt;") | gsub("\\|"; "\\|");
def table_row: "| \(.row) | \(.claim | markdown) | \(.verdict) | \(.finding | markdown) |";
def summary_row: "<tr><td class=\"number short\"><a href=\"#row-\(.row)\">\(.row)</a></td><td>\(.claim | @html)</td><td class=\"short\">\(.verdict | badge)"
    + (if .as_expected then "" else "<br><strong class=\"bad\">not what was expected</strong>" end) + "</td><td>\(.finding | @html)</td></tr>";
def checks_html: "<div class=\"scroll\"><table><thead><tr><th></th><th>what is checked</th><th class=\"number\">found</th><th>wanted</th><th>true</th></tr></thead><tbody>"
    + (.checks | map("<tr><td class=\"short\">\(.part | part_name)</td><td>\(.says | @html)</td><td class=\"number short\">\(range_text)</td><td class=\"short\">\(bound_text)</td><td class=\"short\">\(seeds_text)</td></tr>") | join(""))
    + "</tbody></table></div>";
