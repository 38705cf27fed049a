#!/bin/sh
# Installs what is missing to build, test and plot: scripts/install_deps.sh [build] [test] [plot] [cluster] [browser] [ssh] [clang]
#
# Says and does nothing when all is there. Debian's apt does it (with sudo when not root); elsewhere, and with
# NO_INSTALL=1, the commands are printed and the exit status is 1.
set -eu

# One line a need: set, the test of its presence, and the packages of apt, dnf and brew (-: has none). What is in ssh opens
# a port to the network when it is installed on a machine with services: only who asks for it gets it.
needs='
build command:cc            gcc               gcc                gcc
build header:stdio.h        libc6-dev         glibc-devel        gcc
build command:make          make              make               make
build command:pkg-config    pkg-config        pkgconf-pkg-config pkg-config
build library:libcjson      libcjson-dev      cjson-devel        cjson
build library:openblas      libopenblas-dev   openblas-devel     openblas
build library:lapacke       liblapacke-dev    lapack-devel       lapack
build library:zlib         zlib1g-dev        zlib-devel         zlib
build header:Random123/philox.h librandom123-dev Random123-devel random123
test  library:cmocka        libcmocka-dev     libcmocka-devel    cmocka
test  command:prove         perl              perl-Test-Harness  perl
test  command:bats          bats              bats               bats-core
test  command:strace        strace            strace             strace
test  command:curl          curl              curl               curl
plot  command:gnuplot       gnuplot-nox       gnuplot            gnuplot
plot  command:jq            jq                jq                 jq
cluster command:parallel    parallel          parallel           parallel
cluster command:sbatch      slurm-client      slurm              -
cluster daemon:slurmctld    slurmctld         slurm-slurmctld    -
cluster daemon:slurmd       slurmd            slurm-slurmd       -
cluster daemon:munged       munge             munge              -
browser command:chromium   chromium           chromium           -
browser command:chromedriver chromium-driver chromedriver       -
browser python:selenium     python3-selenium   python3-selenium   -
ssh   daemon:sshd           openssh-server    openssh-server     openssh
clang command:clang         clang             clang              llvm
'

die() {
    printf 'install_deps.sh: %s\n' "$1" >&2
    exit "${2:-1}"
}

has_command() { command -v "$1" >/dev/null 2>&1; }

# The compiler may be any; the header is looked for where it looks.
compiler() {
    for cc in ${CC:-cc} gcc clang; do
        if has_command "$cc"; then
            echo "$cc"
            return
        fi
    done
    return 1
}

# present KIND:NAME
present() {
    case $1 in
    command:cc*) compiler >/dev/null ;;
    command:*) has_command "${1#*:}" ;;
    # those of us who are not root do not find them
    daemon:*) (PATH=$PATH:${SBIN-/usr/sbin:/sbin} && has_command "${1#*:}") ;;
    # the system's own, which the package serves: a python3 earlier in PATH may be another
    python:*) "${SYSTEM_PYTHON-/usr/bin/python3}" -c "import ${1#*:}" >/dev/null 2>&1 ;;
    library:*) has_command pkg-config && pkg-config --exists "${1#*:}" ;;
    header:*) cc=$(compiler) && printf '#include <%s>\n' "${1#*:}" | "$cc" -E -x c - >/dev/null 2>&1 ;;
    esac
}

# missing COLUMN SET…: the packages that COLUMN (apt, dnf, brew) has for what is not there.
missing() {
    column=$1
    shift
    printf '%s\n' "$needs" | while read -r set need apt dnf brew; do
        case " $* " in *" ${set:-none} "*) ;; *) continue ;; esac
        present "$need" </dev/null || case $column in apt) echo "$apt" ;; dnf) echo "$dnf" ;; brew) echo "$brew" ;; esac
    done | grep -vx -e - | tr '\n' ' ' | sed 's/ $//'
}

for set; do
    case $set in
    build | test | plot | cluster | browser | ssh | clang) ;;
    *) die "$set: unknown set; use build, test, plot, cluster, browser, ssh or clang" 2 ;;
    esac
done
[ $# -gt 0 ] || set -- build test plot

packages=$(missing apt "$@")
[ -n "$packages" ] || exit 0

if ! has_command apt-get; then
    echo "install_deps.sh: no apt-get here; one of these installs what is missing:" >&2
    printf '    sudo dnf install %s\n' "$(missing dnf "$@")" >&2
    packages=$(missing brew "$@")
    [ -z "$packages" ] || printf '    brew install %s\n' "$packages" >&2
    exit 1
fi

sudo=
[ "$(id -u)" -eq 0 ] || sudo=sudo
command="${sudo:+sudo }apt-get install -y --no-install-recommends $packages"
if [ "${NO_INSTALL:-0}" != 0 ]; then
    printf 'install_deps.sh: missing; install with:\n    %s\n' "$command" >&2
    exit 1
fi
[ -z "$sudo" ] || has_command sudo || die "neither root nor sudo here; run as root: ${command#sudo }"

apt() { $sudo env DEBIAN_FRONTEND=noninteractive apt-get "$@"; }

printf 'installing %s\n' "$packages"
# The lists of packages are fetched only when the installation cannot do without.
# shellcheck disable=SC2086 # the packages are words
apt install -y --no-install-recommends $packages ||
    { apt update && apt install -y --no-install-recommends $packages; } ||
    die "apt-get could not install $packages"
packages=$(missing apt "$@")
[ -z "$packages" ] || die "still missing after the installation: $packages"
