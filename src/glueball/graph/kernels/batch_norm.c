/*
 * Batch normalization of images in training, a sum with other images if there are any, relu if `activation` is not 0, and
 * their gradient.
 *
 * Statistics are summed in float32 over a few pixels, and these sums in double. There are at least VECTOR channels.
 */

#include "layer.h"

/* The pixels whose sums are in float32. */
#define FEW 64

typedef double wide __attribute__((vector_size(8 * VECTOR), aligned(8), may_alias));

/* What is summed for each channel; each thread has its own two rows. */
INLINE double *rows_of(double *sums, long part, long channels) { return sums + 2 * part * channels; }

INLINE void add(double *row, vector value)
{
    wide *place = (wide *)row;
    *place += __builtin_convertvector(value, wide);
}

/* Add up the rows of all threads in those of the first. */
static void gather(double *sums, long parts, long channels)
{
    for (long part = 1; part < parts; part++)
        for (long i = 0; i < 2 * channels; i++) sums[i] += sums[2 * part * channels + i];
}

/* Where the vector of channels begins that is number `next` of them; the last may have some that another has, too. */
INLINE long from(long next, long channels) { return at_most(next, channels - VECTOR); }

/* The lanes of a vector that none before it has: the others are 0. */
INLINE vector only_new(vector value, long next, long channel)
{
    return (vector)((mask)value & (lanes() >= (int)(next - channel)));
}

/* The pixels of a thread. */
#define PART(first, last)                                                                                              \
    long first = pixels(layer) * part / layer->threads, last = pixels(layer) * (part + 1) / layer->threads

/* What the numbers of a channel become. */
INLINE vector normal(const float *gamma, const float *beta, const float *mean, const float *spread, long channel,
                     vector value)
{
    vector factor = load(spread + channel) * (gamma ? load(gamma + channel) : all(1));
    return (value - load(mean + channel)) * factor + load(beta + channel);
}

/* `sums` has room for 2 numbers for each channel and thread, and is 0. `spread` becomes 1 / sqrt(variance + eps). */
void glueball_batch_norm(const Layer *layer, float *out, const float *data, const float *other, const float *gamma,
                         const float *beta, float eps, float *mean, float *variance, float *spread, double *sums)
{
    long channels = layer->channels, count = pixels(layer);
#pragma omp parallel for num_threads(layer->threads) schedule(static)
    for (long part = 0; part < layer->threads; part++) {
        PART(first, last);
        double *row = rows_of(sums, part, channels);
        for (long some = first; some < last; some += FEW)
            for (long next = 0; next < channels; next += VECTOR) {
                long channel = from(next, channels), end = at_most(some + FEW, last);
                vector shift = load(data + channel), sum = all(0), square = all(0);
                for (long pixel = some; pixel < end; pixel++) {
                    vector value = load(data + pixel * channels + channel) - shift;
                    sum += value, square += value * value;
                }
                add(row + channel, only_new(sum, next, channel));
                add(row + channels + channel, only_new(square, next, channel));
            }
    }
    gather(sums, layer->threads, channels);
    for (long c = 0; c < channels; c++) {
        double shifted = sums[c] / count, squared = sums[channels + c] / count - shifted * shifted;
        if (squared < 0) squared = 0; /* NaN stays */
        mean[c] = data[c] + shifted, variance[c] = squared, spread[c] = 1 / __builtin_sqrt(squared + eps);
    }
#pragma omp parallel for num_threads(layer->threads) schedule(static)
    for (long part = 0; part < layer->threads; part++) {
        PART(first, last);
        for (long pixel = first; pixel < last; pixel++)
            for (long next = 0; next < channels; next += VECTOR) {
                long channel = from(next, channels), place = pixel * channels + channel;
                vector value = normal(gamma, beta, mean, spread, channel, load(data + place));
                if (other) value += load(other + place);
                store(out + place, layer->activation ? at_least_all(value, all(0)) : value);
            }
    }
}

/* The images that a gradient is computed from, and the numbers of their channels. */
typedef struct {
    const float *head, *data, *out, *gamma, *beta, *mean, *spread;
} Given;

/* The gradient before the relu, which is 0 where the result is: `out`, or computed again where there is none. */
INLINE vector gradient_at(const Layer *layer, const Given *g, long channel, long place)
{
    vector value = load(g->head + place), out;
    if (!layer->activation) return value;
    if (g->out) out = load(g->out + place);
    else out = normal(g->gamma, g->beta, g->mean, g->spread, channel, load(g->data + place));
    return (vector)((mask)value & ~(out <= all(0)));
}

/* `of_other` may be 0. */
void glueball_batch_norm_gradient(const Layer *layer, float *of_data, float *of_gamma, float *of_beta, float *of_other,
                                  const float *head, const float *data, const float *out, const float *gamma,
                                  const float *beta, const float *mean, const float *spread, double *sums)
{
    long channels = layer->channels, count = pixels(layer);
    Given given = {head, data, out, gamma, beta, mean, spread};
#pragma omp parallel for num_threads(layer->threads) schedule(static)
    for (long part = 0; part < layer->threads; part++) {
        PART(first, last);
        double *row = rows_of(sums, part, channels);
        for (long some = first; some < last; some += FEW)
            for (long next = 0; next < channels; next += VECTOR) {
                long channel = from(next, channels), end = at_most(some + FEW, last);
                vector middle = load(mean + channel), sum = all(0), product = all(0);
                for (long pixel = some; pixel < end; pixel++) {
                    long place = pixel * channels + channel;
                    vector value = gradient_at(layer, &given, channel, place);
                    sum += value, product += value * (load(data + place) - middle);
                    if (of_other) store(of_other + place, value);
                }
                add(row + channel, only_new(sum, next, channel));
                add(row + channels + channel, only_new(product, next, channel));
            }
    }
    gather(sums, layer->threads, channels);
    float *means = (float *)(sums + 2 * channels), *slopes = means + channels; /* no thread needs its own rows now */
    for (long c = 0; c < channels; c++) {
        double sum = sums[c], product = sums[channels + c];
        of_beta[c] = sum, of_gamma[c] = product * spread[c];
        means[c] = sum / count, slopes[c] = product / count * spread[c] * spread[c];
    }
#pragma omp parallel for num_threads(layer->threads) schedule(static)
    for (long part = 0; part < layer->threads; part++) {
        PART(first, last);
        for (long pixel = first; pixel < last; pixel++)
            for (long next = 0; next < channels; next += VECTOR) {
                long channel = from(next, channels), place = pixel * channels + channel;
                vector factor = load(spread + channel) * (gamma ? load(gamma + channel) : all(1));
                vector away = (load(data + place) - load(mean + channel)) * load(slopes + channel);
                vector value = of_other ? load(of_other + place) : gradient_at(layer, &given, channel, place);
                store(of_data + place, (value - load(means + channel) - away) * factor);
            }
    }
}
