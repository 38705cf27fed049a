#!/usr/bin/env bats
# nnexp convert: IDX and CIFAR-10 files that are made here.

load common

# bytes N...: the bytes of these numbers.
bytes() { for n; do printf "\\$(printf %03o "$n")"; done; }

# idx: images.idx, two images of 2 x 3, and labels.idx.
idx() {
    bytes 0 0 8 3 0 0 0 2 0 0 0 2 0 0 0 3 0 9 10 99 100 255 1 2 3 4 5 6 >images.idx
    bytes 0 0 8 1 0 0 0 2 4 9 >labels.idx
}

# batch FILE LABEL...: records of that label, all pixels zero but the first green one, 200.
batch() {
    local file=$1 label
    shift
    for label; do
        bytes "$label"
        head -c 1024 /dev/zero
        bytes 200
        head -c 2047 /dev/zero
    done >"$file"
}

@test "convert: IDX images and labels" {
    idx
    nnexp convert images.idx labels.idx
    done_with 0
    equals "" "$err"
    equals "p0_0,p0_1,p0_2,p1_0,p1_1,p1_2,label
0,9,10,99,100,255,4
1,2,3,4,5,6,9" "$out"
}

@test "convert: several pairs follow one another" {
    idx
    nnexp convert images.idx labels.idx images.idx labels.idx
    done_with 0
    equals 5 "$(wc -l <.out)"
    equals "4 9 4 9" "$(words .out label)"
}

@test "convert: CIFAR-10 batches, channels of a pixel together" {
    batch one 9 0
    batch two 6
    nnexp convert one two
    done_with 0
    equals "" "$err"
    equals 4 "$(wc -l <.out)"
    equals "truck airplane frog" "$(words .out label)"
    equals "200 200 200" "$(words .out p0_0g)"
    equals "p0_0r,p0_0g,p0_0b,p0_1r" "$(head -n 1 .out | cut -d , -f 1-4)"
    equals "0,200,0,0 0,200,0,0 0,200,0,0" "$(sed 1d .out | cut -d , -f 1-4 | paste -sd ' ')"
    equals "600" "$(sed 1d .out | tr ',' '\n' | awk '{ sum += $1 } END { print sum }')"
}

@test "convert: what is made trains" {
    batch one 1 2 1 2 1 2 1 2
    "$NNEXP" convert one >one.csv
    config '{"data": {"file": "one.csv", "label": "label"}, "model": {"hidden": [3]}, "train": {"epochs": 1}}'
    nnexp -c a.json
    done_with 0
    for class in automobile bird; do grep -qa "$class" runs/a/model.safetensors; done
}

@test "convert: bad files are refused before anything is written" {
    idx
    batch good 3
    refused "nnexp: convert: which files? give IDX images and their labels, or CIFAR-10 batches" convert
    refused "nnexp: none: cannot read: No such file or directory" convert none
    refused "nnexp: images.idx: its labels are in another file; name it next" convert images.idx
    refused "nnexp: labels.idx: has 1 dimensions, images have 3; give the images first, then their labels" \
        convert labels.idx images.idx
    refused "nnexp: none: cannot read: No such file or directory" convert images.idx labels.idx images.idx none
    head -c 27 images.idx >cut.idx
    refused "nnexp: cut.idx: its images take 28 bytes, it has 27; it is cut short" convert cut.idx labels.idx
    gzip -k images.idx
    refused "nnexp: images.idx.gz: is compressed; unpack it first: gzip -d images.idx.gz" convert images.idx.gz labels.idx
    head -c 3000 good >cut
    refused "nnexp: cut: is neither IDX (which begins with two zero bytes) nor CIFAR-10: 3000 bytes are 0 records of 3073 and 3000 bytes more; is it cut short?" \
        convert good cut
    batch wrong 3 11
    refused "nnexp: wrong: record 2: label 11 is out of range; CIFAR-10 has 0 … 9" convert good wrong
    refused "nnexp: good: its images are 32 x 32 x 3, those of images.idx 2 x 3 x 1; convert them apart" \
        convert images.idx labels.idx good
}

@test "convert: a full standard output is told" {
    idx
    status=0
    err=$("$NNEXP" convert images.idx labels.idx 2>&1 >/dev/full) || status=$?
    equals 1 "$status"
    equals "nnexp: standard output: cannot write: No space left on device" "$err"
}
