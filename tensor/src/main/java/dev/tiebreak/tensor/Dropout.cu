// y[i] = x[i] scale where number offset + i of a Philox stream is at least the probability, else 0;
// added to what y holds if `add`. Both directions.

// Bit k says whether number `index + k` is at least `threshold` / 2^32.
__device__ inline unsigned kept_bits(i64 index, int count, unsigned stream, i64 seed, i64 threshold) {
  unsigned kept = 0;
  i64 block = index >> 2;
  for (int first = -(int)(index & 3); first < count; first += 4) {
    Words words = philox(block++, stream, seed);
#pragma unroll
    for (int w = 0; w < 4; w++) {
      if (first + w >= 0 && words.v[w] >= threshold) kept |= 1u << (first + w);
    }
  }
  return kept;
}

extern "C" __global__ void dropout_mask(
    floatX* y, const floatX* x, i64 n, i64 threshold, float scale, i64 seed, int stream, i64 offset,
    int add) {
  i64 i = first_element<floatX>();
  Pack<floatX> xs = load_pack(x, i, n), ys = {};
  if (add) ys = load_pack(y, i, n);
  unsigned kept = kept_bits(offset + i, xs.size, stream, seed, threshold);
#pragma unroll
  for (int k = 0; k < xs.size; k++) {
    put(ys.v[k], kept >> k & 1 ? to_float(xs.v[k]) * scale : 0.0f, add);
  }
  store_pack(y, i, n, ys);
}
