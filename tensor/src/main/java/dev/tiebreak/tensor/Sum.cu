// y[r] = factor sum over j of x[r, j], for rows of n elements or one row of all. Partial sums are
// in float, in an order that only the sizes decide.

constexpr int PACK = Pack<floatX>::size;

__device__ inline float sum_of(const Pack<floatX>& pack) {
  float sum = 0.0f;
#pragma unroll
  for (int k = 0; k < PACK; k++) sum += to_float(pack.v[k]);
  return sum;
}

// A block for each row.
extern "C" __global__ void sum_rows_forward(float* y, const floatX* x, i64 n, float factor) {
  x += blockIdx.x * n;
  float sum = 0.0f;
#pragma unroll 4
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) sum += sum_of(load_pack(x, j, n));
  sum = block_sum(sum);
  if (threadIdx.x == 0) y[blockIdx.x] = factor * sum;
}

// The first stage for one long row: partial[b] is the sum of every gridDim.x-th block's elements.
extern "C" __global__ void sum_slices_forward(float* partial, const floatX* x, i64 n) {
  float sum = 0.0f;
#pragma unroll 4
  for (i64 i = first_element<floatX>(); i < n; i += (i64)gridDim.x * blockDim.x * PACK) {
    sum += sum_of(load_pack(x, i, n));
  }
  sum = block_sum(sum);
  if (threadIdx.x == 0) partial[blockIdx.x] = sum;
}

// The second stage, one block.
extern "C" __global__ void sum_finish_forward(
    float* y, const float* partial, i64 slices, float factor) {
  float sum = 0.0f;
  for (i64 i = threadIdx.x; i < slices; i += blockDim.x) sum += partial[i];
  sum = block_sum(sum);
  if (threadIdx.x == 0) y[0] = factor * sum;
}

// dx[r, j] = factor dy[r]
extern "C" __global__ void sum_backward(
    floatX* dx, const float* dy, i64 size, i64 n, float factor, int add) {
  i64 i = first_element<floatX>();
  if (i >= size) return;
  bool one_row = i / n == (i + PACK - 1) / n;
  float upstream = dy[i / n];
  Pack<floatX> dxs = {};
  if (add) dxs = load_pack(dx, i, size);
#pragma unroll
  for (int k = 0; k < PACK; k++) {
    if (!one_row && i + k < size) upstream = dy[(i + k) / n];
    put(dxs.v[k], factor * upstream, add);
  }
  store_pack(dx, i, size, dxs);
}
