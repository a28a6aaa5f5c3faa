#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// One bit a byte of a vector: the one thing for which Swift's vectors have no instruction. Every x86-64 has SSE2; other
// processors go eight bytes at a time, in Swift.
#if defined(__x86_64__)
#include <emmintrin.h>

#define TALLY_HAS_SCAN 1

// What stands in 32 bytes of text: the lowest bit is the first byte.
typedef struct {
  uint32_t special;  // quotes, backslashes and control characters
  uint32_t high;     // bytes that are not ASCII
} tally_scan;

static inline tally_scan tally_scan32(const void *text) {
  const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1f);
  tally_scan found = {0, 0};
  for (int half = 0; half < 2; half++) {
    const __m128i bytes = _mm_loadu_si128((const __m128i *)text + half);
    const __m128i special =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, slash)),
                     _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes));
    found.special |= (uint32_t)_mm_movemask_epi8(special) << (16 * half);
    found.high |= (uint32_t)_mm_movemask_epi8(bytes) << (16 * half);
  }
  return found;
}
#endif

// Whether `needle` (of at least two bytes) is among the bytes: memmem is no part of C, and slower. A place is looked at
// closely only where the first and the last byte of the needle stand at the right distance.
static inline int tally_contains(const void *bytes, size_t count, const void *needle, size_t length) {
  const unsigned char *at = (const unsigned char *)bytes, *wanted = (const unsigned char *)needle;
  if (count < length) return 0;
  const unsigned char *end = at + count - length + 1;
#ifdef TALLY_HAS_SCAN
  const __m128i first = _mm_set1_epi8((char)wanted[0]), last = _mm_set1_epi8((char)wanted[length - 1]);
  for (; at + 16 <= end; at += 16) {
    const __m128i heads = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)at), first);
    const __m128i tails = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(at + length - 1)), last);
    for (unsigned found = (unsigned)_mm_movemask_epi8(_mm_and_si128(heads, tails)); found; found &= found - 1) {
      if (memcmp(at + __builtin_ctz(found), wanted, length) == 0) return 1;
    }
  }
#endif
  for (; at < end; at++) {
    if (*at == wanted[0] && memcmp(at, wanted, length) == 0) return 1;
  }
  return 0;
}
