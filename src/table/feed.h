/* feed: a source → portions cut into blocks of whole rows, so that blocks can be parsed side by side. Two portions
 * take turns: one is filled while the other is parsed. Knows quotes and line ends, no columns. */
#ifndef NNEXP_TABLE_FEED_H
#define NNEXP_TABLE_FEED_H

#include "table/source.h"

/* Rows longer than a portion make it grow, up to ROW_MOST bytes. Around the bytes of a portion there is room that
 * may be read, before and behind. */
enum { FEED_BLOCK = 1 << 17, FEED_BLOCKS = 16, ROW_MOST = 1 << 26, FEED_ROOM = 80 };

/* Whole rows: ends with a line end. */
typedef struct Block {
    const char *begin, *end;
    uint32_t
        lines; /* line ends, those inside quotes too: there are no more rows than these; and lines left out behind */
} Block;

typedef struct Portion {
    char *memory, *data; /* FEED_ROOM bytes before data, and behind data[capacity] */
    size_t capacity;     /* bytes of data */
    size_t begin, complete,
        have;     /* offsets: whole rows are [begin, complete), [complete, have) the next one's part */
    Block *block; /* [blocks] */
    int blocks, block_room;
    size_t gap;         /* offset where blank lines have been left out (feed_more) … */
    uint32_t gap_lines; /* … and how many */
} Portion;

typedef struct Feed {
    Source *source;
    char delimiter;
    size_t block_bytes; /* a block ends with the row that reaches so many */
    Portion portion[2];
    uint32_t blank; /* lines left out before portion 0 */
    bool ended;     /* nothing more to read */
    bool cut_off;   /* the last row is longer than ROW_MOST */
    Error failure;  /* of reading: nothing that was read may be used */
} Feed;

/* Opens a path and fills portion 0, without a BOM, with a row at least, if there is one. NULL on failure.
 * block_bytes is FEED_BLOCK but in tests. */
Feed *feed_open(const char *path, char delimiter, size_t block_bytes, Error *err);
void feed_close(Feed *feed); /* NULL allowed */
/* Reads on into portion 0 before any other call of feed_next; false when there is no more. Of what it holds, the row
 * [row, behind) is kept (NULL, NULL: there is none yet), and what has not ended; all else must be blank lines, which are
 * counted and left out, so that there may be any number of them. */
bool feed_more(Feed *feed, const char *row, const char *behind);
/* Leaves out the first bytes of portion 0: whole rows. False: memory is out. */
bool feed_skip(Feed *feed, const char *to);
/* Fills portion `into` with what follows the other one, which is only read. Failures are left in `failure`. */
void feed_next(Feed *feed, int into);

#endif
