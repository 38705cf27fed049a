/* list: families → text and Markdown; declared in show.h. */
#include "config/describe.h"
#include "config/show.h"

#include "base/text.h"

#include <string.h>

enum { KEY_BYTES = 128, LINE = 100 };

/* One parameter or key, in words. */
typedef struct Entry {
    char key[KEY_BYTES], type[WORDS_BYTES], preset[WORDS_BYTES];
    const char *help;
} Entry;

/* Calls visit for every field, groups' members with dotted keys; a group itself only where it may be null. */
static void each_entry(const Field *fields, const char *prefix, void (*visit)(const Entry *, void *),
                       void *context) {
    for (const Field *field = fields; field && field->name; field++) {
        Entry entry = {.help = field->help ? field->help : ""};
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
static int width_of(const char *text) {
    int width = 0;
    for (; *text; text++) width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

static void grow(int *width, const char *text, int most) {
    int wanted = width_of(text) < most ? width_of(text) : most;
    if (*width < wanted) *width = wanted;
}

/* Prints the text, spaces up to the width, and two more. */
static void print_padded(FILE *out, const char *text, int width) {
    int spaces = width - width_of(text);
    fprintf(out, "%s%*s", text, 2 + (spaces > 0 ? spaces : 0), "");
}

/* Prints comma-separated names from column `indent` on, broken before column LINE. */
static void print_names(const Family *family, int indent, FILE *out) {
    int column = indent;
    fprintf(out, "%*s", indent, "");
    for (int i = 0; i < family->count; i++) {
        const char *name = family_row(family, i)->name;
        int width = width_of(name) + (i + 1 < family->count);
        if (column > indent && column + 1 + width > LINE) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        }
        column += fprintf(out, "%s%s%s", column > indent ? " " : "", name, i + 1 < family->count ? "," : "");
    }
    fputc('\n', out);
}

void show_families(const Family *const *families, int count, FILE *out) {
    int width = 0;
    for (int i = 0; i < count; i++) grow(&width, families[i]->name, LINE);
    for (int i = 0; i < count; i++) {
        print_padded(out, families[i]->name, width);
        fprintf(out, "%s\n", families[i]->help);
        print_names(families[i], width + 2, out);
    }
}

/* The widths of a family's columns. */
typedef struct Columns {
    int name, key, type, preset;
    FILE *out;
} Columns;

static void preset_cell(const Entry *entry, char *out) {
    bool required = strcmp(entry->preset, "required") == 0;
    snprintf(out, WORDS_BYTES + 16, "%s%s", required ? "" : "default ", entry->preset);
}

static void measure_entry(const Entry *entry, void *context) {
    Columns *columns = context;
    char preset[WORDS_BYTES + 16];
    grow(&columns->key, entry->key, 24);
    grow(&columns->type, entry->type, 40);
    preset_cell(entry, preset);
    grow(&columns->preset, preset, 32);
}

static void print_entry(const Entry *entry, void *context) {
    const Columns *columns = context;
    char preset[WORDS_BYTES + 16];
    preset_cell(entry, preset);
    fputs("    ", columns->out);
    print_padded(columns->out, entry->key, columns->key);
    print_padded(columns->out, entry->type, columns->type);
    print_padded(columns->out, preset, columns->preset);
    fprintf(columns->out, "%s\n", entry->help);
}

void show_family(const Family *family, FILE *out) {
    Columns columns = {.out = out};
    for (int i = 0; i < family->count; i++) {
        grow(&columns.name, family_row(family, i)->name, 24);
        each_entry(family_row(family, i)->fields, "", measure_entry, &columns);
    }
    fprintf(out, "%s: %s\n\n", family->name, family->help);
    for (int i = 0; i < family->count; i++) {
        const Variant *row = family_row(family, i);
        print_padded(out, row->name, columns.name);
        fprintf(out, "%s\n", row->help);
        each_entry(row->fields, "", print_entry, &columns);
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

static void print_key_row(const Entry *entry, void *context) {
    FILE *out = context;
    fprintf(out, "| `%s` |", entry->key);
    print_cell(out, entry->type);
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
