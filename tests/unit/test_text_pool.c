/* text_pool: a list of texts held by value, as a field: read, shown, documented, refused when it does not fit. */
#include "config/read.h"
#include "config/show.h"
#include "data_files.h"

typedef struct Words {
    TextPool words;
    int64_t after;
} Words;

static const Field fields[] = {
    FIELD_TEXTS(Words, words, .def_text = "none", .help = "what is said"), FIELD_INT(Words, after, .def = 3), {0}};

static Words words, again;
static Error err;

static bool read_words(const char *text, Words *out) {
    err = (Error){0};
    Json *json = json_parse(text, strlen(text), &err);
    if (!json) fail_msg("%s", err.text);
    memset(out, 0xAA, sizeof *out); /* whatever is not set shows */
    bool ok = config_read(json, fields, "", out, &err);
    json_free(json);
    return ok;
}

static void it_holds_what_fits(void **state) {
    (void)state;
    static TextPool pool;
    static char longest[TEXT_POOL_BYTES];
    assert_null(text_pool_next(&pool, NULL));
    assert_true(text_pool_add(&pool, "a"));
    assert_true(text_pool_add(&pool, ""));
    memset(longest, 'x', sizeof longest - 4);
    assert_true(text_pool_add(&pool, longest)); /* 2 + 1 + 65533 bytes: full */
    assert_int_equal(pool.bytes, TEXT_POOL_BYTES);
    assert_false(text_pool_add(&pool, ""));
    assert_int_equal(pool.count, 3);
    const char *text = text_pool_next(&pool, NULL);
    assert_string_equal(text, "a");
    assert_string_equal(text = text_pool_next(&pool, text), "");
    assert_string_equal(text = text_pool_next(&pool, text), longest);
    assert_null(text_pool_next(&pool, text));
}

static void it_is_read_and_shown(void **state) {
    (void)state;
    static const char *const texts[] = {"[]", "[\"a=b\", \"\", \"c\\n\xc3\xa9\", \"a=b\"]"};
    for (int i = 0; i < 2; i++) {
        char config[128];
        snprintf(config, sizeof config, "{\"words\": %s}", texts[i]);
        if (!read_words(config, &words)) fail_msg("%s", err.text);
        assert_int_equal(words.words.count, i ? 4 : 0);
        assert_int_equal(words.after, 3);
        Json *shown = config_show(fields, &words);
        char *printed = json_print(json_get(shown, "words"), false), *whole = json_print(shown, false);
        assert_string_equal(printed, texts[i]);
        assert_true(read_words(whole, &again));
        assert_memory_equal(&again.words, &words.words, sizeof words.words);
        free(printed), free(whole), json_free(shown);
    }
    assert_true(read_words("{}", &words));
    assert_int_equal(words.words.count, 0);
}

static void refusals(void **state) {
    (void)state;
    assert_false(read_words("{\"words\": \"a\"}", &words));
    assert_messages(&err, "words: expected a list of texts, got a text (\"a\")");
    assert_false(read_words("{\"words\": [\"a\", 3, null]}", &words));
    assert_messages(&err, "words.1: expected a text, got 3; put it in double quotes\n"
                          "words.2: expected a text, got null");
    static char large[TEXT_POOL_BYTES + 64];
    int at = sprintf(large, "{\"words\": [\"");
    memset(large + at, 'x', TEXT_POOL_BYTES);
    strcpy(large + at + TEXT_POOL_BYTES, "\"]}");
    assert_false(read_words(large, &words));
    assert_messages(&err, "words: the texts take more than the 65536 bytes there is room for; use fewer or shorter "
                          "ones");
}

static void it_is_documented(void **state) {
    (void)state;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    show_markdown(fields, NULL, 0, out);
    fclose(out);
    assert_non_null(strstr(text, "| `words` | list of texts | none | what is said |"));
    free(text);
    Json *schema = show_schema(fields, NULL, 0);
    text = json_print(json_get(json_get(schema, "properties"), "words"), false);
    assert_string_equal(text, "{\"type\": \"array\", \"items\": {\"type\": \"string\"}, \"description\": \"what is "
                              "said\"}");
    free(text), json_free(schema);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_holds_what_fits),
        cmocka_unit_test(it_is_read_and_shown),
        cmocka_unit_test(refusals),
        cmocka_unit_test(it_is_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
