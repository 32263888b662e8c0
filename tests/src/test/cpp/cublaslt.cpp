// Matrix products as cuBLASLt describes them: column-major, transposed or not, in batches, float32
// or bfloat16 in, summed in float32. Addresses, alignment and extents of all matrices are checked.
#include "simulated.h"

#include <cstdlib>
#include <cstring>

struct Product {
  int transposed[2];
};
struct Layout {
  int type;
  uint64_t rows, columns;
  int64_t ld, stride;
  int batch;
};
struct Preference {
  uint64_t workspace;
  uint32_t reductions;
};
struct Algorithm {
  uint64_t data[8];
};
struct Choice {
  Algorithm algorithm;
  size_t workspace;
  int state;
  float waves;
  int reserved[4];
};

namespace {
constexpr int LT_INVALID_VALUE = 7, LT_EXECUTION_FAILED = 13, LT_NOT_SUPPORTED = 15;
constexpr int FLOAT32 = 0, BFLOAT16 = 14, COMPUTE_32F = 68;
constexpr uint64_t ALGORITHMS = 2, MARK = 0x51a4, WORKSPACE = 1 << 20;
char library;  // the one handle

uint64_t element_bytes(int type) { return type == FLOAT32 ? 4 : 2; }

float load(const char* matrix, int type, int64_t index) {
  if (type == FLOAT32) return reinterpret_cast<const float*>(matrix)[index];
  uint32_t bits = uint32_t(reinterpret_cast<const uint16_t*>(matrix)[index]) << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

void store(char* matrix, int type, int64_t index, float value) {
  if (type == FLOAT32) {
    reinterpret_cast<float*>(matrix)[index] = value;
    return;
  }
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  bool nan = (bits & 0x7fffffffu) > 0x7f800000u;
  uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  reinterpret_cast<uint16_t*>(matrix)[index] = uint16_t(nan ? (bits >> 16) | 0x40u : rounded);
}

// op(matrix) as float32, column-major without gaps.
std::vector<float> unpacked(const char* matrix, const Layout& l, bool transposed, int batch) {
  std::vector<float> out(l.rows * l.columns);
  int64_t begin = batch * l.stride;
  for (uint64_t column = 0; column < l.columns; column++) {
    for (uint64_t row = 0; row < l.rows; row++) {
      float value = load(matrix, l.type, begin + column * l.ld + row);
      out[transposed ? row * l.columns + column : column * l.rows + row] = value;
    }
  }
  return out;
}

void multiply(const Product& p, float alpha, const char* a, const Layout& la, const char* b,
              const Layout& lb, float beta, char* d, const Layout& ld) {
  uint64_t inner = p.transposed[0] ? la.rows : la.columns;
  std::vector<float> sums(ld.rows);
  for (int n = 0; n < ld.batch; n++) {
    auto left = unpacked(a, la, p.transposed[0], n);
    auto right = unpacked(b, lb, p.transposed[1], n);
    for (uint64_t column = 0; column < ld.columns; column++) {
      std::fill(sums.begin(), sums.end(), 0.0f);
      for (uint64_t i = 0; i < inner; i++) {
        float factor = right[column * inner + i];
        const float* from = &left[i * ld.rows];
        for (uint64_t row = 0; row < ld.rows; row++) sums[row] += factor * from[row];
      }
      for (uint64_t row = 0; row < ld.rows; row++) {
        int64_t at = n * ld.stride + column * ld.ld + row;
        float old = beta == 0 ? 0 : beta * load(d, ld.type, at);
        store(d, ld.type, at, alpha * sums[row] + old);
      }
    }
  }
}

int check_matrix(const char* name, const void* matrix, const Layout& l) {
  auto address = reinterpret_cast<uint64_t>(matrix);
  uint64_t elements = (l.batch - 1) * l.stride + (l.columns - 1) * l.ld + l.rows;
  uint64_t bytes = elements * element_bytes(l.type);
  if (address % 16 != 0) {
    return report(LT_INVALID_VALUE, "cublasLtMatmul: %s at %#lx is no multiple of 16", name,
                  address);
  }
  if (!is_allocated(address, bytes)) {
    return report(LT_EXECUTION_FAILED, "cublasLtMatmul: %s needs %lu bytes at %#lx, %s", name,
                  bytes, address, describe(address, bytes).c_str());
  }
  return OK;
}

int check_shapes(const Product& p, const Layout& a, const Layout& b, const Layout& c,
                 const Layout& d) {
  bool ta = p.transposed[0], tb = p.transposed[1];
  bool fits = (ta ? a.rows : a.columns) == (tb ? b.columns : b.rows) &&
              (ta ? a.columns : a.rows) == d.rows && (tb ? b.rows : b.columns) == d.columns &&
              a.batch == d.batch && b.batch == d.batch && memcmp(&c, &d, sizeof c) == 0 &&
              a.type == b.type && (a.type == BFLOAT16 || d.type == FLOAT32);
  return fits ? OK : report(LT_INVALID_VALUE, "cuBLASLt: the matrices do not fit together");
}

bool is_known(const Algorithm& a) { return a.data[0] == MARK && a.data[1] < ALGORITHMS; }

template <class T>
int made(T** out, const T& value, const char* kind) {
  *out = new T(value);
  opened(*out, kind);
  return OK;
}

template <class T>
int destroyed(T* object, const char* kind) {
  if (!closed(object, kind)) return LT_INVALID_VALUE;
  delete object;
  return OK;
}

int unknown_attribute(const char* call, int attribute, size_t bytes) {
  return report(LT_INVALID_VALUE, "%s: an unknown attribute %d of %lu bytes", call, attribute,
                bytes);
}
}  // namespace

#define ENTER_LT                                           \
  std::lock_guard<std::recursive_mutex> guard(everything); \
  if (int code = injected(__func__)) return code;          \
  if (sticky) return LT_EXECUTION_FAILED

API size_t cublasLtGetVersion() { return 130002; }

API const char* cublasLtGetStatusName(int code) {
  switch (code) {
    case OK: return "CUBLAS_STATUS_SUCCESS";
    case 1: return "CUBLAS_STATUS_NOT_INITIALIZED";
    case 3: return "CUBLAS_STATUS_ALLOC_FAILED";
    case LT_INVALID_VALUE: return "CUBLAS_STATUS_INVALID_VALUE";
    case LT_EXECUTION_FAILED: return "CUBLAS_STATUS_EXECUTION_FAILED";
    case LT_NOT_SUPPORTED: return "CUBLAS_STATUS_NOT_SUPPORTED";
    default: return "unknown status";
  }
}
API const char* cublasLtGetStatusString(int code) { return cublasLtGetStatusName(code); }

API int cublasLtCreate(void** handle) {
  ENTER_LT;
  static int count;
  *handle = &library + count++;  // an address and nothing else
  opened(*handle, "cuBLASLt");
  return OK;
}

API int cublasLtDestroy(void* handle) {
  std::lock_guard<std::recursive_mutex> guard(everything);
  return closed(handle, "cuBLASLt") ? injected(__func__) : LT_INVALID_VALUE;
}

API int cublasLtMatmulDescCreate(Product** out, int compute, int scale) {
  ENTER_LT;
  if (compute != COMPUTE_32F || scale != FLOAT32) {
    return report(LT_NOT_SUPPORTED, "%s: sums of type %d", __func__, compute);
  }
  return made(out, Product{}, "product");
}
API int cublasLtMatmulDescDestroy(Product* p) { return destroyed(p, "product"); }

API int cublasLtMatmulDescSetAttribute(Product* p, int attribute, const int* value, size_t bytes) {
  ENTER_LT;
  bool operation = (attribute == 3 || attribute == 4) && bytes == 4;
  if (!operation || *value < 0 || *value > 1) return unknown_attribute(__func__, attribute, bytes);
  p->transposed[attribute - 3] = *value;
  return OK;
}

API int cublasLtMatrixLayoutCreate(Layout** out, int type, uint64_t rows, uint64_t columns,
                                   int64_t ld) {
  ENTER_LT;
  if ((type != FLOAT32 && type != BFLOAT16) || !rows || !columns || ld < int64_t(rows)) {
    return report(LT_INVALID_VALUE, "%s: type %d, %lu rows, %lu columns, leading dimension %ld",
                  __func__, type, rows, columns, ld);
  }
  return made(out, Layout{type, rows, columns, ld, 0, 1}, "layout");
}
API int cublasLtMatrixLayoutDestroy(Layout* l) { return destroyed(l, "layout"); }

API int cublasLtMatrixLayoutSetAttribute(Layout* l, int attribute, const void* value,
                                         size_t bytes) {
  ENTER_LT;
  if (attribute == 5 && bytes == 4) l->batch = *static_cast<const int*>(value);
  else if (attribute == 6 && bytes == 8) l->stride = *static_cast<const int64_t*>(value);
  else return unknown_attribute(__func__, attribute, bytes);
  return OK;
}

API int cublasLtMatmulPreferenceCreate(Preference** out) {
  ENTER_LT;
  return made(out, Preference{}, "preference");
}
API int cublasLtMatmulPreferenceDestroy(Preference* p) { return destroyed(p, "preference"); }

API int cublasLtMatmulPreferenceSetAttribute(Preference* p, int attribute, const void* value,
                                             size_t bytes) {
  ENTER_LT;
  if (attribute == 1 && bytes == 8) p->workspace = *static_cast<const uint64_t*>(value);
  else if (attribute == 3 && bytes == 4) p->reductions = *static_cast<const uint32_t*>(value);
  else return unknown_attribute(__func__, attribute, bytes);
  return OK;
}

API int cublasLtMatmulAlgoGetHeuristic(void* handle, Product* p, Layout* a, Layout* b, Layout* c,
                                       Layout* d, Preference* wanted, int count, Choice* results,
                                       int* found) {
  ENTER_LT;
  if (int code = known(handle, "cuBLASLt")) return code;
  if (int code = check_shapes(*p, *a, *b, *c, *d)) return code;
  *found = 0;
  if (wanted->workspace < WORKSPACE) return LT_NOT_SUPPORTED;
  for (; *found < count && *found < int(ALGORITHMS); ++*found) {
    results[*found] = Choice{{{MARK, uint64_t(*found)}}, WORKSPACE, OK, 1, {}};
  }
  return OK;
}

API int cublasLtMatmulAlgoCheck(void*, Product* p, Layout* a, Layout* b, Layout* c, Layout* d,
                                const Algorithm* algorithm, Choice* result) {
  ENTER_LT;
  if (int code = check_shapes(*p, *a, *b, *c, *d)) return code;
  if (!is_known(*algorithm)) return LT_INVALID_VALUE;
  *result = Choice{*algorithm, WORKSPACE, OK, 1, {}};
  return OK;
}

API int cublasLtMatmul(void* handle, Product* p, const float* alpha, const char* a, Layout* la,
                       const char* b, Layout* lb, const float* beta, const char* c, Layout* lc,
                       char* d, Layout* ld, const Algorithm* algorithm, char* workspace,
                       size_t bytes, Stream* stream) {
  ENTER_LT;
  if (int code = known(handle, "cuBLASLt")) return code;
  if (int code = check_shapes(*p, *la, *lb, *lc, *ld)) return code;
  if (!is_known(*algorithm) || c != d || bytes < WORKSPACE) {
    return report(LT_INVALID_VALUE, "%s: unknown algorithm, c is not d, or a small workspace",
                  __func__);
  }
  auto check = [=, la = *la, lb = *lb, ld = *ld] {
    if (int code = check_matrix("a", a, la)) return code;
    if (int code = check_matrix("b", b, lb)) return code;
    if (int code = check_matrix("d", d, ld)) return code;
    return check_matrix("the workspace", workspace, Layout{FLOAT32, WORKSPACE / 4, 1, 0, 0, 1});
  };
  if (int code = check()) return code;
  auto work = [=, p = *p, la = *la, lb = *lb, ld = *ld, alpha = *alpha, beta = *beta] {
    if (check() != OK) return ILLEGAL_ADDRESS;
    memset(workspace, 0xff, 4096);  // what was there is gone
    multiply(p, alpha, a, la, b, lb, beta, d, ld);
    return OK;
  };
  return enqueue(stream, work) == OK ? OK : LT_EXECUTION_FAILED;
}
