// What the text of a kernel is compiled behind, in place of nvcc's own declarations: enough of CUDA
// for this project's kernels and no more. What is not here does not compile, and so is noticed.
#pragma once

#include "module.h"

#define __global__
#define __device__
#define __host__
#define __constant__ static const
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __align__(bytes) __attribute__((aligned(bytes)))
// Not written to anywhere, so it lies in the library's .bss with the other shared variables, and
// nothing else does. (Sections of one's own do not work in templates.)
#define __shared__ static

struct uint2 { unsigned x, y; };
struct alignas(16) uint4 { unsigned x, y, z, w; };
struct alignas(16) int4 { int x, y, z, w; };
struct alignas(8) float2 { float x, y; };
struct alignas(16) float4 { float x, y, z, w; };
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
inline float2 make_float2(float x, float y) { return {x, y}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }

// Where a thread is. To one thread they never change, which is what "const" tells the compiler.
extern "C" __attribute__((const)) uint3 simulated_thread_index();
extern "C" __attribute__((const)) uint3 simulated_block_index();
extern "C" __attribute__((const)) uint3 simulated_block_size();
extern "C" __attribute__((const)) uint3 simulated_grid_size();
#define threadIdx (simulated_thread_index())
#define blockIdx (simulated_block_index())
#define blockDim (simulated_block_size())
#define gridDim (simulated_grid_size())
constexpr int warpSize = 32;

// Barriers and shuffles are known by the line they are called from.
extern "C" void simulated_barrier(int line);
extern "C" void simulated_warp_barrier(unsigned mask, int line);
extern "C" unsigned simulated_shuffle(unsigned mask, unsigned value, int lane, int line);
extern "C" __attribute__((const)) int simulated_lane();
#define __syncthreads() simulated_barrier(__LINE__)
#define __syncwarp() simulated_warp_barrier(0xffffffffu, __LINE__)

template <class T>
inline T simulated_shuffled(unsigned mask, T value, int lane, int line) {
  static_assert(sizeof(T) == 4, "shuffles are of 4 bytes");
  unsigned bits = simulated_shuffle(mask, __builtin_bit_cast(unsigned, value), lane, line);
  return __builtin_bit_cast(T, bits);
}
// A lane that is asked for and does not exist is the thread's own, as in CUDA.
inline int simulated_existing(int lane) { return lane >= 0 && lane < 32 ? lane : simulated_lane(); }
#define __shfl_sync(mask, value, lane) simulated_shuffled(mask, value, (lane) & 31, __LINE__)
#define __shfl_xor_sync(mask, value, bits) \
  simulated_shuffled(mask, value, simulated_existing(simulated_lane() ^ (bits)), __LINE__)
#define __shfl_down_sync(mask, value, by) \
  simulated_shuffled(mask, value, simulated_existing(simulated_lane() + (int)(by)), __LINE__)
#define __shfl_up_sync(mask, value, by) \
  simulated_shuffled(mask, value, simulated_existing(simulated_lane() - (int)(by)), __LINE__)

extern "C" __attribute__((visibility("default"))) char simulated_dynamic_shared[];

// A pointer that a pack of 16 bytes is read from or written to.
extern "C" void simulated_check_aligned(const void* pointer);
template <class T>
inline T* check_aligned(T* pointer) {
  simulated_check_aligned(pointer);
  return pointer;
}

extern "C" {
float expf(float);
float exp2f(float);
float logf(float);
float log2f(float);
float log1pf(float);
float tanhf(float);
float erff(float);
float sqrtf(float);
float fmaf(float, float, float);
float fmaxf(float, float);
float fminf(float, float);
float powf(float, float);
float floorf(float);
float ceilf(float);
float fabsf(float);
float sinf(float);
float cosf(float);
}
inline float rsqrtf(float x) { return 1.0f / sqrtf(x); }
inline unsigned __float_as_uint(float x) { return __builtin_bit_cast(unsigned, x); }
inline float __uint_as_float(unsigned x) { return __builtin_bit_cast(float, x); }
inline int __float_as_int(float x) { return __builtin_bit_cast(int, x); }
inline float __int_as_float(int x) { return __builtin_bit_cast(float, x); }
inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned long)a * b >> 32; }
template <class T>
inline T min(T a, T b) { return b < a ? b : a; }
template <class T>
inline T max(T a, T b) { return a < b ? b : a; }

// ---- how the driver finds kernels and calls them ------------------------------------------------

// nvrtc.cpp puts the list of a file's kernels behind its text, as simulated_module.
extern "C" char __bss_start[] __attribute__((visibility("hidden")));
extern "C" char _end[] __attribute__((visibility("hidden")));

namespace {
template <int... I>
struct Indices {};

template <class... A>
struct Caller {
  static constexpr size_t sizes[] = {sizeof(A)..., 0};

  // Reads the arguments from memory of the host, which a kernel may not do.
  template <int... I>
  __attribute__((no_sanitize("thread"))) static void call(void (*f)(), void** arguments,
                                                          Indices<I...>) {
    reinterpret_cast<void (*)(A...)>(f)(*static_cast<A*>(arguments[I])...);
  }
  __attribute__((no_sanitize("thread"))) static void call(void (*f)(), void** arguments) {
    call(f, arguments, Indices<__integer_pack(sizeof...(A))...>());
  }
};

template <class... A>
SimulatedKernel simulated_kernel(const char* name, void (*f)(A...), unsigned largest_block = 1024,
                                 unsigned = 0) {
  return {name,        reinterpret_cast<void (*)()>(f), Caller<A...>::call, Caller<A...>::sizes,
          sizeof...(A), largest_block};
}
}  // namespace
