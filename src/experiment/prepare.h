/* prepare: from settings to the data that they ask for, and the checks that need both. */
#ifndef NNEXP_EXPERIMENT_PREPARE_H
#define NNEXP_EXPERIMENT_PREPARE_H

#include "experiment/settings.h"

/* Builds the dataset (dataset_free it) and lets the settings meet it: what only the data can say is filled in. `config`
 * names the config file in messages (NULL: the caller does); the pool may be NULL. */
bool prepare_data(Settings *settings, const char *config, Pool *pool, Dataset *out, Error *err);

/* The same in two steps, for who wants to see the raw data: each file is read once. */
bool prepare_read(const Settings *settings, Pool *pool, Dataset *out, Error *err);
/* On failure the dataset is freed. */
bool prepare_rest(Settings *settings, const char *config, Pool *pool, Dataset *data, Error *err);

#endif
