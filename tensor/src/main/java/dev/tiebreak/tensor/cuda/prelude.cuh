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

// The largest of a row of n elements, found by a block of whole warps; the same in every thread.
template <typename T>
__device__ inline float row_max(const T* row, i64 n) {
  constexpr int size = Pack<T>::size;
  float max = -infinity();
  for (i64 j = threadIdx.x * size; j < n; j += blockDim.x * size) {
    Pack<T> xs = load_pack(row, j, n);
#pragma unroll
    for (int k = 0; k < size; k++) {
      if (j + k < n) max = fmaxf(max, to_float(xs.v[k]));
    }
  }
  return block_max(max);
}

// ---- random numbers -----------------------------------------------------------------------------

struct Words {
  unsigned v[4];
};

// Philox 4x32-10: the block of random words with number `counter`, the same as in Philox.java.
__device__ inline Words philox(i64 counter, unsigned stream, i64 seed) {
  unsigned c0 = (unsigned)counter, c1 = (unsigned)(counter >> 32), c2 = stream, c3 = 0;
  unsigned k0 = (unsigned)seed, k1 = (unsigned)(seed >> 32);
#pragma unroll
  for (int round = 0; round < 10; round++) {
    unsigned high0 = __umulhi(0xD2511F53u, c0), low0 = 0xD2511F53u * c0;
    unsigned high1 = __umulhi(0xCD9E8D57u, c2), low1 = 0xCD9E8D57u * c2;
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return Words{{c0, c1, c2, c3}};
}

// ---- tensor cores: what a warp does as one ------------------------------------------------------
//
// Thread l of a warp has of 16 x 8 sums the elements (g, 2 i), (g, 2 i + 1), (g + 8, 2 i) and
// (g + 8, 2 i + 1), where g = l / 4 and i = l % 4. The simulated CUDA does the same by shuffles.

// Two bf16 in a register, the first in the lower half.
__device__ inline unsigned pair(float first, float second) {
#ifndef TIEBREAK_SIMULATED
  unsigned bits;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(bits) : "f"(second), "f"(first));
  return bits;
#else
  bf16 low, high;
  assign(low, first);
  assign(high, second);
  return (unsigned)low.bits | (unsigned)high.bits << 16;
#endif
}

#ifndef TIEBREAK_SIMULATED
__device__ inline unsigned shared_address(const bf16* p) {
  unsigned address;
  asm("{ .reg .u64 a; cvta.to.shared.u64 a, %1; cvt.u32.u64 %0, a; }" : "=r"(address) : "l"(p));
  return address;
}
#else
__device__ inline const bf16* row_of_thread(const bf16* row, int lane) {
  unsigned long bits = (unsigned long)check_aligned(row);
  unsigned low = __shfl_sync(0xffffffffu, (unsigned)bits, lane);
  unsigned high = __shfl_sync(0xffffffffu, (unsigned)(bits >> 32), lane);
  return (const bf16*)((unsigned long)high << 32 | low);
}
#endif

// c += a b, 16 x 16 times 16 x 8.
__device__ inline void multiply_16x16x8(
    float (&c)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
#ifndef TIEBREAK_SIMULATED
  asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#else
  // a[0], a[1]: rows g and g + 8, columns 2 i, 2 i + 1; a[2], a[3]: columns 8 further.
  // b0: rows 2 i, 2 i + 1 of column g; b1: rows 8 further.
  int g = threadIdx.x % 32 / 4, i = threadIdx.x % 4;
  for (int k = 0; k < 8; k++) {
    unsigned upper = __shfl_sync(0xffffffffu, a[k / 4 * 2], g * 4 + k % 4);
    unsigned lower = __shfl_sync(0xffffffffu, a[k / 4 * 2 + 1], g * 4 + k % 4);
    unsigned b = k < 4 ? b0 : b1;
    unsigned left = __shfl_sync(0xffffffffu, b, 2 * i * 4 + k % 4);
    unsigned right = __shfl_sync(0xffffffffu, b, (2 * i + 1) * 4 + k % 4);
    for (int half = 0; half < 32; half += 16) {
      float u = to_float(bf16{(unsigned short)(upper >> half)});
      float w = to_float(bf16{(unsigned short)(lower >> half)});
      float l = to_float(bf16{(unsigned short)(left >> half)});
      float r = to_float(bf16{(unsigned short)(right >> half)});
      c[0] = fmaf(u, l, c[0]);
      c[1] = fmaf(u, r, c[1]);
      c[2] = fmaf(w, l, c[2]);
      c[3] = fmaf(w, r, c[3]);
    }
  }
#endif
}

// Four 8 x 8 matrices in shared memory; thread l says where row l % 8 of matrix l / 8 is, and gets
// of each matrix the elements (g, 2 i) and (g, 2 i + 1).
__device__ inline void load_matrices(unsigned (&r)[4], const bf16* row) {
#ifndef TIEBREAK_SIMULATED
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
               : "r"(shared_address(row))
               : "memory");
#else
  int g = threadIdx.x % 32 / 4, i = threadIdx.x % 4;
  for (int m = 0; m < 4; m++) {
    const bf16* p = row_of_thread(row, m * 8 + g) + 2 * i;
    r[m] = p[0].bits | (unsigned)p[1].bits << 16;
  }
#endif
}

// The same of the transposed matrices: thread l gets (2 i, g) and (2 i + 1, g).
__device__ inline void load_transposed(unsigned (&r)[4], const bf16* row) {
#ifndef TIEBREAK_SIMULATED
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
               : "r"(shared_address(row))
               : "memory");
#else
  int g = threadIdx.x % 32 / 4, i = threadIdx.x % 4;
  for (int m = 0; m < 4; m++) {
    const bf16* first = row_of_thread(row, m * 8 + 2 * i);
    const bf16* second = row_of_thread(row, m * 8 + 2 * i + 1);
    r[m] = first[g].bits | (unsigned)second[g].bits << 16;
  }
#endif
}

// Begins to copy 16 bytes to shared memory, or zeros if not `inside`. For GPUs from sm_80 on.
__device__ inline void begin_copy(bf16* target, const bf16* source, bool inside) {
#ifndef TIEBREAK_SIMULATED
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_address(target)),
               "l"(source), "r"(inside ? 16 : 0)
               : "memory");
#else
  store_pack(target, inside ? load_pack(source) : Pack<bf16>{});
#endif
}

// Ends a group of copies, empty or not.
__device__ inline void end_group() {
#ifndef TIEBREAK_SIMULATED
  asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

// Waits for all groups of copies but the last. A barrier must follow.
__device__ inline void await_copies() {
#ifndef TIEBREAK_SIMULATED
  asm volatile("cp.async.wait_group 1;" ::: "memory");
#endif
}
