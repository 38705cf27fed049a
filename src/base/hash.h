/* hash: words of eight bytes, each mixed by the finalizer of splitmix64 (Steele, Lea, Flood, Fast splittable pseudorandom
 * number generators, 2014): a bit reaches all others before the next word comes, so that digits that change in two
 * places do not cancel. Tells equal from different; no defence against who wants to deceive. The same on machines of
 * one byte order. */
#ifndef NNEXP_BASE_HASH_H
#define NNEXP_BASE_HASH_H

#include <stdint.h>
#include <string.h>

#define HASH_START 0xcbf29ce484222325u

static inline uint64_t hash_word(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) + 0x9e3779b97f4a7c15u;
    hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9u;
    hash = (hash ^ hash >> 27) * 0x94d049bb133111ebu;
    return hash ^ hash >> 31;
}

/* The size goes in first, so that neighbours cannot run into one another. NULL counts as its size alone. */
static inline uint64_t hash_bytes(uint64_t hash, const void *data, size_t size) {
    const unsigned char *at = data;
    hash = hash_word(hash, size);
    for (; at && size > 0; at += sizeof(uint64_t)) {
        uint64_t word = 0;
        size_t part = size < sizeof word ? size : sizeof word;
        memcpy(&word, at, part);
        hash = hash_word(hash, word);
        size -= part;
    }
    return hash;
}

static inline uint64_t hash_text(uint64_t hash, const char *text) { return hash_bytes(hash, text, strlen(text)); }

#endif
