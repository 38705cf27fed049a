# shellcheck shell=sh
# plot_common.sh: what the plot scripts share: arguments, a directory to work in, titles, pictures that appear whole or not
# at all. Each of them sets `usage` and reads this file.

die() {
    printf '%s: %s\n' "${0##*/}" "$1" >&2
    exit "${2:-1}"
}

# Sets form and RUN from the command line, and makes sure that there is a run and a gnuplot; of a script that says
# takes_ppm, RUN may be a file NAME.ppm, which sets picture; --regions sets regions, where takes_regions is. What is no run is told by its `kind` and the file `kept_by`.
read_arguments() {
    form=png
    out=
    RUN=
    regions=
    options=yes
    for argument; do
        case $options$argument in
        yes--) options= ;;
        yes--png | yes--svg | yes--term) form=${argument#--} ;;
        yes--regions)
            [ -n "${takes_regions:-}" ] || die "$argument: unknown option; use --png, --svg or --term" 2
            regions=yes
            ;;
        yes--html=?*)
            [ -n "${takes_html:-}" ] || die "$argument: unknown option; use --png, --svg or --term" 2
            form=html out=${argument#--html=}
            ;;
        yes-h | yes--help) printf '%s\n' "$usage" && exit 0 ;;
        yes--*) die "$argument: unknown option; use --png, --svg or --term" 2 ;;
        *) [ -z "$RUN" ] || die "$argument: one run at a time; the first was $RUN" 2; RUN=$argument ;;
        esac
    done
    [ -n "$RUN" ] || { printf '%s\n' "$usage" >&2; exit 2; }
    case $RUN in /*) ;; *) RUN=./$RUN ;; esac
    command -v gnuplot >/dev/null || die 'gnuplot is not installed; run scripts/install_deps.sh plot'
    picture=
    case ${takes_ppm:+$RUN} in *.ppm) [ -d "$RUN" ] || picture=yes ;; esac
    if [ -n "$picture" ]; then
        [ -r "$RUN" ] || die "$RUN: cannot read; write it with nnexp check --preview" 2
        return 0
    fi
    [ -d "$RUN" ] || die "$RUN: no such directory; give the directory of a run" 2
    [ -f "$RUN/${kept_by:-config.json}" ] ||
        die "$RUN: no ${kind:-run} directory (it has no ${kept_by:-config.json}); give the directory of a ${kind:-run}" 2
}

# A directory to work in, gone at the end; so is a picture half written.
make_work() {
    work=$(mktemp -d 2>/dev/null) ||
        die "${TMPDIR:-/tmp}: cannot make a directory there; set TMPDIR to a directory that you may write"
    unfinished=
    trap 'rm -rf -- "$work" && [ -z "$unfinished" ] || rm -f -- "$unfinished"' EXIT
    trap 'exit 130' INT TERM HUP
}

# Its columns, and whether it has colours.
measure_terminal() {
    columns=$(tput cols 2>/dev/null) || columns=${COLUMNS:-80}
    case $columns in '' | *[!0-9]*) columns=80 ;; esac
    colour=0
    [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && colour=1
    return 0
}

# A title too long for the narrowest picture loses its middle: 48 characters, each of them at most 20 of 1000 pixels
# wide. In the C locale awk counts bytes; those from 128 to 191 go on with a character of UTF-8.
shorten() {
    TITLE=$1 LC_ALL=C awk 'BEGIN {
        for (i = 1; i <= length(ENVIRON["TITLE"]); i++) {
            byte = substr(ENVIRON["TITLE"], i, 1)
            if (byte < "\200" || byte > "\277") n++
            character[n] = character[n] byte
        }
        for (i = 1; i <= n; i++)
            if (n <= 48 || i <= 24 || i > n - 23) printf "%s", character[i]
            else if (i == 25) printf "…"
    }'
}

# printable TEXT: a line of it; control characters, and bytes that are not UTF-8, become '?'.
printable() {
    text=$(printf %s "$1" | LC_ALL=C tr '[:cntrl:]' '?')
    printf %s "$text" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1 || text=$(printf %s "$text" | LC_ALL=C tr '\200-\377' '?')
    printf '%s\n' "$text"
}

# The run's name for titles.
title_of() {
    name=$(cd -- "$1" && pwd -P && echo .)
    name=${name%??}
    shorten "$(printable "${name##*/}")"
}

# extension: of the pictures' files.
extension() { [ "$form" = html ] && echo svg || echo "$form"; }

# keep PICTURE [FILE]: into RUN/plots (or $out), or that file, whole or not at all. It is written anew, so that the umask says who
# may read it.
keep() {
    kept=${2:-${out:-$RUN/plots}/$1.$(extension)}
    [ ! -d "$kept" ] || die "$kept: is a directory; give the name of a file" 2
    unfinished=$kept.new
    said=$({
        mkdir -p -- "$(dirname -- "$kept")" && cat -- "$work/$1.$(extension)" >"$unfinished" && mv -f -- "$unfinished" "$kept"
    } 2>&1) || die "$kept: cannot write (${said##*: }); make room there or check the permissions"
    unfinished=
    printf 'wrote %s\n' "$kept"
}

# Whether the picture has its end: gnuplot does not notice when the disk is full.
whole() {
    case $form in
    png) tail -c 12 "$work/$1.png" | LC_ALL=C grep -aq IEND ;;
    svg | html) tail -c 16 "$work/$1.svg" | grep -q '</svg>' ;;
    esac
}
