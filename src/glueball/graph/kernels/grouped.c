/*
 * Convolution in small groups, each with as many filters as channels; with groups of one it is called depthwise.
 *
 * `size` is that number; VECTOR is a multiple of it, and there are at least VECTOR channels. For each tap there is a
 * row with a number for each filter, for each channel of its group.
 */

#include "layer.h"
#include "window.h"

/* The pixels that are computed together: these of one row, or these of two for depthwise filters of 3x3. */
#define WIDE 8
#define HALF 4

/* Return the rows of the filters that meet the image. */
INLINE Range inside(const Layer *layer, long y)
{
    Range range = {0, layer->kernel[0]};
    while (range.first < range.last && y + range.first * layer->dilate[0] < 0) range.first++;
    while (range.last > range.first && y + (range.last - 1) * layer->dilate[0] >= layer->height) range.last--;
    return range;
}

/* Add what one tap gives to some pixels; with `edge` only to those for which it lies in the image. */
INLINE void tap(int edge, long size, const Layer *layer, const float *row, long column, const float *filters,
                vector sums[WIDE])
{
    long step = layer->stride[1] * layer->channels;
    const float *data = row + column * layer->channels;
    for (long j = 0; j < size; j++) {
        vector filter = load(filters + j * layer->channels);
        mask order = (lanes() & (int)-size) + (int)j;
#pragma GCC unroll 8
        for (int i = 0; i < WIDE; i++) {
            if (edge && !is_inside(column + i * layer->stride[1], layer->width)) continue;
            vector value = load(data + i * step);
            sums[i] += (size == 1 ? value : shuffled(value, value, order)) * filter;
        }
    }
}

/* `count` pixels of the result, for the channels from `channel` on; the first meets the image from (y, x) on. */
INLINE void some(int edge, long count, long size, const Layer *layer, const Arrays *arrays, Range range, long y, long x,
                 long channel, long place)
{
    vector sums[WIDE], bias = bias_of(arrays, channel);
    const float *filters = arrays->filters + range.first * layer->kernel[1] * size * layer->channels + channel;
    for (int i = 0; i < WIDE; i++) sums[i] = bias;
    for (long i = range.first; i < range.last; i++) {
        const float *row = arrays->data + (y + i * layer->dilate[0]) * layer->width * layer->channels + channel;
        for (long j = 0; j < layer->kernel[1]; j++, filters += size * layer->channels)
            tap(edge, size, layer, row, x + j * layer->dilate[1], filters, sums);
    }
    End end = end_of(layer, arrays);
#pragma GCC unroll 8
    for (int i = 0; i < WIDE; i++)
        if (!edge || i < count) finish(end, sums[i], place + i * layer->channels + channel);
}

/* One row of the result, for the channels from `channel` on. */
INLINE void line(long size, const Layer *layer, const Arrays *arrays, long row, long channel)
{
    long y = row * layer->stride[0] - layer->pad[0];
    Range range = inside(layer, y);
    long reach = (WIDE - 1) * layer->stride[1] + (layer->kernel[1] - 1) * layer->dilate[1];
    for (long done = 0; done < layer->out[1]; done += WIDE) {
        long x = done * layer->stride[1] - layer->pad[1], place = (row * layer->out[1] + done) * layer->channels;
        long count = at_most(layer->out[1] - done, WIDE);
        if (x >= 0 && x + reach < layer->width && count == WIDE)
            some(0, WIDE, size, layer, arrays, range, y, x, channel, place);
        else some(1, count, size, layer, arrays, range, y, x, channel, place);
    }
}

/* The same pixels of `rows` rows for depthwise filters of 3x3; all is known to the compiler but where they are. */
INLINE void patch(int rows, int edge, long count, long stride, const Layer *layer, const Arrays *arrays,
                  const vector filter[9], long y, long x, long channel, long place)
{
    vector sums[2][HALF], bias = bias_of(arrays, channel);
    for (int i = 0; i < rows; i++)
        for (int p = 0; p < HALF; p++) sums[i][p] = bias;
#pragma GCC unroll 5
    for (long r = 0; r < (rows - 1) * stride + 3; r++) {
        if (edge && !is_inside(y + r, layer->height)) continue;
        const float *row = arrays->data + ((y + r) * layer->width + x) * layer->channels + channel;
#pragma GCC unroll 9
        for (long c = 0; c < (HALF - 1) * stride + 3; c++) {
            if (edge && !is_inside(x + c, layer->width)) continue;
            vector value = load(row + c * layer->channels);
#pragma GCC unroll 2
            for (long i = 0; i < rows; i++)
#pragma GCC unroll 4
                for (long p = 0; p < HALF; p++)
                    if (is_inside(r - i * stride, 3) && is_inside(c - p * stride, 3))
                        sums[i][p] += value * filter[(r - i * stride) * 3 + c - p * stride];
        }
    }
    End end = end_of(layer, arrays);
#pragma GCC unroll 2
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
        for (long p = 0; p < HALF; p++)
            if (!edge || p < count)
                finish(end, sums[i][p], place + (i * layer->out[1] + p) * layer->channels + channel);
}

/* The same for whole rows of the result from `row` on. */
INLINE void patches(int rows, long stride, const Layer *layer, const Arrays *arrays, long row, long channel)
{
    vector filter[9];
    long y = row * stride - layer->pad[0], reach = (HALF - 1) * stride + 3;
    int is_edge = y < 0 || y + (rows - 1) * stride + 3 > layer->height;
#pragma GCC unroll 9
    for (int i = 0; i < 9; i++) filter[i] = load(arrays->filters + i * layer->channels + channel);
    for (long done = 0; done < layer->out[1]; done += HALF) {
        long x = done * stride - layer->pad[1], place = (row * layer->out[1] + done) * layer->channels;
        long count = at_most(layer->out[1] - done, HALF);
        if (!is_edge && x >= 0 && x + reach <= layer->width && count == HALF)
            patch(rows, 0, HALF, stride, layer, arrays, filter, y, x, channel, place);
        else patch(rows, 1, count, stride, layer, arrays, filter, y, x, channel, place);
    }
}

/* Whether `patches` computes it, with the same stride in both directions: if so, that stride, else 0. */
INLINE long stride_of_patches(const Layer *layer)
{
    long stride = layer->stride[0];
    int suits = layer->size == 1 && layer->kernel[0] == 3 && layer->kernel[1] == 3 && layer->dilate[0] == 1 &&
                layer->dilate[1] == 1 && stride == layer->stride[1] && stride <= 2;
    return suits ? stride : 0;
}

/* Rows of the result, for some vectors of the channels. The last vector of all may cover some channels twice. */
static void lines(const Layer *layer, const Arrays *arrays, Range rows, Range vectors)
{
    long stride = stride_of_patches(layer);
    for (long row = rows.first; row < rows.last; row += stride ? 2 : 1)
        for (long number = vectors.first; number < vectors.last; number++) {
            long channel = at_most(number * VECTOR, layer->channels - VECTOR);
            int has_two = row + 1 < rows.last;
            if (stride == 1 && has_two) patches(2, 1, layer, arrays, row, channel);
            else if (stride == 1) patches(1, 1, layer, arrays, row, channel);
            else if (stride == 2 && has_two) patches(2, 2, layer, arrays, row, channel);
            else if (stride == 2) patches(1, 2, layer, arrays, row, channel);
            else if (layer->size == 1) line(1, layer, arrays, row, channel);
            else if (layer->size == 2) line(2, layer, arrays, row, channel);
            else if (layer->size == 4) line(4, layer, arrays, row, channel);
            else if (layer->size == 8) line(8, layer, arrays, row, channel);
            else if (layer->size == 16) line(16, layer, arrays, row, channel);
        }
}

FACTS(grouped, WIDE, 0)

/* Rows of the result of an image, in this thread. */
void glueball_grouped_part(const Layer *layer, const Arrays *arrays, Range rows, float *memory)
{
    (void)memory;
    lines(layer, arrays, rows, (Range){0, parts(layer->channels, VECTOR)});
}

int glueball_grouped(const Layer *layer, float *out, const float *data, const float *filters, const float *bias,
                     const float *other, const float *zeros, float *memory)
{
    (void)memory;
    long pairs = parts(layer->out[0], 2), vectors = parts(layer->channels, VECTOR);
    long shares = at_most(layer->threads, vectors); /* of the channels */
#pragma omp parallel for num_threads(layer->threads) schedule(static)
    for (long number = 0; number < layer->images * pairs * shares; number++) {
        long image = number / shares / pairs, row = number / shares % pairs * 2, part = number % shares;
        Arrays arrays = image_of(layer, image, (Arrays){data, filters, bias, other, zeros, out});
        Range rows = {row, at_most(row + 2, layer->out[0])};
        lines(layer, &arrays, rows, share(vectors, part, shares));
    }
    return 0;
}
