/* show: a struct → JSON, by its fields; families → text, Markdown, JSON Schema. */
#ifndef NNEXP_CONFIG_SHOW_H
#define NNEXP_CONFIG_SHOW_H

#include "base/field.h"
#include "base/json.h"

#include <stdio.h>

/* The whole struct, defaults and choices' parameters spelled out: config_read gives the same struct back.
 * Choices without parameters show as their name. The caller frees it. */
Json *config_show(const Field *fields, const void *in);

/* (list.c) `nnexp list`: all families with their rows' names; `nnexp list NAME`: one, with parameters,
 * ranges, defaults. */
void show_families(const Family *const *families, int count, FILE *out);
void show_family(const Family *family, FILE *out);

/* The config reference: a table of the keys of `fields` (groups as dotted paths), then one table a family. */
void show_markdown(const Field *fields, const Family *const *families, int count, FILE *out);
/* (schema.c) JSON Schema (draft 2020-12) of the config; refuses unknown keys. The caller frees it. */
Json *show_schema(const Field *fields, const Family *const *families, int count);

#endif
