/* test_identity: what makes a cell another cell, and what does not. */
#include "search/identity.h"

#include <dlfcn.h>

#include "data_files.h"

#define DATA "x,y,label\n1,2,a\n2,1,b\n3,1,b\n1,3,a\n"
#define BASE                                                                                                         \
    "{\"data\": {\"file\": \"d.csv\", \"validation\": \"v.csv\"}, \"model\": {\"hidden\": [3]},"                     \
    " \"train\": {\"lr\": 0.1}}"

/* How often a file of each name is opened to be hashed. */
static int opened_data, opened_validation;

FILE *fopen(const char *path, const char *mode) {
    static FILE *(*next)(const char *, const char *);
    if (!next) *(void **)&next = dlsym(RTLD_NEXT, "fopen");
    size_t length = strlen(path);
    if (mode[0] == 'r' && length >= 5) {
        opened_data += strcmp(path + length - 5, "d.csv") == 0;
        opened_validation += strcmp(path + length - 5, "v.csv") == 0;
    }
    return next(path, mode);
}

static bool identify(const char *path, const char *const *axis, int axes, const char *version, CellIdentity *out,
                     int cells, Error *err) {
    static SweepPlan plan;
    Pool *pool = pool_create(2, err);
    if (!plan_load(&(PlanRequest){.config = path, .axis = axis, .axes = axes}, &plan, err)) fail_msg("%s", err->text);
    assert_int_equal(plan.cells, cells);
    if (version) plan.version = version;
    bool ok = identify_cells(&plan, pool, out, err);
    plan_free(&plan);
    pool_free(pool);
    return ok;
}

static CellIdentity name_in(const char *path, const char *version) {
    static Error err;
    CellIdentity out;
    const char *axis[] = {"seed=1"};
    err = (Error){0};
    if (!identify(path, axis, 1, version, &out, 1, &err)) fail_msg("%s", err.text);
    return out;
}

static uint64_t name_of(const char *config) {
    write_text("a.json", config);
    return name_in("a.json", NULL).hash;
}

static void files(void) {
    write_text("d.csv", DATA);
    write_text("v.csv", DATA);
    write_text("w.safetensors", "any bytes: they are only hashed");
}

static void what_changes_no_number_changes_no_name(void **state) {
    (void)state;
    files();
    uint64_t name = name_of(BASE);
    const char *const same[] = {
        /* about, name, log */
        "{\"about\": \"x\", \"name\": \"y\", \"log\": {\"every\": 3, \"probe_rows\": 7, \"histograms\": true},"
        " \"data\": {\"file\": \"d.csv\", \"validation\": \"v.csv\"}, \"model\": {\"hidden\": [3]},"
        " \"train\": {\"lr\": 0.1}}",
        /* order of keys, another way to write a number */
        "{\"train\": {\"lr\": 1e-1}, \"model\": {\"hidden\": [3]},"
        " \"data\": {\"validation\": \"v.csv\", \"file\": \"./d.csv\"}}",
        /* defaults written out */
        "{\"data\": {\"file\": \"d.csv\", \"validation\": \"v.csv\", \"header\": \"auto\", \"split_seed\": 1},"
        " \"preprocess\": [], \"seed\": 1, \"model\": {\"hidden\": [3], \"activation\": {\"name\": \"relu\"},"
        " \"init\": \"he\", \"output_init\": \"he\", \"dropout\": 0}, \"train\": {\"lr\": 0.1, \"batch\": 32,"
        " \"optimizer\": {\"name\": \"sgd\", \"momentum\": 0}, \"early_stop\": null}}",
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) assert_true(name_of(same[i]) == name);
}

static void every_section_changes_the_name(void **state) {
    (void)state;
    files();
    uint64_t name[16];
    const char *const other[] = {
        BASE,
        "{\"data\": {\"file\": \"d.csv\", \"validation\": \"v.csv\", \"split_seed\": 2}, \"model\": {\"hidden\": "
        "[3]},"
        " \"train\": {\"lr\": 0.1}}",
        "{\"data\": {\"file\": \"d.csv\", \"validation\": 0.5}, \"model\": {\"hidden\": [3]}, \"train\": {\"lr\": "
        "0.1}}",
        "{\"data\": {\"file\": \"d.csv\"}, \"model\": {\"hidden\": [3]}, \"train\": {\"lr\": 0.1}}",
        "{\"data\": {\"file\": \"d.csv\", \"test\": \"v.csv\"}, \"model\": {\"hidden\": [3]}, \"train\": {\"lr\": "
        "0.1}}",
        "{\"data\": {\"file\": \"d.csv\", \"validation\": \"v.csv\"}, \"preprocess\": [\"center\"],"
        " \"model\": {\"hidden\": [3]}, \"train\": {\"lr\": 0.1}}",
        "{\"data\": {\"file\": \"d.csv\", \"validation\": \"v.csv\", \"image\": {\"height\": 1, \"width\": 2}},"
        " \"model\": {\"hidden\": [3]}, \"train\": {\"lr\": 0.1}}",
        "{\"data\": {\"file\": \"d.csv\", \"validation\": \"v.csv\", \"image\": {\"height\": 1, \"width\": 2}},"
        " \"augment\": [\"noise\"], \"model\": {\"hidden\": [3]}, \"train\": {\"lr\": 0.1}}",
        "{\"data\": {\"file\": \"d.csv\", \"validation\": \"v.csv\"}, \"model\": {\"hidden\": [4]},"
        " \"train\": {\"lr\": 0.1}}",
        "{\"data\": {\"file\": \"d.csv\", \"validation\": \"v.csv\"}, \"model\": {\"hidden\": [3],"
        " \"from\": \"w.safetensors\"}, \"train\": {\"lr\": 0.1}}",
        "{\"data\": {\"file\": \"d.csv\", \"validation\": \"v.csv\"}, \"model\": {\"hidden\": [3]},"
        " \"train\": {\"lr\": 0.100000001}}",
    };
    enum { OTHERS = sizeof other / sizeof other[0] };
    for (int i = 0; i < OTHERS; i++) {
        name[i] = name_of(other[i]);
        for (int j = 0; j < i; j++)
            if (name[i] == name[j]) fail_msg("%s\nhas the name of\n%s", other[i], other[j]);
    }
}

static void every_byte_of_a_file_changes_the_name(void **state) {
    (void)state;
    files();
    const char *const config = "{\"data\": {\"file\": \"d.csv\", \"validation\": \"v.csv\", \"test\": \"t.csv\"},"
                               " \"model\": {\"hidden\": [3], \"from\": \"w.safetensors\"}}";
    const char *const path[] = {"d.csv", "v.csv", "t.csv", "w.safetensors"};
    write_text("t.csv", DATA);
    uint64_t name = name_of(config);
    for (int i = 0; i < 4; i++) {
        char text[256] = "";
        FILE *file = fopen(path[i], "r+");
        assert_true(fread(text, 1, sizeof text - 1, file) > 0);
        rewind(file);
        text[strlen(text) - 2]++;
        fputs(text, file);
        fclose(file);
        assert_true(name_of(config) != name);
        text[strlen(text) - 2]--;
        write_text(path[i], text);
        assert_true(name_of(config) == name);
    }
    /* Two files that change places are others. */
    write_text("d.csv", DATA "9,9,a\n");
    uint64_t one = name_of(config);
    write_text("d.csv", DATA);
    write_text("v.csv", DATA "9,9,a\n");
    assert_true(name_of(config) != one);
}

static void another_version_has_other_cells(void **state) {
    (void)state;
    files();
    write_text("a.json", BASE);
    uint64_t name = name_in("a.json", NULL).hash;
    assert_true(name_in("a.json", "0.0.0-other").hash != name);
    assert_true(name_in("a.json", NULL).hash == name);
}

static void names_are_the_same_elsewhere(void **state) {
    (void)state;
    files();
    uint64_t name = name_of(BASE);
    assert_int_equal(system("mkdir -p else/where && cp a.json d.csv v.csv else/where && mv else/where/a.json "
                            "else/where/b.json"),
                     0);
    assert_true(name_in("else/where/b.json", NULL).hash == name);
    assert_int_equal(system("rm -r else"), 0);
}

static void files_are_read_once(void **state) {
    (void)state;
    static Error err;
    static CellIdentity out[3000];
    files();
    write_text("a.json", BASE);
    const char *axis[] = {"train.lr=linear:1:2:1500", "model.init=he,xavier"};
    opened_data = opened_validation = 0;
    err = (Error){0};
    assert_true(identify("a.json", axis, 2, NULL, out, 3000, &err));
    assert_int_equal(opened_data, 1);
    assert_int_equal(opened_validation, 1);
    for (int i = 1; i < 3000; i++) {
        assert_true(out[i].data == out[0].data);
        assert_int_equal(out[i].size == out[0].size, i % 2 == 0); /* the rate sizes nothing, the init does */
    }
}

static void data_are_told_apart_by_what_prepares_them(void **state) {
    (void)state;
    static Error err;
    CellIdentity out[6];
    files();
    write_text("a.json", BASE);
    const char *axis[] = {"preprocess=[],[\"standardize\"]", "data.split_seed=1,2,3"};
    assert_true(identify("a.json", axis, 2, NULL, out, 6, &err));
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < i; j++) assert_true(out[i].data != out[j].data && out[i].size != out[j].size);
}

static void assert_identify_fails(const char *const *axis, int axes, int cells, const char *expected) {
    static Error err;
    static CellIdentity out[64];
    err = (Error){0};
    assert_false(identify("a.json", axis, axes, NULL, out, cells, &err));
    assert_messages(&err, expected);
}

static void equal_errors_are_told_once(void **state) {
    (void)state;
    files();
    write_text("a.json", BASE);
    assert_identify_fails(
        (const char *[]){"train.lr=0.1,-2,-3", "seed=1,2"}, 2, 6,
        "a.json: cell 3 (train.lr=-2 seed=1) and 1 more: train.lr: -2 is out of range; use a number "
        "above 0\n"
        "a.json: cell 5 (train.lr=-3 seed=1) and 1 more: train.lr: -3 is out of range; use a number "
        "above 0");
    assert_identify_fails((const char *[]){"train.lr=0.1,-2"}, 1, 2,
                          "a.json: cell 2 (train.lr=-2): train.lr: -2 is out of range; use a number above 0");
    write_text("a.json", "{\"data\": {\"flie\": \"d.csv\"}}");
    assert_identify_fails((const char *[]){"train.lr=0.1,-2"}, 1, 2,
                          "a.json: every cell: data.flie: unknown key; did you mean 'file'?\n"
                          "a.json: every cell: data.file: required key is missing; CSV file of the training data (or "
                          ".gz, or - for standard input): path\n"
                          "a.json: cell 2 (train.lr=-2): train.lr: -2 is out of range; use a number above 0");
}

static void one_experiment_twice_is_refused(void **state) {
    (void)state;
    files();
    write_text("a.json", BASE);
    assert_identify_fails((const char *[]){"model.init=he,{\"name\":\"he\"},xavier"}, 1, 3,
                          "a.json: cells 1 (model.init=he) and 2 (model.init={\"name\": \"he\"}) are one experiment, "
                          "written in two ways; leave one out");
}

static void data_that_are_no_file_are_refused(void **state) {
    (void)state;
    files();
    write_text("a.json", "{\"data\": {\"file\": \"-\"}}");
    assert_identify_fails((const char *[]){"seed=1,2"}, 1, 2,
                          "a.json: every cell: -: a sweep's cells are named by the bytes of their data; save it in a "
                          "file");
    char expected[800], here[512];
    assert_non_null(getcwd(here, sizeof here));
    write_text("a.json", "{\"data\": {\"file\": \"d.csv\"}}");
    snprintf(expected, sizeof expected,
             "a.json: cell 2 (data.file=no.csv): %s/no.csv: cannot read: No such file or directory", here);
    assert_identify_fails((const char *[]){"data.file=d.csv,no.csv"}, 1, 2, expected);
}

static int prepare(void **state) {
    (void)state;
    enter_directory();
    return 0;
}

static int clean(void **state) {
    (void)state;
    leave_directory();
    return 0;
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_changes_no_number_changes_no_name),
        cmocka_unit_test(every_section_changes_the_name),
        cmocka_unit_test(every_byte_of_a_file_changes_the_name),
        cmocka_unit_test(another_version_has_other_cells),
        cmocka_unit_test(names_are_the_same_elsewhere),
        cmocka_unit_test(files_are_read_once),
        cmocka_unit_test(data_are_told_apart_by_what_prepares_them),
        cmocka_unit_test(equal_errors_are_told_once),
        cmocka_unit_test(one_experiment_twice_is_refused),
        cmocka_unit_test(data_that_are_no_file_are_refused),
    };
    return cmocka_run_group_tests_name("identity", tests, prepare, clean);
}
