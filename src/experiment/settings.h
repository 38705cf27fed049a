/* settings: one experiment as a plain value: what the config's keys mean, their defaults and the checks that look
 * at several of them. Owns nothing and is copied with `=`. Reads no data. */
#ifndef NNEXP_EXPERIMENT_SETTINGS_H
#define NNEXP_EXPERIMENT_SETTINGS_H

#include "base/json.h"
#include "data/dataset.h"
#include "nn/network.h"
#include "nn/schedule.h"
#include "nn/step.h"
#include "observe/writer.h"

enum { SETTINGS_MOST_HIDDEN = NETWORK_MOST_LAYERS - 1, SETTINGS_MOST_CLASS_WEIGHTS = 1000 };

typedef struct ImageSettings {
    bool on;
    int64_t height, width, channels;
    int layout; /* enum ImageLayout */
    double max;
} ImageSettings;

typedef struct DataSettings {
    char file[FIELD_TEXT_BYTES], test[FIELD_TEXT_BYTES];
    ColumnName label[DATA_MOST_COLUMNS];
    int label_count;
    int task; /* enum Task */
    NumberOrText validation;
    int64_t train_rows; /* 0: all */
    int header;         /* enum CsvHeader */
    char delimiter[8];
    ColumnName ignore[DATA_MOST_COLUMNS], categorical[DATA_MOST_COLUMNS], weight[1];
    int ignore_count, categorical_count, weight_count;
    TextPool categories; /* "column=value" */
    int missing;         /* enum CsvMissing */
    ImageSettings image;
    int64_t split_seed;
} DataSettings;

typedef struct ModelSettings {
    int64_t hidden[SETTINGS_MOST_HIDDEN];
    int hidden_count;
    Choice activation[SETTINGS_MOST_HIDDEN], init[SETTINGS_MOST_HIDDEN]; /* one for all, or one a hidden layer */
    int activation_count, init_count;
    Choice output_init[1]; /* none: the last of init */
    int output_init_count;
    Choice bias_init, norm;
    double dropout;
    char from[FIELD_TEXT_BYTES]; /* "": none */
} ModelSettings;

typedef struct EarlyStop {
    bool on;
    int64_t patience;
    double min_delta;
} EarlyStop;

typedef struct TrainSettings {
    Choice loss, optimizer, schedule;
    double lr; /* NAN until settings_resolve: the optimizer's own */
    Warmup warmup;
    int64_t batch; /* 0: all rows */
    int64_t epochs;
    bool shuffle, drop_last;
    double clip_norm, weight_decay, l1, label_smoothing;
    double class_weight[SETTINGS_MOST_CLASS_WEIGHTS]; /* CLASS_WEIGHT_BALANCED alone: by the training rows */
    int class_weight_count;
    EarlyStop early_stop;
    double diverge_factor;
} TrainSettings;

#define CLASS_WEIGHT_BALANCED (-1.0)

typedef struct LogSettings {
    int64_t probe_rows, every;
    bool histograms;
    int64_t histogram_bins, checkpoint_every;
    bool steps;
    TextPool path; /* names of weights; any: steps.csv is written too */
} LogSettings;

typedef struct Settings {
    char about[FIELD_TEXT_BYTES], name[256];
    int64_t seed;
    DataSettings data;
    Choice preprocess[PREPROCESS_MOST];
    int preprocess_count;
    Choice augment[AUGMENT_MOST];
    int augment_count;
    ModelSettings model;
    TrainSettings train;
    LogSettings log;
} Settings;

extern const Field settings_fields[];

/* Reads the fields of a document (document.h), resolves the defaults that depend on others, and checks. `path` is the
 * config file's: it names the run where no name is given. All errors are collected, each beginning with it. */
bool settings_read(const Json *document, const char *path, Settings *out, Error *err);

/* The same, with errors that begin with the key: for who has a place of his own to put before them. */
bool settings_read_keys(const Json *document, const char *path, Settings *out, Error *err);

/* document_load and settings_read; a `sweep` section is passed over. */
bool settings_load(const char *path, const char *const *assignments, int count, Settings *out, Error *err);

/* The checks that need no data (settings_read calls it). Errors begin with the key's path. */
bool settings_check(const Settings *settings, Error *err);

/* The checks that need it, and what only the data can say: data.task and data.label are filled in. */
bool settings_meet_data(Settings *settings, const Dataset *data, Error *err);

/* The resolved config. The caller frees it. */
Json *settings_show(const Settings *settings);

/* What data.image says; height 0 where it says nothing. */
ImageShape settings_image(const Settings *settings);
DataRequest settings_data_request(const Settings *settings);
NetworkPlan settings_network_plan(const Settings *settings, const Dataset *data);
StepPlan settings_step_plan(const Settings *settings);
/* Borrows the settings. */
LogPlan settings_log_plan(const Settings *settings, const Dataset *data);
/* Rows of a training batch, and batches of an epoch. */
int64_t settings_batch_rows(const Settings *settings, size_t train_rows);
int64_t settings_steps_per_epoch(const Settings *settings, size_t train_rows);

#endif
