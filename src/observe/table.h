/* table: a log read back as numbers, for findings. */
#ifndef NNEXP_OBSERVE_TABLE_H
#define NNEXP_OBSERVE_TABLE_H

#include "base/error.h"

typedef struct Table {
    int columns;
    size_t rows;
    char **name;  /* [columns] */
    char **text;  /* [rows][columns] */
    double *cell; /* [rows][columns]; nan where the text is no number */
    void *memory; /* private: all of the above and the file's text */
} Table;

/* Reads a log that nnexp wrote (no quotes, no missing cells). */
bool table_read(const char *path, Table *out, Error *err);
void table_free(Table *table);
int table_column(const Table *table, const char *name);                     /* -1: none */
double table_cell(const Table *table, size_t row, const char *column);      /* nan: no such column */
const char *table_text(const Table *table, size_t row, const char *column); /* "": no such column */

#endif
