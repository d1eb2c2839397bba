/*
 * Convolution of images with the channels first, in one group: a product of the filters and a matrix that is never
 * written, whose rows are a copy of the image from the place on that a tap meets; see `phases.h`.
 *
 * The filters lie in blocks, one number of the depth after another: of `size` filters, or of one less and a 0. The pixels
 * of the result are counted with those at the ends of the rows that the copy has more.
 */

#include "layer.h"
#include "phases.h"
#include "product.h"

/* So many pixels at the end of an image take less time one by one than as a vector. */
#define FEW (VECTOR / 2)

INLINE long taps(const Layer *layer) { return layer->kernel[0] * layer->kernel[1]; }
INLINE long depth(const Layer *layer) { return taps(layer) * layer->channels; }
INLINE long blocks_of(const Layer *layer) { return parts(layer->filters, layer->size); }

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

/* Write the sums of one filter. */
INLINE void write(int vectors, const Image *image, const Pixels *pixels, const vector *sums, long filter)
{
    End end = end_of(image->layer, &image->arrays);
    float bias = image->arrays.bias ? image->arrays.bias[filter] : 0;
    long place = filter * image->layer->out[0] * image->layer->out[1];
    if (pixels->runs->count == vectors * VECTOR) { /* the common case, in which all lanes are of one run */
        for (int half = 0; half < vectors; half++) finish(end, sums[half] + bias, place + pixels->runs->place + half * VECTOR);
        return;
    }
    for (const Run *run = pixels->runs; run < pixels->runs + pixels->count; run++)
        for (int half = 0; half < vectors; half++) {
            long first = at_least(run->lane - half * VECTOR, 0), last = at_most(run->lane + run->count - half * VECTOR, VECTOR);
            if (first < last) {
                long lane = place + run->place - run->lane + half * VECTOR; /* of the first lane */
                finish_lanes(end, sums[half] + bias, lane, first, last);
            }
        }
}

/* The filters of a block; `filter` is the first. */
typedef struct {
    long filter, count;
    const float *at;
} Block;

INLINE Block block_of(const Image *image, long number)
{
    const Layer *layer = image->layer;
    Range filters = share(layer->filters, number, blocks_of(layer));
    const float *at = image->arrays.filters + number * layer->size * depth(layer);
    return (Block){filters.first, filters.last - filters.first, at};
}

/* A block of filters for a panel of pixels. */
INLINE void some(int rows, int fetch, int vectors, const Image *image, const Pixels *pixels, const Block *block)
{
    (void)fetch;
    vector sums[ROWS][2];
    multiply_planes(rows, vectors, image, block->at, pixels->first, sums);
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++) write(vectors, image, pixels, sums[i], block->filter + i);
}

/*
 * The same for the last pixels of an image, of which there are so few that a vector has the filters of a block, and a
 * product is computed with each pixel: a vector of pixels would be empty for the most part.
 */
INLINE void few(int count, int fetch, int vectors, const Image *image, const Pixels *pixels, const Block *block)
{
    (void)fetch, (void)vectors;
    const float *data = image->copy + pixels->first, *filters = block->at;
    long size = image->layer->size, last = depth(image->layer);
    vector sums[ROWS];
    for (int j = 0; j < count; j++) sums[j] = all(0);
    for (long p = 0; p < last; p++, filters += size) {
        vector one = load_lanes(filters, 0, size);
        const float *at = data + image->places[p];
#pragma GCC unroll 16
        for (int j = 0; j < count; j++) sums[j] += one * all(at[j]);
    }
    float turned[ROWS * VECTOR]; /* the compiler would keep `sums` itself in the memory */
    for (int j = 0; j < count; j++) store(turned + j * VECTOR, sums[j]);
    for (long i = 0; i < block->count; i++) {
        vector of_filter = all(0);
        for (int j = 0; j < count; j++) of_filter[j] = turned[j * VECTOR + i];
        write(1, image, pixels, &of_filter, block->filter + i);
    }
}

/* How many of some pixels are computed by `few`. */
INLINE long few_of(const Layer *layer, long pixels)
{
    long rest = pixels % VECTOR;
    return layer->size <= VECTOR && rest <= at_most(FEW, ROWS) ? rest : 0;
}

/* Compute what a thread takes at a time: some blocks of filters for one panel of pixels. */
static void task(const Image *image, long pitch, long length, long panel, long first_block)
{
    const Layer *layer = image->layer;
    long width = is_same(layer) ? pitch : layer->out[1], first = panel * PANEL, end = at_most(first + PANEL, length);
    long last_block = at_most(blocks_of(layer), first_block + layer->block), last = end - few_of(layer, end - first);
    Pixels pixels, rest;
    find_pixels(width, pitch, last, end, &rest);
    if (is_same(layer) && last == length) first = length - (last - first > VECTOR ? PANEL : VECTOR); /* read nothing behind it */
    find_pixels(width, pitch, first, last, &pixels);
    for (long number = first_block; number < last_block; number++) {
        Block block = block_of(image, number);
        if (first < last) WITH_ROWS(block.count, 0, pixels.vectors, some, image, &pixels, &block)
        if (last < end) WITH_ROWS(end - last, 0, 1, few, image, &rest, &block)
    }
}

FACTS(planar, ROWS, memory_of(layer))

int glueball_planar(const Layer *layer, float *out, const float *data, const float *filters, const float *bias,
                    const float *other, const float *zeros, float *memory)
{
    int same = is_same(layer);
    Copy copy = copy_of(layer);
    long pitch = same ? layer->height * layer->width : copy.pitch, plane = layer->height * layer->width;
    long length = same ? pitch : (layer->out[0] - 1) * pitch + layer->out[1], panels = parts(length, PANEL);
    long groups = parts(blocks_of(layer), layer->block), result = layer->filters * layer->out[0] * layer->out[1];
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
            task(&image, pitch, length, number % panels, number / panels * layer->block);
    }
    return 0;
}
