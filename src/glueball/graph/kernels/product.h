/*
 * The inner product: a few rows times a panel, which is 2 * VECTOR columns of filters that lie one number of the depth
 * after another.
 */

/* So many rows that their sums fill the processor's registers. */
#if defined(__AVX512F__)
#define ROWS 14
#else
#define ROWS 6
#endif
#define PANEL (2 * VECTOR)

/* Return how many of the rows that are left to take next, so that the parts differ by one at most. */
INLINE long next_rows(long left) { return parts(left, parts(left, ROWS)); }

/* What is fetched into the cache meanwhile: in each step what begins at `at`, which then goes on by `step` numbers. */
typedef struct {
    const float *at;
    long step;
} Ahead;

/* Return the part of the panel behind `panel` that is fetched while some rows of `count` are computed. */
INLINE Ahead ahead(const float *panel, long depth, long done, long count)
{
    long step = PANEL / parts(count, ROWS);
    return (Ahead){panel + depth * PANEL + done / ROWS * step * depth, step};
}

/*
 * A row lies in `pieces` of `depth` numbers each: piece t of row i begins at starts[t * ROWS + i]. The panel has 1 or 2
 * vectors. The products are added to `before`.
 */
INLINE void multiply(int rows, int fetch, int vectors, const float *const *starts, long pieces, long depth,
                     const float *panel, Ahead next, const vector before[2], vector sums[ROWS][2])
{
    for (int i = 0; i < rows; i++) sums[i][0] = before[0], sums[i][1] = before[1];
    for (long t = 0; t < pieces; t++, starts += ROWS) {
        const float *piece[ROWS];
        for (int i = 0; i < rows; i++) piece[i] = starts[i];
        for (long p = 0; p < depth; p++, panel += vectors * VECTOR, next.at += next.step) {
            vector first = load(panel), second = vectors == 2 ? load(panel + VECTOR) : all(0);
            if (fetch) {
                __builtin_prefetch(next.at, 0, 2);
                __builtin_prefetch(next.at + VECTOR, 0, 2);
            }
#pragma GCC unroll 16
            for (int i = 0; i < rows; i++) {
                vector factor = all(piece[i][p]);
                sums[i][0] += factor * first;
                if (vectors == 2) sums[i][1] += factor * second;
            }
        }
    }
}

/*
 * The compiler needs some numbers as constants: call `function(n, fetch, vectors, ...)` with the number of rows that is
 * asked for. Only where all rows are there, it is worth to leave out what fetches nothing.
 */
#define WITH_ROWS(rows, fetch, vectors, function, ...)                                                                 \
    if ((vectors) == 1) {                                                                                              \
        switch (rows) {                                                                                                \
            ROWS_CASES(1, function, __VA_ARGS__)                                                                       \
        }                                                                                                              \
    } else if (!(fetch) && (rows) == ROWS) {                                                                           \
        function(ROWS, 0, 2, __VA_ARGS__);                                                                             \
    } else {                                                                                                           \
        switch (rows) {                                                                                                \
            ROWS_CASES(2, function, __VA_ARGS__)                                                                       \
        }                                                                                                              \
    }
#define ROWS_CASE(n, vectors, function, ...)                                                                           \
    case n: function(n, 1, vectors, __VA_ARGS__); break;
#define ROWS_CASES_OF_6(...)                                                                                           \
    ROWS_CASE(1, __VA_ARGS__) ROWS_CASE(2, __VA_ARGS__) ROWS_CASE(3, __VA_ARGS__) ROWS_CASE(4, __VA_ARGS__)            \
    ROWS_CASE(5, __VA_ARGS__) ROWS_CASE(6, __VA_ARGS__)
#if ROWS == 14
#define ROWS_CASES(...)                                                                                                \
    ROWS_CASES_OF_6(__VA_ARGS__)                                                                                       \
    ROWS_CASE(7, __VA_ARGS__) ROWS_CASE(8, __VA_ARGS__) ROWS_CASE(9, __VA_ARGS__) ROWS_CASE(10, __VA_ARGS__)           \
    ROWS_CASE(11, __VA_ARGS__) ROWS_CASE(12, __VA_ARGS__) ROWS_CASE(13, __VA_ARGS__) ROWS_CASE(14, __VA_ARGS__)
#else
#define ROWS_CASES(...) ROWS_CASES_OF_6(__VA_ARGS__)
#endif
