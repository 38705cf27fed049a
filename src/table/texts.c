/* texts: see texts.h. */
#include "table/texts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static uint32_t hash(const char *text, size_t length) { /* FNV-1a */
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < length; i++) h = (h ^ (unsigned char)text[i]) * 16777619u;
    return h;
}

static bool is_same(const char *known, const char *text, size_t length) {
    return strncmp(known, text, length) == 0 && known[length] == '\0';
}

/* The slot that holds `text`, or the empty one where it belongs. Slots hold 1 + the text's index. */
static uint32_t *texts_slot(const Texts *texts, const char *text, size_t length) {
    uint32_t at = hash(text, length) & (uint32_t)(texts->slots - 1);
    while (texts->slot[at] && !is_same(texts->text[texts->slot[at] - 1], text, length))
        at = (at + 1) & (uint32_t)(texts->slots - 1);
    return &texts->slot[at];
}

static bool texts_grow(Texts *texts) {
    int capacity = texts->capacity ? 2 * texts->capacity : 16;
    char **text = realloc(texts->text, (size_t)capacity * sizeof *text);
    if (!text) return false;
    texts->text = text;
    uint32_t *slot = calloc((size_t)capacity * 2, sizeof *slot);
    if (!slot) return false;
    free(texts->slot);
    texts->slot = slot;
    texts->slots = 2 * capacity;
    texts->capacity = capacity;
    for (int i = 0; i < texts->count; i++)
        *texts_slot(texts, texts->text[i], strlen(texts->text[i])) = (uint32_t)i + 1;
    return true;
}

int32_t texts_index_of(Texts *texts, const char *text, size_t length) {
    if (texts->count == texts->capacity && !texts_grow(texts)) return -1;
    uint32_t *slot = texts_slot(texts, text, length);
    if (*slot == 0) {
        char *copy = strndup(text, length);
        if (!copy) return -1;
        texts->text[texts->count++] = copy;
        *slot = (uint32_t)texts->count;
    }
    return (int32_t)*slot - 1;
}

int32_t texts_index(Texts *texts, const char *text) { return texts_index_of(texts, text, strlen(text)); }

int32_t texts_find(const Texts *texts, const char *text) {
    return texts->slots ? (int32_t)*texts_slot(texts, text, strlen(text)) - 1 : -1;
}

void texts_free(Texts *texts) {
    for (int i = 0; i < texts->count; i++) free(texts->text[i]);
    free(texts->text);
    free(texts->slot);
    *texts = (Texts){0};
}
