// Causal attention of bf16 heads of 64 and 128 by the tensor cores: FlashAttention-2 (Dao, 2023) as
// in Attention.cu, with products of 16 x 16 by 16 x 8 that a warp does in one instruction. Works on
// the packed x (B, T, (H + 2 KV) D); query head h reads key/value head h / (H / KV).
//
// A block of four warps holds a tile of 64 queries (or keys) in shared memory, 16 for each warp. It
// walks over tiles of 64 of the other side; while one is worked on, the next is copied. Scores live
// in registers. Sums and statistics are in float; weights are rounded to bf16 for a product.
// How a warp holds matrices is said in the prelude.

static constexpr int TILE = 64;      // rows
static constexpr int THREADS = 128;  // 16 rows of a tile for each warp
static constexpr int PAD = 8;        // bf16 behind each row of a tile, so that rows differ in bank
static constexpr float LOG2_E = 1.4426950408889634f;

__device__ inline bf16* shared_memory() {
  extern __shared__ __align__(16) bf16 memory[];
  return memory;
}

// ---- tiles --------------------------------------------------------------------------------------

template <int D>
struct Tile {
  static constexpr int stride = D + PAD;
  static constexpr int size = TILE * stride;
};

// The rows of one head in memory: row t at start + t * stride.
struct Rows {
  const bf16* start;
  i64 stride;
  int count;
};

// Begins to copy rows from .. from + TILE - 1; beyond the last row there are zeros.
template <int D>
__device__ inline void begin_tile(bf16* tile, Rows x, int from) {
  constexpr int PACKS = D / 8;
#pragma unroll
  for (int i = 0; i < TILE * PACKS / THREADS; i++) {
    int index = i * THREADS + threadIdx.x;
    int row = index / PACKS, column = index % PACKS * 8;
    bool inside = from + row < x.count;
    const bf16* source = x.start + (inside ? from + row : 0) * x.stride + column;
    begin_copy(tile + row * Tile<D>::stride + column, source, inside);
  }
}

// s = the 16 rows of tile a from `row` on, times the 8 N rows of tile b from `other` on.
template <int D, int N>
__device__ inline void multiply_rows(
    float (&s)[N][4], const bf16* a, int row, const bf16* b, int other) {
  int lane = threadIdx.x % 32;
  const bf16* left = a + (row + lane % 16) * Tile<D>::stride + lane / 16 * 8;
  const bf16* right = b + (other + lane % 8 + lane / 16 * 8) * Tile<D>::stride + lane / 8 % 2 * 8;
#pragma unroll
  for (int j = 0; j < N; j++) s[j][0] = s[j][1] = s[j][2] = s[j][3] = 0.0f;
#pragma unroll
  for (int k = 0; k < D; k += 16) {
    unsigned l[4], r[4];
    load_matrices(l, left + k);
#pragma unroll
    for (int j = 0; j < N; j += 2) {
      load_matrices(r, right + j * 8 * Tile<D>::stride + k);
      multiply_16x16x8(s[j], l, r[0], r[1]);
      multiply_16x16x8(s[j + 1], l, r[2], r[3]);
    }
  }
}

// acc (16 x D) += w (16 x 8 N) times the 8 N rows of tile b from `row` on.
template <int D, int N>
__device__ inline void accumulate(
    float (&acc)[D / 8][4], const float (&w)[N][4], const bf16* b, int row) {
  int lane = threadIdx.x % 32;
  const bf16* right = b + (row + lane % 16) * Tile<D>::stride + lane / 16 * 8;
#pragma unroll
  for (int k = 0; k < N; k += 2) {
    // Sums of 16 x 8 lie as the halves of a 16 x 16 left side do.
    unsigned l[4] = {pair(w[k][0], w[k][1]), pair(w[k][2], w[k][3]),
                     pair(w[k + 1][0], w[k + 1][1]), pair(w[k + 1][2], w[k + 1][3])};
#pragma unroll
    for (int j = 0; j < D / 8; j += 2) {
      unsigned r[4];
      load_transposed(r, right + k * 8 * Tile<D>::stride + j * 8);
      multiply_16x16x8(acc[j], l, r[0], r[1]);
      multiply_16x16x8(acc[j + 1], l, r[2], r[3]);
    }
  }
}

template <int N>
__device__ inline void clear(float (&acc)[N][4]) {
#pragma unroll
  for (int j = 0; j < N; j++) acc[j][0] = acc[j][1] = acc[j][2] = acc[j][3] = 0.0f;
}

// Writes, or adds, factors times acc: rows `row` and `row` + 8 of x, of which there are `count`.
template <int N>
__device__ inline void store_rows(
    bf16* x, i64 stride, int row, int count, const float (&acc)[N][4], float upper, float lower,
    bool add) {
#pragma unroll
  for (int half = 0; half < 2; half++) {
    if (row + 8 * half >= count) continue;
    float factor = half ? lower : upper;
#pragma unroll
    for (int j = 0; j < N; j++) {
      bf16* p = x + (row + 8 * half) * stride + j * 8 + threadIdx.x % 4 * 2;
      float first = factor * acc[j][2 * half], second = factor * acc[j][2 * half + 1];
      if (add) {
        first += to_float(p[0]);
        second += to_float(p[1]);
      }
      *reinterpret_cast<unsigned*>(p) = pair(first, second);
    }
  }
}

// ---- kernels ------------------------------------------------------------------------------------

// What all kernels know of the packed x and of y.
struct Sizes {
  int length, heads, kv_heads, d;

  __device__ i64 width() const { return (i64)(heads + 2 * kv_heads) * d; }
  // Where head i of row (b, 0) begins: queries, then keys, then values.
  __device__ i64 packed(i64 b, int i) const { return b * length * width() + (i64)i * d; }
  __device__ i64 output(i64 b, int h) const { return (b * length * heads + h) * d; }
  __device__ Rows rows(const bf16* x, i64 b, int i) const {
    return {x + packed(b, i), width(), length};
  }
  __device__ Rows output_rows(const bf16* y, i64 b, int h) const {
    return {y + output(b, h), (i64)heads * d, length};
  }
};

// y (B, T, H D) and lse (B, H, T). Block (i, b H + h) has a tile of queries; the last comes first.
template <int D>
__device__ inline void forward(bf16* y, float* lse, const bf16* x, Sizes n, float scale) {
  bf16* queries = shared_memory();
  bf16* stages = queries + Tile<D>::size;  // two pairs of keys and values
  int warp_row = threadIdx.x / 32 * 16, g = threadIdx.x % 32 / 4, i = threadIdx.x % 4;
  i64 b = blockIdx.y / n.heads;
  int h = blockIdx.y % n.heads, kv = h / (n.heads / n.kv_heads);
  Rows k = n.rows(x, b, n.heads + kv), v = n.rows(x, b, n.heads + n.kv_heads + kv);
  int tiles = gridDim.x - blockIdx.x, from = (tiles - 1) * TILE;
  float o[D / 8][4], largest[2] = {-infinity(), -infinity()}, total[2] = {0.0f, 0.0f};
  clear(o);
  begin_tile<D>(queries, n.rows(x, b, h), from);
  begin_tile<D>(stages, k, 0);
  begin_tile<D>(stages + Tile<D>::size, v, 0);
  end_group();
  float log2_scale = scale * LOG2_E;
  for (int t = 0; t < tiles; t++) {
    bf16* keys = stages + t % 2 * 2 * Tile<D>::size;
    bf16* next = stages + (t + 1) % 2 * 2 * Tile<D>::size;
    if (t + 1 < tiles) {
      begin_tile<D>(next, k, (t + 1) * TILE);
      begin_tile<D>(next + Tile<D>::size, v, (t + 1) * TILE);
    }
    end_group();
    await_copies();
    __syncthreads();
    float s[TILE / 8][4];
    multiply_rows<D>(s, queries, warp_row, keys, 0);
    if (t == tiles - 1) {  // the diagonal: queries and keys of the same positions
#pragma unroll
      for (int j = 0; j < TILE / 8; j++) {
#pragma unroll
        for (int e = 0; e < 4; e++) {
          if (j * 8 + 2 * i + e % 2 > warp_row + g + e / 2 * 8) s[j][e] = -infinity();
        }
      }
    }
#pragma unroll
    for (int half = 0; half < 2; half++) {
      // Every query sees key 0, which is in the first tile: a number from the start.
      float highest = largest[half];
#pragma unroll
      for (int j = 0; j < TILE / 8; j++) {
        highest = fmaxf(highest, fmaxf(s[j][2 * half], s[j][2 * half + 1]));
      }
      highest = fmaxf(highest, __shfl_xor_sync(0xffffffffu, highest, 1));
      highest = fmaxf(highest, __shfl_xor_sync(0xffffffffu, highest, 2));
      float correction = exp2f((largest[half] - highest) * log2_scale);
      largest[half] = highest;
      total[half] *= correction;
#pragma unroll
      for (int j = 0; j < TILE / 8; j++) {
#pragma unroll
        for (int e = 2 * half; e < 2 * half + 2; e++) {
          s[j][e] = exp2f(fmaf(s[j][e], log2_scale, -highest * log2_scale));
          total[half] += s[j][e];
        }
      }
#pragma unroll
      for (int j = 0; j < D / 8; j++) {
        o[j][2 * half] *= correction;
        o[j][2 * half + 1] *= correction;
      }
    }
    accumulate<D>(o, s, keys + Tile<D>::size, 0);
    __syncthreads();  // the tile is used up
  }
  int row = from + warp_row + g;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    total[half] += __shfl_xor_sync(0xffffffffu, total[half], 1);
    total[half] += __shfl_xor_sync(0xffffffffu, total[half], 2);
    if (i == 0 && row + 8 * half < n.length) {
      lse[(i64)blockIdx.y * n.length + row + 8 * half] =
          fmaf(largest[half], scale, logf(total[half]));
    }
  }
  store_rows(y + n.output(b, h), (i64)n.heads * D, row, n.length, o, 1.0f / total[0],
             1.0f / total[1], false);
}

// Scores s and dP of 16 rows by 8 N columns become P and dS / scale. For each a function says
// whether it is seen, and what its lse and delta are.
template <int N, class Statistics>
__device__ inline void differentiate(
    float (&s)[N][4], float (&dp)[N][4], float log2_scale, Statistics of) {
#pragma unroll
  for (int j = 0; j < N; j++) {
#pragma unroll
    for (int e = 0; e < 4; e++) {
      int row = threadIdx.x / 32 * 16 + threadIdx.x % 32 / 4 + e / 2 * 8;
      int column = j * 8 + threadIdx.x % 4 * 2 + e % 2;
      bool seen;
      float lse, delta;
      of(row, column, e, seen, lse, delta);
      s[j][e] = seen ? exp2f(fmaf(s[j][e], log2_scale, -lse * LOG2_E)) : 0.0f;
      dp[j][e] = s[j][e] * (dp[j][e] - delta);
    }
  }
}

// dK and dV of one tile of keys: block (i, b KV + kv). The query heads of the group come in order.
// A warp has CHUNK columns of scores at once.
template <int D, int CHUNK>
__device__ inline void backward_keys(
    bf16* dx, const bf16* x, const bf16* dy, const float* lse, const float* delta, Sizes n,
    float scale, bool add) {
  bf16* keys = shared_memory();
  bf16* values = keys + Tile<D>::size;
  bf16* stages = values + Tile<D>::size;  // two pairs of queries and gradients of the output
  int warp_row = threadIdx.x / 32 * 16;
  i64 b = blockIdx.y / n.kv_heads;
  int kv = blockIdx.y % n.kv_heads, group = n.heads / n.kv_heads;
  int from = (int)blockIdx.x * TILE;
  int tiles = gridDim.x - blockIdx.x, steps = tiles * group;  // of queries that see a key
  float dk[D / 8][4], dv[D / 8][4];
  clear(dk);
  clear(dv);
  auto begin = [&](int step) {
    bf16* stage = stages + step % 2 * 2 * Tile<D>::size;
    int h = kv * group + step / tiles, query = from + step % tiles * TILE;
    begin_tile<D>(stage, n.rows(x, b, h), query);
    begin_tile<D>(stage + Tile<D>::size, n.output_rows(dy, b, h), query);
  };
  begin_tile<D>(keys, n.rows(x, b, n.heads + kv), from);
  begin_tile<D>(values, n.rows(x, b, n.heads + n.kv_heads + kv), from);
  begin(0);
  end_group();
  for (int step = 0; step < steps; step++) {
    if (step + 1 < steps) begin(step + 1);
    end_group();
    await_copies();
    __syncthreads();
    const bf16* queries = stages + step % 2 * 2 * Tile<D>::size;
    const bf16* gradients = queries + Tile<D>::size;
    i64 head = (b * n.heads + kv * group + step / tiles) * n.length;
#pragma unroll 1  // more would be more registers than there are
    for (int c = 0; c < TILE; c += CHUNK) {
      float s[CHUNK / 8][4], dp[CHUNK / 8][4];  // rows are keys, columns are queries
      multiply_rows<D>(s, keys, warp_row, queries, c);
      multiply_rows<D>(dp, values, warp_row, gradients, c);
      int query = from + step % tiles * TILE + c;
      differentiate(s, dp, scale * LOG2_E,
                    [&](int row, int column, int, bool& seen, float& l, float& d) {
                      int q = query + column;
                      seen = q >= from + row && q < n.length;
                      l = seen ? lse[head + q] : 0.0f;
                      d = seen ? delta[head + q] : 0.0f;
                    });
      accumulate<D>(dv, s, gradients, c);
      accumulate<D>(dk, dp, queries, c);
    }
    __syncthreads();
  }
  int row = from + warp_row + threadIdx.x % 32 / 4;
  store_rows(dx + n.packed(b, n.heads + kv), n.width(), row, n.length, dk, scale, scale, add);
  store_rows(dx + n.packed(b, n.heads + n.kv_heads + kv), n.width(), row, n.length, dv, 1.0f, 1.0f,
             add);
}

// dQ of one tile of queries: block (i, b H + h), the last tile first.
template <int D, int CHUNK>
__device__ inline void backward_queries(
    bf16* dx, const bf16* x, const bf16* dy, const float* lse, const float* delta, Sizes n,
    float scale, bool add) {
  bf16* queries = shared_memory();
  bf16* gradients = queries + Tile<D>::size;
  bf16* stages = gradients + Tile<D>::size;  // two pairs of keys and values
  int warp_row = threadIdx.x / 32 * 16, g = threadIdx.x % 32 / 4;
  i64 b = blockIdx.y / n.heads;
  int h = blockIdx.y % n.heads, kv = h / (n.heads / n.kv_heads);
  int tiles = gridDim.x - blockIdx.x, from = (tiles - 1) * TILE;
  Rows k = n.rows(x, b, n.heads + kv), v = n.rows(x, b, n.heads + n.kv_heads + kv);
  float dq[D / 8][4], row_lse[2], row_delta[2];
  clear(dq);
  for (int half = 0; half < 2; half++) {
    int row = from + warp_row + g + 8 * half;
    i64 at = (i64)blockIdx.y * n.length + (row < n.length ? row : 0);
    row_lse[half] = lse[at];
    row_delta[half] = delta[at];
  }
  begin_tile<D>(queries, n.rows(x, b, h), from);
  begin_tile<D>(gradients, n.output_rows(dy, b, h), from);
  begin_tile<D>(stages, k, 0);
  begin_tile<D>(stages + Tile<D>::size, v, 0);
  end_group();
  for (int t = 0; t < tiles; t++) {
    const bf16* keys = stages + t % 2 * 2 * Tile<D>::size;
    bf16* next = stages + (t + 1) % 2 * 2 * Tile<D>::size;
    if (t + 1 < tiles) {
      begin_tile<D>(next, k, (t + 1) * TILE);
      begin_tile<D>(next + Tile<D>::size, v, (t + 1) * TILE);
    }
    end_group();
    await_copies();
    __syncthreads();
#pragma unroll 1  // more would be more registers than there are
    for (int c = 0; c < TILE; c += CHUNK) {
      float s[CHUNK / 8][4], dp[CHUNK / 8][4];
      multiply_rows<D>(s, queries, warp_row, keys, c);
      multiply_rows<D>(dp, gradients, warp_row, keys + Tile<D>::size, c);
      differentiate(s, dp, scale * LOG2_E,
                    [&](int row, int column, int e, bool& seen, float& l, float& d) {
                      seen = t * TILE + c + column <= from + row;
                      l = row_lse[e / 2];
                      d = row_delta[e / 2];
                    });
      accumulate<D>(dq, dp, keys, c);
    }
    __syncthreads();
  }
  store_rows(dx + n.packed(b, h), n.width(), from + warp_row + g, n.length, dq, scale, scale, add);
}

#define PARAMETERS                                                                                 \
  bf16 *y, float *lse, const bf16 *x, int length, int heads, int kv_heads, float scale
extern "C" __global__ void __launch_bounds__(128, 3) attention_mma_forward_64(PARAMETERS) {
  forward<64>(y, lse, x, {length, heads, kv_heads, 64}, scale);
}
extern "C" __global__ void __launch_bounds__(128) attention_mma_forward_128(PARAMETERS) {
  forward<128>(y, lse, x, {length, heads, kv_heads, 128}, scale);
}
#undef PARAMETERS

#define PARAMETERS                                                                                 \
  bf16 *dx, const bf16 *x, const bf16 *dy, const float *lse, const float *delta, int length,       \
      int heads, int kv_heads, float scale, int add
#define ARGUMENTS(D) dx, x, dy, lse, delta, {length, heads, kv_heads, D}, scale, add != 0
extern "C" __global__ void __launch_bounds__(128) attention_mma_backward_keys_64(PARAMETERS) {
  backward_keys<64, 32>(ARGUMENTS(64));
}
extern "C" __global__ void __launch_bounds__(128) attention_mma_backward_keys_128(PARAMETERS) {
  backward_keys<128, 16>(ARGUMENTS(128));
}
extern "C" __global__ void __launch_bounds__(128) attention_mma_backward_queries_64(PARAMETERS) {
  backward_queries<64, 32>(ARGUMENTS(64));
}
extern "C" __global__ void __launch_bounds__(128) attention_mma_backward_queries_128(PARAMETERS) {
  backward_queries<128, 32>(ARGUMENTS(128));
}
