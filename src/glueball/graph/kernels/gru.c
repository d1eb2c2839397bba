/*
 * The steps of a GRU, one direction of one layer. What follows from the data is in `gates` beforehand: for each step and
 * row what is added to the reset gate, to the update gate and to the new state.
 *
 * The matrix by which states are multiplied lies in panels: for each vector of units, and each unit of the state before,
 * a vector for each of the three gates. A thread has its own units in all steps, so that their panels stay in its cache.
 */

#include "layer.h"
#include "exponential.h"

#define GATES 3
#if defined(__AVX512F__)
#define ROWS 8
#else
#define ROWS 4
#endif

int omp_get_num_threads(void);

/* Everything that stays the same from step to step. `bias` is that of the part of the new state that is reset. */
typedef struct {
    long rows, units;
    const float *panels, *bias;
} Steps;

/* Compute the states of some rows after a step, for the units from `unit` on: a vector of them, or fewer at the end. */
INLINE void block(const Steps *steps, int rows, long row, long unit, const float *before, const float *gates, float *after)
{
    long units = steps->units, count = at_most(units - unit, VECTOR);
    const float *panel = steps->panels + unit * units * GATES;
    before += row * units, after += row * units, gates += row * units * GATES;
    vector sums[ROWS][GATES], bias = load_lanes(steps->bias + unit, 0, count);
    for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = all(0), sums[r][2] = bias;
    for (long k = 0; k < units; k++, panel += GATES * VECTOR) {
        vector reset = load(panel), update = load(panel + VECTOR), new = load(panel + 2 * VECTOR);
#pragma GCC unroll 8
        for (int r = 0; r < rows; r++) {
            vector state = all(before[r * units + k]);
            sums[r][0] += state * reset, sums[r][1] += state * update, sums[r][2] += state * new;
        }
    }
    for (int r = 0; r < rows; r++) {
        const float *given = gates + r * units * GATES + unit;
        vector reset = sigmoid(sums[r][0] + load_lanes(given, 0, count));
        vector update = sigmoid(sums[r][1] + load_lanes(given + units, 0, count));
        vector new = hyperbolic_tangent(reset * sums[r][2] + load_lanes(given + 2 * units, 0, count));
        vector state = load_lanes(before + r * units + unit, 0, count);
        store_lanes(after + r * units + unit, new + update * (state - new), 0, count);
    }
}

/* The same for all rows. */
static void all_rows(const Steps *steps, long unit, const float *before, const float *gates, float *after)
{
    for (long row = 0, rows; row < steps->rows; row += rows) {
        rows = parts(steps->rows - row, parts(steps->rows - row, ROWS)); /* the blocks differ by one at most */
        switch (rows) {
        case 1: block(steps, 1, row, unit, before, gates, after); break;
        case 2: block(steps, 2, row, unit, before, gates, after); break;
        case 3: block(steps, 3, row, unit, before, gates, after); break;
        case 4: block(steps, 4, row, unit, before, gates, after); break;
#if ROWS == 8
        case 5: block(steps, 5, row, unit, before, gates, after); break;
        case 6: block(steps, 6, row, unit, before, gates, after); break;
        case 7: block(steps, 7, row, unit, before, gates, after); break;
        case 8: block(steps, 8, row, unit, before, gates, after); break;
#endif
        }
    }
}

long glueball_gru_vector(void) { return VECTOR; }

/* Compute the states after `count` steps, in this order or, if `backwards`, from the last step to the first. */
void glueball_gru(const float *gates, const float *panels, const float *bias, const float *first, float *out, long count,
                  long rows, long units, long backwards, long threads)
{
    Steps steps = {rows, units, panels, bias};
#pragma omp parallel num_threads(threads)
    {
        Range own = share(parts(units, VECTOR), omp_get_thread_num(), omp_get_num_threads());
        const float *before = first;
        for (long i = 0; i < count; i++) {
            long step = backwards ? count - 1 - i : i;
            float *after = out + step * rows * units;
            for (long v = own.first; v < own.last; v++)
                all_rows(&steps, v * VECTOR, before, gates + step * rows * units * GATES, after);
            before = after;
#pragma omp barrier
        }
    }
}
