// u[i] = log(sum over j of e^x[i, j]) - mean over j of x[i, j], a block for each row of n logits. A
// row comes from memory once and then from the cache.

constexpr int PACK = Pack<floatX>::size;

extern "C" __global__ void uniform_cross_entropy_forward(
    float* u, float* lses, const floatX* x, i64 n) {
  x += blockIdx.x * n;
  float max = row_max(x, n);
  float sum = 0.0f;
  float total = 0.0f;
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> xs = load_pack(x, j, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) {
      if (j + k < n) {
        sum += expf(to_float(xs.v[k]) - max);
        total += to_float(xs.v[k]);
      }
    }
  }
  sum = block_sum(sum);
  total = block_sum(total);
  if (threadIdx.x == 0) {
    float lse = max + logf(sum);
    u[blockIdx.x] = lse - total / n;
    lses[blockIdx.x] = lse;
  }
}

// dx[i, j] = du[i] (e^(x[i, j] - lse[i]) - 1 / n)
extern "C" __global__ void uniform_cross_entropy_backward(
    floatX* dx, const float* du, const floatX* x, const float* lses, i64 n, int add) {
  dx += blockIdx.x * n;
  x += blockIdx.x * n;
  float upstream = du[blockIdx.x], lse = lses[blockIdx.x], uniform = 1.0f / n;
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> xs = load_pack(x, j, n), dxs = {};
    if (add) dxs = load_pack(dx, j, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) {
      put(dxs.v[k], upstream * (expf(to_float(xs.v[k]) - lse) - uniform), add);
    }
    store_pack(dx, j, n, dxs);
  }
}
