/* Batch normalization of images in bfloat16, which is float32 without the lower half of its bits; sums are in float32. */

#include "layer.h"

typedef unsigned short number;
typedef unsigned bits __attribute__((vector_size(4 * VECTOR), may_alias));

INLINE float read_one(const number *from)
{
    union {
        unsigned bits;
        float value;
    } both = {(unsigned)*from << 16};
    return both.value;
}

#if defined(__AVX512BF16__)
INLINE vector read(const number *from)
{
    return (vector)((bits)_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)from)) << 16);
}

INLINE void write(number *to, vector value)
{
    _mm256_storeu_si256((__m256i *)to, (__m256i)_mm512_cvtneps_pbh((__m512)value));
}
#else
typedef unsigned short numbers __attribute__((vector_size(2 * VECTOR), aligned(2), may_alias));

INLINE vector read(const number *from) { return (vector)(__builtin_convertvector(*(const numbers *)from, bits) << 16); }

/* Round to the nearest, and between two of them to the even one; NaN stays NaN. */
INLINE void write(number *to, vector value)
{
    bits old = (bits)value, rounded = old + 0x7fff + ((old >> 16) & 1), nan = (bits)(value != value);
    *(numbers *)to = __builtin_convertvector(((rounded & ~nan) | ((old | 0x400000) & nan)) >> 16, numbers);
}
#endif

#include "batch_norm.h"
