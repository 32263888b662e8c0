// What several operations' backward passes share. A target is a gradient: floatX for activations,
// float for weights (the kernels that end in _wide).

// ---- target = factor source, n elements ---------------------------------------------------------

template <class T>
__device__ inline void scaled(T* target, const floatX* source, float factor, i64 n, bool add) {
  i64 i = first_element<floatX>();
  Pack<floatX> values = load_pack(source, i, n);
#pragma unroll
  for (int from = 0; from < values.size; from += Pack<T>::size) {
    Pack<T> sums = {};
    if (add) sums = load_pack(target, i + from, n);
#pragma unroll
    for (int k = 0; k < sums.size; k++) {
      put(sums.v[k], factor * to_float(values.v[from + k]), add);
    }
    store_pack(target, i + from, n, sums);
  }
}

extern "C" __global__ void accumulate(
    floatX* target, const floatX* source, float factor, i64 n, int add) {
  scaled(target, source, factor, n, add);
}

extern "C" __global__ void accumulate_wide(
    float* target, const floatX* source, float factor, i64 n, int add) {
  scaled(target, source, factor, n, add);
}

// ---- target[j] = factor sum over r of source[r, j] ----------------------------------------------
//
// In two stages, so that tall sources keep the GPU busy: each slice of rows is summed on its own,
// then the slices are. A block has 8 warps and 32 packs of columns: warp w takes rows w, w + 8, ..
// of its slice, and the warps' sums are added in order.

// (8 warps, 32 packs of columns)
__device__ inline float* shared_sums() {
  __shared__ float sums[8 * 32 * Pack<floatX>::size];
  return sums;
}

template <class T, class S>
__device__ inline void sum_slice(
    T* target, const S* source, i64 from, i64 to, i64 columns, float factor, bool add) {
  constexpr int size = Pack<S>::size;
  float* sums = shared_sums();
  int warp = threadIdx.x / 32;
  int lane = threadIdx.x % 32;
  i64 first = (i64)blockIdx.x * 32 * size;
  float sum[size] = {};
#pragma unroll 4
  for (i64 r = from + warp; r < to; r += 8) {
    Pack<S> values = load_pack(source + r * columns, first + lane * size, columns);
#pragma unroll
    for (int k = 0; k < size; k++) sum[k] += to_float(values.v[k]);
  }
#pragma unroll
  for (int k = 0; k < size; k++) sums[(warp * 32 + lane) * size + k] = sum[k];
  __syncthreads();
  for (int j = threadIdx.x; j < 32 * size; j += 256) {
    float total = 0.0f;
    for (int w = 0; w < 8; w++) total += sums[w * 32 * size + j];
    if (first + j < columns) put(target[first + j], factor * total, add);
  }
}

// partial (slices, columns): the grid is (blocks of columns, slices of `rows_per_slice` rows).
extern "C" __global__ void sum_rows_slices(
    float* partial, const floatX* source, i64 rows, i64 columns, i64 rows_per_slice) {
  i64 from = blockIdx.y * rows_per_slice;
  i64 to = from + rows_per_slice < rows ? from + rows_per_slice : rows;
  sum_slice(partial + blockIdx.y * columns, source, from, to, columns, 1.0f, false);
}

extern "C" __global__ void sum_rows_finish(
    floatX* target, const float* partial, i64 slices, i64 columns, float factor, int add) {
  sum_slice(target, partial, 0, slices, columns, factor, add);
}

extern "C" __global__ void sum_rows_finish_wide(
    float* target, const float* partial, i64 slices, i64 columns, float factor, int add) {
  sum_slice(target, partial, 0, slices, columns, factor, add);
}
