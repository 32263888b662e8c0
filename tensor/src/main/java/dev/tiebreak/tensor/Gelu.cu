// GELU, tanh form. With 2u = 2 sqrt(2/pi) (x + 0.044715 x^3) and s = sigmoid(2u):
// y = x s, dx = dy (s + x s (1 - s) (2u)').

#define TWICE_ROOT 1.5957691216057308f  // 2 sqrt(2/pi)
#define CUBIC 0.044715f

__device__ inline float sigmoid_twice_u(float x) {
  return 1.0f / (1.0f + expf(-TWICE_ROOT * x * (1.0f + CUBIC * x * x)));
}

extern "C" __global__ void gelu_forward(floatX* y, const floatX* x, i64 n) {
  i64 i = first_element<floatX>();
  Pack<floatX> xs = load_pack(x, i, n), ys;
#pragma unroll
  for (int k = 0; k < xs.size; k++) {
    float v = to_float(xs.v[k]);
    assign(ys.v[k], v * sigmoid_twice_u(v));
  }
  store_pack(y, i, n, ys);
}

extern "C" __global__ void gelu_backward(
    floatX* dx, const floatX* dy, const floatX* x, i64 n, int add) {
  i64 i = first_element<floatX>();
  Pack<floatX> xs = load_pack(x, i, n), dys = load_pack(dy, i, n), dxs = {};
  if (add) dxs = load_pack(dx, i, n);
#pragma unroll
  for (int k = 0; k < xs.size; k++) {
    float v = to_float(xs.v[k]);
    float s = sigmoid_twice_u(v);
    float slope_twice_u = TWICE_ROOT * (1.0f + 3.0f * CUBIC * v * v);
    put(dxs.v[k], to_float(dys.v[k]) * (s + v * s * (1.0f - s) * slope_twice_u), add);
  }
  store_pack(dx, i, n, dxs);
}
