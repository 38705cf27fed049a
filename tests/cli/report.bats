#!/usr/bin/env bats
# scripts/report.sh without a browser: what the page holds, that it needs nothing else, and that nothing in it is executed.

load common
load report_common

@test "report: a run: summary, findings, pictures, config, environment" {
    config '{"about": "what & why", "data": {"file": "ok.csv", "validation": 0.25}, "model": {"hidden": [3]}, "train": {"batch": 4, "epochs": 3}}'
    nnexp -q -c a.json
    done_with 0
    tell "$report" runs/a
    equals "0 wrote ./runs/a/report.html" "$status $out"
    whole_page runs/a/report.html
    for text in '<h1>a</h1>' 'what &amp; why' '<dt>best epoch</dt>' '<h2>Findings</h2>' 'id="p-loss"' 'id="p-saturated"' \
        'id="p-distribution_a_last"' '&quot;split_seed&quot;: 1' 'OpenBLAS' 'train_s' "--config &#39;$PWD/runs/a/config.json&#39;"; do
        grep -qF -- "$text" runs/a/report.html || { echo "no $text"; return 1; }
    done
    # the axes of a picture, for its pointer: epochs 0 to 3
    grep -q 'data-axes=.*"plot_axis_xmin":-0.06,"plot_axis_xmax":3.06' runs/a/report.html
}

@test "report: figures of the test file" {
    config '{"data": {"file": "ok.csv", "test": "ok.csv"}, "model": {"hidden": [3]}, "train": {"batch": 4, "epochs": 1}}'
    nnexp -q -c a.json
    done_with 0
    tell "$report" runs/a
    equals 0 "$status"
    grep -q '<dt>test_loss</dt><dd>[0-9]' runs/a/report.html
    grep -q '<dt>test_accuracy</dt><dd>[0-9]' runs/a/report.html
}

@test "report: a sweep: ranking, advice, pictures, plan, cells" {
    config '{"data": {"file": "ok.csv", "validation": 0.25}, "model": {"hidden": [3]}, "train": {"batch": 4, "epochs": 2},
             "sweep": {"axes": {"train.lr": [0.1, 0.01, 1e9], "model.activation": ["relu", "tanh"]}, "repeat": 2}}'
    nnexp sweep -q -c a.json
    cp runs/a.sweep/sweep.csv before
    tell "$report" runs/a.sweep --out "a page.html"
    equals "0 wrote ./a page.html" "$status $out"
    cmp runs/a.sweep/sweep.csv before
    whole_page "a page.html"
    for text in 'rank  train.lr' '<strong>divergence</strong>: ' 'id="p-loss"' 'id="p-score"' 'id="p-epochs"' \
        '<td>train.lr</td>' '<th>val_accuracy</th>'; do
        grep -qF -- "$text" "a page.html" || { echo "no $text"; return 1; }
    done
    equals 12 "$(grep -c '<td>cells/' "a page.html")"
    rm ok.csv # the ranking needs the data, the page does not
    tell "$report" runs/a.sweep
    equals 0 "$status"
    grep -q 'The ranking is missing: nnexp sweep --collect did not answer: nnexp: .*ok.csv: cannot read' runs/a.sweep/report.html
}

@test "report: what a log says is text, numbers are short, and a picture is of the epoch that its caption says" {
    config '{"data": {"file": "ok.csv", "validation": 0.25}, "model": {"hidden": [3]}, "train": {"batch": 4, "epochs": 3}}'
    nnexp -q -c a.json
    cp -r runs/a hostile
    sed -i '1s/train_s/<img src=x onerror=alert(1)>/' hostile/timing.csv
    jq '.status = "diverged" | .diverged = {epoch: "<i>", step: "<b>", by: "<u>"} | .final.val_loss = 0.0299121 | .best.val_loss = 0.00967529
        | .final.train_loss = 0.00000123456789 | .parameters = "<p>"' runs/a/summary.json >hostile/summary.json
    tell "$report" hostile
    equals 0 "$status"
    not grep -qE '<(img|i|b|u|p)>|<img ' <(sed 's/^<p>//' hostile/report.html)
    grep -qF '</strong> in epoch &lt;i&gt;, step &lt;b&gt;: by &lt;u&gt;</p>' hostile/report.html
    grep -qF '<th scope="row">&lt;img src=x onerror=alert(1)&gt;</th>' hostile/report.html
    for number in 0.0299121 0.00967529 1.23457e-6; do
        grep -qF "<dd>$number</dd>" hostile/report.html || { echo "no $number"; return 1; }
    done
    grep -qF 'activations of each layer in the last epoch before it diverged.' hostile/report.html
    tell "$report" runs/a
    grep -qF 'activations of each layer at the end.' runs/a/report.html
    # a curve without a name has no tooltip of gnuplot's code
    not grep -q '<title>[^<]* using \|_plot_[0-9]*</title>' runs/a/report.html
    grep -q '<title>validation</title>' runs/a/report.html
}

@test "report: a sweep of schedules shows them" {
    config '{"data": {"file": "ok.csv"}, "model": {"hidden": [3]}, "train": {"batch": 4, "epochs": 3}, "sweep": {"axes": {"train.schedule": ["constant", "cosine"]}}}'
    nnexp sweep -q -c a.json
    tell "$report" runs/a.sweep
    equals 0 "$status"
    grep -q 'id="p-schedules"' runs/a.sweep/report.html
    equals 2 "$(grep -o 'data-entry="[^"]*schedules[^"]*"' runs/a.sweep/report.html | sort -u | wc -l)"
}

@test "report: refusals" {
    tell "$report"
    equals "2 usage: report.sh RUN|SWEEP [--out FILE]" "$status ${err%%$'\n'*}"
    tell "$report" nowhere
    equals "2 report.sh: ./nowhere: no such directory; give the directory of a run or a sweep" "$status $err"
    mkdir empty
    tell "$report" empty
    equals "2 report.sh: ./empty: no run or sweep directory (it has no config.json and no sweep.json); give one" "$status $err"
    tell "$report" --png empty
    equals "2 report.sh: --png: unknown option; use --out" "$status $err"
    tell "$report" a b
    equals "2 report.sh: b: one run or sweep at a time; the first was a" "$status $err"
    config '{"data": {"file": "ok.csv"}, "model": {"hidden": []}, "train": {"epochs": 0}}'
    nnexp -q -c a.json
    tell "$report" runs/a --out empty
    equals "2 report.sh: ./empty: is a directory; give the name of a file" "$status $err"
    ln -s "$report" linked.sh
    tell ./linked.sh runs/a
    equals "0 wrote ./runs/a/report.html" "$status $out"
    mkdir cut
    echo '{"base": ' >cut/sweep.json
    echo cell >cut/sweep.csv
    tell "$report" cut
    equals "1 report.sh: ./cut/sweep.json: no JSON, or cut short; run nnexp sweep again" "$status $err"
    [ ! -e cut/report.html ]
}
