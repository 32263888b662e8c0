// h = (x - mean) / sqrt(var + eps), y = w h + b, over rows of n elements. A row belongs to a block
// and a pack of it to a thread; what is read again comes from the cache.

constexpr int PACK = Pack<floatX>::size;

// whole: n is a multiple of PACK
template <bool whole>
__device__ inline void forward(
    floatX* y, float* means, float* scales, const floatX* x, const floatX* w, const floatX* b,
    i64 n, float epsilon) {
  x += blockIdx.x * n;  // seek to this block's row
  y += blockIdx.x * n;
  float sum = 0.0f;
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> xs = load_pack<whole>(x, j, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) sum += to_float(xs.v[k]);
  }
  float mean = block_sum(sum) / n;
  float squares = 0.0f;  // how far the row is from its middle
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> xs = load_pack<whole>(x, j, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) {
      float d = j + k < n ? to_float(xs.v[k]) - mean : 0.0f;
      squares += d * d;
    }
  }
  float scale = 1.0f / sqrtf(block_sum(squares) / n + epsilon);
  if (threadIdx.x == 0) {
    means[blockIdx.x] = mean;
    scales[blockIdx.x] = scale;
  }
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> xs = load_pack<whole>(x, j, n), ws = load_pack<whole>(w, j, n), bs = {}, ys;
    if (b) bs = load_pack<whole>(b, j, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) {
      float h = (to_float(xs.v[k]) - mean) * scale;
      assign(ys.v[k], h * to_float(ws.v[k]) + to_float(bs.v[k]));
    }
    store_pack<whole>(y, j, n, ys);
  }
}

// A block for each row. scales[r] = 1 / sqrt(var + eps); b may be null.
extern "C" __global__ void layernorm_forward(
    floatX* y, float* means, float* scales, const floatX* x, const floatX* w, const floatX* b,
    i64 n, float epsilon) {
  if (n % PACK == 0) {
    forward<true>(y, means, scales, x, w, b, n, epsilon);
  } else {
    forward<false>(y, means, scales, x, w, b, n, epsilon);
  }
}

template <bool whole>
__device__ inline void backward(
    floatX* dx, float* partial_w, float* partial_b, const floatX* dy, const floatX* x,
    const floatX* w, const float* means, const float* scales, float* dw, i64 rows, i64 n,
    int add) {
  int packs = (int)((n + PACK - 1) / PACK);
  float* db = dw + packs * PACK;
  for (int i = threadIdx.x; i < packs; i += blockDim.x) {
#pragma unroll
    for (int k = 0; k < PACK; k++) dw[k * packs + i] = db[k * packs + i] = 0.0f;
  }
  for (i64 r = blockIdx.x; r < rows; r += gridDim.x) {
    float mean = means[r];
    float scale = scales[r];
    float sum_g = 0.0f;
    float sum_gh = 0.0f;
    for (int p = threadIdx.x; p < packs; p += blockDim.x) {
      i64 j = (i64)p * PACK;
      Pack<floatX> dys = load_pack<whole>(dy + r * n, j, n), xs = load_pack<whole>(x + r * n, j, n);
      Pack<floatX> ws = load_pack<whole>(w, j, n);
#pragma unroll
      for (int k = 0; k < PACK; k++) {
        float d = to_float(dys.v[k]);
        float dh = d * (to_float(xs.v[k]) - mean) * scale;
        sum_g += d * to_float(ws.v[k]);
        sum_gh += dh * to_float(ws.v[k]);
        if (partial_w) dw[k * packs + p] += dh;
        if (partial_b) db[k * packs + p] += d;
      }
    }
    if (!dx) continue;
    float mean_g = block_sum(sum_g) / n;  // what is taken off g: its mean, and its part along h
    float mean_gh = block_sum(sum_gh) / n;
    for (int p = threadIdx.x; p < packs; p += blockDim.x) {
      i64 j = (i64)p * PACK;
      Pack<floatX> dys = load_pack<whole>(dy + r * n, j, n), xs = load_pack<whole>(x + r * n, j, n);
      Pack<floatX> ws = load_pack<whole>(w, j, n), dxs = {};
      if (add) dxs = load_pack<whole>(dx + r * n, j, n);
#pragma unroll
      for (int k = 0; k < PACK; k++) {
        float g = to_float(dys.v[k]) * to_float(ws.v[k]);
        float h = (to_float(xs.v[k]) - mean) * scale;
        put(dxs.v[k], (g - mean_g - h * mean_gh) * scale, add);
      }
      store_pack<whole>(dx + r * n, j, n, dxs);
    }
  }
  for (int p = threadIdx.x; p < packs; p += blockDim.x) {
#pragma unroll
    for (int k = 0; k < PACK; k++) {
      i64 j = (i64)p * PACK + k;
      if (partial_w && j < n) partial_w[blockIdx.x * n + j] = dw[k * packs + p];
      if (partial_b && j < n) partial_b[blockIdx.x * n + j] = db[k * packs + p];
    }
  }
}

// With g = dy w: dx = (g - mean(g) - h mean(g h)) / sqrt(var + eps); null for none.
//
// partial_w and partial_b (gridDim.x, n), each null for none, get each block's share of dw = sum of
// dy h and db = sum of dy over rows. A block takes every gridDim.x-th row and sums in shared
// memory, two floats for each element of whole packs; every sum belongs to one thread. Element k of
// all packs lies together: no bank conflicts.
extern "C" __global__ void layernorm_backward(
    floatX* dx, float* partial_w, float* partial_b, const floatX* dy, const floatX* x,
    const floatX* w, const float* means, const float* scales, i64 rows, i64 n, int add) {
  extern __shared__ float sums[];
  if (n % PACK == 0) {
    backward<true>(dx, partial_w, partial_b, dy, x, w, means, scales, sums, rows, n, add);
  } else {
    backward<false>(dx, partial_w, partial_b, dy, x, w, means, scales, sums, rows, n, add);
  }
}
