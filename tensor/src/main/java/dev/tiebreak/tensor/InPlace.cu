// x = factor x, n elements.
extern "C" __global__ void in_place_scale(floatX* x, const float* factor, i64 n) {
  i64 i = first_element<floatX>();
  float f = *factor;
  Pack<floatX> xs = load_pack(x, i, n);
#pragma unroll
  for (int k = 0; k < xs.size; k++) assign(xs.v[k], f * to_float(xs.v[k]));
  store_pack(x, i, n, xs);
}
