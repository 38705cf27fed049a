# compare.jq: what differs between runs, as lines of tab-separated fields, their first a kind:
#   jq -nr --slurpfile configs … --slurpfile summaries … --slurpfile epochs … -f compare.jq
# configs and summaries hold a document a run (null: not complete), epochs how many each has. Lines:
#   config KEY VALUE…     a key of the resolved config that differs; "–" where a run has none
#   equal TEXT            where there are no such
#   outcome NAME VALUE…   what came of the runs; #NUMBER is to be rounded
#   said TEXT             why the comparison is not clean
#   heading TEXT          what differs, in short, for a picture

# A value as it is shown: texts as they are, but for control characters; the rest as JSON.
def printable: explode | map(if . < 32 or (. >= 127 and . < 160) then 63 else . end) | implode;
def shown: if type == "string" then if . == "" then "\"\"" else printable end
    elif type == "array" and length > 0 then "[" + (map(if type == "string" then tojson | printable else shown end) | join(", ")) + "]"
    else tojson | printable end;

# A run's value at some path is [VALUE], or [] where it has none; null says that a thing is not used.
def present: map(select(. != null));
def kinds: map(.[0] | type) | unique;
def nested: .[0] | type == "array" and any(.[]; type == "object" or type == "array");
def keys_of: reduce (.[] | .[0] | select(type == "object") | keys_unsorted[]) as $key ([]; if any(.[]; . == $key) then . else . + [$key] end);
# Whatever has variants is its name, or an object with that name.
def spelt_out: if (.[0] | type) == "string" then [{name: .[0]}] else . end;
def cell: if length == 0 then "–" else .[0] | shown end;
def under($key): if $key == null then . else map(if length > 0 and (.[0] | type) == ($key | if type == "number" then "array" else "object" end)
    then [.[0][$key]] | present else [] end) end;

# rows(PATH): of the values of all runs at that path, a row {key, values} wherever they differ.
def rows($path):
    def here: {key: ($path | map(tostring) | join(".") | printable), values: map(cell)};
    def children: . as $values | ($values | map(select(length > 0)) | kinds) as $kinds
        | if $kinds | index("object") then
              ($values | map(spelt_out)) as $all
              | ($all | map(if length > 0 and (.[0] | type) != "object" then . else [] end) | if any(.[]; length > 0) then here else empty end),
                ($all | keys_of[] as $key | $all | under($key) | rows($path + [$key]))
          elif any($values[]; length > 0 and nested) then
              ($values | map(if length > 0 and (.[0] | type) != "array" then . else [] end) | if any(.[]; length > 0) then here else empty end),
              (range([$values[] | .[0] | arrays | length] | max) as $i | $values | under($i) | rows($path + [$i]))
          else here end;
    if unique | length == 1 then empty else children end;

def ignored: .key | test("^(name|about|log(\\..*)?)$");

# What happened. A figure that is null where it was measured was not finite.
def figure($object; $name; $measured): if $object == null or ($object | has($name) | not) then "–"
    elif $object[$name] == null then if $measured then "not finite" else "–" end
    else $object[$name] | if type == "number" then "#" + tojson else shown end end;
def has_validation: (.data.validation_rows? // 0) > 0;
def final($name): figure(.final; $name; ($name | startswith("train_")) or has_validation);
def outcomes($epochs):
    def each($name; values): {key: $name, values: [range(length) as $i | .[$i] | if . == null then "–" else values | tostring end]};
    {key: "status", values: map(if . == null then "not complete" else .status // "–" | tostring | printable | gsub("_"; " ") end)},
    {key: "epochs", values: [range(length) as $i | .[$i].epochs // $epochs[$i] | tojson]},
    each("best epoch"; .best_epoch // "–"),
    (("train_loss", "val_loss", "train_accuracy", "val_accuracy", "train_rmse", "val_rmse") as $name | each("final " + $name; final($name))),
    each("best val_loss"; if has_validation then figure(.best; "val_loss"; true) else "–" end),
    (("test_loss", "test_accuracy", "test_rmse") as $name | each($name; figure(.; $name; true))),
    each("parameters"; .parameters // "–"),
    each("findings"; .findings // [] | length)
    | select(.key == "status" or any(.values[]; . != "–"));

# Whether a comparison is clean. Values of runs that are not complete are not known.
def differs($values): $values | map(select(. != null)) | unique | length > 1;
def told($values): [$values[] | select(. != null) | shown] | reduce .[] as $v ([]; if any(.[]; . == $v) then . else . + [$v] end) | join(", ");
def unclean($configs; $summaries):
    ($configs | map(.data.task?)) as $tasks
    | if differs($tasks) then "data.task differs: losses and scores of different kinds do not compare"
      elif differs($configs | map(.train.loss? | if type == "object" then .name else . end)) then
          "train.loss differs: losses of different kinds do not compare" else empty end,
      if differs($configs | map(.data | del(.task)?)) then "data differ: the comparison is not clean: "
          + ([$configs | map([.data]) | rows(["data"]) | .key | select(. != "data.task")] | join(", ")) else empty end,
      # (features are counted after the preprocessing)
      if differs($summaries | map(.data | if . == null then . else [.train_rows, .validation_rows, .test_rows] end)) and (differs($configs | map(.data | del(.task)?)) | not) then
          "data differ though data.file does not: the comparison is not clean: the file has changed between the runs" else empty end,
      ("nnexp", "blas", "kernel", "compiler") as $name | ($summaries | map(.versions[$name]?)) as $values
      | if differs($values) then "versions differ: the comparison is not clean: \($name): \(told($values))" else empty end;

# Of a variant its name alone: what belongs to it differs of course.
def names($rows): [$rows[].key] as $keys | ([$keys[] | select(endswith(".name")) | rtrimstr(".name")]) as $variants
    | reduce $keys[] as $key ([]; ([$variants[] | select(. as $v | $key | startswith($v + "."))][0] // $key) as $short
        | if any(.[]; . == $short) then . else . + [$short] end)
    | (.[:3] | join(", ")) + if length > 3 then " and \(length - 3) more" else "" end;

($configs | map([.]) | [rows([])]) as $rows
| ($rows | map(select(ignored | not))) as $rows_that_count
| ($rows | map(.key) | join(", ")) as $all
| ($rows_that_count[] | ["config", .key] + .values),
  ($summaries | outcomes($epochs) | ["outcome", .key] + .values),
  (if $rows == [] then ["equal", "configs are equal"]
   elif $rows_that_count == [] then ["equal", "configs are equal but for \($all)"] else empty end),
  (unclean($configs; $summaries) | ["said", .]),
  ["heading", "\($configs | length) runs " + if $rows_that_count == [] then "of equal configs" else "that differ in \(names($rows_that_count))" end]
| join("\t")
