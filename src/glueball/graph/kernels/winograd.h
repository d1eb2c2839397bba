/*
 * What the kernels by Winograd's minimal filtering share: the tiles of images with 3x3 filters and stride 1, and the
 * transform of the input.
 */

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
    } else {
        to[0] = d[0] - d[2];
        to[step] = d[1] + d[2];
        to[2 * step] = d[2] - d[1];
        to[3 * step] = d[1] - d[3];
    }
}

/* Find the pixels of a tile of so many rows and columns; outside of the image it is `zeros`. */
INLINE void find_pixels(long length, const float *image, long height, long width, long channels, long top, long left,
                        const float *zeros, const float **pixels)
{
    for (long i = 0; i < length; i++)
        for (long j = 0; j < length; j++) {
            long y = top + i, x = left + j;
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

INLINE Tile tile_at(long size, const Layer *layer, long number)
{
    long step = size - 2, across = parts(layer->out[1], step), down = parts(layer->out[0], step);
    return (Tile){number / (across * down), number / across % down * step, number % across * step};
}

INLINE void input_tile(long size, const Layer *layer, const float *data, const float *zeros, long number, float *to,
                       long stride)
{
    Tile tile = tile_at(size, layer, number);
    const float *pixels[36], *image = data + tile.image * layer->height * layer->width * layer->channels;
    find_pixels(size, image, layer->height, layer->width, layer->channels, tile.top - layer->pad[0],
                tile.left - layer->pad[1], zeros, pixels);
    transform_pixels(size, size, transform_in, pixels, layer->channels, to, stride);
}

static void input_tiles(const Layer *layer, const float *data, const float *zeros, long first, long count, Tiles to)
{
    for (long t = 0; t < count; t++) {
        float *tile = to.tiles + t * to.row;
        if (layer->size == 6) input_tile(6, layer, data, zeros, first + t, tile, to.stride);
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
    long step = layer->size - 2;
    return layer->images * parts(layer->out[0], step) * parts(layer->out[1], step);
}
