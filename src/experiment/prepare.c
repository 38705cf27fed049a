/* prepare: see prepare.h. */
#include "experiment/prepare.h"

#include <stdlib.h>

typedef bool (*DatasetStep)(const DataRequest *request, Pool *pool, Dataset *data, Error *err);

static bool with_request(DatasetStep step, const Settings *settings, Pool *pool, Dataset *data, Error *err) {
    DataRequest *request = malloc(sizeof *request);
    if (!request) return fail(err, "memory is out");
    *request = settings_data_request(settings);
    bool done = step(request, pool, data, err);
    free(request);
    return done;
}

bool prepare_read(const Settings *settings, Pool *pool, Dataset *out, Error *err) {
    return with_request(dataset_read, settings, pool, out, err);
}

static bool meet(Settings *settings, const char *config, const Dataset *data, Error *err) {
    Error inner = {0};
    if (settings_meet_data(settings, data, &inner)) return true;
    if (config) error_prefix(&inner, "%s: ", config);
    error_move(err, &inner);
    return false;
}

bool prepare_rest(Settings *settings, const char *config, Pool *pool, Dataset *data, Error *err) {
    bool done = with_request(dataset_prepare, settings, pool, data, err) && meet(settings, config, data, err);
    if (!done) dataset_free(data);
    return done;
}

bool prepare_data(Settings *settings, const char *config, Pool *pool, Dataset *out, Error *err) {
    return prepare_read(settings, pool, out, err) && prepare_rest(settings, config, pool, out, err);
}
