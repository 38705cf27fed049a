/* signals: SIGINT, SIGTERM and SIGHUP as requests to stop, for commands that have something to save. */
#ifndef NNEXP_CLI_SIGNALS_H
#define NNEXP_CLI_SIGNALS_H

#include "experiment/run.h"

/* From here on the signals are counted in what it returns, which lives as long as the process (SIGHUP as SIGTERM, unless it
 * was ignored); a broken pipe or a file-size limit ends nothing but the write. */
const StopRequest *signals_catch(void);

#endif
