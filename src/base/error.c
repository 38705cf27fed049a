/* error: see error.h. */
#include "base/error.h"

#include "base/terminal.h"

#include <stdarg.h>
#include <string.h>

static void append(Error *err, const char *message) {
    size_t size = strlen(message) + 1;
    if (err->length + size > sizeof err->text) {
        err->dropped++;
        return;
    }
    memcpy(err->text + err->length, message, size);
    err->length += size;
    err->count++;
}

bool fail(Error *err, const char *format, ...) {
    char message[ERROR_BYTES / 2];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    append(err, message);
    return false;
}

bool error_prefix(Error *err, const char *format, ...) {
    char place[ERROR_BYTES / 2], message[ERROR_BYTES * 2];
    va_list args;
    va_start(args, format);
    vsnprintf(place, sizeof place, format, args);
    va_end(args);
    Error before = *err;
    *err = (Error){.dropped = before.dropped};
    for (const char *at = before.text; at < before.text + before.length; at += strlen(at) + 1) {
        snprintf(message, sizeof message, "%s%s", place, at);
        append(err, message);
    }
    return false;
}

void error_move(Error *err, Error *from) {
    for (const char *at = from->text; at < from->text + from->length; at += strlen(at) + 1) append(err, at);
    err->dropped += from->dropped;
    *from = (Error){0};
}

/* A line's parts between tabs. */
static void print_line(const char *line, size_t length, FILE *out) {
    char part[ERROR_BYTES], harmless[ERROR_BYTES];
    while (true) {
        size_t size = 0;
        while (size < length && line[size] != '\t') size++;
        snprintf(part, sizeof part, "%.*s", (int)size, line);
        terminal_harmless(harmless, sizeof harmless, part, true);
        fputs(harmless, out);
        if (size == length) return;
        fputc('\t', out);
        line += size + 1, length -= size + 1;
    }
}

static void print_messages(const Error *err, const char *first, FILE *out) {
    for (const char *at = err->text; at < err->text + err->length; at += strlen(at) + 1) {
        fputs(first, out);
        for (const char *line = at; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
            print_line(line, strcspn(line, "\n"), out);
            fputc('\n', out);
        }
    }
}

void error_print(const Error *err, FILE *out) {
    print_messages(err, "nnexp: ", out);
    if (err->dropped) fprintf(out, "nnexp: and %d more\n", err->dropped);
}

void error_print_notes(const Error *notes, FILE *out) { print_messages(notes, "", out); }
