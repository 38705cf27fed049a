/* bench: seconds an epoch of nnexp's training beside the floor: the same matrix products alone, by OpenBLAS, in the
 * same process, on one thread, turn by turn. Then a real run of each case, for the shares of evaluation, statistics
 * and writing (timing.csv) and for its memory. Prints ratios and the bounds they are held to; exits 1 beyond one. */
#include "base/clock.h"
#include "base/json.h"
#include "base/linalg.h"
#include "base/random.h"
#include "config/read.h"
#include "data/encoding.h"
#include "experiment/run.h"
#include "experiment/trainer.h"
#include "observe/table.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Case {
    const char *name, *config;
    size_t rows, features; /* of random data, where the config names no file */
    int classes;
    int epochs_a_turn; /* small nets: several, so that a turn is long against the clock */
    double bound;      /* on nnexp / floor */
} Case;

static const Case cases[] = {
    {"digits 64-64-64-10, batch 32",
     "{\"name\": \"digits\", \"data\": {\"file\": \"data/digits.csv\", \"label\": \"digit\"}, \"preprocess\": "
     "[\"standardize\"],"
     "\"model\": {\"hidden\": [64, 64]}, \"train\": {\"batch\": 32, \"lr\": 0.01, \"epochs\": 10}}",
     0, 0, 0, 4, 1.4},
    {"60,000 rows 784-256-128-10, batch 128",
     "{\"name\": \"large\", \"data\": {\"file\": \"none\"}, \"model\": {\"hidden\": [256, 128]},"
     "\"train\": {\"batch\": 128, \"lr\": 0.01, \"epochs\": 3}}",
     60000, 784, 10, 1, 1.25},
    {"spiral 2-100-3, batch 32",
     "{\"name\": \"spiral\", \"data\": {\"file\": \"data/spiral.csv\"}, \"model\": {\"hidden\": [100]},"
     "\"train\": {\"batch\": 32, \"lr\": 0.05, \"epochs\": 50}}",
     0, 0, 0, 40, 3.5},
};

enum { TURNS = 15 };

static void die(const Error *err) {
    error_print(err, stderr);
    exit(2);
}

/* ---- the data ------------------------------------------------------------------------------------------ */

static void random_dataset(const Case *c, Dataset *out) {
    real *x = malloc(c->rows * c->features * sizeof *x);
    int32_t *label = malloc(c->rows * sizeof *label);
    Stream stream = random_stream(1, PURPOSE_TEST, 0, 0);
    random_fill_uniform(&stream, c->rows * c->features, x);
    for (size_t r = 0; r < c->rows; r++) label[r] = (int32_t)random_below(&stream, (uint32_t)c->classes);
    char **feature_name = malloc(c->features * sizeof *feature_name);
    for (size_t f = 0; f < c->features; f++) feature_name[f] = "x";
    static const Encoding no_categories;
    static char *const names[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    *out = (Dataset){.task = TASK_CLASSIFICATION,
                     .features = (int)c->features,
                     .feature_name = feature_name,
                     .classes = c->classes,
                     .class_name = (char **)names,
                     .encoding = &no_categories,
                     .train = {.rows = c->rows, .x = x, .label = label}};
}

static void load(const Case *c, Settings *settings, Dataset *data) {
    Error err = {0};
    Json *json = json_parse(c->config, strlen(c->config), &err);
    if (!json || !config_read(json, settings_fields, "", settings, &err)) die(&err);
    json_free(json);
    settings->model.output_init[0] = settings->model.init[0];
    settings->model.output_init_count = 1;
    DataRequest request = settings_data_request(settings);
    if (c->rows) random_dataset(c, data);
    else if (!dataset_build(&request, NULL, data, &err)) die(&err);
    if (!settings_meet_data(settings, data, &err)) die(&err);
}

/* ---- the floor ------------------------------------------------------------------------------------------- */

typedef struct Floor {
    const Network *network;
    real *a[NETWORK_MOST_LAYERS + 1], *d[NETWORK_MOST_LAYERS + 1], *w[NETWORK_MOST_LAYERS], *g[NETWORK_MOST_LAYERS];
} Floor;

static real *filled(size_t n) {
    Stream stream = random_stream(2, PURPOSE_TEST, 0, 0);
    real *values = aligned_alloc(64, (n * sizeof *values + 63) / 64 * 64);
    random_fill_uniform(&stream, n, values);
    return values;
}

static void floor_create(Floor *floor, const Network *network, int64_t batch) {
    *floor = (Floor){.network = network};
    for (int i = 0; i <= network->layers; i++) {
        size_t width = (size_t)(i ? network->layer[i - 1].units : network->features);
        floor->a[i] = filled((size_t)batch * width);
        floor->d[i] = filled((size_t)batch * width);
        if (i == network->layers) break;
        size_t weights = (size_t)network->layer[i].fan_in * (size_t)network->layer[i].units;
        floor->w[i] = filled(weights);
        floor->g[i] = filled(weights);
    }
}

static void floor_batch(const Floor *floor, int rows) {
    const Network *network = floor->network;
    for (int i = 0; i < network->layers; i++) {
        int in = network->layer[i].fan_in, out = network->layer[i].units;
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, out, in, 1, floor->a[i], in, floor->w[i], out, 0,
                    floor->a[i + 1], out);
    }
    for (int i = network->layers - 1; i >= 0; i--) {
        int in = network->layer[i].fan_in, out = network->layer[i].units;
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, in, out, rows, 1, floor->a[i], in, floor->d[i + 1], out,
                    0, floor->g[i], out);
        if (i > 0)
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, rows, in, out, 1, floor->d[i + 1], out, floor->w[i],
                        out, 0, floor->d[i], in);
    }
}

/* Values that products of products blow up would slow the floor down (denormals, infinities): laid down anew. */
static void floor_reset(Floor *floor, int64_t batch) {
    for (int i = 1; i < floor->network->layers; i++) {
        size_t n = (size_t)batch * (size_t)floor->network->layer[i - 1].units;
        for (size_t k = 0; k < n; k++) floor->d[i][k] = (real)0.5;
    }
}

static double floor_epoch(Floor *floor, const Trainer *trainer, int epochs) {
    double started = clock_seconds();
    int64_t rows = (int64_t)trainer->data->train.rows;
    for (int e = 0; e < epochs; e++) {
        floor_reset(floor, trainer->batch);
        for (int64_t first = 0; first < rows; first += trainer->batch)
            floor_batch(floor, (int)(rows - first < trainer->batch ? rows - first : trainer->batch));
    }
    return (clock_seconds() - started) / epochs;
}

/* ---- measuring -------------------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int n) {
    qsort(values, (size_t)n, sizeof *values, ascending);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static double trained_epochs(Trainer *trainer, RunState *state, int epochs) {
    double started = clock_seconds();
    for (int e = 0; e < epochs; e++) {
        Meters meters;
        trainer_epoch(trainer, state, &meters, NULL, NULL);
        state->epoch++;
    }
    return (clock_seconds() - started) / epochs;
}

static double compare(const Case *c, const Settings *settings, const Dataset *data, Error *err) {
    static Trainer trainer;
    static Floor floor;
    RunState state = run_state_start();
    double nnexp[TURNS], products[TURNS];
    state.epoch = 0;
    if (!trainer_create(&trainer, settings, data, NULL, err)) die(err);
    floor_create(&floor, &trainer.network, trainer.batch);
    trained_epochs(&trainer, &state, 1);
    floor_epoch(&floor, &trainer, 1);
    for (int t = 0; t < TURNS; t++) {
        products[t] = floor_epoch(&floor, &trainer, c->epochs_a_turn);
        nnexp[t] = trained_epochs(&trainer, &state, c->epochs_a_turn);
    }
    double slow = median(nnexp, TURNS), fast = median(products, TURNS);
    printf("%-40s floor %10.6f s   nnexp %10.6f s   ratio %5.2f   bound %.2f\n", c->name, fast, slow, slow / fast,
           c->bound);
    trainer_free(&trainer);
    return slow / fast;
}

/* A run with all its files: what an epoch spends where. */
static void shares(Settings *settings, const Dataset *data, Error *err) {
    char path[] = "/tmp/nnexp-bench-XXXXXX", file[PATH_BYTES];
    RunDirectory directory;
    RunOptions options = {.quiet = true};
    Table timing;
    if (!mkdtemp(path) || !run_directory_claim(&directory, path, CLAIM_NEW, err) ||
        run_experiment(settings, data, &directory, &options, err) != EXIT_DONE)
        die(err);
    snprintf(file, sizeof file, "%s/timing.csv", path);
    if (!table_read(file, &timing, err)) die(err);
    printf("  an epoch of a run:");
    for (int column = 1; column < timing.columns; column++) {
        double values[64];
        int n = 0;
        for (size_t r = 1; r < timing.rows && n < 64; r++)
            values[n++] = timing.cell[r * (size_t)timing.columns + (size_t)column];
        printf("  %s %.6f", timing.name[column], median(values, n));
    }
    printf("\n");
    table_free(&timing);
    run_directory_release(&directory);
    char command[PATH_BYTES];
    snprintf(command, sizeof command, "rm -rf %s", path);
    if (system(command) != 0) fprintf(stderr, "bench: cannot remove %s\n", path);
}

static bool bench(const Case *c) {
    static Settings settings;
    static Trainer planned;
    Dataset data;
    Error err = {0};
    struct rusage usage;
    load(c, &settings, &data);
    if (!trainer_create(&planned, &settings, &data, NULL, &err)) die(&err);
    double run_bytes = (double)planned.arena.size,
           data_bytes = (double)data.train.rows * data.features * sizeof(real);
    trainer_free(&planned);
    shares(&settings, &data, &err);
    getrusage(RUSAGE_SELF, &usage);
    double peak = (double)usage.ru_maxrss * 1024, beside = peak - run_bytes - data_bytes;
    settings.train.epochs = 1000000; /* more than the turns need */
    bool ok = compare(c, &settings, &data, &err) <= c->bound;
    printf("  memory: data %.1f MB, parameters, their state and buffers %.1f MB, beside %.1f MB (bound 32)\n",
           data_bytes / 1e6, run_bytes / 1e6, beside / 1e6);
    return ok && beside <= 32e6;
}

/* bench [WORD]: the cases whose names hold the word. */
int main(int argc, char **argv) {
    bool ok = true;
    linalg_pin_threads();
    printf("%s, kernel %s; one thread, medians of %d turns\n", linalg_version(), linalg_kernel(), TURNS);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (argc > 1 && !strstr(cases[i].name, argv[1])) continue;
        fflush(stdout);
        pid_t child = fork(); /* each case has a peak memory of its own */
        if (child == 0) {
            bool good = bench(&cases[i]);
            fflush(stdout);
            _exit(good ? 0 : 1);
        }
        int status = 1;
        if (child > 0) waitpid(child, &status, 0);
        if (!WIFEXITED(status)) printf("%s: ended by signal %d\n", cases[i].name, WTERMSIG(status));
        ok = ok && status == 0;
    }
    return ok ? 0 : 1;
}
