/*
 * Copies of images with the channels first, with zeros around them. With strides of n and m a plane is copied in n * m
 * phases: each has every n-th row from another one on, and every m-th number of these. So what a tap of the filters
 * meets from pixel to pixel lies together.
 */

/* The lengths in such a copy: rows of a phase, numbers of a row, of a phase, and of all phases of a plane. */
typedef struct {
    long rows, pitch, phase, plane;
} Copy;

INLINE Copy copy_of(const Layer *layer)
{
    long rows = parts(layer->height + 2 * layer->pad[0], layer->stride[0]);
    long pitch = parts(layer->width + 2 * layer->pad[1], layer->stride[1]);
    return (Copy){rows, pitch, rows * pitch, rows * pitch * layer->stride[0] * layer->stride[1]};
}

/* What a row of a phase consists of: zeros, each n-th number of a row of the image from `x` on, and zeros. */
typedef struct {
    long before, x, count;
} Part;

INLINE Part part_of(const Layer *layer, const Copy *copy, long phase)
{
    long stride = layer->stride[1], pad = layer->pad[1];
    long before = at_most(pad > phase ? parts(pad - phase, stride) : 0, copy->pitch), x = before * stride + phase - pad;
    return (Part){before, x, x < layer->width ? at_most(copy->pitch - before, parts(layer->width - x, stride)) : 0};
}

/* Each second number, `count` in all. */
INLINE vector each_second(const float *from, long count)
{
    long length = 2 * count - 1;
    vector first = load_lanes(from, 0, at_most(length, VECTOR));
    return shuffled(first, length > VECTOR ? load_lanes(from + VECTOR, 0, length - VECTOR) : first, lanes() * 2);
}

INLINE void clear(float *to, long count)
{
    for (long i = 0; i < count; i++) to[i] = 0;
}

INLINE void copy_row(long stride, const float *row, Part part, long pitch, float *to)
{
    clear(to, part.before);
    to += part.before, row += part.x;
    if (stride > 2)
        for (long i = 0; i < part.count; i++) to[i] = row[i * stride];
    else
        for (long i = 0; i < part.count; i += VECTOR) {
            long left = at_most(part.count - i, VECTOR);
            store_lanes(to + i, stride == 1 ? load_lanes(row + i, 0, left) : each_second(row + 2 * i, left), 0, left);
        }
    clear(to + part.count, pitch - part.before - part.count);
}

/* Copy one plane of an image, but only every n-th row from `down` on, where n is the stride. */
INLINE void copy_rows(const Layer *layer, const Copy *copy, const float *plane, long down, float *to)
{
    for (long across = 0; across < layer->stride[1]; across++) {
        Part part = part_of(layer, copy, across);
        float *place = to + (down * layer->stride[1] + across) * copy->phase;
        for (long i = 0, y = down - layer->pad[0]; i < copy->rows; i++, y += layer->stride[0], place += copy->pitch)
            if (y < 0 || y >= layer->height) clear(place, copy->pitch);
            else copy_row(layer->stride[1], plane + y * layer->width, part, copy->pitch, place);
    }
}

/* Find what each tap of each channel meets for the first pixel of the result. */
INLINE void find_taps(const Layer *layer, const Copy *copy, long channels, long *places)
{
    long taps = 0;
    for (long i = 0; i < layer->kernel[0]; i++)
        for (long j = 0; j < layer->kernel[1]; j++) {
            long y = i * layer->dilate[0], x = j * layer->dilate[1];
            long phase = y % layer->stride[0] * layer->stride[1] + x % layer->stride[1];
            places[taps++] = phase * copy->phase + y / layer->stride[0] * copy->pitch + x / layer->stride[1];
        }
    for (long n = taps; n < channels * taps; n++) places[n] = places[n - taps] + copy->plane;
}
