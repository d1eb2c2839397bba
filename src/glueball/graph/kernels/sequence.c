/*
 * Several kernels one after another, without a way back to Python between them.
 *
 * Some of them are computed together, a few rows at a time: each takes what the one before it has just written, which is
 * still in the cache, and is never written anywhere else. For that they have a function that computes rows of an image in
 * one thread.
 */

#include <string.h>

#include "layer.h"

typedef int Kernel(const Layer *, float *out, const float *data, const float *filters, const float *bias,
                   const float *other, const float *zeros, float *memory);
typedef void Part(const Layer *, const Arrays *, Range rows, float *memory);

typedef struct {
    Kernel *run;
    Part *part;
    const Layer *layer;
    float *out;
    const float *data, *filters, *bias, *other, *zeros;
    float *memory;
    long needed;   /* the numbers that `part` needs room for */
    long together; /* how many kernels are computed together, of which this is the first; 1 if it is alone */
    long rows;     /* those of the last one's result that are computed at a time */
    long threads;  /* that compute different rows of it */
} Call;

#define MOST 8 /* kernels that are computed together */

/* Rows of the result of a kernel that a thread has in its memory. */
typedef struct {
    Range rows;
    long image;
    float *memory;
} Band;

INLINE long numbers_of_row(const Layer *layer) { return layer->out[1] * layer->filters; }

/* Return the rows of the data from which some rows of the result follow. */
INLINE Range needed_for(const Layer *layer, Range rows)
{
    long first = rows.first * layer->stride[0] - layer->pad[0];
    long last = (rows.last - 1) * layer->stride[0] - layer->pad[0] + (layer->kernel[0] - 1) * layer->dilate[0] + 1;
    first = at_least(at_most(first, layer->height), 0);
    return (Range){first, at_least(at_most(last, layer->height), first)};
}

/* Return the most numbers that the bands of all kernels but the last one have, each a multiple of those in a vector. */
static long sizes(const Call *calls, long *size)
{
    long rows = calls->rows, total = 0;
    for (long i = calls->together - 1; i > 0; i--) {
        const Layer *layer = calls[i].layer;
        rows = at_most((rows - 1) * layer->stride[0] + (layer->kernel[0] - 1) * layer->dilate[0] + 1, layer->height);
        size[i - 1] = parts(rows * numbers_of_row(calls[i - 1].layer), VECTOR) * VECTOR;
        total += size[i - 1];
    }
    return total;
}

/* Compute rows of a kernel's result; `data` and `out` are where those of the image would begin. */
static void compute(const Call *call, long image, Range rows, const float *data, float *out, float *memory)
{
    const Layer *layer = call->layer;
    const float *other = call->other ? call->other + image * layer->out[0] * numbers_of_row(layer) : 0;
    Arrays arrays = {data, call->filters, call->bias, other, call->zeros, out};
    if (rows.first < rows.last) call->part(layer, &arrays, rows, memory);
}

/* Keep what is needed of the rows that a band has, and return what is missing. */
static Range moved(Band *band, const Layer *layer, long image, Range needed)
{
    long row = numbers_of_row(layer), kept = band->image == image ? band->rows.last - needed.first : 0;
    if (kept <= 0) {
        band->rows = (Range){needed.first, needed.first}, band->image = image;
    } else if (band->rows.first < needed.first) {
        memmove(band->memory, band->memory + (needed.first - band->rows.first) * row, kept * row * sizeof(float));
        band->rows.first = needed.first;
    }
    Range missing = {band->rows.last, at_least(needed.last, band->rows.last)};
    band->rows.last = missing.last;
    return missing;
}

/* Compute some rows of the last kernel's result for an image, and all that they need. */
static void rows_together(const Call *calls, Band *bands, long image, Range rows, float *memory)
{
    long last = calls->together - 1;
    Range needed[MOST];
    needed[last] = rows;
    for (long i = last; i > 0; i--) needed[i - 1] = needed_for(calls[i].layer, needed[i]);
    const Layer *first = calls->layer;
    const float *data = calls->data + image * first->height * first->width * first->channels;
    for (long i = 0; i < last; i++) {
        Range missing = moved(&bands[i], calls[i].layer, image, needed[i]);
        float *out = bands[i].memory - bands[i].rows.first * numbers_of_row(calls[i].layer);
        compute(&calls[i], image, missing, data, out, memory);
        data = out;
    }
    const Layer *layer = calls[last].layer;
    compute(&calls[last], image, rows, data, calls[last].out + image * layer->out[0] * numbers_of_row(layer), memory);
}

static long memory_of_thread(const Call *calls)
{
    long size[MOST], needed = 0;
    for (long i = 0; i < calls->together; i++) needed = at_least(needed, calls[i].needed);
    return sizes(calls, size) + parts(needed, VECTOR) * VECTOR + VECTOR;
}

static void run_together(const Call *calls)
{
    const Layer *layer = calls[calls->together - 1].layer;
    long total = layer->images * layer->out[0], own = memory_of_thread(calls);
#pragma omp parallel for num_threads(calls->threads) schedule(static)
    for (long number = 0; number < calls->threads; number++) {
        long size[MOST];
        float *memory = calls->memory + number * own;
        Band bands[MOST];
        sizes(calls, size);
        for (long i = 0; i < calls->together - 1; memory += size[i++]) bands[i] = (Band){{0, 0}, -1, memory};
        for (Range left = share(total, number, calls->threads); left.first < left.last;) {
            long image = left.first / layer->out[0], first = left.first % layer->out[0];
            Range rows = {first, at_most(first + at_most(calls->rows, left.last - left.first), layer->out[0])};
            rows_together(calls, bands, image, rows, memory);
            left.first += rows.last - first;
        }
    }
}

/* Return the numbers that kernels which are computed together need room for, but not what others need. */
long glueball_sequence_memory(const Call *calls, long count)
{
    long needed = 0;
    for (const Call *c = calls; c < calls + count; c += c->together)
        if (c->together > 1) needed = at_least(needed, c->threads * memory_of_thread(c));
    return needed;
}

/* Return what is not 0 if one of the kernels does. */
int glueball_sequence(const Call *calls, long count)
{
    int irregular = 0;
    for (const Call *c = calls; c < calls + count; c += c->together)
        if (c->together > 1) run_together(c);
        else irregular |= c->run(c->layer, c->out, c->data, c->filters, c->bias, c->other, c->zeros, c->memory);
    return irregular;
}
