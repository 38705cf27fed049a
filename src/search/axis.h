/* axis: one key of a config and the values that a sweep gives it: a list, or a range that is even in the value
 * (linear) or in its logarithm (log). Owns its values; knows no config key. */
#ifndef NNEXP_SEARCH_AXIS_H
#define NNEXP_SEARCH_AXIS_H

#include "base/error.h"
#include "base/json.h"
#include "base/random.h"

typedef enum AxisKind { AXIS_LIST, AXIS_LOG, AXIS_LINEAR } AxisKind;

enum { AXIS_KEY_BYTES = 256, AXIS_MOST_VALUES = 1000000 };

typedef struct Axis {
    char key[AXIS_KEY_BYTES];
    AxisKind kind;
    int count;              /* values; 0: a range that random mode draws from */
    Json **value;           /* [count]; a range's are numbers of 9 digits, so that what is printed is what runs */
    double low, high;       /* of a range */
    bool whole;             /* its values are rounded */
    bool holds_path;        /* its values are paths, or hold some */
    bool from_command_line; /* paths among its values are relative to the working directory */
} Axis;

typedef struct AxisWants {
    bool random; /* ranges have no count */
    bool whole;  /* the key takes whole numbers: a range's values are rounded */
} AxisWants;

/* The JSON of an axis from what the command line says: VALUES of `log:LOW:HIGH:COUNT`, `linear:LOW:HIGH:COUNT` (COUNT
 * left out in random mode), or a list parted by commas, each item JSON where it parses, else a text; commas within
 * brackets, braces and quotes do not part. The caller frees it; NULL, with an error that begins with the key, on a
 * failure. */
Json *axis_parse(const char *key, const char *values, Error *err);

/* Reads `values` (a list, {"log": [low, high, count]}, {"linear": …}). Errors begin
 * with "sweep.axes.KEY: ". After a failure there is nothing to free. */
bool axis_read(const char *key, const Json *values, AxisWants wants, Axis *out, Error *err);
void axis_free(Axis *axis);

/* Random mode's draw: for a list the index of a value, for a range a number of 9 digits, even in the value or in its
 * logarithm; of whole numbers each stands for what rounds to it, so that the ends are as likely as their
 * neighbours. */
double axis_draw(const Axis *axis, Stream *stream);
/* The value that a draw, or in a grid an index, stands for. The caller frees it. */
Json *axis_value(const Axis *axis, double drawn);

/* `value` as in tables: numbers as %.9g, texts bare, all else as compact JSON. The caller frees it. */
char *axis_text(const Json *value);
/* The same for tables: an object with a name as "variance_scaling, scale: 8", also in a list. */
char *axis_short(const Json *value);

#endif
