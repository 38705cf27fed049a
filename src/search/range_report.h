/* range_report: a range test on disk and in words: its directory, find_lr.csv, confirmation.csv, suggestion.json,
 * and what is said on stdout. Touches no file but these three. */
#ifndef NNEXP_SEARCH_RANGE_REPORT_H
#define NNEXP_SEARCH_RANGE_REPORT_H

#include "experiment/run_directory.h"
#include "search/range_test.h"

#include <stdio.h>

/* Creates or opens and locks PATH: one that holds nothing or, with `force`, a range test. Then run_directory_release. */
bool range_report_claim(RunDirectory *directory, const char *path, bool force, Error *err);

/* Writes the files, each whole; suggestion.json last, and an old one goes first: it never lies beside others'
 * figures. */
bool range_report_write(const RunDirectory *directory, const RangeTest *test, Error *err);

/* Why there is no suggestion, and what to do; "" when there is one. */
enum { RANGE_REASON_BYTES = 512 };
void range_report_reason(const RangeTest *test, char out[RANGE_REASON_BYTES]);

/* The answer, in a few lines. */
void range_report_print(const RangeTest *test, FILE *out);

#endif
