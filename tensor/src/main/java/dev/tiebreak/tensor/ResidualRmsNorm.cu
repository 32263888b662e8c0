// sum = x + branch, y = w sum / sqrt(mean(sum^2) + eps), over rows of n elements, a block for each.
// The norm is that of the sum as it is stored. Backward is in RmsNorm.cu.

constexpr int PACK = Pack<floatX>::size;

// whole: n is a multiple of PACK
template <bool whole>
__device__ inline void forward(
    floatX* sum, floatX* y, float* scales, float* changes, float* sizes, const floatX* x,
    const floatX* branch, const floatX* w, const floatX* origin, i64 n, float epsilon) {
  i64 start = blockIdx.x * n;
  float squares = 0.0f;
  float change = 0.0f;
  float size = 0.0f;
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> xs = load_pack<whole>(x + start, j, n);
    Pack<floatX> bs = load_pack<whole>(branch + start, j, n), os = {}, s;
    if (origin) os = load_pack<whole>(origin + start, j, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) {
      assign(s.v[k], to_float(xs.v[k]) + to_float(bs.v[k]));
      float v = to_float(s.v[k]);
      float o = to_float(os.v[k]);
      squares += v * v;
      change += (v - o) * (v - o);
      size += o * o;
    }
    store_pack<whole>(sum + start, j, n, s);
  }
  float scale = 1.0f / sqrtf(block_sum(squares) / n + epsilon);
  if (origin) {
    change = block_sum(change);
    size = block_sum(size);
  }
  if (threadIdx.x == 0) {
    scales[blockIdx.x] = scale;
    if (origin) {
      changes[blockIdx.x] = change;
      sizes[blockIdx.x] = size;
    }
  }
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> s = load_pack<whole>(sum + start, j, n), ws = load_pack<whole>(w, j, n), ys;
#pragma unroll
    for (int k = 0; k < PACK; k++) assign(ys.v[k], to_float(s.v[k]) * scale * to_float(ws.v[k]));
    store_pack<whole>(y + start, j, n, ys);
  }
}

// origin, null for none: changes[r] = ||sum - origin||^2 and sizes[r] = ||origin||^2 of each row,
// whose divergence Divergence.cu works out.
extern "C" __global__ void residual_rmsnorm_forward(
    floatX* sum, floatX* y, float* scales, float* changes, float* sizes, const floatX* x,
    const floatX* branch, const floatX* w, const floatX* origin, i64 n, float epsilon) {
  if (n % PACK == 0) {
    forward<true>(sum, y, scales, changes, sizes, x, branch, w, origin, n, epsilon);
  } else {
    forward<false>(sum, y, scales, changes, sizes, x, branch, w, origin, n, epsilon);
  }
}
