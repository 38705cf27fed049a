#!/bin/sh
# Downloads a public image set, checks it and writes it as CSV: scripts/fetch_data.sh mnist|fashion-mnist|cifar10 [DIR]
#
# Writes DIR/train.csv and DIR/test.csv (DIR: data/SET in the working directory), pixels 0 … 255 first, then `label`,
# and keeps the archives beside them. Called again, it goes on where it was stopped. Needs curl or wget, gzip (tar for
# cifar10) and nnexp. Nothing downloaded is run, and nothing is used whose SHA-256 is not the one below.
# MIRROR=URL asks that address alone, and SUMS=FILE (lines of sha256sum) says other checksums.
set -eu

top=$(dirname -- "$0")/..

die() {
    printf 'fetch_data.sh: %s\n' "$1" >&2
    exit 1
}

usage='usage: fetch_data.sh mnist|fashion-mnist|cifar10 [DIR]
Downloads that set, checks its SHA-256 and writes it as DIR/train.csv and DIR/test.csv (DIR: data/SET). In the
environment: MIRROR=URL asks that address alone, SUMS=FILE (lines of sha256sum) says other checksums, NNEXP names the
program.'

note() { printf 'fetch_data.sh: %s\n' "$1" >&2; }

# ---- what there is -----------------------------------------------------------------------------------
# The SHA-256 are those of tensorflow/datasets, tensorflow_datasets/url_checksums/{mnist,fashion_mnist,cifar10}.txt.
# Mirrors: MNIST as in tensorflow/datasets and pytorch/vision (yann.lecun.com serves it no longer); Fashion-MNIST its
# authors' bucket and repository, and Keras's copy; CIFAR-10 its author's page, and the copy of Swift for TensorFlow.

idx='train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz'

describe() { # describe SET: sets archives, mirrors, sums
    case $1 in
    mnist)
        archives=$idx
        mirrors='https://storage.googleapis.com/cvdf-datasets/mnist
                 https://ossci-datasets.s3.amazonaws.com/mnist'
        sums='440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609  train-images-idx3-ubyte.gz
3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c  train-labels-idx1-ubyte.gz
8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6  t10k-images-idx3-ubyte.gz
f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6  t10k-labels-idx1-ubyte.gz'
        ;;
    fashion-mnist)
        archives=$idx
        mirrors='https://storage.googleapis.com/tensorflow/tf-keras-datasets
                 http://fashion-mnist.s3-website.eu-central-1.amazonaws.com
                 https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion'
        sums='3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84  train-images-idx3-ubyte.gz
a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845  train-labels-idx1-ubyte.gz
346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073  t10k-images-idx3-ubyte.gz
67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5  t10k-labels-idx1-ubyte.gz'
        ;;
    cifar10)
        archives=cifar-10-binary.tar.gz
        mirrors='https://www.cs.toronto.edu/~kriz
                 https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10'
        sums='c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd  cifar-10-binary.tar.gz'
        ;;
    *) die "$1: unknown set; use mnist, fashion-mnist or cifar10" ;;
    esac
}

# ---- tools -------------------------------------------------------------------------------------------

has() { command -v "$1" >/dev/null 2>&1; }

sha256() { # sha256 FILE
    if has sha256sum; then sha256sum <"$1"
    elif has shasum; then shasum -a 256 <"$1"
    else openssl dgst -sha256 -r <"$1"; fi | cut -d ' ' -f 1
}

check_tools() {
    has curl || has wget || die "needs curl or wget; install one of them"
    has sha256sum || has shasum || has openssl || die "needs sha256sum, shasum or openssl; install one of them"
    has gzip || die "needs gzip; install it"
    [ "$set" != cifar10 ] || has tar || die "needs tar; install it"
    [ -x "$nnexp" ] || has "$nnexp" || die "$nnexp: no such program; build it with make"
}

# ---- downloading -------------------------------------------------------------------------------------

# download URL PART: goes on at the end of PART. 0 done, 1 failed; dies where the disk does.
download() {
    status=0
    if has curl; then
        look=-sS
        [ ! -t 2 ] || look=--progress-bar
        curl -fL $look --connect-timeout 20 --speed-limit 1000 --speed-time 60 -C - -o "$2" -- "$1" || status=$?
        disk=23 # CURLE_WRITE_ERROR
    else
        wget -nv --timeout=60 --tries=2 -c -O "$2" -- "$1" || status=$?
        disk=3 # file I/O error
    fi
    [ $status -ne $disk ] || die "$2: cannot write; is the disk full?"
    return $((status != 0))
}

# right FILE NAME: FILE has the checksum that NAME should have; tells what it has else.
right() {
    expected=$(printf '%s\n' "$sums" | awk -v name="$2" '$2 == name { print $1 }')
    [ -n "$expected" ] || die "$SUMS: has no checksum of $2"
    seen=$(sha256 "$1")
    [ "$seen" = "$expected" ]
}

attempt() { # attempt URL ARCHIVE: what a broken connection leaves is kept, what is wrong is not
    if ! download "$1/$2" "$dir/$2.part"; then
        note "$1/$2: cannot be downloaded"
        return 1
    fi
    right "$dir/$2.part" "$2" && return 0
    wrong=yes
    note "$1/$2: wrong checksum: SHA-256 is $seen, should be $expected"
    rm -f -- "$dir/$2.part"
    return 1
}

# from_mirror URL ARCHIVE: goes on with the part of an earlier call. Should that fail (the part is bad, or the server
# cannot start in the middle), then once more from the beginning.
from_mirror() {
    old=$dir/$2.part.old
    if [ ! -s "$dir/$2.part" ]; then
        attempt "$@"
        return
    fi
    before=$wrong
    attempt "$@" && return 0
    wrong=$before # the part may have been to blame
    [ ! -f "$dir/$2.part" ] || mv -f -- "$dir/$2.part" "$old"
    if attempt "$@"; then
        rm -f -- "$old"
        return 0
    fi
    [ ! -f "$old" ] || mv -f -- "$old" "$dir/$2.part"
    return 1
}

fetch() { # fetch ARCHIVE
    if [ -f "$dir/$1" ]; then
        right "$dir/$1" "$1" && return 0
        note "$dir/$1: wrong checksum: SHA-256 is $seen, should be $expected; downloading it again"
        rm -f -- "$dir/$1"
    fi
    wrong=
    for mirror in $mirrors; do
        note "downloading $mirror/$1"
        if from_mirror "$mirror" "$1"; then
            mv -f -- "$dir/$1.part" "$dir/$1"
            return 0
        fi
    done
    [ -z "$wrong" ] || die "$1: no mirror gave it with the right checksum; give another with MIRROR=URL, or, where you \
trust what was given, its checksum with SUMS=FILE (lines of sha256sum)"
    die "$1: no mirror gave it; is there a network? Download it by hand into $dir, or give MIRROR=URL"
}

# ---- converting --------------------------------------------------------------------------------------

# csv NAME FILE...: DIR/NAME.csv of unpacked files, whole or not at all
csv() {
    name=$1
    shift
    "$nnexp" convert "$@" >"$work/$name.csv" || die "$dir/$name.csv: not written"
    mv -f -- "$work/$name.csv" "$dir/$name.csv"
    note "wrote $dir/$name.csv"
}

unpack() { gzip -dc -- "$dir/$1.gz" >"$work/$1" || die "$dir/$1.gz: cannot be unpacked"; }

convert_idx() { # convert_idx PREFIX NAME
    unpack "$1-images-idx3-ubyte"
    unpack "$1-labels-idx1-ubyte"
    csv "$2" "$work/$1-images-idx3-ubyte" "$work/$1-labels-idx1-ubyte"
}

# To standard output alone: no name in the archive becomes a path.
unpack_batch() {
    tar -xzOf "$dir/$archives" "cifar-10-batches-bin/$1.bin" >"$work/$1" || die "$dir/$archives: cannot be unpacked"
}

convert_cifar() {
    for batch in data_batch_1 data_batch_2 data_batch_3 data_batch_4 data_batch_5 test_batch; do unpack_batch $batch; done
    csv train "$work/data_batch_1" "$work/data_batch_2" "$work/data_batch_3" "$work/data_batch_4" "$work/data_batch_5"
    csv test "$work/test_batch"
}

convert() {
    work=$(mktemp -d "$dir/.unpacked.XXXXXX") || die "$dir: cannot write"
    trap 'rm -rf -- "$work"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    if [ "$set" = cifar10 ]; then convert_cifar
    else convert_idx train train && convert_idx t10k test; fi
}

# ------------------------------------------------------------------------------------------------------

case ${1:-} in -h | --help) printf '%s\n' "$usage" && exit 0 ;; esac
if [ $# -lt 1 ] || [ $# -gt 2 ]; then die "usage: scripts/fetch_data.sh mnist|fashion-mnist|cifar10 [DIR]"; fi
set=$1
describe "$set"
dir=${2:-data/$set}
case $dir in -*) dir=./$dir ;; esac
nnexp=${NNEXP:-$top/nnexp}
[ -n "${NNEXP:-}" ] || [ -x "$nnexp" ] || ! has nnexp || nnexp=nnexp
[ -z "${MIRROR:-}" ] || mirrors=${MIRROR%/}
if [ -n "${SUMS:-}" ]; then sums=$(cat -- "$SUMS") || die "$SUMS: cannot read"; fi
check_tools
if [ -f "$dir/train.csv" ] && [ -f "$dir/test.csv" ]; then
    note "$dir/train.csv and $dir/test.csv are there already"
    exit 0
fi
mkdir -p -- "$dir" || die "$dir: cannot be made"
for archive in $archives; do fetch "$archive"; done
convert
