/* categories: data.categories: which values a categorical column may have, and in which order, as texts
 * "column=value". Reads no files. */
#ifndef NNEXP_DATA_CATEGORIES_H
#define NNEXP_DATA_CATEGORIES_H

#include "data/rows.h"

/* Every entry names a column of data.categorical and a value, once. */
bool categories_check(const DataRequest *request, const Columns *columns, Error *err);
/* The levels that the request gives a column, in its order; none (count 0) when it names none. Free them. */
bool categories_given(const DataRequest *request, const Columns *columns, int column, Levels *out, Error *err);

/* The entries that give these categories back. Fails (`data.categorical: …`) when they do not fit, or when one could be
 * another column's. */
bool categories_show(const Columns *columns, const Coding *coding, TextPool *out, Error *err);

#endif
