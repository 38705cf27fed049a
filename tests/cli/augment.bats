#!/usr/bin/env bats
# Augmentation from a config's keys to the run's bytes, nnexp check --preview, and plot.sh on what it draws.

load common

# images: 24 3 x 4 RGB images of three classes in img.csv, and a.json that trains on them.
images() {
    awk 'BEGIN { for (r = 0; r < 24; r++) { for (i = 0; i < 36; i++) printf "%d,", (r * 37 + i * 11 + r % 3 * 60) % 256; print "abc" r % 3 } }' >img.csv
    config '{"data": {"file": "img.csv", "validation": 0.25, "image": {"height": 3, "width": 4, "channels": 3}},
             "preprocess": ["scale"], "augment": ["flip", "color_jitter"], "model": {"hidden": [4]},
             "train": {"batch": 4, "epochs": 3}}'
}

# pixel FILE X Y: its three bytes.
pixel() {
    local width skip
    width=$(sed -n 2p "$1" | cut -d ' ' -f 1)
    skip=$(head -n 3 "$1" | wc -c)
    tail -c +$((skip + 1 + 3 * ($3 * width + $2))) "$1" | head -c 3 | od -An -tu1 | tr -s ' ' | sed 's/^ //'
}

@test "augment: the same bytes for any number of threads, other bytes without it, with a seed, with a p" {
    images
    nnexp -q -c a.json -t 1
    done_with 0
    nnexp -q -c a.json -t 3 -o three
    same_run runs/a three
    for change in 'augment=[]' seed=2 augment.0.p=0.9 'augment=["color_jitter","flip"]'; do
        nnexp -q -c a.json -s "$change" -o other
        done_with 0
        not cmp -s runs/a/model.safetensors other/model.safetensors
        rm -r other
    done
}

@test "augment: a run of a smaller crop, ten crops and mixup starts again from its own config" {
    images
    nnexp -q -c a.json -s 'augment=[{"name":"crop","height":2,"width":2,"pad":1,"evaluate":"ten"},"mixup"]' -s data.test=img.csv
    done_with 0
    equals 12 "$(awk -F , 'NR == 2 { print $4 }' runs/a/layers.csv)"
    grep -q '"evaluate": "ten"' runs/a/config.json
    grep -q '"max": 255' runs/a/config.json
    nnexp -q -c runs/a/config.json -o again
    done_with 0
    same_run runs/a again
}

@test "augment: pixels beyond max in any file" {
    images
    sed '5s/^[0-9]*/999/' img.csv >bright.csv
    for split in validation test; do
        refused "nnexp: $PWD/img.csv: column 'c0' has a pixel of 999 in a $split row, outside 0 to data.image.max, which is 255; correct it" \
            check -c a.json -s data.$split=bright.csv
    done
    nnexp -q -c a.json
    refused "nnexp: bright.csv: column 'c0' has a pixel of 999, outside 0 to data.image.max, which is 255; correct it" \
        predict --run runs/a --data bright.csv
}

@test "augment: a step that cannot take what augmentation makes says so" {
    printf '%s\n' a,b,label 0,0,p 255,0,q 0,0,p 255,0,q >img.csv
    config '{"data": {"file": "img.csv", "image": {"height": 1, "width": 2}}, "preprocess": ["center", "onehot"],
             "augment": [{"name": "flip", "p": 1}], "model": {"hidden": [2]}, "train": {"epochs": 1}}'
    for threads in 1 3; do
        nnexp -q -c a.json -t $threads --force
        done_with 2
        equals "nnexp: a.json: preprocess.1: 255 in input 2 of an augmented image is no value of the training rows; leave out this step, or augment" "$err"
    done
}

@test "augment: what is refused" {
    images
    refused "nnexp: a.json: augment.0: unknown augment 'flop'; did you mean 'flip'?" check -c a.json -s augment='["flop"]'
    refused "nnexp: a.json: augment: the rows are no images; set data.image, or leave it out" check -c a.json -s data.image=null
    refused "nnexp: a.json: augment.0.height: 4 is more than the image's 3; make it smaller" \
        check -c a.json -s augment='[{"name": "crop", "height": 4}]'
    refused "nnexp: a.json: augment.1: 'hinge' takes no mixed targets; use cross_entropy, or leave mixup out" \
        check -c a.json -s augment='["flip", "mixup"]' -s train.loss=hinge
    refused "nnexp: a.json: augment.0.p: 0 is out of range; use a number above 0 to at most 1" check -c a.json -s augment.0.p=0
    refused "nnexp: $PWD/img.csv: column 'c19' has a pixel of 209, outside 0 to data.image.max, which is 200; correct it" \
        check -c a.json -s data.image.max=200
    refused "nnexp: $PWD/img.csv: data.image is 4 x 4 x 3, which is 48 values, and a row has 36 inputs; correct it" \
        check -c a.json -s data.image.height=4
}

@test "preview: originals above five epochs of their augmented versions" {
    images
    nnexp check -q -c a.json --preview sheet.ppm
    done_with 0
    equals "" "$err"
    cp .out checked
    nnexp check -c a.json
    cmp checked .out # the resolved config, as without it
    equals P6 "$(head -n 1 sheet.ppm)"
    # eight images of 4 x 3 pixels, 24 times enlarged, 4 apart; 12 around, and 12 more below the originals
    equals "$((2 * 12 + 8 * 100 - 4)) $((12 + 6 * 76 + 12 - 4 + 12))" "$(sed -n 2p sheet.ppm)"
    equals "$((16 + 3 * 820 * 488 - 1))" "$(wc -c <sheet.ppm)"
    first=$(head -n 1 img.csv | cut -d , -f 1-3 | tr , ' ')
    for at in "12 12" "35 35"; do equals "$first" "$(pixel sheet.ppm $at)"; done
    equals "$(head -n 1 img.csv | cut -d , -f 4-6 | tr , ' ')" "$(pixel sheet.ppm 36 12)"
    equals "$(head -n 1 img.csv | cut -d , -f 13-15 | tr , ' ')" "$(pixel sheet.ppm 12 36)"
    equals "255 255 255" "$(pixel sheet.ppm 0 0)"
    not equals "$(pixel sheet.ppm 12 100)" "$(pixel sheet.ppm 12 176)" >/dev/null # two epochs
    equals sheet.ppm "$(ls | grep ppm)"
}

@test "preview: without augmentation the originals alone; grey as grey; planes; a smaller crop" {
    images
    nnexp check -c a.json -s 'augment=[]' --preview sheet.ppm
    equals "820 96" "$(sed -n 2p sheet.ppm)"
    nnexp check -c a.json -s 'augment=[]' -s data.image.layout=chw --preview planes.ppm
    equals "$(head -n 1 img.csv | cut -d , -f 1,13,25 | tr , ' ')" "$(pixel planes.ppm 12 12)"
    nnexp check -c a.json -s 'augment=["noise"]' -s data.image.channels=1 -s data.image.width=12 --preview grey.ppm
    done_with 0
    value=$(head -n 1 img.csv | cut -d , -f 1)
    equals "$value $value $value" "$(pixel grey.ppm 12 12)"
    nnexp check -c a.json -s 'augment=[{"name":"crop","height":2,"width":1,"pad":0}]' --preview crop.ppm
    equals "255 255 255" "$(pixel crop.ppm 40 100)" # beside the narrow image
}

@test "preview: what it cannot draw, and where it cannot write" {
    images
    refused "nnexp: a.json: data.image: there are no images to show; say what the columns are the pixels of" \
        check -c a.json -s augment='[]' -s data.image=null --preview sheet.ppm
    refused "nnexp: a.json: data.image.channels: 2 make no picture; --preview shows 1 or 3" \
        check -c a.json -s augment='["flip"]' -s data.image.channels=2 -s data.image.width=6 --preview sheet.ppm
    refused "nnexp: none/sheet.ppm: cannot write: No such file or directory" check -c a.json --preview none/sheet.ppm
    refused "nnexp: --preview: unknown option of 'train'; see nnexp train --help" --preview x -c a.json
}

@test "preview: plot.sh shows it as PNG and SVG, and refuses other files" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    images
    mkdir 'odd `touch pwned` name'
    cd 'odd `touch pwned` name'
    "$NNEXP" check -c ../a.json --preview sheet.ppm >/dev/null
    run "$root/scripts/plot.sh" sheet.ppm
    [ "$status" -eq 0 ]
    equals "wrote ./sheet.png" "$output"
    equals "$(printf '%08x%08x' 820 488)" "$(od -An -tx1 -j 16 -N 8 sheet.png | tr -d ' \n')"
    run "$root/scripts/plot.sh" --svg "$PWD/sheet.ppm"
    equals "wrote $PWD/sheet.svg" "$output"
    grep -q 'width="820" height="488"' sheet.svg
    run "$root/scripts/plot.sh" --term sheet.ppm
    equals "plot.sh: ./sheet.ppm: a terminal shows no picture; use --png or --svg" "$output"
    run "$root/scripts/plot.sh" none.ppm
    equals "plot.sh: ./none.ppm: cannot read; write it with nnexp check --preview" "$output"
    head -c 5000 sheet.ppm >cut.ppm
    printf 'P3\n1 1\n255\n1 2 3' >text.ppm
    : >empty.ppm
    for file in cut text empty; do
        run "$root/scripts/plot.sh" $file.ppm
        [ "$status" -eq 2 ]
        equals "plot.sh: ./$file.ppm: no picture of nnexp check --preview, or cut short; write it again" "$output"
        [ ! -e $file.png ]
    done
    equals "" "$(ls ../ . | grep pwned$ | grep -v odd || true)"
}

@test "augment: predict sees what evaluation saw: the centre, ten crops; its loss is val_loss" {
    images
    nnexp generate shapes --rows 60
    mv .out shapes.csv
    for augment in '["flip"]' '[{"name":"crop","height":9,"width":8}]' '[{"name":"resized_crop","height":7}]' \
        '[{"name":"crop","height":9,"width":8,"evaluate":"ten"},"mixup"]'; do
        nnexp -q -c a.json --force -s data='{"file":"shapes.csv","validation":"shapes.csv","image":{"height":12,"width":12,"channels":3}}' \
            -s "augment=$augment" -s 'preprocess=["standardize"]'
        done_with 0
        nnexp predict --run runs/a --model last --data shapes.csv --out predicted.csv
        done_with 0
        equals "60 rows  loss $(column runs/a/epochs.csv val_loss | tail -n 1)  accuracy $(column runs/a/epochs.csv val_accuracy | tail -n 1)" \
            "$(sed -n 2p .out)"
    done
}
