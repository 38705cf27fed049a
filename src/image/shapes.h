/* shapes: the figures of `nnexp generate shapes`, filled outlines that are their own mirror images. */
#ifndef NNEXP_IMAGE_SHAPES_H
#define NNEXP_IMAGE_SHAPES_H

#include "base/field.h"
#include "base/random.h"

/* Functions of a Generator; p is a Scene. */
extern const Field shapes_fields[];
int shapes_classes(const void *p);
const char *shapes_class_name(const void *p, int k);
void shapes_make(const void *p, int64_t row, Stream *stream, double *in, double *label);

#endif
