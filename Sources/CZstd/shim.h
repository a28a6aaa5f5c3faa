#pragma once
// The advanced part of the API (ZSTD_findFrameCompressedSize, frame headers) is stable in practice and
// what every other reader of multi-frame files uses.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>
#include <zstd_errors.h>

// The name of the parameter is a macro that Swift does not see. A library that does not know it goes on checking.
static inline void tally_ignoreChecksums(ZSTD_DCtx *context, int ignores) {
  ZSTD_DCtx_setParameter(context, ZSTD_d_forceIgnoreChecksum, ignores ? ZSTD_d_ignoreChecksum : ZSTD_d_validateChecksum);
}

// Likewise. Some levels would leave literals as they are.
static inline void tally_compressLiterals(ZSTD_CCtx *context, int always) {
  ZSTD_CCtx_setParameter(context, ZSTD_c_literalCompressionMode, always ? 1 : 0);  // 0: as the level has it
}
