#!/usr/bin/env bats
# scripts/fetch_data.sh on archives made here, from file:// addresses: what it makes of them, and what it refuses. No
# network is asked.

load common
load fetch_common

@test "fetch: IDX sets become train.csv and test.csv" {
    digits
    fetch mnist there
    done_with 0
    equals "" "$out"
    equals "p0_0,p0_1,label
10,20,5
30,40,6" "$(cat there/train.csv)"
    equals "p0_0,p0_1,label
50,60,7" "$(cat there/test.csv)"
    equals "t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz test.csv train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz train.csv" \
        "$(ls -A there | paste -sd ' ')"
    fetch fashion-mnist
    cmp there/train.csv data/fashion-mnist/train.csv
}

@test "fetch: CIFAR-10 becomes train.csv and test.csv" {
    photos
    fetch cifar10
    done_with 0
    equals "airplane automobile bird cat deer" "$(words data/cifar10/train.csv label)"
    equals "dog" "$(words data/cifar10/test.csv label)"
    equals "cifar-10-binary.tar.gz test.csv train.csv" "$(ls -A data/cifar10 | paste -sd ' ')"
}

@test "fetch: a wrong checksum is refused with the value seen, and nothing is kept" {
    digits
    sum=$(sum mirror/train-images-idx3-ubyte.gz)
    echo x >>mirror/train-images-idx3-ubyte.gz
    fetch mnist there
    done_with 1
    equals "fetch_data.sh: downloading file://$PWD/mirror/train-images-idx3-ubyte.gz
fetch_data.sh: file://$PWD/mirror/train-images-idx3-ubyte.gz: wrong checksum: SHA-256 is $(sum mirror/train-images-idx3-ubyte.gz), should be $sum
fetch_data.sh: train-images-idx3-ubyte.gz: no mirror gave it with the right checksum; give another with MIRROR=URL, or, where you trust what was given, its checksum with SUMS=FILE (lines of sha256sum)" "$err"
    equals "" "$(ls -A there)"
    believe
    fetch mnist there
    [[ $err != *checksum* ]] # as the message says
}

@test "fetch: every archive has one checksum of 64 digits" {
    equals 9 "$(grep -cE "(^|')[0-9a-f]{64}  [a-z0-9-]+(\.tar)?\.gz'?\$" "$script")"
    equals 9 "$(grep -oE "[0-9a-f]{64}  " "$script" | sort -u | wc -l)"
}
