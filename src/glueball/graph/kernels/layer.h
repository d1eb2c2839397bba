/* What the kernels here have in common. Images have their channels last, where a file says nothing else. All arrays are
 * float32. */

#include "vector.h"

/* Declared here, since some compilers come without omp.h. */
int omp_get_thread_num(void);

/* From `first` to before `last`. */
typedef struct {
    long first, last;
} Range;

/* Return which of so many things are in one of several parts that are about equal. */
INLINE Range share(long length, long number, long count) { return (Range){length * number / count, length * (number + 1) / count}; }

/* What stays the same from call to call; `compiled.py` fills it in. Of two numbers the first is for the height. */
typedef struct {
    long images, height, width, channels, filters;
    long kernel[2], stride[2], pad[2], dilate[2], out[2];
    float low, high; /* what every number of the result is limited to; they may be infinite */
    long size;  /* what a kind of kernel needs to know: of a tile, or of a group */
    long block; /* the tiles or pixels that a thread works on at a time */
    long threads;
    long planar; /* whether the result has its channels first */
} Layer;

/* `bias` and `other`, which is added to the convolution, may be 0; `zeros` has as many numbers as a row of a
 * filter. */
typedef struct {
    const float *data, *filters, *bias, *other, *zeros;
    float *out;
} Arrays;

INLINE long pixels(const Layer *layer) { return layer->images * layer->out[0] * layer->out[1]; }
INLINE vector bias_of(const Arrays *arrays, long filter) { return arrays->bias ? load(arrays->bias + filter) : all(0); }

/* Return where the arrays of an image begin. */
INLINE Arrays image_of(const Layer *layer, long image, Arrays arrays)
{
    long result = image * layer->out[0] * layer->out[1] * layer->filters;
    arrays.data += image * layer->height * layer->width * layer->channels, arrays.out += result;
    if (arrays.other) arrays.other += result;
    return arrays;
}

/* What is done at the end, apart from what is written meanwhile, so that the compiler need not read it again. */
typedef struct {
    vector low, high;
    const float *other;
    float *out;
} End;

INLINE End end_of(const Layer *layer, const Arrays *arrays)
{
    return (End){all(layer->low), all(layer->high), arrays->other, arrays->out};
}

INLINE vector limited(End end, vector value) { return at_most_all(at_least_all(value, end.low), end.high); }

/* Write what becomes of the sums of products and the bias. */
INLINE void finish(End end, vector value, long place)
{
    if (end.other) value += load(end.other + place);
    store(end.out + place, limited(end, value));
}

/* The same for the lanes from `first` to before `last`; `place` is that of lane 0. */
INLINE void finish_lanes(End end, vector value, long place, long first, long last)
{
    if (end.other) value += load_lanes(end.other + place, first, last);
    store_lanes(end.out + place, limited(end, value), first, last);
}

/*
 * What a kernel says of itself: the width of a vector in numbers, the pixels or tiles that it computes together at most,
 * and the numbers that a call needs room for, an expression with `layer`.
 */
#define FACTS(name, rows, memory)                                                                                      \
    long glueball_##name##_vector(void) { return VECTOR; }                                                             \
    long glueball_##name##_rows(void) { return rows; }                                                                 \
    long glueball_##name##_memory(const Layer *layer) { return (void)layer, memory; }
