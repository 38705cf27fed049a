/* texts: see texts.h. */
#include "data/texts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static uint32_t hash(const char *text) { /* FNV-1a */
    uint32_t h = 2166136261u;
    for (; *text; text++) h = (h ^ (unsigned char)*text) * 16777619u;
    return h;
}

/* The slot that holds `text`, or the empty one where it belongs. Slots hold 1 + the text's index. */
static uint32_t *texts_slot(const Texts *texts, const char *text) {
    uint32_t at = hash(text) & (uint32_t)(texts->slots - 1);
    while (texts->slot[at] && strcmp(texts->text[texts->slot[at] - 1], text) != 0)
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
    for (int i = 0; i < texts->count; i++) *texts_slot(texts, texts->text[i]) = (uint32_t)i + 1;
    return true;
}

int32_t texts_index(Texts *texts, const char *text) {
    if (texts->count == texts->capacity && !texts_grow(texts)) return -1;
    uint32_t *slot = texts_slot(texts, text);
    if (*slot == 0) {
        char *copy = strdup(text);
        if (!copy) return -1;
        texts->text[texts->count++] = copy;
        *slot = (uint32_t)texts->count;
    }
    return (int32_t)*slot - 1;
}

void texts_free(Texts *texts) {
    for (int i = 0; i < texts->count; i++) free(texts->text[i]);
    free(texts->text);
    free(texts->slot);
    *texts = (Texts){0};
}
