/* whole: whether a cell's files have all their bytes. Reads ends and headers alone, writes nothing.
 *
 * Cells are written without a sync (run.h, `light`): one that waits for the disk costs more than an epoch of a small net.
 * A kill leaves whole files all the same, but after a power cut summary.json, which is written last and says that the rest
 * is there, may stand beside files that are empty or cut short. ext4, xfs and btrfs, mounted as they are by default, keep
 * names in order and give a file its length once its bytes are on the disk. So lengths tell: a cell is complete when its
 * summary is there and each other file that is there ends where it should. One that is not there was removed by its user,
 * to whom the weights of a hundred cells may be too many. */
#ifndef NNEXP_SEARCH_WHOLE_H
#define NNEXP_SEARCH_WHOLE_H

#include <stdint.h>

/* The name of the first file of the directory that is cut short; NULL: none is. `epochs`: at which the logs of a run that
 * has ended end; -1: they are not looked at, since those of a killed one may end anywhere. */
const char *whole_damaged(const char *directory, int64_t epochs);

#endif
