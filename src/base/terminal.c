/* terminal: see terminal.h. */
#include "base/terminal.h"

#include "base/text.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { MOST_COLUMNS = 100000 };

bool terminal_is_utf8(void) {
    locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (!locale) return false;
    bool utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
    freelocale(locale);
    return utf8;
}

int terminal_columns(int descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int terminal_page_columns(void) {
    const char *said = getenv("COLUMNS");
    double columns;
    if (said && text_number(said, strlen(said), &columns) && columns >= 1 && columns <= MOST_COLUMNS)
        return (int)columns;
    int seen = terminal_columns(STDOUT_FILENO);
    return seen > 0 ? seen : TERMINAL_USUAL_COLUMNS;
}
