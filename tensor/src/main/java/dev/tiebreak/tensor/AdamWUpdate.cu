// One step of AdamW on one weight of n elements, as in AdamWUpdate.java; nothing is written where
// the clip coefficient is not finite. `numbers` and its places are those of AdamWUpdate.java.

struct Numbers {
  float beta1, rest1, beta2, rest2, rate, inverse_correction2, epsilon, kept, step;
};

__device__ inline bool is_finite(float x) {
  return (__float_as_uint(x) & 0x7f800000u) != 0x7f800000u;
}

#ifdef TIEBREAK_BF16

// The neighbour above or below in size, in proportion: adding 16 random bits to those that are cut
// off carries with a probability equal to their share of the gap.
__device__ inline void assign_at_random(bf16& target, float x, unsigned random) {
  if (!is_finite(x)) {
    assign(target, x);
  } else {
    target.bits = (unsigned short)((__float_as_uint(x) + (random & 0xffffu)) >> 16);
  }
}

#endif

extern "C" __global__ void adamw_update(
    floatX* weight, float* master, const float* gradient, float* m, float* v, const float* numbers,
    const float* coefficient, const float* factor, i64 n, int decays, int at_random, i64 seed,
    i64 first_random, i64 random_per_step) {
  float clip = *coefficient;
  if (!is_finite(clip)) return;
  Numbers c = *reinterpret_cast<const Numbers*>(numbers);
  float rate = factor ? c.rate * *factor : c.rate;
  float kept = decays ? c.kept : 1.0f;
  i64 first = first_element<floatX>();
#ifdef TIEBREAK_BF16
  Pack<floatX> rounded;
#endif
#pragma unroll
  for (int from = 0; from < Pack<floatX>::size; from += Pack<float>::size) {
    i64 i = first + from;
    if (i >= n) break;
    Pack<float> ws = load_pack(master, i, n), gs = load_pack(gradient, i, n);
    Pack<float> ms = load_pack(m, i, n), vs = load_pack(v, i, n);
#pragma unroll
    for (int k = 0; k < ws.size; k++) {
      float g = clip * gs.v[k];
      ms.v[k] = c.beta1 * ms.v[k] + c.rest1 * g;
      vs.v[k] = c.beta2 * vs.v[k] + c.rest2 * (g * g);
      float root = sqrtf(vs.v[k] * c.inverse_correction2) + c.epsilon;
      ws.v[k] = ws.v[k] * kept - rate * ms.v[k] / root;
    }
    store_pack(master, i, n, ws);
    store_pack(m, i, n, ms);
    store_pack(v, i, n, vs);
#ifdef TIEBREAK_BF16
    Words random = {};
    if (at_random) {  // 4 is the stream ROUNDING
      i64 number = (i64)c.step * random_per_step + first_random + i;
      random = philox(number >> 2, 4u, seed);
    }
#pragma unroll
    for (int k = 0; k < ws.size; k++) {
      if (at_random) {
        assign_at_random(rounded.v[from + k], ws.v[k], random.v[k]);
      } else {
        assign(rounded.v[from + k], ws.v[k]);
      }
    }
#endif
  }
#ifdef TIEBREAK_BF16
  store_pack(weight, first, n, rounded);
#endif
}

// parts (3, all_parts): sums of v, of w^2 and of the squared updates without the decay, one for
// each block; 0 behind the last block's.
extern "C" __global__ void adamw_statistics(
    float* parts, const float* master, const float* m, const float* v, const float* numbers,
    const float* factor, i64 n, i64 all_parts) {
  Numbers c = *reinterpret_cast<const Numbers*>(numbers);
  float rate = factor ? c.rate * *factor : c.rate;
  float seconds = 0.0f, weights = 0.0f, updates = 0.0f;
  i64 thread = (i64)blockIdx.x * blockDim.x + threadIdx.x;
  i64 stride = (i64)gridDim.x * blockDim.x;
  for (i64 i = thread; i < n; i += stride) {
    float root = sqrtf(v[i] * c.inverse_correction2) + c.epsilon;
    float update = rate * m[i] / root;
    seconds += v[i];
    weights = fmaf(master[i], master[i], weights);
    updates = fmaf(update, update, updates);
  }
  for (i64 p = gridDim.x + thread; p < all_parts; p += stride) {
    parts[p] = 0.0f;
    parts[all_parts + p] = 0.0f;
    parts[2 * all_parts + p] = 0.0f;
  }
  seconds = block_sum(seconds);
  weights = block_sum(weights);
  updates = block_sum(updates);
  if (threadIdx.x == 0) {
    parts[blockIdx.x] = seconds;
    parts[all_parts + blockIdx.x] = weights;
    parts[2 * all_parts + blockIdx.x] = updates;
  }
}
