#!/bin/sh
# Runs one test as TAP: a bats file by bats, anything else as a program.
case $1 in
*.bats) exec bats --tap "$1" ;;
*/*) exec "$1" ;;
*) exec "./$1" ;;
esac
