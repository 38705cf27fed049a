/* partition: moves the training file's rows into [train | validation | unused], by a DataRequest. */
#ifndef NNEXP_DATA_PARTITION_H
#define NNEXP_DATA_PARTITION_H

#include "data/rows.h"

/* Each part keeps the file's order; size[p] = rows of part p (split.h). Fails on a part that is left empty. */
bool partition_rows(const DataRequest *request, const Coding *coding, Rows *rows, size_t size[3], Error *err);

#endif
