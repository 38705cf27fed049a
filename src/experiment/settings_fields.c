/* settings_fields: every key of a config: type, default, range, help. Reading, checking, showing, the reference and
 * the schema are loops over these tables. */
#include "experiment/settings.h"

#include "image/pixels.h"
#include "nn/loss.h"
#include "observe/histogram.h"

static const char *const task_names[] = {
    [TASK_AUTO] = "auto", [TASK_CLASSIFICATION] = "classification", [TASK_REGRESSION] = "regression", NULL};
static const char *const header_names[] = {
    [CSV_HEADER_AUTO] = "auto", [CSV_HEADER_YES] = "true", [CSV_HEADER_NO] = "false", NULL};
static const char *const missing_names[] = {
    [CSV_MISSING_ERROR] = "error", [CSV_MISSING_MEAN] = "mean", [CSV_MISSING_DROP_ROW] = "drop_row", NULL};

#define MOST_SEED 9007199254740991 /* 2^53 - 1: what a JSON number holds exactly */

enum { MOST_SIDE = 1 << 14, MOST_CHANNELS = 1 << 10 };
static const Field image_fields[] = {
    FIELD_INT(ImageSettings, height, .required = true, .min = 1, .max = MOST_SIDE, .unit = "pixels",
              .help = "rows of pixels"),
    FIELD_INT(ImageSettings, width, .required = true, .min = 1, .max = MOST_SIDE, .unit = "pixels",
              .help = "pixels a row"),
    FIELD_INT(ImageSettings, channels, .def = 1, .min = 1, .max = MOST_CHANNELS,
              .help = "values a pixel: 1 grey, 3 red, green, blue"),
    FIELD_NAME(ImageSettings, layout, .names = pixel_layout_names, .def = IMAGE_HWC,
               .help = "hwc: a pixel's channels side by side; chw: a plane a channel"),
    FIELD_REAL(ImageSettings, max, .def = 255, .min = 0, .above_min = true, .max = 1e9,
               .help = "full brightness: pixels lie in 0 ... max (augment and check --preview go by it)"),
    {0}};

static const Field data_fields[] = {
    FIELD_TEXT(DataSettings, file, .required = true, .is_path = true,
               .help = "CSV file of the training data (or .gz, or - for standard input)"),
    FIELD_COLUMNS(
        DataSettings, label, .one_or_list = true, .def_text = "the last column",
        .help = "label column: its name, or its 0-based index, negative from the end; regression may list several"),
    FIELD_NAME(DataSettings, task, .names = task_names, .def = TASK_AUTO,
               .help = "auto: classification when the labels are texts or few distinct whole numbers"),
    FIELD_NUMBER_OR_TEXT(DataSettings, validation, .is_path = true, .max = 1, .below_max = true,
                         .help = "share of the rows held out, stratified by class; or a CSV file; 0: none"),
    FIELD_TEXT(DataSettings, test, .is_path = true, .help = "CSV file evaluated once, after training"),
    FIELD_INT(DataSettings, train_rows, .max = MOST_SEED, .help = "train on so many rows, stratified; 0: all"),
    FIELD_NAME(DataSettings, header, .names = header_names, .def = CSV_HEADER_AUTO,
               .help = "whether the first line names the columns"),
    FIELD_TEXT(DataSettings, delimiter, .def_text = ",", .help = "character between fields; \\t is a tab"),
    FIELD_COLUMNS(DataSettings, ignore, .one_or_list = true, .help = "columns left out"),
    FIELD_COLUMNS(DataSettings, categorical, .one_or_list = true,
                  .help = "columns spread out one-hot by their values"),
    FIELD_TEXTS(DataSettings, categories, .def_text = "those of the file, in order",
                .help = "values of categorical columns, each as \"column=value\"; fixes them and their order"),
    FIELD_NAME(DataSettings, missing, .names = missing_names, .def = CSV_MISSING_ERROR,
               .help = "what to do with empty cells, NA, NaN, nan, null and ?"),
    FIELD_COLUMNS(DataSettings, weight, .one_or_list = true, .def_text = "none",
                  .help = "column of sample weights, above 0"),
    FIELD_GROUP(DataSettings, image, ImageSettings, .nullable = true, .fields = image_fields,
                .help = "what the input columns are the pixels of"),
    FIELD_INT(DataSettings, split_seed, .def = 1, .max = MOST_SEED, .help = "draws the split and the probe"),
    {0}};

static const Field model_fields[] = {
    FIELD_INTS(ModelSettings, hidden, .min = 1, .max = 1 << 24, .unit = "units",
               .help = "widths of the hidden layers; [] is a linear model"),
    FIELD_CHOICES(ModelSettings, activation, .family = &activations, .def_text = "relu", .least = 1,
                  .one_or_list = true, .help = "activation of the hidden layers: one for all, or one a layer"),
    FIELD_CHOICES(ModelSettings, init, .family = &inits, .def_text = "he", .least = 1, .one_or_list = true,
                  .help = "weights of the hidden layers: one for all, or one a layer"),
    FIELD_CHOICES(ModelSettings, output_init, .family = &inits, .one_or_list = true,
                  .help = "weights of the output layer; left out: the last of init"),
    FIELD_CHOICE(ModelSettings, bias_init, .family = &inits, .def_text = "zeros", .help = "biases of all layers"),
    FIELD_CHOICE(ModelSettings, norm, .family = &norms, .def_text = "none",
                 .help = "normalisation between product and activation of the hidden layers"),
    FIELD_REAL(ModelSettings, dropout, .max = 1, .below_max = true,
               .help = "share of hidden activations dropped in training"),
    FIELD_TEXT(ModelSettings, from, .is_path = true,
               .help = "safetensors file with weights to start from, of the same shape"),
    {0}};

static const Field early_stop_fields[] = {
    FIELD_INT(EarlyStop, patience, .def = 10, .min = 1, .max = MOST_SEED, .unit = "epochs",
              .help = "stop after so many epochs without a better val_loss"),
    FIELD_REAL(EarlyStop, min_delta, .min = 0, .max = INFINITY, .help = "better means lower by more than this"),
    {0}};

static const Field train_fields[] = {
    FIELD_CHOICE(TrainSettings, loss, .family = &losses, .def_text = "cross_entropy", .help = "what is minimised"),
    FIELD_CHOICE(TrainSettings, optimizer, .family = &optimizers, .def_text = "sgd", .help = "update rule"),
    FIELD_REAL(TrainSettings, lr, .nullable = true, .min = 0, .max = INFINITY, .above_min = true,
               .def_text = "the optimizer's own", .help = "learning rate"),
    FIELD_CHOICE(TrainSettings, schedule, .family = &schedules, .def_text = "constant",
                 .help = "learning rate over the run, as a factor on lr"),
    FIELD_GROUP(TrainSettings, warmup, Warmup, .nullable = true, .fields = warmup_fields,
                .help = "linear rise of the rate before the schedule begins"),
    FIELD_INT(TrainSettings, batch, .def = 32, .min = 1, .max = 1 << 30, .word = "all", .word_value = 0,
              .unit = "rows", .help = "rows an update"),
    FIELD_INT(TrainSettings, epochs, .def = 30, .min = 0, .max = 4000000000.0,
              .help = "passes over the training rows; 0 measures the untouched network"),
    FIELD_BOOL(TrainSettings, shuffle, .def = true, .help = "a new order of the rows each epoch"),
    FIELD_BOOL(TrainSettings, drop_last, .help = "leave out the ragged last batch"),
    FIELD_REAL(TrainSettings, clip_norm, .max = INFINITY, .min = 0,
               .help = "scale the gradient down to this L2 norm; 0: never"),
    FIELD_REAL(TrainSettings, weight_decay, .max = INFINITY, .min = 0, .help = "L2 penalty, added to the gradient"),
    FIELD_REAL(TrainSettings, l1, .max = INFINITY, .min = 0, .help = "L1 penalty, added to the gradient"),
    FIELD_REAL(TrainSettings, label_smoothing, .max = 1, .below_max = true,
               .help = "share of the target spread evenly over the classes (cross_entropy)"),
    FIELD_REALS(TrainSettings, class_weight, .one_or_list = true, .min = 0, .max = INFINITY, .word = "balanced",
                .word_value = CLASS_WEIGHT_BALANCED,
                .help = "one weight a class, in class order; balanced: rows / (classes · rows of the class)"),
    FIELD_GROUP(TrainSettings, early_stop, EarlyStop, .nullable = true, .fields = early_stop_fields,
                .help = "stop when the validation loss no longer falls"),
    FIELD_REAL(TrainSettings, diverge_factor, .def = 10, .min = 1, .max = INFINITY,
               .help = "diverged: train_loss beyond so many times the start's, twice in a row"),
    {0}};

static const Field log_fields[] = {
    FIELD_INT(LogSettings, probe_rows, .def = 512, .min = 1, .max = 1 << 24, .unit = "rows",
              .help = "training rows on which every layer is measured"),
    FIELD_INT(LogSettings, every, .def = 1, .min = 1, .max = MOST_SEED, .unit = "epochs",
              .help = "measure the layers every so many epochs (and at the first and the last)"),
    FIELD_BOOL(LogSettings, histograms, .def = true, .help = "write histograms.csv"),
    FIELD_INT(LogSettings, histogram_bins, .def = 40, .min = 1, .max = HISTOGRAM_MOST_BINS,
              .help = "bins of each histogram"),
    FIELD_INT(LogSettings, checkpoint_every, .def = 1, .min = 0, .max = MOST_SEED, .unit = "epochs",
              .help = "save what --resume needs every so many epochs; 0: at the end alone"),
    FIELD_BOOL(LogSettings, steps, .help = "write steps.csv, a row an update"),
    FIELD_TEXTS(LogSettings, path,
                .help = "weights by update, into steps.csv: \"layers.1.weight[0,1]\" (unit, input), "
                        "\"layers.1.bias[0]\"; at most 64"),
    {0}};

const Field settings_fields[] = {
    FIELD_TEXT(Settings, about, .help = "what the experiment is for, in words"),
    FIELD_TEXT(Settings, name,
               .help = "names the run directory, runs/NAME; left out: the config file's name without .json"),
    FIELD_INT(Settings, seed, .def = 1, .max = MOST_SEED, .help = "draws weights, order, dropout and augmentation"),
    FIELD_GROUP(Settings, data, DataSettings, .fields = data_fields, .help = "the data and its splits"),
    FIELD_CHOICES(Settings, preprocess, .family = &preprocesses,
                  .help = "chain fitted on the training rows, applied to all"),
    FIELD_CHOICES(Settings, augment, .family = &augments,
                  .help =
                      "random changes to the training images, in this order, before preprocess; needs data.image"),
    FIELD_GROUP(Settings, model, ModelSettings, .fields = model_fields, .help = "the network"),
    FIELD_GROUP(Settings, train, TrainSettings, .fields = train_fields, .help = "how it is trained"),
    FIELD_GROUP(Settings, log, LogSettings, .fields = log_fields, .help = "what is written"),
    {0}};
