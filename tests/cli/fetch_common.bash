# shellcheck shell=bash
# What the tests of scripts/fetch_data.sh share: archives made here, mirrors in directories, a PATH of stand-ins.

script=$root/scripts/fetch_data.sh
export NNEXP

# bytes N...: the bytes of these numbers.
bytes() { for n; do printf "\\$(printf %03o "$n")"; done; }

# digits: mirror/ with the four archives of an MNIST of two training images and one test image, and sums.
digits() {
    mkdir -p mirror
    bytes 0 0 8 3 0 0 0 2 0 0 0 1 0 0 0 2 10 20 30 40 | gzip -n >mirror/train-images-idx3-ubyte.gz
    bytes 0 0 8 1 0 0 0 2 5 6 | gzip -n >mirror/train-labels-idx1-ubyte.gz
    bytes 0 0 8 3 0 0 0 1 0 0 0 1 0 0 0 2 50 60 | gzip -n >mirror/t10k-images-idx3-ubyte.gz
    bytes 0 0 8 1 0 0 0 1 7 | gzip -n >mirror/t10k-labels-idx1-ubyte.gz
    believe
}

# photos: the same of CIFAR-10, one record a batch.
photos() {
    mkdir -p mirror cifar-10-batches-bin
    label=0
    for batch in data_batch_1 data_batch_2 data_batch_3 data_batch_4 data_batch_5 test_batch; do
        { bytes $label; head -c 3072 /dev/zero | tr '\0' '\007'; } >cifar-10-batches-bin/$batch.bin
        label=$((label + 1))
    done
    tar -czf mirror/cifar-10-binary.tar.gz cifar-10-batches-bin
    rm -r cifar-10-batches-bin
    believe
}

# believe: sums says what lies in mirror/ now.
believe() { (cd mirror && sha256sum -- *) >sums; }

# fetch ARGUMENTS...: leaves status, out, err.
fetch() {
    status=0
    MIRROR=${MIRROR-file://$PWD/mirror} SUMS=${SUMS-sums} "$script" "$@" >.out 2>.err || status=$?
    out=$(cat .out)
    err=$(cat .err)
}

sum() { sha256sum <"$1" | cut -d ' ' -f 1; }

# path_without NAME...: bin/, a PATH of what the script needs, less the tools named.
path_without() {
    local tool unwanted=" $* "
    mkdir -p bin
    for tool in sh env dirname curl wget sha256sum shasum openssl gzip tar cut awk mktemp mkdir mv rm cat; do
        case $unwanted in *" $tool "*) continue ;; esac
        ! command -v "$tool" >/dev/null || ln -sf "$(command -v "$tool")" bin/
    done
}
