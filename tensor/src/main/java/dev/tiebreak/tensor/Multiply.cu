// y[i] = a[i] b[i % period], n elements, added to what y holds if `add`. Both directions: y is the
// result or a gradient, which is a float for a weight.

template <class T>
__device__ inline void product(
    T* y, const floatX* a, const floatX* b, i64 n, i64 period, bool add) {
  i64 i = first_element<floatX>();
  Pack<floatX> as = load_pack(a, i, n);
  Pack<floatX> bs = load_repeated(b, i, period);
#pragma unroll
  for (int from = 0; from < as.size; from += Pack<T>::size) {
    Pack<T> ys = {};
    if (add) ys = load_pack(y, i + from, n);
#pragma unroll
    for (int k = 0; k < ys.size; k++) {
      put(ys.v[k], to_float(as.v[from + k]) * to_float(bs.v[from + k]), add);
    }
    store_pack(y, i + from, n, ys);
  }
}

extern "C" __global__ void multiply(
    floatX* y, const floatX* a, const floatX* b, i64 n, i64 period, int add) {
  product(y, a, b, n, period, add);
}

extern "C" __global__ void multiply_wide(
    float* y, const floatX* a, const floatX* b, i64 n, i64 period, int add) {
  product(y, a, b, n, period, add);
}
