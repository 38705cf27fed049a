/* The tests of the norms in double precision, at 1e-12, and their gradients against central differences. */
#include "../unit/test_norm.c"
