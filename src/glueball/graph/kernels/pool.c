/*
 * Pooling of images: the maximum or the mean of each window. `size` says which: 0 the maximum, 1 the mean with the
 * padding counted, 2 the mean without. There are at least VECTOR channels, and each window meets the image.
 */

#include "layer.h"

/* The vectors of channels that are computed together. */
#define WIDE 4

typedef struct {
    long first, last, count; /* of the pixels in one dimension, and how many the mean divides by */
} Part;

INLINE Part part(const Layer *layer, int axis, long number, long length)
{
    long begin = number * layer->stride[axis] - layer->pad[axis], edge = layer->size == 1 ? layer->pad[axis] : 0;
    long end = begin + layer->kernel[axis], counted = at_most(end, length + edge) - (begin > -edge ? begin : -edge);
    return (Part){begin > 0 ? begin : 0, at_most(end, length), counted};
}

/* One vector of channels of one pixel of the result. */
INLINE void vector_of(int is_maximum, const Layer *layer, const float *image, Part y, Part x, float *to)
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

/* One row of the result of an image, for some vectors of channels. */
static void row_of(const Layer *layer, const float *image, float *out, long row, Range vectors)
{
    Part y = part(layer, 0, row, layer->height);
    for (long column = 0; column < layer->out[1]; column++) {
        Part x = part(layer, 1, column, layer->width);
        float *to = out + (row * layer->out[1] + column) * layer->channels;
        for (long number = vectors.first; number < vectors.last; number++) {
            long channel = at_most(number * VECTOR, layer->channels - VECTOR);
            if (layer->size == 0) vector_of(1, layer, image + channel, y, x, to + channel);
            else vector_of(0, layer, image + channel, y, x, to + channel);
        }
    }
}

FACTS(pool, 1, 0)

/* Rows of the result of an image, in this thread. */
void glueball_pool_part(const Layer *layer, const Arrays *arrays, Range rows, float *memory)
{
    (void)memory;
    for (long row = rows.first; row < rows.last; row++)
        row_of(layer, arrays->data, arrays->out, row, (Range){0, parts(layer->channels, VECTOR)});
}

int glueball_pool(const Layer *layer, float *out, const float *data, const float *filters, const float *bias,
                  const float *other, const float *zeros, float *memory)
{
    long vectors = parts(layer->channels, VECTOR), shares = parts(vectors, WIDE);
    (void)filters, (void)bias, (void)other, (void)zeros, (void)memory;
#pragma omp parallel for num_threads(layer->threads) schedule(static)
    for (long number = 0; number < layer->images * layer->out[0] * shares; number++) {
        long image = number / shares / layer->out[0], row = number / shares % layer->out[0], first = number % shares * WIDE;
        Arrays own = image_of(layer, image, (Arrays){.data = data, .out = out});
        row_of(layer, own.data, own.out, row, (Range){first, at_most(first + WIDE, vectors)});
    }
    return 0;
}
