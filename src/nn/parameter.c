/* parameter: see parameter.h. */
#include "nn/parameter.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 64, SHOWN_TENSORS = 8 };

/* ---- shapes -------------------------------------------------------------------------------------------- */

/* As the tensor is saved: [out, in], or [entries]. Returns its dimensions. */
static int shape_of(const Network *network, const Segment *segment, size_t shape[2]) {
    const Layer *layer = &network->layer[segment->layer];
    bool matrix = segment->kind == TENSOR_WEIGHT;
    shape[0] = matrix ? (size_t)layer->columns : segment->count;
    shape[1] = (size_t)layer->fan_in;
    return matrix ? 2 : 1;
}

/* Appends "layers.1.weight [8, 2]". */
static void append_tensor(const Network *network, const Segment *segment, char *out, size_t size) {
    char name[NAME_BYTES];
    size_t shape[2];
    int dimensions = shape_of(network, segment, shape);
    segment_name(segment, name, sizeof name);
    text_append(out, size, "%s [%zu", name, shape[0]);
    if (dimensions == 2) text_append(out, size, ", %zu", shape[1]);
    text_append(out, size, "]");
}

/* ---- what is wrong ------------------------------------------------------------------------------------- */

static bool no_such_tensor(const Network *network, const char *name, const char *tensor, Error *err) {
    static const char between[] = ", ";
    char names[NETWORK_MOST_LAYERS * TENSOR_KINDS][NAME_BYTES], there[1024] = "";
    const char *nearest = NULL;
    int distance = 0;
    for (int s = 0; s < network->segments; s++) {
        segment_name(&network->segment[s], names[s], NAME_BYTES);
        text_nearer(tensor, names[s], &nearest, &distance);
        if (s >= SHOWN_TENSORS && s < network->segments - 1) continue;
        text_append(there, sizeof there, "%s", s == 0 ? "" : s > SHOWN_TENSORS ? " … " : between);
        append_tensor(network, &network->segment[s], there, sizeof there);
    }
    if (nearest) return fail(err, "'%s': no such tensor; did you mean %s? there are %s", name, nearest, there);
    return fail(err, "'%s': no such tensor; there are %s", name, there);
}

static bool malformed(const char *name, Error *err) {
    return fail(err,
                "'%s': expected a tensor and an index, as in \"layers.1.weight[0,1]\" (unit, input) or "
                "\"layers.1.bias[0]\"",
                name);
}

static bool wrong_index(const Network *network, const Segment *segment, const char *name, const char *what,
                        Error *err) {
    char tensor[2 * NAME_BYTES] = "", range[2 * NAME_BYTES] = "";
    size_t shape[2];
    append_tensor(network, segment, tensor, sizeof tensor);
    if (shape_of(network, segment, shape) == 2)
        text_append(range, sizeof range, "unit 0 to %zu, input 0 to %zu", shape[0] - 1, shape[1] - 1);
    else text_append(range, sizeof range, "0 to %zu", shape[0] - 1);
    return fail(err, "'%s': %s; %s: %s", name, what, tensor, range);
}

/* ---- reading ------------------------------------------------------------------------------------------- */

static const Segment *find_tensor(const Network *network, const char *tensor) {
    char name[NAME_BYTES];
    for (int s = 0; s < network->segments; s++) {
        segment_name(&network->segment[s], name, sizeof name);
        if (strcmp(name, tensor) == 0) return &network->segment[s];
    }
    return NULL;
}

/* Reads "[3,0]" up to the text's end, digits as they are printed, so that a number has one name. Returns how many
 * indices, 0 for anything else; what goes beyond 18 digits lies outside of every tensor. */
static int read_indices(const char *text, size_t index[2]) {
    int count = 0;
    char closing = '[';
    for (; closing != ']'; count++) {
        size_t digits = strspn(++text, "0123456789");
        if (count == 2 || digits == 0 || (digits > 1 && *text == '0')) return 0;
        index[count] = digits > 18 ? SIZE_MAX : (size_t)strtoull(text, NULL, 10);
        text += digits;
        closing = *text;
        if (closing != ',' && closing != ']') return 0;
    }
    return text[1] ? 0 : count;
}

bool parameter_find(const Network *network, const char *name, size_t *index, Error *err) {
    char tensor[NAME_BYTES];
    size_t at[2], shape[2], head = strcspn(name, "[");
    int indices = name[head] ? read_indices(name + head, at) : 0;
    if (indices == 0 || head == 0) return malformed(name, err);
    if (head >= sizeof tensor) return no_such_tensor(network, name, "", err);
    memcpy(tensor, name, head);
    tensor[head] = '\0';
    const Segment *segment = find_tensor(network, tensor);
    if (!segment) return no_such_tensor(network, name, tensor, err);
    int dimensions = shape_of(network, segment, shape);
    if (indices != dimensions)
        return wrong_index(network, segment, name,
                           dimensions == 2 ? "a weight has two indices" : "one index is enough", err);
    for (int i = 0; i < dimensions; i++)
        if (at[i] >= shape[i]) return wrong_index(network, segment, name, "lies outside", err);
    *index = segment->offset + (dimensions == 2 ? at[1] * shape[0] + at[0] : at[0]);
    return true;
}

/* The place of an earlier entry of that index; -1: none. */
static int earlier(const ParameterList *list, int before, size_t index) {
    for (int i = 0; i < before; i++)
        if (list->index[i] == index) return i;
    return -1;
}

bool parameter_find_all(const Network *network, const TextPool *names, const char *place, ParameterList *out,
                        Error *err) {
    int errors = err->count;
    *out = (ParameterList){0};
    for (const char *name = NULL; (name = text_pool_next(names, name)) && out->count < PARAMETER_MOST; out->count++) {
        Error inner = {0};
        size_t *index = &out->index[out->count];
        *index = SIZE_MAX;
        if (parameter_find(network, name, index, &inner)) {
            int twin = earlier(out, out->count, *index);
            if (twin >= 0) fail(&inner, "'%s' is entry %d too; leave one out", name, twin);
        }
        error_prefix(&inner, "%s.%d: ", place, out->count);
        error_move(err, &inner);
    }
    return err->count == errors;
}
