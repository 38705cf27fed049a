/* prepared: see prepared.h. */
#include "experiment/prepared.h"

#include "base/csv_out.h"
#include "data/encoding.h"

static void put_header(CsvOut *out, const Dataset *data) {
    const Columns *columns = &data->encoding->columns;
    for (int j = 0; j < data->features; j++) csv_out_text(out, "", data->feature_name[j], "");
    if (data->train.weight) csv_out_text(out, "", columns->name[columns->weight], "");
    for (int k = 0; k < columns->labels; k++) csv_out_text(out, "", columns->name[columns->label[k]], "");
    csv_out_end_row(out);
}

static void put_row(CsvOut *out, const Dataset *data, size_t row) {
    const View *train = &data->train;
    const real *x = train->x + row * (size_t)data->features;
    for (int j = 0; j < data->features; j++) csv_out_number(out, (double)x[j]);
    if (train->weight) csv_out_number(out, (double)train->weight[row]);
    if (train->label) csv_out_text(out, "", data->class_name[train->label[row]], "");
    for (int k = 0; k < data->targets; k++)
        csv_out_number(out, (double)train->target[row * (size_t)data->targets + (size_t)k]);
    csv_out_end_row(out);
}

bool prepared_write(const Dataset *data, const char *path, Error *err) {
    CsvOut out;
    if (!csv_out_open(&out, path, err)) return false;
    put_header(&out, data);
    for (size_t row = 0; row < data->train.rows && !ferror(out.out.file); row++) put_row(&out, data, row);
    return csv_out_close(&out, true, err);
}
