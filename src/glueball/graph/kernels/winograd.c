/*
 * Convolution with 3x3 filters and stride 1 by Winograd's minimal filtering, F(4x4, 3x3) and F(2x2, 3x3).
 *
 * The algorithm is that of Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016: a tile of
 * `size` x `size` numbers of the image is transformed, multiplied with transformed filters, summed over the channels
 * as one product of matrices for each of the size^2 positions, and transformed back to (size - 2)^2 outputs.
 *
 * `size` is 6 or 4. The numbers of channels are multiples of VECTOR. Where a block has no tiles, all threads work on all
 * tiles together.
 */

#include "layer.h"
#include "product.h"
#include "winograd.h"

INLINE long panels(const Layer *layer) { return parts(layer->filters, PANEL); }

/* One dimension of the transform of the output. */
INLINE void transform_out(long size, const vector *m, vector *to, long step)
{
    vector sum = m[1] + m[2], difference = m[1] - m[2];
    if (size == 6) {
        vector sum2 = m[3] + m[4], difference2 = m[3] - m[4];
        to[0] = m[0] + sum + sum2;
        to[step] = difference + 2 * difference2;
        to[2 * step] = sum + 4 * sum2;
        to[3 * step] = difference + 8 * difference2 + m[5];
    } else {
        to[0] = m[0] + sum;
        to[step] = difference - m[3];
    }
}

/* The return value is 0 in all places where the convolution is finite. */
INLINE vector output_tile(long size, const Layer *layer, const Arrays *arrays, long number, const float *from, long stride)
{
    Tile tile = tile_at(size, layer, number);
    long step = size - 2, height = layer->out[0], width = layer->out[1];
    long rows = at_most(height - tile.top, step), columns = at_most(width - tile.left, step);
    End end = end_of(layer, arrays);
    vector check = {0};
    for (long f = 0; f < layer->filters; f += VECTOR) {
        vector column[6], half[24], row[4], bias = bias_of(arrays, f);
        for (long j = 0; j < size; j++) {
            for (long i = 0; i < size; i++) column[i] = load(from + (size * i + j) * stride + f);
            transform_out(size, column, half + j, size);
        }
        for (long i = 0; i < rows; i++) {
            transform_out(size, half + size * i, row, 1);
            for (long j = 0; j < columns; j++) {
                long place = ((tile.image * height + tile.top + i) * width + tile.left + j) * layer->filters + f;
                check += row[j] * 0;
                finish(end, row[j] + bias, place);
            }
        }
    }
    return check;
}

/* A few tiles at one position, `stride` numbers apart, times one panel. */
INLINE void some(int rows, int fetch, int vectors, const float *tiles, long stride, const float *panel, float *to, long row, Ahead next)
{
    const float *starts[ROWS];
    vector sums[ROWS][2], zero[2] = {all(0), all(0)};
    for (int i = 0; i < rows; i++) starts[i] = tiles + i * stride;
    multiply(rows, fetch, vectors, starts, 1, stride, panel, next, zero, sums);
    for (int i = 0; i < rows; i++) {
        store(to + i * row, sums[i][0]);
        store(to + i * row + VECTOR, sums[i][1]);
    }
}

static int output_tiles(const Layer *layer, const Arrays *arrays, long first, long count, Tiles from)
{
    vector check = {0};
    for (long t = 0; t < count; t++) {
        const float *tile = from.tiles + t * from.row;
        if (layer->size == 6) check += output_tile(6, layer, arrays, first + t, tile, from.stride);
        else check += output_tile(4, layer, arrays, first + t, tile, from.stride);
    }
    for (int i = 0; i < VECTOR; i++)
        if (check[i] != 0) return 1;
    return 0;
}

/* The product at one position for one panel of filters. */
static void product(const Layer *layer, const Arrays *arrays, long number, long count, Tiles in, Tiles out)
{
    long position = number / panels(layer), panel = number % panels(layer);
    const float *filters = arrays->filters + number * layer->channels * PANEL;
    const float *tiles = in.tiles + position * in.stride;
    float *to = out.tiles + position * out.stride + panel * PANEL;
    for (long done = 0, rows; done < count; done += rows, tiles += rows * in.row, to += rows * out.row) {
        rows = next_rows(count - done);
        Ahead next = ahead(filters, layer->channels, done, count);
        WITH_ROWS(rows, 1, 2, some, tiles, layer->channels, filters, to, out.row, next)
    }
}

static long memory_of(const Layer *layer, long tiles)
{
    long positions = layer->size * layer->size;
    return positions * (tiles * (layer->channels + panels(layer) * PANEL) + 2 * VECTOR);
}

static int run(const Layer *layer, const Arrays *arrays, float *memory)
{
    long positions = layer->size * layer->size, total = tile_count(layer), block = layer->block ? layer->block : total;
    long blocks = parts(total, block);
    int irregular = 0;
    if (layer->block) {
#pragma omp parallel num_threads(layer->threads) reduction(| : irregular)
        {
            Tiles in = make_tiles(memory + omp_get_thread_num() * memory_of(layer, block), block, layer->channels);
            Tiles out = make_tiles(in.tiles + positions * in.stride, block, panels(layer) * PANEL);
#pragma omp for schedule(static)
            for (long b = 0; b < blocks; b++) {
                long first = b * block, count = at_most(total - first, block);
                input_tiles(layer, arrays->data, arrays->zeros, first, count, in);
                for (long p = 0; p < positions * panels(layer); p++) product(layer, arrays, p, count, in, out);
                irregular |= output_tiles(layer, arrays, first, count, out);
            }
        }
    } else {
        Tiles in = make_tiles(memory, total, layer->channels);
        Tiles out = make_tiles(memory + positions * in.stride, total, panels(layer) * PANEL);
#pragma omp parallel num_threads(layer->threads) reduction(| : irregular)
        {
#pragma omp for schedule(static)
            for (long t = 0; t < total; t++)
                input_tiles(layer, arrays->data, arrays->zeros, t, 1, (Tiles){in.tiles + t * in.row, in.stride, in.row});
#pragma omp for schedule(static)
            for (long p = 0; p < positions * panels(layer); p++) product(layer, arrays, p, total, in, out);
#pragma omp for schedule(static)
            for (long t = 0; t < total; t++)
                irregular |= output_tiles(layer, arrays, t, 1, (Tiles){out.tiles + t * out.row, out.stride, out.row});
        }
    }
    return irregular;
}

typedef double exact __attribute__((vector_size(8 * VECTOR)));

/* One dimension of the transform of the filters. */
INLINE void transform_filter(long size, const exact *g, exact *to, long step)
{
    exact sum = g[0] + g[2];
    if (size == 6) {
        exact far = g[0] / 24 + g[2] / 6, near = g[1] / 12;
        to[0] = g[0] / 4;
        to[step] = (sum + g[1]) / -6;
        to[2 * step] = (sum - g[1]) / -6;
        to[3 * step] = far + near;
        to[4 * step] = far - near;
        to[5 * step] = g[2];
    } else {
        to[0] = g[0];
        to[step] = (sum + g[1]) / 2;
        to[2 * step] = (sum - g[1]) / 2;
        to[3 * step] = g[2];
    }
}

/* The filters of one vector for one channel: of 9 taps, which are `step` apart, come size^2 positions. */
INLINE void filter(long size, const float *from, long step, float *to, long stride)
{
    exact half[18], row[6], column[3];
    for (long j = 0; j < 3; j++) {
        for (long i = 0; i < 3; i++) column[i] = __builtin_convertvector(load(from + (3 * i + j) * step), exact);
        transform_filter(size, column, half + j, 3);
    }
    for (long i = 0; i < size; i++) {
        transform_filter(size, half + 3 * i, row, 1);
        for (long j = 0; j < size; j++) store(to + (size * i + j) * stride, __builtin_convertvector(row[j], vector));
    }
}

/* Transform filters from the panels that glueball_pack makes. */
void glueball_winograd_filters(const Layer *layer, const float *from, float *to)
{
    long channels = layer->channels, stride = panels(layer) * channels * PANEL;
#pragma omp parallel for num_threads(layer->threads) schedule(static)
    for (long number = 0; number < panels(layer) * channels; number++) {
        long panel = number / channels, channel = number % channels;
        long width = at_most(layer->filters - panel * PANEL, PANEL);
        for (long part = 0; part < PANEL; part += VECTOR) {
            const float *first = from + panel * PANEL * 9 * channels + channel * width + part;
            float *place = to + number * PANEL + part;
            if (part >= width) { /* there are no filters any more */
                for (long i = 0; i < layer->size * layer->size; i++) store(place + i * stride, all(0));
            } else if (layer->size == 6) filter(6, first, channels * width, place, stride);
            else filter(4, first, channels * width, place, stride);
        }
    }
}

FACTS(winograd, ROWS, layer->block ? layer->threads * memory_of(layer, layer->block) : memory_of(layer, tile_count(layer)))

/* Return 1 if some number of the convolution is infinite or NaN, which may then be in too many places. */
int glueball_winograd(const Layer *layer, float *out, const float *data, const float *filters, const float *bias,
                      const float *other, const float *zeros, float *memory)
{
    Arrays arrays = {data, filters, bias, other, zeros, out};
    return run(layer, &arrays, memory);
}
