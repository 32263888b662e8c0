// d = ||y - x|| / max(||x||, 1e-30): squares in slices, then one block for the rest.

#define SMALLEST_NORM 1e-30f

constexpr int PACK = Pack<floatX>::size;

// changes[b] = ||y - x||^2 and sizes[b] = ||x||^2 over every gridDim.x-th block's elements.
extern "C" __global__ void divergence_slices_forward(
    float* changes, float* sizes, const floatX* x, const floatX* y, i64 n) {
  float change = 0.0f;
  float size = 0.0f;
#pragma unroll 2
  for (i64 i = first_element<floatX>(); i < n; i += (i64)gridDim.x * blockDim.x * PACK) {
    Pack<floatX> xs = load_pack(x, i, n), ys = load_pack(y, i, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) {
      float from = to_float(xs.v[k]);
      float moved = to_float(ys.v[k]) - from;
      change += moved * moved;
      size += from * from;
    }
  }
  change = block_sum(change);
  size = block_sum(size);
  if (threadIdx.x == 0) {
    changes[blockIdx.x] = change;
    sizes[blockIdx.x] = size;
  }
}

extern "C" __global__ void divergence_finish_forward(
    float* d, const float* changes, const float* sizes, i64 count) {
  float change = 0.0f;
  float size = 0.0f;
#pragma unroll 4
  for (i64 i = threadIdx.x; i < count; i += blockDim.x) {
    change += changes[i];
    size += sizes[i];
  }
  change = block_sum(change);
  size = block_sum(size);
  if (threadIdx.x == 0) d[0] = sqrtf(change) / fmaxf(sqrtf(size), SMALLEST_NORM);
}
