/* image_feed: see image_feed.h. */
#include "data/image_feed.h"

#include <string.h>

enum { BLOCK_ROWS = 16 };

void image_feed_layout(ImageFeed *feed, const Augmentation *augmentation, const Chain *chain, Pool *pool,
                       Arena *arena) {
    int values = (int)image_values(augmentation->out);
    *feed = (ImageFeed){.augmentation = augmentation,
                        .chain = chain,
                        .pool = pool,
                        .features = chain_out(chain, values),
                        .jobs = pool_threads(pool),
                        .image_room = augment_work(augmentation),
                        .row_room = BLOCK_ROWS * (size_t)chain_widest(chain, values)};
    feed->image = ARENA_TAKE(arena, real, (size_t)feed->jobs * feed->image_room);
    feed->rows = ARENA_TAKE(arena, real, 2 * (size_t)feed->jobs * feed->row_room);
}

/* One call of image_feed_train (source) or image_feed_evaluate (raw). */
typedef struct FeedingTask {
    const ImageFeed *feed;
    const AugmentSource *source;
    const uint32_t *index;
    AugmentMix *mix;
    int view;
    const real *raw;
    size_t n;
    real *x;
    bool failed; /* set by any job; said by the caller, in order */
} FeedingTask;

/* The images of a block, before the chain, into rows; how many. */
static size_t see_block(const FeedingTask *task, int job, size_t first, real *rows) {
    const ImageFeed *feed = task->feed;
    const Augmentation *augmentation = feed->augmentation;
    size_t count = task->n - first < BLOCK_ROWS ? task->n - first : BLOCK_ROWS;
    size_t in = image_values(augmentation->in), values = image_values(augmentation->out);
    real *work = feed->image + (size_t)job * feed->image_room;
    for (size_t i = 0; i < count; i++) {
        real *out = rows + i * values;
        size_t at = first + i;
        if (task->source) task->mix[at] = augment_row(augmentation, task->source, task->index[at], work, out);
        else augment_evaluate(augmentation, task->view, task->raw + at * in, work, out);
    }
    return count;
}

static bool do_block(const FeedingTask *task, int job, size_t first, Error *err) {
    const ImageFeed *feed = task->feed;
    real *rows = feed->rows + 2 * (size_t)job * feed->row_room;
    size_t count = see_block(task, job, first, rows);
    if (!chain_apply(feed->chain, count, rows, rows + feed->row_room, err)) return false;
    size_t features = (size_t)feed->features;
    memcpy(task->x + first * features, rows, count * features * sizeof *rows);
    return true;
}

static void do_job(void *context, int job) {
    FeedingTask *task = context;
    Error wrong;
    wrong.count = wrong.dropped = 0, wrong.length = 0; /* its text need not be cleared */
    for (size_t first = (size_t)job * BLOCK_ROWS; first < task->n; first += (size_t)task->feed->jobs * BLOCK_ROWS)
        if (!do_block(task, job, first, &wrong)) {
            __atomic_store_n(&task->failed, true, __ATOMIC_RELAXED);
            return;
        }
}

/* Whether a step cannot take what augmentation has made of the block: the training rows themselves it has taken. */
static bool tell_refusal(const FeedingTask *task, size_t first, Error *err) {
    const ImageFeed *feed = task->feed;
    ChainRefusal at;
    Error ignored = {0};
    size_t count = see_block(task, 0, first, feed->rows);
    if (chain_check(feed->chain, count, feed->rows, feed->rows + feed->row_room, &at, &ignored) || at.step < 0)
        return false;
    const char *why = preprocess_of(&feed->chain->step[at.step].choice)->refusal;
    fail(err, "preprocess.%d: %.9g in input %d of an augmented image %.*s; leave out this step, or augment", at.step,
         (double)at.value, at.input + 1, (int)strcspn(why, ";"), why);
    return true;
}

static bool do_task(FeedingTask *task, Error *err) {
    pool_run(task->feed->pool, do_job, task, task->feed->jobs);
    /* one after another: the same message for any threads */
    for (size_t first = 0; task->failed && first < task->n; first += BLOCK_ROWS) {
        Error wrong = {0};
        if (do_block(task, 0, first, &wrong)) continue;
        if (!task->source || !tell_refusal(task, first, err)) error_move(err, &wrong);
        return false;
    }
    return true;
}

bool image_feed_train(const ImageFeed *feed, const AugmentSource *source, const uint32_t *index, size_t n, real *x,
                      AugmentMix *mix, Error *err) {
    FeedingTask task = {.feed = feed, .source = source, .index = index, .mix = mix, .n = n, .x = x};
    return do_task(&task, err);
}

bool image_feed_evaluate(const ImageFeed *feed, int view, const real *raw, size_t n, real *x, Error *err) {
    FeedingTask task = {.feed = feed, .view = view, .raw = raw, .n = n, .x = x};
    return do_task(&task, err);
}
