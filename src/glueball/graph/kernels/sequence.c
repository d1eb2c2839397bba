/* Several kernels one after another, without a way back to Python between them. */

#include "layer.h"

typedef int Kernel(const Layer *, float *out, const float *data, const float *filters, const float *bias,
                   const float *other, const float *zeros, float *memory);

typedef struct {
    Kernel *run;
    const Layer *layer;
    float *out;
    const float *data, *filters, *bias, *other, *zeros;
    float *memory;
} Call;

/* Return what is not 0 if one of the kernels does. */
int glueball_sequence(const Call *calls, long count)
{
    int irregular = 0;
    for (const Call *c = calls; c < calls + count; c++)
        irregular |= c->run(c->layer, c->out, c->data, c->filters, c->bias, c->other, c->zeros, c->memory);
    return irregular;
}
