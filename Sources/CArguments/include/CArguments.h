#ifndef TALLY_CARGUMENTS_H
#define TALLY_CARGUMENTS_H

// The words that the program was started with, its own name at 0; null behind the last, and at 0 where the C library
// does not tell them before main.
const char *tally_argument(int index);

#endif
