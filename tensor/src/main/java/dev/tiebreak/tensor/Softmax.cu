// y[r, j] = e^(x[r, j] - max) / sum over k of e^(x[r, k] - max), a block for each row. The row is
// read three times, from memory once and then from the cache.

constexpr int PACK = Pack<floatX>::size;

extern "C" __global__ void softmax_forward(floatX* y, const floatX* x, i64 n) {
  x += blockIdx.x * n;
  y += blockIdx.x * n;
  float max = row_max(x, n);
  float sum = 0.0f;
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> xs = load_pack(x, j, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) {
      if (j + k < n) sum += expf(to_float(xs.v[k]) - max);
    }
  }
  float inverse = 1.0f / block_sum(sum);
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> xs = load_pack(x, j, n), ys;
#pragma unroll
    for (int k = 0; k < PACK; k++) assign(ys.v[k], expf(to_float(xs.v[k]) - max) * inverse);
    store_pack(y, j, n, ys);
  }
}

// dx[r, j] = y[r, j] (dy[r, j] - sum over k of dy[r, k] y[r, k])
extern "C" __global__ void softmax_backward(
    floatX* dx, const floatX* dy, const floatX* y, i64 n, int add) {
  dx += blockIdx.x * n;
  dy += blockIdx.x * n;
  y += blockIdx.x * n;
  float dot = 0.0f;
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> dys = load_pack(dy, j, n), ys = load_pack(y, j, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) dot += to_float(dys.v[k]) * to_float(ys.v[k]);
  }
  dot = block_sum(dot);
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> dys = load_pack(dy, j, n), ys = load_pack(y, j, n), dxs = {};
    if (add) dxs = load_pack(dx, j, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) {
      put(dxs.v[k], to_float(ys.v[k]) * (to_float(dys.v[k]) - dot), add);
    }
    store_pack(dx, j, n, dxs);
  }
}
