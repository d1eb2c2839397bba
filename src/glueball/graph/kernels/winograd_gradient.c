/*
 * The gradient of 3x3 filters with stride 1, by the derivative of Winograd's minimal filtering; see winograd.c.
 *
 * Tiles of the image are transformed as there. Tiles of the gradient of the result go the way of its outputs backward.
 * For each position the products of both are summed over all tiles, and what the filters became goes back to 9 taps. There
 * are (size / (size - 2))^2 / 9 of the products that the definition has. Channels and filters are multiples of VECTOR.
 */

#include "layer.h"
#include "product.h"
#include "square.h"
#include "winograd.h"

#define TAPS 9

/* The tiles that all threads work on together, where the block of a thread has none. */
#define TOGETHER 128

/* The products of one panel of filters with some channels, whose sums are (position, channel, filter of the panel). */
typedef struct {
    long panel, channel, channels;
} Item;

INLINE long positions(const Layer *layer) { return layer->size * layer->size; }

/* As many channels as give the threads enough to do; their sums fill at most half of a cache of the second level. */
INLINE long channels_of_item(const Layer *layer)
{
    long most = 256 / positions(layer) * VECTOR, per_panel = parts(2 * layer->threads, panels(layer));
    return at_most(parts(parts(layer->channels, per_panel), VECTOR) * VECTOR, most);
}

INLINE long items_of_panel(const Layer *layer) { return parts(layer->channels, channels_of_item(layer)); }
INLINE long item_count(const Layer *layer) { return panels(layer) * items_of_panel(layer); }
INLINE long item_size(const Layer *layer) { return positions(layer) * channels_of_item(layer) * PANEL; }

INLINE Item item_at(const Layer *layer, long number)
{
    long most = channels_of_item(layer), first = number % items_of_panel(layer) * most;
    return (Item){number / items_of_panel(layer), first, at_most(layer->channels - first, most)};
}

/* One dimension of the derivative of the transform of the output. */
INLINE void transform_head(long size, const vector *y, vector *to, long step)
{
    if (size == 6) {
        vector even = y[0] + y[2], odd = y[1] + y[3], even2 = y[0] + 4 * y[2], odd2 = 2 * y[1] + 8 * y[3];
        to[0] = y[0];
        to[step] = even + odd;
        to[2 * step] = even - odd;
        to[3 * step] = even2 + odd2;
        to[4 * step] = even2 - odd2;
        to[5 * step] = y[3];
    } else {
        to[0] = y[0];
        to[step] = y[0] + y[1];
        to[2 * step] = y[0] - y[1];
        to[3 * step] = -y[1];
    }
}

/* One dimension of the derivative of the transform of the filters. */
INLINE void transform_back(long size, const vector *m, vector *to, long step)
{
    vector sum = m[1] + m[2], difference = m[1] - m[2];
    if (size == 6) {
        vector sum2 = m[3] + m[4], difference2 = m[3] - m[4];
        to[0] = m[0] * (1 / 4.f) - sum * (1 / 6.f) + sum2 * (1 / 24.f);
        to[step] = difference2 * (1 / 12.f) - difference * (1 / 6.f);
        to[2 * step] = (sum2 - sum) * (1 / 6.f) + m[5];
    } else {
        to[0] = m[0] + sum / 2;
        to[step] = difference / 2;
        to[2 * step] = sum / 2 + m[3];
    }
}

INLINE void head_tile(long size, const Layer *layer, const float *head, const float *zeros, long number, float *to,
                      long stride)
{
    Tile tile = tile_at(layer, number);
    long length = size - 2;
    const float *pixels[16], *image = head + tile.image * layer->out[0] * layer->out[1] * layer->filters;
    find_pixels(length, image, layer->out[0], layer->out[1], layer->filters, tile.top, tile.left, 1, zeros, pixels);
    transform_pixels(size, length, transform_head, pixels, layer->filters, to, stride);
}

/* Some channels times one or two vectors of filters, summed over the tiles of a block. */
INLINE void some(int rows, int fetch, int vectors, const float *in, long in_row, const float *head, long head_row,
                 long count, int is_first, float *sums)
{
    (void)fetch;
    vector sum[ROWS][2];
    for (int i = 0; i < rows; i++)
        for (int half = 0; half < vectors; half++) sum[i][half] = all(0);
    for (long t = 0; t < count; t++, in += in_row, head += head_row) {
        vector first = load(head), second = vectors == 2 ? load(head + VECTOR) : all(0);
#pragma GCC unroll 16
        for (int i = 0; i < rows; i++) {
            vector factor = all(in[i]);
            sum[i][0] += factor * first;
            if (vectors == 2) sum[i][1] += factor * second;
        }
    }
    for (int i = 0; i < rows; i++)
        for (int half = 0; half < vectors; half++) {
            float *to = sums + i * PANEL + half * VECTOR;
            if (!is_first) sum[i][half] += load(to);
            store(to, sum[i][half]);
        }
}

/* Add what a block of tiles has for an item to its sums, which are (position, channel, filter of the panel). */
static void add(const Layer *layer, Item item, Tiles in, Tiles head, long count, int is_first, float *sums)
{
    int vectors = layer->filters - item.panel * PANEL <= VECTOR ? 1 : 2;
    for (long e = 0; e < positions(layer); e++) {
        const float *from = in.tiles + e * in.stride + item.channel;
        const float *other = head.tiles + e * head.stride + item.panel * PANEL;
        for (long done = 0, rows; done < item.channels; done += rows, from += rows, sums += rows * PANEL) {
            rows = next_rows(item.channels - done);
            WITH_ROWS(rows, 1, vectors, some, from, in.row, other, head.row, count, is_first, sums)
        }
    }
}

/* Sums of several threads, each `size` numbers behind the one before; positions are `step` numbers apart. */
typedef struct {
    const float *of_thread;
    long threads, size, step;
} Sums;

/* Write the gradient for VECTOR channels and filters, which begin at `place` of the sums; `to` is the first tap. */
INLINE vector taps(long size, Sums sums, long place, float *to, long row)
{
    vector block[TAPS * VECTOR], check = {0};
    for (long c = 0; c < VECTOR; c++, place += PANEL) {
        vector half[18], column[6], taps[3];
        for (long j = 0; j < size; j++) {
            for (long i = 0; i < size; i++) {
                const float *from = sums.of_thread + place + (size * i + j) * sums.step;
                column[i] = load(from);
                for (long thread = 1; thread < sums.threads; thread++) column[i] += load(from += sums.size);
            }
            transform_back(size, column, half + j, size);
        }
        for (long i = 0; i < 3; i++) {
            transform_back(size, half + size * i, taps, 1);
            for (long j = 0; j < 3; j++) block[TAPS * c + 3 * i + j] = taps[j], check += taps[j] * 0;
        }
    }
    for (long part = 0; part < TAPS; part++) {
        transpose_square(block + part * VECTOR);
        for (long f = 0; f < VECTOR; f++) store(to + f * row + part * VECTOR, block[part * VECTOR + f]);
    }
    return check;
}

/* Return 1 if the gradient is not finite. */
static int finish_item(const Layer *layer, Item item, Sums sums, float *filters)
{
    vector check = {0};
    long row = layer->channels * TAPS;
    for (long part = 0; part < at_most(layer->filters - item.panel * PANEL, PANEL); part += VECTOR)
        for (long c = 0; c < item.channels; c += VECTOR) {
            float *to = filters + (item.panel * PANEL + part) * row + (item.channel + c) * TAPS;
            if (layer->size == 6) check += taps(6, sums, c * PANEL + part, to, row);
            else check += taps(4, sums, c * PANEL + part, to, row);
        }
    int irregular = 0;
    for (int i = 0; i < VECTOR; i++) irregular |= check[i] != 0;
    return irregular;
}

typedef struct {
    const float *data, *head, *zeros;
    float *filters;
} Gradient;

/* The tiles of the image and of the gradient of the result. */
typedef struct {
    Tiles in, head;
} Pair;

INLINE Pair make_pair(const Layer *layer, float *memory, long count)
{
    Tiles in = make_tiles(memory, count, layer->channels);
    return (Pair){in, make_tiles(in.tiles + positions(layer) * in.stride, count, layer->filters)};
}

INLINE long pair_size(const Layer *layer, long count)
{
    return positions(layer) * (count * (layer->channels + layer->filters) + 2 * VECTOR);
}

/* Tile number `first` + `number` becomes tile `number` of those that are kept. */
static void transform(const Layer *layer, const Gradient *g, long first, long number, Pair to)
{
    Tiles in = {to.in.tiles + number * to.in.row, to.in.stride, to.in.row};
    float *place = to.head.tiles + number * to.head.row;
    input_tiles(layer, g->data, g->zeros, first + number, 1, in);
    if (layer->size == 6) head_tile(6, layer, g->head, g->zeros, first + number, place, to.head.stride);
    else head_tile(4, layer, g->head, g->zeros, first + number, place, to.head.stride);
}

/* Each thread has tiles and sums of its own, which fit its cache. */
INLINE long all_sums(const Layer *layer) { return positions(layer) * layer->channels * panels(layer) * PANEL; }
INLINE long memory_apart(const Layer *layer) { return pair_size(layer, layer->block) + all_sums(layer); }

static int run_apart(const Layer *layer, const Gradient *g, float *memory)
{
    long total = tile_count(layer), size = all_sums(layer), of_panel = positions(layer) * layer->channels * PANEL;
    int irregular = 0;
#pragma omp parallel num_threads(layer->threads) reduction(| : irregular)
    {
        float *sums = memory + omp_get_thread_num() * size;
        float *tiles = memory + layer->threads * size + omp_get_thread_num() * pair_size(layer, layer->block);
        Pair pair = make_pair(layer, tiles, layer->block);
        for (long i = 0; i < size; i++) sums[i] = 0;
#pragma omp for schedule(static)
        for (long b = 0; b < parts(total, layer->block); b++) {
            long first = b * layer->block, count = at_most(total - first, layer->block);
            for (long t = 0; t < count; t++) transform(layer, g, first, t, pair);
            for (long p = 0; p < panels(layer); p++)
                add(layer, (Item){p, 0, layer->channels}, pair.in, pair.head, count, 0, sums + p * of_panel);
        }
#pragma omp for schedule(static)
        for (long number = 0; number < panels(layer) * layer->channels / VECTOR; number++) {
            long panel = number / (layer->channels / VECTOR), channel = number % (layer->channels / VECTOR) * VECTOR;
            Sums part = {memory + panel * of_panel + channel * PANEL, layer->threads, size, layer->channels * PANEL};
            irregular |= finish_item(layer, (Item){panel, channel, VECTOR}, part, g->filters);
        }
    }
    return irregular;
}

/* All threads take each step for many tiles; a thread has the sums of one item at a time if these are all tiles. */
INLINE long most_tiles(const Layer *layer) { return at_most(tile_count(layer), TOGETHER); }
INLINE int is_whole(const Layer *layer) { return tile_count(layer) <= TOGETHER; }
INLINE long sums_count(const Layer *layer) { return is_whole(layer) ? layer->threads : item_count(layer); }
INLINE long memory_together(const Layer *layer)
{
    return pair_size(layer, most_tiles(layer)) + sums_count(layer) * item_size(layer);
}

static int run_together(const Layer *layer, const Gradient *g, float *memory)
{
    long total = tile_count(layer), most = most_tiles(layer);
    Pair pair = make_pair(layer, memory, most);
    float *sums = memory + pair_size(layer, most);
    int irregular = 0;
#pragma omp parallel num_threads(layer->threads) reduction(| : irregular)
    for (long first = 0; first < total; first += most) {
        long count = at_most(total - first, most);
#pragma omp for schedule(static)
        for (long t = 0; t < count; t++) transform(layer, g, first, t, pair);
#pragma omp for schedule(static)
        for (long number = 0; number < item_count(layer); number++) {
            Item item = item_at(layer, number);
            float *of_item = sums + (is_whole(layer) ? omp_get_thread_num() : number) * item_size(layer);
            add(layer, item, pair.in, pair.head, count, first == 0, of_item);
            if (first + count == total)
                irregular |= finish_item(layer, item, (Sums){of_item, 1, 0, item.channels * PANEL}, g->filters);
        }
    }
    return irregular;
}

/* The numbers that a call needs room for. */
long glueball_winograd_gradient_memory(const Layer *layer)
{
    return layer->block ? layer->threads * memory_apart(layer) : memory_together(layer);
}

/* Return 1 if some number of the gradient is infinite or NaN, which may then be in too many places. */
int glueball_winograd_gradient(const Layer *layer, const float *data, const float *head, const float *zeros,
                               float *filters, float *memory)
{
    Gradient g = {data, head, zeros, filters};
    return layer->block ? run_apart(layer, &g, memory) : run_together(layer, &g, memory);
}
