/*
 * Convolution by Winograd's minimal filtering: F(4x4, 3x3) and F(2x2, 3x3) for 3x3 filters with stride 1; F(4x4, 2x2),
 * F(3x3, 3x3) and F(2x2, 4x4) for the phases of filters with stride 2.
 *
 * The algorithm is that of Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016: a tile of
 * `size` x `size` numbers of the image is transformed, multiplied with transformed filters, summed over the depth as one
 * product of matrices for each of the size^2 positions, and transformed back to the outputs.
 *
 * `size` is 6, 4 or, with stride 2, 5. The number of filters is a multiple of VECTOR. So is that of channels, or the image
 * has the channels first, and is copied; see `narrow.h`. Where a block has no tiles, all threads work on all tiles
 * together.
 */

#include "layer.h"
#include "product.h"
#include "square.h"
#include "winograd.h"
#include "narrow.h"
#include "winograd_filters.h"

/*
 * The part of the depth that has products at a position. The phases that begin with the second row or column of filters of
 * odd length have one tap less, so that they have none at the last position.
 */
INLINE Range depth_at(const Layer *layer, long position)
{
    if (!has_phases(layer)) return (Range){0, layer->channels};
    int is_short = layer->kernel[0] % 2, last_row = is_short && position / 5 == 4, last_column = is_short && position % 5 == 4;
    return (Range){(last_column ? 1 : 0) * layer->channels, (last_row ? 2 : last_column ? 3 : 4) * layer->channels};
}

/* One dimension of the transform of the output: `count` numbers from `size`. */
INLINE void transform_out(long size, long count, const vector *m, vector *to, long step)
{
    vector sum = m[1] + m[2], difference = m[1] - m[2];
    if (size == 6) {
        vector sum2 = m[3] + m[4], difference2 = m[3] - m[4];
        to[0] = m[0] + sum + sum2;
        to[step] = difference + 2 * difference2;
        to[2 * step] = sum + 4 * sum2;
        to[3 * step] = difference + 8 * difference2 + m[5];
    } else if (size == 5) {
        to[0] = m[0] + sum + m[3];
        to[step] = difference + 2 * m[3];
        if (count > 2) to[2 * step] = sum + 4 * m[3];
        if (count > 3) to[3 * step] = difference + 8 * m[3];
        to[(count - 1) * step] += m[4];
    } else {
        to[0] = m[0] + sum;
        to[step] = difference - m[3];
    }
}

/* Transform one vector of filters of a tile back; the rows of the result are `step` apart. */
INLINE void transform_back(long size, long count, const float *from, long stride, vector *to, long step)
{
    vector column[6], half[24];
    for (long j = 0; j < size; j++) {
        for (long i = 0; i < size; i++) column[i] = load(from + (size * i + j) * stride);
        transform_out(size, count, column, half + j, size);
    }
    for (long i = 0; i < count; i++) transform_out(size, count, half + size * i, to + step * i, 1);
}

/* The same for the sizes that there are. They are functions, since the compiler would take long to write each out twice. */
#define BACK(size, count)                                                                                              \
    static __attribute__((noinline)) void back_##size##_##count(const float *from, long stride, vector *to, long step) \
    {                                                                                                                  \
        transform_back(size, count, from, stride, to, step);                                                           \
    }
BACK(6, 4)
BACK(4, 2)
BACK(5, 4)
BACK(5, 3)
BACK(5, 2)
typedef void Back(const float *from, long stride, vector *to, long step);

static Back *back_of(const Layer *layer)
{
    if (layer->size == 6) return back_6_4;
    if (layer->size == 4) return back_4_2;
    return step_of(layer) == 4 ? back_5_4 : step_of(layer) == 3 ? back_5_3 : back_5_2;
}

/* The return value is 0 in all places where the convolution is finite. */
static vector output_tile(const Layer *layer, const Arrays *arrays, Back *back, long number, Tiles from)
{
    Tile tile = tile_at(layer, number);
    long height = layer->out[0], width = layer->out[1], count = step_of(layer);
    long rows = at_most(height - tile.top, count), columns = at_most(width - tile.left, count);
    End end = end_of(layer, arrays);
    vector check = {0}, result[16];
    for (long f = 0; f < layer->filters; f += VECTOR) {
        vector bias = bias_of(arrays, f);
        back(from.tiles + f, from.stride, result, 4);
        for (long i = 0; i < rows; i++)
            for (long j = 0; j < columns; j++) {
                long place = ((tile.image * height + tile.top + i) * width + tile.left + j) * layer->filters + f;
                check += result[4 * i + j] * 0;
                finish(end, result[4 * i + j] + bias, place);
            }
    }
    return check;
}

/* The same where the result has its channels first, for tiles that lie side by side. */
static vector output_planes(const Layer *layer, const Arrays *arrays, Back *back, long number, long tiles, Tiles from)
{
    Tile tile = tile_at(layer, number);
    long height = layer->out[0], width = layer->out[1], count = step_of(layer);
    long rows = at_most(height - tile.top, count), columns = at_most(width - tile.left, tiles * count);
    End end = end_of(layer, arrays);
    vector check = {0}, block[4 * VECTOR] = {{0}};
    for (long f = 0; f < layer->filters; f += VECTOR) {
        vector bias = bias_of(arrays, f);
        for (long t = 0; t < tiles; t++) back(from.tiles + t * from.row + f, from.stride, block + t * count, VECTOR);
        for (long i = 0; i < rows; i++) {
            vector *row = block + VECTOR * i;
            for (long j = 0; j < columns; j++) check += row[j] * 0, row[j] += bias;
            transpose_square(row);
            for (long v = 0; v < VECTOR; v++) {
                long place = ((tile.image * layer->filters + f + v) * height + tile.top + i) * width + tile.left;
                finish_lanes(end, row[v], place, 0, columns);
            }
        }
    }
    return check;
}

/* A few tiles at one position, `stride` numbers apart, times one panel. */
INLINE void some(int rows, int fetch, int vectors, const float *tiles, long stride, long depth, const float *panel, float *to,
                 long row, Ahead next)
{
    const float *starts[ROWS];
    vector sums[ROWS][2], zero[2] = {all(0), all(0)};
    for (int i = 0; i < rows; i++) starts[i] = tiles + i * stride;
    multiply(rows, fetch, vectors, starts, 1, depth, panel, next, zero, sums);
    for (int i = 0; i < rows; i++) {
        store(to + i * row, sums[i][0]);
        store(to + i * row + VECTOR, sums[i][1]);
    }
}

/* The tiles that are transformed back together: with the channels first so many that their pixels fill a vector. */
INLINE long together(const Layer *layer) { return layer->planar ? VECTOR / step_of(layer) : 1; }

static int output_tiles(const Layer *layer, const Arrays *arrays, long first, long count, Tiles from)
{
    vector check = {0};
    Back *back = back_of(layer);
    long across = parts(layer->out[1], step_of(layer)), tiles;
    for (long last = first + count; first < last; first += tiles, from.tiles += tiles * from.row) {
        tiles = at_most(at_most(together(layer), last - first), across - first % across);
        if (layer->planar) check += output_planes(layer, arrays, back, first, tiles, from);
        else check += output_tile(layer, arrays, back, first, from);
    }
    for (int i = 0; i < VECTOR; i++)
        if (check[i] != 0) return 1;
    return 0;
}

/* The product at one position for one panel of filters. */
static void product(const Layer *layer, const Arrays *arrays, long number, long count, Tiles in, Tiles out)
{
    long position = number / panels(layer), panel = number % panels(layer);
    Range part = depth_at(layer, position);
    const float *filters = arrays->filters + (number * depth_of(layer) + part.first) * PANEL;
    const float *tiles = in.tiles + position * in.stride + part.first;
    float *to = out.tiles + position * out.stride + panel * PANEL;
    for (long done = 0, rows; done < count; done += rows, tiles += rows * in.row, to += rows * out.row) {
        rows = next_rows(count - done);
        Ahead next = ahead(filters, depth_of(layer), done, count);
        WITH_ROWS(rows, 1, 2, some, tiles, in.row, part.last - part.first, filters, to, out.row, next)
    }
}

/* The numbers of a tile at a position: of the image, and of the result. */
INLINE long row_in(const Layer *layer) { return parts(depth_of(layer), VECTOR) * VECTOR; }
INLINE long row_out(const Layer *layer) { return panels(layer) * PANEL; }

static long memory_of(const Layer *layer, long tiles)
{
    long positions = layer->size * layer->size;
    return positions * (tiles * (row_in(layer) + row_out(layer)) + 2 * VECTOR);
}

/* Compute all images of `source`, which has the tiles of the input. */
static int run(const Layer *layer, const Layer *source, const Arrays *arrays, float *memory)
{
    long positions = layer->size * layer->size, total = tile_count(source), block = layer->block ? layer->block : total;
    long blocks = parts(total, block);
    int irregular = 0;
    if (layer->block) {
#pragma omp parallel num_threads(layer->threads) reduction(| : irregular)
        {
            Tiles in = make_tiles(memory + omp_get_thread_num() * memory_of(layer, block), block, row_in(layer));
            Tiles out = make_tiles(in.tiles + positions * in.stride, block, row_out(layer));
#pragma omp for schedule(static)
            for (long b = 0; b < blocks; b++) {
                long first = b * block, count = at_most(total - first, block);
                input_tiles(source, arrays->data, arrays->zeros, first, count, in);
                for (long p = 0; p < positions * panels(layer); p++) product(layer, arrays, p, count, in, out);
                irregular |= output_tiles(layer, arrays, first, count, out);
            }
        }
    } else {
        Tiles in = make_tiles(memory, total, row_in(layer));
        Tiles out = make_tiles(memory + positions * in.stride, total, row_out(layer));
#pragma omp parallel num_threads(layer->threads) reduction(| : irregular)
        {
#pragma omp for schedule(static)
            for (long t = 0; t < total; t++)
                input_tiles(source, arrays->data, arrays->zeros, t, 1, (Tiles){in.tiles + t * in.row, in.stride, in.row});
#pragma omp for schedule(static)
            for (long p = 0; p < positions * panels(layer); p++) product(layer, arrays, p, total, in, out);
#pragma omp for schedule(static)
            for (long t = 0; t < total; t += together(layer)) {
                Tiles from = {out.tiles + t * out.row, out.stride, out.row};
                irregular |= output_tiles(layer, arrays, t, at_most(total - t, together(layer)), from);
            }
        }
    }
    return irregular;
}

/* One image after another, each copied. */
static int run_narrow(const Layer *layer, const Arrays *arrays, float *memory)
{
    Layer source = copied(layer);
    int irregular = 0;
    for (long n = 0; n < layer->images; n++) {
        Arrays image = image_of(layer, n, *arrays);
        copy_image(layer, &source, image.data, memory);
        image.data = memory;
        irregular |= run(layer, &source, &image, memory + numbers_of(&source));
    }
    return irregular;
}

/* The numbers that a call needs room for. */
static long needed(const Layer *layer)
{
    Layer source = is_narrow(layer) ? copied(layer) : *layer;
    long tiles = layer->block ? layer->threads * memory_of(layer, layer->block) : memory_of(layer, tile_count(&source));
    return tiles + (is_narrow(layer) ? numbers_of(&source) : 0);
}

FACTS(winograd, ROWS, needed(layer))

/* Return 1 if some number of the convolution is infinite or NaN, which may then be in too many places. */
int glueball_winograd(const Layer *layer, float *out, const float *data, const float *filters, const float *bias,
                      const float *other, const float *zeros, float *memory)
{
    Arrays arrays = {data, filters, bias, other, zeros, out};
    return is_narrow(layer) ? run_narrow(layer, &arrays, memory) : run(layer, layer, &arrays, memory);
}
