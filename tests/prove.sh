#!/bin/sh
# Runs the given test programs, scripts and bats files through prove, two at a time: TAP in, one verdict out.
# NNEXP names the binary under test (default ./nnexp).
cd "$(dirname "$0")/.." || exit 1
export NNEXP="${NNEXP:-./nnexp}"
export CMOCKA_MESSAGE_OUTPUT=TAP
unset NO_INSTALL # of the make that called: the tests of the installation set their own
exec prove -j2 --comments --failures --exec tests/run_one.sh "$@"
