/* Vectors of float32, as wide as the processor has them. */

#if defined(__AVX512F__)
#define VECTOR 16
#elif defined(__AVX__)
#define VECTOR 8
#else
#define VECTOR 4
#endif

#define INLINE static inline __attribute__((always_inline))

typedef float vector __attribute__((vector_size(4 * VECTOR), aligned(4), may_alias));
typedef int mask __attribute__((vector_size(4 * VECTOR), aligned(4), may_alias));

INLINE vector load(const float *from) { return *(const vector *)from; }
INLINE void store(float *to, vector value) { *(vector *)to = value; }

/* Read or write the lanes from `first` to before `last`, and no other numbers; the other lanes that are read are 0. */
#if defined(__AVX512F__)
#include <immintrin.h>
INLINE __mmask16 lanes_between(long first, long last) { return (__mmask16)((1u << last) - (1u << first)); }

INLINE vector load_lanes(const float *from, long first, long last)
{
    return (vector)_mm512_maskz_loadu_ps(lanes_between(first, last), from);
}

INLINE void store_lanes(float *to, vector value, long first, long last)
{
    _mm512_mask_storeu_ps(to, lanes_between(first, last), (__m512)value);
}
#else
INLINE vector load_lanes(const float *from, long first, long last)
{
    vector value = {0};
    for (long i = first; i < last; i++) value[i] = from[i];
    return value;
}

INLINE void store_lanes(float *to, vector value, long first, long last)
{
    for (long i = first; i < last; i++) to[i] = value[i];
}
#endif

INLINE vector all(float value) { return value - (vector){0}; }
INLINE long at_most(long value, long limit) { return value < limit ? value : limit; }
INLINE long at_least(long value, long limit) { return value > limit ? value : limit; }
INLINE long parts(long length, long part) { return (length + part - 1) / part; }

/* NaN stays NaN in both: no comparison with it holds. */
INLINE vector at_least_all(vector value, vector low)
{
    mask below = value < low;
    return (vector)(((mask)value & ~below) | ((mask)low & below));
}

INLINE vector at_most_all(vector value, vector high)
{
    mask above = value > high;
    return (vector)(((mask)value & ~above) | ((mask)high & above));
}

/* Lane i of the result is lane order[i] of the two vectors one behind the other. */
INLINE vector shuffled(vector first, vector second, mask order)
{
#if defined(__clang__)
    vector result;
    for (int i = 0; i < VECTOR; i++) result[i] = order[i] < VECTOR ? first[order[i]] : second[order[i] - VECTOR];
    return result;
#else
    return __builtin_shuffle(first, second, order);
#endif
}

INLINE mask lanes(void)
{
    mask result;
    for (int i = 0; i < VECTOR; i++) result[i] = i;
    return result;
}
