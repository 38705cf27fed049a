/* prepare: see prepare.h. */
#include "experiment/prepare.h"

#include <stdlib.h>

bool prepare_data(Settings *settings, const char *config, Pool *pool, Dataset *out, Error *err) {
    DataRequest *request = malloc(sizeof *request);
    if (!request) return fail(err, "memory is out");
    *request = settings_data_request(settings);
    bool built = dataset_build(request, pool, out, err);
    free(request);
    if (!built) return false;
    Error inner = {0};
    if (settings_meet_data(settings, out, &inner)) return true;
    error_prefix(&inner, "%s: ", config);
    error_move(err, &inner);
    dataset_free(out);
    return false;
}
