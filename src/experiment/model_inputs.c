/* model_inputs: see model_inputs.h. */
#include "experiment/model_inputs.h"

#include "base/json.h"
#include "base/safetensors.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#ifdef REAL_IS_DOUBLE
#define TENSOR_REAL TENSOR_F64
#else
#define TENSOR_REAL TENSOR_F32
#endif

/* ---- writing ------------------------------------------------------------------------------------------- */

static Json *show_step(const FittedPreprocess *step) {
    Json *json = json_new_object(), *names = json_new_array();
    for (int t = 0; t < step->tensors; t++) json_append(names, json_new_text(step->tensor[t].name));
    json_set(json, "name", json_new_text(step->choice.variant->name));
    json_set(json, "in", json_new_number(step->in));
    json_set(json, "out", json_new_number(step->out));
    json_set(json, "tensors", names);
    return json;
}

char *model_inputs_steps(const Chain *chain) {
    Json *list = json_new_array();
    for (int k = 0; k < chain->steps; k++) json_append(list, show_step(&chain->step[k]));
    char *text = json_print(list, false);
    json_free(list);
    return text;
}

char *model_inputs_encoding(const Encoding *encoding) {
    Json *json = encoding_show(encoding);
    char *text = json_print(json, false);
    json_free(json);
    return text;
}

/* ---- reading ------------------------------------------------------------------------------------------- */

/* A metadata text as JSON; the caller frees it. */
static Json *read_metadata(const Safetensors *file, const char *key, Error *err) {
    const char *text = safetensors_meta(file, key);
    Error syntax = {0};
    Json *json = text ? json_parse(text, strlen(text), &syntax) : NULL;
    if (!text) fail(err, "has no '%s' in its metadata; it is no model of this version, train the run anew", key);
    else if (!json) fail(err, "the '%s' in its metadata is damaged; train the run anew", key);
    return json;
}

static bool damaged(int k, Error *err) {
    return fail(err, "its preprocess.%d is damaged or not that of the config; train the run anew", k);
}

static int width_of(const Json *step, const char *key) {
    const Json *value = json_get(step, key);
    double width = value && json_type(value) == JSON_NUMBER ? json_number(value) : 0;
    return width >= 1 && width <= INT_MAX && width == (int)width ? (int)width : 0;
}

static bool load_tensor(const Safetensors *file, int k, const Json *name, FittedPreprocess *step, Error *err) {
    char full[TENSOR_NAME_BYTES];
    if (json_type(name) != JSON_TEXT || step->tensors == PREPROCESS_MOST_TENSORS) return damaged(k, err);
    snprintf(full, sizeof full, "preprocess.%d.%s", k, json_text(name));
    const Tensor *tensor = safetensors_find(file, full);
    if (!tensor || tensor->type != TENSOR_REAL || tensor->dimensions < 1 || tensor->dimensions > 2)
        return damaged(k, err);
    bool matrix = tensor->dimensions == 2;
    size_t rows = matrix ? tensor->shape[0] : 0, columns = tensor->shape[matrix];
    if (rows > INT_MAX || columns > INT_MAX || tensor_count(tensor) == 0) return damaged(k, err);
    if (strlen(json_text(name)) >= FITTED_NAME_BYTES) return damaged(k, err);
    real *data = fitted_add(step, json_text(name), (int)rows, (int)columns, err);
    if (data) memcpy(data, tensor->data, tensor_bytes(tensor)); /* a file's tensors may be unaligned */
    return data;
}

/* Tensors that the file has for a step, listed or not. */
static int count_tensors(const Safetensors *file, int k) {
    char prefix[TENSOR_NAME_BYTES];
    int count = 0, length = snprintf(prefix, sizeof prefix, "preprocess.%d.", k);
    for (int t = 0; t < file->tensors; t++) count += strncmp(file->tensor[t].name, prefix, (size_t)length) == 0;
    return count;
}

/* The step as it left the fit; `in` is the width of what comes before it. */
static bool load_step(const Safetensors *file, int k, const Json *json, const Choice *choice, int in,
                      FittedPreprocess *step, Error *err) {
    bool object = json_type(json) == JSON_OBJECT;
    const Json *name = object ? json_get(json, "name") : NULL, *tensors = object ? json_get(json, "tensors") : NULL;
    if (!name || json_type(name) != JSON_TEXT || strcmp(json_text(name), choice->variant->name) != 0)
        return damaged(k, err);
    *step = (FittedPreprocess){.choice = *choice, .in = width_of(json, "in"), .out = width_of(json, "out")};
    if (step->in != in || step->out == 0 || !tensors || json_type(tensors) != JSON_ARRAY) return damaged(k, err);
    for (const Json *tensor = json_first(tensors); tensor; tensor = json_next(tensor))
        if (!load_tensor(file, k, tensor, step, err)) return false;
    if (count_tensors(file, k) != step->tensors || !preprocess_sound(step)) return damaged(k, err);
    return true;
}

static bool load_chain(const Safetensors *file, const DataRequest *request, int features, Chain *chain, Error *err) {
    Json *list = read_metadata(file, "preprocess", err);
    if (!list) return false;
    bool done = json_type(list) == JSON_ARRAY && json_count(list) == request->preprocess_count;
    if (!done) damaged(0, err);
    const Json *json = done ? json_first(list) : NULL;
    for (int k = 0; done && k < request->preprocess_count; k++, json = json_next(json)) {
        done = load_step(file, k, json, &request->preprocess[k], features, &chain->step[k], err);
        features = chain->step[k].out;
        chain->steps++;
    }
    json_free(list);
    return done;
}

/* An encoding that is sound, but another run's. */
static bool encoding_matches(const Encoding *encoding, const DataRequest *request, Error *err) {
    const Coding *coding = &encoding->coding;
    bool task = request->task == TASK_AUTO || request->task == coding->task;
    bool image = request->image.height == 0 || image_values(request->image) == (size_t)coding->features;
    bool missing = (request->csv.missing == CSV_MISSING_MEAN) == (encoding->missing_mean != NULL);
    return (task && image && missing) || fail(err, "its encoding is not that of the config; train the run anew");
}

static bool load_encoding(const Safetensors *file, const DataRequest *request, Encoding *encoding, Error *err) {
    Json *json = read_metadata(file, "encoding", err), *classes = json ? read_metadata(file, "classes", err) : NULL;
    bool done = classes && encoding_from(json, classes, &request->csv, request->file, encoding, err) &&
                encoding_matches(encoding, request, err);
    json_free(json);
    json_free(classes);
    return done;
}

bool model_inputs_load(const char *path, const DataRequest *request, const Augmentation *augmentation,
                       Encoding *encoding, Chain *chain, Error *err) {
    Safetensors file;
    Error own = {0};
    *encoding = (Encoding){0};
    *chain = (Chain){0};
    if (!safetensors_read(path, false, &file, err)) return false;
    bool done = load_encoding(&file, request, encoding, &own) &&
                load_chain(&file, request, augment_out(augmentation, encoding->coding.features), chain, &own);
    safetensors_free(&file);
    if (done) return true;
    encoding_free(encoding);
    chain_free(chain);
    error_prefix(&own, "%s: ", path);
    error_move(err, &own);
    return false;
}
