/* The exponential function of vectors, and what follows from it; NaN stays NaN. `vector.h` comes before. */

/* exp(x) = power * (1 + rest), where the power is one of 2, and |rest| is below 0.42. */
typedef struct {
    vector power, rest;
} Exponential;

/*
 * x = n * ln 2 + r with |r| <= ln 2 / 2, so that exp(x) = 2^n * exp(r), and exp(r) is its Taylor series: the first term
 * that is left out is below 6e-9. ln 2 is the difference of two numbers, the first of which has few digits, so that its
 * product with n is exact. Beyond -87 and 88, where the power would be no number, x is taken for these.
 */
INLINE Exponential exponential(vector x)
{
    const float shift = 12582912.0f; /* 1.5 * 2^23: what is added to it is rounded to an integer */
    vector inside = at_most_all(at_least_all(x, all(-87)), all(88));
    vector n = (inside * all(1.44269504f) + all(shift)) - all(shift);
    vector r = (inside - n * all(0.693359375f)) + n * all(2.12194440e-4f);
    const float factors[] = {1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 1.0f / 2, 1};
    vector sum = all(1.0f / 5040);
    for (int i = 0; i < 6; i++) sum = sum * r + all(factors[i]);
    return (Exponential){(vector)((__builtin_convertvector(n, mask) + 127) << 23), sum * r};
}

/* 1 / (1 + exp(-x)) */
INLINE vector sigmoid(vector x)
{
    Exponential e = exponential(-x);
    vector result = all(1) / (all(1) + e.power + e.power * e.rest);
    return (vector)((mask)result & ~(x < all(-88))); /* 0, as for float32 it is */
}

/* (exp(2x) - 1) / (exp(2x) + 1), without 1 where x is small, since few digits of it would be left. */
INLINE vector hyperbolic_tangent(vector x)
{
    Exponential e = exponential(x + x);
    vector less_one = e.power * e.rest + (e.power - all(1));
    return less_one / (less_one + all(2));
}
