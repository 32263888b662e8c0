// Causal attention as in FlashAttention-2 (Dao, 2023): a block of threads holds a tile of queries
// (or of keys) and walks over the tiles of the other side, so that scores exist only as a tile in
// shared memory. Sums and statistics are in float. Query head h reads key/value head h / (H / KV).
//
// A tile has ROWS rows of D_TILE floats, zeros where the head is shorter (D < D_TILE) or the
// sequence ends. 256 threads stand as 16 x 16: thread (y, x) owns rows y R .. y R + R - 1 of a
// product, R = ROWS / 16. Everything is added up in an order that the sizes alone decide.

static constexpr int SIDE = 16;      // threads along a side of the square
static constexpr int THREADS = 256;  // SIDE * SIDE
static constexpr int PAD = 4;        // floats behind each row of a tile: other rows, other banks

__device__ inline float* shared_memory() {
  extern __shared__ unsigned char bytes[];
  return reinterpret_cast<float*>(bytes);
}

// Where the rows of one head lie in memory: row t at start + t * stride, D elements.
template <class T>
struct Rows {
  T* start;
  i64 stride;
  int count;  // rows there are
};

// The elements of a head of a packed tensor: row (b, t) of `width`, the head `first` elements in.
template <class T>
__device__ inline Rows<T> rows_of(T* x, i64 batch, int rows, i64 width, i64 first, int count) {
  return {x + batch * rows * width + first, width, count};
}

// A row of a tile in shared memory.
template <int D_TILE>
__device__ inline float* tile_row(float* tile, int row) {
  return tile + row * (D_TILE + PAD);
}

// Copies rows from .. from + ROWS - 1 to a tile and fills up with zeros.
template <int ROWS, int D_TILE>
__device__ inline void load_tile(float* tile, Rows<const floatX> x, int from, int d) {
  constexpr int N = Pack<floatX>::size;
  bool packs = d % N == 0 && (i64)x.start % 16 == 0;
  for (int i = threadIdx.x; i < ROWS * (D_TILE / N); i += THREADS) {
    int row = i / (D_TILE / N);
    int column = i % (D_TILE / N) * N;
    float* target = tile_row<D_TILE>(tile, row) + column;
    bool inside = from + row < x.count;
    const floatX* source = x.start + (from + row) * x.stride + column;
    if (inside && packs && column < d) {
      Pack<floatX> pack = load_pack(source);
      for (int k = 0; k < N; k++) target[k] = to_float(pack.v[k]);
    } else {
      for (int k = 0; k < N; k++) {
        target[k] = inside && column + k < d ? to_float(source[k]) : 0.0f;
      }
    }
  }
}

// s[i][j] = row y R + i of tile a times row x + SIDE j of tile b.
template <int D_TILE, int R>
__device__ inline void multiply_rows(float (&s)[R][R], float* a, float* b, int d) {
  int y = threadIdx.x / SIDE, x = threadIdx.x % SIDE;
  for (int i = 0; i < R; i++) {
    for (int j = 0; j < R; j++) s[i][j] = 0.0f;
  }
  for (int k = 0; k < d; k += 4) {
    Pack<float> left[R], right[R];
    for (int i = 0; i < R; i++) left[i] = load_pack(tile_row<D_TILE>(a, y * R + i) + k);
    for (int j = 0; j < R; j++) right[j] = load_pack(tile_row<D_TILE>(b, x + SIDE * j) + k);
    for (int e = 0; e < 4; e++) {
      for (int i = 0; i < R; i++) {
        for (int j = 0; j < R; j++) s[i][j] = fmaf(left[i].v[e], right[j].v[e], s[i][j]);
      }
    }
  }
}

// acc += w m: w a tile of ROWS x ROWS weights, m a tile of ROWS x D_TILE. The D_TILE / SIDE columns
// that thread x owns are packs of four, SIDE packs apart.
template <int ROWS, int D_TILE>
__device__ inline void accumulate(float (&acc)[ROWS / SIDE][D_TILE / SIDE], float* w, float* m) {
  constexpr int R = ROWS / SIDE;
  int y = threadIdx.x / SIDE, x = threadIdx.x % SIDE;
  for (int k = 0; k < ROWS; k += 4) {
    Pack<float> weights[R];
    for (int i = 0; i < R; i++) weights[i] = load_pack(tile_row<ROWS>(w, y * R + i) + k);
    for (int e = 0; e < 4; e++) {
      for (int c = 0; c < D_TILE / SIDE; c += 4) {
        Pack<float> values = load_pack(tile_row<D_TILE>(m, k + e) + x * 4 + SIDE * c);
        for (int i = 0; i < R; i++) {
          for (int n = 0; n < 4; n++) {
            acc[i][c + n] = fmaf(weights[i].v[e], values.v[n], acc[i][c + n]);
          }
        }
      }
    }
  }
}

template <int R, int C>
__device__ inline void clear(float (&acc)[R][C]) {
  for (int i = 0; i < R; i++) {
    for (int c = 0; c < C; c++) acc[i][c] = 0.0f;
  }
}

// Writes, or adds, factor * acc to the rows from .. of x.
template <int R, int C>
__device__ inline void store_rows(
    Rows<floatX> x, float (&acc)[R][C], int from, int d, float factor, bool add) {
#pragma unroll  // so that acc is registers
  for (int i = 0; i < R; i++) {
    int row = from + (int)(threadIdx.x / SIDE) * R + i;
#pragma unroll
    for (int c = 0; c < C; c++) {
      int column = (int)(threadIdx.x % SIDE) * 4 + SIDE * (c / 4 * 4) + c % 4;
      if (row < x.count && column < d) {
        put(x.start[row * x.stride + column], factor * acc[i][c], add);
      }
    }
  }
}

// Over the SIDE threads that share rows, which are neighbours in a warp.
__device__ inline float side_max(float x) {
  for (int lane = SIDE / 2; lane > 0; lane /= 2) {
    x = fmaxf(x, __shfl_xor_sync(0xffffffffu, x, lane));
  }
  return x;
}

__device__ inline float side_sum(float x) {
  for (int lane = SIDE / 2; lane > 0; lane /= 2) x += __shfl_xor_sync(0xffffffffu, x, lane);
  return x;
}

// ---- forward ------------------------------------------------------------------------------------

// y (B, T, H D) and lse (B, H, T). Queries are the first H D columns of x (B, T, width). Row t of
// sequence b of the keys is at keys + (b * capacity + t) * stride, of all heads; likewise values.
// Query t stands at position + t and sees the keys up to there.
struct Forward {
  floatX* y;
  float* lse;
  const floatX *x, *keys, *values;
  int length, heads, kv_heads, d;
  i64 width;
  int capacity;
  i64 stride;
  int position;
  float scale;

  // Block (i, b H + h) has one tile of queries; the last, which has most to do, comes first.
  template <int ROWS, int D_TILE>
  __device__ void run() const {
    constexpr int R = ROWS / SIDE, C = D_TILE / SIDE;
    float* queries = shared_memory();
    float* others = tile_row<D_TILE>(queries, ROWS);  // keys, then values
    float* p = tile_row<D_TILE>(others, ROWS);
    int ty = threadIdx.x / SIDE, tx = threadIdx.x % SIDE;
    i64 b = blockIdx.y / heads;
    int h = blockIdx.y % heads, from = (int)(gridDim.x - 1 - blockIdx.x) * ROWS;
    i64 kv = (i64)(h / (heads / kv_heads)) * d;
    int seen = position + (from + ROWS < length ? from + ROWS : length);  // keys, by anyone here
    Rows<const floatX> k = rows_of(keys, b, capacity, stride, kv, seen);
    Rows<const floatX> v = rows_of(values, b, capacity, stride, kv, seen);
    float acc[R][C], largest[R], total[R];
    clear(acc);
    for (int i = 0; i < R; i++) {
      largest[i] = -infinity();
      total[i] = 0.0f;
    }
    load_tile<ROWS, D_TILE>(queries, rows_of(x, b, length, width, (i64)h * d, length), from, d);
    for (int key = 0; key < seen; key += ROWS) {
      __syncthreads();  // the values and weights of the tile before are used up
      load_tile<ROWS, D_TILE>(others, k, key, d);
      __syncthreads();
      float s[R][R];
      multiply_rows<D_TILE>(s, queries, others, d);
      for (int i = 0; i < R; i++) {
        int last = position + from + ty * R + i;  // the last key that this query sees
        float highest = -infinity();
        for (int j = 0; j < R; j++) {
          int column = key + tx + SIDE * j;
          s[i][j] = column <= last && column < seen ? s[i][j] * scale : -infinity();
          highest = fmaxf(highest, s[i][j]);
        }
        // Key 0 is in the first tile and every query sees it, so this is a number from the start.
        highest = fmaxf(largest[i], side_max(highest));
        float correction = expf(largest[i] - highest);
        largest[i] = highest;
        float sum = 0.0f;
        for (int j = 0; j < R; j++) {
          float weight = expf(s[i][j] - highest);
          sum += weight;
          tile_row<ROWS>(p, ty * R + i)[tx + SIDE * j] = weight;
        }
        total[i] = total[i] * correction + side_sum(sum);
        for (int c = 0; c < C; c++) acc[i][c] *= correction;
      }
      __syncthreads();  // the weights are there and the keys are used up
      load_tile<ROWS, D_TILE>(others, v, key, d);
      __syncthreads();
      accumulate<ROWS, D_TILE>(acc, p, others);
    }
    for (int i = 0; i < R; i++) {
      int row = from + ty * R + i;
      if (tx == 0 && row < length) {
        lse[(i64)blockIdx.y * length + row] = largest[i] + logf(total[i]);
      }
      for (int c = 0; c < C; c++) acc[i][c] /= total[i];
    }
    Rows<floatX> out = rows_of(y, b, length, (i64)heads * d, (i64)h * d, length);
    store_rows(out, acc, from, d, 1.0f, false);
  }
};

#define PARAMETERS                                                                             \
  floatX *y, float *lse, const floatX *x, const floatX *keys, const floatX *values, int length, \
      int heads, int kv_heads, int d, i64 width, int capacity, i64 stride, int position,       \
      float scale
#define ARGUMENTS \
  y, lse, x, keys, values, length, heads, kv_heads, d, width, capacity, stride, position, scale

extern "C" __global__ void attention_forward_64(PARAMETERS) { Forward{ARGUMENTS}.run<64, 64>(); }
extern "C" __global__ void attention_forward_128(PARAMETERS) { Forward{ARGUMENTS}.run<64, 128>(); }
extern "C" __global__ void attention_forward_256(PARAMETERS) { Forward{ARGUMENTS}.run<32, 256>(); }

// Copies the keys and values of x (B, T, width), which begin after `first` columns, to the cache
// (B, capacity, columns) behind `position` rows. One thread for each element of the keys.
extern "C" __global__ void attention_append(
    floatX* keys, floatX* values, const floatX* x, int length, i64 width, i64 first, i64 columns,
    int capacity, int position, i64 n) {
  i64 i = (i64)blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  i64 row = i / columns, column = i % columns;  // row of (B, T)
  i64 target = (row / length * capacity + position + row % length) * columns + column;
  keys[target] = x[row * width + first + column];
  values[target] = x[row * width + first + columns + column];
}

// ---- backward -----------------------------------------------------------------------------------

// delta (B, H, T) = the sum over a head of dy * y. A warp for each row of y (B T H, D).
extern "C" __global__ void attention_delta(
    float* delta, const floatX* y, const floatX* dy, int length, int heads, int d, i64 rows) {
  i64 row = (i64)blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
  bool inside = row < rows;
  float sum = 0.0f;
  for (int i = threadIdx.x % 32; inside && i < d; i += 32) {
    sum = fmaf(to_float(y[row * d + i]), to_float(dy[row * d + i]), sum);
  }
  sum = warp_sum(sum);
  i64 t = row / heads % length, b = row / heads / length;
  if (inside && threadIdx.x % 32 == 0) delta[(b * heads + row % heads) * length + t] = sum;
}

// What both backward kernels read and write; the packed x and dx (B, T, (H + 2 KV) D).
struct Backward {
  floatX* dx;
  const floatX *x, *dy;
  const float *lse, *delta;
  int length, heads, kv_heads, d;
  float scale;
  int add;

  __device__ i64 width() const { return (i64)(heads + 2 * kv_heads) * d; }
  // Head i of the packed heads: queries, then keys, then values.
  template <class T>
  __device__ Rows<T> packed(T* from, i64 b, int i) const {
    return rows_of(from, b, length, width(), (i64)i * d, length);
  }
  __device__ Rows<const floatX> output(i64 b, int h) const {
    return rows_of(dy, b, length, (i64)heads * d, (i64)h * d, length);
  }
  // e^(s - lse), or 0 where the query does not see the key.
  __device__ float weight(float s, int query, int key, const float* lse_of_head) const {
    bool sees = key <= query && query < length;
    return sees ? expf(fmaf(s, scale, -lse_of_head[query])) : 0.0f;
  }
};

// dK and dV of one tile of keys: block (i, b KV + kv). The query heads of the group come in order.
template <int ROWS, int D_TILE>
__device__ inline void backward_keys(Backward at) {
  constexpr int R = ROWS / SIDE, C = D_TILE / SIDE;
  float* k = shared_memory();
  float* v = tile_row<D_TILE>(k, ROWS);
  float* q = tile_row<D_TILE>(v, ROWS);
  float* dout = tile_row<D_TILE>(q, ROWS);
  float* w = tile_row<D_TILE>(dout, ROWS);  // P^T, then dS^T
  int ty = threadIdx.x / SIDE, tx = threadIdx.x % SIDE;
  i64 b = blockIdx.y / at.kv_heads;
  int kv = blockIdx.y % at.kv_heads, group = at.heads / at.kv_heads;
  int from = (int)blockIdx.x * ROWS;
  float dk[R][C], dv[R][C];
  clear(dk);
  clear(dv);
  load_tile<ROWS, D_TILE>(k, at.packed(at.x, b, at.heads + kv), from, at.d);
  load_tile<ROWS, D_TILE>(v, at.packed(at.x, b, at.heads + at.kv_heads + kv), from, at.d);
  for (int h = kv * group; h < (kv + 1) * group; h++) {
    const float* lse = at.lse + (b * at.heads + h) * at.length;
    const float* delta = at.delta + (b * at.heads + h) * at.length;
    for (int query = from; query < at.length; query += ROWS) {
      __syncthreads();
      load_tile<ROWS, D_TILE>(q, at.packed(at.x, b, h), query, at.d);
      load_tile<ROWS, D_TILE>(dout, at.output(b, h), query, at.d);
      __syncthreads();
      float s[R][R], dp[R][R];  // rows are keys, columns are queries
      multiply_rows<D_TILE>(s, k, q, at.d);
      multiply_rows<D_TILE>(dp, v, dout, at.d);
      for (int i = 0; i < R; i++) {
        for (int j = 0; j < R; j++) {
          int column = query + tx + SIDE * j;
          float p = at.weight(s[i][j], column, from + ty * R + i, lse);
          s[i][j] = p * (dp[i][j] - delta[column < at.length ? column : 0]);
          tile_row<ROWS>(w, ty * R + i)[tx + SIDE * j] = p;
        }
      }
      __syncthreads();
      accumulate<ROWS, D_TILE>(dv, w, dout);
      __syncthreads();
      for (int i = 0; i < R; i++) {
        for (int j = 0; j < R; j++) tile_row<ROWS>(w, ty * R + i)[tx + SIDE * j] = s[i][j];
      }
      __syncthreads();
      accumulate<ROWS, D_TILE>(dk, w, q);
    }
  }
  store_rows(at.packed(at.dx, b, at.heads + kv), dk, from, at.d, at.scale, at.add);
  store_rows(at.packed(at.dx, b, at.heads + at.kv_heads + kv), dv, from, at.d, 1.0f, at.add);
}

// dQ of one tile of queries: block (i, b H + h), the last tile first.
template <int ROWS, int D_TILE>
__device__ inline void backward_queries(Backward at) {
  constexpr int R = ROWS / SIDE, C = D_TILE / SIDE;
  float* q = shared_memory();
  float* dout = tile_row<D_TILE>(q, ROWS);
  float* k = tile_row<D_TILE>(dout, ROWS);
  float* v = tile_row<D_TILE>(k, ROWS);
  float* w = tile_row<D_TILE>(v, ROWS);  // dS
  int ty = threadIdx.x / SIDE, tx = threadIdx.x % SIDE;
  i64 b = blockIdx.y / at.heads;
  int h = blockIdx.y % at.heads, kv = h / (at.heads / at.kv_heads);
  int from = (int)(gridDim.x - 1 - blockIdx.x) * ROWS;
  const float* lse = at.lse + (i64)blockIdx.y * at.length;
  const float* delta = at.delta + (i64)blockIdx.y * at.length;
  float dq[R][C];
  clear(dq);
  load_tile<ROWS, D_TILE>(q, at.packed(at.x, b, h), from, at.d);
  load_tile<ROWS, D_TILE>(dout, at.output(b, h), from, at.d);
  for (int key = 0; key <= from; key += ROWS) {
    __syncthreads();
    load_tile<ROWS, D_TILE>(k, at.packed(at.x, b, at.heads + kv), key, at.d);
    load_tile<ROWS, D_TILE>(v, at.packed(at.x, b, at.heads + at.kv_heads + kv), key, at.d);
    __syncthreads();
    float s[R][R], dp[R][R];
    multiply_rows<D_TILE>(s, q, k, at.d);
    multiply_rows<D_TILE>(dp, dout, v, at.d);
    for (int i = 0; i < R; i++) {
      int row = from + ty * R + i;
      for (int j = 0; j < R; j++) {
        float p = at.weight(s[i][j], row, key + tx + SIDE * j, lse);
        tile_row<ROWS>(w, ty * R + i)[tx + SIDE * j] =
            p * (dp[i][j] - delta[row < at.length ? row : 0]);
      }
    }
    __syncthreads();
    accumulate<ROWS, D_TILE>(dq, w, k);
  }
  store_rows(at.packed(at.dx, b, h), dq, from, at.d, at.scale, at.add);
}

#define BACKWARD_PARAMETERS                                                                  \
  floatX *dx, const floatX *x, const floatX *dy, const float *lse, const float *delta,         \
      int length, int heads, int kv_heads, int d, float scale, int add
#define BACKWARD_ARGUMENTS dx, x, dy, lse, delta, length, heads, kv_heads, d, scale, add

extern "C" __global__ void attention_backward_keys_64(BACKWARD_PARAMETERS) {
  backward_keys<64, 64>({BACKWARD_ARGUMENTS});
}
extern "C" __global__ void attention_backward_keys_128(BACKWARD_PARAMETERS) {
  backward_keys<32, 128>({BACKWARD_ARGUMENTS});
}
extern "C" __global__ void attention_backward_keys_256(BACKWARD_PARAMETERS) {
  backward_keys<16, 256>({BACKWARD_ARGUMENTS});
}
extern "C" __global__ void attention_backward_queries_64(BACKWARD_PARAMETERS) {
  backward_queries<64, 64>({BACKWARD_ARGUMENTS});
}
extern "C" __global__ void attention_backward_queries_128(BACKWARD_PARAMETERS) {
  backward_queries<32, 128>({BACKWARD_ARGUMENTS});
}
extern "C" __global__ void attention_backward_queries_256(BACKWARD_PARAMETERS) {
  backward_queries<16, 256>({BACKWARD_ARGUMENTS});
}
