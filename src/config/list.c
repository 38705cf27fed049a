/* list: families → text and Markdown; declared in show.h. */
#include "config/describe.h"
#include "config/show.h"

#include "base/text.h"

#include <string.h>

enum { KEY_BYTES = 128, LINE = 80, PARAMETER = 4 }; /* PARAMETER: the column of their names */

/* One parameter or key, in words. */
typedef struct Entry {
    char key[KEY_BYTES], type[WORDS_BYTES], preset[WORDS_BYTES];
    const char *help;
    const Family *family; /* whose name ends the type, or NULL */
} Entry;

/* Calls visit for every field, groups' members with dotted keys; a group itself only where it may be null. */
static void each_entry(const Field *fields, const char *prefix, void (*visit)(const Entry *, void *), void *context) {
    for (const Field *field = fields; field && field->name; field++) {
        Entry entry = {.help = field->help ? field->help : "", .family = field->family};
        snprintf(entry.key, sizeof entry.key, "%s%s", prefix, field->name);
        describe_type(field, entry.type);
        describe_default(field, entry.preset);
        bool group = field->kind == FIELD_KIND_GROUP;
        if (!group || field->nullable) visit(&entry, context);
        if (!group) continue;
        text_append(entry.key, sizeof entry.key, ".");
        each_entry(field->fields, entry.key, visit, context);
    }
}

/* ---- text -------------------------------------------------------------------------------------------- */

/* Bytes that are no UTF-8 continuations. */
static int width_of(const char *text, size_t length) {
    int width = 0;
    for (size_t i = 0; i < length; i++) width += ((unsigned char)text[i] & 0xC0) != 0x80;
    return width;
}

static void grow(int *width, const char *text) {
    int wanted = width_of(text, strlen(text));
    if (*width < wanted) *width = wanted;
}

/* Prints words from column `indent` on, where the line stands already; what does not fit before column LINE
 * goes to the next line, indented as far. */
static void print_words(const char *text, int indent, FILE *out) {
    for (int column = indent; *text;) {
        size_t length = strcspn(text, " ");
        int width = width_of(text, length);
        bool first = column == indent, turns = !first && column + 1 + width > LINE;
        if (turns) fprintf(out, "\n%*s", indent, "");
        fprintf(out, "%s%.*s", first || turns ? "" : " ", (int)length, text);
        column = (turns ? indent : column + !first) + width;
        text += length + (text[length] == ' ');
    }
    fputc('\n', out);
}

/* A name from column `at` on, and words beside it from column `indent` on. */
static void print_beside(const char *name, int at, const char *text, int indent, FILE *out) {
    int gap = indent - at - width_of(name, strlen(name));
    fprintf(out, "%*s%s%*s", at, "", name, gap, "");
    print_words(text, indent, out);
}

static void print_family_names(const Family *family, int indent, FILE *out) {
    char names[WORDS_BYTES] = "";
    for (int i = 0; i < family->count; i++)
        text_append(names, sizeof names, "%s%s", i ? ", " : "", family_row(family, i)->name);
    print_beside("", 0, names, indent, out);
}

void show_families(const Family *const *families, int count, FILE *out) {
    int width = 0;
    for (int i = 0; i < count; i++) grow(&width, families[i]->name);
    for (int i = 0; i < count; i++) {
        print_beside(families[i]->name, 0, families[i]->help, width + 2, out);
        print_family_names(families[i], width + 2, out);
    }
}

/* Where the parameters of a family are printed, and how wide their names are. */
typedef struct Layout {
    int width;
    FILE *out;
} Layout;

static void measure_entry(const Entry *entry, void *context) { grow(&((Layout *)context)->width, entry->key); }

/* The help beside the name, below it what is allowed and the default. */
static void print_entry(const Entry *entry, void *context) {
    const Layout *layout = context;
    char type[2 * WORDS_BYTES + 16];
    bool required = strcmp(entry->preset, "required") == 0;
    snprintf(type, sizeof type, "%s; %s%s", entry->type, required ? "" : "default ", entry->preset);
    print_beside(entry->key, PARAMETER, entry->help, PARAMETER + layout->width + 2, layout->out);
    print_beside("", PARAMETER, type, PARAMETER + layout->width + 2, layout->out);
}

void show_family(const Family *family, FILE *out) {
    int width = 0;
    Layout layout = {.out = out};
    for (int i = 0; i < family->count; i++) {
        grow(&width, family_row(family, i)->name);
        each_entry(family_row(family, i)->fields, "", measure_entry, &layout);
    }
    fprintf(out, "%s: ", family->name);
    print_words(family->help, 0, out);
    fputc('\n', out);
    for (int i = 0; i < family->count; i++) {
        const Variant *row = family_row(family, i);
        print_beside(row->name, 0, row->help, width + 2, out);
        each_entry(row->fields, "", print_entry, &layout);
    }
}

/* ---- Markdown ---------------------------------------------------------------------------------------- */

/* Nothing in the text may end a cell, begin emphasis or a tag. */
static void print_cell(FILE *out, const char *text) {
    fputs(" ", out);
    for (; *text; text++) {
        if (strchr("|*<\\`", *text)) fputc('\\', out);
        fputc(*text == '\n' ? ' ' : *text, out);
    }
    fputs(" |", out);
}

/* A family's name is a link to its table. */
static void print_type_cell(FILE *out, const Entry *entry) {
    char type[2 * WORDS_BYTES];
    const char *name = entry->family ? entry->family->name : "";
    int before = (int)(strlen(entry->type) - strlen(name));
    snprintf(type, sizeof type, entry->family ? "%.*s[%s](#%s)" : "%.*s", before, entry->type, name, name);
    print_cell(out, type);
}

static void print_key_row(const Entry *entry, void *context) {
    FILE *out = context;
    fprintf(out, "| `%s` |", entry->key);
    print_type_cell(out, entry);
    print_cell(out, entry->preset);
    print_cell(out, entry->help);
    fputc('\n', out);
}

static void print_parameter_row(const Entry *entry, void *context) {
    fputs("| ", context);
    print_key_row(entry, context);
}

static void markdown_family(const Family *family, FILE *out) {
    fprintf(out, "\n### %s\n\n%s\n\n", family->name, family->help);
    fputs("| name | parameter | value | default | meaning |\n|---|---|---|---|---|\n", out);
    for (int i = 0; i < family->count; i++) {
        const Variant *row = family_row(family, i);
        fprintf(out, "| `%s` | | | |", row->name);
        print_cell(out, row->help);
        fputc('\n', out);
        each_entry(row->fields, "", print_parameter_row, out);
    }
}

void show_markdown(const Field *fields, const Family *const *families, int count, FILE *out) {
    fputs("### keys\n\n| key | value | default | meaning |\n|---|---|---|---|\n", out);
    each_entry(fields, "", print_key_row, out);
    for (int i = 0; i < count; i++) markdown_family(families[i], out);
}
