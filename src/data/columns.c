/* columns: see columns.h. */
#include "data/columns.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LISTED = 12, MOST_ERRORS = 20 };

static const char *const role_keys[] = {
    [ROLE_LABEL] = "data.label",
    [ROLE_CATEGORY] = "data.categorical",
    [ROLE_WEIGHT] = "data.weight",
    [ROLE_IGNORED] = "data.ignore",
};

/* "a, b, c and 62 more" */
static void list_columns(const Csv *csv, char *out, size_t size) {
    *out = '\0';
    for (int i = 0; i < csv->columns && i < LISTED; i++)
        text_append(out, size, "%s%.64s", i ? ", " : "", csv->column[i].name);
    if (csv->columns > LISTED) text_append(out, size, " and %d more", csv->columns - LISTED);
}

static bool no_such_name(const Csv *csv, const char *key, const char *name, Error *err) {
    char list[1024], hint[320] = "";
    const char *nearest = NULL;
    int distance = 0;
    for (int i = 0; i < csv->columns; i++) text_nearer(name, csv->column[i].name, &nearest, &distance);
    if (nearest) snprintf(hint, sizeof hint, "did you mean '%.255s'? ", nearest);
    list_columns(csv, list, sizeof list);
    return fail(err, "%s: no column '%s' for %s; %sthe columns are %s", csv->path, name, key, hint, list);
}

/* The column's index, or -1 and an error. */
static int find_column(const Csv *csv, const char *key, const ColumnName *column, Error *err) {
    if (!column->by_index) {
        int found = csv_find(csv, column->name);
        if (found < 0) no_such_name(csv, key, column->name, err);
        return found;
    }
    int64_t index = column->index < 0 ? column->index + csv->columns : column->index;
    if (index >= 0 && index < csv->columns) return (int)index;
    fail(err, "%s: %s is %lld and the file has %d columns; use %d to %d", csv->path, key, (long long)column->index,
         csv->columns, -csv->columns, csv->columns - 1);
    return -1;
}

/* Gives a column a role; the column's index, or -1 when it has one already. */
static int take_column(Columns *columns, const Csv *csv, int at, Role role, Error *err) {
    if (at < 0) return -1;
    const char *name = csv->column[at].name;
    Role had = columns->role[at];
    columns->role[at] = role;
    if (had == ROLE_FEATURE) return at;
    if (had == role)
        fail(err, "%s: column '%s' is named twice in %s; name it once", csv->path, name, role_keys[role]);
    else
        fail(err, "%s: column '%s' is in %s and in %s; name it in one of them", csv->path, name, role_keys[had],
             role_keys[role]);
    return -1;
}

static void take_columns(Columns *columns, const Csv *csv, const ColumnName *names, int count, Role role,
                         Error *err) {
    for (int i = 0; i < count; i++) {
        int at = take_column(columns, csv, find_column(csv, role_keys[role], &names[i], err), role, err);
        if (role == ROLE_LABEL && at >= 0) columns->label[columns->labels++] = at;
        if (role == ROLE_WEIGHT) columns->weight = at;
    }
}

/* Without data.label the last column is it. */
static void take_last(Columns *columns, const Csv *csv, Error *err) {
    int last = csv->columns - 1;
    columns->labels = 1;
    columns->label[0] = last;
    if (columns->role[last] == ROLE_FEATURE) columns->role[last] = ROLE_LABEL;
    else
        fail(err, "%s: the last column '%s' is in %s and cannot be the label; set data.label", csv->path,
             csv->column[last].name, role_keys[columns->role[last]]);
}

static bool any_input(const Columns *columns, const Csv *csv, Error *err) {
    for (int i = 0; i < columns->count; i++)
        if (columns->role[i] == ROLE_FEATURE || columns->role[i] == ROLE_CATEGORY) return true;
    if (csv->columns == 1) return fail(err, "%s: one column only; set data.delimiter if it is not ','", csv->path);
    return fail(err, "%s: no input column is left beside label, weight and ignored ones; leave one", csv->path);
}

static bool copy_names(const Csv *csv, Columns *out) {
    *out = (Columns){.count = csv->columns,
                     .named = csv->has_header,
                     .weight = -1,
                     .path = strdup(csv->path),
                     .name = calloc((size_t)csv->columns, sizeof *out->name),
                     .role = calloc((size_t)csv->columns, sizeof *out->role)};
    bool done = out->path && out->name && out->role;
    for (int i = 0; done && i < out->count; i++) done = (out->name[i] = strdup(csv->column[i].name)) != NULL;
    return done;
}

bool columns_assign(const DataRequest *request, const Csv *csv, Columns *out, Error *err) {
    int before = err->count;
    if (!copy_names(csv, out)) return fail(err, "%s: needs more memory than the system gives", csv->path);
    take_columns(out, csv, request->label, request->label_count, ROLE_LABEL, err);
    take_columns(out, csv, request->ignore, request->ignore_count, ROLE_IGNORED, err);
    take_columns(out, csv, request->categorical, request->categorical_count, ROLE_CATEGORY, err);
    take_columns(out, csv, request->weight, request->weight_count, ROLE_WEIGHT, err);
    if (err->count == before && any_input(out, csv, err) && request->label_count == 0) {
        take_last(out, csv, err);
        if (err->count == before) any_input(out, csv, err);
    }
    if (request->task == TASK_CLASSIFICATION && request->label_count > 1)
        fail(err, "%s: data.label names %d columns and data.task is classification; name one", csv->path,
             request->label_count);
    out->label_is_text = out->labels == 1 && request->task != TASK_REGRESSION;
    return err->count == before;
}

void columns_free(Columns *columns) {
    for (int i = 0; columns->name && i < columns->count; i++) free(columns->name[i]);
    free(columns->name);
    free(columns->path);
    free(columns->role);
    *columns = (Columns){0};
}

static CsvUse use_of(const Columns *columns, Role role) {
    switch (role) {
    case ROLE_FEATURE: return CSV_FEATURE;
    case ROLE_CATEGORY: return CSV_TEXT;
    case ROLE_LABEL: return columns->label_is_text ? CSV_TEXT : CSV_NUMBER;
    case ROLE_WEIGHT: return CSV_NUMBER;
    case ROLE_IGNORED: break;
    }
    return CSV_IGNORED;
}

/* Sets use and place of column[count]: see columns_use. */
static void fill_uses(const Columns *columns, CsvColumn *column) {
    int features = 0, categories = 0, weighted = columns->weight >= 0;
    for (int i = 0; i < columns->count; i++) {
        column[i].use = use_of(columns, columns->role[i]);
        if (columns->role[i] == ROLE_FEATURE) column[i].place = features++;
        if (columns->role[i] == ROLE_CATEGORY) column[i].place = categories++;
        if (columns->role[i] == ROLE_WEIGHT) column[i].place = 0;
    }
    int first = columns->label_is_text ? categories : weighted;
    for (int k = 0; k < columns->labels; k++) column[columns->label[k]].place = first + k;
}

void columns_use(const Columns *columns, Csv *csv) { fill_uses(columns, csv->column); }

int columns_find_use(const Csv *csv, CsvUse use, int place) {
    for (int i = 0; i < csv->columns; i++)
        if (csv->column[i].use == use && csv->column[i].place == place) return i;
    return -1;
}

static void copy_use(const CsvColumn *from, CsvColumn *to) {
    to->use = from->use;
    to->place = from->place;
}

/* Whether a file may do without the column: one that is ignored, or that `present` says is not there. */
static bool may_lack(const Columns *present, Role role) {
    return role == ROLE_IGNORED || (role == ROLE_LABEL && present->labels == 0) ||
           (role == ROLE_WEIGHT && present->weight < 0);
}

/* Column `from` of the training file is column `to` of the other, which takes its name where it has none. */
static bool pair(const Columns *columns, const CsvColumn *use, int from, Csv *other, int to, Error *err) {
    CsvColumn *column = &other->column[to];
    copy_use(&use[from], column);
    if (other->has_header || !columns->named) return true;
    char *name = strdup(columns->name[from]);
    if (!name) return fail(err, "%s: needs more memory than the system gives", other->path);
    free(column->name);
    column->name = name;
    return true;
}

static const char *more_than_one(int count) { return count == 1 ? "" : "s"; }

static bool match_positions(const Columns *columns, const CsvColumn *use, Csv *other, Error *err) {
    bool done = other->columns == columns->count;
    if (!done)
        return fail(err, "%s: %d column%s, %s has %d", other->path, other->columns, more_than_one(other->columns),
                    columns->path, columns->count);
    for (int i = 0; done && i < columns->count; i++) done = pair(columns, use, i, other, i, err);
    return done;
}

/* ---- names that do not match --------------------------------------------------------------------------- */

/* The column that no other is yet paired with whose name may be meant: equal but for case or, of names long enough
 * to tell, a slip of the hand away; -1: none. */
static int find_meant(const Columns *columns, const bool *paired, const char *name) {
    const char *nearest = NULL;
    int distance = 0, at = -1;
    for (int i = 0; i < columns->count; i++)
        if (!paired[i] && strcasecmp(columns->name[i], name) == 0) return i;
    for (int i = 0; i < columns->count; i++) {
        const char *before = nearest;
        if (!paired[i] && strlen(name) > 2) text_nearer(name, columns->name[i], &nearest, &distance);
        if (nearest != before) at = i;
    }
    return at;
}

static void tell_extra(const Columns *columns, const Csv *other, int column, int meant, Error *err) {
    const char *name = other->column[column].name;
    if (!*name)
        fail(err,
             "%s: column %d of the header has no name and is not in %s; remove it, or train with it and put %d "
             "into data.ignore",
             other->path, column + 1, columns->path, column);
    else if (csv_find(other, name) < column)
        fail(err, "%s: a second column named '%s'; remove one", other->path, name);
    else if (meant >= 0)
        fail(err, "%s: column '%s' is not in %s; did you mean '%s'?", other->path, name, columns->path,
             columns->name[meant]);
    else fail(err, "%s: column '%s' is not in %s", other->path, name, columns->path);
}

/* Extra columns, the first of them, and which one each may mean. */
typedef struct Extras {
    int count, column[MOST_ERRORS], meant[MOST_ERRORS];
} Extras;

/* paired[columns]: those found, and then those meant too. */
static void find_extras(const Columns *columns, bool *paired, const Csv *other, Extras *extras) {
    for (int i = 0; i < other->columns && extras->count < MOST_ERRORS; i++) {
        if (other->column[i].place >= 0) continue;
        int meant = find_meant(columns, paired, other->column[i].name);
        if (meant >= 0) paired[meant] = true;
        extras->column[extras->count] = i;
        extras->meant[extras->count++] = meant;
    }
}

/* Tells the columns that are missing, but for those that an extra one may mean, and the extra ones. */
static bool tell_left(const Columns *columns, bool *paired, const Csv *other, Error *err) {
    int before = err->count;
    Extras extras = {0};
    find_extras(columns, paired, other, &extras);
    for (int i = 0; i < columns->count && err->count - before < MOST_ERRORS; i++)
        if (!paired[i] && !may_lack(columns, columns->role[i]))
            fail(err, "%s: no column '%s', which %s has", other->path, columns->name[i], columns->path);
    for (int i = 0; i < extras.count && err->count - before < MOST_ERRORS; i++)
        tell_extra(columns, other, extras.column[i], extras.meant[i], err);
    return err->count == before;
}

static bool match_names(const Columns *columns, const CsvColumn *use, Csv *other, Error *err) {
    bool *paired = calloc((size_t)columns->count, sizeof *paired);
    if (!paired) return fail(err, "%s: needs more memory than the system gives", other->path);
    for (int i = 0; i < other->columns; i++) other->column[i].place = -1;
    for (int i = 0; i < columns->count; i++) {
        const char *name = columns->name[i];
        bool same_place = i < other->columns && strcmp(other->column[i].name, name) == 0;
        int at = same_place ? i : csv_find(other, name);
        paired[i] = at >= 0;
        if (at >= 0) copy_use(&use[i], &other->column[at]);
    }
    bool done = tell_left(columns, paired, other, err);
    free(paired);
    return done;
}

/* ---- matching ------------------------------------------------------------------------------------------ */

bool columns_match(const Columns *columns, Csv *other, Error *err) {
    other->purpose = CSV_FOLLOWS;
    CsvColumn *use = calloc((size_t)columns->count, sizeof *use);
    if (!use) return fail(err, "%s: needs more memory than the system gives", other->path);
    fill_uses(columns, use);
    bool named = columns->named && other->has_header;
    bool done = named ? match_names(columns, use, other, err) : match_positions(columns, use, other, err);
    free(use);
    return done;
}

static int count_role(const Columns *columns, Role role) {
    int count = 0;
    for (int i = 0; i < columns->count; i++) count += columns->role[i] == role;
    return count;
}

/* Says what of the labels and the weight a file with names lacks; labels are there all or none. */
static bool find_optional(const Columns *columns, const Csv *other, Columns *present, Error *err) {
    int missing = -1, found = 0;
    for (int k = 0; k < columns->labels; k++)
        if (csv_find(other, columns->name[columns->label[k]]) >= 0) found++;
        else if (missing < 0) missing = columns->label[k];
    if (found == 0) present->labels = 0;
    if (columns->weight >= 0 && csv_find(other, columns->name[columns->weight]) < 0) present->weight = -1;
    if (found == 0 || missing < 0) return true;
    return fail(err, "%s: no column '%s', which %s has as a label; give all labels or none", other->path,
                columns->name[missing], columns->path);
}

/* The same of a file without names, by how many columns it has; *bare: the inputs alone. */
static bool count_optional(const Columns *columns, const Csv *other, Columns *present, bool *bare, Error *err) {
    int all = columns->count, no_labels = all - count_role(columns, ROLE_LABEL);
    int inputs = count_role(columns, ROLE_FEATURE) + count_role(columns, ROLE_CATEGORY);
    *bare = other->columns == inputs;
    if (other->columns != all) present->labels = 0;
    if (*bare) present->weight = -1;
    if (other->columns == all || other->columns == no_labels || *bare) return true;
    return fail(err, "%s: %d column%s, %s has %d, and %d without its labels", other->path, other->columns,
                more_than_one(other->columns), columns->path, all, no_labels);
}

static bool match_present(const Columns *present, bool bare, const CsvColumn *use, Csv *other, Error *err) {
    int at = 0;
    bool done = true;
    for (int i = 0; done && i < present->count; i++) {
        Role role = present->role[i];
        bool absent = role == ROLE_IGNORED ? bare : may_lack(present, role);
        if (!absent) done = pair(present, use, i, other, at++, err);
    }
    return done;
}

bool columns_match_inputs(const Columns *columns, Csv *other, Columns *present, Error *err) {
    bool named = columns->named && other->has_header, bare = false, done = true;
    *present = *columns;
    other->purpose = CSV_PREDICTED;
    if (!(named ? find_optional(columns, other, present, err) : count_optional(columns, other, present, &bare, err)))
        return false;
    CsvColumn *use = calloc((size_t)columns->count, sizeof *use);
    if (!use) return fail(err, "%s: needs more memory than the system gives", other->path);
    fill_uses(present, use); /* what is absent takes no place among the others */
    if (named) done = match_names(present, use, other, err);
    else done = match_present(present, bare, use, other, err);
    free(use);
    return done;
}
