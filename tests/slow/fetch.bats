#!/usr/bin/env bats
# scripts/fetch_data.sh when things go wrong: broken downloads, missing tools, full disks, kills. No network is asked.

load ../cli/common
load ../cli/fetch_common

@test "fetch: called again it downloads nothing that is there" {
    digits
    fetch mnist there
    rm -r mirror
    fetch mnist there
    done_with 0
    equals "fetch_data.sh: there/train.csv and there/test.csv are there already" "$err"
    rm there/test.csv
    fetch mnist there
    done_with 0
    equals "fetch_data.sh: wrote there/train.csv
fetch_data.sh: wrote there/test.csv" "$err"
}

@test "fetch: a download that was broken off goes on" {
    photos
    archive=cifar-10-binary.tar.gz
    mkdir -p there
    head -c 100 mirror/$archive >there/$archive.part
    path_without wget curl
    # what curl is told to go on from shows in its stand-in
    printf '#!/bin/sh\necho "$*" >>calls\nwc -c <there/%s.part >>calls\nexec %s "$@"\n' $archive "$(command -v curl)" >bin/curl
    ln -s "$(command -v wc)" bin/
    chmod +x bin/curl
    PATH=$PWD/bin fetch cifar10 there
    done_with 0
    equals 100 "$(sed -n 2p calls | tr -d ' ')"
    equals 2 "$(wc -l <calls)"
    grep -q -e '-C - ' calls
    cmp mirror/$archive there/$archive
}

@test "fetch: a bad part is dropped and the archive downloaded afresh" {
    photos
    archive=cifar-10-binary.tar.gz
    mkdir -p there
    head -c 100 /dev/zero >there/$archive.part
    fetch cifar10 there
    done_with 0
    grep -q "^fetch_data.sh: file://$PWD/mirror/$archive: wrong checksum: SHA-256 is [0-9a-f]*, should be $(sum mirror/$archive)\$" .err
    equals "cifar-10-binary.tar.gz test.csv train.csv" "$(ls -A there | paste -sd ' ')"
    # a part longer than the archive, at which no server can go on
    rm -r there && mkdir there
    head -c 100000 /dev/zero >there/$archive.part
    fetch cifar10 there
    done_with 0
    equals "cifar-10-binary.tar.gz test.csv train.csv" "$(ls -A there | paste -sd ' ')"
}

@test "fetch: a part outlives a network that is down" {
    photos
    archive=cifar-10-binary.tar.gz
    mkdir -p there
    head -c 100 mirror/$archive >there/$archive.part
    mv mirror away
    fetch cifar10 there
    done_with 1
    equals "fetch_data.sh: $archive: no mirror gave it; is there a network? Download it by hand into there, or give MIRROR=URL" "${err##*$'\n'}"
    equals 100 "$(wc -c <there/$archive.part)"
    mv away mirror
    fetch cifar10 there
    done_with 0
}

@test "fetch: after a bad part the network is to blame that then fails" {
    photos
    mkdir there
    echo bad >there/cifar-10-binary.tar.gz.part
    path_without wget curl
    printf '#!/bin/sh\n[ -e called ] && exit 6\n>called\n' >bin/curl
    chmod +x bin/curl
    PATH=$PWD/bin fetch cifar10 there
    done_with 1
    grep -q 'wrong checksum: SHA-256' .err
    equals "fetch_data.sh: cifar-10-binary.tar.gz: no mirror gave it; is there a network? Download it by hand into there, or give MIRROR=URL" \
        "${err##*$'\n'}"
}

@test "fetch: an archive that lies there damaged is downloaded again" {
    digits
    mkdir there
    echo damaged >there/train-images-idx3-ubyte.gz
    fetch mnist there
    done_with 0
    equals "fetch_data.sh: there/train-images-idx3-ubyte.gz: wrong checksum: SHA-256 is $(echo damaged | sha256sum | cut -d ' ' -f 1), should be $(sum mirror/train-images-idx3-ubyte.gz); downloading it again" \
        "$(head -n 1 .err)"
}

@test "fetch: mirrors are asked in turn, the published checksums hold" {
    path_without wget curl
    printf '#!/bin/sh\nfor word; do case $word in http*) echo "$word" >>calls;; esac; done\nexit 6\n' >bin/curl
    chmod +x bin/curl
    for set in mnist fashion-mnist cifar10; do
        MIRROR='' SUMS='' PATH=$PWD/bin fetch $set there
        done_with 1
        [[ $err = *": no mirror gave it; is there a network? Download it by hand into there, or give MIRROR=URL" ]]
    done
    equals "https://storage.googleapis.com/cvdf-datasets/mnist/train-images-idx3-ubyte.gz
https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz
https://storage.googleapis.com/tensorflow/tf-keras-datasets/train-images-idx3-ubyte.gz
http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/train-images-idx3-ubyte.gz
https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/train-images-idx3-ubyte.gz
https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz
https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/cifar-10-binary.tar.gz" "$(cat calls)"
    digits
    SUMS='' fetch mnist there
    done_with 1
    grep -q 'should be 440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609$' .err
}

@test "fetch: wget does where there is no curl" {
    command -v wget >/dev/null && command -v python3 >/dev/null || skip "needs wget, and python3 for a server"
    photos
    path_without curl
    python3 -u -m http.server --bind 127.0.0.1 --directory mirror 0 >server 2>&1 3>&- &
    server=$!
    for _ in $(seq 200); do
        port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' server)
        [ -z "$port" ] || break
        sleep 0.02
    done
    no_proxy=127.0.0.1 MIRROR=http://127.0.0.1:$port PATH=$PWD/bin fetch cifar10 there
    kill $server
    done_with 0
    cmp mirror/cifar-10-binary.tar.gz there/cifar-10-binary.tar.gz
    equals 6 "$(wc -l <there/train.csv)"
}

@test "fetch: a full disk is told, and no CSV is left" {
    head -c 30000 /dev/urandom >noise
    mkdir mirror
    cp noise mirror/cifar-10-binary.tar.gz
    believe
    status=0
    err=$(trap '' XFSZ; ulimit -f 8; MIRROR=file://$PWD/mirror SUMS=sums "$script" cifar10 there 2>&1) || status=$?
    equals 1 "$status"
    equals "fetch_data.sh: there/cifar-10-binary.tar.gz.part: cannot write; is the disk full?" "${err##*$'\n'}"
    digits
    rm -f mirror/cifar*
    believe
    printf '#!/bin/sh\nexec "%s" "$@" >/dev/full\n' "$NNEXP" >full
    chmod +x full
    NNEXP=$PWD/full fetch mnist here
    done_with 1
    equals "nnexp: standard output: cannot write: No space left on device
fetch_data.sh: here/train.csv: not written" "$(tail -n 2 .err)"
    equals "" "$(find here -name '*.csv' -o -name '.unpacked*')"
}

@test "fetch: stopped while it converts, it leaves no CSV, and goes on when called again" {
    digits
    printf '#!/bin/sh\nkill -TERM $PPID\nexec "%s" "$@"\n' "$NNEXP" >stopping
    chmod +x stopping
    NNEXP=$PWD/stopping fetch mnist there
    done_with 143
    equals "" "$(find there -name '*.csv' -o -name '.unpacked*')"
    fetch mnist there
    done_with 0
    equals "fetch_data.sh: wrote there/train.csv" "$(head -n 1 .err)"
}

@test "fetch: an archive that is right but holds something else" {
    digits
    echo text | gzip -n >mirror/t10k-labels-idx1-ubyte.gz
    believe
    fetch mnist there
    done_with 1
    [[ $err = *"t10k-labels-idx1-ubyte: is no IDX file: it does not begin with two zero bytes
fetch_data.sh: there/test.csv: not written" ]]
    [ ! -e there/test.csv ]
    head -c 20 mirror/t10k-images-idx3-ubyte.gz >cut && mv cut mirror/t10k-images-idx3-ubyte.gz
    believe
    rm -r there
    fetch mnist there
    done_with 1
    equals "fetch_data.sh: there/t10k-images-idx3-ubyte.gz: cannot be unpacked" "${err##*$'\n'}"
    tar -czf mirror/cifar-10-binary.tar.gz sums
    believe
    fetch cifar10 there
    done_with 1
    equals "fetch_data.sh: there/cifar-10-binary.tar.gz: cannot be unpacked" "${err##*$'\n'}"
    equals "" "$(find there -name '.unpacked*')"
}

@test "fetch: usage, unknown sets, missing tools" {
    digits
    fetch
    done_with 1
    equals "fetch_data.sh: usage: scripts/fetch_data.sh mnist|fashion-mnist|cifar10 [DIR]" "$err"
    fetch mnist a b
    equals "fetch_data.sh: usage: scripts/fetch_data.sh mnist|fashion-mnist|cifar10 [DIR]" "$err"
    for option in -h --help; do
        fetch $option
        done_with 0
        equals "usage: fetch_data.sh mnist|fashion-mnist|cifar10 [DIR]" "${out%%$'\n'*}"
        [[ $out = *"MIRROR=URL"*"SUMS=FILE"* ]]
        equals "" "$err"
    done
    fetch imagenet
    equals "fetch_data.sh: imagenet: unknown set; use mnist, fashion-mnist or cifar10" "$err"
    SUMS=none fetch mnist there
    equals "fetch_data.sh: none: cannot read" "$(tail -n 1 .err)"
    echo >empty
    SUMS=empty fetch mnist there
    equals "fetch_data.sh: empty: has no checksum of train-images-idx3-ubyte.gz" "$(tail -n 1 .err)"
    NNEXP=./none fetch mnist there
    equals "fetch_data.sh: ./none: no such program; build it with make" "$err"
    touch file
    fetch mnist file
    equals "fetch_data.sh: file: cannot be made" "$(tail -n 1 .err)"
    rm -rf there
    for case in "curl wget|curl or wget; install one of them" "gzip|gzip; install it" "tar|tar; install it" \
        "sha256sum shasum openssl|sha256sum, shasum or openssl; install one of them"; do
        rm -rf bin
        path_without ${case%%|*}
        PATH=$PWD/bin fetch cifar10 there
        done_with 1
        equals "fetch_data.sh: needs ${case#*|}" "$err"
    done
    [ ! -e there ]
}
