/* test_schedule: every schedule against torch.optim.lr_scheduler (tests/reference/schedule.py), warm-up,
 * units, ranges, messages. */
#include "nn/schedule.h"

#include <math.h>

#include "../reference/reference.h"

static const double tolerance = 1e-9;

static void compare_factors(const ReferenceCase *it) {
    const ReferenceList *factor = reference_list(it, "factor"), *loss = reference_find(it, "loss");
    const Schedule *schedule = schedule_of(&it->choice);
    const void *p = choice_params(&it->choice);
    ScheduleState state = {0};
    double total = reference_number(it, "total");
    assert_int_equal(factor->count, (int)total);
    for (int t = 0; t < factor->count; t++) {
        double seen = schedule->factor(p, t, total, &state);
        reference_near(it, "factor", t, seen, factor->number[t], tolerance, 1e-6);
        if (loss) schedule->after_epoch(p, &state, loss->number[t]);
    }
}

/* The same factors by the rates of a run, whichever unit the row is to count in: a whole epoch has one rate, or each
 * update has its own. */
static void compare_units(const ReferenceCase *it) {
    enum { STEPS = 3 };
    const ReferenceList *factor = reference_list(it, "factor");
    const Warmup none = {0};
    const ScheduleState start = {0};
    Choice choice = it->choice;
    if (reference_find(it, "loss")) return; /* its state is not the start's */
    for (int unit = 0; choice.variant->fields[0].names[unit]; unit++) {
        *(int *)choice.params.bytes = unit;
        for (int i = 0; i < factor->count * (unit == UNIT_EPOCH ? STEPS : 1); i++) {
            double seen = unit == UNIT_EPOCH ? schedule_rate(&choice, &none, &start, 0.25, i, STEPS, factor->count)
                                             : schedule_rate(&choice, &none, &start, 0.25, i, factor->count, 1);
            int t = unit == UNIT_EPOCH ? i / STEPS : i;
            reference_near(it, "rate", t, seen, 0.25 * factor->number[t], tolerance, 1e-6);
        }
    }
}

static void compare_rates(const ReferenceCase *it) {
    const ReferenceList *warmup = reference_list(it, "warmup"), *rate = reference_list(it, "rate");
    const ReferenceList *epochs = reference_list(it, "epochs");
    Warmup on = {true, warmup->number[0], warmup->number[1]};
    ScheduleState state = {0};
    for (int i = 0; i < rate->count; i++) {
        double seen =
            schedule_rate(&it->choice, &on, &state, 0.5, i, (int64_t)epochs->number[1], (int64_t)epochs->number[0]);
        reference_near(it, "rate", i, seen, 0.5 * rate->number[i], tolerance, 1e-6);
    }
}

static void every_schedule_is_that_of_torch(void **state) {
    (void)state;
    FILE *file = reference_open("tests/reference/schedule.txt");
    static ReferenceCase it;
    bool seen[64] = {false};
    while (reference_next(file, &schedules, &it)) {
        (reference_find(&it, "rate") ? compare_rates : compare_factors)(&it);
        if (!reference_find(&it, "rate")) compare_units(&it);
        seen[schedule_of(&it.choice) - (const Schedule *)schedules.rows] = true;
    }
    fclose(file);
    for (int i = 0; i < schedules.count; i++)
        if (!seen[i]) fail_msg("%s has no reference", family_row(&schedules, i)->name);
}

static void assert_factors(const Choice *choice, int total) {
    ScheduleState state = {0};
    for (int t = 0; t < total; t++) {
        double factor = schedule_of(choice)->factor(choice_params(choice), t, total, &state);
        if (!isfinite(factor) || factor < 0)
            fail_msg("%s: factor %g at %d of %d", choice->variant->name, factor, t, total);
    }
}

/* Every number at its default, at its least and at its most: the factors stay finite and >= 0. */
static void factors_are_finite(void **state) {
    (void)state;
    const int totals[] = {1, 2, 3, 10, 101};
    for (int row = 0; row < schedules.count; row++)
        for (int k = 0; k < 5; k++) {
            Choice plain = choice_of(&schedules, family_row(&schedules, row)->name);
            assert_factors(&plain, totals[k]);
            for (const Field *field = plain.variant->fields; field->name; field++)
                for (int end = 0; end < 2; end++) {
                    Choice choice = plain;
                    void *at = (char *)choice.params.bytes + field->offset;
                    double value = end ? field->max : field->min;
                    if (field->kind == FIELD_KIND_REAL) *(double *)at = value;
                    if (field->kind == FIELD_KIND_INT && !field->most) *(int64_t *)at = (int64_t)value;
                    assert_factors(&choice, totals[k]);
                }
        }
}

static void every_row_begins_with_its_unit(void **state) {
    (void)state;
    for (int i = 0; i < schedules.count; i++) {
        const Schedule *row = (const Schedule *)family_row(&schedules, i);
        const Field *field = row->head.fields;
        assert_true(row->head.name[0] && row->head.help[0] && row->factor);
        assert_string_equal(field->name, "unit");
        assert_int_equal(field->offset, 0);
        assert_string_equal(field->names[UNIT_EPOCH], "epoch");
        for (; field->name; field++) assert_true(field->help && field->help[0]);
    }
    Choice one_cycle = choice_of(&schedules, "one_cycle"), step = choice_of(&schedules, "step");
    assert_int_equal(schedule_unit(&one_cycle), UNIT_STEP);
    assert_int_equal(schedule_unit(&step), UNIT_EPOCH);
}

static double rate_of(const char *words, const Warmup *warmup, int64_t step, int64_t steps_per_epoch,
                      int64_t epochs) {
    char text[128];
    ScheduleState state = {0};
    snprintf(text, sizeof text, "%s", words);
    Choice choice = reference_choice(&schedules, text);
    return schedule_rate(&choice, warmup, &state, 1, step, steps_per_epoch, epochs);
}

static void units_count_epochs_or_updates(void **state) {
    (void)state;
    const Warmup none = {0};
    assert_true(rate_of("exponential gamma=0.5", &none, 9, 10, 3) == 1);
    assert_true(rate_of("exponential gamma=0.5", &none, 10, 10, 3) == 0.5);
    assert_true(rate_of("exponential gamma=0.5", &none, 29, 10, 3) == 0.25);
    assert_true(rate_of("exponential gamma=0.5 unit=step", &none, 3, 10, 3) == 0.125);
    assert_true(rate_of("linear", &none, 20, 10, 4) == 0.5);
    assert_true(rate_of("linear unit=step", &none, 30, 10, 4) == 0.25);
}

static void warmup_stands_outside(void **state) {
    (void)state;
    const Warmup two = {true, 2, 0}, tiny = {true, 1e-9, 0.5}, whole = {true, 4, 0.5}, longer = {true, 8, 0};
    assert_true(rate_of("linear", &two, 0, 10, 4) == 0);
    assert_true(rate_of("linear", &two, 5, 10, 4) == 0.25);
    assert_true(rate_of("linear", &two, 20, 10, 4) == 1);
    assert_true(rate_of("linear", &two, 30, 10, 4) == 0.5);
    assert_true(rate_of("linear", &tiny, 0, 10, 4) == 0.5);
    assert_true(rate_of("linear", &tiny, 1, 10, 4) == 1);
    assert_true(rate_of("linear", &whole, 20, 10, 4) == 0.75);
    assert_true(rate_of("linear", &longer, 39, 10, 4) == 39.0 / 80);
}

static void assert_check(const char *words, const char *message) {
    char text[128];
    static Error err;
    err = (Error){0};
    snprintf(text, sizeof text, "%s", words);
    Choice choice = reference_choice(&schedules, text);
    assert_int_equal(schedule_of(&choice)->check(choice_params(&choice), &err), message == NULL);
    assert_int_equal(err.count, message != NULL);
    if (message) assert_string_equal(err.text, message);
}

static void gamma_without_effect_is_refused(void **state) {
    (void)state;
    assert_check("cyclic", NULL);
    assert_check("cyclic mode=exp_range gamma=0.9", NULL);
    assert_check("cyclic mode=triangular2 gamma=0.9",
                 "gamma: 0.9 has no effect in mode triangular2; set mode to exp_range or leave gamma out");
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_begins_with_its_unit),
        cmocka_unit_test(every_schedule_is_that_of_torch),
        cmocka_unit_test(factors_are_finite),
        cmocka_unit_test(units_count_epochs_or_updates),
        cmocka_unit_test(warmup_stands_outside),
        cmocka_unit_test(gamma_without_effect_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
