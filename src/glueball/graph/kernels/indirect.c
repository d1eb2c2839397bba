/*
 * Convolution as a product of matrices whose left side is never written: a table has the address of each pixel that
 * a row of it consists of.
 *
 * The algorithm is that of Dukhan, "The Indirect Convolution Algorithm", 2019. There are at least VECTOR filters.
 */

#include "layer.h"
#include "product.h"
#include "window.h"

/* With fewer channels, what a row of a filter meets is one piece, so that the inner loop is long. */
#define FEW 16

INLINE long taps(const Layer *layer) { return layer->kernel[0] * layer->kernel[1]; }
INLINE long depth(const Layer *layer) { return taps(layer) * layer->channels; }
INLINE int is_joined(const Layer *layer) { return layer->channels < FEW && layer->dilate[1] == 1; }
INLINE long pieces(const Layer *layer) { return is_joined(layer) ? layer->kernel[0] : taps(layer); }
INLINE long addresses(const Layer *layer) { return (layer->block + ROWS) * pieces(layer); }

/* The numbers that a call needs room for, in each thread: for addresses of 8 bytes, and for copies of what is padded. */
INLINE long memory_of(const Layer *layer)
{
    return 2 * addresses(layer) + (is_joined(layer) ? layer->block * depth(layer) : 0) + 2 * VECTOR;
}

/* Copy a piece that lies partly outside. */
INLINE void copy(const Layer *layer, const float *from, long x, float *to)
{
    for (long k = 0; k < layer->kernel[1]; k++)
        for (long c = 0; c < layer->channels; c++, from++) *to++ = is_inside(x + k, layer->width) ? *from : 0;
}

/* Return where the pieces begin that one row of the filters meets; `room` is for copies. */
INLINE float *pieces_of_row(const Layer *layer, const Arrays *arrays, const Window *w, long y, const float **to,
                            float *room)
{
    const float *row = w->image + y * layer->width * layer->channels;
    if (!is_joined(layer)) {
        for (long k = 0, x = w->x; k < layer->kernel[1]; k++, x += layer->dilate[1], to += ROWS)
            *to = is_inside(y, layer->height) && is_inside(x, layer->width) ? row + x * layer->channels : arrays->zeros;
        return room;
    }
    *to = is_inside(y, layer->height) ? row + w->x * layer->channels : arrays->zeros;
    if (*to == arrays->zeros || (w->x >= 0 && w->x + layer->kernel[1] <= layer->width)) return room;
    copy(layer, *to, w->x, room);
    *to = room;
    return room + layer->kernel[1] * layer->channels;
}

/* Fill the table for some pixels of the result: in parts of up to ROWS, as `multiply` reads it. */
static void find(const Layer *layer, const Arrays *arrays, long first, long count, const float **table, float *room)
{
    long step = pieces(layer) / layer->kernel[0] * ROWS;
    Window w = window(layer, arrays->data, first);
    for (long done = 0, rows; done < count; done += rows, table += layer->kernel[0] * step) {
        rows = next_rows(count - done);
        for (long i = 0; i < rows; i++, advance(layer, &w))
            for (long j = 0; j < layer->kernel[0]; j++)
                room = pieces_of_row(layer, arrays, &w, w.y + j * layer->dilate[0], table + i + j * step, room);
    }
}

/* The same where a filter is one pixel, and each pixel is met. */
static void find_same(const Layer *layer, const Arrays *arrays, long first, long count, const float **table)
{
    const float *data = arrays->data + first * layer->channels;
    for (long done = 0, rows; done < count; done += rows, table += ROWS) {
        rows = next_rows(count - done);
        for (long i = 0; i < rows; i++, data += layer->channels) table[i] = data;
    }
}

/* The vectors of a panel: the last may have one. */
INLINE int vectors_of(const Layer *layer, long panel) { return layer->filters - panel * PANEL <= VECTOR ? 1 : 2; }

/* Write a few pixels of the result. The last vector may cover some filters that another has, too. */
INLINE void write_as(long activation, const Layer *layer, const Arrays *arrays, int rows, int vectors, long panel,
                     long pixel, vector sums[ROWS][2])
{
    for (int half = 0; half < vectors; half++) {
        long filter = at_most(panel * PANEL + half * VECTOR, layer->filters - VECTOR);
        vector bias = bias_of(arrays, filter);
        for (int i = 0; i < rows; i++)
            finish(activation, layer, arrays, sums[i][half] + bias, (pixel + i) * layer->filters + filter);
    }
}

static __attribute__((noinline)) void write(const Layer *layer, const Arrays *arrays, int rows, int vectors, long panel,
                                            long pixel, vector sums[ROWS][2])
{
    switch (layer->activation) {
    case 0: write_as(0, layer, arrays, rows, vectors, panel, pixel, sums); break;
    case 1: write_as(1, layer, arrays, rows, vectors, panel, pixel, sums); break;
    case 2: write_as(2, layer, arrays, rows, vectors, panel, pixel, sums); break;
    }
}

/* A few pixels of the result for one panel. */
INLINE void some(int rows, int fetch, int vectors, const Layer *layer, const Arrays *arrays, const float *const *table,
                 long panel, long pixel, Ahead next)
{
    vector sums[ROWS][2];
    const float *filters = arrays->filters + panel * depth(layer) * PANEL;
    multiply(rows, fetch, vectors, table, pieces(layer), depth(layer) / pieces(layer), filters, next, sums);
    write(layer, arrays, rows, vectors, panel, pixel, sums);
}

static void panel_of_block(const Layer *layer, const Arrays *arrays, const float *const *table, long panel, long first,
                           long count)
{
    long step = pieces(layer) * ROWS;
    const float *filters = arrays->filters + panel * depth(layer) * PANEL;
    for (long done = 0, rows; done < count; done += rows, table += step) {
        rows = next_rows(count - done);
        Ahead next = count > ROWS ? ahead(filters, depth(layer), done, count) : (Ahead){filters, 0};
        WITH_ROWS(rows, next.step, vectors_of(layer, panel), some, layer, arrays, table, panel, first + done, next)
    }
}

FACTS(indirect, ROWS, layer->threads * memory_of(layer))

int glueball_indirect(const Layer *layer, float *out, const float *data, const float *filters, const float *bias,
                      const float *other, const float *zeros, float *memory)
{
    Arrays arrays = {data, filters, bias, other, zeros, out};
    long total = pixels(layer), blocks = parts(total, layer->block), panels = parts(layer->filters, PANEL);
    int is_same = taps(layer) == 1 && !layer->pad[0] && !layer->pad[1] && layer->stride[0] == 1 && layer->stride[1] == 1;
#pragma omp parallel num_threads(layer->threads)
    {
        long known = -1;
        float *own = memory + omp_get_thread_num() * memory_of(layer);
        const float **table = (const float **)(((unsigned long)own + 7) & ~7ul);
#pragma omp for schedule(static)
        for (long task = 0; task < blocks * panels; task++) {
            long first = task / panels * layer->block, count = at_most(total - first, layer->block);
            if (first != known) {
                known = first;
                if (is_same) find_same(layer, &arrays, first, count, table);
                else find(layer, &arrays, first, count, table, (float *)(table + addresses(layer)));
            }
            panel_of_block(layer, &arrays, table, task % panels, first, count);
        }
    }
    return 0;
}
