/* conversion: see conversion.h. */
#include "experiment/conversion.h"

#include "image/image_file.h"

#include <errno.h>
#include <string.h>

static bool same_kind(const ImageFile *a, const ImageFile *b) {
    return a->grid.height == b->grid.height && a->grid.width == b->grid.width &&
           a->grid.channels == b->grid.channels && a->names == b->names;
}

/* All files in turn; `out` NULL: only checked. */
static bool go_through(const char *const *paths, int count, FILE *out, Error *err) {
    ImageFile first = {0}, images;
    bool ok = true;
    for (int i = 0, used = 0; ok && i < count; i += used) {
        if (!image_file_read(paths + i, count - i, &images, &used, err)) return false;
        if (i == 0) first = images; /* of which only grid and names are looked at later */
        if (!same_kind(&first, &images))
            ok = fail(err, "%s: its images are %d x %d x %d, those of %s %d x %d x %d; convert them apart", paths[i],
                      images.grid.height, images.grid.width, images.grid.channels, paths[0], first.grid.height,
                      first.grid.width, first.grid.channels);
        if (ok && out && i == 0) image_file_header(&images, out);
        ok = ok && (!out || image_file_rows(&images, out, err));
        image_file_free(&images);
    }
    return ok;
}

bool conversion_check(const char *const *paths, int count, Error *err) { return go_through(paths, count, NULL, err); }

bool conversion_write(const char *const *paths, int count, FILE *out, Error *err) {
    if (!go_through(paths, count, out, err)) return false;
    if (fflush(out) == 0 && !ferror(out)) return true;
    return fail(err, "standard output: cannot write: %s", strerror(errno));
}
