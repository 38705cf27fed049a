/* text: bounded strings, numbers in text, the nearest name. Owns nothing, never allocates. */
#ifndef NNEXP_BASE_TEXT_H
#define NNEXP_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Copies `text` into out[size], cut at size-1 bytes. Returns false when it had to cut. */
bool text_copy(char *out, size_t size, const char *text);

/* Appends printf-formatted text to out[size]. Returns false when it had to cut. */
bool text_append(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The whole of text[0 … length) as a decimal number, as strtod reads it ("C" locale), but neither hex, inf nor
 * nan, and no spaces. Returns false otherwise; 1e400 reads as infinity and returns true: the caller judges. */
bool text_number(const char *text, size_t length, double *value);

/* Prints a number as the logs have it: %.9g; `nan` whatever the sign bit, `inf`, `-inf`. Needs 32 bytes.
 * Returns the length. */
int text_print(char *out, size_t size, double value);

/* Optimal string alignment distance (Levenshtein's, with swaps of neighbours); words over 63 bytes: 64. */
int text_distance(const char *a, const char *b);

/* Keeps in *nearest the name nearest to `word` so far, and in *distance how far it is; start with
 * *nearest = NULL. Only names near enough to be a slip of the hand (a third of the word, at least 1, and one
 * that begins with the word or is the word's beginning) are taken. */
void text_nearer(const char *word, const char *name, const char **nearest, int *distance);

/* Bytes of the UTF-8 character at text[0 … left): 1 to 4, or 0 where there is none (overlong, surrogate, cut). */
size_t text_utf8_length(const char *text, size_t left);
/* Whether the whole text is UTF-8. */
bool text_is_utf8(const char *text);

#endif
