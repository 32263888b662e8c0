// y = (min x, max x), n elements, one block. fmaxf passes over what is not a number.
extern "C" __global__ void extremes(float* y, const floatX* x, i64 n) {
  constexpr int size = Pack<floatX>::size;
  float high = -infinity(), negative_low = -infinity();
  for (i64 i = threadIdx.x * size; i < n; i += blockDim.x * size) {
    Pack<floatX> xs = load_pack(x, i, n);
#pragma unroll
    for (int k = 0; k < size; k++) {
      if (i + k < n) {
        high = fmaxf(high, to_float(xs.v[k]));
        negative_low = fmaxf(negative_low, -to_float(xs.v[k]));
      }
    }
  }
  high = block_max(high);
  negative_low = block_max(negative_low);
  if (threadIdx.x == 0) {
    y[0] = -negative_low;
    y[1] = high;
  }
}
