/* version: see version.h. */
#include "experiment/version.h"

#ifdef __clang__
const char *version_compiler(void) { return "clang " __clang_version__; }
#else
const char *version_compiler(void) { return "gcc " __VERSION__; }
#endif
