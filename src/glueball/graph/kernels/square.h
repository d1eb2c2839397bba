/* Transposition of square blocks. */

/* Exchange rows and columns in steps of 1, 2, 4, ...: parts of that length beside the diagonal change their places. */
INLINE void transpose_square(vector *rows)
{
#pragma GCC unroll 5
    for (int step = 1; step < VECTOR; step *= 2) {
        mask lane = lanes(), is_right = (lane & step) != 0;
        mask upper = (~is_right & lane) | (is_right & (lane - step + VECTOR));
        mask lower = (~is_right & (lane + step)) | (is_right & (lane + VECTOR));
#pragma GCC unroll 16
        for (int i = 0; i < VECTOR; i++) {
            if (i & step) continue;
            vector above = rows[i], below = rows[i + step];
            rows[i] = shuffled(above, below, upper);
            rows[i + step] = shuffled(above, below, lower);
        }
    }
}

/* Read VECTOR rows that are `step` numbers apart, as columns. */
INLINE void load_square(const float *from, long step, vector *rows)
{
#pragma GCC unroll 16
    for (int i = 0; i < VECTOR; i++) rows[i] = load(from + i * step);
    transpose_square(rows);
}
