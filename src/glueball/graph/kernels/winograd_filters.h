/* The filters of Winograd's convolutions, transformed in double precision. */

typedef double exact __attribute__((vector_size(8 * VECTOR)));

/* One dimension of the transform of the filters; what they have less than four taps is 0. */
INLINE void transform_filter(long size, long taps, const exact *g, exact *to, long step)
{
    exact even = g[0] + g[2], odd = g[1] + g[3];
    if (size == 6) {
        exact far = g[0] / 24 + g[2] / 6, near = g[1] / 12;
        to[0] = g[0] / 4;
        to[step] = (even + odd) / -6;
        to[2 * step] = (even - odd) / -6;
        to[3 * step] = far + near;
        to[4 * step] = far - near;
    } else if (size == 5) {
        to[0] = g[0] / 2;
        to[step] = (even + odd) / -2;
        to[2 * step] = (even - odd) / -6;
        to[3 * step] = (g[0] + 2 * g[1] + 4 * g[2] + 8 * g[3]) / 6;
    } else {
        to[0] = g[0];
        to[step] = (even + odd) / 2;
        to[2 * step] = (even - odd) / 2;
    }
    to[(size - 1) * step] = g[taps - 1];
}

/* The taps of a phase of filters: from `row` and `column` on, each `apart` from the next; `step` is between two taps. */
typedef struct {
    long row, column, apart, step;
} Part;

/* The filters of one vector for one channel of one phase: of its taps come size^2 positions. */
INLINE void filter(long size, const Layer *layer, Part part, const float *from, float *to, long stride)
{
    long taps = taps_of(layer), length = layer->kernel[0];
    exact half[36], row[6];
    for (long j = 0; j < taps; j++) {
        exact column[4] = {{0}};
        for (long i = 0; i < taps; i++) {
            long y = part.row + part.apart * i, x = part.column + part.apart * j;
            if (y < length && x < length) column[i] = __builtin_convertvector(load(from + (y * length + x) * part.step), exact);
        }
        transform_filter(size, taps, column, half + j, 4);
    }
    for (long i = 0; i < size; i++) {
        for (long j = taps; j < 4; j++) half[4 * i + j] = (exact){0};
        transform_filter(size, taps, half + 4 * i, row, 1);
        for (long j = 0; j < size; j++) store(to + (size * i + j) * stride, __builtin_convertvector(row[j], vector));
    }
}

/* The filters of one panel for one channel of one phase. */
static void filter_panel(const Layer *layer, long panel, long channel, long phase, const float *from, float *to)
{
    long size = layer->size, depth = depth_of(layer), stride = panels(layer) * depth * PANEL;
    long width = at_most(layer->filters - panel * PANEL, PANEL);
    Part part = {0, 0, layer->stride[0], layer->channels * width};
    if (has_phases(layer)) part.row = PHASES[phase].row, part.column = PHASES[phase].column;
    for (long half = 0; half < PANEL; half += VECTOR) {
        const float *first = from + panel * PANEL * layer->kernel[0] * layer->kernel[1] * layer->channels + channel * width + half;
        float *place = to + (panel * depth + phase * layer->channels + channel) * PANEL + half;
        if (half >= width) { /* there are no filters any more */
            for (long i = 0; i < size * size; i++) store(place + i * stride, all(0));
        } else if (size == 6) filter(6, layer, part, first, place, stride);
        else if (size == 5) filter(5, layer, part, first, place, stride);
        else filter(4, layer, part, first, place, stride);
    }
}

/* Transform filters from the panels that glueball_pack makes. */
void glueball_winograd_filters(const Layer *layer, const float *from, float *to)
{
    long depth = depth_of(layer);
#pragma omp parallel for num_threads(layer->threads) schedule(static)
    for (long number = 0; number < panels(layer) * depth; number++) {
        long rest = number % depth;
        filter_panel(layer, number / depth, rest % layer->channels, rest / layer->channels, from, to);
    }
}
