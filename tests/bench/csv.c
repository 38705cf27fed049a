/* csv: seconds to read two large CSV files, on one thread and on two, beside the floor: the whole file by fread and
 * the simplest correct loop over its digits into a float matrix, on one thread, turn by turn in the same process. The
 * files are made in a temporary directory and removed. Prints medians, ratios and the memory beside the matrix; exits 1
 * beyond 32 MB. */
#include "table/csv.h"
#include "base/clock.h"
#include "base/random.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TURNS = 5, READERS = 3 };
static const char path[] = "bench.csv";

typedef struct Case {
    const char *name;
    size_t rows, columns;
    void (*cell)(Stream *stream, FILE *out);
} Case;

static void small_integer(Stream *stream, FILE *out) { /* as grey pixels: four in five are 0 */
    uint32_t value = random_below(stream, 5) ? 0 : random_below(stream, 256);
    fprintf(out, "%u", value);
}

static void decimal(Stream *stream, FILE *out) {
    int32_t value = (int32_t)random_below(stream, 2000001) - 1000000;
    fprintf(out, "%s%d.%06d", value < 0 ? "-" : "", abs(value) / 1000000, abs(value) % 1000000);
}

static const Case cases[] = {
    {"60,000 x 785 small integers", 60000, 785, small_integer},
    {"1,000,000 x 21 six-digit decimals", 1000000, 21, decimal},
};

static void die(const char *what) {
    perror(what);
    exit(2);
}

static void make_file(const Case *c) {
    Stream stream = random_stream(1, PURPOSE_TEST, 0, 0);
    FILE *out = fopen(path, "w");
    if (!out) die(path);
    for (size_t j = 0; j < c->columns; j++) fprintf(out, "%sc%zu", j ? "," : "", j);
    for (size_t r = 0; r < c->rows; r++)
        for (size_t j = 0; j < c->columns; j++) {
            fputc(j ? ',' : '\n', out);
            if (j + 1 < c->columns) c->cell(&stream, out);
            else fprintf(out, "%u", random_below(&stream, 10));
        }
    fputc('\n', out);
    if (fclose(out) != 0) die(path);
}

/* ---- the floor --------------------------------------------------------------------------------------- */

static float plain_number(const char **at) {
    static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    const char *c = *at, *point = NULL;
    bool minus = *c == '-';
    c += minus;
    int64_t digits = 0;
    for (; *c >= '0' || *c == '.'; c++)
        if (*c == '.') point = c + 1;
        else digits = digits * 10 + (*c - '0');
    double value = (double)digits / (point ? power[c - point] : 1);
    *at = c;
    return (float)(minus ? -value : value);
}

static double read_plainly(const Case *c) {
    double started = clock_seconds();
    struct stat status;
    if (stat(path, &status) != 0) die(path);
    size_t size = (size_t)status.st_size;
    char *text = malloc(size + 1);
    float *x = malloc(c->rows * c->columns * sizeof *x);
    FILE *in = fopen(path, "r");
    if (!text || !x || !in || fread(text, 1, size, in) != size) die(path);
    text[size] = '\0';
    const char *at = strchr(text, '\n') + 1;
    for (size_t i = 0; i < c->rows * c->columns; i++, at++) x[i] = plain_number(&at);
    fclose(in);
    free(text);
    free(x);
    return clock_seconds() - started;
}

/* ---- nnexp ------------------------------------------------------------------------------------------- */

static double read_csv(const Case *c, Pool *pool) {
    const CsvOptions options = {.delimiter = ','};
    double started = clock_seconds();
    Error err = {0};
    Csv csv;
    bool done = csv_open(path, &options, &csv, &err);
    if (done) {
        CsvColumn *label = &csv.column[csv.columns - 1];
        label->use = CSV_TEXT;
        label->place = 0;
        done = csv_read(&options, pool, &csv, &err) && csv.rows == c->rows;
    }
    error_print(&err, stderr);
    if (!done) exit(2);
    csv_free(&csv);
    return clock_seconds() - started;
}

/* Peak memory beside the matrix, of a process that reads once. */
static double memory_beside(const Case *c) {
    struct rusage before, usage;
    int channel[2];
    long peak = 0;
    getrusage(RUSAGE_SELF, &before);
    if (pipe(channel) != 0) die("pipe");
    pid_t child = fork();
    if (child == 0) {
        Error err = {0};
        Pool *pool = pool_create(2, &err);
        read_csv(c, pool);
        getrusage(RUSAGE_SELF, &usage);
        _exit(write(channel[1], &usage.ru_maxrss, sizeof usage.ru_maxrss) < 0);
    }
    if (read(channel[0], &peak, sizeof peak) != sizeof peak) die("pipe");
    waitpid(child, NULL, 0);
    close(channel[0]);
    close(channel[1]);
    return (double)peak * 1024 - (double)(c->rows * (c->columns - 1) * sizeof(float));
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool bench(const Case *c) {
    double seconds[READERS][TURNS], median[READERS];
    Error err = {0};
    make_file(c);
    double beside = memory_beside(c);
    Pool *pool = pool_create(2, &err);
    if (!pool) die("pool");
    for (int t = 0; t < TURNS; t++) {
        seconds[0][t] = read_plainly(c);
        seconds[1][t] = read_csv(c, NULL);
        seconds[2][t] = read_csv(c, pool);
    }
    pool_free(pool);
    for (int i = 0; i < READERS; i++) {
        qsort(seconds[i], TURNS, sizeof seconds[i][0], ascending);
        median[i] = seconds[i][TURNS / 2];
    }
    printf(
        "%-36s floor %.3f s   1 thread %.3f s, ratio %.2f   2 threads %.3f s, ratio %.2f   beside the matrix %.1f MB "
        "(bound 32)\n",
        c->name, median[0], median[1], median[1] / median[0], median[2], median[2] / median[0], beside / 1e6);
    unlink(path);
    return beside <= 32e6;
}

int main(void) {
    char directory[] = "/tmp/nnexp-bench-XXXXXX";
    bool ok = true;
    if (!mkdtemp(directory) || chdir(directory) != 0) die(directory);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fflush(stdout);
        ok &= bench(&cases[i]);
    }
    if (chdir("/") != 0 || rmdir(directory) != 0) die(directory);
    return ok ? 0 : 1;
}
