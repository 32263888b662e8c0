// A strided view x of up to 8 dimensions and its n elements y in row-major order: n0 .. n7 are the
// extents and s0 .. s7 the strides, outermost first, with extents of 1 in front if there are fewer.
// One element for each thread: neighbours in y need not be neighbours in x.

// Where in x's storage the element is.
#define PLACE(element)                                                                       \
  place(element, Dims{{n0, n1, n2, n3, n4, n5, n6, n7}}, Dims{{s0, s1, s2, s3, s4, s5, s6, s7}})

struct Dims {
  i64 v[8];
};

__device__ inline i64 place(i64 element, Dims extents, Dims strides) {
  i64 sum = 0;
#pragma unroll
  for (int d = 7; d >= 0; d--) {
    if (extents.v[d] > 1) {
      sum += element % extents.v[d] * strides.v[d];
      element /= extents.v[d];
    }
  }
  return sum;
}

extern "C" __global__ void contiguous_forward(
    floatX* y, const floatX* x, i64 n, i64 n0, i64 n1, i64 n2, i64 n3, i64 n4, i64 n5, i64 n6,
    i64 n7, i64 s0, i64 s1, i64 s2, i64 s3, i64 s4, i64 s5, i64 s6, i64 s7) {
  i64 i = (i64)blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) y[i] = x[PLACE(i)];
}

// No two elements of a view are in one place, so each thread has its own.
extern "C" __global__ void contiguous_backward(
    floatX* dx, const floatX* dy, i64 n, int add, i64 n0, i64 n1, i64 n2, i64 n3, i64 n4, i64 n5,
    i64 n6, i64 n7, i64 s0, i64 s1, i64 s2, i64 s3, i64 s4, i64 s5, i64 s6, i64 s7) {
  i64 i = (i64)blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) put(dx[PLACE(i)], to_float(dy[i]), add);
}

extern "C" __global__ void contiguous_backward_wide(
    float* dx, const floatX* dy, i64 n, int add, i64 n0, i64 n1, i64 n2, i64 n3, i64 n4, i64 n5,
    i64 n6, i64 n7, i64 s0, i64 s1, i64 s2, i64 s3, i64 s4, i64 s5, i64 s6, i64 s7) {
  i64 i = (i64)blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) put(dx[PLACE(i)], to_float(dy[i]), add);
}
