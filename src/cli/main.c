/* main: placeholder until the commands exist. */
int main(void) { return 2; }
