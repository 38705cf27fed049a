/* view_trial: see view_trial.h. */
#include "data/view_trial.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { BLOCK_ROWS = 64 };

typedef struct Trial {
    const Augmentation *augmentation;
    Chain before; /* the steps before the last, their tensors borrowed */
    const FittedPreprocess *last;
    const real *raw;
    size_t rows;
    atomic_size_t first; /* row that is refused; `rows`: none yet */
    atomic_bool failed;  /* memory is out */
} Trial;

/* One row's way: [augment_work], and twice [chain_widest]. */
typedef struct Room {
    real *work, *x, *scratch;
    Error wrong; /* unread: the steps before have taken all values, what is left is memory */
} Room;

static bool room_create(const Trial *trial, Room *room) {
    size_t work = augment_work(trial->augmentation);
    size_t widest = (size_t)chain_widest(&trial->before, augment_out(trial->augmentation, 0));
    *room = (Room){0};
    room->work = malloc((work + 2 * widest) * sizeof *room->work);
    if (!room->work) return false;
    room->x = room->work + work;
    room->scratch = room->x + widest;
    return true;
}

/* Whether a view of the row is refused; into *out where that is not NULL. */
static bool is_refused(Trial *trial, size_t row, Room *room, Refusal *out) {
    const real *raw = trial->raw + row * image_values(trial->augmentation->in);
    for (int view = 1; view < trial->augmentation->views; view++) {
        augment_evaluate(trial->augmentation, view, raw, room->work, room->x);
        if (!chain_apply(&trial->before, 1, room->x, room->scratch, &room->wrong)) trial->failed = true;
        size_t at = preprocess_refused(trial->last, 1, room->x);
        if (at == (size_t)trial->last->in) continue;
        if (out) *out = (Refusal){row, view, (int)at, room->x[at]};
        return true;
    }
    return false;
}

static void try_block(void *context, int job) {
    Trial *trial = context;
    Room room;
    size_t row = (size_t)job * BLOCK_ROWS, end = row + BLOCK_ROWS < trial->rows ? row + BLOCK_ROWS : trial->rows;
    if (!room_create(trial, &room)) {
        trial->failed = true;
        return;
    }
    while (row < end && row < trial->first && !is_refused(trial, row, &room, NULL)) row++;
    size_t first = trial->first;
    while (row < end && row < first && !atomic_compare_exchange_weak(&trial->first, &first, row)) continue;
    free(room.work);
}

bool view_trial(const Augmentation *augmentation, const Chain *chain, Pool *pool, size_t rows, const real *raw,
                bool *found, Refusal *out, Error *err) {
    Trial trial = {augmentation, *chain, &chain->step[chain->steps - 1], raw, rows, rows, false};
    trial.before.steps--;
    Room room;
    pool_run(pool, try_block, &trial, (int)((rows + BLOCK_ROWS - 1) / BLOCK_ROWS));
    *found = trial.first < rows;
    bool done = !trial.failed && (!*found || room_create(&trial, &room));
    if (!done) return fail(err, "needs more memory than the system gives");
    if (!*found) return true;
    is_refused(&trial, trial.first, &room, out);
    free(room.work);
    return true;
}
