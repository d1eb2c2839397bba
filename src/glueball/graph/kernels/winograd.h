/*
 * What the kernels by Winograd's minimal filtering share: the tiles of images, and the transform of the input.
 *
 * A tile has `size` rows and columns. With stride 1 the filters are 3x3. Filters with stride 2 are four filters with
 * stride 1, of half the length, one for each phase of the image: its rows from the first or the second one on, and its
 * columns likewise. The phases are parts of the depth.
 */

INLINE int has_phases(const Layer *layer) { return layer->stride[0] == 2; }
INLINE long phases_of(const Layer *layer) { return has_phases(layer) ? 4 : 1; }
INLINE long depth_of(const Layer *layer) { return phases_of(layer) * layer->channels; }

/* The taps of a filter in each direction, those of its first phase; and the results in a tile. */
INLINE long taps_of(const Layer *layer) { return parts(layer->kernel[0], layer->stride[0]); }
INLINE long step_of(const Layer *layer) { return layer->size - taps_of(layer) + 1; }

INLINE long panels(const Layer *layer) { return parts(layer->filters, PANEL); }

/* The first row and column of each phase, so ordered that those which a position needs lie together; see `depth_at`. */
static const struct {
    long row, column;
} PHASES[4] = {{0, 1}, {0, 0}, {1, 0}, {1, 1}};

/* Where tiles are between the steps: position e of tile t has its row at tiles + e * stride + t * row. */
typedef struct {
    float *tiles;
    long stride, row;
} Tiles;

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
    } else if (size == 5) {
        vector outer = d[3] - d[1], inner = d[3] - d[2];
        to[0] = 2 * (d[0] - d[2]) + outer;
        to[step] = inner - 2 * d[1];
        to[2 * step] = inner + 2 * (d[1] - d[2]);
        to[3 * step] = outer;
        to[4 * step] = d[4] - d[2] - 2 * outer;
    } else {
        to[0] = d[0] - d[2];
        to[step] = d[1] + d[2];
        to[2 * step] = d[2] - d[1];
        to[3 * step] = d[1] - d[3];
    }
}

/* Find the pixels of a tile of so many rows and columns, `apart` from each other; outside of the image it is `zeros`. */
INLINE void find_pixels(long length, const float *image, long height, long width, long channels, long top, long left,
                        long apart, const float *zeros, const float **pixels)
{
    for (long i = 0; i < length; i++)
        for (long j = 0; j < length; j++) {
            long y = top + apart * i, x = left + apart * j;
            int inside = y >= 0 && y < height && x >= 0 && x < width;
            pixels[length * i + j] = inside ? image + (y * width + x) * channels : zeros;
        }
}

/* One dimension of a transform of numbers that become `size`. */
typedef void (*Transform)(long size, const vector *from, vector *to, long step);

/* Transform a tile of so many rows and columns in both dimensions. */
INLINE void transform_pixels(long size, long length, Transform transform, const float *const *pixels, long channels,
                             float *to, long stride)
{
    for (long c = 0; c < channels; c += VECTOR) {
        vector column[6], half[36], row[6];
        for (long j = 0; j < length; j++) {
            for (long i = 0; i < length; i++) column[i] = load(pixels[length * i + j] + c);
            transform(size, column, half + j, length);
        }
        for (long i = 0; i < size; i++) {
            transform(size, half + length * i, row, 1);
            for (long j = 0; j < size; j++) store(to + (size * i + j) * stride + c, row[j]);
        }
    }
}

/* A tile of the result: of which image it is, and where it begins. */
typedef struct {
    long image, top, left;
} Tile;

INLINE Tile tile_at(const Layer *layer, long number)
{
    long length = step_of(layer), across = parts(layer->out[1], length), down = parts(layer->out[0], length);
    return (Tile){number / (across * down), number / across % down * length, number % across * length};
}

INLINE void input_tile(long size, const Layer *layer, const float *data, const float *zeros, long number, float *to,
                       long stride)
{
    Tile tile = tile_at(layer, number);
    const float *pixels[36], *image = data + tile.image * layer->height * layer->width * layer->channels;
    long apart = layer->stride[0], top = tile.top * apart - layer->pad[0], left = tile.left * apart - layer->pad[1];
    for (long phase = 0; phase < phases_of(layer); phase++, to += layer->channels) {
        long y = has_phases(layer) ? top + PHASES[phase].row : top, x = has_phases(layer) ? left + PHASES[phase].column : left;
        find_pixels(size, image, layer->height, layer->width, layer->channels, y, x, apart, zeros, pixels);
        transform_pixels(size, size, transform_in, pixels, layer->channels, to, stride);
    }
}

static void input_tiles(const Layer *layer, const float *data, const float *zeros, long first, long count, Tiles to)
{
    for (long t = 0; t < count; t++) {
        float *tile = to.tiles + t * to.row;
        if (layer->size == 6) input_tile(6, layer, data, zeros, first + t, tile, to.stride);
        else if (layer->size == 5) input_tile(5, layer, data, zeros, first + t, tile, to.stride);
        else input_tile(4, layer, data, zeros, first + t, tile, to.stride);
    }
}

/* The rows are one cache line longer, so that the positions of a tile do not fall into the same lines of a cache. */
static Tiles make_tiles(float *memory, long count, long row)
{
    return (Tiles){memory, count * row + VECTOR, row};
}

static long tile_count(const Layer *layer)
{
    return layer->images * parts(layer->out[0], step_of(layer)) * parts(layer->out[1], step_of(layer));
}
