/* list: nnexp list: what a config may name, from the tables that read it. */
#include "cli/options.h"
#include "config/show.h"
#include "experiment/catalog.h"
#include "experiment/run.h"

#include <stdlib.h>

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

static int list(const Options *options, Error *err) {
    if (options->argument && !options->markdown && !options->schema) return list_one(options->argument, err);
    if (options->argument || (options->markdown && options->schema)) {
        fail(err, "list: give a family, --markdown or --schema, but one of them alone");
        return EXIT_REFUSED;
    }
    if (options->markdown) show_markdown(settings_fields, catalog, catalog_count, stdout);
    else if (options->schema) {
        Json *schema = show_schema(settings_fields, catalog, catalog_count);
        char *text = json_print(schema, true);
        fputs(text, stdout);
        free(text);
        json_free(schema);
    } else show_families(catalog, catalog_count, stdout);
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
