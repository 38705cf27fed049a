/* field: how plain structs are described, so that one loop can read, check, show, document and test them.
 *
 * A Field says how one member of a struct is written in a config: name, kind, offset, default, range, unit,
 * help. A Variant heads every row of a Family: name, help, and the fields of its parameters. A Choice holds a
 * row and its parameters by value, so that whoever holds Choices owns nothing and is copied with `=`.
 * Declarations without I/O: config/ reads and shows them, nn/ and data/ only declare theirs. */
#ifndef NNEXP_BASE_FIELD_H
#define NNEXP_BASE_FIELD_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FIELD_TEXT_BYTES = 4096, CHOICE_BYTES = 768, TEXT_POOL_BYTES = 65536 };

typedef enum FieldKind {
    FIELD_END,                 /* the table's last entry: {0} */
    FIELD_KIND_BOOL,           /* bool */
    FIELD_KIND_INT,            /* int64_t */
    FIELD_KIND_REAL,           /* double */
    FIELD_KIND_TEXT,           /* char[size] */
    FIELD_KIND_NAME,           /* int: index into `names`; the names "true" and "false" are also JSON's */
    FIELD_KIND_CHOICE,         /* Choice of `family` */
    FIELD_KIND_GROUP,          /* a nested struct of `fields` */
    FIELD_KIND_COLUMN,         /* ColumnName: a name, or a 0-based index, negative from the end */
    FIELD_KIND_NUMBER_OR_TEXT, /* NumberOrText */
    FIELD_KIND_TEXTS,          /* TextPool: a list of texts, as many as fit */
    FIELD_KIND_OBJECT, /* no member: an object of keys of its own, which its owner reads from the JSON itself */
} FieldKind;

typedef struct ColumnName {
    bool by_index;
    int64_t index;
    char name[256];
} ColumnName;

typedef struct NumberOrText {
    bool is_text;
    double number;
    char text[FIELD_TEXT_BYTES];
} NumberOrText;

/* Texts one behind another, each ended by a NUL, held by value; what is not used is zero. */
typedef struct TextPool {
    int count, bytes;
    char text[TEXT_POOL_BYTES];
} TextPool;

/* Adds a copy; false when there is no room. */
bool text_pool_add(TextPool *pool, const char *text);
/* The text behind `text`, the first for NULL; NULL at the end. */
const char *text_pool_next(const TextPool *pool, const char *text);

struct Family;

typedef struct Field {
    const char *name;
    FieldKind kind;
    size_t offset, size;         /* of the member; of one item, in a list */
    int most;                    /* a list of at most so many items (0: no list) … */
    size_t count_offset;         /* … whose length is this int member, NAME_count */
    int least;                   /* a list of at least so many items */
    bool one_or_list;            /* a single item may stand for a list of one, and is shown so */
    bool required;               /* no default */
    bool nullable;               /* GROUP: may be null, which is its default; its first member is `bool on`.
                             REAL, INT: null stands for "not given", the default: REAL is then NAN, INT is INT64_MIN */
    bool is_path;                /* TEXT, NUMBER_OR_TEXT: a path, relative to the config file */
    double def;                  /* default of BOOL, INT, REAL, NUMBER_OR_TEXT; of NAME: the index */
    const char *def_text;        /* default of TEXT; of CHOICE the row's name; of a CHOICE list its one item;
                             elsewhere, where the default depends on others: words that say on what */
    double min, max;             /* allowed range of numbers; both 0: any finite number */
    bool above_min, below_max;   /* the range excludes its end */
    const char *word;            /* INT, REAL: this word … */
    double word_value;           /* … stands for this value, and is shown for it (outside min … max) */
    const char *const *names;    /* NAME: the names, NULL-terminated */
    const struct Family *family; /* CHOICE */
    const struct Field *fields;  /* GROUP */
    const char *member_schema;   /* OBJECT: JSON Schema of what any of its keys may be; NULL: anything */
    const char *unit, *help;
} Field;

/* The head of every row of every family. A row struct has `Variant head` as its first member. */
typedef struct Variant {
    const char *name, *help;
    const Field *fields; /* of its parameters; NULL if it has none */
    size_t params_size;  /* bytes of its parameter struct, at most CHOICE_BYTES */
} Variant;

/* A table of rows. `name` is the singular, as `nnexp list NAME` has it. */
typedef struct Family {
    const char *name, *help;
    const void *rows;
    size_t row_size;
    int count;
} Family;

/* A row with its parameters. */
typedef struct Choice {
    const Variant *variant;
    union {
        max_align_t align;
        unsigned char bytes[CHOICE_BYTES];
    } params;
} Choice;

const Variant *family_row(const Family *family, int i);
/* The row of that name, or NULL. */
const Variant *family_find(const Family *family, const char *name);
/* The name nearest to `word`, or NULL when none is near. */
const char *family_nearest(const Family *family, const char *word);

/* The row of that name (which must exist) with default parameters. */
Choice choice_of(const Family *family, const char *name);
static inline const void *choice_params(const Choice *choice) { return choice->params.bytes; }

/* Sets every member that `fields` describe to its default; required ones to zero. */
void fields_default(const Field *fields, void *out);

/* ---- tables ---------------------------------------------------------------------------------------- */

/* Zero when the member has the type, a compile error when not (arrays decay, so text is `char *`). */
#define FIELD_CHECK(T, m, type) (0 * sizeof(char[_Generic(((T *)0)->m, type : 1, default : -1)]))
#define FIELD_(T, m, type, k, ...)                                                                                   \
    {                                                                                                                \
        .name = #m, .kind = k, .offset = offsetof(T, m) + FIELD_CHECK(T, m, type), .size = sizeof(((T *)0)->m),      \
        __VA_ARGS__                                                                                                  \
    }
#define FIELD_LIST_(T, m, type, k, ...)                                                                              \
    {                                                                                                                \
        .name = #m, .kind = k, .offset = offsetof(T, m) + FIELD_CHECK(T, m[0], type),                                \
        .size = sizeof(((T *)0)->m[0]), .most = (int)(sizeof(((T *)0)->m) / sizeof(((T *)0)->m[0])),                 \
        .count_offset = offsetof(T, m##_count) + FIELD_CHECK(T, m##_count, int), __VA_ARGS__                         \
    }

#define FIELD_BOOL(T, m, ...) FIELD_(T, m, bool, FIELD_KIND_BOOL, __VA_ARGS__)
#define FIELD_INT(T, m, ...) FIELD_(T, m, int64_t, FIELD_KIND_INT, __VA_ARGS__)
#define FIELD_REAL(T, m, ...) FIELD_(T, m, double, FIELD_KIND_REAL, __VA_ARGS__)
#define FIELD_TEXT(T, m, ...) FIELD_(T, m, char *, FIELD_KIND_TEXT, __VA_ARGS__)
#define FIELD_NAME(T, m, ...) FIELD_(T, m, int, FIELD_KIND_NAME, __VA_ARGS__)
#define FIELD_CHOICE(T, m, ...) FIELD_(T, m, Choice, FIELD_KIND_CHOICE, __VA_ARGS__)
#define FIELD_NUMBER_OR_TEXT(T, m, ...) FIELD_(T, m, NumberOrText, FIELD_KIND_NUMBER_OR_TEXT, __VA_ARGS__)
#define FIELD_TEXTS(T, m, ...) FIELD_(T, m, TextPool, FIELD_KIND_TEXTS, __VA_ARGS__)
#define FIELD_OBJECT(key, ...)                                                                                       \
    { .name = key, .kind = FIELD_KIND_OBJECT, __VA_ARGS__ }
#define FIELD_GROUP(T, m, M, ...) FIELD_(T, m, M, FIELD_KIND_GROUP, __VA_ARGS__)
/* Lists: member m[most], its length in `int m_count`. */
#define FIELD_INTS(T, m, ...) FIELD_LIST_(T, m, int64_t, FIELD_KIND_INT, __VA_ARGS__)
#define FIELD_REALS(T, m, ...) FIELD_LIST_(T, m, double, FIELD_KIND_REAL, __VA_ARGS__)
#define FIELD_CHOICES(T, m, ...) FIELD_LIST_(T, m, Choice, FIELD_KIND_CHOICE, __VA_ARGS__)
#define FIELD_COLUMNS(T, m, ...) FIELD_LIST_(T, m, ColumnName, FIELD_KIND_COLUMN, __VA_ARGS__)

#define NO_PARAMS NULL, 0
#define PARAMS(T, table) (table), sizeof(T) + 0 * sizeof(char[sizeof(T) <= CHOICE_BYTES ? 1 : -1])
#define FAMILY(singular, about, table)                                                                               \
    {                                                                                                                \
        .name = (singular), .help = (about), .rows = (table), .row_size = sizeof((table)[0]),                        \
        .count = (int)(sizeof(table) / sizeof((table)[0]))                                                           \
    }

#endif
