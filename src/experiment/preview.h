/* preview: a contact sheet of training images, originals above what augmentation makes of them. Trains nothing. */
#ifndef NNEXP_EXPERIMENT_PREVIEW_H
#define NNEXP_EXPERIMENT_PREVIEW_H

#include "experiment/settings.h"

/* A PPM (P6) in memory, which preview_free gives back. */
typedef struct Preview {
    unsigned char *bytes;
    size_t size;
} Preview;

/* Draws up to eight training images, one of each class before a second of any; in the first line as the file has them, below
 * it as training sees them in epochs 1, 2, … (without augmentation the originals alone). Small images are enlarged pixel
 * by pixel. `raw`: the data before preprocessing. Fails where data.image is not set, or has neither 1 nor 3 channels.
 * `config` names the config file in messages. */
bool preview_draw(const Settings *settings, const char *config, const Dataset *raw, Preview *out, Error *err);
bool preview_save(const Preview *preview, const char *path, Error *err);
void preview_free(Preview *preview);

#endif
