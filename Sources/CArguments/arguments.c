#include "CArguments.h"

// Also for __GLIBC__.
#include <stdlib.h>

static int count = 0;
static char **arguments = NULL;

#if defined(__GLIBC__) || defined(__APPLE__)
// Swift's own list of arguments is found by way of /proc/self/maps, and is empty where that cannot be read.
__attribute__((constructor)) static void keep(int given_count, char **given) {
  count = given_count;
  arguments = given;
}
#endif

const char *tally_argument(int index) { return index < count ? arguments[index] : NULL; }
