/* options: see options.h. */
#include "cli/options.h"

#include "base/text.h"
#include "experiment/document.h"
#include "search/plan.h"
#include "search/range_test.h"

#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Options of a letter each; short forms only where the row says so. */
enum {
    LONG_FORCE = 'F',
    LONG_RESUME = 'R',
    LONG_WATCH = 'W',
    LONG_MARKDOWN = 'M',
    LONG_SCHEMA = 'S',
    LONG_ROWS = 'N',
    LONG_SEED = 'D',
    LONG_RUN = 'r',
    LONG_DATA = 'd',
    LONG_MODEL = 'L',
    LONG_GRID = 'G',
    LONG_GRID_SIZE = 'Z',
    LONG_POINTS = 'P',
    LONG_PREPROCESSED = 'E',
    LONG_PREVIEW = 'V',
    LONG_SCHEDULE = 'H',
    LONG_AXIS = 'A',
    LONG_REPEAT = 'K',
    LONG_CELLS = 'C',
    LONG_COLLECT = 'T',
    LONG_LIST = 'I',
    LONG_YES = 'Y',
    LONG_LOW = '<',
    LONG_HIGH = '>',
    LONG_STEPS = '#',
    LONG_SEEDS = '*',
    LONG_CONFIRM = '+',
    LONG_WEIGHTS = '2',
    LONG_FROM = '[', /* --low and --high of any sign */
    LONG_TO = ']',
    LONG_RANGE = '=',
    LONG_SIDE = '3',
    LONG_OUT_FILE = 'O' /* --out and -o of a command that writes a file */
};

typedef struct OptionRow {
    const char *name, *value; /* value: what it takes, "=…": may take, NULL: nothing */
    int letter;
    bool is_short;
    const char *help;
} OptionRow;

static const OptionRow rows[] = {
    {"config", "FILE", 'c', true, "the experiment (JSON)"},
    {"set", "KEY=VALUE", 's', true, "change a key of it, as in train.lr=0.1; repeatable"},
    {"axis", "KEY=VALUES", LONG_AXIS, false, "sweep a key: 0.01,0.1 or log:1e-4:1:13 or linear:0:1:5; repeatable"},
    {"repeat", "N", LONG_REPEAT, false, "each cell under N seeds"},
    {"out", "DIR", 'o', true, "directory (default runs/NAME; of a sweep runs/NAME.sweep)"},
    {"jobs", "N", 'j', true, "cells at once (default: one a processor)"},
    {"cells", "3,7-9", LONG_CELLS, false, "run these cells alone"},
    {"list", NULL, LONG_LIST, false, "print the cells and how they stand, as CSV; run nothing"},
    {"collect", NULL, LONG_COLLECT, false, "write sweep.csv of what is there; run nothing"},
    {"low", "RATE", LONG_LOW, false, "first rate of the range test (default 1e-7)"},
    {"high", "RATE", LONG_HIGH, false, "last rate of it (default 10)"},
    {"steps", "N", LONG_STEPS, false, "updates from the one to the other (default 100)"},
    {"seeds", "N", LONG_SEEDS, false, "how many seeds, from the config's on (default 5)"},
    {"confirm", "EPOCHS", LONG_CONFIRM, false, "length of the short runs (default half); 0: none"},
    {"yes", NULL, LONG_YES, false, "run more than 10000 cells, or --cells of a new plan where another one's lie"},
    {"weights", "A B", LONG_WEIGHTS, false,
     "the two weights, as in \"layers.1.weight[0,0]\" \"layers.1.weight[0,1]\""},
    {"low", "VALUE", LONG_FROM, false, "least value of both (default: their way in steps.csv and a margin)"},
    {"high", "VALUE", LONG_TO, false, "greatest value of both"},
    {"range", "A:LOW:HIGH", LONG_RANGE, false, "the same of one of them"},
    {"points", "N", LONG_SIDE, false, "points along either side of the grid (default 41)"},
    {"run", "DIR", LONG_RUN, false, "the directory of a trained run"},
    {"data", "FILE", LONG_DATA, false, "CSV file to predict; with labels the predictions are judged by them"},
    {"grid", "X Y", LONG_GRID, false, "predict the points of the plane of these two inputs"},
    {"grid-size", "N", LONG_GRID_SIZE, false, "points along either side of it (default 200)"},
    {"points", NULL, LONG_POINTS, false, "the run's own training and validation points, for --grid"},
    {"model", "NAME", LONG_MODEL, false, "weights: best (default where there are such) or last"},
    {"out", "FILE", LONG_OUT_FILE, true, "file to write (default, and -: standard output)"},
    {"force", NULL, LONG_FORCE, false, "replace an existing run"},
    {"resume", NULL, LONG_RESUME, false, "go on with an unfinished run, or extend a finished one"},
    {"threads", "N", 't', true, "threads inside a run (default auto: one a processor)"},
    {"watch", NULL, LONG_WATCH, false, "tell findings as they appear"},
    {"quiet", NULL, 'q', true, "no progress, no remarks on the data"},
    {"rows", "N", LONG_ROWS, false, "rows to make"},
    {"seed", "N", LONG_SEED, false, "draws the rows (default 1)"},
    {"preprocessed", "FILE", LONG_PREPROCESSED, false, "write the training rows as the network sees them, as CSV"},
    {"preview", "FILE", LONG_PREVIEW, false, "draw training images and their augmented versions (PPM)"},
    {"schedule", "=FILE", LONG_SCHEDULE, false, "draw the learning rate over the run; into FILE as CSV, too"},
    {"markdown", NULL, LONG_MARKDOWN, false, "the config reference of the README"},
    {"schema", NULL, LONG_SCHEMA, false, "JSON Schema of a config"},
    {"help", NULL, 'h', true, "this help"},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static const OptionRow *row_of(int letter) {
    int i = 0;
    while (rows[i].letter != letter) i++;
    return &rows[i];
}

/* -o is --out, of a directory or of a file. */
static char short_form(const OptionRow *row) { return row->letter == LONG_OUT_FILE ? 'o' : (char)row->letter; }

static bool taken(const Command *command, const OptionRow *row) {
    return row->letter == 'h' || strchr(command->takes, row->letter);
}

static bool read_whole(const char *name, const char *text, double low, double high, int64_t *out, Error *err) {
    double value;
    if (!text_number(text, strlen(text), &value) || !(value >= low && value <= high) ||
        value != (double)(int64_t)value)
        return fail(err, "--%s: expected a whole number from %.0f to %.0f, got '%s'", name, low, high, text);
    *out = (int64_t)value;
    return true;
}

static bool read_threads(const char *text, Options *out, Error *err) {
    int64_t threads = 0;
    if (strcmp(text, "auto") != 0 && !read_whole("threads", text, 1, 1024, &threads, err)) return false;
    out->threads = (int)threads;
    return true;
}

static bool read_set(const char *text, Options *out, Error *err) {
    if (out->sets == OPTIONS_MOST_SETS) return fail(err, "--set: more than %d of them", OPTIONS_MOST_SETS);
    out->set[out->sets++] = text;
    return true;
}

static bool read_schedule(const char *file, Options *out) {
    out->schedule = true;
    if (file) out->schedule_csv = file;
    return true;
}

/* One of getopt_long's no_argument, required_argument, optional_argument. */
static int argument_of(const OptionRow *row) {
    return !row->value ? no_argument : row->value[0] == '=' ? optional_argument : required_argument;
}

static bool read_axis(const char *text, Options *out, Error *err) {
    if (out->axes == OPTIONS_MOST_SETS) return fail(err, "--axis: more than %d of them", OPTIONS_MOST_SETS);
    out->axis[out->axes++] = text;
    return true;
}

static bool read_jobs(const char *text, Options *out, Error *err) {
    int64_t jobs = 0;
    if (!read_whole("jobs", text, 1, 1024, &jobs, err)) return false;
    out->jobs = (int)jobs;
    return true;
}

static bool read_rate(const char *name, const char *text, double *out, Error *err) {
    if (text_number(text, strlen(text), out) && *out > 0 && isfinite(*out)) return true;
    return fail(err, "--%s: expected a number above 0, got '%s'", name, text);
}

static bool read_value(const char *name, const char *text, double *out, Error *err) {
    if (text_number(text, strlen(text), out) && isfinite(*out)) return true;
    return fail(err, "--%s: expected a number, got '%s'", name, text);
}

static bool read_range(const char *text, Options *out, Error *err) {
    if (out->ranges == 2) return fail(err, "--range: more than 2 of them");
    out->range[out->ranges++] = text;
    return true;
}

/* Of an option of two words the second, which getopt does not take. */
static bool read_second(int letter, const char *word, Options *out, Error *err) {
    if (letter != LONG_GRID && letter != LONG_WEIGHTS) return true;
    *(letter == LONG_GRID ? &out->grid[1] : &out->weights[1]) = word;
    if (word) optind++;
    return word ||
           fail(err, letter == LONG_GRID ? "--grid: needs the names of two inputs; see nnexp predict --help"
                                         : "--weights: needs the names of two weights; see nnexp surface --help");
}

static bool read_one(int letter, const char *value, Options *out, Error *err) {
    switch (letter) {
    case 'c': out->config = value; return true;
    case 's': return read_set(value, out, err);
    case LONG_OUT_FILE:
    case 'o': out->out = value; return true;
    case LONG_RUN: out->run = value; return true;
    case LONG_DATA: out->data = value; return true;
    case LONG_MODEL: out->model = value; return true;
    case LONG_GRID: out->grid[0] = value; return true;
    case LONG_WEIGHTS: out->weights[0] = value; return true;
    case LONG_FROM: return read_value("low", value, &out->from, err);
    case LONG_TO: return read_value("high", value, &out->to, err);
    case LONG_RANGE: return read_range(value, out, err);
    case LONG_SIDE: return read_whole("points", value, 2, 1000, &out->side, err);
    case LONG_GRID_SIZE: return read_whole("grid-size", value, 2, 10000, &out->grid_size, err);
    case LONG_POINTS: out->points = true; return true;
    case 't': return read_threads(value, out, err);
    case 'j': return read_jobs(value, out, err);
    case LONG_AXIS: return read_axis(value, out, err);
    case LONG_REPEAT: return read_whole("repeat", value, 1, 1e6, &out->repeat, err);
    case LONG_CELLS: out->cells = value; return true;
    case LONG_LIST: out->list = true; return true;
    case LONG_COLLECT: out->collect = true; return true;
    case LONG_LOW: return read_rate("low", value, &out->low, err);
    case LONG_HIGH: return read_rate("high", value, &out->high, err);
    case LONG_STEPS: return read_whole("steps", value, RANGE_FEWEST_STEPS, RANGE_MOST_STEPS, &out->steps, err);
    case LONG_SEEDS: return read_whole("seeds", value, 1, 1000, &out->seeds, err);
    case LONG_CONFIRM: return read_whole("confirm", value, 0, 4e9, &out->confirm, err);
    case LONG_YES: out->yes = true; return true;
    case 'q': out->quiet = true; return true;
    case 'h': out->help = true; return true;
    case LONG_FORCE: out->force = true; return true;
    case LONG_RESUME: out->resume = true; return true;
    case LONG_WATCH: out->watch = true; return true;
    case LONG_PREPROCESSED: out->preprocessed = value; return true;
    case LONG_PREVIEW: out->preview = value; return true;
    case LONG_SCHEDULE: return read_schedule(value, out);
    case LONG_MARKDOWN: out->markdown = true; return true;
    case LONG_SCHEMA: out->schema = true; return true;
    case LONG_ROWS: return read_whole("rows", value, 1, 1e9, &out->rows, err);
    case LONG_SEED: return read_whole("seed", value, 0, 9007199254740991.0, &out->seed, err);
    default: return false;
    }
}

static bool unknown(const Command *command, const char *word, Error *err) {
    char name[64] = "";
    const char *nearest = NULL;
    int distance = 0;
    text_copy(name, sizeof name, word + strspn(word, "-"));
    name[strcspn(name, "=")] = '\0';
    for (int i = 0; i < ROWS; i++)
        if (taken(command, &rows[i])) text_nearer(name, rows[i].name, &nearest, &distance);
    if (nearest) return fail(err, "%s: unknown option of '%s'; did you mean --%s?", word, command->name, nearest);
    if (command->advice) return fail(err, "%s: unknown option of '%s'; %s", word, command->name, command->advice);
    return fail(err, "%s: unknown option of '%s'; see nnexp %s --help", word, command->name, command->name);
}

/* The tables that getopt_long wants, of the options that the command takes. */
static void getopt_tables(const Command *command, char *letters, struct option *names) {
    *letters++ = ':';
    for (int i = 0; i < ROWS; i++) {
        if (!taken(command, &rows[i])) continue;
        *names++ = (struct option){rows[i].name, argument_of(&rows[i]), NULL, rows[i].letter};
        if (!rows[i].is_short) continue;
        *letters++ = short_form(&rows[i]);
        if (rows[i].value) *letters++ = ':';
    }
    *letters = '\0';
    *names = (struct option){0};
}

static bool read_rest(const Command *command, int argc, char **argv, Options *out, Error *err) {
    out->word = (const char *const *)argv + optind;
    out->words = argc - optind;
    if (optind == argc || command->takes_words) return true;
    if (out->schedule && !out->schedule_csv)
        return fail(err, "%s: '%s' takes no such word; a file of --schedule is given as --schedule=%s", argv[optind],
                    command->name, argv[optind]);
    if (!command->takes_argument)
        return fail(err, "%s: '%s' takes no such word; see nnexp %s --help", argv[optind], command->name,
                    command->name);
    if (argc - optind > 1)
        return fail(err, "%s: one word too many for '%s'; see nnexp %s --help", argv[optind + 1], command->name,
                    command->name);
    out->argument = argv[optind];
    return true;
}

bool options_read(const Command *command, int argc, char **argv, Options *out, Error *err) {
    char letters[2 * ROWS + 2];
    struct option names[ROWS + 1];
    int letter, seen = optind;
    *out = (Options){.rows = -1,
                     .seed = 1,
                     .low = 1e-7,
                     .high = 10,
                     .steps = RANGE_STEPS,
                     .confirm = RANGE_CONFIRM_AUTO,
                     .from = NAN,
                     .to = NAN};
    getopt_tables(command, letters, names);
    opterr = 0;
    while (seen = optind, (letter = getopt_long(argc, argv, letters, names, NULL)) != -1) {
        const char *word = argv[optind > seen ? optind - 1 : seen];
        if (letter == ':')
            return fail(err, "%s: needs a value; see nnexp %s --help", argv[optind - 1], command->name);
        if (letter == '?') return unknown(command, word, err);
        if (optarg && !*optarg)
            return fail(err, "--%s: its value is empty; see nnexp %s --help", row_of(letter)->name, command->name);
        if (!read_one(letter, optarg, out, err)) return false;
        if (!read_second(letter, optind < argc ? argv[optind] : NULL, out, err)) return false;
    }
    return read_rest(command, argc, argv, out, err);
}

void options_help(const Command *command, FILE *out) {
    for (int i = 0; i < ROWS; i++) {
        if (!taken(command, &rows[i])) continue;
        char left[64];
        bool optional = argument_of(&rows[i]) == optional_argument;
        snprintf(left, sizeof left,
                 optional        ? "--%s[%s]"
                 : rows[i].value ? "--%s %s"
                                 : "--%s%s",
                 rows[i].name, rows[i].value ? rows[i].value : "");
        if (rows[i].is_short) fprintf(out, "  -%c, %-20s %s\n", short_form(&rows[i]), left, rows[i].help);
        else fprintf(out, "      %-20s %s\n", left, rows[i].help);
    }
}

bool options_load_settings(const Options *options, Settings *out, Error *err) {
    if (!options->config)
        return fail(err, "--config: which experiment? give a file, as in nnexp --config configs/relu_he.json");
    Json *document = document_load(options->config, options->set, options->sets, err);
    if (!document) return false;
    Json *section = document_take_sweep(document);
    bool ok = settings_read(document, options->config, out, err);
    if (section) ok = plan_check_section(document, section, options->config, err) && ok;
    json_free(section);
    json_free(document);
    return ok;
}

Pool *options_pool(const Options *options, Error *err) {
    return pool_create(options->threads ? options->threads : pool_processors(), err);
}
