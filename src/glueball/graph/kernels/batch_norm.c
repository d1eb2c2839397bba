/* Batch normalization of images in float32. */

#include "layer.h"

typedef float number;

INLINE vector read(const number *from) { return load(from); }
INLINE float read_one(const number *from) { return *from; }
INLINE void write(number *to, vector value) { store(to, value); }

#include "batch_norm.h"
