/*
 * Few rows of numbers times a matrix that is read as it lies: it is larger than all the rest, and is read once.
 *
 * A row of the data is an image of one pixel; a row of the matrix is a filter.
 */

#include "layer.h"

#define FILTERS 4           /* that are read side by side: memory gives more in several streams than in one */
#define ROWS (VECTOR / 4)   /* with which a filter is multiplied at a time; sums and data fit the registers */
#define AHEAD 512           /* how many numbers before they are needed those of a filter are asked for */

INLINE float total(vector value)
{
    float sum = 0;
    for (int i = 0; i < VECTOR; i++) sum += value[i];
    return sum;
}

/* Multiply `filters` filters with `rows` rows, and write the results. */
INLINE void block(const Layer *layer, const Arrays *arrays, End end, long filter, int filters, long row, int rows)
{
    long length = layer->channels, whole = length - length % VECTOR;
    const float *weight = arrays->filters + filter * length, *data = arrays->data + row * length;
    vector sums[FILTERS][ROWS];
    for (int f = 0; f < filters; f++)
        for (int r = 0; r < rows; r++) sums[f][r] = all(0);
    for (long i = 0; i < whole; i += VECTOR) {
        long ahead = i + AHEAD < length ? i + AHEAD : i + AHEAD + (FILTERS - 1) * length; /* then those of the next block */
        for (int f = 0; f < filters; f++) {
            __builtin_prefetch(weight + f * length + ahead);
            vector part = load(weight + f * length + i);
            for (int r = 0; r < rows; r++) sums[f][r] += part * load(data + r * length + i);
        }
    }
    if (whole < length)
        for (int f = 0; f < filters; f++) {
            vector part = load_lanes(weight + f * length + whole, 0, length - whole);
            for (int r = 0; r < rows; r++) sums[f][r] += part * load_lanes(data + r * length + whole, 0, length - whole);
        }
    for (int r = 0; r < rows; r++) {
        vector value = arrays->bias ? load_lanes(arrays->bias + filter, 0, filters) : all(0);
        for (int f = 0; f < filters; f++) value[f] += total(sums[f][r]);
        finish_lanes(end, value, (row + r) * layer->filters + filter, 0, filters);
    }
}

/* Multiply `filters` filters with all rows: meanwhile they stay in the cache. */
INLINE void all_rows(const Layer *layer, const Arrays *arrays, End end, long filter, int filters)
{
    for (long row = 0; row < layer->images; row += ROWS) switch (at_most(layer->images - row, ROWS)) {
        case 1: block(layer, arrays, end, filter, filters, row, 1); break;
        case 2: block(layer, arrays, end, filter, filters, row, at_most(2, ROWS)); break;
        case 3: block(layer, arrays, end, filter, filters, row, at_most(3, ROWS)); break;
        default: block(layer, arrays, end, filter, filters, row, ROWS);
        }
}

FACTS(dense, ROWS, 0)

int glueball_dense(const Layer *layer, float *out, const float *data, const float *filters, const float *bias,
                   const float *other, const float *zeros, float *memory)
{
    Arrays arrays = {data, filters, bias, other, zeros, out};
    (void)memory;
#pragma omp parallel for num_threads(layer->threads) schedule(static)
    for (long part = 0; part < layer->threads; part++) {
        End end = end_of(layer, &arrays);
        Range own = share(layer->filters, part, layer->threads);
        long filter = own.first;
        for (; filter + FILTERS <= own.last; filter += FILTERS) all_rows(layer, &arrays, end, filter, FILTERS);
        for (; filter < own.last; filter++) all_rows(layer, &arrays, end, filter, 1);
    }
    return 0;
}
