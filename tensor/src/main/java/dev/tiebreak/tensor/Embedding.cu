// y[i] = weight[token[i]] for rows of n elements.

constexpr int PACK = Pack<floatX>::size;

// A block for each token.
extern "C" __global__ void embedding_forward(
    floatX* y, const floatX* weight, const int* tokens, i64 n) {
  y += blockIdx.x * n;
  weight += tokens[blockIdx.x] * n;
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    store_pack(y, j, n, load_pack(weight, j, n));
  }
}

template <bool whole, class T>
__device__ inline void sum_rows(
    T* dweight, const floatX* dy, const int* order, int from, int to, i64 n) {
  for (i64 j = threadIdx.x * PACK; j < n; j += blockDim.x * PACK) {
    float sum[PACK] = {};
#pragma unroll 8
    for (int i = from; i < to; i++) {
      Pack<floatX> row = load_pack<whole>(dy + order[i] * n, j, n);
#pragma unroll
      for (int k = 0; k < PACK; k++) sum[k] += to_float(row.v[k]);
    }
#pragma unroll
    for (int part = 0; part < PACK; part += Pack<T>::size) {
      Pack<T> total = load_pack<whole>(dweight, j + part, n);
#pragma unroll
      for (int k = 0; k < Pack<T>::size; k++) put(total.v[k], sum[part + k], true);
      store_pack<whole>(dweight, j + part, n, total);
    }
  }
}

template <class T>
__device__ inline void backward(
    T* dweight, const floatX* dy, const int* tokens, const int* order, const int* starts, i64 n) {
  int from = starts[blockIdx.x];
  int to = starts[blockIdx.x + 1];
  dweight += tokens[order[from]] * n;
  if (n % PACK == 0) {
    sum_rows<true>(dweight, dy, order, from, to, n);
  } else {
    sum_rows<false>(dweight, dy, order, from, to, n);
  }
}

// dweight[t] += sum of dy over the places of token t, in order. A block for each token that occurs:
// the b-th has the places order[starts[b]] to order[starts[b + 1] - 1].
extern "C" __global__ void embedding_backward(
    floatX* dweight, const floatX* dy, const int* tokens, const int* order, const int* starts,
    i64 n) {
  backward(dweight, dy, tokens, order, starts, n);
}

extern "C" __global__ void embedding_backward_wide(
    float* dweight, const floatX* dy, const int* tokens, const int* order, const int* starts,
    i64 n) {
  backward(dweight, dy, tokens, order, starts, n);
}
