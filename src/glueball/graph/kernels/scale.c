/* A factor and a number to add for each channel, then what `finish` does. There are at least VECTOR channels. */

#include "layer.h"

/* Some pixels; the last vector of channels may cover some twice. */
INLINE void some(const Layer *layer, const Arrays *arrays, Range range)
{
    End end = end_of(layer, arrays);
    for (long pixel = range.first; pixel < range.last; pixel++)
        for (long next = 0; next < layer->channels; next += VECTOR) {
            long channel = at_most(next, layer->channels - VECTOR), place = pixel * layer->channels + channel;
            vector value = load(arrays->data + place) * load(arrays->filters + channel) + bias_of(arrays, channel);
            finish(end, value, place);
        }
}

FACTS(scale, 1, 0)

/* Rows of the result of an image, in this thread. */
void glueball_scale_part(const Layer *layer, const Arrays *arrays, Range rows, float *memory)
{
    (void)memory;
    some(layer, arrays, (Range){rows.first * layer->width, rows.last * layer->width});
}

int glueball_scale(const Layer *layer, float *out, const float *data, const float *filters, const float *bias,
                   const float *other, const float *zeros, float *memory)
{
    Arrays arrays = {data, filters, bias, other, zeros, out};
    (void)memory;
#pragma omp parallel for num_threads(layer->threads) schedule(static)
    for (long part = 0; part < layer->threads; part++)
        some(layer, &arrays, share(pixels(layer), part, layer->threads));
    return 0;
}
