// Turns each row's leading heads by the angles of its position and lets the rest pass: one block for
// each row of x (B T, width), where a head holds D = 2 half elements and the pair (x[i], x[i + half])
// turns. direction is 1 forwards and -1 backwards. cos and sin (positions, half) are floats.
// y may be x itself: a thread reads its pairs before it writes them.

extern "C" __global__ void rope_turn(
    floatX* y, const floatX* x, const float* cos, const float* sin, i64 width, int heads, int half,
    int position, int length, float direction, int add) {
  constexpr int size = Pack<floatX>::size;
  y += blockIdx.x * width;
  x += blockIdx.x * width;
  cos += (position + (i64)blockIdx.x % length) * half;
  sin += (position + (i64)blockIdx.x % length) * half;
  int packs = (half + size - 1) / size;  // of half a head
  for (int p = threadIdx.x; p < heads * packs; p += blockDim.x) {
    i64 start = (i64)(p / packs) * 2 * half;
    int i = p % packs * size;
    Pack<floatX> a = load_pack(x + start, i, half), b = load_pack(x + start + half, i, half);
    Pack<floatX> ya = {}, yb = {};
    if (add) {
      ya = load_pack(y + start, i, half);
      yb = load_pack(y + start + half, i, half);
    }
#pragma unroll
    for (int from = 0; from < size; from += Pack<float>::size) {
      Pack<float> cs = load_pack(cos, i + from, half), ss = load_pack(sin, i + from, half);
#pragma unroll
      for (int k = 0; k < cs.size; k++) {
        float c = cs.v[k], s = direction * ss.v[k];
        float first = to_float(a.v[from + k]), second = to_float(b.v[from + k]);
        put(ya.v[from + k], first * c - second * s, add);
        put(yb.v[from + k], second * c + first * s, add);
      }
    }
    store_pack(y + start, i, half, ya);
    store_pack(y + start + half, i, half, yb);
  }
  if (y == x) return;
  i64 turned = (i64)heads * 2 * half, rest = width - turned;
  for (i64 i = threadIdx.x * size; i < rest; i += blockDim.x * size) {
    Pack<floatX> values = load_pack(x + turned, i, rest), ys = {};
    if (add) ys = load_pack(y + turned, i, rest);
#pragma unroll
    for (int k = 0; k < size; k++) put(ys.v[k], to_float(values.v[k]), add);
    store_pack(y + turned, i, rest, ys);
  }
}
