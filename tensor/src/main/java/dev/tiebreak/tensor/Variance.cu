// v[r] = mean over j of (x[r, j] - m[r])^2, for rows of n elements or one row of all. The mean
// comes first, then the squares: equal elements give exactly zero.

constexpr int PACK = Pack<floatX>::size;

__device__ inline float squares_of(const floatX* x, i64 i, i64 n, float mean) {
  Pack<floatX> xs = load_pack(x, i, n);
  float squares = 0.0f;
#pragma unroll
  for (int k = 0; k < PACK; k++) {
    float d = i + k < n ? to_float(xs.v[k]) - mean : 0.0f;
    squares += d * d;
  }
  return squares;
}

// A block for each row.
extern "C" __global__ void variance_rows_forward(float* v, float* means, const floatX* x, i64 n) {
  x += blockIdx.x * n;
  float sum = 0.0f;
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    Pack<floatX> xs = load_pack(x, j, n);
#pragma unroll
    for (int k = 0; k < PACK; k++) sum += to_float(xs.v[k]);
  }
  float mean = block_sum(sum) / n;
  float squares = 0.0f;
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    squares += squares_of(x, j, n, mean);
  }
  squares = block_sum(squares);
  if (threadIdx.x == 0) {
    means[blockIdx.x] = mean;
    v[blockIdx.x] = squares / n;
  }
}

// One long row whose mean is known, in slices as in Sum.cu, which also adds them up.
extern "C" __global__ void variance_slices_forward(
    float* partial, const floatX* x, const float* mean, i64 n) {
  float squares = 0.0f;
  for (i64 i = first_element<floatX>(); i < n; i += (i64)gridDim.x * blockDim.x * PACK) {
    squares += squares_of(x, i, n, *mean);
  }
  squares = block_sum(squares);
  if (threadIdx.x == 0) partial[blockIdx.x] = squares;
}

// dx[r, j] = dv[r] 2 (x[r, j] - m[r]) / n
extern "C" __global__ void variance_backward(
    floatX* dx, const float* dv, const floatX* x, const float* means, i64 size, i64 n, int add) {
  i64 i = first_element<floatX>();
  if (i >= size) return;
  Pack<floatX> xs = load_pack(x, i, size), dxs = {};
  if (add) dxs = load_pack(dx, i, size);
#pragma unroll
  for (int k = 0; k < PACK; k++) {
    i64 row = (i + k < size ? i + k : i) / n;
    put(dxs.v[k], dv[row] * 2.0f / n * (to_float(xs.v[k]) - means[row]), add);
  }
  store_pack(dx, i, size, dxs);
}
