// GELU, exact form: y = x F(x), dx = dy (F(x) + x e^(-x^2/2) / sqrt(2 pi)), where F is the standard
// normal distribution function.

#define ROOT_HALF 0.70710678118654752f
#define DENSITY 0.39894228040143268f  // 1 / sqrt(2 pi)

__device__ inline float distribution(float x) { return 0.5f * (1.0f + erff(ROOT_HALF * x)); }

extern "C" __global__ void gelu_erf_forward(floatX* y, const floatX* x, i64 n) {
  i64 i = first_element<floatX>();
  Pack<floatX> xs = load_pack(x, i, n), ys;
#pragma unroll
  for (int k = 0; k < xs.size; k++) {
    float v = to_float(xs.v[k]);
    assign(ys.v[k], v * distribution(v));
  }
  store_pack(y, i, n, ys);
}

extern "C" __global__ void gelu_erf_backward(
    floatX* dx, const floatX* dy, const floatX* x, i64 n, int add) {
  i64 i = first_element<floatX>();
  Pack<floatX> xs = load_pack(x, i, n), dys = load_pack(dy, i, n), dxs = {};
  if (add) dxs = load_pack(dx, i, n);
#pragma unroll
  for (int k = 0; k < xs.size; k++) {
    float v = to_float(xs.v[k]);
    float slope = distribution(v) + v * DENSITY * expf(-0.5f * v * v);
    put(dxs.v[k], to_float(dys.v[k]) * slope, add);
  }
  store_pack(dx, i, n, dxs);
}
