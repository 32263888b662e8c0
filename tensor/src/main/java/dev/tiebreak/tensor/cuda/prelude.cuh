// What every kernel file begins with: it is put in front of the file's text before it is compiled.
//
// floatX is the type of activations and weights: float, or bf16 where TIEBREAK_BF16 is defined.
// Arithmetic is always in float. Every tensor begins at a multiple of 16 bytes; its rows do only
// if their length is a multiple of Pack<floatX>::size. Reductions have a fixed order: same input,
// same bytes. No atomics on floating-point numbers, no assumption that a warp runs in lock-step.

typedef long long i64;

// The upper half of a float: 1 bit of sign, 8 of exponent, 7 of fraction.
struct bf16 {
  unsigned short bits;
};

#ifdef TIEBREAK_BF16
typedef bf16 floatX;
#else
typedef float floatX;
#endif

__device__ inline float to_float(float x) { return x; }

__device__ inline float to_float(bf16 x) { return __uint_as_float((unsigned)x.bits << 16); }

__device__ inline void assign(float& target, float x) { target = x; }

// Rounds to nearest, ties to even; what is not a number stays so.
__device__ inline void assign(bf16& target, float x) {
#ifdef TIEBREAK_SIMULATED
  unsigned bits = __float_as_uint(x);
  unsigned rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  bool nan = (bits & 0x7fffffffu) > 0x7f800000u;
  target.bits = (unsigned short)(nan ? (bits >> 16) | 0x40u : rounded);
#else
  asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(target.bits) : "f"(x));  // the same in one instruction
#endif
}

// target = value, or target += value.
template <class T>
__device__ inline void put(T& target, float value, bool add) {
  assign(target, add ? to_float(target) + value : value);
}

__device__ inline float infinity() { return __uint_as_float(0x7f800000u); }

#ifndef TIEBREAK_SIMULATED  // the simulated CUDA brings one that looks
#define check_aligned(pointer) (pointer)
#endif

// 16 bytes of neighbours: one load or store.
template <class T>
struct alignas(16) Pack {
  static constexpr int size = 16 / sizeof(T);
  T v[size];
};

template <class T>
__device__ inline Pack<T> load_pack(const T* p) {
  return *reinterpret_cast<const Pack<T>*>(check_aligned(p));
}

template <class T>
__device__ inline void store_pack(T* p, const Pack<T>& pack) {
  *reinterpret_cast<Pack<T>*>(check_aligned(p)) = pack;
}

// The first of the elements that this thread works on, one pack for each thread of the grid.
template <class T>
__device__ inline i64 first_element() {
  return ((i64)blockIdx.x * blockDim.x + threadIdx.x) * Pack<T>::size;
}

// ---- packs of rows of any length, beginning anywhere --------------------------------------------

template <class T>
__device__ inline bool is_whole_pack(const T* p, i64 left) {
  return left >= Pack<T>::size && reinterpret_cast<unsigned long long>(p) % 16 == 0;
}

// The pack at element i of a row of n, zeros behind the end: one load where it is whole and
// aligned, else one for each element.
template <class T>
__device__ inline Pack<T> load_pack(const T* row, i64 i, i64 n) {
  if (is_whole_pack(row + i, n - i)) return load_pack(row + i);
  Pack<T> pack = {};
#pragma unroll
  for (int k = 0; k < Pack<T>::size; k++) {
    if (i + k < n) pack.v[k] = row[i + k];
  }
  return pack;
}

// Its counterpart: stores nothing behind the end.
template <class T>
__device__ inline void store_pack(T* row, i64 i, i64 n, const Pack<T>& pack) {
  if (is_whole_pack(row + i, n - i)) {
    store_pack(row + i, pack);
    return;
  }
#pragma unroll
  for (int k = 0; k < Pack<T>::size; k++) {
    if (i + k < n) row[i + k] = pack.v[k];
  }
}

// The same, where `whole` says that the rows' length is a multiple of a pack: without looking.
template <bool whole, class T>
__device__ inline Pack<T> load_pack(const T* row, i64 i, i64 n) {
  return whole ? load_pack(row + i) : load_pack(row, i, n);
}

template <bool whole, class T>
__device__ inline void store_pack(T* row, i64 i, i64 n, const Pack<T>& pack) {
  if (whole) {
    store_pack(row + i, pack);
  } else {
    store_pack(row, i, n, pack);
  }
}

// The pack at element i of a row of n that is repeated for ever.
template <class T>
__device__ inline Pack<T> load_repeated(const T* row, i64 i, i64 n) {
  i64 start = i % n;
  if (start + Pack<T>::size <= n) return load_pack(row, start, n);
  Pack<T> pack;
#pragma unroll
  for (int k = 0; k < Pack<T>::size; k++) pack.v[k] = row[(i + k) % n];
  return pack;
}

// ---- reductions over the threads of a warp and of a block ---------------------------------------

__device__ inline float warp_sum(float x) {
  for (int lane = 16; lane > 0; lane /= 2) x += __shfl_xor_sync(0xffffffffu, x, lane);
  return x;
}

__device__ inline float warp_max(float x) {
  for (int lane = 16; lane > 0; lane /= 2) x = fmaxf(x, __shfl_xor_sync(0xffffffffu, x, lane));
  return x;
}

// The sum over a block of whole warps, the same in every thread. Every thread must call it.
__device__ inline float block_sum(float x) {
  __shared__ float partial[32];
  x = warp_sum(x);
  __syncthreads();  // partial may still be read from the call before
  if (threadIdx.x % 32 == 0) partial[threadIdx.x / 32] = x;
  __syncthreads();
  return warp_sum(threadIdx.x % 32 < blockDim.x / 32 ? partial[threadIdx.x % 32] : 0.0f);
}

// The largest over a block of whole warps, the same in every thread. Every thread must call it.
__device__ inline float block_max(float x) {
  __shared__ float partial[32];
  x = warp_max(x);
  __syncthreads();
  if (threadIdx.x % 32 == 0) partial[threadIdx.x / 32] = x;
  __syncthreads();
  return warp_max(threadIdx.x % 32 < blockDim.x / 32 ? partial[threadIdx.x % 32] : -infinity());
}
