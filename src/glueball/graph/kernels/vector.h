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
INLINE vector all(float value) { return value - (vector){0}; }
INLINE long at_most(long value, long limit) { return value < limit ? value : limit; }
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
