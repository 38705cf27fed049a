#!/bin/sh
# Fails on an include that points up: see the README's source tour. TAP.
cd "$(dirname "$0")/.." || exit 1
allowed() {
    case $1 in
    base) echo base ;;
    config) echo base config ;;
    table) echo base table ;;
    image) echo base image ;;
    data) echo base table image data ;;
    nn) echo base nn ;;
    observe) echo base data nn observe ;;
    experiment) echo base config table image data nn observe experiment ;;
    search) echo base config data nn observe experiment search ;;
    cli) echo base config experiment search cli ;;
    esac
}
number=0
failed=0
report() { # report OK NAME
    number=$((number + 1))
    [ "$1" = ok ] || failed=1
    echo "$1 $number - $2"
}
for layer in base config table image data nn observe experiment search cli; do
    wrong=$(grep -Hno '#include "[a-z_]*/[a-z_]*\.h"' src/$layer/*.[ch] 2>/dev/null | sed 's|#include "||; s|/[a-z_]*\.h"||' |
        while IFS=: read -r file line target; do
            case " $(allowed "$layer") " in *" $target "*) ;; *) echo "$file:$line includes $target" ;; esac
        done)
    if [ -z "$wrong" ]; then report ok "$layer includes only what lies below it"
    else report "not ok" "$layer includes only what lies below it"; echo "$wrong" | sed 's/^/# /'; fi
done
bare=$(grep -n '#include "' src/*/*.[ch] | grep -v '#include "[a-z]*/[a-z_]*\.h"')
if [ -z "$bare" ]; then report ok "every include names its layer"
else report "not ok" "every include names its layer"; echo "$bare" | sed 's/^/# /'; fi
only() { # only HEADER FILE
    users=$(grep -l "#include <$1>" src/*/*.[ch])
    if [ "$users" = "$2" ]; then report ok "only $2 includes $1"
    else report "not ok" "only $2 includes $1"; echo "# $users"; fi
}
only cblas.h src/base/linalg.c
only lapacke.h src/base/linalg.c
only cjson/cJSON.h src/base/json.c
only zlib.h src/table/source.c
# Python 3.10 and later know their own modules; where there is none the references are not made either.
shadowing=$(ls tests/reference | python3 -c 'import sys
print(*(n for n in map(str.strip, sys.stdin) if n[-3:] == ".py" and n[:-3] in sys.stdlib_module_names))' 2>/dev/null)
if [ -z "$shadowing" ]; then report ok "no reference script has the name of a Python module, which its neighbours import"
else report "not ok" "no reference script has the name of a Python module"; echo "# $shadowing"; fi
above=$(ls -d -- * | grep -vxE 'Makefile|src|configs|data|scripts|tests|README.md|LICENSE|build|runs|nnexp')
if [ -z "$above" ]; then report ok "nothing else at the top"
else report "not ok" "nothing else at the top"; echo "# $above"; fi
echo "1..$number"
exit $failed
