/* small_run: a run of four epochs of a tiny net, from --set assignments to a hash of the bytes it leaves. */
#ifndef NNEXP_TESTS_SMALL_RUN_H
#define NNEXP_TESTS_SMALL_RUN_H

#include "base/file.h"
#include "base/safetensors.h"
#include "experiment/run.h"
#include "observe/writer.h"

#include <dirent.h>
#include <math.h>

#include "../unit/data_files.h"

enum { TRIAL_SETS = 10, TRIAL_BYTES = 512 };

/* The --set assignments of a run. */
typedef struct Trial {
    int sets;
    char set[TRIAL_SETS][TRIAL_BYTES];
} Trial;

/* What came of it. `config` is the resolved config where it ran. */
typedef struct Seen {
    bool ran;
    uint64_t bytes;
    Json *config;
    char why[512]; /* the first message, where it did not */
} Seen;

static inline void add_set(Trial *trial, const char *assignment) {
    assert_true(trial->sets < TRIAL_SETS);
    snprintf(trial->set[trial->sets++], sizeof trial->set[0], "%s", assignment);
}

/* FNV-1a. */
static inline uint64_t hash(uint64_t before, const void *bytes, size_t size) {
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++) before = (before ^ at[i]) * 0x100000001b3u;
    return before;
}

/* The tensors without metadata; those of the run's state and the checksum hash the rest. */
static inline uint64_t hash_tensors(uint64_t before, const char *path) {
    Safetensors file;
    Error err = {0};
    if (!safetensors_read(path, false, &file, &err)) fail_msg("%s", err.text);
    for (int i = 0; i < file.tensors; i++) {
        const Tensor *tensor = &file.tensor[i];
        if (strncmp(tensor->name, "state.", 6) == 0 || strcmp(tensor->name, "checksum") == 0) continue;
        before = hash(before, tensor->name, strlen(tensor->name));
        before = hash(before, tensor->shape, sizeof tensor->shape[0] * (size_t)tensor->dimensions);
        before = hash(before, tensor->data, tensor_bytes(tensor));
    }
    safetensors_free(&file);
    return before;
}

static inline uint64_t hash_file(uint64_t before, const char *path) {
    char *text;
    size_t size;
    Error err = {0};
    if (strstr(path, ".safetensors")) return hash_tensors(before, path);
    if (!file_read(path, &text, &size, &err)) fail_msg("%s", err.text);
    before = hash(before, text, size);
    free(text);
    return before;
}

static inline int is_no_dot(const struct dirent *entry) { return entry->d_name[0] != '.'; }

/* Of all that counts in a run directory: names and bytes. */
static inline uint64_t hash_run(const char *directory) {
    struct dirent **entry;
    uint64_t bytes = 0xcbf29ce484222325u;
    int count = scandir(directory, &entry, is_no_dot, alphasort);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        char path[PATH_BYTES];
        const char *name = entry[i]->d_name;
        snprintf(path, sizeof path, "%s/%s", directory, name);
        bytes = hash(bytes, name, strlen(name));
        if (strcmp(name, "config.json") != 0 && strcmp(name, log_file_name[LOG_TIMING]) != 0)
            bytes = hash_file(bytes, path);
        free(entry[i]);
    }
    free(entry);
    return bytes;
}

static inline bool prepare(const Trial *trial, Settings *settings, Dataset *data, Error *err) {
    static DataRequest request;
    const char *set[TRIAL_SETS] = {NULL};
    for (int i = 0; i < trial->sets; i++) set[i] = trial->set[i];
    if (!settings_load("base.json", set, trial->sets, settings, err)) return false;
    request = settings_data_request(settings);
    if (!dataset_build(&request, NULL, data, err)) return false;
    if (settings_meet_data(settings, data, err)) return true;
    dataset_free(data);
    return false;
}

/* Runs in ./run, which it leaves behind. */
static inline int run_here(const Settings *settings, const Dataset *data, Error *err) {
    static const RunOptions options = {.quiet = true};
    RunDirectory directory;
    if (!run_directory_claim(&directory, "run", CLAIM_NEW, err)) return EXIT_REFUSED;
    int status = run_experiment(settings, data, &directory, &options, err);
    run_directory_release(&directory);
    return status;
}

static inline Seen observe(const Trial *trial) {
    static Settings settings;
    static Error err;
    Seen seen = {0};
    Dataset data;
    err = (Error){0};
    if (prepare(trial, &settings, &data, &err)) {
        int status = run_here(&settings, &data, &err);
        seen.ran = status == EXIT_DONE || status == EXIT_DIVERGED;
        if (!seen.ran && status != EXIT_REFUSED) fail_msg("status %d: %s", status, err.text);
        if (seen.ran) seen.bytes = hash_run("run");
        assert_int_equal(system("rm -rf run"), 0);
        seen.config = seen.ran ? settings_show(&settings) : NULL;
        dataset_free(&data);
    }
    snprintf(seen.why, sizeof seen.why, "%.500s", err.text);
    return seen;
}

/* ---- the files --------------------------------------------------------------------------------------- */

/* Three noisy classes by x1 and x2. */
static inline void write_rows(const char *path, const char *header, char delimiter, int rows, double phase,
                              bool gaps) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(header, file);
    for (int i = 1; i <= rows; i++) {
        double x1 = sin(1.7 * i + phase) + i % 3, x2 = cos(2.3 * i + phase) - i % 3;
        if (!gaps || i % 20 != 7) fprintf(file, "%.4f", x1);
        fprintf(file, "%c%.4f%c%d%c%.2f%c%d\n", delimiter, x2, delimiter, i / 3 % 3, delimiter, 1 + i % 4 * 0.5,
                delimiter, i % 3);
    }
    assert_int_equal(fclose(file), 0);
}

/* Three classes by inputs of few values, all above -1. */
static inline void write_codes(const char *path, int rows) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("x1,x2,x3,x4,class\n", file);
    for (int i = 0; i < rows; i++) fprintf(file, "%d,%d,%d,%g,%d\n", i % 3, i / 3 % 2, i / 2 % 4, i % 5 - 0.5, i % 3);
    assert_int_equal(fclose(file), 0);
}

/* Images of 4 x 6 pixels in three colours: a bright patch in another place for each class. */
static inline void write_images(const char *path, int rows) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 1; i <= rows; i++) {
        for (int p = 0; p < 24; p++)
            for (int c = 0; c < 3; c++) {
                bool patch = p % 6 / 2 == i % 3 && c != i % 2;
                fprintf(file, "%d,", (int)(60 + 40 * sin(0.9 * i + p + 2 * c)) + (patch ? 100 : 0));
            }
        fprintf(file, "%d\n", i % 3);
    }
    assert_int_equal(fclose(file), 0);
}

/* Writes the data files, base.json and a model to start from into the working directory. */
static inline void small_run_files(void) {
    const char *header = "x1,x2,count,w,class\n";
    write_rows("data.csv", header, ',', 60, 0, false);
    write_rows("other.csv", header, ',', 30, 0.5, false);
    write_rows("bare.csv", "", ',', 60, 0, false);
    write_rows("gaps.csv", header, ',', 60, 0, true);
    write_rows("semicolons.csv", "x1;x2;count;w;class\n", ';', 60, 0, false);
    write_codes("codes.csv", 60);
    write_images("pixels.csv", 60);
    write_text("base.json", "{\"data\": {\"file\": \"data.csv\", \"validation\": 0.25},"
                            " \"model\": {\"hidden\": [6, 5]},"
                            " \"train\": {\"epochs\": 4, \"batch\": 16},"
                            " \"log\": {\"probe_rows\": 16, \"histogram_bins\": 5, \"checkpoint_every\": 0}}");
    static Settings settings;
    static Error err;
    Dataset data;
    Trial start = {1, {"seed=7"}};
    assert_true(prepare(&start, &settings, &data, &err));
    assert_int_equal(run_here(&settings, &data, &err), EXIT_DONE);
    assert_int_equal(rename("run/model.safetensors", "start.safetensors"), 0);
    assert_int_equal(system("rm -r run"), 0);
    dataset_free(&data);
}

#endif
