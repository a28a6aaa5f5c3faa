#pragma once
// The advanced part of the API (ZSTD_findFrameCompressedSize, frame headers) is stable in practice and
// what every other reader of multi-frame files uses.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>
#include <zstd_errors.h>
