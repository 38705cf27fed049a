#!/bin/sh
# One self-contained page of a run or a sweep: scripts/report.sh RUN|SWEEP [--out FILE]
#
# plot.sh and plot_sweep.sh draw the pictures, jq reads the JSON, html.sh makes the page. Whatever a run, a config or a
# table says is escaped; nothing of it is executed.
set -eu
unset CDPATH

# Beside this very file, also where a link leads to it.
self=$(readlink -f -- "$0" && echo .)
scripts=${self%/*}
# shellcheck source=scripts/parts/plot_common.sh
. "$scripts/parts/plot_common.sh"
# shellcheck source=scripts/parts/html.sh
. "$scripts/parts/html.sh"
# shellcheck source=scripts/parts/report_sweep.sh
. "$scripts/parts/report_sweep.sh"

usage='usage: report.sh RUN|SWEEP [--out FILE]
Writes RUN/report.html (--out: another file): one page with all in it, that opens without a network: what came out and what
nnexp found, pictures whose curves a click on the key hides, the config, the versions. At most 2 MB.'

most_bytes=1900000
form=page # of plot_common.sh: the extension of what keep() puts there

arguments() {
    RUN='' report='' options=yes
    while [ $# -gt 0 ]; do
        case $options$1 in
        yes--) options= ;;
        yes-h | yes--help) printf '%s\n' "$usage" && exit 0 ;;
        yes--out) [ -n "${2:-}" ] || die "$1: needs a value" 2; report=$2 && shift ;;
        yes-*) die "$1: unknown option; use --out" 2 ;;
        *) [ -z "$RUN" ] || die "$1: one run or sweep at a time; the first was $RUN" 2; RUN=$1 ;;
        esac
        shift
    done
    [ -n "$RUN" ] || { printf '%s\n' "$usage" >&2; exit 2; }
    case $RUN in /*) ;; *) RUN=./$RUN ;; esac
    RUN=${RUN%/}
    case ${report:-/} in /*) ;; *) report=./$report ;; esac
    report=${report:-$RUN/report.html}
}

check() {
    command -v gnuplot >/dev/null || die 'gnuplot is not installed; run scripts/install_deps.sh plot'
    command -v jq >/dev/null || die 'jq is not installed; run scripts/install_deps.sh plot'
    [ -d "$RUN" ] || die "$RUN: no such directory; give the directory of a run or a sweep" 2
    [ -f "$RUN/sweep.json" ] || [ -f "$RUN/config.json" ] ||
        die "$RUN: no run or sweep directory (it has no config.json and no sweep.json); give one" 2
    [ -f "$RUN/sweep.json" ] || [ -r "$RUN/epochs.csv" ] || die "$RUN/epochs.csv: cannot read; the run has no such log" 2
    [ ! -f "$RUN/sweep.json" ] || [ -r "$RUN/sweep.csv" ] ||
        die "$RUN/sweep.csv: cannot read; write it with nnexp sweep --collect" 2
}

# quoted TEXT: as a word of the shell, to be read.
quoted() { printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }

# absolute DIRECTORY
absolute() { path=$(cd -- "$1" && pwd && echo .) && printf %s "${path%??}"; }

# json FILE FILTER: HTML that jq makes; nothing where the file is not there.
json() { [ ! -f "$1" ] || jq -r "$2" "$1" || die "$1: no JSON, or cut short; train again"; }

# ---- a run -----------------------------------------------------------------------------------------------------------

# A log's epochs so far apart that its pictures stay small, with the first, the best and the last one.
thin() {
    [ -r "$RUN/$1.csv" ] || return 0
    awk -F , -v every="$every" -v best="$best" -v last="$last" \
        'NR == 1 || $1 % every == 0 || $1 == best || $1 == last' "$RUN/$1.csv" >"$work/run/$1.csv"
}

# $work/run: what plot.sh reads, with at most 400 epochs, and at most 6000 rows of layers.
thin_logs() {
    last=$(awk -F , 'NR > 1 && $1 ~ /^[0-9]+$/ { last = $1 } END { print last + 0 }' "$RUN/epochs.csv")
    layers=$(awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "layer") at = i } NR > 1 && at && $at > most { most = $at }
                       END { print most + 1 }' "$RUN/layers.csv")
    best=$(jq -r '.best_epoch // -1 | numbers' "$RUN/summary.json" 2>/dev/null) || best=-1
    every=$(awk -v last="$last" -v layers="$layers" \
        'BEGIN { a = last / 400; b = last * layers / 6000; e = a > b ? a : b; printf "%d", (e > 1 ? int(e) + (e > int(e)) : 1) }')
    mkdir "$work/run"
    for log in epochs layers histograms; do thin "$log"; done
    for file in config.json summary.json preprocess.csv; do
        [ ! -f "$RUN/$file" ] || cp -- "$RUN/$file" "$work/run/$file"
    done
}

summary_html='
    # six significant digits
    def show: if . == null then "–" elif type != "number" then tostring elif . == floor and fabs < 1e15 then tostring
        else (fabs | log10 | floor) as $e | (. * pow(10; 5 - $e) | round) as $digits
        | if $e > -5 then $digits / pow(10; 5 - $e) | tostring elif $digits | fabs == 1e6 then "\($digits / 1e6)e\($e + 1)" else "\($digits / 1e5)e\($e)" end end;
    def fact($name; $value): if $value == null then empty else
        "<div><dt>\($name | @html)</dt><dd>\($value | show | @html)</dd></div>" end;
    "<p><strong class=\"\(if .status == "diverged" then "bad" else "good" end)\">\(.status | gsub("_"; " ") | @html)</strong>"
    + (if .diverged then .diverged | " in epoch \(.epoch), step \(.step): \(to_entries
          | map(select(.value != null and .key != "epoch" and .key != "step") | "\(.key) \(.value)") | join(", "))" | @html else "" end)
    + "</p><dl class=\"facts\">"
    + ([fact("epochs"; .epochs), fact("parameters"; .parameters), fact("best epoch"; .best_epoch),
        (.best // {} | fact("best val_loss"; .val_loss), fact("val_accuracy there"; .val_accuracy), fact("val_rmse there"; .val_rmse)),
        (.final // {} | fact("last train_loss"; .train_loss), fact("last train_accuracy"; .train_accuracy),
         fact("last train_rmse"; .train_rmse), fact("last val_loss"; .val_loss), fact("last val_accuracy"; .val_accuracy),
         fact("last val_rmse"; .val_rmse)),
        fact("test_loss"; .test_loss), fact("test_accuracy"; .test_accuracy), fact("test_rmse"; .test_rmse),
        fact("training rows"; .data.train_rows), fact("validation rows"; .data.validation_rows),
        fact("features"; .data.features), fact("classes"; (.data.classes // null | if . then length else null end))] | join(""))
    + "</dl>"'

findings_html='
    if (.findings | length) == 0 then "<p>Nothing that needs a remedy.</p>" else
        "<ul class=\"findings\">" + ([.findings[] | "<li>\(.evidence | @html)"
        + (if (.remedy // "") != "" then "<br>Try: \(.remedy | @html)" else "" end) + "</li>"] | join("")) + "</ul>" end'

versions_html='
    "<div class=\"scroll\"><table><tbody>" + ([.versions | to_entries[] |
        "<tr><th scope=\"row\">\(.key | @html)</th><td>\(.value | tostring | @html)</td></tr>"] | join("")) + "</tbody></table></div>"'

# caption PICTURE: how to read it.
caption() {
    case $1 in
    loss) echo 'Loss by epoch: training falls while validation rises is overfitting; both high is underfitting.' ;;
    score) echo 'Accuracy (or root mean square error) by epoch, on the training and the validation rows.' ;;
    rate) echo 'The learning rate of the last update of each epoch.' ;;
    gradient) echo 'Norm of the loss gradient in the weights of each layer: a fan of curves that spreads by decades vanishes or explodes with depth.' ;;
    update) echo 'How far an update moves a layer, ‖ΔW‖/‖W‖; the dashed line is the rule of thumb, 1e-3.' ;;
    depth) echo "Mean ± standard deviation of the activations by layer, before training and $at_end: a standard deviation that shrinks layer by layer is a collapse." ;;
    mean) echo 'Mean of the activations by epoch: away from 0 they are not zero-centred.' ;;
    deviation) echo 'Standard deviation of the activations by epoch.' ;;
    saturated) echo 'Share of activations whose slope is below a twentieth of the largest: there the gradient is killed. About half is normal for ReLU.' ;;
    dead) echo 'Share of units that pass no gradient on any row of the probe.' ;;
    explained_*) echo 'Share of the variance that the components hold.' ;;
    distribution_a_first) echo 'Distribution of the activations of each layer before training.' ;;
    distribution_a_last) echo "Distribution of the activations of each layer $at_end." ;;
    distribution_z_first) echo 'Distribution of what goes into the activations before training.' ;;
    distribution_z_last) echo "Distribution of what goes into the activations $at_end." ;;
    histogram_a_*) echo "Activations of layer ${1##*_} by epoch." ;;
    *) echo "$1" ;;
    esac
}

# pictures NAME…: figures of $work/pictures, as long as the page stays small; the others are named.
pictures() {
    left=
    echo '<div class="pictures">'
    for name; do
        [ -s "$work/pictures/$name.svg" ] || continue
        html_picture "$work/pictures/$name.svg" "p-$name" "$(caption "$name")" >"$work/figure"
        size=$((size + $(wc -c <"$work/figure")))
        if [ "$size" -gt "$most_bytes" ]; then
            size=$((size - $(wc -c <"$work/figure")))
            left="$left $name"
        else cat -- "$work/figure"; fi
    done
    echo '</div>'
    # shellcheck disable=SC2086 # a list of our own names
    [ -z "$left" ] || printf '<p>Left out, so that the page stays under 2 MB: %s. <code>scripts/plot.sh</code> draws them.</p>\n' \
        "$(echo $left | sed 's/ /, /g')"
}

# The pictures that there are, in the order in which one reads them.
drawn_pictures() {
    for name in loss score rate depth deviation mean gradient update saturated dead; do echo $name; done
    (cd -- "$work/pictures" && ls) | sed -n 's/\.svg$//; /^explained_/p'
    for name in distribution_a_first distribution_a_last distribution_z_first distribution_z_last; do echo $name; done
    (cd -- "$work/pictures" && ls) | sed -n 's/\.svg$//; /^histogram_a_/p' | sort -t _ -k 3n
}

seconds_html='
    function escaped(text) { gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text); return text }
    NR == 1 { for (i = 2; i <= NF; i++) name[i] = $i; next }
    NF > 1 { for (i = 2; i <= NF; i++) sum[i] += $i }
    END { for (i = 2; i in name; i++)
              printf "<tr><th scope=\"row\">%s</th><td class=\"number\">%.3g</td></tr>\n", escaped(name[i]), sum[i] }'

run_page() {
    title=$(title_of "$RUN")
    thin_logs
    at_end='at the end'
    case $(jq -r '.status // ""' "$RUN/summary.json" 2>/dev/null) in diverged) at_end='in the last epoch before it diverged' ;; esac
    "$scripts/plot.sh" --html="$work/pictures" "$work/run" >"$work/said" 2>"$work/remarks" || {
        cat "$work/remarks" >&2
        die "$RUN: cannot be drawn"
    }
    html_begin "$title"
    printf '<h1>%s</h1>\n' "$(printf %s "$title" | html_escape)"
    json "$RUN/config.json" 'if (.about // "") == "" then empty else "<p class=\"about\">\(.about | @html)</p>" end'
    if [ -f "$RUN/summary.json" ]; then
        json "$RUN/summary.json" "$summary_html"
        echo '<h2>Findings</h2>'
        json "$RUN/summary.json" "$findings_html"
    else printf '<p><strong class="bad">not complete</strong>: %s epochs so far; nnexp writes its findings at the end.</p>\n' "$last"; fi
    echo '<h2>Pictures</h2>'
    echo '<p>A click on an entry of a key hides its curve, another one shows it again.'
    [ "$every" = 1 ] || printf 'One epoch in %s is drawn, and the first, the best and the last.\n' "$every"
    echo '</p>'
    # shellcheck disable=SC2046 # a list of our own names
    pictures $(drawn_pictures)
    echo '<h2>Config</h2>'
    printf '<p>The same run again, to the same bytes: <code>nnexp --config %s --out again</code></p>\n' \
        "$(quoted "$(absolute "$RUN")/config.json" | html_escape)"
    echo '<details><summary>config.json, every default written out</summary><pre>'
    html_escape <"$RUN/config.json"
    echo '</pre></details>'
    echo '<h2>Environment</h2>'
    json "$RUN/summary.json" "$versions_html"
    [ ! -r "$RUN/timing.csv" ] || {
        echo '<div class="scroll"><table><thead><tr><th>seconds in all</th><th></th></tr></thead><tbody>'
        awk -F , "$seconds_html" "$RUN/timing.csv"
        echo '</tbody></table></div>'
    }
    html_end
}

arguments "$@"
check
make_work
size=0
if [ -f "$RUN/sweep.json" ]; then sweep_page >"$work/report.page"; else run_page >"$work/report.page"; fi
[ "$(wc -c <"$work/report.page")" -lt 2000000 ] || die "$RUN: its config and names alone take more than 2 MB; no report is written"
keep report "$report"
