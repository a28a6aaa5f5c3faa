#include "CCatalog.h"

static const unsigned char bytes[] = {
#embed "catalog.json"
};
const unsigned char *const tally_catalog = bytes;
const size_t tally_catalog_size_bytes = sizeof bytes;
