/* progress: plain lines into a file, the bar on a pseudo-terminal, and what may not reach either. */
#include "observe/progress.h"

#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
// cmocka wants those
#include <cmocka.h>

/* ---- stderr, caught
 * ---------------------------------------------------------------------------------------- */

static int stderr_kept = -1, reader = -1;

static void catch_with(int writer) {
    stderr_kept = dup(STDERR_FILENO);
    assert_true(stderr_kept >= 0 && dup2(writer, STDERR_FILENO) >= 0);
    close(writer);
}

static void catch_in_pipe(void) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    reader = ends[0];
    assert_int_equal(fcntl(reader, F_SETFL, O_NONBLOCK), 0);
    catch_with(ends[1]);
}

static void catch_in_terminal(int columns) {
    struct winsize size = {.ws_row = 24, .ws_col = (unsigned short)columns};
    struct termios raw;
    reader = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    assert_true(reader >= 0 && grantpt(reader) == 0 && unlockpt(reader) == 0);
    int writer = open(ptsname(reader), O_RDWR | O_NOCTTY);
    assert_true(writer >= 0 && ioctl(writer, TIOCSWINSZ, &size) == 0 && tcgetattr(writer, &raw) == 0);
    cfmakeraw(&raw);
    assert_int_equal(tcsetattr(writer, TCSANOW, &raw), 0);
    catch_with(writer);
}

/* What was written since the last call; a pseudo-terminal hands it on a little later. */
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

static int release(void **state) {
    (void)state;
    if (stderr_kept >= 0) dup2(stderr_kept, STDERR_FILENO);
    if (stderr_kept >= 0) close(stderr_kept);
    if (reader >= 0) close(reader);
    stderr_kept = reader = -1;
    return 0;
}

static int use_utf8(void **state) {
    (void)state;
    setenv("TERM", "xterm", 1);
    return setenv("LC_ALL", "C.UTF-8", 1);
}

/* ---- plain lines
 * ------------------------------------------------------------------------------------------- */

static EpochRow row_of(int64_t epoch) {
    return (EpochRow){.epoch = epoch,
                      .lr = 0.03123,
                      .train_loss = 0.02134,
                      .train_accuracy = 0.991,
                      .val_loss = 0.0841,
                      .val_accuracy = 0.978};
}

static void the_first_and_the_last_epoch_get_a_line(void **state) {
    (void)state;
    Progress progress;
    catch_in_pipe();
    progress_start(&progress, "relu_he", false, true, 1, 30, 45);
    for (int64_t epoch = 0; epoch <= 30; epoch++) {
        EpochRow row = row_of(epoch);
        if (epoch == 0) row.lr = NAN;
        progress_step(&progress, epoch, 1, 0.1, 0.1);
        progress_epoch(&progress, &row);
    }
    progress_end(&progress);
    assert_string_equal(
        caught(),
        "relu_he: epoch 0/30  train_loss 0.0213  val_loss 0.0841  val_accuracy 0.978\n"
        "relu_he: epoch 30/30  train_loss 0.0213  val_loss 0.0841  val_accuracy 0.978  lr 0.0312\n");
}

static void a_run_that_stops_early_shows_its_last_epoch(void **state) {
    (void)state;
    Progress progress;
    EpochRow first = row_of(0), last = row_of(7);
    last.val_loss = last.val_accuracy = NAN; /* without validation, in regression */
    last.train_loss = copysign(NAN, -1);
    catch_in_pipe();
    progress_start(&progress, "waves", false, false, 1, 30, 45);
    progress_epoch(&progress, &first);
    progress_epoch(&progress, &last);
    assert_string_equal(caught(),
                        "waves: epoch 0/30  train_loss 0.0213  val_loss 0.0841  val_rmse 0.978  lr 0.0312\n");
    progress_end(&progress);
    assert_string_equal(caught(), "waves: epoch 7/30  train_loss nan  train_rmse 0.991  lr 0.0312\n");
    progress_end(&progress);
    assert_string_equal(caught(), "");
}

static void a_second_later_there_is_another_line(void **state) {
    (void)state;
    Progress progress;
    EpochRow row = row_of(1);
    catch_in_pipe();
    progress_start(&progress, "x", false, true, 1, 30, 45);
    progress_epoch(&progress, &row);
    progress.lined -= 1.1;
    row = row_of(2);
    progress_epoch(&progress, &row);
    assert_non_null(strstr(caught(), "x: epoch 2/30"));
}

static void quiet_says_nothing(void **state) {
    (void)state;
    Progress progress;
    EpochRow row = row_of(30);
    catch_in_terminal(80);
    progress_start(&progress, "x", true, true, 1, 30, 45);
    progress_step(&progress, 1, 1, 0.1, 0.1);
    progress_epoch(&progress, &row);
    progress_say(&progress, "hello");
    progress_end(&progress);
    assert_string_equal(caught(), "");
}

/* ---- the bar
 * ------------------------------------------------------------------------------------------------ */

static Progress drawn(bool utf8, const char *name) {
    Progress progress = {.utf8 = utf8, .epochs = 30, .steps_per_epoch = 45, .first_epoch = 1};
    strcpy(progress.name, name);
    return progress;
}

static void check_bar(const Progress *progress, int columns, const char *expected) {
    char bar[PROGRESS_BAR_BYTES];
    progress_bar(progress, columns, 2, 13, 0, 0.02134, 0.03123, bar);
    assert_string_equal(bar, expected);
}

static void the_bar_fits_its_columns(void **state) {
    (void)state;
    Progress p = drawn(true, "relu_he"), ascii = drawn(false, "relu_he");
    check_bar(&p, 79, "relu_he  13/30 ███████░░░░░░░░░░░░ 40%  loss 0.0213  lr 0.0312  eta 3s");
    check_bar(&ascii, 79, "relu_he  13/30 #######............ 40%  loss 0.0213  lr 0.0312  eta 3s");
    check_bar(&ascii, 65, "relu_he  13/30 ##... 40%  loss 0.0213  lr 0.0312  eta 3s");
    check_bar(&ascii, 64, "relu_he  13/30 40%  loss 0.0213  lr 0.0312  eta 3s");
    check_bar(&ascii, 42, "relu_he  13/30 40%  loss 0.0213  lr 0.0312");
    check_bar(&ascii, 40, "relu_he  13/30 40%  loss 0.0213");
    check_bar(&ascii, 14, "relu_he  13/30");
    check_bar(&ascii, 13, "13/30 40%");
    check_bar(&ascii, 5, "13/30");
    check_bar(&ascii, 3, "");
    check_bar(&ascii, 0, "");
}

static void no_bar_is_wider_than_its_columns(void **state) {
    (void)state;
    char bar[PROGRESS_BAR_BYTES];
    Progress p = drawn(false, "a_name_of_some_length");
    p.epochs = 1000000;
    for (int columns = 0; columns < 200; columns++) {
        progress_bar(&p, columns, 1e7, 123456, 44, -1.23456e-123, 9.87654e+100, bar);
        assert_true((int)strlen(bar) <= columns);
    }
    progress_bar(&p, 199, 1, 1, 0, copysign(NAN, -1), 1, bar);
    assert_non_null(strstr(bar, "loss nan"));
}

static void a_resumed_run_counts_its_own_pace(void **state) {
    (void)state;
    char bar[PROGRESS_BAR_BYTES];
    Progress p = drawn(false, "x");
    p.first_epoch = 21;
    progress_bar(&p, 60, 10, 21, 0, 1, 1, bar); /* no pace yet */
    assert_null(strstr(bar, "eta"));
    progress_bar(&p, 60, 10, 26, 0, 1, 1, bar); /* five epochs in ten seconds, five to go */
    assert_non_null(strstr(bar, "83%"));
    assert_non_null(strstr(bar, "eta 10s"));
}

static void long_times_are_short_texts(void **state) {
    (void)state;
    char bar[PROGRESS_BAR_BYTES];
    Progress p = drawn(false, "x");
    const struct {
        double seconds;
        const char *text;
    } halves[] = {
        {59,        "eta 59s"  },
        {61,        "eta 1m01s"},
        {3660,      "eta 1h01m"},
        {3 * 86400, "eta 3d"   }
    };
    for (int i = 0; i < 4; i++) {
        progress_bar(&p, 79, halves[i].seconds, 16, 0, 1, 1, bar);
        assert_non_null(strstr(bar, halves[i].text));
    }
}

/* ---- on a terminal
 * ------------------------------------------------------------------------------------------- */

static void a_terminal_gets_a_bar_and_loses_it(void **state) {
    (void)state;
    Progress progress;
    EpochRow row = row_of(1);
    catch_in_terminal(66);
    progress_start(&progress, "relu_he", false, true, 1, 30, 45);
    progress_step(&progress, 13, 0, 0.02134, 0.03123);
    const char *seen = caught();
    assert_memory_equal(seen, "\rrelu_he  13/30 ██░░░ 40%", strlen("\rrelu_he  13/30 ██░░░ 40%"));
    assert_string_equal(seen + strlen(seen) - 3, "\033[K");
    progress_step(&progress, 14, 0, 0.02, 0.03); /* too soon to draw again */
    progress_epoch(&progress, &row);
    assert_string_equal(caught(), "");
    progress.drawn -= 0.11;
    progress_step(&progress, 14, 0, 0.02, 0.03);
    assert_non_null(strstr(caught(), "14/30"));
    progress_say(&progress, "saved %d", 7);
    assert_string_equal(caught(), "\r\033[Ksaved 7\n");
    progress_step(&progress, 14, 1, 0.02, 0.03); /* drawn again at once */
    assert_non_null(strstr(caught(), "14/30"));
    progress_end(&progress);
    assert_string_equal(caught(), "\r\033[K");
}

static void a_dumb_terminal_gets_lines(void **state) {
    (void)state;
    Progress progress;
    EpochRow row = row_of(0);
    setenv("TERM", "dumb", 1);
    catch_in_terminal(80);
    progress_start(&progress, "x", false, true, 1, 30, 45);
    progress_step(&progress, 1, 1, 1, 1);
    assert_string_equal(caught(), "");
    progress_epoch(&progress, &row);
    assert_memory_equal(caught(), "x: epoch 0/30", 13);
}

static void other_locales_get_ascii(void **state) {
    (void)state;
    Progress progress;
    setenv("LC_ALL", "C", 1);
    catch_in_terminal(80);
    progress_start(&progress, "caf\xc3\xa9", false, true, 1, 30, 45);
    progress_step(&progress, 30, 0, 1, 1);
    const char *seen = caught();
    assert_memory_equal(seen, "\rcaf?  30/30 ###", 16);
    for (; *seen; seen++) assert_true((*seen & 0x80) == 0);
}

/* ---- harmless
 * --------------------------------------------------------------------------------------------------- */

static void check_name(const char *name, const char *shown) {
    Progress progress;
    progress_start(&progress, name, false, true, 1, 30, 45);
    assert_string_equal(progress.name, shown);
}

static void names_cannot_steer_a_terminal(void **state) {
    (void)state;
    check_name("\033[2J\033]0;x\a", "?[2J?]0;x?");
    check_name("a\nb\tc\x7f", "a?b?c?");
    check_name("\xc2\x9b"
               "31m",
               "?31m"); /* CSI as a C1 control */
    check_name("a\xe2\x80\xae"
               "b",
               "a?b");                           /* right-to-left override */
    check_name("\xe2\x81\xa6", "?");             /* isolate */
    check_name("\xff\xc3", "??");                /* no UTF-8 */
    check_name("\xc0\x9b\xe0\x80\x9b", "?????"); /* overlong */
    check_name("\xed\xa0\x80", "???");           /* a surrogate */
    check_name("\xf5\x80\x80\x80", "????");      /* beyond Unicode */
    check_name("caf\xc3\xa9 \xe5\xad\xa6\xe7\xbf\x92 \xf0\x9f\x98\x80",
               "caf\xc3\xa9 \xe5\xad\xa6\xe7\xbf\x92 \xf0\x9f\x98\x80");
}

static void long_names_are_cut_between_letters(void **state) {
    (void)state;
    Progress progress;
    char name[256] = "";
    for (int i = 0; i < 50; i++) strcat(name, "\xe5\xad\xa6");
    progress_start(&progress, name, false, true, 1, 30, 45);
    assert_int_equal(strlen(progress.name), 63);
}

static void wide_letters_do_not_wrap(void **state) {
    (void)state;
    char bar[PROGRESS_BAR_BYTES];
    Progress p = drawn(false, "\xe5\xad\xa6\xe7\xbf\x92"); /* two letters, four columns */
    progress_bar(&p, 10, 1, 13, 0, 1, 1, bar);
    assert_string_equal(bar, "13/30 40%");
    progress_bar(&p, 11, 1, 13, 0, 1, 1, bar);
    assert_string_equal(bar, "\xe5\xad\xa6\xe7\xbf\x92  13/30");
}

static void said_lines_are_made_harmless(void **state) {
    (void)state;
    Progress progress;
    catch_in_pipe();
    progress_start(&progress, "x", false, true, 1, 30, 45);
    progress_say(&progress, "name '%s'", "\033[31m\n");
    assert_string_equal(caught(), "name '?[31m?'\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, use_utf8, release)

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        TEST(the_first_and_the_last_epoch_get_a_line),
        TEST(a_run_that_stops_early_shows_its_last_epoch),
        TEST(a_second_later_there_is_another_line),
        TEST(quiet_says_nothing),
        TEST(the_bar_fits_its_columns),
        TEST(no_bar_is_wider_than_its_columns),
        TEST(a_resumed_run_counts_its_own_pace),
        TEST(long_times_are_short_texts),
        TEST(a_terminal_gets_a_bar_and_loses_it),
        TEST(a_dumb_terminal_gets_lines),
        TEST(other_locales_get_ascii),
        TEST(names_cannot_steer_a_terminal),
        TEST(long_names_are_cut_between_letters),
        TEST(wide_letters_do_not_wrap),
        TEST(said_lines_are_made_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
