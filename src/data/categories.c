/* categories: see categories.h. */
#include "data/categories.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_ERRORS = 20 };

/* The categorical column that an entry names, and its value; -1 for none. Of the columns "a" and "a=b" an entry "a=b=c"
 * names the longer. */
static int column_of(const Columns *columns, const char *entry, const char **value) {
    int found = -1;
    size_t longest = 0;
    for (int i = 0; i < columns->count; i++) {
        size_t length = strlen(columns->name[i]);
        if (columns->role[i] != ROLE_CATEGORY || strncmp(entry, columns->name[i], length) != 0) continue;
        if (entry[length] != '=' || (found >= 0 && length < longest)) continue;
        found = i;
        longest = length;
        *value = entry + length + 1;
    }
    return found;
}

bool categories_check(const DataRequest *request, const Columns *columns, Error *err) {
    int before = err->count;
    const TextPool *pool = &request->categories;
    for (const char *entry = NULL; (entry = text_pool_next(pool, entry)) && err->count - before < MOST_ERRORS;) {
        const char *value;
        if (column_of(columns, entry, &value) >= 0) continue;
        if (!strchr(entry, '='))
            fail(err, "%s: data.categories: '%.80s' has no '='; write column=value", request->file, entry);
        else
            fail(err,
                 "%s: data.categories: '%.80s' names no column of data.categorical; add the column there, or leave "
                 "the entry out",
                 request->file, entry);
    }
    return err->count == before;
}

static bool check_once(const DataRequest *request, const char *column, const Levels *levels, Error *err) {
    for (int i = 0; i < levels->count; i++)
        if (levels_find(levels, levels->name[i]) != i)
            return fail(err, "%s: data.categories: '%.80s=%.80s' is there twice; name it once", request->file, column,
                        levels->name[i]);
    return true;
}

bool categories_given(const DataRequest *request, const Columns *columns, int column, Levels *out, Error *err) {
    const TextPool *pool = &request->categories;
    const char **name = malloc(((size_t)pool->count + 1) * sizeof *name), *value = NULL;
    int count = 0;
    *out = (Levels){0};
    for (const char *entry = NULL; name && (entry = text_pool_next(pool, entry));)
        if (column_of(columns, entry, &value) == column) name[count++] = value;
    bool done = name && (count == 0 || levels_list(name, count, out));
    free(name);
    if (!done) return fail(err, "%s: needs more memory than the system gives", request->file);
    out->given = count > 0;
    return check_once(request, columns->name[column], out, err);
}

static bool add(const Columns *columns, int column, const char *level, TextPool *out, Error *err) {
    size_t size = strlen(columns->name[column]) + strlen(level) + 2;
    char *entry = malloc(size);
    const char *value;
    if (!entry) return fail(err, "data.categorical: needs more memory than the system gives");
    snprintf(entry, size, "%s=%s", columns->name[column], level);
    int named = column_of(columns, entry, &value);
    bool done = named == column && text_pool_add(out, entry);
    if (named != column)
        fail(err, "data.categorical: '%.80s' could be of column '%.80s' or of '%.80s'; rename one of them", entry,
             columns->name[column], columns->name[named]);
    else if (!done)
        fail(err,
             "data.categorical: the categories take more than the %d bytes that a config has room for; put columns "
             "with many "
             "values, such as '%.80s', into data.ignore",
             TEXT_POOL_BYTES, columns->name[column]);
    free(entry);
    return done;
}

bool categories_show(const Columns *columns, const Coding *coding, TextPool *out, Error *err) {
    const Levels *levels = coding->category;
    memset(out, 0, sizeof *out);
    for (int i = 0; i < columns->count; i++) {
        if (columns->role[i] != ROLE_CATEGORY) continue;
        for (int k = 0; k < levels->count; k++)
            if (!add(columns, i, levels->name[k], out, err)) return false;
        levels++;
    }
    return true;
}
