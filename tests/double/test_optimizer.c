/* The tests of the optimizers in double precision, at 1e-12. */
#include "../unit/test_optimizer.c"
