/* parameter: numbers of theta by their names: where they lie, and what is said of names that are none. */
#include "nn/parameter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "net.h"

static Net net;

/* 3 inputs; 4 units with prelu behind layer norm; 2 units of 3 pieces; 2 outputs. */
static int build(void **state) {
    (void)state;
    NetworkPlan plan = plan_of(3, 2, "layer");
    plan_add(&plan, 4, "prelu");
    plan_add(&plan, 2, "maxout pieces=3");
    net_build(&net, &plan, 1);
    net_fill(&net, 1);
    return 0;
}

static int destroy(void **state) {
    (void)state;
    net_free(&net);
    return 0;
}

static void every_number_has_a_name_and_no_two_share_one(void **state) {
    (void)state;
    static bool seen[4096];
    size_t named = 0, entries = 0;
    for (int s = 0; s < net.network.segments; s++) {
        const Segment *segment = &net.network.segment[s];
        const Layer *layer = &net.network.layer[segment->layer];
        bool matrix = segment->kind == TENSOR_WEIGHT;
        size_t out = matrix ? (size_t)layer->columns : segment->count, in = matrix ? (size_t)layer->fan_in : 1;
        entries += segment->count;
        for (size_t u = 0; u < out; u++)
            for (size_t i = 0; i < in; i++) {
                char tensor[64], name[128];
                size_t index;
                Error err = {0};
                segment_name(segment, tensor, sizeof tensor);
                snprintf(name, sizeof name, matrix ? "%s[%zu,%zu]" : "%s[%zu]", tensor, u, i);
                assert_true(parameter_find(&net.network, name, &index, &err));
                assert_true(index >= segment->offset && index < segment->offset + segment->count);
                assert_false(seen[index]);
                seen[index] = true;
                named++;
            }
    }
    assert_int_equal(named, entries);
}

/* The network keeps [in][out] and the name says [out, in]. */
static void a_weight_is_named_unit_first(void **state) {
    (void)state;
    size_t index;
    Error err = {0};
    const real *weight = layer_tensor(&net.network, 0, TENSOR_WEIGHT, net.network.theta);
    assert_true(parameter_find(&net.network, "layers.1.weight[3,1]", &index, &err));
    assert_ptr_equal(net.network.theta + index, weight + 1 * 4 + 3);
    assert_true(parameter_find(&net.network, "layers.2.weight[5,0]", &index, &err)); /* a piece is a row of its own */
}

static void names_that_are_none_are_told(void **state) {
    (void)state;
#define THERE                                                                                                        \
    "layers.1.weight [4, 3], layers.1.bias [4], layers.1.norm.weight [4], layers.1.norm.bias [4], "                  \
    "layers.1.activation.weight [1], layers.2.weight [6, 4], layers.2.bias [6], layers.2.norm.weight [6] … "       \
    "layers.3.bias [2]"
#define EXPECTED                                                                                                     \
    "expected a tensor and an index, as in \"layers.1.weight[0,1]\" (unit, input) or \"layers.1.bias[0]\""
    static const struct {
        const char *name, *message;
    } wrong[] = {
        {"w", "'w': " EXPECTED},
        {"", "'': " EXPECTED},
        {"[0]", "'[0]': " EXPECTED},
        {"layers.1.bias", "'layers.1.bias': " EXPECTED},
        {"layers.1.bias[]", "'layers.1.bias[]': " EXPECTED},
        {"layers.1.bias[-1]", "'layers.1.bias[-1]': " EXPECTED},
        {"layers.1.bias[01]", "'layers.1.bias[01]': " EXPECTED},
        {"layers.1.bias[1] ", "'layers.1.bias[1] ': " EXPECTED},
        {"layers.1.bias[1", "'layers.1.bias[1': " EXPECTED},
        {"layers.1.weight[0, 1]", "'layers.1.weight[0, 1]': " EXPECTED},
        {"layers.1.weight[0,1,0]", "'layers.1.weight[0,1,0]': " EXPECTED},
        {"layers.1.weigth[0,1]",
         "'layers.1.weigth[0,1]': no such tensor; did you mean layers.1.weight? there are " THERE},
        {"optimizer[0]", "'optimizer[0]': no such tensor; there are " THERE},
        {"layers.1.weight[1]",
         "'layers.1.weight[1]': a weight has two indices; layers.1.weight [4, 3]: unit 0 to 3, input 0 to 2"},
        {"layers.1.bias[1,0]", "'layers.1.bias[1,0]': one index is enough; layers.1.bias [4]: 0 to 3"},
        {"layers.1.weight[4,0]",
         "'layers.1.weight[4,0]': lies outside; layers.1.weight [4, 3]: unit 0 to 3, input 0 to 2"},
        {"layers.1.weight[0,3]",
         "'layers.1.weight[0,3]': lies outside; layers.1.weight [4, 3]: unit 0 to 3, input 0 to 2"},
        {"layers.3.bias[18446744073709551616]",
         "'layers.3.bias[18446744073709551616]': lies outside; layers.3.bias [2]: 0 to 1"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        Error err = {0};
        size_t index;
        assert_false(parameter_find(&net.network, wrong[i].name, &index, &err));
        assert_int_equal(err.count, 1);
        assert_string_equal(err.text, wrong[i].message);
    }
}

static void a_list_keeps_its_order_and_tells_all_that_is_wrong(void **state) {
    (void)state;
    static TextPool names, bad;
    ParameterList list;
    Error err = {0};
    size_t index;
    assert_true(text_pool_add(&names, "layers.3.bias[1]") && text_pool_add(&names, "layers.1.weight[0,0]"));
    assert_true(parameter_find_all(&net.network, &names, "log.path", &list, &err));
    assert_int_equal(list.count, 2);
    assert_true(parameter_find(&net.network, "layers.3.bias[1]", &index, &err));
    assert_int_equal(list.index[0], index);

    text_pool_add(&bad, "layers.3.bias[1]");
    text_pool_add(&bad, "x");
    text_pool_add(&bad, "layers.3.bias[1]");
    assert_false(parameter_find_all(&net.network, &bad, "log.path", &list, &err));
    assert_int_equal(err.count, 2);
    assert_string_equal(err.text, "log.path.1: 'x': " EXPECTED);
    assert_string_equal(err.text + strlen(err.text) + 1,
                        "log.path.2: 'layers.3.bias[1]' is entry 0 too; leave one out");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_has_a_name_and_no_two_share_one),
        cmocka_unit_test(a_weight_is_named_unit_first),
        cmocka_unit_test(names_that_are_none_are_told),
        cmocka_unit_test(a_list_keeps_its_order_and_tells_all_that_is_wrong),
    };
    return cmocka_run_group_tests_name("parameter", tests, build, destroy);
}
