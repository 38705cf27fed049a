/* version: what program this is, for --version and summary.json. */
#ifndef NNEXP_EXPERIMENT_VERSION_H
#define NNEXP_EXPERIMENT_VERSION_H

#define NNEXP_VERSION "0.1.0"

/* "gcc 12.2.0" or the like. */
const char *version_compiler(void);

#endif
