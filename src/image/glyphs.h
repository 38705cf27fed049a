/* glyphs: the figures of `nnexp generate glyphs`, letters drawn with a pen. Those of the alphabet `symmetric` are
 * their own mirror images; those of `mirrored` are one another's, so that a flip makes another letter. */
#ifndef NNEXP_IMAGE_GLYPHS_H
#define NNEXP_IMAGE_GLYPHS_H

#include "base/field.h"
#include "base/random.h"

/* Functions of a Generator; p is a Scene. */
extern const Field glyphs_fields[];
int glyphs_classes(const void *p);
const char *glyphs_class_name(const void *p, int k);
void glyphs_make(const void *p, int64_t row, Stream *stream, double *in, double *label);

#endif
