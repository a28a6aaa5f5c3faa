#ifndef TALLY_CCATALOG_H
#define TALLY_CCATALOG_H

#include <stddef.h>

// The bytes of catalog.json, in the program itself: no file beside the binary can be missing or be another's.
extern const unsigned char *const tally_catalog;
extern const size_t tally_catalog_size_bytes;

#endif
