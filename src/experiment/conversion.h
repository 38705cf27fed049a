/* conversion: the binary files of public image sets as one CSV. Reads every file twice, first to check it: nothing is
 * written where anything is wrong. Holds one file in memory at a time. */
#ifndef NNEXP_EXPERIMENT_CONVERSION_H
#define NNEXP_EXPERIMENT_CONVERSION_H

#include "base/error.h"

/* Whether all of paths[0 … count) can be read, as image_file_read reads them, and are of images of one kind. */
bool conversion_check(const char *const *paths, int count, Error *err);

/* Writes a header and the images' rows in the order of the paths. Errors of writing are `standard output: …`. */
bool conversion_write(const char *const *paths, int count, FILE *out, Error *err);

#endif
