/*
 * The steps of a GRU or an LSTM, one direction of one layer. What follows from the data is in `gates` beforehand: for each
 * step and row what is added to each gate, those of a GRU in the order reset, update and new state, those of an LSTM in the
 * order input, forget, cell and output.
 *
 * The matrix by which states are multiplied lies in panels: for each vector of units, and each unit of the state before,
 * a vector for each gate. A thread has its own units in all steps, so that their panels stay in its cache.
 */

#include "layer.h"
#include "exponential.h"

#define GRU 3 /* gates */
#define LSTM 4
#define MOST LSTM

/* The rows that are multiplied together: so many that their sums fill the processor's registers. */
#if defined(__AVX512F__)
#define SUMS 24
#else
#define SUMS 12
#endif
#define ROWS (SUMS / GRU)

int omp_get_num_threads(void);

/* Everything that stays the same from step to step. */
typedef struct {
    long rows, units;
    const float *panels;
    const float *bias; /* of a GRU: that of the part of the new state that is reset */
    float *cells;      /* of an LSTM: those before the step, and after it */
} Steps;

INLINE vector next_state_of_gru(const vector given[MOST], const vector sums[MOST], vector state)
{
    vector reset = sigmoid(sums[0] + given[0]), update = sigmoid(sums[1] + given[1]);
    vector new = hyperbolic_tangent(reset * sums[2] + given[2]);
    return new + update * (state - new);
}

INLINE vector next_state_of_lstm(const vector given[MOST], const vector sums[MOST], vector *cell)
{
    vector input = sigmoid(sums[0] + given[0]), forget = sigmoid(sums[1] + given[1]);
    *cell = forget * *cell + input * hyperbolic_tangent(sums[2] + given[2]);
    return sigmoid(sums[3] + given[3]) * hyperbolic_tangent(*cell);
}

/* Compute the states of some rows after a step, for the units from `unit` on: a vector of them, or fewer at the end. */
INLINE void block(int kind, const Steps *steps, int rows, long row, long unit, const float *before, const float *gates,
                  float *after)
{
    long units = steps->units, count = at_most(units - unit, VECTOR);
    const float *panel = steps->panels + unit * units * kind;
    before += row * units, after += row * units, gates += row * units * kind;
    vector sums[ROWS][MOST], bias = kind == GRU ? load_lanes(steps->bias + unit, 0, count) : all(0);
#pragma GCC unroll 8
    for (int r = 0; r < rows; r++)
#pragma GCC unroll 4
        for (int g = 0; g < kind; g++) sums[r][g] = kind == GRU && g == 2 ? bias : all(0);
    for (long k = 0; k < units; k++, panel += kind * VECTOR) {
        vector weights[MOST];
#pragma GCC unroll 4
        for (int g = 0; g < kind; g++) weights[g] = load(panel + g * VECTOR);
#pragma GCC unroll 8
        for (int r = 0; r < rows; r++) {
            vector state = all(before[r * units + k]);
#pragma GCC unroll 4
            for (int g = 0; g < kind; g++) sums[r][g] += state * weights[g];
        }
    }
#pragma GCC unroll 8
    for (int r = 0; r < rows; r++) {
        long place = r * units + unit;
        vector given[MOST], state;
#pragma GCC unroll 4
        for (int g = 0; g < kind; g++) given[g] = load_lanes(gates + (r * kind + g) * units + unit, 0, count);
        if (kind == GRU) {
            state = next_state_of_gru(given, sums[r], load_lanes(before + place, 0, count));
        } else {
            float *cells = steps->cells + row * units + place;
            vector cell = load_lanes(cells, 0, count);
            state = next_state_of_lstm(given, sums[r], &cell);
            store_lanes(cells, cell, 0, count);
        }
        store_lanes(after + place, state, 0, count);
    }
}

/* The same for all rows. */
INLINE void all_rows(int kind, const Steps *steps, long unit, const float *before, const float *gates, float *after)
{
    const int most = SUMS / kind;
    for (long row = 0, rows; row < steps->rows; row += rows) {
        rows = parts(steps->rows - row, parts(steps->rows - row, most)); /* the blocks differ by one at most */
        switch (rows) {
        case 1: block(kind, steps, 1, row, unit, before, gates, after); break;
        case 2: block(kind, steps, 2, row, unit, before, gates, after); break;
        case 3: block(kind, steps, 3, row, unit, before, gates, after); break;
        case 4: block(kind, steps, at_most(4, most), row, unit, before, gates, after); break;
        case 5: block(kind, steps, at_most(5, most), row, unit, before, gates, after); break;
        case 6: block(kind, steps, at_most(6, most), row, unit, before, gates, after); break;
        case 7: block(kind, steps, at_most(7, most), row, unit, before, gates, after); break;
        case 8: block(kind, steps, at_most(8, most), row, unit, before, gates, after); break;
        }
    }
}

/* Compute the states after `count` steps, in this order or, if `backwards`, from the last step to the first. */
INLINE void run(int kind, const Steps *steps, const float *gates, const float *first, float *out, long count, long backwards,
                long threads)
{
    long states = steps->rows * steps->units;
#pragma omp parallel num_threads(threads)
    {
        Range own = share(parts(steps->units, VECTOR), omp_get_thread_num(), omp_get_num_threads());
        const float *before = first;
        for (long i = 0; i < count; i++) {
            long step = backwards ? count - 1 - i : i;
            float *after = out + step * states;
            for (long v = own.first; v < own.last; v++)
                all_rows(kind, steps, v * VECTOR, before, gates + step * states * kind, after);
            before = after;
#pragma omp barrier
        }
    }
}

long glueball_recurrent_vector(void) { return VECTOR; }

void glueball_gru(const float *gates, const float *panels, const float *bias, const float *first, float *out, long count,
                  long rows, long units, long backwards, long threads)
{
    Steps steps = {rows, units, panels, bias, 0};
    run(GRU, &steps, gates, first, out, count, backwards, threads);
}

/* `cells` are the first ones, and then the last ones. */
void glueball_lstm(const float *gates, const float *panels, float *cells, const float *first, float *out, long count,
                   long rows, long units, long backwards, long threads)
{
    Steps steps = {rows, units, panels, 0, cells};
    run(LSTM, &steps, gates, first, out, count, backwards, threads);
}
