/* range_report: see range_report.h. */
#include "search/range_report.h"

#include "base/csv_out.h"
#include "base/json.h"
#include "base/text.h"
#include "experiment/version.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char curve_file[] = "find_lr.csv", runs_file[] = "confirmation.csv", answer_file[] = "suggestion.json";

/* ---- the directory ----------------------------------------------------------------------------------- */

/* Whether the directory has an answer of a range test. */
static bool own(const char *path) {
    char file[PATH_BYTES], *text;
    size_t size;
    Error ignored = {0};
    if (!path_join(file, path, answer_file, &ignored) || !file_read(file, &text, &size, &ignored)) return false;
    Json *json = json_parse(text, size, &ignored);
    bool found = json && json_type(json) == JSON_OBJECT && json_get(json, "find_lr");
    json_free(json);
    free(text);
    return found;
}

bool range_report_claim(RunDirectory *directory, const char *path, bool force, Error *err) {
    bool exists, empty;
    if (strlen(path) + 64 > PATH_BYTES) return fail(err, "%.60s…: the path is too long", path);
    if (!directory_state(path, &exists, &empty, err)) return false;
    if (!exists || empty) return run_directory_claim(directory, path, CLAIM_NEW, err);
    if (!own(path))
        return fail(err, "%s: holds files but no %s of a range test; choose another with --out", path, answer_file);
    if (!force) return fail(err, "%s: exists already; use --force to replace it, or --out for another", path);
    *directory = (RunDirectory){.lock = -1, .existed = strlen(path)};
    strcpy(directory->path, path);
    return directory_lock(path, 0, &directory->lock, err) == LOCK_HELD;
}

/* ---- files ------------------------------------------------------------------------------------------- */

static void put_names(CsvOut *csv, const char *const *names, int count) {
    for (int i = 0; i < count; i++) csv_out_text(csv, "", names[i], "");
    csv_out_end_row(csv);
}

static void put_numbers(CsvOut *csv, const double *values, int count) {
    for (int i = 0; i < count; i++) csv_out_number(csv, values[i]);
}

static void put_curve(CsvOut *csv, const RangeCurve *curve) {
    for (int i = 0; i < curve->sweep.n; i++) {
        const LrStep *step = &curve->sweep.step[i];
        put_numbers(
            csv, (double[]){(double)curve->seed, i + 1, step->lr, step->batch_loss, step->loss, curve->smooth[i]}, 6);
        csv_out_end_row(csv);
    }
}

static bool write_curves(const char *path, const RangeTest *test, Error *err) {
    static const char *const names[] = {"seed", "step", "lr", "batch_loss", "loss", "smoothed"};
    CsvOut csv;
    if (!csv_out_open(&csv, path, err)) return false;
    put_names(&csv, names, 6);
    for (int64_t s = 0; s < test->plan.seeds; s++) put_curve(&csv, &test->curve[s]);
    return csv_out_close(&csv, true, err);
}

static bool write_runs(const char *path, const RangeTest *test, Error *err) {
    static const char *const names[] = {"lr", "seed", "status", "epochs", "train_loss", "val_loss"};
    CsvOut csv;
    if (test->rates == 0) return file_remove(path, err);
    if (!csv_out_open(&csv, path, err)) return false;
    put_names(&csv, names, 6);
    for (int r = 0; r < test->rates; r++)
        for (int i = 0; i < test->rate[r].runs; i++) {
            const LrRun *run = &test->rate[r].run[i];
            put_numbers(&csv, (double[]){run->lr, (double)run->seed}, 2);
            csv_out_text(&csv, "", run_status_name[run->status], "");
            put_numbers(&csv, (double[]){(double)run->epochs, run->train_loss, run->val_loss}, 3);
            csv_out_end_row(&csv);
        }
    return csv_out_close(&csv, true, err);
}

/* JSON has no nan and no infinity. */
static Json *number(double value) { return isfinite(value) ? json_new_number(value) : json_new_null(); }

static Json *rules_json(const double *rule) {
    Json *json = json_new_object();
    for (int r = 0; r < LR_RULES; r++) json_set(json, lr_rule_name[r], number(rule[r]));
    return json;
}

static Json *curves_json(const RangeTest *test) {
    Json *list = json_new_array();
    for (int64_t s = 0; s < test->plan.seeds; s++) {
        const RangeCurve *curve = &test->curve[s];
        Json *json = json_new_object();
        json_set(json, "seed", json_new_number((double)curve->seed));
        json_set(json, "verdict", json_new_text(lr_verdict_name[curve->reading.verdict]));
        json_set(json, "rules", rules_json(curve->reading.rule));
        json_append(list, json);
    }
    return list;
}

static bool has_validation(const RangeTest *test) { return test->data->validation.rows > 0; }

static Json *confirmation_json(const RangeTest *test) {
    if (test->rates == 0) return json_new_null();
    Json *json = json_new_object(), *list = json_new_array();
    json_set(json, "epochs", json_new_number((double)test->plan.confirm));
    json_set(json, "judged_by", json_new_text(has_validation(test) ? "val_loss" : "train_loss"));
    json_set(json, "before_training", number(test->rate[0].start));
    for (int r = 0; r < test->rates; r++) {
        const RangeRate *rate = &test->rate[r];
        Json *row = json_new_object();
        json_set(row, "lr", json_new_number(rate->lr));
        json_set(row, "runs", json_new_number(rate->runs));
        json_set(row, "diverged", json_new_number(rate->diverged));
        json_set(row, "median_loss", number(rate->loss));
        json_append(list, row);
    }
    json_set(json, "rates", list);
    return json;
}

static Json *answer_json(const RangeTest *test) {
    char reason[RANGE_REASON_BYTES];
    range_report_reason(test, reason);
    Json *json = json_new_object(), *range = json_new_object();
    json_set(json, "find_lr", json_new_text(NNEXP_VERSION));
    json_set(json, "suggestion", number(test->suggestion));
    json_set(json, "low", number(test->low));
    json_set(json, "high", number(test->high));
    json_set(json, "edge", test->edge ? json_new_text(test->edge < 0 ? "low" : "high") : json_new_null());
    json_set(json, "outcome", json_new_text(range_outcome_name[test->outcome]));
    json_set(json, "reason", *reason ? json_new_text(reason) : json_new_null());
    json_set(json, "rules", rules_json(test->rule));
    json_set(json, "curves", curves_json(test));
    json_set(json, "confirmation", confirmation_json(test));
    json_set(range, "low", json_new_number(test->plan.low));
    json_set(range, "high", json_new_number(test->plan.high));
    json_set(range, "steps", json_new_number((double)test->plan.steps));
    json_set(json, "range", range);
    json_set(json, "config", settings_show(test->settings));
    return json;
}

static bool write_answer(const char *path, const RangeTest *test, Error *err) {
    Json *json = answer_json(test);
    char *text = json_print(json, true);
    bool ok = file_write_atomic(path, text, strlen(text), err);
    free(text);
    json_free(json);
    return ok;
}

bool range_report_write(const RunDirectory *directory, const RangeTest *test, Error *err) {
    char curves[PATH_BYTES], runs[PATH_BYTES], answer[PATH_BYTES];
    return path_join(curves, directory->path, curve_file, err) && path_join(runs, directory->path, runs_file, err) &&
           path_join(answer, directory->path, answer_file, err) && file_remove(answer, err) &&
           write_curves(curves, test, err) && write_runs(runs, test, err) && write_answer(answer, test, err);
}

/* ---- words ------------------------------------------------------------------------------------------- */

static const char *const why[LR_VERDICTS] = {
    [LR_SHORT] = "diverges within its first steps; lower --low",
    [LR_FLAT] = "is flat: the loss falls by less than 2 % at any rate; raise --high, or mend the network",
    [LR_NOISY] = "is noisy: the fall does not stand out of the noise; raise --steps, or enlarge train.batch",
    [LR_STILL_DOWN] = "never diverges: the loss has not risen again at the highest rate; raise --high",
    [LR_FROM_START] = "falls fastest at the lowest rates; lower --low"};

static const char *const further[] = {"lower --low, ", "raise --high, "};

/* Whether it is --low or --high that the walk stopped at. */
static bool bounded(const RangeTest *test) { return test->edge != 0 && test->rates < RANGE_MOST_RATES; }

void range_report_reason(const RangeTest *test, char out[RANGE_REASON_BYTES]) {
    *out = '\0';
    if (test->outcome == RANGE_DECLINED)
        snprintf(out, RANGE_REASON_BYTES, "%lld of %lld curves cannot be read; most often the curve %s",
                 (long long)(test->plan.seeds - test->readable), (long long)test->plan.seeds, why[test->verdict]);
    if (test->outcome == RANGE_WITHDRAWN)
        snprintf(
            out, RANGE_REASON_BYTES,
            "the curves suggest %.3g, but no run of %lld epoch%s from lr %.3g to %.3g ended below the loss before "
            "training; %sraise --confirm, or mend the network",
            test->rule[LR_STEEPEST], (long long)test->plan.confirm, test->plan.confirm == 1 ? "" : "s",
            test->rate[0].lr, test->rate[test->rates - 1].lr, bounded(test) ? further[test->edge > 0] : "");
}

static void print_rules(const RangeTest *test, FILE *out) {
    fprintf(out, "  by the curve, median of %d of %lld seed%s:", test->readable, (long long)test->plan.seeds,
            test->plan.seeds == 1 ? "" : "s");
    for (int r = 0; r < LR_RULES; r++) fprintf(out, "  %s %.3g", lr_rule_name[r], test->rule[r]);
    fputc('\n', out);
}

static void print_rates(const RangeTest *test, FILE *out) {
    fprintf(out, "  after %lld epoch%s, median %s of %d seed%s (%.4g before training):\n",
            (long long)test->plan.confirm, test->plan.confirm == 1 ? "" : "s",
            has_validation(test) ? "val_loss" : "train_loss", test->rate[0].runs, test->rate[0].runs == 1 ? "" : "s",
            test->rate[0].start);
    for (int r = 0; r < test->rates; r++) {
        const RangeRate *rate = &test->rate[r];
        if (isfinite(rate->loss)) fprintf(out, "    lr %-10.3g %.4g", rate->lr, rate->loss);
        else fprintf(out, "    lr %-10.3g diverged", rate->lr);
        fprintf(out, "%s\n", rate->lr == test->suggestion ? "  <- suggested" : "");
    }
}

static void print_edge(const RangeTest *test, FILE *out) {
    bool up = test->edge > 0;
    double lr = test->suggestion;
    if (bounded(test))
        fprintf(out, "  edge: the %s rate tried is the best, and the next lies %s --%s %.3g; %s --%s\n",
                up ? "highest" : "lowest", up ? "above" : "below", up ? "high" : "low",
                up ? test->plan.high : test->plan.low, up ? "raise" : "lower", up ? "high" : "low");
    else
        fprintf(out,
                "  edge: the %s of %d rates tried is the best, and no more are tried; look further with nnexp sweep "
                "--axis train.lr=log:%.3g:%.3g:5\n",
                up ? "highest" : "lowest", test->rates, range_round(up ? lr : lr / 100),
                range_round(up ? lr * 100 : lr));
}

static void print_interval(const RangeTest *test, FILE *out) {
    if (isfinite(test->low)) fprintf(out, " (%.3g to %.3g)", test->low, test->high);
    else fprintf(out, " (no interval: one %s)", test->plan.seeds == 1 ? "seed" : "readable curve");
}

void range_report_print(const RangeTest *test, FILE *out) {
    static const char *const how[RANGE_OUTCOMES] = {[RANGE_BY_CURVE] = "by the curves alone",
                                                    [RANGE_CONFIRMED] = "confirmed by short runs",
                                                    [RANGE_MOVED] = "moved by short runs"};
    char reason[RANGE_REASON_BYTES];
    range_report_reason(test, reason);
    if (*reason) fprintf(out, "%s: no suggestion: %s\n", test->settings->name, reason);
    else {
        fprintf(out, "%s: train.lr %.3g", test->settings->name, test->suggestion);
        print_interval(test, out);
        fprintf(out, ", %s\n", how[test->outcome]);
    }
    if (test->readable > 0) print_rules(test, out);
    if (test->rates > 0) print_rates(test, out);
    if (test->edge != 0 && !*reason) print_edge(test, out);
}
