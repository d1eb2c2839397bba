/*
 * Images with few channels, and the channels first: a copy in which all phases of a pixel lie together, so that they fill
 * a vector. Filters with stride 2 meet it as filters with stride 1 and half the length.
 */

INLINE int is_narrow(const Layer *layer) { return has_phases(layer) && layer->channels % VECTOR; }

/* The copy of an image: with all that the tiles of the result reach, in whole vectors. */
INLINE Layer copied(const Layer *layer)
{
    Layer copy = *layer;
    copy.images = copy.stride[0] = copy.stride[1] = 1;
    copy.kernel[0] = copy.kernel[1] = taps_of(layer);
    copy.pad[0] = copy.pad[1] = 0;
    copy.height = parts(layer->out[0], step_of(layer)) * step_of(layer) + taps_of(layer) - 1;
    copy.width = parts(layer->out[1], step_of(layer)) * step_of(layer) + taps_of(layer) - 1;
    copy.channels = parts(depth_of(layer), VECTOR) * VECTOR;
    return copy;
}

INLINE long numbers_of(const Layer *copy) { return copy->height * copy->width * copy->channels; }

/* Copy each second number of a row of the image, from `x` on; what is outside of it stays 0. */
INLINE void copy_numbers(const float *row, long width, long x, long count, float *to, long apart)
{
    long first = x < 0 ? (1 - x) / 2 : 0, last = at_most(count, (width - x + 1) / 2);
    for (long i = first; i < last; i++) to[i * apart] = row[x + 2 * i];
}

static void copy_image(const Layer *layer, const Layer *copy, const float *image, float *to)
{
    long channels = layer->channels, length = copy->width * copy->channels;
#pragma omp parallel for num_threads(layer->threads) schedule(static)
    for (long row = 0; row < copy->height; row++) {
        float *place = to + row * length;
        for (long i = 0; i < length; i += VECTOR) store(place + i, all(0));
        for (long phase = 0; phase < 4; phase++) {
            long y = 2 * row + PHASES[phase].row - layer->pad[0], x = PHASES[phase].column - layer->pad[1];
            if (y < 0 || y >= layer->height) continue;
            for (long c = 0; c < channels; c++)
                copy_numbers(image + (c * layer->height + y) * layer->width, layer->width, x, copy->width,
                             place + phase * channels + c, copy->channels);
        }
    }
}
