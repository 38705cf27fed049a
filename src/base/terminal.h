/* terminal: what the user's terminal and locale can show: text without the bytes that could steer it, how wide it is,
 * durations, a bar's blocks. Asks, and never changes, the process's state. */
#ifndef NNEXP_BASE_TERMINAL_H
#define NNEXP_BASE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

enum { TERMINAL_USUAL_COLUMNS = 80 };

/* Moves to the line's beginning and clears it. */
#define TERMINAL_CLEAR_LINE "\r\033[K"

/* Whether the locale of the environment writes UTF-8. */
bool terminal_is_utf8(void);
/* Whether stderr is a terminal that understands TERMINAL_CLEAR_LINE. */
bool terminal_on_stderr(void);
/* The columns of the terminal that is open there; 0 where there is none, or it does not tell. */
int terminal_columns(int descriptor);
/* For a line on stderr that is redrawn: one less than its terminal has (80), since a letter in the last column makes
 * some wrap. */
int terminal_bar_columns(void);
/* For text that is not redrawn: what COLUMNS says, else the terminal on standard output, else 80. */
int terminal_page_columns(void);

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
