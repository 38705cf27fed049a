/* field: see field.h. */
#include "base/field.h"

#include "base/text.h"

#include <assert.h>
#include <string.h>

const Variant *family_row(const Family *family, int i) {
    assert(i >= 0 && i < family->count);
    return (const Variant *)((const char *)family->rows + (size_t)i * family->row_size);
}

const Variant *family_find(const Family *family, const char *name) {
    for (int i = 0; i < family->count; i++)
        if (strcmp(family_row(family, i)->name, name) == 0) return family_row(family, i);
    return NULL;
}

const char *family_nearest(const Family *family, const char *word) {
    const char *nearest = NULL;
    int distance = 0;
    for (int i = 0; i < family->count; i++) text_nearer(word, family_row(family, i)->name, &nearest, &distance);
    return nearest;
}

Choice choice_of(const Family *family, const char *name) {
    Choice choice;
    memset(&choice, 0, sizeof choice);
    choice.variant = family_find(family, name);
    assert(choice.variant);
    if (choice.variant->fields) fields_default(choice.variant->fields, choice.params.bytes);
    return choice;
}

bool text_pool_add(TextPool *pool, const char *text) {
    size_t size = strlen(text) + 1;
    if (size > sizeof pool->text - (size_t)pool->bytes) return false;
    memcpy(pool->text + pool->bytes, text, size);
    pool->bytes += (int)size;
    pool->count++;
    return true;
}

const char *text_pool_next(const TextPool *pool, const char *text) {
    const char *next = text ? text + strlen(text) + 1 : pool->text;
    return next < pool->text + pool->bytes ? next : NULL;
}

static void default_item(const Field *field, void *at) {
    switch (field->kind) {
    case FIELD_KIND_BOOL: *(bool *)at = field->def != 0; break;
    case FIELD_KIND_INT: *(int64_t *)at = field->nullable ? INT64_MIN : (int64_t)field->def; break;
    case FIELD_KIND_REAL: *(double *)at = field->nullable ? NAN : field->def; break;
    case FIELD_KIND_TEXT: text_copy(at, field->size, field->def_text ? field->def_text : ""); break;
    case FIELD_KIND_NAME: *(int *)at = (int)field->def; break;
    case FIELD_KIND_CHOICE: *(Choice *)at = choice_of(field->family, field->def_text); break;
    case FIELD_KIND_GROUP: fields_default(field->fields, at); break;
    case FIELD_KIND_NUMBER_OR_TEXT: ((NumberOrText *)at)->number = field->def; break;
    case FIELD_KIND_OBJECT:
    case FIELD_KIND_COLUMN:
    case FIELD_KIND_TEXTS: /* empty: zeroed */
    case FIELD_END: break;
    }
}

void fields_default(const Field *fields, void *out) {
    for (const Field *field = fields; field->name; field++) {
        char *at = (char *)out + field->offset;
        size_t items = field->most ? (size_t)field->most : 1;
        memset(at, 0, field->size * items);
        if (field->most) {
            bool one = field->kind == FIELD_KIND_CHOICE && field->def_text;
            *(int *)((char *)out + field->count_offset) = one;
            if (one) default_item(field, at);
        } else if (!field->required) {
            default_item(field, at);
        }
    }
}
