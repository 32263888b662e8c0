// H[i] = -sum over j of p[j] log p[j] and v[i] = sum over j of p[j] (log p[j] + H[i])^2 for
// p = softmax(x[i]), a block for each row of n logits. A row comes from memory once and then from
// the cache.

#define LEAST_LOG -100.0f  // of what no longer counts: e^-100 is zero beside 1, and times 100 too

constexpr int PACK = Pack<floatX>::size;

struct Row {
  float max;
  float sum;   // of e^z for z = x - max
  float mean;  // the expectation of z
};

__device__ inline Row row_of(const floatX* x, i64 n) {
  float max = row_max(x, n);
  float sum = 0.0f;
  float products = 0.0f;
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> xs = load_pack(x, j, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) {
      if (j + k < n) {
        float z = to_float(xs.v[k]) - max;
        float e = expf(z);
        sum += e;
        products += e * fmaxf(z, LEAST_LOG);
      }
    }
  }
  sum = block_sum(sum);
  products = block_sum(products);
  return Row{max, sum, products / sum};
}

extern "C" __global__ void entropy_forward(float* h, float* lses, const floatX* x, i64 n) {
  Row row = row_of(x + blockIdx.x * n, n);
  if (threadIdx.x == 0) {
    h[blockIdx.x] = logf(row.sum) - row.mean;
    lses[blockIdx.x] = row.max + logf(row.sum);
  }
}

extern "C" __global__ void surprisal_variance_forward(float* v, const floatX* x, i64 n) {
  x += blockIdx.x * n;
  Row row = row_of(x, n);
  float squares = 0.0f;
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> xs = load_pack(x, j, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) {
      if (j + k < n) {
        float z = to_float(xs.v[k]) - row.max;
        float far = fmaxf(z, LEAST_LOG) - row.mean;
        squares += expf(z) * far * far;
      }
    }
  }
  squares = block_sum(squares);
  if (threadIdx.x == 0) v[blockIdx.x] = squares / row.sum;
}

// dx[i, j] = -dH[i] p[j] (log p[j] + H[i])
extern "C" __global__ void entropy_backward(
    floatX* dx, const float* dh, const floatX* x, const float* h, const float* lses, i64 n,
    int add) {
  dx += blockIdx.x * n;
  x += blockIdx.x * n;
  float scale = -dh[blockIdx.x], entropy = h[blockIdx.x], lse = lses[blockIdx.x];
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> xs = load_pack(x, j, n), dxs = {};
    if (add) dxs = load_pack(dx, j, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) {
      float log_p = to_float(xs.v[k]) - lse;
      put(dxs.v[k], scale * expf(log_p) * (fmaxf(log_p, LEAST_LOG) + entropy), add);
    }
    store_pack(dx, j, n, dxs);
  }
}
