/* Vectors of float32, as wide as the processor has them. */

#if defined(__AVX512F__)
#define VECTOR 16
#elif defined(__AVX__)
#define VECTOR 8
#else
#define VECTOR 4
#endif

#if defined(__AVX__)
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))

typedef float vector __attribute__((vector_size(4 * VECTOR), aligned(4), may_alias));
typedef int mask __attribute__((vector_size(4 * VECTOR), aligned(4), may_alias));

INLINE vector load(const float *from) { return *(const vector *)from; }
INLINE void store(float *to, vector value) { *(vector *)to = value; }

/* Read or write the lanes from `first` to before `last`, and no other numbers; the other lanes that are read are 0. */
#if defined(__AVX512F__)
INLINE __mmask16 lanes_between(long first, long last) { return (__mmask16)((1u << last) - (1u << first)); }

INLINE vector load_lanes(const float *from, long first, long last)
{
    return (vector)_mm512_maskz_loadu_ps(lanes_between(first, last), from);
}

INLINE void store_lanes(float *to, vector value, long first, long last)
{
    _mm512_mask_storeu_ps(to, lanes_between(first, last), (__m512)value);
}
#elif defined(__AVX__)
INLINE __m256i lanes_between(long first, long last)
{
    mask lane = {0, 1, 2, 3, 4, 5, 6, 7};
    return (__m256i)((lane >= (int)first) & (lane < (int)last));
}

INLINE vector load_lanes(const float *from, long first, long last)
{
    return (vector)_mm256_maskload_ps(from, lanes_between(first, last));
}

INLINE void store_lanes(float *to, vector value, long first, long last)
{
    _mm256_maskstore_ps(to, lanes_between(first, last), (__m256)value);
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

/* Read lanes as above, but the first and the last need be no lanes of the vector. */
INLINE vector load_between(const float *from, long first, long last)
{
    first = at_most(at_least(first, 0), VECTOR);
    return load_lanes(from, first, at_least(at_most(last, VECTOR), first));
}

/* NaN stays NaN in both: no comparison with it holds, and the instructions return their second number then. */
#if defined(__AVX512F__)
INLINE vector at_least_all(vector value, vector low) { return (vector)_mm512_max_ps((__m512)low, (__m512)value); }
INLINE vector at_most_all(vector value, vector high) { return (vector)_mm512_min_ps((__m512)high, (__m512)value); }
#elif defined(__AVX__)
INLINE vector at_least_all(vector value, vector low) { return (vector)_mm256_max_ps((__m256)low, (__m256)value); }
INLINE vector at_most_all(vector value, vector high) { return (vector)_mm256_min_ps((__m256)high, (__m256)value); }
#else
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
#endif

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
