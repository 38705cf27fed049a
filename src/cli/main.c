/* main: which command, and the only place that prints errors and exits. A command is a file and a row here. */
#include "base/linalg.h"
#include "base/text.h"
#include "cli/options.h"
#include "experiment/run.h"
#include "experiment/version.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const Command *const commands[] = {&train_command,   &sweep_command,    &find_lr_command,
                                          &check_command,   &predict_command,  &surface_command,
                                          &convert_command, &generate_command, &list_command};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_help(void) {
    printf("usage: nnexp [COMMAND] [options]\n\n");
    for (int i = 0; i < COMMANDS; i++) printf("  %-10s %s\n", commands[i]->name, commands[i]->help);
    printf("\nnnexp COMMAND --help tells more. Begin with: nnexp --config configs/relu_he.json\n");
}

static void print_version(void) {
    printf("nnexp %s\n%s, kernel %s\n%s\n", NNEXP_VERSION, linalg_version(), linalg_kernel(), version_compiler());
}

static void print_command_help(const Command *command) {
    printf("usage: nnexp %s %s\n\n%s\n\n", command->name, command->usage, command->help);
    options_help(command, stdout);
}

/* The command of that name; NULL, with an error, for none. */
static const Command *find(const char *name, Error *err) {
    const char *nearest = NULL;
    int distance = 0;
    for (int i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i]->name, name) == 0) return commands[i];
        text_nearer(name, commands[i]->name, &nearest, &distance);
    }
    if (nearest) fail(err, "%s: unknown command; did you mean '%s'?", name, nearest);
    else fail(err, "%s: unknown command; nnexp --help names them all", name);
    return NULL;
}

static int run(int argc, char **argv, Error *err) {
    const char *first = argc > 1 ? argv[1] : "--help";
    if (strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0) return print_version(), EXIT_DONE;
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0) return print_help(), EXIT_DONE;
    bool named = first[0] != '-';
    const Command *command = named ? find(first, err) : &train_command;
    Options options;
    if (!command || !options_read(command, argc - named, argv + named, &options, err)) return EXIT_REFUSED;
    if (options.help) return print_command_help(command), EXIT_DONE;
    return command->run(&options, err);
}

/* Standard streams that the caller has closed are opened for nothing, so that no log gets one of their numbers. What
 * is written to them still fails: stdin is opened for writing, the others for reading. */
static void fill_standard_streams(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd) abort();
}

int main(int argc, char **argv) {
    Error err = {0};
    fill_standard_streams();
    linalg_pin_threads();
    int status = run(argc, argv, &err);
    if ((status == EXIT_FAILED || status == EXIT_REFUSED) && err.count == 0) fail(&err, "memory is out");
    error_print(&err, stderr);
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == EXIT_DONE) {
        fprintf(stderr, "nnexp: standard output: cannot write\n");
        status = EXIT_FAILED;
    }
    return status;
}
