/* error: failures as values. An Error collects complete messages; it never prints by itself or exits.
 * A message is `PLACE: what is wrong with the value seen; what to do`: no capital, no full stop. The place
 * is put in front on the way up with error_prefix. Own mistakes are assert()ed, not reported. */
#ifndef NNEXP_BASE_ERROR_H
#define NNEXP_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { ERROR_BYTES = 16384 };

/* A zero-initialised Error is empty. `text` holds `count` messages, each ended by a NUL, `length` bytes in all;
 * what no longer fits is counted in `dropped`. A message may span lines (the caret under a syntax error). */
typedef struct Error {
    int count, dropped;
    size_t length;
    char text[ERROR_BYTES];
} Error;

/* Adds one message. Returns false, so that a failing function can `return fail(err, …)`. */
bool fail(Error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts the same place before every message collected so far, and returns false. */
bool error_prefix(Error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Moves the messages of `from` behind those of `err`; `from` is empty afterwards. */
void error_move(Error *err, Error *from);

/* Writes every message as a line `nnexp: MESSAGE` to `out`. Controls that a message quotes are '?'
 * (terminal_harmless), but for ends of lines and tabs. */
void error_print(const Error *err, FILE *out);
/* The same without `nnexp: `, for what is no error. */
void error_print_notes(const Error *notes, FILE *out);

#endif
