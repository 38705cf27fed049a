/* json: what RFC 8259 allows is read, everything else refused with its place, and what is printed reads the
 * same. */
#include "base/json.h"
#include "base/json_scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static Json *parse(const char *text) {
    Error err = {0};
    Json *json = json_parse(text, strlen(text), &err);
    if (!json) fail_msg("%s: %s", text, err.text);
    return json;
}

/* Texts that every JSON parser must take, in the manner of JSONTestSuite. */
static void test_accepts(void **state) {
    (void)state;
    static const char *const texts[] = {
        "{}",
        "[]",
        " [ ] ",
        "\t\r\n1\n",
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-1",
        "1e2",
        "1E+2",
        "1.5e-3",
        "123456789012345678901234567890",
        "1e-400",
        "\"\"",
        "\"a\"",
        "[1,2]",
        "[[],{},[[]]]",
        "{\"a\":{\"a\":1}}",
        "{\"\":0}",
        "{\"a\":1,\"A\":2}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u0041\\u00e9\\u20AC\\ud83d\\uDE00\"",
        "\"\x7f\"",
        "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf\"",
        "\"\xef\xbf\xbf\"",
        "\"\\u001f\"",
        "\"//\"",
        "[\"a\",\"a\"]",
    };
    for (size_t i = 0; i < COUNT(texts); i++) json_free(parse(texts[i]));
}

static void test_refuses(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        " ",
        "[",
        "]",
        "{",
        "}",
        "[1",
        "[1,",
        "[,",
        "[,1]",
        "[1,,2]",
        "[1,]",
        "[1 2]",
        "[1]]",
        "[1}",
        "{]",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{,}",
        "{\"a\" 1}",
        "{\"a\",1}",
        "{1:1}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1}x",
        "01",
        "-01",
        "00",
        "-",
        "+1",
        ".5",
        "1.",
        "1.e1",
        "1e",
        "1e+",
        "1e400",
        "-1e400",
        "0x10",
        "1_000",
        "Infinity",
        "-Infinity",
        "NaN",
        "nan",
        "True",
        "nul",
        "nulll",
        "truefalse",
        "\"",
        "\"a",
        "\"\\",
        "\"\\\"",
        "'a'",
        "\"\\x41\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\U0041\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\ud800\\n\"",
        "\"\\ud800\\u0041\"",
        "\"\\udc00\"",
        "\"\\udc00\\ud800\"",
        "\"\n\"",
        "\"\t\"",
        "\"\x01\"",
        "\"\x1f\"",
        "\"\xff\"",
        "\"\x80\"",
        "\"\xc3\"",
        "\"\xc0\x80\"",
        "\"\xe0\x80\x80\"",
        "\"\xed\xa0\x80\"",
        "\"\xf0\x80\x80\x80\"",
        "\"\xf4\x90\x80\x80\"",
        "\"\xf5\x80\x80\x80\"",
        "\xe9",
        "[\xc3\xa9]",
        "\xef\xbb\xbf{}",
        "\xff\xfe{}",
        "// x\n1",
        "1 /* x */",
        "# x",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "[{\"a\":{\"b\":1,\"c\":2,\"b\":3}}]",
        "\f1",
        "1\v",
        "\xc2\xa0[]",
        "[1]\x01",
        "1234567890123456789012345678901234567890123456789012345678901234",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        Error err = {0};
        if (json_parse(texts[i], strlen(texts[i]), &err)) fail_msg("accepted: %s", texts[i]);
        assert_int_equal(err.count, 1);
        assert_null(strstr(err.text, "not enough memory"));
    }
    Error err = {0};
    assert_null(json_parse("1\0", 2, &err)); /* a raw NUL behind the value, and inside a text */
    assert_null(json_parse("\"a\0b\"", 5, &err));
    assert_int_equal(err.count, 2);
}

/* Every beginning of a document is refused, and no byte beyond it is looked at (asan). */
static void test_truncation(void **state) {
    (void)state;
    const char *text =
        "{\"a\": [1, -2.5e3, true, null, \"x\\u00e9\\ud83d\\ude00\xc3\xa9\\n\"], \"b\": {\"c\": []}}";
    for (size_t length = 0; length < strlen(text); length++) {
        char *copy = malloc(length ? length : 1);
        memcpy(copy, text, length);
        Error err = {0};
        assert_null(json_parse(copy, length, &err));
        free(copy);
    }
}

static void test_depth(void **state) {
    (void)state;
    char text[2 * JSON_DEPTH + 4] = "";
    for (int extra = 0; extra <= 1; extra++) {
        memset(text, '[', JSON_DEPTH + (size_t)extra);
        memset(text + JSON_DEPTH + extra, ']', JSON_DEPTH + (size_t)extra);
        Error err = {0};
        Json *json = json_parse(text, strlen(text), &err);
        assert_true((json != NULL) == (extra == 0));
        json_free(json);
        assert_int_equal(err.count, extra);
    }
}

static void test_messages(void **state) {
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"",                                                                 "1:1: the document is empty; write at least {}"                                     },
        {"\xef\xbb\xbf{}",                                                   "1:1: begins with a byte order mark; save the file as UTF-8 without one"            },
        {"{\"a\":1,}",                                                       "1:7: comma before '}'; remove it\n{\"a\":1,}\n      ^"                             },
        {"[1, 2\n",                                                          "1:6: expected ',' or ']', got the end of the document\n[1, 2\n     ^"              },
        {"{\n\t\"a\": 1\n\t\"b\": 2\n}",
         "3:2: expected ',' or '}', got '\"'; is a comma missing before it?\n \"b\": 2\n ^"                                                                      },
        {"{a:1}",                                                            "1:2: expected a key, got 'a'; put keys in double quotes\n{a:1}\n ^"                },
        {"{1:1}",                                                            "1:2: expected a key in double quotes, got '1'\n{1:1}\n ^"                          },
        {"{\"a\" 1}",                                                        "1:6: expected ':' after the key, got '1'\n{\"a\" 1}\n     ^"                       },
        {"['x']",                                                            "1:2: expected a value, got '''; put texts in double quotes\n['x']\n ^"             },
        {"[+1]",                                                             "1:2: expected a value, got '+'; remove the '+'\n[+1]\n ^"                          },
        {"[.5]",                                                             "1:2: expected a value, got '.'; write a digit before the point\n[.5]\n ^"          },
        {"[1, // one\n2]",                                                   "1:5: expected a value, got '/'; JSON has no comments\n[1, // one\n    ^"           },
        {"[1 // one\n]",                                                     "1:4: expected ',' or ']', got '/'; JSON has no comments\n[1 // one\n   ^"          },
        {"1 2",                                                              "1:3: expected the end of the document, got '2'\n1 2\n  ^"                          },
        {"1.x",                                                              "1:3: expected a digit after '.', got 'x'\n1.x\n  ^"                                },
        {"-x",                                                               "1:2: expected a digit after '-', got 'x'\n-x\n ^"                                  },
        {"1ex",                                                              "1:3: expected a digit in the exponent, got 'x'\n1ex\n  ^"                          },
        {"[007]",                                                            "1:2: number begins with 0; remove the leading zeros\n[007]\n ^"                    },
        {"[1e999]",                                                          "1:2: number 1e999 is too large; numbers end at 1.8e308\n[1e999]\n ^"               },
        {"1111111111111111111111111111111111111111111111111111111111111111",
         "1:1: number of 64 characters; write at most 63\n"
         "1111111111111111111111111111111111111111111111111111111111111111\n^"                                                                                   },
        {"[NaN]",                                                            "1:2: unknown word 'NaN'; numbers are finite\n[NaN]\n ^"                            },
        {"[True]",                                                           "1:2: unknown word 'True'; write true\n[True]\n ^"                                  },
        {"[None]",                                                           "1:2: unknown word 'None'; write null\n[None]\n ^"                                  },
        {"[relu]",                                                           "1:2: unknown word 'relu'; put texts in double quotes\n[relu]\n ^"                  },
        {"{\"k\xc3\xa9y\": x}",
         "1:9: unknown word 'x'; put texts in double quotes\n{\"k\xc3\xa9y\": x}\n        ^"                                                                     },
        {"[\"ab]",                                                           "1:2: text is not closed; add '\"' at its end\n[\"ab]\n ^"                          },
        {"\"a\nb\"",                                                         "1:3: line break in a text; close it with '\"' or write \\n\n\"a\n  ^"              },
        {"\"a\tb\"",                                                         "1:3: control character in a text; write \\u0009\n\"a b\"\n  ^"                     },
        {"\"C:\\data\"",                                                     "1:4: unknown escape in a text; write a backslash as \\\\\n\"C:\\data\"\n   ^"      },
        {"\"\\u00e\"",                                                       "1:2: \\u without four hex digits; write for example \\u00e9\n\"\\u00e\"\n ^"       },
        {"\"\\u0000\"",                                                      "1:2: \\u0000 in a text; remove it\n\"\\u0000\"\n ^"                                },
        {"\"\\ud83d\"",                                                      "1:2: half a surrogate pair, '\\ud83d'; write the character itself\n\"\\ud83d\"\n ^"},
        {"\"\xe9\"",                                                         "1:2: byte 0xe9 is not UTF-8; save the file as UTF-8\n\"?\"\n ^"                    },
        {"[\xe9]",                                                           "1:2: byte 0xe9 is not UTF-8; save the file as UTF-8\n[?]\n ^"                      },
        {"[\x01]",                                                           "1:2: expected a value, got byte 0x01\n[?]\n ^"                                     },
        {"{\"lr\": 1,\n \"lr\": 2}",                                         "2:2: doubled key 'lr'; remove one of the two\n \"lr\": 2}\n ^"                     },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Error err = {0};
        assert_null(json_parse(cases[i].text, strlen(cases[i].text), &err));
        assert_string_equal(err.text, cases[i].message);
    }
}

static void test_long_lines_are_cut(void **state) {
    (void)state;
    char text[400];
    memset(text, 'a', sizeof text);
    text[0] = text[1] = '[', text[1] = '"', text[200] = '"', text[201] = 'b', text[sizeof text - 1] = '\0';
    Error err = {0};
    assert_null(json_parse(text, strlen(text), &err));
    assert_string_equal(err.text,
                        "1:202: expected ',' or ']', got 'b'\n"
                        "...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"baaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\n"
                        "                                           ^");
}

/* The first key that repeats an earlier one is named, among many. */
static void test_doubled_keys(void **state) {
    (void)state;
    enum { KEYS = 20000 };
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fputs("{", out);
    for (int i = 0; i < KEYS; i++) fprintf(out, "\"k%d\":{\"k%d\":0},\n", i, i);
    fputs("\"k7\":1, \"k3\":1}", out);
    fclose(out);
    Error err = {0};
    assert_null(json_parse(text, size, &err));
    assert_non_null(strstr(err.text, "20001:1: doubled key 'k7'"));
    free(text);
}

static void assert_prints(const char *text, const char *pretty, const char *line) {
    Json *json = parse(text);
    char *printed = json_print(json, true), *flat = json_print(json, false);
    assert_string_equal(printed, pretty);
    assert_string_equal(flat, line);
    json_free(json);
    free(printed);
    free(flat);
}

static void test_prints(void **state) {
    (void)state;
    assert_prints("{}", "{}\n", "{}");
    assert_prints(
        "{\"a\":[1,2,[],{}],\"b\":{\"c\":[{\"d\":null},3]},\"e\":\"\\u00e9\\n\\u0001\\/\"}",
        "{\n  \"a\": [1, 2, [], {}],\n  \"b\": {\n    \"c\": [\n      {\n        \"d\": null\n      },\n"
        "      3\n    ]\n  },\n  \"e\": \"\xc3\xa9\\n\\u0001/\"\n}\n",
        "{\"a\": [1, 2, [], {}], \"b\": {\"c\": [{\"d\": null}, 3]}, \"e\": \"\xc3\xa9\\n\\u0001/\"}");
    assert_prints("[0.1, 1e15, 0.30000000000000004, 9007199254740991, -0, 1e-4, 100000]",
                  "[0.1, 1e+15, 0.30000000000000004, 9007199254740991, -0, 0.0001, 100000]\n",
                  "[0.1, 1e+15, 0.30000000000000004, 9007199254740991, -0, 0.0001, 100000]");
}

static void test_numbers_survive_printing(void **state) {
    (void)state;
    uint64_t bits = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17; /* xorshift64 */
        double value;
        memcpy(&value, &bits, sizeof value);
        if (value - value != 0) continue;
        Json *json = json_new_number(value);
        char *text = json_print(json, false);
        Json *again = parse(text);
        assert_true(json_number(again) == value);
        assert_true(json_equal(again, json));
        json_free(json);
        json_free(again);
        free(text);
    }
}

/* A name with bytes of another encoding still gives a file that can be read. */
static void test_prints_utf8_always(void **state) {
    (void)state;
    Json *json = json_new_text("a\xff"
                               "b\xc3\xa9");
    char *text = json_print(json, false);
    assert_string_equal(text, "\"a\xef\xbf\xbd"
                              "b\xc3\xa9\"");
    json_free(parse(text));
    json_free(json);
    free(text);
}

static void test_edits(void **state) {
    (void)state;
    Json *json = parse("{\"a\": 1, \"A\": 2, \"l\": [1, 2]}");
    json_set(json, "a", json_new_text("x"));
    json_set(json, "b", json_new_bool(true));
    json_append(json_get(json, "l"), json_new_null());
    json_replace(json_get(json, "l"), 0, json_new_object());
    char *text = json_print(json, false);
    assert_string_equal(text, "{\"a\": \"x\", \"A\": 2, \"l\": [{}, 2, null], \"b\": true}");
    assert_null(json_get(json, "B"));
    assert_null(json_at(json_get(json, "l"), 3));
    assert_int_equal(json_count(json_get(json, "l")), 3);
    free(text);
    json_free(json);
}

static void test_equal(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        bool equal;
    } cases[] = {
        {"{\"a\":1,\"b\":[]}", "{\"b\":[],\"a\":1}",  true },
        {"{\"a\":1}",          "{\"a\":1,\"b\":1}",   false},
        {"{\"a\":1}",          "{\"A\":1}",           false},
        {"[1,2]",              "[2,1]",               false},
        {"[1,2]",              "[1]",                 false},
        {"0.3",                "0.30000000000000004", false},
        {"1",                  "true",                false},
        {"true",               "false",               false},
        {"null",               "null",                true },
        {"\"a\"",              "\"a\"",               true },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Json *a = parse(cases[i].a), *b = parse(cases[i].b), *copy = json_copy(a);
        assert_int_equal(json_equal(a, b), cases[i].equal);
        assert_int_equal(json_equal(b, a), cases[i].equal);
        assert_true(json_equal(a, copy));
        json_free(a), json_free(b), json_free(copy);
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepts),
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_truncation),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_long_lines_are_cut),
        cmocka_unit_test(test_doubled_keys),
        cmocka_unit_test(test_prints),
        cmocka_unit_test(test_numbers_survive_printing),
        cmocka_unit_test(test_prints_utf8_always),
        cmocka_unit_test(test_edits),
        cmocka_unit_test(test_equal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
