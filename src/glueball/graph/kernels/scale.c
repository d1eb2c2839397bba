/* A factor and a number to add for each channel, then what `finish` does. There are at least VECTOR channels. */

#include "layer.h"

/* Some pixels; the last vector of channels may cover some twice. */
INLINE void some(long activation, const Layer *layer, const Arrays *arrays, long first, long last)
{
    for (long pixel = first; pixel < last; pixel++)
        for (long next = 0; next < layer->channels; next += VECTOR) {
            long channel = at_most(next, layer->channels - VECTOR), place = pixel * layer->channels + channel;
            vector value = load(arrays->data + place) * load(arrays->filters + channel) + bias_of(arrays, channel);
            finish(activation, layer, arrays, value, place);
        }
}

FACTS(scale, 1, 0)

int glueball_scale(const Layer *layer, float *out, const float *data, const float *filters, const float *bias,
                   const float *other, const float *zeros, float *memory)
{
    Arrays arrays = {data, filters, bias, other, zeros, out};
    (void)memory;
#pragma omp parallel for num_threads(layer->threads) schedule(static)
    for (long part = 0; part < layer->threads; part++) {
        long first = pixels(layer) * part / layer->threads, last = pixels(layer) * (part + 1) / layer->threads;
        switch (layer->activation) {
        case 0: some(0, layer, &arrays, first, last); break;
        case 1: some(1, layer, &arrays, first, last); break;
        case 2: some(2, layer, &arrays, first, last); break;
        }
    }
    return 0;
}
