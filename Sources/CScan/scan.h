#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// One bit a byte of a vector: the one thing for which Swift's vectors have no instruction. Every x86-64 has SSE2; for
// other processors plain loops say the same.
#if defined(__x86_64__)
#include <emmintrin.h>

#define TALLY_HAS_SCAN 1

#endif

// What `tally_mark_quotes` found besides quotes.
typedef struct {
  size_t size;  // how many bytes come before the first backslash or control character
  int high;     // not 0 when a byte is not ASCII
} tally_text;

// Marks the quotes in up to `blocks` blocks of 64 bytes of text: the lowest bit of the first word is the first byte.
// Ends with the block in which a backslash or a control character stands, such as the line feed; bits behind that
// mean nothing.
static inline tally_text tally_mark_quotes(const void *text, size_t blocks, uint64_t *quotes) {
  tally_text found = {0, 0};
#ifdef TALLY_HAS_SCAN
  const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1f);
  __m128i high = _mm_setzero_si128();
  for (size_t block = 0; block < blocks; block++) {
    const __m128i *at = (const __m128i *)((const char *)text + 64 * block);
    __m128i bytes[4], slashes = _mm_setzero_si128(), least = _mm_set1_epi8((char)0xff);
    uint64_t word = 0;
    for (int part = 0; part < 4; part++) {
      bytes[part] = _mm_loadu_si128(at + part);
      word |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes[part], quote)) << (16 * part);
      slashes = _mm_or_si128(slashes, _mm_cmpeq_epi8(bytes[part], slash));
      least = _mm_min_epu8(least, bytes[part]);
      high = _mm_or_si128(high, bytes[part]);
    }
    quotes[block] = word;
    found.size += 64;
    if (_mm_movemask_epi8(_mm_or_si128(slashes, _mm_cmpeq_epi8(_mm_min_epu8(least, control), least))) == 0) continue;
    uint64_t special = 0;
    for (int part = 0; part < 4; part++) {
      const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes[part], control), bytes[part]);
      const __m128i either = _mm_or_si128(low, _mm_cmpeq_epi8(bytes[part], slash));
      special |= (uint64_t)(uint32_t)_mm_movemask_epi8(either) << (16 * part);
    }
    found.size += (size_t)__builtin_ctzll(special) - 64;
    break;
  }
  found.high = _mm_movemask_epi8(high);
#else
  for (; found.size < 64 * blocks; found.size++) {
    const unsigned char byte = ((const unsigned char *)text)[found.size];
    const size_t bit = found.size % 64;
    if (bit == 0) quotes[found.size / 64] = 0;
    if (byte == '\\' || byte < 0x20) break;
    quotes[found.size / 64] |= (uint64_t)(byte == '"') << bit;
    found.high |= byte & 0x80;
  }
#endif
  return found;
}

// Asks for the bytes, without waiting for them.
static inline void tally_prefetch(const void *bytes, size_t count) {
  for (size_t at = 0; at < count; at += 64) __builtin_prefetch((const char *)bytes + at);
}

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
