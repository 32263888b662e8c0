// y = f(x) and dx = dy f'(x), n elements; f has two constants p and q. A function is a struct with
// its value and its slope, and a pair of kernels at the end.

struct Exp {
  static __device__ float value(float x, float p, float q) { return expf(x); }
  static __device__ float slope(float x, float y, float p, float q) { return y; }
};

struct Log {
  static __device__ float value(float x, float p, float q) { return logf(x); }
  static __device__ float slope(float x, float y, float p, float q) { return 1.0f / x; }
};

struct Power {  // x^p
  static __device__ float value(float x, float p, float q) { return powf(x, p); }
  static __device__ float slope(float x, float y, float p, float q) { return p * powf(x, p - 1.0f); }
};

struct Clamp {  // into [p, q]; what is not a number stays so
  static __device__ float value(float x, float p, float q) { return x < p ? p : x > q ? q : x; }
  static __device__ float slope(float x, float y, float p, float q) {
    return x < p || x > q ? 0.0f : 1.0f;
  }
};

struct Affine {  // p x + q
  static __device__ float value(float x, float p, float q) { return p * x + q; }
  static __device__ float slope(float x, float y, float p, float q) { return p; }
};

struct Silu {  // x s with s = sigmoid(x); the slope is s (1 + x (1 - s))
  static __device__ float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }
  static __device__ float value(float x, float p, float q) { return x * sigmoid(x); }
  static __device__ float slope(float x, float y, float p, float q) {
    float s = sigmoid(x);
    return s * (1.0f + x * (1.0f - s));
  }
};

struct Gelu {  // tanh form: x s for s = sigmoid(2u), 2u = 2 sqrt(2/pi) (x + 0.044715 x^3)
  static constexpr float TWICE_ROOT = 1.5957691216057308f;  // 2 sqrt(2/pi)
  static constexpr float CUBIC = 0.044715f;

  static __device__ float sigmoid_twice_u(float x) {
    return 1.0f / (1.0f + expf(-TWICE_ROOT * x * (1.0f + CUBIC * x * x)));
  }
  static __device__ float value(float x, float p, float q) { return x * sigmoid_twice_u(x); }
  static __device__ float slope(float x, float y, float p, float q) {
    float s = sigmoid_twice_u(x);
    float slope_twice_u = TWICE_ROOT * (1.0f + 3.0f * CUBIC * x * x);
    return s + x * s * (1.0f - s) * slope_twice_u;
  }
};

struct GeluErf {  // exact form: x F(x), where F is the standard normal distribution function
  static constexpr float ROOT_HALF = 0.70710678118654752f;
  static constexpr float DENSITY = 0.39894228040143268f;  // 1 / sqrt(2 pi)

  static __device__ float distribution(float x) { return 0.5f * (1.0f + erff(ROOT_HALF * x)); }
  static __device__ float value(float x, float p, float q) { return x * distribution(x); }
  static __device__ float slope(float x, float y, float p, float q) {
    return distribution(x) + x * DENSITY * expf(-0.5f * x * x);
  }
};

template <class F>
__device__ inline void forward(floatX* y, const floatX* x, float p, float q, i64 n) {
  i64 i = first_element<floatX>();
  Pack<floatX> xs = load_pack(x, i, n), ys;
#pragma unroll
  for (int k = 0; k < xs.size; k++) assign(ys.v[k], F::value(to_float(xs.v[k]), p, q));
  store_pack(y, i, n, ys);
}

template <class F>
__device__ inline void backward(
    floatX* dx, const floatX* dy, const floatX* x, const floatX* y, float p, float q, i64 n,
    bool add) {
  i64 i = first_element<floatX>();
  Pack<floatX> xs = load_pack(x, i, n), ys = load_pack(y, i, n), dys = load_pack(dy, i, n);
  Pack<floatX> dxs = {};
  if (add) dxs = load_pack(dx, i, n);
#pragma unroll
  for (int k = 0; k < xs.size; k++) {
    float slope = F::slope(to_float(xs.v[k]), to_float(ys.v[k]), p, q);
    put(dxs.v[k], to_float(dys.v[k]) * slope, add);
  }
  store_pack(dx, i, n, dxs);
}

#define FORWARD floatX *y, const floatX *x, float p, float q, i64 n
#define BACKWARD \
  floatX *dx, const floatX *dy, const floatX *x, const floatX *y, float p, float q, i64 n, int add

extern "C" __global__ void exp_forward(FORWARD) { forward<Exp>(y, x, p, q, n); }
extern "C" __global__ void exp_backward(BACKWARD) {
  backward<Exp>(dx, dy, x, y, p, q, n, add);
}

extern "C" __global__ void log_forward(FORWARD) { forward<Log>(y, x, p, q, n); }
extern "C" __global__ void log_backward(BACKWARD) {
  backward<Log>(dx, dy, x, y, p, q, n, add);
}

extern "C" __global__ void power_forward(FORWARD) { forward<Power>(y, x, p, q, n); }
extern "C" __global__ void power_backward(BACKWARD) {
  backward<Power>(dx, dy, x, y, p, q, n, add);
}

extern "C" __global__ void clamp_forward(FORWARD) { forward<Clamp>(y, x, p, q, n); }
extern "C" __global__ void clamp_backward(BACKWARD) {
  backward<Clamp>(dx, dy, x, y, p, q, n, add);
}

extern "C" __global__ void affine_forward(FORWARD) { forward<Affine>(y, x, p, q, n); }
extern "C" __global__ void affine_backward(BACKWARD) {
  backward<Affine>(dx, dy, x, y, p, q, n, add);
}

extern "C" __global__ void silu_forward(FORWARD) { forward<Silu>(y, x, p, q, n); }
extern "C" __global__ void silu_backward(BACKWARD) {
  backward<Silu>(dx, dy, x, y, p, q, n, add);
}

extern "C" __global__ void gelu_forward(FORWARD) { forward<Gelu>(y, x, p, q, n); }
extern "C" __global__ void gelu_backward(BACKWARD) {
  backward<Gelu>(dx, dy, x, y, p, q, n, add);
}

extern "C" __global__ void gelu_erf_forward(FORWARD) { forward<GeluErf>(y, x, p, q, n); }
extern "C" __global__ void gelu_erf_backward(BACKWARD) {
  backward<GeluErf>(dx, dy, x, y, p, q, n, add);
}
