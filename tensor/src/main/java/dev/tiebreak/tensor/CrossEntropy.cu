// l[i] = log(sum over j of e^x[i, j]) - x[i, target[i]], a block for each row of n logits. Either
// direction reads a row once.

#define IGNORE -100  // the target of a token without a loss

constexpr int PACK = Pack<floatX>::size;
constexpr int PACKS = 4;  // that a thread has on their way at once

// The pack at element j of a row of n, -infinity behind the end: what adds nothing to the sum.
// whole: n is a multiple of PACK
template <bool whole>
__device__ inline Pack<floatX> load_logits(const floatX* x, i64 j, i64 n) {
  Pack<floatX> pack;
#pragma unroll
  for (int k = 0; k < PACK; k++) assign(pack.v[k], -infinity());
  if (whole && j < n) pack = load_pack(x + j);
#pragma unroll
  for (int k = 0; k < PACK && !whole; k++) {
    if (j + k < n) pack.v[k] = x[j + k];
  }
  return pack;
}

template <bool whole>
__device__ inline void forward(float* losses, float* lses, const floatX* x, int target, i64 n) {
  float max = -infinity();
  float sum = 0.0f;  // of e^(x - max) over what this thread has seen
  i64 step = (i64)blockDim.x * PACK;
  for (i64 start = threadIdx.x * PACK; start < n; start += PACKS * step) {
    Pack<floatX> xs[PACKS];
#pragma unroll
    for (int p = 0; p < PACKS; p++) xs[p] = load_logits<whole>(x, start + p * step, n);
    float top = max;
#pragma unroll
    for (int p = 0; p < PACKS; p++) {
#pragma unroll
      for (int k = 0; k < PACK; k++) top = fmaxf(top, to_float(xs[p].v[k]));
    }
    if (top > max) {
      sum *= expf(max - top);
      max = top;
    }
    float shift = max == -infinity() ? 0.0f : max;  // nothing but -infinity so far
#pragma unroll
    for (int p = 0; p < PACKS; p++) {
#pragma unroll
      for (int k = 0; k < PACK; k++) sum += expf(to_float(xs[p].v[k]) - shift);
    }
  }
  float top = block_max(max);
  sum = block_sum(sum * expf(max - top));
  if (threadIdx.x == 0) {
    float lse = top + logf(sum);
    losses[blockIdx.x] = lse - to_float(x[target]);
    lses[blockIdx.x] = lse;
  }
}

// losses[i] = l[i] and lses[i] = log(sum over j of e^x[i, j]); for an ignored token 0 and infinity,
// which makes every probability 0.
extern "C" __global__ void cross_entropy_forward(
    float* losses, float* lses, const floatX* logits, const int* targets, i64 n) {
  const floatX* x = logits + blockIdx.x * n;
  int target = targets[blockIdx.x];
  if (target == IGNORE) {
    if (threadIdx.x == 0) {
      losses[blockIdx.x] = 0.0f;
      lses[blockIdx.x] = infinity();
    }
  } else if (n % PACK == 0) {
    forward<true>(losses, lses, x, target, n);
  } else {
    forward<false>(losses, lses, x, target, n);
  }
}

template <bool whole>
__device__ inline void backward(
    floatX* dx, const floatX* x, int target, float upstream, float lse, i64 n, bool add) {
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> xs = load_pack<whole>(x, j, n), dxs = {};
    if (add) dxs = load_pack<whole>(dx, j, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) {
      float probability = expf(to_float(xs.v[k]) - lse);
      put(dxs.v[k], upstream * (probability - (j + k == target ? 1.0f : 0.0f)), add);
    }
    store_pack<whole>(dx, j, n, dxs);
  }
}

// dx[i, j] = dl[i] (e^(x[i, j] - lse[i]) - [j = target[i]]); dx may be x itself.
extern "C" __global__ void cross_entropy_backward(
    floatX* dlogits, const float* dlosses, const floatX* logits, const int* targets,
    const float* lses, i64 n, int add) {
  floatX* dx = dlogits + blockIdx.x * n;
  const floatX* x = logits + blockIdx.x * n;
  int target = targets[blockIdx.x];
  float upstream = target == IGNORE ? 0.0f : dlosses[blockIdx.x];
  float lse = lses[blockIdx.x];
  if (n % PACK == 0) {
    backward<true>(dx, x, target, upstream, lse, n, add);
  } else {
    backward<false>(dx, x, target, upstream, lse, n, add);
  }
}
