/* file: whole reads, writes that happen wholly or not at all, locks, paths. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char here[] = "/tmp/nnexp-test-XXXXXX";

static int enter(void **state) {
    (void)state;
    return mkdtemp(here) && chdir(here) == 0 ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *walk) {
    (void)info, (void)type, (void)walk;
    return remove(path);
}

static int leave(void **state) {
    (void)state;
    return chdir("/") == 0 ? nftw(here, remove_entry, 8, FTW_DEPTH | FTW_PHYS) : -1;
}

static void assert_holds(const char *path, const char *text) {
    char *data;
    size_t size;
    Error err = {0};
    assert_true(file_read(path, &data, &size, &err));
    assert_int_equal(size, strlen(text));
    assert_string_equal(data, text);
    free(data);
}

#define assert_message(err, expected)                                                                                \
    do {                                                                                                             \
        assert_int_equal((err).count, 1);                                                                            \
        assert_string_equal((err).text, expected);                                                                   \
    } while (0)

static void test_write_and_read(void **state) {
    (void)state;
    Error err = {0};
    assert_true(file_write_atomic("a.txt", "one", 3, &err));
    assert_holds("a.txt", "one");
    assert_true(file_write_parts("a.txt", (FilePart[]){{"tw", 2}, {"", 0}, {"o!", 2}}, 3, true, &err));
    assert_holds("a.txt", "two!");
    assert_true(file_write_atomic("empty", NULL, 0, &err));
    assert_holds("empty", "");
    assert_false(file_exists("a.txt.tmp"));
    assert_int_equal(err.count, 0);
}

static void test_large_and_unsized(void **state) {
    (void)state;
    enum { SIZE = 3000001 };
    char *data = malloc(SIZE), *got;
    for (int i = 0; i < SIZE; i++) data[i] = (char)(i * 7 / 5);
    size_t size;
    Error err = {0};
    assert_true(file_write_atomic("large", data, SIZE, &err));
    assert_true(file_read("large", &got, &size, &err));
    assert_int_equal(size, SIZE);
    assert_memory_equal(got, data, SIZE);
    free(got);
    int ends[2];
    char name[32];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], data, 20000), 20000);
    close(ends[1]);
    snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
    assert_true(file_read(name, &got, &size, &err)); /* a pipe says that it has no bytes */
    assert_int_equal(size, 20000);
    assert_memory_equal(got, data, size);
    close(ends[0]);
    free(got);
    free(data);
}

static void test_read_errors(void **state) {
    (void)state;
    char *data;
    size_t size;
    Error err = {0};
    assert_false(file_read("nowhere", &data, &size, &err));
    assert_message(err, "nowhere: cannot read: No such file or directory");
    assert_null(data);
    err = (Error){0};
    assert_false(file_read(".", &data, &size, &err));
    assert_message(err, ".: cannot read: Is a directory");
    err = (Error){0};
    FILE *sparse = fopen("huge", "w");
    assert_int_equal(ftruncate(fileno(sparse), (off_t)1 << 42), 0);
    fclose(sparse);
    assert_false(file_read("huge", &data, &size, &err));
    assert_non_null(strstr(err.text, "huge: needs 4398046511104 bytes of memory"));
    unlink("huge");
}

/* A write that fails leaves the old file and no other. */
static void test_write_errors(void **state) {
    (void)state;
    Error err = {0};
    assert_false(file_write_atomic("no/where", "x", 1, &err));
    assert_message(err, "no/where: cannot write: No such file or directory");
    err = (Error){0};
    assert_true(directory_create("target", &err));
    assert_false(file_write_atomic("target", "x", 1, &err));
    assert_message(err, "target: cannot write: Is a directory");
    assert_false(file_exists("target.tmp"));
    err = (Error){0};
    assert_true(file_write_atomic("kept", "old", 3, &err));
    struct rlimit before, limit = {1000, 1000};
    getrlimit(RLIMIT_FSIZE, &before);
    limit.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    static const char zeros[5000];
    bool written = file_write_atomic("kept", zeros, sizeof zeros, &err);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_false(written);
    assert_message(err, "kept: cannot write: File too large");
    assert_holds("kept", "old");
    assert_false(file_exists("kept.tmp"));
    char path[PATH_BYTES + 8];
    memset(path, 'a', sizeof path);
    path[PATH_BYTES - 1] = '\0';
    err = (Error){0};
    assert_false(file_write_atomic(path, "x", 1, &err));
    assert_non_null(strstr(err.text, "File name too long"));
}

static void test_full_disk(void **state) {
    (void)state;
    Error err = {0};
    assert_true(directory_create("disk", &err));
    if (mount("none", "disk", "tmpfs", 0, "size=64k") != 0) skip();
    static const char zeros[100000];
    bool small = file_write_atomic("disk/kept", "old", 3, &err);
    bool large = file_write_atomic("disk/kept", zeros, sizeof zeros, &err), left = file_exists("disk/kept.tmp");
    char *data = NULL;
    size_t size = 0;
    Error again = {0};
    bool read = file_read("disk/kept", &data, &size, &again);
    umount("disk");
    assert_true(small && !large && !left && read);
    assert_message(err, "disk/kept: cannot write: No space left on device");
    assert_string_equal(data, "old");
    free(data);
}

static void test_rename_and_remove(void **state) {
    (void)state;
    Error err = {0};
    assert_true(file_write_atomic("from", "x", 1, &err));
    assert_true(file_rename("from", "to", &err));
    assert_true(file_exists("to") && !file_exists("from"));
    assert_true(file_remove("to", &err));
    assert_true(file_remove("to", &err));
    assert_int_equal(err.count, 0);
    assert_false(file_rename("from", "to", &err));
    assert_message(err, "from: cannot rename to to: No such file or directory");
    err = (Error){0};
    assert_true(directory_create("folder", &err));
    assert_false(file_remove("folder", &err));
    assert_message(err, "folder: cannot remove: Is a directory");
}

static void test_directories(void **state) {
    (void)state;
    Error err = {0};
    bool exists, empty;
    assert_true(directory_state("d", &exists, &empty, &err));
    assert_true(!exists && empty);
    assert_true(directory_create("d/e//f/", &err));
    assert_true(directory_create("d/e", &err));
    assert_true(directory_state("d/e/f", &exists, &empty, &err));
    assert_true(exists && empty);
    assert_true(directory_state("d", &exists, &empty, &err));
    assert_true(exists && !empty);
    assert_true(file_write_atomic("d/file", "", 0, &err));
    assert_int_equal(err.count, 0);
    assert_false(directory_create("d/file/x", &err));
    assert_message(err, "d/file: cannot create the directory: File exists");
    err = (Error){0};
    assert_false(directory_state("d/file", &exists, &empty, &err));
    assert_message(err, "d/file: cannot open the directory: Not a directory");
}

/* flock as Linux makes it on NFS: a byte-range lock, whose exclusive form needs a file that is open for writing. */
int flock(int fd, int operation) {
    struct stat info;
    bool regular = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    if (regular && ((operation & LOCK_EX) == 0 || (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY))
        return (int)syscall(SYS_flock, fd, operation);
    errno = EBADF;
    return -1;
}

static LockResult lock_elsewhere(const char *path, double patience) {
    pid_t child = fork();
    if (child == 0) {
        Error err = {0};
        int fd;
        _exit((int)directory_lock(path, patience, &fd, &err));
    }
    int status;
    waitpid(child, &status, 0);
    return (LockResult)WEXITSTATUS(status);
}

/* Another process is refused; when the lock's holder goes, the lock goes. */
static void test_lock(void **state) {
    (void)state;
    Error err = {0};
    int fd, other;
    assert_true(directory_create("locked", &err));
    assert_false(directory_is_locked("locked"));
    assert_int_equal(directory_lock("locked", 0, &fd, &err), LOCK_HELD);
    assert_true(directory_is_locked("locked"));
    assert_int_equal(lock_elsewhere("locked", 0), LOCK_BUSY);
    assert_int_equal(directory_lock("locked", 0, &other, &err), LOCK_BUSY);
    assert_int_equal(other, -1);
    assert_message(err, "locked: locked by another process; wait until it ends, or choose another directory");
    directory_unlock("locked", fd);
    assert_false(file_exists("locked/" DIRECTORY_LOCK_FILE));
    assert_false(directory_is_locked("locked"));
    assert_int_equal(lock_elsewhere("locked", 0), LOCK_HELD);
    err = (Error){0};
    assert_int_equal(directory_lock("nowhere", 0, &fd, &err), LOCK_NO_DIRECTORY);
    assert_message(err, "nowhere: cannot open the directory: No such file or directory");
    assert_false(directory_is_locked("nowhere"));
}

/* What a killed process leaves is no lock, and no content. */
static void test_stale_lock(void **state) {
    (void)state;
    Error err = {0};
    int fd;
    bool exists, empty;
    assert_true(directory_create("stale", &err));
    assert_int_equal(lock_elsewhere("stale", 0), LOCK_HELD); /* and ends without letting go */
    assert_true(file_exists("stale/" DIRECTORY_LOCK_FILE));
    assert_false(directory_is_locked("stale"));
    assert_true(directory_state("stale", &exists, &empty, &err));
    assert_true(exists && empty);
    assert_int_equal(directory_lock("stale", 0, &fd, &err), LOCK_HELD);
    directory_unlock("stale", fd);
    assert_int_equal(err.count, 0);
    /* a link is not followed, a directory is none */
    assert_int_equal(symlink("../a.txt", "stale/" DIRECTORY_LOCK_FILE), 0);
    assert_int_equal(directory_lock("stale", 0, &fd, &err), LOCK_FAILED);
    assert_message(err, "stale: cannot lock the directory: Too many levels of symbolic links");
    assert_int_equal(unlink("stale/" DIRECTORY_LOCK_FILE), 0);
}

/* Many come and go: never two of them inside, though each removes the file that it held. */
static void test_lock_changes_hands(void **state) {
    (void)state;
    enum { PROCESSES = 4, ROUNDS = 300 };
    Error err = {0};
    pid_t child[PROCESSES];
    assert_true(directory_create("busy", &err));
    for (int i = 0; i < PROCESSES; i++) {
        if ((child[i] = fork()) != 0) continue;
        for (int round = 0; round < ROUNDS; round++) {
            int fd, inside;
            if (directory_lock("busy", 30, &fd, &err) != LOCK_HELD) _exit(1);
            if ((inside = open("busy/inside", O_CREAT | O_EXCL | O_WRONLY, 0600)) < 0) _exit(2);
            close(inside);
            if (unlink("busy/inside") != 0) _exit(3);
            directory_unlock("busy", fd);
        }
        _exit(0);
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        waitpid(child[i], &status, 0);
        assert_int_equal(status, 0);
    }
}

/* Who waits gets it when it is free. */
static void test_patience(void **state) {
    (void)state;
    Error err = {0};
    int fd;
    assert_true(directory_create("awaited", &err));
    assert_int_equal(directory_lock("awaited", 0, &fd, &err), LOCK_HELD);
    pid_t child = fork();
    if (child == 0) {
        int other;
        _exit((int)directory_lock("awaited", 30, &other, &err));
    }
    usleep(20000);
    directory_unlock("awaited", fd);
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(WEXITSTATUS(status), LOCK_HELD);
}

static void test_paths(void **state) {
    (void)state;
    static const struct {
        const char *path, *directory, *stem, *absolute;
    } cases[] = {
        {"/a/b.json", "/a", "b", "/a/b.json"},
        {"/b.tar.gz", "/", "b.tar", "/b.tar.gz"},
        {"/a/../../b/./c", "/a/../../b/.", "c", "/b/c"},
        {"//a///b//", "//a///b/", "", "/a/b"},
        {"/", "/", "", "/"},
        {"/..", "/", ".", "/"},
        {"/a/.hidden", "/a", ".hidden", "/a/.hidden"},
        {"/a/...", "/a", "..", "/a/..."},
    };
    char out[PATH_BYTES], wanted[PATH_BYTES];
    Error err = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        path_directory(out, cases[i].path);
        assert_string_equal(out, cases[i].directory);
        path_stem(out, cases[i].path);
        assert_string_equal(out, cases[i].stem);
        assert_true(path_absolute(out, cases[i].path, &err));
        assert_string_equal(out, cases[i].absolute);
    }
    path_directory(out, "b.json");
    assert_string_equal(out, ".");
    assert_true(path_absolute(out, "x/../y.csv", &err));
    snprintf(wanted, sizeof wanted, "%s/y.csv", here);
    assert_string_equal(out, wanted);
}

static void test_join(void **state) {
    (void)state;
    static const char *const cases[][3] = {{"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"", "b", "b"},
                                           {"a", "/b", "/b"}, {"/", "b", "/b"},   {".", "../b", "./../b"}};
    char out[PATH_BYTES], name[PATH_BYTES];
    Error err = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(path_join(out, cases[i][0], cases[i][1], &err));
        assert_string_equal(out, cases[i][2]);
    }
    memset(name, 'a', sizeof name);
    name[PATH_BYTES - 1] = '\0';
    assert_false(path_join(out, "d", name, &err));
    assert_non_null(strstr(err.text, "aaa: path of more than 4095 bytes"));
    err = (Error){0};
    assert_false(path_absolute(out, name, &err));
    assert_int_equal(err.count, 1);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write_and_read), cmocka_unit_test(test_large_and_unsized),
        cmocka_unit_test(test_read_errors),    cmocka_unit_test(test_write_errors),
        cmocka_unit_test(test_full_disk),      cmocka_unit_test(test_rename_and_remove),
        cmocka_unit_test(test_directories),    cmocka_unit_test(test_lock),
        cmocka_unit_test(test_stale_lock),     cmocka_unit_test(test_lock_changes_hands),
        cmocka_unit_test(test_patience),       cmocka_unit_test(test_paths),
        cmocka_unit_test(test_join),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
