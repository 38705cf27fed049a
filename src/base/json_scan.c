/* json_scan: see json_scan.h. Recursive descent: every scan_… function starts on its first character and ends
 * behind its last. */
#include "base/json_scan.h"

#include "base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct Key {
    const char *bytes; /* unescaped, in Scan.decoded */
    size_t size, at;   /* at: of its opening quote in the text */
} Key;

typedef struct Scan {
    const char *text;
    size_t length, at;
    int depth;
    char *decoded; /* [length]: the unescaped keys of the objects that are open */
    size_t decoded_used;
    Key *keys; /* of the objects that are open */
    size_t key_count, key_room;
    Error *err;
} Scan;

/* ---- errors ------------------------------------------------------------------------------------------ */

/* How far to step from a character to the next one, over bytes that are none singly. */
static size_t step(const Scan *scan, size_t at) {
    size_t length = text_utf8_length(scan->text + at, scan->length - at);
    return length ? length : 1;
}

/* Prints the line around `at`, and a caret below it. */
static void print_excerpt(const Scan *scan, size_t start, size_t at, FILE *out) {
    enum { BEFORE = 40, SHOWN = 72 };
    size_t from = start, before = 0, shown = 0, spaces = 0;
    for (size_t i = start; i < at; i += step(scan, i)) before++;
    for (size_t skip = before > BEFORE ? before - BEFORE : 0; skip > 0; skip--, before--) from += step(scan, from);
    fputs(from > start ? "\n..." : "\n", out);
    size_t i = from;
    for (; i < scan->length && scan->text[i] != '\n' && shown < SHOWN; i += step(scan, i), shown++) {
        size_t length = text_utf8_length(scan->text + i, scan->length - i);
        if (length == 1 && (isspace((unsigned char)scan->text[i]))) {
            spaces++; /* printed only before something else: no line ends in spaces */
            continue;
        }
        fprintf(out, "%*s", (int)spaces, "");
        spaces = 0;
        if (length == 0 || iscntrl((unsigned char)scan->text[i])) fputc('?', out);
        else fwrite(scan->text + i, 1, length, out);
    }
    if (shown == SHOWN && i < scan->length && scan->text[i] != '\n') fputs("...", out);
    fprintf(out, "\n%*s^", (int)before + (from > start ? 3 : 0), "");
}

static bool fail_at(const Scan *scan, size_t at, const char *format, ...) __attribute__((format(printf, 3, 4)));

static bool fail_at(const Scan *scan, size_t at, const char *format, ...) {
    size_t line = 1, start = 0, column = 1;
    for (size_t i = 0; i < at; i++)
        if (scan->text[i] == '\n') line++, start = i + 1;
    for (size_t i = start; i < at; i += step(scan, i)) column++;
    char message[1024];
    FILE *out = fmemopen(message, sizeof message, "w");
    if (!out) return fail(scan->err, "%zu:%zu: not JSON", line, column);
    fprintf(out, "%zu:%zu: ", line, column);
    va_list args;
    va_start(args, format);
    vfprintf(out, format, args);
    va_end(args);
    print_excerpt(scan, start, at, out);
    fclose(out);
    return fail(scan->err, "%s", message);
}

/* `expected WHAT, got …` at the present place; past the last character when the text has ended. */
static bool expected(const Scan *scan, const char *what, const char *hint) {
    size_t at = scan->at, length = text_utf8_length(scan->text + at, scan->length - at);
    if (at < scan->length && scan->text[at] == '/') hint = "; JSON has no comments";
    if (at == scan->length) {
        while (at > 0 && isspace((unsigned char)scan->text[at - 1])) at--;
        return fail_at(scan, at, "expected %s, got the end of the document%s", what, hint);
    }
    if (length == 0)
        return fail_at(scan, at, "byte 0x%02x is not UTF-8; save the file as UTF-8", (unsigned char)scan->text[at]);
    if (iscntrl((unsigned char)scan->text[at]))
        return fail_at(scan, at, "expected %s, got byte 0x%02x%s", what, (unsigned char)scan->text[at], hint);
    return fail_at(scan, at, "expected %s, got '%.*s'%s", what, (int)length, scan->text + at, hint);
}

/* ---- characters -------------------------------------------------------------------------------------- */

/* The present byte, or -1 at the end. */
static int peek(const Scan *scan) { return scan->at < scan->length ? (unsigned char)scan->text[scan->at] : -1; }

static bool at_digit(const Scan *scan) { return peek(scan) >= '0' && peek(scan) <= '9'; }

static bool take(Scan *scan, int byte) {
    if (peek(scan) != byte) return false;
    scan->at++;
    return true;
}

static void skip_space(Scan *scan) {
    while (take(scan, ' ') || take(scan, '\n') || take(scan, '\r') || take(scan, '\t')) {
    }
}

/* ---- texts ------------------------------------------------------------------------------------------- */

static void decode_byte(Scan *scan, unsigned byte) { scan->decoded[scan->decoded_used++] = (char)byte; }

static void decode_point(Scan *scan, uint32_t point) {
    if (point < 0x80) {
        decode_byte(scan, point);
        return;
    }
    if (point < 0x800) {
        decode_byte(scan, 0xC0 | point >> 6);
    } else {
        if (point < 0x10000) decode_byte(scan, 0xE0 | point >> 12);
        else decode_byte(scan, 0xF0 | point >> 18), decode_byte(scan, 0x80 | (point >> 12 & 0x3F));
        decode_byte(scan, 0x80 | (point >> 6 & 0x3F));
    }
    decode_byte(scan, 0x80 | (point & 0x3F));
}

/* The four hex digits behind `\u` at text[at …], or -1. */
static int32_t hex4(const Scan *scan, size_t at) {
    int32_t value = 0;
    if (scan->length - at < 6 || scan->text[at] != '\\' || scan->text[at + 1] != 'u') return -1;
    for (size_t i = at + 2; i < at + 6; i++) {
        int digit = (unsigned char)scan->text[i];
        if (!isxdigit(digit)) return -1;
        value = value * 16 + (isdigit(digit) ? digit - '0' : tolower(digit) - 'a' + 10);
    }
    return value;
}

static bool scan_unicode_escape(Scan *scan) {
    size_t at = scan->at;
    int32_t unit = hex4(scan, at);
    if (unit < 0) return fail_at(scan, at, "\\u without four hex digits; write for example \\u00e9");
    if (unit == 0) return fail_at(scan, at, "\\u0000 in a text; remove it");
    scan->at += 6;
    if (unit < 0xD800 || unit > 0xDFFF) {
        decode_point(scan, (uint32_t)unit);
        return true;
    }
    int32_t low = unit < 0xDC00 ? hex4(scan, scan->at) : -1;
    if (low < 0xDC00 || low > 0xDFFF)
        return fail_at(scan, at, "half a surrogate pair, '%.6s'; write the character itself", scan->text + at);
    scan->at += 6;
    decode_point(scan, 0x10000 + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(low - 0xDC00));
    return true;
}

static bool scan_escape(Scan *scan) {
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    if (scan->at + 1 == scan->length) return scan->at++, true; /* the text is not closed: said there */
    char letter = scan->text[scan->at + 1];
    if (letter == 'u') return scan_unicode_escape(scan);
    const char *found = letter ? strchr(letters, letter) : NULL;
    if (!found) return fail_at(scan, scan->at, "unknown escape in a text; write a backslash as \\\\");
    decode_byte(scan, (unsigned char)meant[found - letters]);
    scan->at += 2;
    return true;
}

static bool scan_raw(Scan *scan) {
    size_t length = text_utf8_length(scan->text + scan->at, scan->length - scan->at);
    int byte = peek(scan);
    if (length == 0) return fail_at(scan, scan->at, "byte 0x%02x is not UTF-8; save the file as UTF-8", byte);
    if (byte == '\n' || byte == '\r')
        return fail_at(scan, scan->at, "line break in a text; close it with '\"' or write \\n");
    if (byte < 0x20) return fail_at(scan, scan->at, "control character in a text; write \\u%04x", byte);
    for (; length > 0; length--) decode_byte(scan, (unsigned char)scan->text[scan->at++]);
    return true;
}

/* Appends the unescaped text to `decoded`. */
static bool scan_text(Scan *scan) {
    size_t start = scan->at++;
    while (peek(scan) != '"') {
        if (peek(scan) < 0) return fail_at(scan, start, "text is not closed; add '\"' at its end");
        if (peek(scan) == '\\' ? !scan_escape(scan) : !scan_raw(scan)) return false;
    }
    scan->at++;
    return true;
}

/* ---- numbers and words ------------------------------------------------------------------------------- */

static bool scan_digits(Scan *scan, const char *behind) {
    if (!at_digit(scan)) return expected(scan, behind, "");
    while (at_digit(scan)) scan->at++;
    return true;
}

static bool scan_number(Scan *scan) {
    size_t start = scan->at;
    take(scan, '-');
    if (take(scan, '0')) {
        if (at_digit(scan)) return fail_at(scan, start, "number begins with 0; remove the leading zeros");
    } else if (!scan_digits(scan, "a digit after '-'")) {
        return false;
    }
    if (take(scan, '.') && !scan_digits(scan, "a digit after '.'")) return false;
    if (take(scan, 'e') || take(scan, 'E')) {
        if (!take(scan, '+')) take(scan, '-');
        if (!scan_digits(scan, "a digit in the exponent")) return false;
    }
    size_t length = scan->at - start;
    if (length > JSON_NUMBER_BYTES)
        return fail_at(scan, start, "number of %zu characters; write at most %d", length, JSON_NUMBER_BYTES);
    char copy[JSON_NUMBER_BYTES + 1];
    memcpy(copy, scan->text + start, length);
    copy[length] = '\0';
    if (isinf(strtod(copy, NULL)))
        return fail_at(scan, start, "number %s is too large; numbers end at 1.8e308", copy);
    return true;
}

static bool scan_word(Scan *scan) {
    static const struct {
        const char *word, *hint;
    } slips[] = {{"true", "write true"},
                 {"false", "write false"},
                 {"null", "write null"},
                 {"none", "write null"},
                 {"nan", "numbers are finite"},
                 {"inf", "numbers are finite"},
                 {"infinity", "numbers are finite"}};
    size_t start = scan->at;
    while (isalnum(peek(scan)) || peek(scan) == '_') scan->at++;
    int length = (int)(scan->at - start < 40 ? scan->at - start : 40);
    const char *word = scan->text + start, *hint = "put texts in double quotes";
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
        if (strlen(slips[i].word) != (size_t)length || strncasecmp(word, slips[i].word, (size_t)length)) continue;
        if (i < 3 && memcmp(word, slips[i].word, (size_t)length) == 0) return true;
        hint = slips[i].hint;
    }
    return fail_at(scan, start, "unknown word '%.*s'; %s", length, word, hint);
}

/* ---- values ------------------------------------------------------------------------------------------ */

static bool scan_value(Scan *scan);

static bool remember_key(Scan *scan, Key key) {
    if (scan->key_count == scan->key_room) {
        size_t room = scan->key_room * 2 + 16;
        Key *keys = realloc(scan->keys, room * sizeof *keys);
        if (!keys) return fail(scan->err, "not enough memory for %zu keys", room);
        scan->keys = keys;
        scan->key_room = room;
    }
    scan->keys[scan->key_count++] = key;
    return true;
}

static int compare_bytes(const Key *a, const Key *b) {
    int order = memcmp(a->bytes, b->bytes, a->size < b->size ? a->size : b->size);
    return order ? order : (a->size > b->size) - (a->size < b->size);
}

static int compare_keys(const void *a, const void *b) {
    int order = compare_bytes(a, b);
    size_t at_a = ((const Key *)a)->at, at_b = ((const Key *)b)->at;
    return order ? order : (at_a > at_b) - (at_a < at_b);
}

/* The first key of keys[first …] that repeats an earlier one is an error. Sorts them. */
static bool check_doubled(Scan *scan, size_t first) {
    size_t count = scan->key_count - first;
    if (count < 2) return true;
    Key *keys = scan->keys + first;
    const Key *doubled = NULL;
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 1; i < count; i++)
        if (compare_bytes(&keys[i - 1], &keys[i]) == 0 && (!doubled || keys[i].at < doubled->at)) doubled = &keys[i];
    if (!doubled) return true;
    int length = (int)(doubled->size < 80 ? doubled->size : 80);
    return fail_at(scan, doubled->at, "doubled key '%.*s'; remove one of the two", length, doubled->bytes);
}

static bool scan_key(Scan *scan) {
    Key key = {.bytes = scan->decoded + scan->decoded_used, .at = scan->at};
    if (peek(scan) == '\'' || isalpha(peek(scan)) || peek(scan) == '_')
        return expected(scan, "a key", "; put keys in double quotes");
    if (peek(scan) != '"') return expected(scan, "a key in double quotes", "");
    if (!scan_text(scan)) return false;
    key.size = (size_t)(scan->decoded + scan->decoded_used - key.bytes);
    return remember_key(scan, key);
}

static bool scan_member(Scan *scan) {
    if (!scan_key(scan)) return false;
    skip_space(scan);
    if (!take(scan, ':')) return expected(scan, "':' after the key", "");
    return scan_value(scan);
}

/* Behind an item: takes a comma or, setting *closed, the closing bracket. */
static bool scan_separator(Scan *scan, char bracket, bool *closed) {
    skip_space(scan);
    *closed = take(scan, bracket);
    if (*closed) return true;
    size_t comma = scan->at;
    if (!take(scan, ','))
        return expected(scan, bracket == '}' ? "',' or '}'" : "',' or ']'",
                        peek(scan) == '"' || at_digit(scan) ? "; is a comma missing before it?" : "");
    skip_space(scan);
    if (peek(scan) == bracket) return fail_at(scan, comma, "comma before '%c'; remove it", bracket);
    return true;
}

static bool scan_items(Scan *scan, char bracket, bool (*scan_item)(Scan *)) {
    if (++scan->depth > JSON_DEPTH)
        return fail_at(scan, scan->at, "nested deeper than %d; make it flatter", JSON_DEPTH);
    scan->at++;
    skip_space(scan);
    bool closed = take(scan, bracket);
    while (!closed)
        if (!scan_item(scan) || !scan_separator(scan, bracket, &closed)) return false;
    scan->depth--;
    return true;
}

static bool scan_object(Scan *scan) {
    size_t keys = scan->key_count, decoded = scan->decoded_used;
    bool ok = scan_items(scan, '}', scan_member) && check_doubled(scan, keys);
    scan->key_count = keys;
    scan->decoded_used = decoded;
    return ok;
}

static bool scan_text_value(Scan *scan) {
    size_t decoded = scan->decoded_used;
    bool ok = scan_text(scan);
    scan->decoded_used = decoded;
    return ok;
}

static bool scan_value(Scan *scan) {
    skip_space(scan);
    int byte = peek(scan);
    if (byte == '{') return scan_object(scan);
    if (byte == '[') return scan_items(scan, ']', scan_value);
    if (byte == '"') return scan_text_value(scan);
    if (byte == '-' || at_digit(scan)) return scan_number(scan);
    if (byte >= 0 && byte < 0x80 && isalpha(byte)) return scan_word(scan);
    return expected(scan, "a value",
                    byte == '\''  ? "; put texts in double quotes"
                    : byte == '.' ? "; write a digit before the point"
                    : byte == '+' ? "; remove the '+'"
                                  : "");
}

static bool scan_document(Scan *scan) {
    if (scan->length >= 3 && memcmp(scan->text, "\xEF\xBB\xBF", 3) == 0)
        return fail(scan->err, "1:1: begins with a byte order mark; save the file as UTF-8 without one");
    skip_space(scan);
    if (scan->at == scan->length) return fail(scan->err, "1:1: the document is empty; write at least {}");
    if (!scan_value(scan)) return false;
    skip_space(scan);
    return scan->at == scan->length || expected(scan, "the end of the document", "");
}

bool json_scan(const char *text, size_t length, Error *err) {
    Scan scan = {.text = text, .length = length, .err = err, .decoded = malloc(length + 1)};
    if (!scan.decoded) return fail(err, "not enough memory for %zu bytes of JSON", length);
    bool ok = scan_document(&scan);
    free(scan.keys);
    free(scan.decoded);
    return ok;
}
