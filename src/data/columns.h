/* columns: which column of a CSV file plays which role, by a DataRequest; how a second file's columns match.
 */
#ifndef NNEXP_DATA_COLUMNS_H
#define NNEXP_DATA_COLUMNS_H

#include "data/dataset.h"

typedef enum Role { ROLE_FEATURE, ROLE_LABEL, ROLE_CATEGORY, ROLE_WEIGHT, ROLE_IGNORED } Role;

/* The roles of the training file's columns. Owns what it points at. */
typedef struct Columns {
    int count;
    bool named;                           /* by a header; else the names are c0, c1, … */
    char *path;                           /* of the training file, for messages */
    char **name;                          /* [count] */
    Role *role;                           /* [count] */
    int label[DATA_MOST_COLUMNS], labels; /* in the request's order */
    int weight;                           /* -1: none */
    bool label_is_text;                   /* read as text: classes, or a task not yet known */
} Columns;

/* Resolves the request's columns against an opened file; errors name the key, the column and what there is.
 */
bool columns_assign(const DataRequest *request, const Csv *csv, Columns *out, Error *err);
void columns_free(Columns *columns);

/* Sets the uses and places of the training file's columns. Texts: the label if it is one, then the
 * categories; numbers: the labels if they are, then the weight; features and categories in the file's order.
 */
void columns_use(const Columns *columns, Csv *csv);
/* The same for another opened file: by names where both files have a header, else by position, where a file without
 * names takes over those of the training file, for messages. */
bool columns_match(const Columns *columns, Csv *other, Error *err);
/* The same for a file that may lack the labels, all of them, and the weight. *present are the columns as that file
 * has them (labels 0, weight -1 where they are not), a view of `columns` that owns nothing. Without headers a file
 * has all columns, all but the labels, or the inputs alone. */
bool columns_match_inputs(const Columns *columns, Csv *other, Columns *present, Error *err);

/* The file's column of that use and place, or -1. */
int columns_find_use(const Csv *csv, CsvUse use, int place);

#endif
