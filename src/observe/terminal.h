/* terminal: what may be shown on one and how wide it is: text without the bytes that could steer it, durations, a
 * bar's blocks. Holds nothing. */
#ifndef NNEXP_OBSERVE_TERMINAL_H
#define NNEXP_OBSERVE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* Moves to the line's beginning and clears it. */
#define TERMINAL_CLEAR_LINE "\r\033[K"

/* Whether the environment's locale takes UTF-8. */
bool terminal_is_utf8(void);
/* Whether stderr is a terminal that understands TERMINAL_CLEAR_LINE. */
bool terminal_on_stderr(void);
/* Columns to write in on stderr's terminal: one less than it has, since a letter in the last makes some wrap; 79
 * where it does not say. */
int terminal_columns(void);

/* Copies text into out[size], controls and marks of direction as '?' (without utf8 all beyond ASCII), cut between
 * two letters where it does not fit. */
void terminal_harmless(char *out, size_t size, const char *text, bool utf8);
/* Columns that harmless text takes, at most: a letter beyond ASCII may be a wide one. */
int terminal_width(const char *text);

/* "45s", "3m07s", "2h05m", "9d". */
void terminal_duration(char *out, size_t size, double seconds);
/* Appends a blank and `cells` blocks to out[size], the share of them filled. */
void terminal_append_bar(char *out, size_t size, int cells, double share, bool utf8);

#endif
