/*
 * Convolution of images with the channels first in which each channel has filters of its own: `size` for each. Filters of
 * 3x3 meet the image itself, row by row. For others several planes are copied (`phases.h`) before the first is read, since
 * what was just written is slow to read in other parts.
 */

#include "layer.h"
#include "phases.h"
#include "window.h"

/* The rows of the result that are computed together. */
#define WIDE 4

INLINE long taps(const Layer *layer) { return layer->kernel[0] * layer->kernel[1]; }
INLINE long room_of_thread(const Layer *layer) { return layer->block * copy_of(layer).plane + VECTOR; }

/* Some rows of a plane of the result from row y on; `count` is taps(layer). */
INLINE void some(int rows, long count, const Layer *layer, const Arrays *arrays, const long *places, long y, long plane)
{
    long pitch = copy_of(layer).pitch, width = layer->out[1];
    End end = end_of(layer, arrays);
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
            finish_lanes(end, sums[i], plane + (y + i) * width + x, 0, at_most(width - x, VECTOR));
    }
}

/* A plane of the result. */
INLINE void rows_of(long count, const Layer *layer, const Arrays *arrays, const long *places, long plane)
{
    long y = 0;
    for (; y + WIDE <= layer->out[0]; y += WIDE) some(WIDE, count, layer, arrays, places, y, plane);
    for (; y < layer->out[0]; y++) some(1, count, layer, arrays, places, y, plane);
}

/* Whether each number of an image is met by nine filters around it. */
INLINE int is_square(const Layer *layer)
{
    return layer->kernel[0] == 3 && layer->kernel[1] == 3 && layer->stride[0] == 1 && layer->stride[1] == 1 &&
           layer->dilate[0] == 1 && layer->dilate[1] == 1;
}

/*
 * A vector of each row of a plane of the result, for filters of 3x3: a row of the image is read once, and added to three
 * of the result. `is_edge` says that not all lanes are in the image or in the result.
 */
INLINE void column_of(int is_edge, const Layer *layer, const Arrays *arrays, const vector filter[9], long x, long plane)
{
    long height = layer->height, width = layer->width, pad = layer->pad[0], rows = layer->out[0], pitch = layer->out[1];
    long left = x - layer->pad[1], count = at_most(pitch - x, VECTOR);
    vector bias = all(arrays->bias ? *arrays->bias : 0), upper = bias, middle = bias, lower = bias;
    End end = end_of(layer, arrays);
    for (long r = 0; r < rows + 2; r++, upper = middle, middle = lower, lower = bias) {
        const float *from = arrays->data + (r - pad) * width + left;
        if (is_inside(r - pad, height)) {
#pragma GCC unroll 3
            for (long j = 0; j < 3; j++) {
                vector value = is_edge ? load_between(from + j, -left - j, width - left - j) : load(from + j);
                upper += value * filter[6 + j], middle += value * filter[3 + j], lower += value * filter[j];
            }
        }
        if (r < 2) continue;
        if (is_edge) finish_lanes(end, upper, plane + (r - 2) * pitch + x, 0, count);
        else finish(end, upper, plane + (r - 2) * pitch + x);
    }
}

static void plane_of_square(const Layer *layer, const Arrays *arrays, long plane)
{
    vector filter[9];
    for (int t = 0; t < 9; t++) filter[t] = all(arrays->filters[t]);
    for (long x = 0; x < layer->out[1]; x += VECTOR) {
        long left = x - layer->pad[1];
        if (left >= 0 && left + 2 + VECTOR <= layer->width) column_of(0, layer, arrays, filter, x, plane);
        else column_of(1, layer, arrays, filter, x, plane);
    }
}

/* What becomes of a plane, which is that of a channel; `from` is the plane, or its copy. */
static void filter_plane(const Layer *layer, const Arrays *arrays, const long *places, const float *from, long number)
{
    for (long j = 0; j < layer->size; j++) {
        long filter = number % layer->channels * layer->size + j;
        Arrays own = {from, arrays->filters + filter * taps(layer), arrays->bias ? arrays->bias + filter : 0, arrays->other, 0,
                      arrays->out};
        long plane = (number * layer->size + j) * layer->out[0] * layer->out[1];
        if (is_square(layer)) plane_of_square(layer, &own, plane);
        else if (taps(layer) == 9) rows_of(9, layer, &own, places, plane);
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
            const float *from = data + first * size;
            if (is_square(layer)) {
                for (long i = 0; i < count; i++) filter_plane(layer, &arrays, places, from + i * size, first + i);
                continue;
            }
            for (long i = 0; i < count; i++)
                for (long down = 0; down < layer->stride[0]; down++)
                    copy_rows(layer, &copy, from + i * size, down, room + i * copy.plane);
            for (long i = 0; i < count; i++) filter_plane(layer, &arrays, places, room + i * copy.plane, first + i);
        }
    }
    return 0;
}
