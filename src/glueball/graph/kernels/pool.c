/*
 * Pooling of images: the maximum or the mean of each window. `size` says which: 0 the maximum, 1 the mean with the
 * padding counted, 2 the mean without. There are at least VECTOR channels, and each window meets the image.
 */

#include "layer.h"

/* The channels that are computed together. */
#define WIDE (4 * VECTOR)

typedef struct {
    long first, last, count; /* of the pixels in one dimension, and how many the mean divides by */
} Range;

INLINE Range range(const Layer *layer, int axis, long number, long length)
{
    long begin = number * layer->stride[axis] - layer->pad[axis], edge = layer->size == 1 ? layer->pad[axis] : 0;
    long end = begin + layer->kernel[axis], counted = at_most(end, length + edge) - (begin > -edge ? begin : -edge);
    return (Range){begin > 0 ? begin : 0, at_most(end, length), counted};
}

/* One vector of channels of one pixel of the result. */
INLINE void vector_of(int is_maximum, const Layer *layer, const float *image, Range y, Range x, float *to)
{
    vector result = all(is_maximum ? -__builtin_inff() : 0);
    for (long i = y.first; i < y.last; i++)
        for (long j = x.first; j < x.last; j++) {
            vector value = load(image + (i * layer->width + j) * layer->channels);
            if (is_maximum) { /* NaN stays */
                mask takes = (value > result) | (value != value);
                result = (vector)(((mask)value & takes) | ((mask)result & ~takes));
            } else result += value;
        }
    if (!is_maximum) result /= all(y.count * x.count);
    store(to, result);
}

FACTS(pool, 1, 0)

int glueball_pool(const Layer *layer, float *out, const float *data, const float *filters, const float *bias,
                  const float *other, const float *zeros, float *memory)
{
    long pieces = parts(layer->channels, WIDE);
    (void)filters, (void)bias, (void)other, (void)zeros, (void)memory;
#pragma omp parallel for num_threads(layer->threads) schedule(static)
    for (long number = 0; number < layer->images * layer->out[0] * pieces; number++) {
        long row = number / pieces % layer->out[0], image = number / pieces / layer->out[0];
        const float *from = data + image * layer->height * layer->width * layer->channels;
        Range y = range(layer, 0, row, layer->height);
        for (long column = 0; column < layer->out[1]; column++) {
            Range x = range(layer, 1, column, layer->width);
            float *to = out + ((image * layer->out[0] + row) * layer->out[1] + column) * layer->channels;
            long first = number % pieces * WIDE;
            for (long next = first; next < at_most(first + WIDE, layer->channels); next += VECTOR) {
                long channel = at_most(next, layer->channels - VECTOR);
                if (layer->size == 0) vector_of(1, layer, from + channel, y, x, to + channel);
                else vector_of(0, layer, from + channel, y, x, to + channel);
            }
        }
    }
    return 0;
}
