/* The tests of the network in double precision: PyTorch to its tenth digit. */
#include "../unit/test_network.c"
