// x (rows, 2H) holds a gate g and a value u; y (rows, H) = g s u with s = sigmoid(g).
// dg = dy u s (1 + g (1 - s)), du = dy g s. One block for each row.

__device__ inline float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }

extern "C" __global__ void swiglu_forward(floatX* y, const floatX* x, i64 h) {
  y += blockIdx.x * h;
  const floatX* gate = x + blockIdx.x * 2 * h;
  const floatX* value = gate + h;
  constexpr int size = Pack<floatX>::size;
  for (i64 i = threadIdx.x * size; i < h; i += blockDim.x * size) {
    Pack<floatX> gs = load_pack(gate, i, h), us = load_pack(value, i, h), ys;
#pragma unroll
    for (int k = 0; k < size; k++) {
      float g = to_float(gs.v[k]);
      assign(ys.v[k], g * sigmoid(g) * to_float(us.v[k]));
    }
    store_pack(y, i, h, ys);
  }
}

extern "C" __global__ void swiglu_backward(
    floatX* dx, const floatX* dy, const floatX* x, i64 h, int add) {
  dy += blockIdx.x * h;
  const floatX* gate = x + blockIdx.x * 2 * h;
  const floatX* value = gate + h;
  floatX* dgate = dx + blockIdx.x * 2 * h;
  floatX* dvalue = dgate + h;
  constexpr int size = Pack<floatX>::size;
  for (i64 i = threadIdx.x * size; i < h; i += blockDim.x * size) {
    Pack<floatX> gs = load_pack(gate, i, h), us = load_pack(value, i, h);
    Pack<floatX> dys = load_pack(dy, i, h), dgs = {}, dus = {};
    if (add) {
      dgs = load_pack(dgate, i, h);
      dus = load_pack(dvalue, i, h);
    }
#pragma unroll
    for (int k = 0; k < size; k++) {
      float g = to_float(gs.v[k]);
      float s = sigmoid(g);
      float d = to_float(dys.v[k]);
      put(dgs.v[k], d * to_float(us.v[k]) * s * (1.0f + g * (1.0f - s)), add);
      put(dus.v[k], d * g * s, add);
    }
    store_pack(dgate, i, h, dgs);
    store_pack(dvalue, i, h, dus);
  }
}
