/* options: the command line as a value. One table of options serves all commands; each names those it takes. */
#ifndef NNEXP_CLI_OPTIONS_H
#define NNEXP_CLI_OPTIONS_H

#include "base/error.h"
#include "base/pool.h"
#include "experiment/settings.h"

#include <stdbool.h>

enum { OPTIONS_MOST_SETS = 256 };

typedef struct Options {
    const char *config, *out, *preview;
    const char *run, *data, *model; /* predict: the run, the file, which weights */
    const char *grid[2];            /* the inputs along x and y */
    int64_t grid_size;              /* 0: the default */
    bool points;
    const char *weights[2]; /* surface: the two weights … */
    double from, to;        /* … their range, NAN: not given … */
    const char *range[2];   /* … or that of one, WEIGHT:LOW:HIGH */
    int ranges;
    int64_t side;                                /* points along either; 0: the default */
    const char *axis[OPTIONS_MOST_SETS], *cells; /* sweep */
    int axes, jobs;                              /* jobs 0: one a processor */
    int64_t repeat;                              /* 0: the config's */
    bool list, collect, yes;
    double low, high;              /* find-lr: the rates */
    int64_t steps, seeds, confirm; /* seeds 0: the default; confirm -1: a share of the epochs */
    const char *set[OPTIONS_MOST_SETS];
    int sets;
    bool force, resume, quiet, watch, markdown, schema;
    const char *preprocessed; /* NULL: not asked for */
    bool schedule;            /* draw it */
    const char *schedule_csv; /* NULL: not asked for */
    int threads;              /* 0: auto */
    int64_t rows, seed;       /* generate: -1: the generator's own */
    const char *argument;     /* the one word that is no option; NULL: none */
    const char *const *word;  /* such words [words], of a command that takes many: part of argv */
    int words;
    bool help;
} Options;

struct Command;

/* A command of the program: one file each, one row in main.c. */
typedef struct Command {
    const char *name, *usage; /* usage: what follows `nnexp NAME` */
    const char *help;         /* one line */
    const char *takes;        /* letters of the options it takes, as in options.c */
    const char *advice;       /* on an option it does not know; NULL: to see its help */
    bool takes_argument;      /* one word … */
    bool takes_words;         /* … or any number of them */
    /* Returns the exit status; messages go to err, answers to stdout. */
    int (*run)(const Options *options, Error *err);
} Command;

extern const Command train_command, sweep_command, check_command, predict_command, convert_command, generate_command,
    list_command, find_lr_command, surface_command;

/* Reads argv[1 …] (after the command's name, if there was one) by what the command takes. */
bool options_read(const Command *command, int argc, char **argv, Options *out, Error *err);
/* The lines of help for the options of a command. */
void options_help(const Command *command, FILE *out);
/* settings_load by --config and --set; --config is required. */
bool options_load_settings(const Options *options, Settings *out, Error *err);
/* A pool of --threads; NULL on failure. */
Pool *options_pool(const Options *options, Error *err);

#endif
