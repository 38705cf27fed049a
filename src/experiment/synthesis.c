/* synthesis: see synthesis.h. */
#include "experiment/synthesis.h"

#include "config/path.h"
#include "config/read.h"
#include "data/generate.h"

/* A config of one key, so that names and parameters are read and refused as everywhere. */
typedef struct Holder {
    Choice generator;
} Holder;
static const Field holder_fields[] = {FIELD_CHOICE(Holder, generator, .family = &generators, .required = true), {0}};

bool synthesis_choose(const char *name, const char *const *assignments, int count, Choice *out, Error *err) {
    Holder holder;
    bool ok = true;
    Json *document = json_new_object();
    json_set(document, "generator", json_new_text(name));
    for (int i = 0; i < count && ok; i++) {
        char assignment[512];
        snprintf(assignment, sizeof assignment, "generator.%s", assignments[i]);
        ok = config_set(document, assignment, err);
    }
    ok = ok && config_read(document, holder_fields, "", &holder, err);
    if (ok) *out = holder.generator;
    json_free(document);
    return ok;
}

bool synthesis_write(const Choice *generator, int64_t rows, uint64_t seed, FILE *out, Error *err) {
    return generate_csv(generator, rows > 0 ? rows : generator_of(generator)->rows, seed, out, err);
}
