/* list: nnexp list: what a config may name, from the tables that read it. */
#include "cli/options.h"
#include "config/show.h"
#include "experiment/catalog.h"
#include "experiment/run.h"
#include "search/plan.h"

#include <stdlib.h>
#include <string.h>

static int list_one(const char *name, Error *err) {
    const Family *family = catalog_find(name);
    if (family) {
        show_family(family, stdout);
        return EXIT_DONE;
    }
    const char *nearest = catalog_nearest(name);
    if (nearest) fail(err, "list: unknown family '%s'; did you mean '%s'?", name, nearest);
    else fail(err, "list: unknown family '%s'; nnexp list names them all", name);
    return EXIT_REFUSED;
}

/* What a config file may hold: an experiment's keys and the sweep's. The caller frees it. */
static Field *all_fields(void) {
    size_t count = 0;
    while (settings_fields[count].name) count++;
    Field *all = calloc(count + 2, sizeof *all);
    if (!all) abort();
    memcpy(all, settings_fields, count * sizeof *all);
    all[count] = (Field){.name = "sweep",
                         .kind = FIELD_KIND_GROUP,
                         .fields = sweep_fields,
                         .help = "the runs of nnexp sweep; other commands pass it over"};
    return all;
}

static void list_fields(const Options *options) {
    Field *fields = all_fields();
    if (options->markdown) show_markdown(fields, catalog, catalog_count, stdout);
    if (options->schema) {
        Json *schema = show_schema(fields, catalog, catalog_count);
        char *text = json_print(schema, true);
        fputs(text, stdout);
        free(text);
        json_free(schema);
    }
    free(fields);
}

static int list(const Options *options, Error *err) {
    if (options->argument && !options->markdown && !options->schema) return list_one(options->argument, err);
    if (options->argument || (options->markdown && options->schema)) {
        fail(err, "list: give a family, --markdown or --schema, but one of them alone");
        return EXIT_REFUSED;
    }
    if (options->markdown || options->schema) list_fields(options);
    else show_families(catalog, catalog_count, stdout);
    return EXIT_DONE;
}

const Command list_command = {
    .name = "list",
    .usage = "[FAMILY | --markdown | --schema]",
    .help = "families, rows, parameters, ranges, defaults",
    .takes = "MS",
    .takes_argument = true,
    .run = list,
};
