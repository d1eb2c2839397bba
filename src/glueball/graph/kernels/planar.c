/*
 * Convolution of images with the channels first, in one group: a product of the filters and a matrix that is never
 * written, whose rows are a copy of the image from the place on that a tap meets; see `phases.h`.
 *
 * The filters lie in blocks of `size`, one number of the depth after another. The pixels of the result are counted with
 * those at the ends of the rows that the copy has more.
 */

#include "layer.h"
#include "phases.h"
#include "product.h"

INLINE long taps(const Layer *layer) { return layer->kernel[0] * layer->kernel[1]; }
INLINE long depth(const Layer *layer) { return taps(layer) * layer->channels; }

/* Whether each filter is one pixel that meets each pixel, so that the image is as good as a copy. */
INLINE int is_same(const Layer *layer)
{
    return taps(layer) == 1 && !layer->pad[0] && !layer->pad[1] && layer->stride[0] == 1 && layer->stride[1] == 1 &&
           layer->height * layer->width >= PANEL;
}

/* The numbers that a call needs room for: places of 8 bytes, and the copy of an image, behind which a panel may read. */
INLINE long memory_of(const Layer *layer)
{
    return 2 * depth(layer) + 2 + (is_same(layer) ? 0 : layer->channels * copy_of(layer).plane) + PANEL;
}

/* Pixels that lie together in the result: lanes from `lane` on of those that are computed together. */
typedef struct {
    long lane, count, place;
} Run;

/* A panel of pixels: what it consists of, without what is between the rows. */
typedef struct {
    long first, vectors, count;
    Run runs[PANEL];
} Pixels;

/* From `first` to before `last`, where rows of `width` begin every `pitch` numbers. */
INLINE void find_pixels(long width, long pitch, long first, long last, Pixels *pixels)
{
    long y = first / pitch, x = first % pitch;
    *pixels = (Pixels){.first = first, .vectors = last - first > VECTOR ? 2 : 1};
    for (long lane = 0; lane < last - first; lane += pitch - x, x = 0, y++)
        if (x < width) pixels->runs[pixels->count++] = (Run){lane, at_most(last - first - lane, width - x), y * width + x};
}

/* What stays the same for all panels of an image. */
typedef struct {
    const Layer *layer;
    Arrays arrays;
    const float *copy;
    const long *places;
} Image;

INLINE void multiply_planes(int rows, int vectors, const Image *image, const float *filters, long first, vector sums[ROWS][2])
{
    const float *data = image->copy + first;
    long size = image->layer->size, last = depth(image->layer);
    for (int i = 0; i < rows; i++) sums[i][0] = sums[i][1] = all(0);
    for (long p = 0; p < last; p++, filters += size) {
        const float *at = data + image->places[p];
        vector one = load(at), two = vectors == 2 ? load(at + VECTOR) : all(0);
#pragma GCC unroll 16
        for (int i = 0; i < rows; i++) {
            vector factor = all(filters[i]);
            sums[i][0] += factor * one;
            if (vectors == 2) sums[i][1] += factor * two;
        }
    }
}

/* Write the sums of one filter; `place` is where its plane begins. */
INLINE void write(int vectors, const Image *image, const Pixels *pixels, const vector *sums, float bias, long place)
{
    End end = end_of(image->layer, &image->arrays);
    for (const Run *run = pixels->runs; run < pixels->runs + pixels->count; run++)
        for (int half = 0; half < vectors; half++) {
            long first = at_least(run->lane - half * VECTOR, 0), last = at_most(run->lane + run->count - half * VECTOR, VECTOR);
            if (first < last) {
                long lane = place + run->place - run->lane + half * VECTOR; /* of the first lane */
                finish_lanes(end, sums[half] + bias, lane, first, last);
            }
        }
}

/* A block of filters, of which `filter` is the first, for a panel of pixels. */
INLINE void some(int rows, int fetch, int vectors, const Image *image, const Pixels *pixels, long filter)
{
    (void)fetch;
    vector sums[ROWS][2];
    const Layer *layer = image->layer;
    multiply_planes(rows, vectors, image, image->arrays.filters + filter * depth(layer), pixels->first, sums);
    for (int i = 0; i < rows; i++) {
        float bias = image->arrays.bias ? image->arrays.bias[filter + i] : 0;
        write(vectors, image, pixels, sums[i], bias, (filter + i) * layer->out[0] * layer->out[1]);
    }
}

/* Compute what a thread takes at a time: some blocks of filters for one panel of pixels. */
static void task(const Image *image, long pitch, long length, long panel, long first_filter)
{
    const Layer *layer = image->layer;
    Pixels pixels;
    long last = at_most((panel + 1) * PANEL, length), first = panel * PANEL;
    if (is_same(layer) && last == length) first = length - (last - first > VECTOR ? PANEL : VECTOR); /* read nothing behind it */
    find_pixels(is_same(layer) ? pitch : layer->out[1], pitch, first, last, &pixels);
    long last_filter = at_most(layer->filters, first_filter + layer->block * layer->size);
    for (long filter = first_filter; filter < last_filter; filter += layer->size)
        WITH_ROWS(at_most(layer->size, layer->filters - filter), 0, pixels.vectors, some, image, &pixels, filter)
}

FACTS(planar, ROWS, memory_of(layer))

int glueball_planar(const Layer *layer, float *out, const float *data, const float *filters, const float *bias,
                    const float *other, const float *zeros, float *memory)
{
    int same = is_same(layer);
    Copy copy = copy_of(layer);
    long pitch = same ? layer->height * layer->width : copy.pitch, plane = layer->height * layer->width;
    long length = same ? pitch : (layer->out[0] - 1) * pitch + layer->out[1], panels = parts(length, PANEL);
    long groups = parts(layer->filters, layer->size * layer->block), result = layer->filters * layer->out[0] * layer->out[1];
    long *places = (long *)(((unsigned long)memory + 7) & ~7ul);
    float *room = (float *)(places + depth(layer));
    find_taps(layer, &copy, layer->channels, places);
#pragma omp parallel num_threads(layer->threads)
    for (long n = 0; n < layer->images; n++) {
        const float *from = data + n * layer->channels * plane;
        Arrays arrays = {from, filters, bias, other ? other + n * result : 0, zeros, out + n * result};
        Image image = {layer, arrays, same ? from : room, places};
        if (!same) {
#pragma omp for schedule(static)
            for (long number = 0; number < layer->channels * layer->stride[0]; number++) {
                long c = number / layer->stride[0], down = number % layer->stride[0];
                copy_rows(layer, &copy, from + c * plane, down, room + c * copy.plane);
            }
        }
#pragma omp for schedule(static)
        for (long number = 0; number < groups * panels; number++)
            task(&image, pitch, length, number % panels, number / panels * layer->size * layer->block);
    }
    return 0;
}
