/* Transposition of matrices of float32: of images with the channels first it makes such with the channels last. */

#include "vector.h"
#include "square.h"

static void square(const float *from, long columns, float *to, long rows)
{
    vector block[VECTOR];
    load_square(from, columns, block);
#pragma GCC unroll 16
    for (int i = 0; i < VECTOR; i++) store(to + i * rows, block[i]);
}

/* Columns `first` to `last`. The last squares may cover some numbers twice. */
static void strip(const float *from, float *to, long rows, long columns, long first, long last)
{
    if (rows < VECTOR || last - first < VECTOR) {
        for (long j = first; j < last; j++)
            for (long i = 0; i < rows; i++) to[j * rows + i] = from[i * columns + j];
        return;
    }
    for (long next = first; next < last; next += VECTOR) {
        long j = at_most(next, last - VECTOR);
        for (long below = 0; below < rows; below += VECTOR) {
            long i = at_most(below, rows - VECTOR);
            square(from + i * columns + j, columns, to + j * rows + i, rows);
        }
    }
}

/* Each of some matrices of `rows` times `columns` numbers. */
void glueball_layout(const float *from, float *to, long matrices, long rows, long columns, long threads)
{
    long width = parts(columns, parts(columns, 8 * VECTOR)), strips = parts(columns, width);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (long number = 0; number < matrices * strips; number++) {
        long offset = number / strips * rows * columns, first = number % strips * width;
        strip(from + offset, to + offset, rows, columns, first, at_most(first + width, columns));
    }
}
