/*
 * Convolution with 3x3 filters and stride 1 by Winograd's minimal filtering, F(4x4, 3x3) and F(2x2, 3x3).
 *
 * The algorithm is that of Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016: a tile of
 * `size` x `size` numbers of the image is transformed, multiplied with transformed filters, summed over the channels
 * as one product of matrices for each of the size^2 positions, and transformed back to (size - 2)^2 outputs.
 *
 * Images have their channels last. The numbers of channels are multiples of VECTOR. All arrays are float32.
 */

/* Declared here, since some compilers come without omp.h. */
int omp_get_thread_num(void);

#if defined(__AVX512F__)
#define VECTOR 16
#define ROWS 8
#elif defined(__AVX__)
#define VECTOR 8
#define ROWS 6
#else
#define VECTOR 4
#define ROWS 6
#endif
#define PANEL (2 * VECTOR) /* columns of filters that one call of the inner product computes */

#define INLINE static inline __attribute__((always_inline))

typedef float vector __attribute__((vector_size(4 * VECTOR), aligned(4), may_alias));
typedef int mask __attribute__((vector_size(4 * VECTOR), aligned(4), may_alias));

/* What stays the same from call to call; `winograd.py` fills it in. */
typedef struct {
    long size; /* of a tile of the input, 6 or 4 */
    long images, height, width, channels, filters, pad_height, pad_width;
    long activation; /* 0: none, 1: at least `low`, 2: also at most `high` */
    float low, high;
    long block;  /* the tiles that a thread works on at a time, or 0: all threads work on all tiles together */
    long threads;
} Layer;

typedef struct {
    const float *data, *filters, *bias, *other, *zeros;
    float *out;
} Arrays;

/* Where tiles are between the steps: position e of tile t has its row at tiles + e * stride + t * row. */
typedef struct {
    float *tiles;
    long stride, row;
} Tiles;

INLINE vector load(const float *from) { return *(const vector *)from; }
INLINE void store(float *to, vector value) { *(vector *)to = value; }
INLINE vector all(float value) { return value - (vector){0}; }
INLINE long at_most(long value, long limit) { return value < limit ? value : limit; }
INLINE long parts(long length, long part) { return (length + part - 1) / part; }
INLINE long out_height(const Layer *layer) { return layer->height + 2 * layer->pad_height - 2; }
INLINE long out_width(const Layer *layer) { return layer->width + 2 * layer->pad_width - 2; }
INLINE long panels(const Layer *layer) { return parts(layer->filters, PANEL); }

/* NaN stays NaN in both: no comparison with it holds. */
INLINE vector at_least_all(vector value, vector low)
{
    mask below = value < low;
    return (vector)(((mask)value & ~below) | ((mask)low & below));
}

INLINE vector at_most_all(vector value, vector high)
{
    mask above = value > high;
    return (vector)(((mask)value & ~above) | ((mask)high & above));
}

/* One dimension of the transform of the input. */
INLINE void transform_in(long size, const vector *d, vector *to, long step)
{
    if (size == 6) {
        vector even = d[4] - 4 * d[2], odd = d[3] - 4 * d[1], even2 = d[4] - d[2], odd2 = 2 * (d[3] - d[1]);
        to[0] = 4 * d[0] - 5 * d[2] + d[4];
        to[step] = even + odd;
        to[2 * step] = even - odd;
        to[3 * step] = even2 + odd2;
        to[4 * step] = even2 - odd2;
        to[5 * step] = 4 * d[1] - 5 * d[3] + d[5];
    } else {
        to[0] = d[0] - d[2];
        to[step] = d[1] + d[2];
        to[2 * step] = d[2] - d[1];
        to[3 * step] = d[1] - d[3];
    }
}

/* One dimension of the transform of the output. */
INLINE void transform_out(long size, const vector *m, vector *to, long step)
{
    vector sum = m[1] + m[2], difference = m[1] - m[2];
    if (size == 6) {
        vector sum2 = m[3] + m[4], difference2 = m[3] - m[4];
        to[0] = m[0] + sum + sum2;
        to[step] = difference + 2 * difference2;
        to[2 * step] = sum + 4 * sum2;
        to[3 * step] = difference + 8 * difference2 + m[5];
    } else {
        to[0] = m[0] + sum;
        to[step] = difference - m[3];
    }
}

INLINE void input_tile(long size, const Layer *layer, const Arrays *arrays, long tile, float *to, long stride)
{
    long step = size - 2, across = parts(out_width(layer), step), down = parts(out_height(layer), step);
    long image = tile / (across * down), top = tile / across % down * step - layer->pad_height;
    long left = tile % across * step - layer->pad_width;
    const float *pixels[36];
    for (long i = 0; i < size; i++)
        for (long j = 0; j < size; j++) {
            long y = top + i, x = left + j;
            int inside = y >= 0 && y < layer->height && x >= 0 && x < layer->width;
            long pixel = (image * layer->height + y) * layer->width + x;
            pixels[size * i + j] = inside ? arrays->data + pixel * layer->channels : arrays->zeros;
        }
    for (long c = 0; c < layer->channels; c += VECTOR) {
        vector column[6], half[36], row[6];
        for (long j = 0; j < size; j++) {
            for (long i = 0; i < size; i++) column[i] = load(pixels[size * i + j] + c);
            transform_in(size, column, half + j, size);
        }
        for (long i = 0; i < size; i++) {
            transform_in(size, half + size * i, row, 1);
            for (long j = 0; j < size; j++) store(to + (size * i + j) * stride + c, row[j]);
        }
    }
}

/* The return value is 0 in all places where the convolution is finite. */
INLINE vector output_tile(long size, const Layer *layer, const Arrays *arrays, long tile, const float *from, long stride)
{
    long step = size - 2, height = out_height(layer), width = out_width(layer);
    long across = parts(width, step), down = parts(height, step), image = tile / (across * down);
    long top = tile / across % down * step, left = tile % across * step;
    long rows = at_most(height - top, step), columns = at_most(width - left, step);
    vector check = {0}, low = all(layer->low), high = all(layer->high);
    for (long f = 0; f < layer->filters; f += VECTOR) {
        vector column[6], half[24], row[4], bias = arrays->bias ? load(arrays->bias + f) : all(0);
        for (long j = 0; j < size; j++) {
            for (long i = 0; i < size; i++) column[i] = load(from + (size * i + j) * stride + f);
            transform_out(size, column, half + j, size);
        }
        for (long i = 0; i < rows; i++) {
            transform_out(size, half + size * i, row, 1);
            for (long j = 0; j < columns; j++) {
                long place = ((image * height + top + i) * width + left + j) * layer->filters + f;
                vector value = row[j] + bias;
                check += row[j] * 0;
                if (arrays->other) value += load(arrays->other + place);
                if (layer->activation) value = at_least_all(value, low);
                if (layer->activation == 2) value = at_most_all(value, high);
                store(arrays->out + place, value);
            }
        }
    }
    return check;
}

/* A few rows times one panel; meanwhile the memory at `next`, unless it is 0, is fetched into the cache. */
INLINE void multiply_rows(int rows, const float *a, long depth, const float *panel, float *to, long row,
                          const float *next)
{
    vector sums[ROWS][2];
    for (int i = 0; i < rows; i++) sums[i][0] = sums[i][1] = all(0);
    for (long p = 0; p < depth; p++) {
        vector first = load(panel + p * PANEL), second = load(panel + p * PANEL + VECTOR);
        if (next) {
            __builtin_prefetch(next + p * PANEL, 0, 2);
            __builtin_prefetch(next + p * PANEL + VECTOR, 0, 2);
        }
#pragma GCC unroll 8
        for (int i = 0; i < rows; i++) {
            vector factor = all(a[i * depth + p]);
            sums[i][0] += factor * first;
            sums[i][1] += factor * second;
        }
    }
    for (int i = 0; i < rows; i++) {
        store(to + i * row, sums[i][0]);
        store(to + i * row + VECTOR, sums[i][1]);
    }
}

static void multiply(long rows, const float *a, long depth, const float *panel, float *to, long row)
{
    if (rows > 2 * ROWS) { /* there is time until the next panel is needed */
        multiply_rows(ROWS, a, depth, panel, to, row, panel + depth * PANEL);
        rows -= ROWS, a += ROWS * depth, to += ROWS * row;
    }
    for (; rows >= ROWS; rows -= ROWS, a += ROWS * depth, to += ROWS * row)
        multiply_rows(ROWS, a, depth, panel, to, row, 0);
    switch (rows) {
    case 1: multiply_rows(1, a, depth, panel, to, row, 0); break;
    case 2: multiply_rows(2, a, depth, panel, to, row, 0); break;
    case 3: multiply_rows(3, a, depth, panel, to, row, 0); break;
    case 4: multiply_rows(4, a, depth, panel, to, row, 0); break;
    case 5: multiply_rows(5, a, depth, panel, to, row, 0); break;
#if ROWS > 6
    case 6: multiply_rows(6, a, depth, panel, to, row, 0); break;
    case 7: multiply_rows(7, a, depth, panel, to, row, 0); break;
#endif
    }
}

static void input_tiles(const Layer *layer, const Arrays *arrays, long first, long count, Tiles to)
{
    for (long t = 0; t < count; t++) {
        float *tile = to.tiles + t * to.row;
        if (layer->size == 6) input_tile(6, layer, arrays, first + t, tile, to.stride);
        else input_tile(4, layer, arrays, first + t, tile, to.stride);
    }
}

static int output_tiles(const Layer *layer, const Arrays *arrays, long first, long count, Tiles from)
{
    vector check = {0};
    for (long t = 0; t < count; t++) {
        const float *tile = from.tiles + t * from.row;
        if (layer->size == 6) check += output_tile(6, layer, arrays, first + t, tile, from.stride);
        else check += output_tile(4, layer, arrays, first + t, tile, from.stride);
    }
    for (int i = 0; i < VECTOR; i++)
        if (check[i] != 0) return 1;
    return 0;
}

/* The product at one position for one panel of filters. */
static void product(const Layer *layer, const Arrays *arrays, long number, long count, Tiles in, Tiles out)
{
    long position = number / panels(layer), panel = number % panels(layer);
    const float *filters = arrays->filters + number * layer->channels * PANEL;
    float *to = out.tiles + position * out.stride + panel * PANEL;
    multiply(count, in.tiles + position * in.stride, layer->channels, filters, to, out.row);
}

/* The rows are one cache line longer, so that the positions of a tile do not fall into the same lines of a cache. */
static Tiles make_tiles(float *memory, long count, long row)
{
    return (Tiles){memory, count * row + VECTOR, row};
}

static long tile_count(const Layer *layer)
{
    long step = layer->size - 2;
    return layer->images * parts(out_height(layer), step) * parts(out_width(layer), step);
}

static long memory_of(const Layer *layer, long tiles)
{
    long positions = layer->size * layer->size;
    return positions * (tiles * (layer->channels + panels(layer) * PANEL) + 2 * VECTOR);
}

static int run(const Layer *layer, const Arrays *arrays, float *memory)
{
    long positions = layer->size * layer->size, total = tile_count(layer), block = layer->block ? layer->block : total;
    long blocks = parts(total, block);
    int irregular = 0;
    if (layer->block) {
#pragma omp parallel num_threads(layer->threads) reduction(| : irregular)
        {
            Tiles in = make_tiles(memory + omp_get_thread_num() * memory_of(layer, block), block, layer->channels);
            Tiles out = make_tiles(in.tiles + positions * in.stride, block, panels(layer) * PANEL);
#pragma omp for schedule(static)
            for (long b = 0; b < blocks; b++) {
                long first = b * block, count = at_most(total - first, block);
                input_tiles(layer, arrays, first, count, in);
                for (long p = 0; p < positions * panels(layer); p++) product(layer, arrays, p, count, in, out);
                irregular |= output_tiles(layer, arrays, first, count, out);
            }
        }
    } else {
        Tiles in = make_tiles(memory, total, layer->channels);
        Tiles out = make_tiles(memory + positions * in.stride, total, panels(layer) * PANEL);
#pragma omp parallel num_threads(layer->threads) reduction(| : irregular)
        {
#pragma omp for schedule(static)
            for (long t = 0; t < total; t++)
                input_tiles(layer, arrays, t, 1, (Tiles){in.tiles + t * in.row, in.stride, in.row});
#pragma omp for schedule(static)
            for (long p = 0; p < positions * panels(layer); p++) product(layer, arrays, p, total, in, out);
#pragma omp for schedule(static)
            for (long t = 0; t < total; t++)
                irregular |= output_tiles(layer, arrays, t, 1, (Tiles){out.tiles + t * out.row, out.stride, out.row});
        }
    }
    return irregular;
}

/* The width of a vector in numbers. */
long glueball_winograd_vector(void) { return VECTOR; }

/* The numbers that a call needs room for. */
long glueball_winograd_memory(const Layer *layer)
{
    return layer->block ? layer->threads * memory_of(layer, layer->block) : memory_of(layer, tile_count(layer));
}

/* Return 1 if some number of the convolution is infinite or NaN, which may then be in too many places. */
int glueball_winograd(const Layer *layer, float *out, const float *data, const float *filters, const float *bias,
                      const float *other, const float *zeros, float *memory)
{
    Arrays arrays = {data, filters, bias, other, zeros, out};
    return run(layer, &arrays, memory);
}
