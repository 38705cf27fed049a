/* terminal: see terminal.h. */
#include "base/terminal.h"

#include "base/text.h"

#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { MOST_COLUMNS = 100000 };

/* ---- text that is safe to show --------------------------------------------------------------------------------- */

/* Letters of any script, but no control: C0, DEL, C1 (U+0080 … U+009F), and the marks that turn the direction
 * of writing (U+200E, U+200F, U+202A … U+202E, U+2066 … U+2069). */
static bool harmless(const unsigned char *text, int length) {
    if (length == 1) return text[0] >= 0x20 && text[0] != 0x7f;
    if (text[0] == 0xc2) return text[1] >= 0xa0;
    if (text[0] != 0xe2) return true;
    bool marks = text[1] == 0x80 && (text[2] == 0x8e || text[2] == 0x8f || (text[2] >= 0xa8 && text[2] <= 0xae));
    return !marks && !(text[1] == 0x81 && text[2] >= 0xa6 && text[2] <= 0xa9);
}

void terminal_harmless(char *out, size_t size, const char *text, bool utf8) {
    const unsigned char *at = (const unsigned char *)text;
    size_t used = 0;
    while (*at) {
        int length = (int)text_utf8_length((const char *)at, strlen((const char *)at)),
            kept = length && harmless(at, length) && (utf8 || length == 1) ? length : 0;
        if (used + (size_t)(kept ? kept : 1) >= size) break;
        if (kept) memcpy(out + used, at, (size_t)kept);
        else out[used] = '?';
        used += (size_t)(kept ? kept : 1);
        at += length ? length : 1;
    }
    out[used] = '\0';
}

int terminal_width(const char *text) {
    int columns = 0;
    for (; *text; text++) columns += (*text & 0x80) == 0 ? 1 : (*text & 0xc0) == 0xc0 ? 2 : 0;
    return columns;
}

/* ---- what is shown --------------------------------------------------------------------------------------------- */

void terminal_duration(char *out, size_t size, double seconds) {
    long long s = (long long)ceil(seconds);
    if (s < 60) snprintf(out, size, "%llds", s);
    else if (s < 3600) snprintf(out, size, "%lldm%02llds", s / 60, s % 60);
    else if (s < 48 * 3600) snprintf(out, size, "%lldh%02lldm", s / 3600, s / 60 % 60);
    else snprintf(out, size, "%lldd", s / 86400);
}

void terminal_append_bar(char *out, size_t size, int cells, double share, bool utf8) {
    int filled = (int)(share * cells);
    text_append(out, size, " ");
    for (int i = 0; i < cells; i++)
        text_append(out, size, "%s", utf8 ? (i < filled ? "█" : "░") : i < filled ? "#" : ".");
}

/* ---- the one at hand ------------------------------------------------------------------------------------------- */

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

bool terminal_on_stderr(void) {
    const char *kind = getenv("TERM");
    return isatty(STDERR_FILENO) && kind && *kind && strcmp(kind, "dumb") != 0;
}

int terminal_bar_columns(void) {
    int columns = terminal_columns(STDERR_FILENO);
    return (columns > 0 ? columns : TERMINAL_USUAL_COLUMNS) - 1;
}

int terminal_page_columns(void) {
    const char *said = getenv("COLUMNS");
    double columns;
    if (said && text_number(said, strlen(said), &columns) && columns >= 1 && columns <= MOST_COLUMNS)
        return (int)columns;
    int seen = terminal_columns(STDOUT_FILENO);
    return seen > 0 ? seen : TERMINAL_USUAL_COLUMNS;
}
