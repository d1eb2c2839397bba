/*
 * Convolution in small groups, each with as many filters as channels; with groups of one it is called depthwise.
 *
 * `size` is that number; VECTOR is a multiple of it, and there are at least VECTOR channels. For each tap there is a
 * row with a number for each filter, for each channel of its group.
 */

#include "layer.h"

/* The pixels that are computed together. */
#define WIDE 8

/* What part of the filters meets the image: rows `top` to `bottom` of them. */
typedef struct {
    long top, bottom;
} Range;

INLINE Range inside(const Layer *layer, long y)
{
    Range range = {0, layer->kernel[0]};
    while (range.top < range.bottom && y + range.top * layer->dilate[0] < 0) range.top++;
    while (range.bottom > range.top && y + (range.bottom - 1) * layer->dilate[0] >= layer->height) range.bottom--;
    return range;
}

/* Add what one tap gives to some pixels; `data` is the pixel that it meets for the first of them. */
INLINE void tap(int count, long size, const Layer *layer, const float *data, const float *filters, vector *sums)
{
    long step = layer->stride[1] * layer->channels;
    for (long j = 0; j < size; j++) {
        vector filter = load(filters + j * layer->channels);
        mask order = (lanes() & (int)-size) + (int)j;
#pragma GCC unroll 8
        for (int i = 0; i < count; i++) {
            vector value = load(data + i * step);
            sums[i] += (size == 1 ? value : shuffled(value, value, order)) * filter;
        }
    }
}

/* Some pixels of the result, for the channels from `channel` on; the first meets the image from (y, x) on. */
INLINE void some(int count, long size, const Layer *layer, const Arrays *arrays, const float *image, Range range, long y,
                 long x, long channel, long place)
{
    vector sums[WIDE], bias = bias_of(arrays, channel);
    for (int i = 0; i < count; i++) sums[i] = bias;
    for (long i = range.top; i < range.bottom; i++)
        for (long j = 0; j < layer->kernel[1]; j++) {
            long row = y + i * layer->dilate[0], column = x + j * layer->dilate[1];
            if (count == 1 && (column < 0 || column >= layer->width)) continue;
            const float *data = image + (row * layer->width + column) * layer->channels + channel;
            tap(count, size, layer, data, arrays->filters + (i * layer->kernel[1] + j) * size * layer->channels + channel,
                sums);
        }
    for (int i = 0; i < count; i++) finish(layer->activation, layer, arrays, sums[i], place + i * layer->channels + channel);
}

/* One row of the result. The last vector of channels may cover some twice. */
INLINE void line(long size, const Layer *layer, const Arrays *arrays, long number)
{
    long y = number % layer->out[0] * layer->stride[0] - layer->pad[0];
    const float *image = arrays->data + number / layer->out[0] * layer->height * layer->width * layer->channels;
    Range range = inside(layer, y);
    long reach = (WIDE - 1) * layer->stride[1] + (layer->kernel[1] - 1) * layer->dilate[1];
    for (long next = 0; next < layer->channels; next += VECTOR) {
        long channel = at_most(next, layer->channels - VECTOR);
        for (long done = 0; done < layer->out[1];) {
            long x = done * layer->stride[1] - layer->pad[1], place = (number * layer->out[1] + done) * layer->channels;
            if (x >= 0 && x + reach < layer->width && done + WIDE <= layer->out[1]) {
                some(WIDE, size, layer, arrays, image, range, y, x, channel, place);
                done += WIDE;
            } else {
                some(1, size, layer, arrays, image, range, y, x, channel, place);
                done++;
            }
        }
    }
}

FACTS(grouped, WIDE, 0)

int glueball_grouped(const Layer *layer, float *out, const float *data, const float *filters, const float *bias,
                     const float *other, const float *zeros, float *memory)
{
    Arrays arrays = {data, filters, bias, other, zeros, out};
    (void)memory;
#pragma omp parallel for num_threads(layer->threads) schedule(static)
    for (long number = 0; number < layer->images * layer->out[0]; number++) {
        switch (layer->size) {
        case 1: line(1, layer, &arrays, number); break;
        case 2: line(2, layer, &arrays, number); break;
        case 4: line(4, layer, &arrays, number); break;
        case 8: line(8, layer, &arrays, number); break;
        case 16: line(16, layer, &arrays, number); break;
        }
    }
    return 0;
}
