/* The tests of the losses in double precision, at 1e-13, and their gradients against central differences. */
#include "../unit/test_loss.c"
