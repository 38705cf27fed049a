/* document: see document.h. */
#include "experiment/document.h"

#include "base/file.h"
#include "config/path.h"
#include "experiment/settings.h"

#include <stdlib.h>
#include <string.h>

/* Whether a text is a file's path, and not "-", standard input. */
static bool is_file_path(const char *text) { return *text && strcmp(text, "-") != 0; }

/* Makes the file paths of a document absolute, as seen from `directory`; what is no text is left to
 * config_read. */
static bool absolute_paths(Json *object, const Field *fields, const char *prefix, const char *directory, Error *err) {
    bool ok = true;
    for (const Field *field = fields; field->name; field++) {
        Json *value = json_get(object, field->name);
        if (!value) continue;
        if (field->kind == FIELD_KIND_GROUP && json_type(value) == JSON_OBJECT) {
            char below[256];
            snprintf(below, sizeof below, "%s%s.", prefix, field->name);
            ok = absolute_paths(value, field->fields, below, directory, err) && ok;
        } else if (field->is_path && json_type(value) == JSON_TEXT && is_file_path(json_text(value))) {
            char joined[PATH_BYTES], absolute[PATH_BYTES];
            Error too_long = {0};
            if (path_join(joined, directory, json_text(value), &too_long) &&
                path_absolute(absolute, joined, &too_long))
                json_set(object, field->name, json_new_text(absolute));
            else
                ok = fail(err, "%s%s: path of more than %d bytes; use a shorter one", prefix, field->name,
                          PATH_BYTES - 1);
        }
    }
    return ok;
}

static Json *read_file(const char *path, Error *err) {
    char *text;
    size_t size;
    if (!file_read(path, &text, &size, err)) return NULL;
    Error inner = {0};
    Json *document = json_parse(text, size, &inner);
    free(text);
    if (document && json_type(document) != JSON_OBJECT) {
        fail(&inner, " expected an object, got %s; a config begins with {", json_type_name(document));
        json_free(document);
        document = NULL;
    }
    if (document) return document;
    error_prefix(&inner, "%s:", path);
    error_move(err, &inner);
    return NULL;
}

bool document_settle_paths(Json *document, const char *directory, Error *err) {
    return absolute_paths(document, settings_fields, "", directory, err);
}

static bool apply(Json *document, const char *path, const char *const *assignments, int count, Error *err) {
    char directory[PATH_BYTES];
    path_directory(directory, path);
    bool ok = document_settle_paths(document, directory, err);
    for (int i = 0; i < count; i++) ok = config_set(document, assignments[i], err) && ok;
    return document_settle_paths(document, "", err) && ok;
}

Json *document_load(const char *path, const char *const *assignments, int count, Error *err) {
    Json *document = read_file(path, err);
    Error inner = {0};
    if (!document || apply(document, path, assignments, count, &inner)) return document;
    error_prefix(&inner, "%s: ", path);
    error_move(err, &inner);
    json_free(document);
    return NULL;
}

Json *document_take_sweep(Json *document) { return json_take(document, "sweep"); }
