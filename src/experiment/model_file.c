/* model_file: see model_file.h. */
#include "experiment/model_file.h"

#include "base/json.h"
#include "base/linalg.h"
#include "base/safetensors.h"
#include "base/text.h"
#include "experiment/model_inputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_TENSORS = NETWORK_MOST_LAYERS * (TENSOR_KINDS + 2) + PREPROCESS_MOST * PREPROCESS_MOST_TENSORS +
                   OPTIMIZER_MOST_VECTORS + 8
};

#ifdef REAL_IS_DOUBLE
#define TENSOR_REAL TENSOR_F64
#else
#define TENSOR_REAL TENSOR_F32
#endif

typedef struct TensorList {
    int count;
    Tensor tensor[MOST_TENSORS];
} TensorList;

static Tensor *add(TensorList *list, TensorType type, size_t count, const void *data) {
    Tensor *tensor = &list->tensor[list->count++];
    *tensor = (Tensor){.type = type, .dimensions = 1, .shape = {count}, .data = data};
    return tensor;
}

/* ---- weights ------------------------------------------------------------------------------------------- */

static void add_weights(TensorList *list, const ModelSource *source) {
    const Network *network = source->network;
    for (int s = 0; s < network->segments; s++) {
        const Segment *segment = &network->segment[s];
        const Layer *layer = &network->layer[segment->layer];
        const real *data = network->theta + segment->offset;
        bool matrix = segment->kind == TENSOR_WEIGHT;
        if (matrix) {
            real *transposed = source->scratch + segment->offset;
            transpose(layer->fan_in, layer->columns, data, transposed);
            data = transposed;
        }
        Tensor *tensor = add(list, TENSOR_REAL, segment->count, data);
        if (matrix) {
            tensor->dimensions = 2;
            tensor->shape[0] = (size_t)layer->columns;
            tensor->shape[1] = (size_t)layer->fan_in;
        }
        segment_name(segment, tensor->name, sizeof tensor->name);
    }
}

static void running_name(char *out, int layer, int which) {
    snprintf(out, TENSOR_NAME_BYTES, "layers.%d.norm.running_%s", layer + 1, which ? "var" : "mean");
}

static void add_running(TensorList *list, const Network *network) {
    for (int i = 0; i < network->layers; i++) {
        const Layer *layer = &network->layer[i];
        if (!layer->running_mean) continue;
        running_name(add(list, TENSOR_REAL, (size_t)layer->columns, layer->running_mean)->name, i, 0);
        running_name(add(list, TENSOR_REAL, (size_t)layer->columns, layer->running_var)->name, i, 1);
    }
}

static void add_preprocess(TensorList *list, const Dataset *data) {
    for (int k = 0; k < data->chain.steps; k++) {
        const FittedPreprocess *fitted = &data->chain.step[k];
        for (int t = 0; t < fitted->tensors; t++) {
            const FittedTensor *from = &fitted->tensor[t];
            size_t rows = from->rows ? (size_t)from->rows : 1, columns = (size_t)from->columns;
            Tensor *tensor = add(list, TENSOR_REAL, rows * columns, from->data);
            if (from->rows) {
                tensor->dimensions = 2;
                tensor->shape[0] = rows;
                tensor->shape[1] = columns;
            }
            snprintf(tensor->name, sizeof tensor->name, "preprocess.%d.%s", k, from->name);
        }
    }
}

static char *class_names(const Dataset *data) {
    Json *list = json_new_array();
    for (int c = 0; c < data->classes; c++) json_append(list, json_new_text(data->class_name[c]));
    char *text = json_print(list, false);
    json_free(list);
    return text;
}

static bool save(const char *path, const ModelSource *source, TensorList *list, bool checksum, Error *err) {
    char *classes = class_names(source->data), *steps = model_inputs_steps(&source->data->chain);
    Metadata metadata[] = {
        {"config", source->config}, {"classes", classes}, {"preprocess", steps}, {"encoding", source->encoding}};
    bool ok = safetensors_write(path, list->tensor, list->count, metadata, source->encoding ? 4 : 3,
                                (checksum ? SAFETENSORS_CHECKSUM : 0) | (source->sync ? SAFETENSORS_SYNC : 0), err);
    free(classes);
    free(steps);
    return ok;
}

bool model_file_save(const char *path, const ModelSource *source, Error *err) {
    TensorList list = {0};
    add_weights(&list, source);
    add_running(&list, source->network);
    add_preprocess(&list, source->data);
    return save(path, source, &list, false, err);
}

static bool wrong_shape(const Tensor *tensor, const Layer *layer, Error *err) {
    char shape[128] = "";
    for (int i = 0; i < tensor->dimensions; i++)
        text_append(shape, sizeof shape, "%s%zu", i ? ", " : "", tensor->shape[i]);
    return fail(err, "tensor '%s' has shape [%s]; expected [%d, %d], as torch.nn.Linear has it", tensor->name, shape,
                layer->columns, layer->fan_in);
}

/* The file's tensor for a segment, of the right type and shape; NULL and an error otherwise. */
static const Tensor *find_segment(const Safetensors *file, const Network *network, const Segment *segment,
                                  Error *err) {
    char name[TENSOR_NAME_BYTES];
    segment_name(segment, name, sizeof name);
    const Tensor *tensor = safetensors_need(file, name, TENSOR_REAL, segment->count, err);
    const Layer *layer = &network->layer[segment->layer];
    bool matrix = tensor && segment->kind == TENSOR_WEIGHT;
    if (matrix && (tensor->dimensions != 2 || tensor->shape[0] != (size_t)layer->columns)) {
        wrong_shape(tensor, layer, err);
        return NULL;
    }
    return tensor;
}

static bool check_weights(const Safetensors *file, const Network *network, Error *err) {
    bool ok = true;
    for (int s = 0; s < network->segments; s++) ok = find_segment(file, network, &network->segment[s], err) && ok;
    for (int i = 0; i < network->layers; i++)
        for (int which = 0; network->layer[i].running_mean && which < 2; which++) {
            char name[TENSOR_NAME_BYTES];
            running_name(name, i, which);
            ok = safetensors_need(file, name, TENSOR_REAL, (size_t)network->layer[i].columns, err) && ok;
        }
    return ok;
}

static void copy_weights(const Safetensors *file, Network *network, Error *err) {
    for (int s = 0; s < network->segments; s++) {
        const Segment *segment = &network->segment[s];
        const Layer *layer = &network->layer[segment->layer];
        const Tensor *tensor = find_segment(file, network, segment, err);
        real *to = network->theta + segment->offset, *copy = network->grad + segment->offset;
        memcpy(copy, tensor->data, segment->count * sizeof *copy); /* a file's tensors may be unaligned */
        if (segment->kind == TENSOR_WEIGHT) transpose(layer->columns, layer->fan_in, copy, to);
        else memcpy(to, copy, segment->count * sizeof *to);
    }
    for (int i = 0; i < network->layers; i++) {
        const Layer *layer = &network->layer[i];
        for (int which = 0; layer->running_mean && which < 2; which++) {
            char name[TENSOR_NAME_BYTES];
            running_name(name, i, which);
            memcpy(which ? layer->running_var : layer->running_mean, safetensors_find(file, name)->data,
                   (size_t)layer->columns * sizeof(real));
        }
    }
}

/* Puts the path before the load's own messages alone: the caller may have tried another file before. */
static bool tell(const char *path, Error *own, Error *err) {
    error_prefix(own, "%s: ", path);
    error_move(err, own);
    return false;
}

static bool is_known(const Network *network, const char *name) {
    char known[TENSOR_NAME_BYTES];
    for (int i = 0; i < network->segments; i++) {
        segment_name(&network->segment[i], known, sizeof known);
        if (strcmp(known, name) == 0) return true;
    }
    for (int i = 0; i < network->layers; i++)
        for (int which = 0; network->layer[i].running_mean && which < 2; which++) {
            running_name(known, i, which);
            if (strcmp(known, name) == 0) return true;
        }
    return false;
}

/* A network with more layers, or with norms that this one lacks, computes something else. */
static bool check_no_more(const Safetensors *file, const Network *network, Error *err) {
    for (int t = 0; t < file->tensors; t++) {
        const char *name = file->tensor[t].name;
        if (strncmp(name, "layers.", strlen("layers.")) == 0 && !is_known(network, name))
            return fail(err, "has a tensor '%s' that this network lacks; give model the shape of the file's", name);
    }
    return true;
}

bool model_file_load(const char *path, Network *network, Error *err) {
    Safetensors file;
    Error own = {0};
    if (!safetensors_read(path, false, &file, err)) return false;
    bool ok = check_weights(&file, network, &own) && check_no_more(&file, network, &own);
    if (ok) copy_weights(&file, network, &own);
    safetensors_free(&file);
    return ok || tell(path, &own, err);
}

/* ---- checkpoints --------------------------------------------------------------------------------------- */

/* The state's numbers as two flat tensors: counters, and what is measured. One function goes both ways, so that
 * what is written and what is read cannot part. */
enum { STATE_COUNTERS = 12 + LOG_FILES, EPOCH_ROW_REALS = 9, STATE_REALS = 2 + SCHEDULE_STATE + 2 * EPOCH_ROW_REALS };

typedef struct StateBuffer {
    bool reading;
    int64_t counter[STATE_COUNTERS];
    double number[STATE_REALS];
    int counters, numbers;
} StateBuffer;

static void pass_counter(StateBuffer *buffer, int64_t *value) {
    int64_t *at = &buffer->counter[buffer->counters++];
    if (buffer->reading) *value = *at;
    else *at = *value;
}

static void pass_number(StateBuffer *buffer, double *value) {
    double *at = &buffer->number[buffer->numbers++];
    if (buffer->reading) *value = *at;
    else *at = *value;
}

static void pass_row(StateBuffer *buffer, EpochRow *row) {
    pass_counter(buffer, &row->epoch);
    pass_counter(buffer, &row->step);
    double *numbers[EPOCH_ROW_REALS] = {&row->lr,           &row->train_loss, &row->train_accuracy, &row->val_loss,
                                        &row->val_accuracy, &row->grad_norm,  &row->grad_norm_max,  &row->weight_norm,
                                        &row->update_ratio};
    for (int i = 0; i < EPOCH_ROW_REALS; i++) pass_number(buffer, numbers[i]);
}

static void pass_state(StateBuffer *buffer, RunState *state) {
    int64_t status = state->status, diverged = state->diverged;
    pass_counter(buffer, &status);
    pass_counter(buffer, &diverged);
    state->status = (RunStatus)status;
    state->diverged = (DivergedBy)diverged;
    pass_counter(buffer, &state->epoch);
    pass_counter(buffer, &state->step);
    pass_counter(buffer, &state->since_better);
    pass_counter(buffer, &state->over_limit);
    pass_counter(buffer, &state->diverged_epoch);
    pass_counter(buffer, &state->diverged_step);
    int64_t layer = state->not_finite.found ? state->not_finite.layer : -1;
    pass_counter(buffer, &layer);
    state->not_finite.found = layer >= 0;
    state->not_finite.layer = layer < 0 ? 0 : (int)layer;
    for (int f = 0; f < LOG_FILES; f++)
        if (f != LOG_TIMING) pass_counter(buffer, &state->log_size[f]); /* whose size the clock decides */
    pass_row(buffer, &state->last);
    pass_row(buffer, &state->best);
    pass_number(buffer, &state->start_loss);
    pass_number(buffer, &state->watched_loss);
    for (int i = 0; i < SCHEDULE_STATE; i++) pass_number(buffer, &state->schedule.value[i]);
}

static void name_tensor(Tensor *tensor, const char *name) { snprintf(tensor->name, sizeof tensor->name, "%s", name); }

bool checkpoint_save(const char *path, const ModelSource *source, int vectors, const real *optimizer_state,
                     const RunState *state, uint64_t data_hash, Error *err) {
    TensorList list = {0};
    StateBuffer buffer = {0};
    RunState copy = *state;
    int64_t hash = (int64_t)data_hash;
    pass_state(&buffer, &copy);
    add_weights(&list, source);
    add_running(&list, source->network);
    add_preprocess(&list, source->data);
    for (int v = 0; v < vectors; v++) {
        size_t parameters = source->network->parameters;
        Tensor *tensor = add(&list, TENSOR_REAL, parameters, optimizer_state + (size_t)v * parameters);
        snprintf(tensor->name, sizeof tensor->name, "optimizer.%d", v);
    }
    name_tensor(add(&list, TENSOR_I64, 1, &hash), "state.data");
    name_tensor(add(&list, TENSOR_I64, STATE_COUNTERS, buffer.counter), "state.counters");
    name_tensor(add(&list, TENSOR_F64, STATE_REALS, buffer.number), "state.numbers");
    name_tensor(add(&list, TENSOR_U8, sizeof state->not_finite.tensor, state->not_finite.tensor), "state.not_finite");
    return save(path, source, &list, true, err);
}

static bool check_data(const Safetensors *file, uint64_t data_hash, Error *err) {
    const Tensor *hash = safetensors_need(file, "state.data", TENSOR_I64, 1, err);
    return hash && (memcmp(hash->data, &data_hash, sizeof data_hash) == 0 ||
                    fail(err, "the data have changed since it was saved; restore them, or start again with --force"));
}

static bool load_state(const Safetensors *file, RunState *state, Error *err) {
    StateBuffer buffer = {.reading = true};
    const Tensor *counters = safetensors_need(file, "state.counters", TENSOR_I64, STATE_COUNTERS, err);
    const Tensor *numbers = safetensors_need(file, "state.numbers", TENSOR_F64, STATE_REALS, err);
    const Tensor *tensor =
        safetensors_need(file, "state.not_finite", TENSOR_U8, sizeof state->not_finite.tensor, err);
    if (!counters || !numbers || !tensor) return false;
    memcpy(buffer.counter, counters->data, sizeof buffer.counter);
    memcpy(buffer.number, numbers->data, sizeof buffer.number);
    pass_state(&buffer, state);
    memcpy(state->not_finite.tensor, tensor->data, sizeof state->not_finite.tensor);
    state->not_finite.tensor[sizeof state->not_finite.tensor - 1] = '\0';
    return true;
}

static bool load_optimizer(const Safetensors *file, int vectors, size_t parameters, real *state, Error *err) {
    for (int v = 0; v < vectors; v++) {
        char name[TENSOR_NAME_BYTES];
        snprintf(name, sizeof name, "optimizer.%d", v);
        const Tensor *tensor = safetensors_need(file, name, TENSOR_REAL, parameters, err);
        if (!tensor) return false;
        memcpy(state + (size_t)v * parameters, tensor->data, parameters * sizeof *state);
    }
    return true;
}

bool checkpoint_load(const char *path, Network *network, int vectors, real *optimizer_state, RunState *state,
                     uint64_t data_hash, Error *err) {
    Safetensors file;
    Error own = {0};
    if (!safetensors_read(path, true, &file, err)) return false;
    bool ok = check_weights(&file, network, &own) && check_data(&file, data_hash, &own) &&
              load_state(&file, state, &own) &&
              load_optimizer(&file, vectors, network->parameters, optimizer_state, &own);
    if (ok) copy_weights(&file, network, &own);
    safetensors_free(&file);
    return ok || tell(path, &own, err);
}

bool checkpoint_state(const char *path, RunState *state, Error *err) {
    Safetensors file;
    Error own = {0};
    if (!safetensors_read(path, true, &file, err)) return false;
    bool ok = load_state(&file, state, &own);
    safetensors_free(&file);
    return ok || tell(path, &own, err);
}
