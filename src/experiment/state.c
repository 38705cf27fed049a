/* state: see state.h. */
#include "experiment/state.h"

#include <math.h>

const char *const run_status_name[RUN_STATUSES] = {[RUN_RUNNING] = "running",
                                                   [RUN_FINISHED] = "finished",
                                                   [RUN_STOPPED_EARLY] = "stopped_early",
                                                   [RUN_DIVERGED] = "diverged"};

RunState run_state_start(void) {
    return (RunState){
        .epoch = -1, .best = {.epoch = -1}, .watched_loss = INFINITY, .diverged_epoch = -1, .diverged_step = -1};
}
