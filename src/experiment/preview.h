/* preview: a contact sheet of training images, originals above what augmentation makes of them. Trains nothing. */
#ifndef NNEXP_EXPERIMENT_PREVIEW_H
#define NNEXP_EXPERIMENT_PREVIEW_H

#include "experiment/settings.h"

/* Writes a PPM (P6) to `path`: up to eight training images, one of each class before a second of any; in the first line as
 * the file has them, below it as training sees them in epochs 1, 2, … (without augmentation the originals alone). Small
 * images are enlarged pixel by pixel. Fails where data.image is not set, has neither 1 nor 3 channels, or does not hold
 * for the data. `config` names the config file in messages; the pool may be NULL. */
bool preview_write(const Settings *settings, const char *config, Pool *pool, const char *path, Error *err);

#endif
