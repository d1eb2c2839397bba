/* Transposition of matrices of float32: of images with the channels first it makes such with the channels last. */

#include "layer.h"
#include "square.h"

static void square(const float *from, long columns, float *to, long rows)
{
    vector block[VECTOR];
    load_square(from, columns, block);
#pragma GCC unroll 16
    for (int i = 0; i < VECTOR; i++) store(to + i * rows, block[i]);
}

/* All rows, which are few, as in images with few channels: a vector of the result has lanes of all of them. */
INLINE void few(int rows, const float *from, long columns, float *to, Range across)
{
    long j = across.first;
    for (; j + VECTOR <= across.last; j += VECTOR)
        for (int part = 0; part < rows; part++) {
            mask place = lanes() + part * VECTOR, row = place % rows, column = place / rows;
            vector result = load(from + j);
            for (int i = 0; i < rows; i++) {
                mask is_here = row == i;
                result = shuffled(result, load(from + i * columns + j), (is_here & (column + VECTOR)) | (~is_here & lanes()));
            }
            store(to + j * rows + part * VECTOR, result);
        }
    for (; j < across.last; j++)
        for (long i = 0; i < rows; i++) to[j * rows + i] = from[i * columns + j];
}

/* A part of a matrix. The last squares may cover some numbers twice. */
static void transpose(const float *from, float *to, long rows, long columns, Range down, Range across)
{
    if (rows == 2) return few(2, from, columns, to, across);
    if (rows == 3) return few(3, from, columns, to, across);
    if (rows == 4) return few(4, from, columns, to, across);
    if (down.last - down.first < VECTOR || across.last - across.first < VECTOR) {
        for (long j = across.first; j < across.last; j++)
            for (long i = down.first; i < down.last; i++) to[j * rows + i] = from[i * columns + j];
        return;
    }
    for (long right = across.first; right < across.last; right += VECTOR) {
        long j = at_most(right, across.last - VECTOR);
        for (long below = down.first; below < down.last; below += VECTOR) {
            long i = at_most(below, down.last - VECTOR);
            square(from + i * columns + j, columns, to + j * rows + i, rows);
        }
    }
}

/* For fewer numbers another thread is not worth the while. */
#define MANY (1 << 17)

/* Each of some matrices of `rows` times `columns` numbers, in parts of which each fits into a cache. */
void glueball_transpose(const float *from, float *to, long matrices, long rows, long columns, long threads)
{
    long down = parts(rows, 8 * VECTOR), across = parts(columns, 4 * VECTOR);
    if (matrices * rows * columns < MANY) threads = 1;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (long number = 0; number < matrices * down * across; number++) {
        long offset = number / (down * across) * rows * columns;
        Range rows_of_part = share(rows, number / across % down, down), columns_of_part = share(columns, number % across, across);
        transpose(from + offset, to + offset, rows, columns, rows_of_part, columns_of_part);
    }
}

FACTS(layout, 1, 0)

/* As a kernel: the result has its channels last. */
int glueball_layout(const Layer *layer, float *out, const float *data, const float *filters, const float *bias,
                    const float *other, const float *zeros, float *memory)
{
    (void)filters, (void)bias, (void)other, (void)zeros, (void)memory;
    glueball_transpose(data, out, layer->images, layer->channels, layer->height * layer->width, layer->threads);
    return 0;
}
