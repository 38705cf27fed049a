/* schedule_preview: the learning rate of every update of a run that has not begun, from its settings and the number of
 * its training rows alone. Trains nothing. */
#ifndef NNEXP_EXPERIMENT_SCHEDULE_PREVIEW_H
#define NNEXP_EXPERIMENT_SCHEDULE_PREVIEW_H

#include "experiment/settings.h"

enum { SCHEDULE_PREVIEW_MOST = 1000000 };

typedef struct SchedulePreview {
    const Settings *settings; /* borrowed */
    int64_t epochs, steps_per_epoch;
    int64_t warmup; /* updates of it */
    int64_t every;  /* 1; of more than SCHEDULE_PREVIEW_MOST updates the first of every so many, and the last */
    size_t count;
    double *lr; /* [count]: of the updates 1, 1 + every, …, and the last */
} SchedulePreview;

/* Of a run on so many training rows. What depends on val_loss stands still. schedule_preview_free it. Fails where there
 * is no update (train.epochs 0), and when memory is out; errors begin with the key's path. */
bool schedule_preview(const Settings *settings, size_t train_rows, SchedulePreview *out, Error *err);
void schedule_preview_free(SchedulePreview *preview);

/* The update, from 1, that lr[i] is of. */
int64_t schedule_preview_step(const SchedulePreview *preview, size_t i);

/* Draws it, `columns` wide, and says in words what the picture is of. False when memory is out. */
bool schedule_preview_draw(const SchedulePreview *preview, int columns, bool utf8, FILE *out);

/* CSV `step,epoch,lr`: the update, from 1, and the epoch in which it is, as epochs.csv counts them: at an epoch's last
 * update lr is that of epochs.csv. */
bool schedule_preview_write(const SchedulePreview *preview, const char *path, Error *err);

#endif
