/* clock: wall-clock seconds. Only timing.csv and the progress line may show them. */
#ifndef NNEXP_BASE_CLOCK_H
#define NNEXP_BASE_CLOCK_H

/* Seconds of the monotonic clock, from an arbitrary start. */
double clock_seconds(void);

#endif
