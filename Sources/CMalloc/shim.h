#pragma once
// mallopt is not part of the module that Swift has of glibc.
#ifdef __linux__
#include <malloc.h>
#endif
