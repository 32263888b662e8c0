// For p = softmax(x[i] / T): -log p[target[i]], -sum over j of p[j] log p[j] and -log max p, a block
// for each row of n logits. A row comes from memory once and then from the cache.

#define LEAST -100.0f  // stands for the exponent of what no longer counts

constexpr int PACK = Pack<floatX>::size;

extern "C" __global__ void predictions_forward(
    float* numbers, const floatX* logits, const int* targets, float inverse, i64 n) {
  const floatX* x = logits + blockIdx.x * n;
  float max = row_max(x, n);
  float sum = 0.0f;
  float products = 0.0f;
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> xs = load_pack(x, j, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) {
      if (j + k < n) {
        float z = fmaxf((to_float(xs.v[k]) - max) * inverse, LEAST);
        float e = expf(z);
        sum += e;
        products += e * z;
      }
    }
  }
  sum = block_sum(sum);
  products = block_sum(products);
  if (threadIdx.x == 0) {
    float lowest = logf(sum);
    float* out = numbers + 3 * (i64)blockIdx.x;
    out[0] = lowest - (to_float(x[targets[blockIdx.x]]) - max) * inverse;
    out[1] = lowest - products / sum;
    out[2] = lowest;
  }
}
