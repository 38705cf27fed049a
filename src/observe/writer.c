/* writer: see writer.h. Every row is put together in memory and handed over by one fwrite, whose failure is
 * told with the system's reason. */
#include "observe/writer.h"

#include "base/csv_out.h"
#include "base/text.h"
#include "observe/statistic.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const log_file_name[LOG_FILES] = {"epochs.csv", "layers.csv", "histograms.csv", "timing.csv",
                                              "steps.csv"};
const int log_epoch_column[LOG_FILES] = {[LOG_STEPS] = 1};

enum { STREAM_BYTES = 1 << 16, ROW_BYTES = 2048, NUMBER_BYTES = 32 };

static bool cannot(const Writer *writer, int f, const char *what, Error *err) {
    return fail(err, "%s/%s: cannot %s: %s", writer->directory, log_file_name[f], what, strerror(errno));
}

/* ---- rows --------------------------------------------------------------------------------------------- */

/* A row under construction: cells, each followed by a comma. */
typedef struct Row {
    int length;
    char text[ROW_BYTES];
} Row;

static void put_bytes(Row *row, const char *text, size_t length) {
    assert((size_t)row->length + length + 1 <= sizeof row->text);
    memcpy(row->text + row->length, text, length);
    row->length += (int)length;
    row->text[row->length++] = ',';
}

static void put_text(Row *row, const char *text) { put_bytes(row, text, strlen(text)); }

/* Written by hand, because a run writes a count for every bin, and snprintf takes five times as long. */
static void put_int(Row *row, int64_t value) {
    char digits[NUMBER_BYTES], *at = digits + sizeof digits;
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0) *--at = '-';
    put_bytes(row, at, (size_t)(digits + sizeof digits - at));
}

static void put_number(Row *row, double value) {
    char text[NUMBER_BYTES];
    put_bytes(row, text, (size_t)text_print(text, sizeof text, value));
}

/* Ends the row and hands it over. */
static bool put_row(const Writer *writer, LogFile f, Row *row, Error *err) {
    row->text[row->length - 1] = '\n';
    if (fwrite(row->text, 1, (size_t)row->length, writer->file[f]) == (size_t)row->length) return true;
    return cannot(writer, f, "write", err);
}

bool writer_epoch(Writer *writer, const EpochRow *epoch, Error *err) {
    Row row = {0};
    put_int(&row, epoch->epoch);
    put_int(&row, epoch->step);
    const double numbers[] = {epoch->lr,           epoch->train_loss, epoch->train_accuracy, epoch->val_loss,
                              epoch->val_accuracy, epoch->grad_norm,  epoch->grad_norm_max,  epoch->weight_norm,
                              epoch->update_ratio};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) put_number(&row, numbers[i]);
    return put_row(writer, LOG_EPOCHS, &row, err);
}

bool writer_layer(Writer *writer, int64_t epoch, const LayerProbe *probe, Error *err) {
    Row row = {0};
    put_int(&row, epoch);
    put_int(&row, probe->layer);
    put_text(&row, probe->activation);
    put_int(&row, probe->fan_in);
    put_int(&row, probe->units);
    for (int i = 0; i < statistics.count; i++)
        put_number(&row, ((const Statistic *)family_row(&statistics, i))->measure(probe));
    return put_row(writer, LOG_LAYERS, &row, err);
}

bool writer_step(Writer *writer, const StepRow *step, const real *value, int values, Error *err) {
    Row row;
    row.length = 0;
    put_int(&row, step->step);
    put_int(&row, step->epoch);
    put_number(&row, step->lr);
    put_number(&row, step->loss);
    put_number(&row, step->grad_norm);
    put_number(&row, step->update_ratio);
    for (int i = 0; i < values; i++) put_number(&row, (double)value[i]);
    return put_row(writer, LOG_STEPS, &row, err);
}

bool writer_timing(Writer *writer, const TimingRow *timing, Error *err) {
    Row row = {0};
    put_int(&row, timing->epoch);
    put_number(&row, timing->train_s);
    put_number(&row, timing->eval_s);
    put_number(&row, timing->stats_s);
    put_number(&row, timing->write_s);
    return put_row(writer, LOG_TIMING, &row, err);
}

/* ---- histograms ---------------------------------------------------------------------------------------- */

/* One bin after the cells of `head`. Neighbouring bins share an edge, which is printed once: `low` is its
 * text. */
static bool put_bin(const Writer *writer, const Row *head, const char *low, const char *high, int64_t count,
                    Error *err) {
    Row row;
    row.length = head->length;
    memcpy(row.text, head->text, (size_t)head->length);
    put_text(&row, low);
    put_text(&row, high);
    put_int(&row, count);
    return put_row(writer, LOG_HISTOGRAMS, &row, err);
}

static bool put_histogram(const Writer *writer, const Row *head, const Histogram *histogram, Error *err) {
    char edge[2][NUMBER_BYTES];
    text_print(edge[0], NUMBER_BYTES, histogram->low);
    for (int i = 0; i < histogram->bins; i++) {
        const char *low = edge[i % 2];
        char *high = edge[(i + 1) % 2];
        text_print(high, NUMBER_BYTES, histogram_edge(histogram, i + 1));
        if (!put_bin(writer, head, low, high, histogram->count[i], err)) return false;
    }
    return histogram->not_finite == 0 || put_bin(writer, head, "nan", "nan", histogram->not_finite, err);
}

bool writer_histograms(Writer *writer, int64_t epoch, const LayerProbe *probe, int bins, Error *err) {
    const size_t outputs = (size_t)probe->rows * (size_t)probe->units;
    const size_t weights = (size_t)probe->fan_in * (size_t)probe->columns;
    const struct {
        const char *what;
        const real *values;
        size_t count;
    } shown[] = {{"z", probe->z, outputs},
                 {"a", probe->a, outputs},
                 {"delta", probe->delta, outputs},
                 {"w", probe->weight, weights},
                 {"dw", probe->weight_grad, weights}};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        Histogram histogram;
        Row head = {0};
        put_int(&head, epoch);
        put_int(&head, probe->layer);
        put_text(&head, shown[i].what);
        histogram_fill(&histogram, bins, shown[i].count, shown[i].values);
        if (!put_histogram(writer, &head, &histogram, err)) return false;
    }
    return true;
}

/* ---- headers ------------------------------------------------------------------------------------------- */

static void header_of(LogFile f, const LogPlan *plan, Row *row) {
    switch (f) {
    case LOG_EPOCHS:
        put_text(row, "epoch,step,lr,train_loss");
        put_text(row, plan->classification ? "train_accuracy,val_loss,val_accuracy" : "train_rmse,val_loss,val_rmse");
        put_text(row, "grad_norm,grad_norm_max,weight_norm,update_ratio");
        break;
    case LOG_LAYERS:
        put_text(row, "epoch,layer,activation,fan_in,units");
        for (int i = 0; i < statistics.count; i++) put_text(row, family_row(&statistics, i)->name);
        break;
    case LOG_HISTOGRAMS: put_text(row, "epoch,layer,what,low,high,count"); break;
    case LOG_TIMING: put_text(row, "epoch,train_s,eval_s,stats_s,write_s"); break;
    case LOG_STEPS: put_text(row, "step,epoch,lr,loss,grad_norm,update_ratio"); break;
    case LOG_FILES: break;
    }
}

/* The weights' names, which hold commas, behind a header that has not been ended. */
static bool put_path(const Writer *writer, const TextPool *path, Error *err) {
    CsvOut out = csv_out_on(writer->file[LOG_STEPS]);
    out.begun = true;
    for (const char *name = NULL; (name = text_pool_next(path, name));) csv_out_text(&out, "", name, "");
    csv_out_end_row(&out);
    return !ferror(writer->file[LOG_STEPS]) || cannot(writer, LOG_STEPS, "write", err);
}

static bool put_header(const Writer *writer, LogFile f, const LogPlan *plan, Error *err) {
    Row header = {0};
    header_of(f, plan, &header);
    if (f != LOG_STEPS || !plan->path || plan->path->count == 0) return put_row(writer, f, &header, err);
    header.length--;
    if (fwrite(header.text, 1, (size_t)header.length, writer->file[f]) != (size_t)header.length)
        return cannot(writer, f, "write", err);
    return put_path(writer, plan->path, err);
}

/* ---- files --------------------------------------------------------------------------------------------- */

static bool wanted(const LogPlan *plan, int f) {
    return f == LOG_HISTOGRAMS ? plan->histograms : f == LOG_STEPS ? plan->steps : true;
}

bool writer_reaches(const char *directory, const LogPlan *plan, const int64_t *keep, Error *err) {
    int before = err->count;
    for (int f = 0; f < LOG_FILES; f++) {
        char path[FIELD_TEXT_BYTES + 32];
        struct stat status = {.st_size = 0};
        snprintf(path, sizeof path, "%s/%s", directory, log_file_name[f]);
        if (!wanted(plan, f)) continue;
        if (stat(path, &status) != 0 || status.st_size < keep[f])
            fail(err, "%s: has %lld bytes, the checkpoint saw %lld; start again with --force", path,
                 (long long)status.st_size, (long long)keep[f]);
    }
    return err->count == before;
}

/* Cuts the file back to `keep` bytes and goes to its end. */
static bool cut_back(const Writer *writer, int f, int descriptor, int64_t keep, Error *err) {
    if (ftruncate(descriptor, keep) != 0 || lseek(descriptor, keep, SEEK_SET) < 0)
        return cannot(writer, f, "cut back", err);
    return true;
}

static bool open_stream(Writer *writer, int f, const int64_t *keep, Error *err) {
    char path[sizeof writer->directory + 32];
    snprintf(path, sizeof path, "%s/%s", writer->directory, log_file_name[f]);
    int flags = O_WRONLY | O_CLOEXEC | (keep ? 0 : O_CREAT | O_TRUNC);
    int descriptor = open(path, flags, 0666);
    if (descriptor < 0) return cannot(writer, f, keep ? "open" : "create", err);
    if (keep && !cut_back(writer, f, descriptor, keep[f], err)) {
        close(descriptor);
        return false;
    }
    writer->file[f] = fdopen(descriptor, "w");
    if (!writer->file[f]) {
        close(descriptor);
        return cannot(writer, f, "open", err);
    }
    setvbuf(writer->file[f], writer->buffer + (size_t)f * STREAM_BYTES, _IOFBF, STREAM_BYTES);
    return true;
}

static bool open_log(Writer *writer, int f, const LogPlan *plan, const int64_t *keep, Error *err) {
    if (!open_stream(writer, f, keep, err)) return false;
    return keep || put_header(writer, (LogFile)f, plan, err);
}

bool writer_open(Writer *writer, const char *directory, const LogPlan *plan, const int64_t *keep, Error *err) {
    *writer = (Writer){0};
    if (!text_copy(writer->directory, sizeof writer->directory, directory))
        return fail(err, "%s: the path is longer than %zu bytes", directory, sizeof writer->directory - 1);
    writer->buffer = malloc((size_t)LOG_FILES * STREAM_BYTES);
    bool ok = writer->buffer || fail(err, "%s: no memory for the logs' buffers", directory);
    for (int f = 0; ok && f < LOG_FILES; f++)
        if (wanted(plan, f)) ok = open_log(writer, f, plan, keep, err);
    Error ignored = {0};
    if (!ok) writer_close(writer, &ignored);
    return ok;
}

/* A stream forgets the rows that it could not write: only ferror remembers. */
static bool flush_log(const Writer *writer, int f, Error *err) {
    bool lost = ferror(writer->file[f]);
    if (fflush(writer->file[f]) != 0) return cannot(writer, f, "write", err);
    return !lost || fail(err, "%s/%s: cannot write: rows were lost before", writer->directory, log_file_name[f]);
}

static bool sync_log(const Writer *writer, int f, Error *err) {
    /* EINVAL: a pipe or a device, which has no disk to be written to */
    return fsync(fileno(writer->file[f])) == 0 || errno == EINVAL || cannot(writer, f, "write", err);
}

bool writer_flush(Writer *writer, bool sync, Error *err) {
    for (int f = 0; f < LOG_FILES; f++) {
        if (!writer->file[f]) continue;
        if (!flush_log(writer, f, err)) return false;
        if (sync && !sync_log(writer, f, err)) return false;
    }
    return true;
}

void writer_sizes(const Writer *writer, int64_t *size) {
    for (int f = 0; f < LOG_FILES; f++) size[f] = writer->file[f] ? ftello(writer->file[f]) : 0;
}

bool writer_close(Writer *writer, Error *err) {
    bool ok = true;
    for (int f = 0; f < LOG_FILES; f++) {
        if (!writer->file[f]) continue;
        bool flushed = flush_log(writer, f, err);
        bool closed = fclose(writer->file[f]) == 0 || (flushed && cannot(writer, f, "write", err));
        ok = ok && flushed && closed;
    }
    free(writer->buffer);
    *writer = (Writer){0};
    return ok;
}
