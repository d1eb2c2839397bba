/* The part of an image that a pixel of the result of a convolution is made of. */

/* What a pixel of the result is made of: the filters meet an image from (y, x) on. */
typedef struct {
    const float *image;
    long y, x, row, column; /* the last two are those of the result */
} Window;

INLINE Window window(const Layer *layer, const float *data, long pixel)
{
    long column = pixel % layer->out[1], row = pixel / layer->out[1] % layer->out[0];
    long image = pixel / layer->out[1] / layer->out[0];
    return (Window){data + image * layer->height * layer->width * layer->channels,
                    row * layer->stride[0] - layer->pad[0], column * layer->stride[1] - layer->pad[1], row, column};
}

/* Go on to the next pixel of the result; without a division, which would take longer than a short product. */
INLINE void advance(const Layer *layer, Window *w)
{
    w->x += layer->stride[1];
    if (++w->column < layer->out[1]) return;
    w->column = 0, w->x = -layer->pad[1], w->y += layer->stride[0];
    if (++w->row < layer->out[0]) return;
    w->row = 0, w->y = -layer->pad[0], w->image += layer->height * layer->width * layer->channels;
}

/* Whether an index from 0 on is below a limit. */
INLINE int is_inside(long index, long limit) { return (unsigned long)index < (unsigned long)limit; }
