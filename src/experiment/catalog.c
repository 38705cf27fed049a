/* catalog: see catalog.h. */
#include "experiment/catalog.h"

#include "base/text.h"
#include "data/generate.h"
#include "data/lint.h"
#include "data/preprocess.h"
#include "image/augment.h"
#include "nn/activation.h"
#include "nn/init.h"
#include "nn/loss.h"
#include "nn/norm.h"
#include "nn/optimizer.h"
#include "nn/schedule.h"
#include "observe/finding.h"
#include "observe/statistic.h"

#include <string.h>

const Family *const catalog[] = {&activations,  &inits,    &norms,      &losses,     &optimizers, &schedules,
                                 &preprocesses, &augments, &generators, &statistics, &findings,   &lints};
const int catalog_count = (int)(sizeof catalog / sizeof catalog[0]);

const Family *catalog_find(const char *name) {
    for (int i = 0; i < catalog_count; i++)
        if (strcmp(catalog[i]->name, name) == 0) return catalog[i];
    return NULL;
}

const char *catalog_nearest(const char *word) {
    const char *nearest = NULL;
    int distance = 0;
    for (int i = 0; i < catalog_count; i++) text_nearer(word, catalog[i]->name, &nearest, &distance);
    return nearest;
}
