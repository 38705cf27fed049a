/* sweep_progress: the bar and the lines of a sweep, on a pseudo-terminal and in a file. */
#include "search/sweep_progress.h"

#include "sweep_files.h"

#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>

static SweepFiles files;
static int stderr_kept = -1, reader = -1;

static void catch_in_terminal(void) {
    struct winsize size = {.ws_row = 24, .ws_col = 81};
    struct termios raw;
    reader = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    assert_true(reader >= 0 && grantpt(reader) == 0 && unlockpt(reader) == 0);
    int writer = open(ptsname(reader), O_RDWR | O_NOCTTY);
    assert_true(writer >= 0 && ioctl(writer, TIOCSWINSZ, &size) == 0 && tcgetattr(writer, &raw) == 0);
    cfmakeraw(&raw);
    assert_int_equal(tcsetattr(writer, TCSANOW, &raw), 0);
    stderr_kept = dup(STDERR_FILENO);
    assert_true(stderr_kept >= 0 && dup2(writer, STDERR_FILENO) >= 0);
    close(writer);
}

static const char *caught(void) {
    static char text[1 << 16];
    struct pollfd ready = {.fd = reader, .events = POLLIN};
    size_t used = 0;
    ssize_t length;
    while (poll(&ready, 1, 50) > 0 && (length = read(reader, text + used, sizeof text - 1 - used)) > 0)
        used += (size_t)length;
    text[used] = '\0';
    return text;
}

static int start(void **state) {
    (void)state;
    setenv("TERM", "xterm", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    sweep_files_make(&files, "{\"data\": {\"file\": \"x.csv\"}, \"train\": {\"epochs\": 20},"
                             "\"sweep\": {\"axes\": {\"train.lr\": {\"linear\": [1, 27, 27]}}, \"halving\": {}}}");
    return 0;
}

static int end(void **state) {
    (void)state;
    if (stderr_kept >= 0) dup2(stderr_kept, STDERR_FILENO);
    if (stderr_kept >= 0) close(stderr_kept);
    if (reader >= 0) close(reader);
    stderr_kept = reader = -1;
    sweep_files_free(&files);
    return 0;
}

static void bars(void **state) {
    char bar[SWEEP_BAR_BYTES];
    (void)state;
    SweepProgress p = {.cells = 24, .done = 6, .trained = 30, .left = 60, .beyond = 30, .utf8 = true};
    sweep_progress_bar(&p, 80, 20, bar);
    assert_string_equal(bar, "6/24 cells ███████░░░░░░░░░░░░░░░░░░░░░░░ 25%  eta 1m00s");
    sweep_progress_bar(&p, 34, 20, bar);
    assert_string_equal(bar, "6/24 cells ██░░░░░░ 25%  eta 1m00s");
    sweep_progress_bar(&p, 30, 20, bar);
    assert_string_equal(bar, "6/24 cells 25%  eta 1m00s");
    sweep_progress_bar(&p, 8, 20, bar);
    assert_string_equal(bar, "6/24 cel");
    p.trained = 0;
    sweep_progress_bar(&p, 80, 20, bar);
    assert_null(strstr(bar, "eta")); /* no pace yet */
}

/* 27 cells to 2 epochs, then 9 on to 6, 3 to 18, and those to 20. */
static void halving_counts_what_lies_beyond(void **state) {
    int64_t todo[27], target[27];
    (void)state;
    SweepProgress p = {.quiet = false};
    for (int i = 0; i < 27; i++) todo[i] = i, target[i] = 2;
    catch_in_terminal();
    sweep_progress_start(&p, 30, 27);
    sweep_progress_round(&p, files.plan, todo, 27, target);
    assert_true(p.left == 54 && p.beyond == 9 * 4 + 3 * 12 + 1 * 2);
    CellOutcome outcome = {CELL_UNFINISHED, 2, 1, 0.5, -NAN, 0.75, false};
    for (int i = 0; i < 27; i++) {
        CellEnd one = {i, 2, i == 26 ? NULL : &outcome, i == 25, 1.25};
        sweep_progress_cell(&p, files.plan, &one);
    }
    sweep_progress_end(&p);
    const char *text = caught();
    assert_non_null(strstr(text, "3 of 30 cells are complete already\n"));
    assert_non_null(strstr(text, "halving: 27 cells go on to epoch 2\n"));
    assert_non_null(strstr(text, " 1/27  cell 1  train.lr=1  at epoch 2  val_loss nan  val_accuracy 0.75  1.25s\n"));
    assert_non_null(strstr(text, "27/27  cell 27  train.lr=27  is run by another process\n"));
    assert_non_null(
        strstr(text, "26/27  cell 26  train.lr=26  at epoch 2 elsewhere  val_loss nan  val_accuracy 0.75\n"));
    int drawn = 0, cleared = 0;
    for (const char *at = text; (at = strstr(at, "cells ")); at++) drawn++;
    for (const char *at = text; (at = strstr(at, "\r\033[K")); at++) cleared++;
    assert_in_range(drawn - 2, 8, 20); /* two lines say "cells " */
    assert_in_range(cleared, 8, 20);
    assert_true(p.left == 0 && p.trained == 50);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bars, start, end),
        cmocka_unit_test_setup_teardown(halving_counts_what_lies_beyond, start, end),
    };
    return cmocka_run_group_tests_name("sweep_progress", tests, NULL, NULL);
}
