/* feed: see feed.h. A quote matters only where a cell begins: behind a delimiter or a line end, and blanks. From
 * such a quote the scan jumps to its closing one; between the quoted cells every line end ends a row. */
#include "table/feed.h"

#include "table/cells.h"

#include <stdlib.h>
#include <string.h>

static bool out_of_memory(const Feed *feed, Error *err) {
    return fail(err, "%s: needs more memory than the system gives", source_name(feed->source));
}

/* ---- cutting ----------------------------------------------------------------------------------------- */

typedef struct Cutter {
    const Feed *feed;
    Portion *portion;
    const char *end;  /* of the bytes */
    bool returns;     /* there are CRs among them */
    const char *from; /* the block at hand begins here … */
    const char *last; /* … and the last row seen ends here */
} Cutter;

static bool push_block(Cutter *cutter, const char *end) {
    Portion *portion = cutter->portion;
    if (end == cutter->from) return true;
    if (portion->blocks == portion->block_room) {
        int room = portion->block_room ? 2 * portion->block_room : 2 * FEED_BLOCKS;
        Block *block = realloc(portion->block, (size_t)room * sizeof *block);
        if (!block) return false;
        portion->block = block;
        portion->block_room = room;
    }
    portion->block[portion->blocks++] = (Block){cutter->from, end, 0};
    cutter->from = end;
    return true;
}

/* Behind the first line end in [at, stop), or NULL. A CR that is the last byte there is may be half a CRLF. */
static const char *first_row_end(const Cutter *cutter, const char *at, const char *stop) {
    if (!cutter->returns) {
        const char *found = memchr(at, '\n', (size_t)(stop - at));
        return found ? found + 1 : NULL;
    }
    while (at < stop && !cells_is_line_end(*at)) at++;
    if (at == stop) return NULL;
    if (*at == '\n') return at + 1;
    if (at + 1 == cutter->end) return cutter->feed->ended ? at + 1 : NULL;
    return at[1] == '\n' ? at + 2 : at + 1;
}

static const char *last_row_end(const Cutter *cutter, const char *at, const char *stop) {
    if (!cutter->returns) {
        const char *found = memrchr(at, '\n', (size_t)(stop - at));
        return found ? found + 1 : NULL;
    }
    if (stop == cutter->end && stop > at && stop[-1] == '\r' && !cutter->feed->ended) stop--;
    while (stop > at && !cells_is_line_end(stop[-1])) stop--;
    return stop > at ? stop : NULL;
}

/* Takes the rows that end in [at, stop), which is outside of quotes. */
static bool take_rows(Cutter *cutter, const char *at, const char *stop) {
    size_t block_bytes = cutter->feed->block_bytes;
    while ((size_t)(stop - cutter->from) >= block_bytes) {
        const char *least = cutter->from + block_bytes - 1;
        const char *end = first_row_end(cutter, least > at ? least : at, stop);
        if (!end) break;
        if (!push_block(cutter, end)) return false;
        cutter->last = at = end;
    }
    const char *last = last_row_end(cutter, at, stop);
    if (last) cutter->last = last;
    return true;
}

static bool opens_cell(const Cutter *cutter, const char *quote) {
    const char *begin = cutter->portion->data + cutter->portion->begin, *at = quote;
    while (at > begin && cells_is_blank(at[-1], cutter->feed->delimiter)) at--;
    return at == begin || at[-1] == cutter->feed->delimiter || cells_is_line_end(at[-1]);
}

/* Behind the closing quote, or NULL: it has not been read yet. */
static const char *closing_quote(const Cutter *cutter, const char *at) {
    while (at < cutter->end && (at = memchr(at, '"', (size_t)(cutter->end - at)))) {
        if (at + 1 == cutter->end) return cutter->feed->ended ? at + 1 : NULL;
        if (at[1] != '"') return at + 1;
        at += 2;
    }
    return NULL;
}

/* Finds the rows; *broken: a quoted cell is longer than cells may be, so that there is no reading on. */
static bool scan(Cutter *cutter, bool *broken) {
    const char *at = cutter->from;
    while (at < cutter->end) {
        const char *quote = memchr(at, '"', (size_t)(cutter->end - at));
        if (!take_rows(cutter, at, quote ? quote : cutter->end)) return false;
        if (!quote) break;
        at = quote + 1;
        if (!opens_cell(cutter, quote)) continue;
        at = closing_quote(cutter, at);
        *broken = !at && cutter->end - quote > CELL_MOST + 1;
        if (!at) break;
    }
    return true;
}

/* Lone CRs end lines too. Blocks never begin between CR and LF. */
static uint32_t count_lines(const char *begin, const char *end, bool returns) {
    enum { STRIDE = 255 }; /* counters of a byte keep up with the widest vectors */
    uint32_t lines = 0;
    for (const char *at = begin; at < end; at += STRIDE) {
        size_t count = end - at < STRIDE ? (size_t)(end - at) : STRIDE;
        unsigned char some = 0;
        for (size_t i = 0; i < count; i++) some = (unsigned char)(some + (at[i] == '\n'));
        lines += some;
    }
    for (const char *at = begin; returns && at < end; at++) lines += *at == '\r' && (at + 1 == end || at[1] != '\n');
    return lines;
}

/* The last row of all ends with a line end, be it one that the file has not. */
static void end_last_row(Portion *portion) {
    if (portion->have > portion->begin && !cells_is_line_end(portion->data[portion->have - 1]))
        portion->data[portion->have++] = '\n';
}

static bool cut(Feed *feed, Portion *portion) {
    if (feed->ended) end_last_row(portion);
    const char *begin = portion->data + portion->begin, *end = portion->data + portion->have;
    Cutter cutter = {.feed = feed, .portion = portion, .end = end, .from = begin, .last = begin};
    cutter.returns = memchr(begin, '\r', (size_t)(end - begin)) != NULL;
    portion->blocks = 0;
    bool broken = false;
    if (portion->gap_lines > 0 && portion->gap > portion->begin && !push_block(&cutter, portion->data + portion->gap))
        return false;
    cutter.last = cutter.from;
    if (!scan(&cutter, &broken)) return false;
    if (broken) {
        feed->ended = true;
        end_last_row(portion);
    }
    if (feed->ended) cutter.last = portion->data + portion->have;
    if (!push_block(&cutter, cutter.last)) return false;
    portion->complete = (size_t)(cutter.last - portion->data);
    for (int i = 0; i < portion->blocks; i++)
        portion->block[i].lines = count_lines(portion->block[i].begin, portion->block[i].end, cutter.returns);
    if (portion->blocks > 0 && portion->block[0].end == portion->data + portion->gap)
        portion->block[0].lines += portion->gap_lines;
    return true;
}

/* ---- reading ----------------------------------------------------------------------------------------- */

static bool set_capacity(Portion *portion, size_t capacity) {
    if (capacity <= portion->capacity) return true;
    char *memory = realloc(portion->memory, capacity + (size_t)(2 * FEED_ROOM));
    if (!memory) return false;
    if (!portion->memory) memset(memory, 0, FEED_ROOM);
    portion->memory = memory;
    portion->data = memory + FEED_ROOM;
    portion->capacity = capacity;
    return true;
}

/* Reads until the portion is full, and cuts it. */
static bool fill(Feed *feed, Portion *portion) {
    size_t got, room = portion->capacity - portion->have;
    if (!source_read(feed->source, portion->data + portion->have, room, &got, &feed->failure)) return false;
    portion->have += got;
    feed->ended = got < room;
    memset(portion->data + portion->have, 0, FEED_ROOM);
    return cut(feed, portion) || out_of_memory(feed, &feed->failure);
}

/* Makes room for a row that has not ended, up to the limit. */
static bool grow(Feed *feed, Portion *portion) {
    size_t twice = 2 * portion->capacity;
    if (portion->capacity < ROW_MOST)
        return set_capacity(portion, twice < ROW_MOST ? twice : ROW_MOST) || out_of_memory(feed, &feed->failure);
    feed->ended = feed->cut_off = true;
    portion->blocks = 0;
    return false;
}

static void fill_with_rows(Feed *feed, Portion *portion) {
    while (fill(feed, portion) && portion->blocks == 0 && !feed->ended && grow(feed, portion)) continue;
    if (feed->failure.count) feed->ended = true;
}

/* Leaves out [from, to) of a portion, whole blank lines; how many. */
static uint32_t leave_out(Portion *portion, size_t from, size_t to) {
    char *data = portion->data;
    uint32_t lines = count_lines(data + from, data + to, true);
    memmove(data + from, data + to, portion->have - to);
    portion->have -= to - from;
    portion->complete -= to - from;
    return lines;
}

bool feed_more(Feed *feed, const char *row, const char *behind) {
    Portion *portion = &feed->portion[0];
    if (feed->ended) return false;
    size_t first = row ? (size_t)(row - portion->data) : portion->complete;
    size_t next = row ? (size_t)(behind - portion->data) : portion->complete;
    portion->gap_lines += leave_out(portion, next, portion->complete);
    feed->blank += leave_out(portion, portion->begin, first);
    portion->gap = portion->complete;
    if (portion->have == portion->capacity && !grow(feed, portion)) return false;
    fill_with_rows(feed, portion);
    return feed->failure.count == 0;
}

bool feed_skip(Feed *feed, const char *to) {
    Portion *portion = &feed->portion[0];
    portion->begin = (size_t)(to - portion->data);
    return cut(feed, portion);
}

void feed_next(Feed *feed, int into) {
    const Portion *from = &feed->portion[!into];
    Portion *to = &feed->portion[into];
    size_t left = from->have - from->complete, usual = feed->block_bytes * FEED_BLOCKS;
    size_t twice = 2 * left < ROW_MOST ? 2 * left : ROW_MOST;
    to->begin = to->complete = to->have = to->gap = 0;
    to->gap_lines = 0;
    to->blocks = 0;
    if (feed->ended) return;
    if (!set_capacity(to, twice > usual ? twice : usual)) {
        out_of_memory(feed, &feed->failure);
        feed->ended = true;
        return;
    }
    memcpy(to->data, from->data + from->complete, left);
    to->have = left;
    fill_with_rows(feed, to);
}

/* ---- opening ----------------------------------------------------------------------------------------- */

static void skip_mark(Portion *portion) {
    static const char mark[] = {'\xEF', '\xBB', '\xBF'};
    if (portion->have >= sizeof mark && memcmp(portion->data, mark, sizeof mark) == 0) portion->begin = sizeof mark;
}

static bool fill_first(Feed *feed) {
    Portion *portion = &feed->portion[0];
    size_t got;
    if (!set_capacity(portion, feed->block_bytes * FEED_BLOCKS)) return out_of_memory(feed, &feed->failure);
    if (!source_read(feed->source, portion->data, 4, &got, &feed->failure)) return false;
    portion->have = got;
    skip_mark(portion);
    fill_with_rows(feed, portion);
    return feed->failure.count == 0;
}

Feed *feed_open(const char *path, char delimiter, size_t block_bytes, Error *err) {
    Feed *feed = calloc(1, sizeof *feed);
    if (!feed) {
        fail(err, "%s: needs more memory than the system gives", path);
        return NULL;
    }
    *feed = (Feed){.source = source_open(path, err), .delimiter = delimiter, .block_bytes = block_bytes};
    if (feed->source && fill_first(feed)) return feed;
    error_move(err, &feed->failure);
    feed_close(feed);
    return NULL;
}

void feed_close(Feed *feed) {
    if (!feed) return;
    source_close(feed->source);
    for (int i = 0; i < 2; i++) {
        free(feed->portion[i].memory);
        free(feed->portion[i].block);
    }
    free(feed);
}
