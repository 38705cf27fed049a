#!/usr/bin/env bats
# scripts/install_deps.sh against a PATH of stand-ins: nothing is installed here.

setup() {
    work=$(mktemp -d)
    bin=$work/bin
    mkdir "$bin"
    script=$PWD/scripts/install_deps.sh
    for tool in sh tr sed grep id env cat rm ln touch; do ln -s "$(command -v "$tool")" "$bin/$tool"; done
}

teardown() { rm -rf -- "$work"; }

# stand_in NAME [LINE…]: a program that writes its call to $work/calls and then runs the lines.
stand_in() {
    name=$1
    shift
    {
        printf '#!%s\n' "$(command -v sh)"
        printf 'printf "%%s\\n" "%s $*" >>"%s/calls"\n' "$name" "$work"
        [ $# -eq 0 ] || printf '%s\n' "$@"
    } >"$bin/$name"
    chmod +x "$bin/$name"
}

# A machine with everything but what the tests take away again.
everything() {
    stand_in gcc 'while read -r line; do case $line in *missing.h*) exit 1;; esac; done'
    stand_in pkg-config
    for tool in make prove bats strace curl gnuplot jq chromium chromedriver system-python parallel sbatch slurmctld slurmd munged sshd; do stand_in "$tool"; done
}

user() { # a user id for the script
    rm -f "$bin/id"
    stand_in id "echo $1"
}

deps() { run env -u CC PATH="$bin" SBIN="$work/sbin" SYSTEM_PYTHON="$bin/system-python" NO_INSTALL="${NO_INSTALL:-0}" "$bin/sh" "$script" "$@"; }

@test "deps: silent and idle when all is there" {
    everything
    stand_in apt-get
    deps build test plot cluster browser ssh
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    if grep -q apt-get "$work/calls"; then false; fi
    deps
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "deps: asks pkg-config for the libraries and the compiler for the headers" {
    everything
    deps build test
    grep -qx 'pkg-config --exists libcjson' "$work/calls"
    grep -qx 'pkg-config --exists openblas' "$work/calls"
    grep -qx 'pkg-config --exists lapacke' "$work/calls"
    grep -qx 'pkg-config --exists zlib' "$work/calls"
    grep -qx 'pkg-config --exists cmocka' "$work/calls"
    grep -qx 'gcc -E -x c -' "$work/calls"
}

@test "deps: NO_INSTALL prints the command and fails" {
    everything
    user 0
    rm "$bin/gnuplot"
    stand_in apt-get
    NO_INSTALL=1 deps plot
    [ "$status" -eq 1 ]
    [ "${lines[0]}" = 'install_deps.sh: missing; install with:' ]
    [ "${lines[1]}" = '    apt-get install -y --no-install-recommends gnuplot-nox' ]
    [ "${#lines[@]}" -eq 2 ]
    NO_INSTALL=1 deps build test
    [ "$status" -eq 0 ]
    if grep -q apt-get "$work/calls"; then false; fi
}

@test "deps: an empty machine needs every package, a set its own" {
    user 0
    stand_in apt-get
    NO_INSTALL=1 deps build
    [ "${lines[1]}" = '    apt-get install -y --no-install-recommends gcc libc6-dev make pkg-config libcjson-dev libopenblas-dev liblapacke-dev zlib1g-dev librandom123-dev' ]
    NO_INSTALL=1 deps test
    [ "${lines[1]}" = '    apt-get install -y --no-install-recommends libcmocka-dev perl bats strace curl' ]
    NO_INSTALL=1 deps plot test
    [ "${lines[1]}" = '    apt-get install -y --no-install-recommends libcmocka-dev perl bats strace curl gnuplot-nox jq' ]
    NO_INSTALL=1 deps cluster
    [ "${lines[1]}" = '    apt-get install -y --no-install-recommends parallel slurm-client slurmctld slurmd munge' ]
    NO_INSTALL=1 deps browser
    [ "${lines[1]}" = '    apt-get install -y --no-install-recommends chromium chromium-driver python3-selenium' ]
    NO_INSTALL=1 deps ssh
    [ "${lines[1]}" = '    apt-get install -y --no-install-recommends openssh-server' ]
}

@test "deps: a Python module counts where the system's Python has it, not another earlier in PATH" {
    everything
    stand_in python3 'exit 1'
    deps browser
    [ "$status" -eq 0 ]
    grep -qx 'system-python -c import selenium' "$work/calls"
    rm "$bin/system-python"
    stand_in python3
    user 0
    stand_in apt-get
    NO_INSTALL=1 deps browser
    [ "${lines[1]}" = '    apt-get install -y --no-install-recommends python3-selenium' ]
}

@test "deps: daemons are found where PATH does not look" {
    everything
    mkdir "$work/sbin"
    for daemon in slurmctld slurmd munged sshd; do mv "$bin/$daemon" "$work/sbin"; done
    deps cluster ssh
    [ "$status" -eq 0 ]
    rm "$work/sbin/slurmd"
    user 0
    stand_in apt-get
    NO_INSTALL=1 deps cluster ssh
    [ "${lines[1]}" = '    apt-get install -y --no-install-recommends slurmd' ]
}

@test "deps: one missing library or header is found alone" {
    everything
    user 0
    stand_in apt-get
    stand_in pkg-config '[ "$2" != lapacke ]'
    stand_in gcc 'while read -r line; do case $line in *philox*) exit 1;; esac; done'
    NO_INSTALL=1 deps build
    [ "$status" -eq 1 ]
    [ "${lines[1]}" = '    apt-get install -y --no-install-recommends liblapacke-dev librandom123-dev' ]
}

@test "deps: root installs without sudo, and without an update when none is needed" {
    everything
    user 0
    rm "$bin/gnuplot"
    stand_in apt-get "echo \"frontend \$DEBIAN_FRONTEND\" >>'$work/calls'" "ln -s '$bin/make' '$bin/gnuplot'"
    deps plot
    [ "$status" -eq 0 ]
    [ "$output" = 'installing gnuplot-nox' ]
    [ "$(grep -v ^id "$work/calls")" = 'apt-get install -y --no-install-recommends gnuplot-nox
frontend noninteractive' ]
}

@test "deps: others use sudo, and update when the first try fails" {
    everything
    user 1000
    rm "$bin/gnuplot"
    stand_in sudo 'exec "$@"'
    stand_in apt-get "[ \"\$1\" = update ] && touch '$work/updated'" "[ -e '$work/updated' ] || exit 100" \
        "[ \"\$1\" = install ] && ln -s '$bin/make' '$bin/gnuplot'" 'exit 0'
    deps plot
    [ "$status" -eq 0 ]
    [ "$(grep ^apt-get "$work/calls")" = 'apt-get install -y --no-install-recommends gnuplot-nox
apt-get update
apt-get install -y --no-install-recommends gnuplot-nox' ]
    [ "$(grep -c '^sudo env DEBIAN_FRONTEND=noninteractive apt-get' "$work/calls")" -eq 3 ]
}

@test "deps: an installation that fails, or leaves something missing" {
    everything
    user 0
    rm "$bin/gnuplot"
    stand_in apt-get 'exit 100'
    deps plot
    [ "$status" -eq 1 ]
    [ "${lines[1]}" = 'install_deps.sh: apt-get could not install gnuplot-nox' ]
    stand_in apt-get
    deps plot
    [ "$status" -eq 1 ]
    [ "${lines[1]}" = 'install_deps.sh: still missing after the installation: gnuplot-nox' ]
}

@test "deps: neither root nor sudo" {
    everything
    user 1000
    rm "$bin/gnuplot"
    stand_in apt-get
    deps plot
    [ "$status" -eq 1 ]
    [ "$output" = 'install_deps.sh: neither root nor sudo here; run as root: apt-get install -y --no-install-recommends gnuplot-nox' ]
    if grep -q apt-get "$work/calls"; then false; fi
}

@test "deps: without apt the dnf and brew commands are printed" {
    everything
    rm "$bin/gnuplot" "$bin/bats"
    deps test plot
    [ "$status" -eq 1 ]
    [ "${lines[0]}" = 'install_deps.sh: no apt-get here; one of these installs what is missing:' ]
    [ "${lines[1]}" = '    sudo dnf install bats gnuplot' ]
    [ "${lines[2]}" = '    brew install bats-core gnuplot' ]
    rm "$bin/sbatch" "$bin/munged" "$bin/parallel"
    deps cluster
    [ "${lines[1]}" = '    sudo dnf install parallel slurm munge' ]
    [ "${lines[2]}" = '    brew install parallel' ]
    stand_in parallel
    deps cluster
    [ "${lines[1]}" = '    sudo dnf install slurm munge' ]
    [ "${#lines[@]}" -eq 2 ]
}

@test "deps: an unknown set" {
    deps biuld
    [ "$status" -eq 2 ]
    [ "$output" = 'install_deps.sh: biuld: unknown set; use build, test, plot, cluster, browser, ssh or clang' ]
}
