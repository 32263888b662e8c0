// h = x / sqrt(mean(x^2) + eps), y = w h, over rows of n elements. A row belongs to a block and a
// pack of it to a thread; what is read twice comes from the cache the second time.

constexpr int PACK = Pack<floatX>::size;

// whole: n is a multiple of PACK
template <bool whole>
__device__ inline void forward(
    floatX* y, float* scales, const floatX* x, const floatX* w, i64 n, float epsilon) {
  x += blockIdx.x * n;  // seek to this block's row
  y += blockIdx.x * n;
  float squares = 0.0f;  // how far the row is from its middle
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> xs = load_pack<whole>(x, j, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) squares += to_float(xs.v[k]) * to_float(xs.v[k]);
  }
  float scale = 1.0f / sqrtf(block_sum(squares) / n + epsilon);
  if (threadIdx.x == 0) scales[blockIdx.x] = scale;
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> xs = load_pack<whole>(x, j, n), ws = load_pack<whole>(w, j, n), ys;
#pragma unroll
    for (int k = 0; k < PACK; k++) assign(ys.v[k], to_float(xs.v[k]) * scale * to_float(ws.v[k]));
    store_pack<whole>(y, j, n, ys);
  }
}

// A block for each row. scales[r] = 1 / sqrt(mean(x^2) + eps)
extern "C" __global__ void rmsnorm_forward(
    floatX* y, float* scales, const floatX* x, const floatX* w, i64 n, float epsilon) {
  if (n % PACK == 0) {
    forward<true>(y, scales, x, w, n, epsilon);
  } else {
    forward<false>(y, scales, x, w, n, epsilon);
  }
}

template <bool whole>
__device__ inline void backward(
    floatX* dx, floatX* dbranch, float* partial, const floatX* later, const floatX* dy,
    const floatX* x, const floatX* w, const float* scales, float* dw, i64 rows, i64 n, int add,
    int add_branch) {
  int packs = (int)((n + PACK - 1) / PACK);
  for (int p = threadIdx.x; partial && p < packs; p += blockDim.x) {
#pragma unroll
    for (int k = 0; k < PACK; k++) dw[k * packs + p] = 0.0f;
  }
  for (i64 r = blockIdx.x; r < rows; r += gridDim.x) {
    float scale = scales[r];
    float products = 0.0f;
    for (int p = threadIdx.x; p < packs; p += blockDim.x) {
      i64 j = (i64)p * PACK;
      Pack<floatX> dys = load_pack<whole>(dy + r * n, j, n), xs = load_pack<whole>(x + r * n, j, n);
      Pack<floatX> ws = load_pack<whole>(w, j, n);
#pragma unroll
      for (int k = 0; k < PACK; k++) {
        float dyh = to_float(dys.v[k]) * to_float(xs.v[k]) * scale;
        products += dyh * to_float(ws.v[k]);
        if (partial) dw[k * packs + p] += dyh;
      }
    }
    if (!dx && !dbranch) continue;
    float mean = block_sum(products) / n;  // what is taken off g: its part along h
    for (int p = threadIdx.x; p < packs; p += blockDim.x) {
      i64 j = (i64)p * PACK;
      Pack<floatX> dys = load_pack<whole>(dy + r * n, j, n), xs = load_pack<whole>(x + r * n, j, n);
      Pack<floatX> ws = load_pack<whole>(w, j, n), laters = {}, sums = {};
      if (later) laters = load_pack<whole>(later + r * n, j, n);
      if (dx && add) sums = load_pack<whole>(dx + r * n, j, n);
      float d[PACK];
#pragma unroll
      for (int k = 0; k < PACK; k++) {
        float h = to_float(xs.v[k]) * scale;
        d[k] = (to_float(dys.v[k]) * to_float(ws.v[k]) - h * mean) * scale;
        if (later) d[k] += to_float(laters.v[k]);
        put(sums.v[k], d[k], add);
      }
      if (dx) store_pack<whole>(dx + r * n, j, n, sums);
      if (!dbranch) continue;
      if (add_branch) sums = load_pack<whole>(dbranch + r * n, j, n);
#pragma unroll
      for (int k = 0; k < PACK; k++) put(sums.v[k], d[k], add_branch);
      store_pack<whole>(dbranch + r * n, j, n, sums);
    }
  }
  for (int p = threadIdx.x; partial && p < packs; p += blockDim.x) {
#pragma unroll
    for (int k = 0; k < PACK; k++) {
      i64 j = (i64)p * PACK + k;
      if (j < n) partial[blockIdx.x * n + j] = dw[k * packs + p];
    }
  }
}

// With g = dy w: d = (g - h mean(g h)) / sqrt(mean(x^2) + eps), which dx gets; null for none.
//
// Behind a residual connection x is a sum of two: later is what its gradient has so far, d goes on
// top of that, and dbranch gets it too. Both are null otherwise.
//
// partial (gridDim.x, n), null for none, gets each block's share of dw = sum of dy h over rows. A
// block takes every gridDim.x-th row and sums in shared memory, a float for each element of whole
// packs; every sum belongs to one thread. Element k of all packs lies together: no bank conflicts.
extern "C" __global__ void rmsnorm_backward(
    floatX* dx, floatX* dbranch, float* partial, const floatX* later, const floatX* dy,
    const floatX* x, const floatX* w, const float* scales, i64 rows, i64 n, int add,
    int add_branch) {
  extern __shared__ float dw[];
  if (n % PACK == 0) {
    backward<true>(dx, dbranch, partial, later, dy, x, w, scales, dw, rows, n, add, add_branch);
  } else {
    backward<false>(dx, dbranch, partial, later, dy, x, w, scales, dw, rows, n, add, add_branch);
  }
}
