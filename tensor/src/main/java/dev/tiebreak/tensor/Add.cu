// y[i] = a[i] + alpha b[i % period], n elements; y may be a itself.

extern "C" __global__ void add_forward(
    floatX* y, const floatX* a, const floatX* b, float alpha, i64 n, i64 period) {
  i64 i = first_element<floatX>();
  Pack<floatX> as = load_pack(a, i, n);
  Pack<floatX> bs = load_repeated(b, i, period);
  Pack<floatX> ys;
#pragma unroll
  for (int k = 0; k < ys.size; k++) {
    assign(ys.v[k], to_float(as.v[k]) + alpha * to_float(bs.v[k]));
  }
  store_pack(y, i, n, ys);
}
