/* terminal: what the user's terminal and locale can show. Asks, and never changes, the process's state. */
#ifndef NNEXP_BASE_TERMINAL_H
#define NNEXP_BASE_TERMINAL_H

#include <stdbool.h>

enum { TERMINAL_USUAL_COLUMNS = 80 };

/* Whether the locale of the environment writes UTF-8. */
bool terminal_is_utf8(void);

/* The columns of the terminal that is open there; 0 where there is none, or it does not tell. */
int terminal_columns(int descriptor);

/* For text that is not redrawn: what COLUMNS says, else the terminal on standard output, else 80. */
int terminal_page_columns(void);

#endif
