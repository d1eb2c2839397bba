/* Puts filters into panels, as `product.h` reads them, and transforms such panels for Winograd's convolutions. */

#include "layer.h"
#include "product.h"
#include "square.h"

/* Where the numbers of filters are: what is between two filters, two channels and two taps. */
typedef struct {
    long filter, channel, tap;
} Steps;

/* One vector of filters for all channels and taps. */
static void pack_vector(const Layer *layer, const float *from, Steps steps, float *to, long width)
{
    long taps = layer->kernel[0] * layer->kernel[1], channels = layer->channels;
    if (steps.channel == taps && steps.tap == 1) { /* what belongs to a filter lies together */
        vector block[VECTOR];
        long last = channels * taps - VECTOR, c = 0, t = 0;
        for (long q = 0; q <= last; q += VECTOR) {
            load_square(from + q, steps.filter, block);
            for (int i = 0; i < VECTOR; i++) {
                store(to + (t * channels + c) * width, block[i]);
                if (++t == taps) t = 0, c++;
            }
        }
        for (; c < channels; c++, t = 0)
            for (; t < taps; t++)
                for (int i = 0; i < VECTOR; i++) to[(t * channels + c) * width + i] = from[i * steps.filter + c * taps + t];
        return;
    }
    if (steps.filter == taps && steps.tap == -1 && taps > 1 && taps <= VECTOR) { /* what belongs to a channel lies together */
        vector block[VECTOR] = {0};
        from -= taps - 1;
        for (long c = 0; c < channels; c++) {
            const float *first = from + c * steps.channel;
            for (int i = 0; i < VECTOR; i++) /* the columns behind the taps are of no use, and may be behind the array */
                if (i * taps + VECTOR <= VECTOR * taps) block[i] = load(first + i * taps);
                else
                    for (int j = 0; j < taps; j++) block[i][j] = first[i * taps + j];
            transpose_square(block);
            for (long t = 0; t < taps; t++) store(to + ((taps - 1 - t) * channels + c) * width, block[t]);
        }
        return;
    }
    for (long t = 0; t < taps; t++)
        for (long c = 0; c < channels; c++) {
            const float *first = from + c * steps.channel + t * steps.tap;
            float *place = to + (t * channels + c) * width;
            if (steps.filter == 1) store(place, load(first));
            else for (int i = 0; i < VECTOR; i++) place[i] = first[i * steps.filter];
        }
}

/* Return 1 if some number is infinite or NaN. */
static int is_irregular(const float *from, long count)
{
    vector check = {0};
    for (long i = 0; i + VECTOR <= count; i += VECTOR) check += load(from + i) * 0;
    for (int i = 0; i < VECTOR; i++)
        if (check[i] != 0) return 1;
    return 0;
}

/*
 * The last vector may begin earlier, and repeat some filters. The result is 1 if some number is infinite or NaN.
 */
int glueball_pack(const Layer *layer, const float *from, long filter, long channel, long tap, float *to)
{
    long depth = layer->kernel[0] * layer->kernel[1] * layer->channels, vectors = parts(layer->filters, VECTOR);
    int irregular = 0;
#pragma omp parallel for num_threads(layer->threads) schedule(static) reduction(| : irregular)
    for (long panel = 0; panel < parts(vectors, 2); panel++) {
        long width = at_most(vectors - 2 * panel, 2) * VECTOR;
        float *place = to + panel * PANEL * depth;
        for (long half = 0; half < width; half += VECTOR) {
            long first = at_most(panel * PANEL + half, layer->filters - VECTOR);
            pack_vector(layer, from + first * filter, (Steps){filter, channel, tap}, place + half, width);
        }
        irregular |= is_irregular(place, width * depth);
    }
    return irregular;
}
