/* What the kernels here have in common. Images have their channels last, where a file says nothing else. All arrays are
 * float32. */

#include "vector.h"

/* Declared here, since some compilers come without omp.h. */
int omp_get_thread_num(void);

/* What stays the same from call to call; `compiled.py` fills it in. Of two numbers the first is for the height. */
typedef struct {
    long images, height, width, channels, filters;
    long kernel[2], stride[2], pad[2], dilate[2], out[2];
    long activation; /* 0: none, 1: at least `low`, 2: also at most `high` */
    float low, high;
    long size;  /* what a kind of kernel needs to know: of a tile, or of a group */
    long block; /* the tiles or pixels that a thread works on at a time */
    long threads;
} Layer;

/* `bias` and `other`, which is added to the convolution, may be 0; `zeros` has as many numbers as a row of a
 * filter. */
typedef struct {
    const float *data, *filters, *bias, *other, *zeros;
    float *out;
} Arrays;

INLINE long pixels(const Layer *layer) { return layer->images * layer->out[0] * layer->out[1]; }
INLINE vector bias_of(const Arrays *arrays, long filter) { return arrays->bias ? load(arrays->bias + filter) : all(0); }

/* Apply the activation of the layer. */
INLINE vector limited(long activation, const Layer *layer, vector value)
{
    if (activation) value = at_least_all(value, all(layer->low));
    if (activation == 2) value = at_most_all(value, all(layer->high));
    return value;
}

/* Write what becomes of the sums of products and the bias; `activation` is that of the layer. */
INLINE void finish(long activation, const Layer *layer, const Arrays *arrays, vector value, long place)
{
    if (arrays->other) value += load(arrays->other + place);
    store(arrays->out + place, limited(activation, layer, value));
}

/* The same for the lanes from `first` to before `last`; `place` is that of lane 0. */
INLINE void finish_lanes(const Layer *layer, const Arrays *arrays, vector value, long place, long first, long last)
{
    if (arrays->other) value += load_lanes(arrays->other + place, first, last);
    store_lanes(arrays->out + place, limited(layer->activation, layer, value), first, last);
}

/*
 * What a kernel says of itself: the width of a vector in numbers, the pixels or tiles that it computes together at most,
 * and the numbers that a call needs room for, an expression with `layer`.
 */
#define FACTS(name, rows, memory)                                                                                      \
    long glueball_##name##_vector(void) { return VECTOR; }                                                             \
    long glueball_##name##_rows(void) { return rows; }                                                                 \
    long glueball_##name##_memory(const Layer *layer) { return (void)layer, memory; }
