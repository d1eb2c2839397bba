/*
 * Convolution of images with the channels first in which each channel has filters of its own: `size` for each. Several
 * planes are copied (`phases.h`) before the first is read, since what was just written is slow to read in other parts.
 */

#include "layer.h"
#include "phases.h"

/* The rows of the result that are computed together. */
#define WIDE 4

INLINE long taps(const Layer *layer) { return layer->kernel[0] * layer->kernel[1]; }
INLINE long room_of_thread(const Layer *layer) { return layer->block * copy_of(layer).plane + VECTOR; }

/* Some rows of a plane of the result from row y on; `count` is taps(layer). */
INLINE void some(int rows, long count, const Layer *layer, const Arrays *arrays, const long *places, long y, long plane)
{
    long pitch = copy_of(layer).pitch, width = layer->out[1];
    for (long x = 0; x < width; x += VECTOR) {
        vector sums[WIDE];
        for (int i = 0; i < rows; i++) sums[i] = all(arrays->bias ? *arrays->bias : 0);
        for (long t = 0; t < count; t++) {
            vector factor = all(arrays->filters[t]);
            const float *at = arrays->data + places[t] + y * pitch + x;
#pragma GCC unroll 4
            for (int i = 0; i < rows; i++) sums[i] += factor * load(at + i * pitch);
        }
        for (int i = 0; i < rows; i++)
            finish_lanes(layer, arrays, sums[i], plane + (y + i) * width + x, 0, at_most(width - x, VECTOR));
    }
}

/* A plane of the result. */
INLINE void rows_of(long count, const Layer *layer, const Arrays *arrays, const long *places, long plane)
{
    long y = 0;
    for (; y + WIDE <= layer->out[0]; y += WIDE) some(WIDE, count, layer, arrays, places, y, plane);
    for (; y < layer->out[0]; y++) some(1, count, layer, arrays, places, y, plane);
}

/* What becomes of a plane, which is that of a channel; `copy` is its copy. */
static void filter_plane(const Layer *layer, const Arrays *arrays, const long *places, const float *copy, long number)
{
    for (long j = 0; j < layer->size; j++) {
        long filter = number % layer->channels * layer->size + j;
        Arrays own = {copy, arrays->filters + filter * taps(layer), arrays->bias ? arrays->bias + filter : 0, arrays->other, 0,
                      arrays->out};
        long plane = (number * layer->size + j) * layer->out[0] * layer->out[1];
        if (taps(layer) == 9) rows_of(9, layer, &own, places, plane);
        else rows_of(taps(layer), layer, &own, places, plane);
    }
}

FACTS(depthwise, WIDE, 2 * taps(layer) + layer->threads * room_of_thread(layer) + 2)

int glueball_depthwise(const Layer *layer, float *out, const float *data, const float *filters, const float *bias,
                       const float *other, const float *zeros, float *memory)
{
    Arrays arrays = {data, filters, bias, other, zeros, out};
    Copy copy = copy_of(layer);
    long planes = layer->images * layer->channels, size = layer->height * layer->width;
    long *places = (long *)(((unsigned long)memory + 7) & ~7ul);
    find_taps(layer, &copy, 1, places);
#pragma omp parallel num_threads(layer->threads)
    {
        float *room = (float *)(places + taps(layer)) + omp_get_thread_num() * room_of_thread(layer);
#pragma omp for schedule(static)
        for (long task = 0; task < parts(planes, layer->block); task++) {
            long first = task * layer->block, count = at_most(planes - first, layer->block);
            for (long i = 0; i < count; i++)
                for (long down = 0; down < layer->stride[0]; down++)
                    copy_rows(layer, &copy, data + (first + i) * size, down, room + i * copy.plane);
            for (long i = 0; i < count; i++) filter_plane(layer, &arrays, places, room + i * copy.plane, first + i);
        }
    }
    return 0;
}
