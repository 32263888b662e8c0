// The Euclidean norm in two stages, each with a fixed order: every block of a fixed grid sums the
// squares of its share, then one block adds up the shares and takes the root.

// parts[b] = the sum of the squares of block b's share of x, n elements; 0 behind the last block's.
extern "C" __global__ void norm_squares(float* parts, const floatX* x, i64 n, i64 all_parts) {
  i64 thread = (i64)blockIdx.x * blockDim.x + threadIdx.x;
  for (i64 p = gridDim.x + thread; p < all_parts; p += (i64)gridDim.x * blockDim.x) {
    parts[p] = 0.0f;
  }
  i64 stride = (i64)gridDim.x * blockDim.x * Pack<floatX>::size;
  float sum = 0.0f;
  for (i64 i = first_element<floatX>(); i < n; i += stride) {
    Pack<floatX> pack = load_pack(x, i, n);
#pragma unroll
    for (int k = 0; k < pack.size; k++) sum = fmaf(to_float(pack.v[k]), to_float(pack.v[k]), sum);
  }
  sum = block_sum(sum);
  if (threadIdx.x == 0) parts[blockIdx.x] = sum;
}

// y = the root of the sum of n parts; a single block.
extern "C" __global__ void norm_finish(float* y, const float* parts, i64 n) {
  float sum = 0.0f;
  for (i64 i = threadIdx.x; i < n; i += blockDim.x) sum += parts[i];
  sum = block_sum(sum);
  if (threadIdx.x == 0) *y = sqrtf(sum);
}

// dx = dy x / y, 0 where y is. A weight's gradient may be float where the weight is not.
template <class T>
__device__ inline void backward(
    T* dx, const floatX* x, const float* y, const float* dy, i64 n, bool add) {
  float factor = *y == 0.0f ? 0.0f : *dy / *y;
  i64 i = first_element<floatX>();
  Pack<floatX> xs = load_pack(x, i, n);
#pragma unroll
  for (int from = 0; from < xs.size; from += Pack<T>::size) {
    Pack<T> dxs = {};
    if (add) dxs = load_pack(dx, i + from, n);
#pragma unroll
    for (int k = 0; k < dxs.size; k++) put(dxs.v[k], factor * to_float(xs.v[from + k]), add);
    store_pack(dx, i + from, n, dxs);
  }
}

extern "C" __global__ void norm_backward(
    floatX* dx, const floatX* x, const float* y, const float* dy, i64 n, int add) {
  backward(dx, x, y, dy, n, add);
}

extern "C" __global__ void norm_backward_wide(
    float* dx, const floatX* x, const float* y, const float* dy, i64 n, int add) {
  backward(dx, x, y, dy, n, add);
}
