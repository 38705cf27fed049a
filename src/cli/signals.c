/* signals: see signals.h. */
#include "cli/signals.h"

#include <string.h>

/* What the signal handler can reach. */
static StopRequest stop_request;

static void on_signal(int number) {
    stop_request.signal = number == SIGHUP ? SIGTERM : number;
    stop_request.count = stop_request.count + 1;
}

const StopRequest *signals_catch(void) {
    struct sigaction action, before;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, &before);
    if (before.sa_handler == SIG_IGN) signal(SIGHUP, SIG_IGN); /* as nohup wants it */
    signal(SIGPIPE, SIG_IGN); /* nobody reads the progress any more: no reason to stop */
    signal(SIGXFSZ, SIG_IGN); /* a file-size limit is then an error of write(), and told as one */
    return &stop_request;
}
