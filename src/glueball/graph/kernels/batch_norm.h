/*
 * Batch normalization of images in training, a sum with other images if there are any, relu if `size` is not 0, and
 * their gradient.
 *
 * Statistics are summed in float32 over a few pixels, and these sums in double. There are at least VECTOR channels. Images
 * are of the type `number`, which the file that includes this one defines, with `read`, `read_one` and `write`.
 */

/* The pixels whose sums are in float32. */
#define FEW 16

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

/* What the numbers of some channels become: (value - middle) * factor + beta. */
typedef struct {
    vector middle, factor, beta;
} Normal;

INLINE Normal normal_of(const float *gamma, const float *beta, const float *mean, const float *spread, long channel)
{
    vector factor = load(spread + channel) * (gamma ? load(gamma + channel) : all(1));
    return (Normal){load(mean + channel), factor, load(beta + channel)};
}

INLINE vector normal(Normal to, vector value) { return (value - to.middle) * to.factor + to.beta; }

/* `sums` has room for 2 numbers for each channel and thread, and is 0. `spread` becomes 1 / sqrt(variance + eps). */
void glueball_batch_norm(const Layer *layer, number *out, const number *data, const number *other, const float *gamma,
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
                vector shift = read(data + channel), sum = all(0), square = all(0);
                for (long pixel = some; pixel < end; pixel++) {
                    vector value = read(data + pixel * channels + channel) - shift;
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
        mean[c] = read_one(data + c) + shifted, variance[c] = squared, spread[c] = 1 / __builtin_sqrt(squared + eps);
    }
#pragma omp parallel for num_threads(layer->threads) schedule(static)
    for (long part = 0; part < layer->threads; part++) {
        PART(first, last);
        for (long some = first; some < last; some += FEW)
            for (long next = 0; next < channels; next += VECTOR) {
                long channel = from(next, channels), end = at_most(some + FEW, last);
                Normal to = normal_of(gamma, beta, mean, spread, channel);
                for (long pixel = some; pixel < end; pixel++) {
                    long place = pixel * channels + channel;
                    vector value = normal(to, read(data + place));
                    if (other) value += read(other + place);
                    write(out + place, layer->size ? at_least_all(value, all(0)) : value);
                }
            }
    }
}

/* The images that a gradient is computed from. */
typedef struct {
    const number *head, *data, *out;
} Given;

/* The gradient before the relu, which is 0 where the result is: `out`, or computed again where there is none. */
INLINE vector gradient_at(int has_relu, Given g, Normal to, long place)
{
    vector value = read(g.head + place);
    if (!has_relu) return value;
    vector out = g.out ? read(g.out + place) : normal(to, read(g.data + place));
    return (vector)((mask)value & ~(out <= all(0)));
}

/* `of_other` may be 0. */
void glueball_batch_norm_gradient(const Layer *layer, number *of_data, float *of_gamma, float *of_beta,
                                  number *of_other, const number *head, const number *data, const number *out,
                                  const float *gamma, const float *beta, const float *mean, const float *spread, double *sums)
{
    long channels = layer->channels, count = pixels(layer);
    int has_relu = layer->size;
    Given given = {head, data, out};
#pragma omp parallel for num_threads(layer->threads) schedule(static)
    for (long part = 0; part < layer->threads; part++) {
        PART(first, last);
        double *row = rows_of(sums, part, channels);
        for (long some = first; some < last; some += FEW)
            for (long next = 0; next < channels; next += VECTOR) {
                long channel = from(next, channels), end = at_most(some + FEW, last);
                Normal to = normal_of(gamma, beta, mean, spread, channel);
                vector sum = all(0), product = all(0);
                for (long pixel = some; pixel < end; pixel++) {
                    long place = pixel * channels + channel;
                    vector value = gradient_at(has_relu, given, to, place);
                    sum += value, product += value * (read(data + place) - to.middle);
                    if (of_other) write(of_other + place, value);
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
        for (long some = first; some < last; some += FEW)
            for (long next = 0; next < channels; next += VECTOR) {
                long channel = from(next, channels), end = at_most(some + FEW, last);
                Normal to = normal_of(gamma, beta, mean, spread, channel);
                vector mean_of = load(means + channel), slope = load(slopes + channel);
                for (long pixel = some; pixel < end; pixel++) {
                    long place = pixel * channels + channel;
                    vector away = (read(data + place) - to.middle) * slope;
                    vector value = of_other ? read(of_other + place) : gradient_at(has_relu, given, to, place);
                    write(of_data + place, (value - mean_of - away) * to.factor);
                }
            }
    }
}
