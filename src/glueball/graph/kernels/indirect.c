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

/* A few pixels of the result, for some panels of filters. The last vector may cover some filters that another has, too. */
INLINE void some(int rows, int fetch, int vectors, const Layer *layer, const Arrays *arrays, const float *const *table,
                 Range panels, long pixel, Ahead next)
{
    long count = pieces(layer), length = depth(layer) / count;
    const float *filters = arrays->filters + panels.first * count * length * PANEL;
    for (long panel = panels.first; panel < panels.last; panel++, filters += count * length * PANEL) {
        long filter[2] = {panel * PANEL, at_most(panel * PANEL + VECTOR, layer->filters - VECTOR)};
        if (vectors == 1) filter[0] = filter[1];
        vector sums[ROWS][2], bias[2] = {bias_of(arrays, filter[0]), bias_of(arrays, filter[1])};
        multiply(rows, fetch, vectors, table, count, length, filters, next, bias, sums);
        End end = end_of(layer, arrays);
#pragma GCC unroll 2
        for (int half = 0; half < vectors; half++)
#pragma GCC unroll 16
            for (int i = 0; i < rows; i++)
                finish(end, sums[i][half], (pixel + i) * layer->filters + filter[half]);
    }
}

/* The same; the last panel may have one vector. */
static void panels_of_rows(const Layer *layer, const Arrays *arrays, const float *const *table, Range panels, long pixel,
                           long rows, Ahead next)
{
    long whole = at_most(parts(layer->filters - VECTOR, PANEL), panels.last);
    Range rest = {at_least(whole, panels.first), panels.last};
    panels.last = whole;
    WITH_ROWS(rows, next.step, 2, some, layer, arrays, table, panels, pixel, next)
    WITH_ROWS(rows, next.step, 1, some, layer, arrays, table, rest, pixel, next)
}

static void panels_of_block(const Layer *layer, const Arrays *arrays, const float *const *table, Range panels, long first,
                            long count)
{
    if (count <= ROWS) {
        panels_of_rows(layer, arrays, table, panels, first, count, (Ahead){arrays->filters, 0});
        return;
    }
    for (long panel = panels.first; panel < panels.last; panel++) {
        const float *filters = arrays->filters + panel * depth(layer) * PANEL, *const *part = table;
        for (long done = 0, rows; done < count; done += rows, part += pieces(layer) * ROWS) {
            rows = next_rows(count - done);
            Ahead next = ahead(filters, depth(layer), done, count);
            panels_of_rows(layer, arrays, part, (Range){panel, panel + 1}, first + done, rows, next);
        }
    }
}

static void find_any(const Layer *layer, const Arrays *arrays, long first, long count, const float **table)
{
    int is_same = taps(layer) == 1 && !layer->pad[0] && !layer->pad[1] && layer->stride[0] == 1 && layer->stride[1] == 1;
    if (is_same) find_same(layer, arrays, first, count, table);
    else find(layer, arrays, first, count, table, (float *)(table + addresses(layer)));
}

INLINE const float **table_in(float *memory) { return (const float **)(((unsigned long)memory + 7) & ~7ul); }

FACTS(indirect, ROWS, layer->threads * memory_of(layer))

/* Rows of the result of an image, in this thread. */
void glueball_indirect_part(const Layer *layer, const Arrays *arrays, Range rows, float *memory)
{
    const float **table = table_in(memory);
    for (long pixel = rows.first * layer->out[1]; pixel < rows.last * layer->out[1]; pixel += layer->block) {
        long count = at_most(rows.last * layer->out[1] - pixel, layer->block);
        find_any(layer, arrays, pixel, count, table);
        panels_of_block(layer, arrays, table, (Range){0, parts(layer->filters, PANEL)}, pixel, count);
    }
}

int glueball_indirect(const Layer *layer, float *out, const float *data, const float *filters, const float *bias,
                      const float *other, const float *zeros, float *memory)
{
    Arrays arrays = {data, filters, bias, other, zeros, out};
    long total = pixels(layer), blocks = parts(total, layer->block), panels = parts(layer->filters, PANEL);
#pragma omp parallel for num_threads(layer->threads) schedule(static)
    for (long number = 0; number < layer->threads; number++) {
        const float **table = table_in(memory + number * memory_of(layer));
        Range tasks = share(blocks * panels, number, layer->threads);
        for (long task = tasks.first, count; task < tasks.last; task += count) {
            long panel = task % panels, first = task / panels * layer->block, pixels = at_most(total - first, layer->block);
            count = at_most(panels - panel, tasks.last - task);
            find_any(layer, &arrays, first, pixels, table);
            panels_of_block(layer, &arrays, table, (Range){panel, panel + count}, first, pixels);
        }
    }
    return 0;
}
