// c[r] = 1 - x_r y_r / max(||x_r|| ||y_r||, 1e-30): a block for each row of n elements.

#define SMALLEST_PRODUCT 1e-30f

constexpr int PACK = Pack<floatX>::size;

extern "C" __global__ void cosine_distance_forward(
    float* distances, const floatX* x, const floatX* y, i64 n) {
  x += blockIdx.x * n;
  y += blockIdx.x * n;
  float product = 0.0f;
  float x_size = 0.0f;
  float y_size = 0.0f;
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> xs = load_pack(x, j, n), ys = load_pack(y, j, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) {
      float from = to_float(xs.v[k]);
      float to = to_float(ys.v[k]);
      product += from * to;
      x_size += from * from;
      y_size += to * to;
    }
  }
  product = block_sum(product);
  float sizes = sqrtf(block_sum(x_size)) * sqrtf(block_sum(y_size));
  if (threadIdx.x == 0) distances[blockIdx.x] = 1.0f - product / fmaxf(sizes, SMALLEST_PRODUCT);
}
