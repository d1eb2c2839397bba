/*
 * The gradient of the filters of a convolution in one group: a product of matrices that is summed over the pixels of
 * the result. There are at least VECTOR filters.
 */

#include "layer.h"
#include "product.h"
#include "square.h"
#include "window.h"

/* How many pixels ahead numbers are fetched into the cache. */
#define AHEAD 8

typedef struct {
    const float *data, *head, *zeros; /* `head` is the gradient of the result */
    float *sums;                      /* of the filters: for each tap and each channel, whole vectors of filters */
} Gradient;

/* Some channels, and one or two vectors of filters, summed over some pixels. */
INLINE void some(int rows, int fetch, int vectors, const float *const *pixels, long channel, const float *head,
                 long other, long step, long count, vector sums[ROWS][2])
{
    (void)fetch;
    for (int i = 0; i < rows; i++) sums[i][0] = sums[i][1] = all(0);
    for (long p = 0; p < count; p++, head += step) {
        const float *pixel = pixels[p] + channel, *later = pixels[p + AHEAD] + channel;
        vector first = load(head), second = vectors == 2 ? load(head + other) : all(0);
        __builtin_prefetch(later);
        __builtin_prefetch(later + rows - 1);
        __builtin_prefetch(head + AHEAD * step);
        __builtin_prefetch(head + AHEAD * step + other);
#pragma GCC unroll 16
        for (int i = 0; i < rows; i++) {
            vector factor = all(pixel[i]);
            sums[i][0] += factor * first;
            if (vectors == 2) sums[i][1] += factor * second;
        }
    }
}

INLINE long taps(const Layer *layer) { return layer->kernel[0] * layer->kernel[1]; }

INLINE long width(const Layer *layer) { return parts(layer->filters, VECTOR) * VECTOR; }
INLINE long table_size(const Layer *layer) { return layer->block * taps(layer) + AHEAD; }

/* Find the pixels of the image that each tap meets for some pixels of the result. */
static void find(const Layer *layer, const Gradient *g, long first, long count, const float **table)
{
    Window w = window(layer, g->data, first);
    for (long p = 0; p < count; p++, advance(layer, &w))
        for (long j = 0, t = 0, y = w.y; j < layer->kernel[0]; j++, y += layer->dilate[0])
            for (long k = 0, x = w.x; k < layer->kernel[1]; k++, t++, x += layer->dilate[1]) {
                int inside = is_inside(y, layer->height) && is_inside(x, layer->width);
                table[t * layer->block + p] = inside ? w.image + (y * layer->width + x) * layer->channels : g->zeros;
            }
}

static void tile(const Layer *layer, const Gradient *g, const float *const *pixels, long tap, long channel, long rows,
                 long panel, long first, long count)
{
    vector sums[ROWS][2];
    int vectors = layer->filters - panel * PANEL <= VECTOR ? 1 : 2;
    long filter = at_most(panel * PANEL, layer->filters - VECTOR);
    long other = at_most(panel * PANEL + VECTOR, layer->filters - VECTOR) - filter;
    const float *head = g->head + first * layer->filters + filter;
    WITH_ROWS(rows, 1, vectors, some, pixels, channel, head, other, layer->filters, count, sums)
    float *to = g->sums + (tap * layer->channels + channel) * width(layer) + panel * PANEL;
    for (long i = 0; i < rows; i++, to += width(layer))
        for (int half = 0; half < vectors; half++)
            store(to + half * VECTOR, (first ? load(to + half * VECTOR) : all(0)) + sums[i][half]);
}

/* Put one vector of filters where they belong. The last may have some that another has, too. */
static void unpack(const Layer *layer, const Gradient *g, long number, float *filters)
{
    long size = layer->channels * taps(layer), last = size - VECTOR, filter = at_most(number * VECTOR, layer->filters - VECTOR);
    const float *from = g->sums + number * VECTOR;
    float *to = filters + filter * size;
    for (long next = 0; next < size; next += VECTOR) {
        vector block[VECTOR];
        long q = at_most(next, last), rows = VECTOR;
        if (size < VECTOR) q = 0, rows = size;
        for (long i = 0, c = q / taps(layer), t = q % taps(layer); i < rows; i++) {
            block[i] = load(from + (t * layer->channels + c) * width(layer));
            if (++t == taps(layer)) t = 0, c++;
        }
        if (rows == VECTOR) {
            transpose_square(block);
            for (int i = 0; i < VECTOR; i++) store(to + i * size + q, block[i]);
        } else {
            for (long i = 0; i < rows; i++)
                for (int lane = 0; lane < VECTOR; lane++) to[lane * size + i] = block[i][lane];
        }
    }
}

/* The numbers that a call needs room for. */
long glueball_gradient_memory(const Layer *layer)
{
    return taps(layer) * layer->channels * width(layer) + layer->threads * 2 * table_size(layer) + 2;
}

/* The return value says that what is not finite is where it should be. */
int glueball_gradient(const Layer *layer, const float *data, const float *head, const float *zeros, float *filters,
                      float *memory)
{
    long total = pixels(layer), panels = parts(layer->filters, PANEL), pieces = parts(layer->channels, ROWS);
    const float **tables = (const float **)(((unsigned long)memory + 7) & ~7ul);
    Gradient g = {data, head, zeros, (float *)(tables + layer->threads * table_size(layer))};
#pragma omp parallel num_threads(layer->threads)
    {
        const float **table = tables + omp_get_thread_num() * table_size(layer);
        for (long first = 0; first < total; first += layer->block) {
            long count = at_most(total - first, layer->block);
            find(layer, &g, first, count, table);
#pragma omp for schedule(static) nowait
            for (long number = 0; number < taps(layer) * pieces * panels; number++) {
                long tap = number / (pieces * panels), piece = number / panels % pieces;
                long channel = piece * layer->channels / pieces, end = (piece + 1) * layer->channels / pieces;
                tile(layer, &g, table + tap * layer->block, tap, channel, end - channel, number % panels, first, count);
            }
        }
#pragma omp barrier
#pragma omp for schedule(static)
        for (long number = 0; number < width(layer) / VECTOR; number++) unpack(layer, &g, number, filters);
    }
    return 0;
}
