# sweep_read.awk: a strict JSON reader and a strict CSV reader (RFC 8259, RFC 4180) for sweep.awk, and the texts in them
# made fit to be shown. Wants the C locale, in which awk counts bytes.

# json(TEXT, OUT): the scalars of a document as OUT[PATH], where PATH is the keys from the top, each behind a SUBSEP
# (list entries from 0), and OUT[PATH, "#"] the kind of each container ("{" or "["). False where it is no JSON.
function json(text, out) {
    json_rest = text
    json_bad = 0
    json_value("", out)
    json_blank()
    return !json_bad && json_rest == ""
}
function json_blank() { sub(/^[ \t\r\n]+/, "", json_rest) }
function json_take(text) {
    json_blank()
    if (substr(json_rest, 1, length(text)) != text) return 0
    json_rest = substr(json_rest, length(text) + 1)
    return 1
}
function json_value(path, out,    i) {
    json_blank()
    if (json_take("{")) {
        out[path SUBSEP "#"] = "{"
        if (json_take("}")) return
        do { i = json_text(); if (!json_take(":")) json_bad = 1; if (json_bad) return; json_value(path SUBSEP i, out) }
        while (!json_bad && json_take(","))
        if (!json_take("}")) json_bad = 1
    } else if (json_take("[")) {
        out[path SUBSEP "#"] = "["
        if (json_take("]")) return
        i = 0
        do json_value(path SUBSEP i++, out)
        while (!json_bad && json_take(","))
        if (!json_take("]")) json_bad = 1
    } else if (substr(json_rest, 1, 1) == "\"") {
        out[path] = json_text()
    } else if (match(json_rest, /^(-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?|true|false|null)/)) {
        out[path] = substr(json_rest, 1, RLENGTH)
        json_rest = substr(json_rest, RLENGTH + 1)
    } else json_bad = 1
}
function json_text(    text, at, mark) {
    if (!json_take("\"")) { json_bad = 1; return "" }
    while (match(json_rest, /["\\]/)) {
        at = RSTART
        text = text substr(json_rest, 1, at - 1)
        mark = substr(json_rest, at, 2)
        json_rest = substr(json_rest, at + 1)
        if (substr(mark, 1, 1) == "\"") return text
        json_rest = substr(json_rest, 2)
        mark = substr(mark, 2)
        if (mark == "u") { text = text json_unicode(); continue }
        at = index("\"\\/bfnrt", mark)
        if (!at) { json_bad = 1; return text }
        text = text (at < 4 ? mark : " ")
    }
    json_bad = 1
    return text
}
function json_unicode(    code, low) {
    code = json_hex()
    if (code >= 55296 && code < 56320 && substr(json_rest, 1, 2) == "\\u") { # a surrogate pair
        json_rest = substr(json_rest, 3)
        low = json_hex()
        code = 65536 + (code - 55296) * 1024 + low - 56320
    }
    if (code < 128) return sprintf("%c", code < 32 ? 63 : code)
    if (code < 2048) return sprintf("%c%c", 192 + int(code / 64), 128 + code % 64)
    if (code < 65536) return sprintf("%c%c%c", 224 + int(code / 4096), 128 + int(code / 64) % 64, 128 + code % 64)
    return sprintf("%c%c%c%c", 240 + int(code / 262144), 128 + int(code / 4096) % 64, 128 + int(code / 64) % 64, \
        128 + code % 64)
}
function json_hex(    i, digit, code) {
    for (i = 1; i <= 4; i++) {
        digit = index("0123456789abcdef", tolower(substr(json_rest, i, 1)))
        if (!digit || substr(json_rest, i, 1) == "") { json_bad = 1; return 63 }
        code = 16 * code + digit - 1
    }
    json_rest = substr(json_rest, 5)
    return code
}

# csv_row(TEXT): the cells of one row in cell[1 …]; returns how many, 0 where a quote is still open (the row goes on in
# the next line), -1 where quotes and commas contradict each other.
function csv_row(text,    n, at, piece) {
    if (!index(text, "\"")) {
        n = split(text, cell, ",")
        return n ? n : (cell[1] = "") + 1
    }
    n = 0
    while (1) {
        if (substr(text, 1, 1) != "\"") {
            at = index(text, ",")
            piece = at ? substr(text, 1, at - 1) : text
            if (index(piece, "\"")) return -1
            cell[++n] = piece
            if (!at) return n
            text = substr(text, at + 1)
            continue
        }
        piece = ""
        text = substr(text, 2)
        while ((at = index(text, "\"")) && substr(text, at + 1, 1) == "\"") {
            piece = piece substr(text, 1, at)
            text = substr(text, at + 2)
        }
        if (!at) return 0
        cell[++n] = piece substr(text, 1, at - 1)
        text = substr(text, at + 1)
        if (text == "") return n
        if (substr(text, 1, 1) != ",") return -1
        text = substr(text, 2)
    }
}

# A text for a picture: no control characters, and its middle left out where it has more than `most` characters (of
# UTF-8: bytes from 128 to 191 go on with a character).
function shown(text, most,    i, n, byte, character, out) {
    gsub(/[[:cntrl:]]/, " ", text)
    if (length(text) <= most) return text
    for (i = 1; i <= length(text); i++) {
        byte = substr(text, i, 1)
        if (byte < "\200" || byte > "\277" || !n) n++
        character[n] = character[n] byte
    }
    if (n <= most) return text
    for (i = 1; i <= n; i++)
        if (i < most / 2 || i > n - most / 2 + 1) out = out character[i]
        else if (i == int((most + 1) / 2)) out = out "…"
    return out
}
# {"name": "gaussian", "std": 0.01} as gaussian, std: 0.01, also in a list
function plain(text) {
    if (text !~ /^[[{]/) return text
    gsub(/\{"name": */, "", text)
    gsub(/[{}"]/, "", text)
    return text
}
