/*
 * A stand-in for the libraries of CUDA, for tests without a GPU. It exports the functions that we
 * call, under their names, and computes nothing but copies and small matrix products: it keeps a log
 * of calls, fails where a test tells it to, and gives back what it was given. "Device memory" is
 * memory of the host.
 *
 * Its "cubin" is text: one line "kernel NAME BYTES BYTES ..." per kernel, with the sizes of its
 * parameters. Its compiler takes such lines out of a source.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what tests use ---- */

static char log_text[1 << 16];
static char failing_call[64];
static int failing_code, failing_after;
static unsigned char launched[256];
static int launched_bytes;
static float clock_ms;
static long live; /* handles and memory not given back */

static void note(const char *format, ...) {
  size_t used = strlen(log_text);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(log_text + used, sizeof log_text - used, format, arguments);
  va_end(arguments);
}

/* The status that a call is to return: what a test injected, once, or 0. */
static int status_of(const char *call) {
  if (strcmp(call, failing_call) == 0 && failing_after-- == 0) {
    failing_call[0] = 0;
    return failing_code;
  }
  return 0;
}

#define MAY_FAIL                           \
  do {                                     \
    int injected = status_of(__func__);    \
    if (injected) return injected;         \
  } while (0)

const char *double_log(void) { return log_text; }
void double_reset(void) { log_text[0] = failing_call[0] = 0; }
long double_live(void) { return live; }
const void *double_launched(void) { return launched; }
int double_launched_bytes(void) { return launched_bytes; }
void double_fail(const char *call, int code, int after) {
  snprintf(failing_call, sizeof failing_call, "%s", call);
  failing_code = code;
  failing_after = after;
}

static void *take(size_t bytes) {
  live++;
  return calloc(1, bytes ? bytes : 1);
}

static void give(void *memory) {
  live--;
  free(memory);
}

/* ---- driver ---- */

typedef struct { char name[64]; int count; size_t sizes[32]; } kernel;
typedef struct { int count; kernel kernels[8]; } module;
typedef struct { int capturing, recorded; } stream;
typedef struct { float at; } event;

int cuGetErrorName(int code, const char **text) {
  *text = code == 1 ? "CUDA_ERROR_INVALID_VALUE" : code == 2 ? "CUDA_ERROR_OUT_OF_MEMORY"
        : code == 719 ? "CUDA_ERROR_LAUNCH_FAILED" : NULL;
  return *text ? 0 : 1;
}
int cuGetErrorString(int code, const char **text) {
  *text = code == 1 ? "invalid argument" : code == 2 ? "out of memory"
        : code == 719 ? "unspecified launch failure" : NULL;
  return *text ? 0 : 1;
}
int cuInit(unsigned flags) { MAY_FAIL; return 0; }
int cuDriverGetVersion(int *version) { MAY_FAIL; *version = 13000; return 0; }
int cuDeviceGetCount(int *count) { MAY_FAIL; *count = 1; return 0; }
int cuDeviceGet(int *device, int index) { MAY_FAIL; *device = 40 + index; return index ? 101 : 0; }
int cuDeviceGetName(char *name, int length, int device) {
  MAY_FAIL;
  snprintf(name, length, "Double %d", device);
  return 0;
}
int cuDeviceGetAttribute(int *value, int attribute, int device) {
  MAY_FAIL;
  switch (attribute) {
    case 75: *value = 9; break;
    case 76: *value = 0; break;
    case 16: *value = 132; break;
    case 97: *value = 232448; break;
    case 38: *value = 52428800; break;
    default: return 1;
  }
  return 0;
}
int cuDeviceTotalMem_v2(size_t *bytes, int device) { MAY_FAIL; *bytes = 80ul << 30; return 0; }
int cuDevicePrimaryCtxRetain(void **context, int device) {
  MAY_FAIL;
  note("retain %d\n", device);
  *context = (void *)0xc0;
  return 0;
}
int cuDevicePrimaryCtxRelease_v2(int device) { note("release %d\n", device); MAY_FAIL; return 0; }
int cuCtxSetCurrent(void *context) { MAY_FAIL; note("current %p\n", context); return 0; }
int cuCtxSynchronize(void) { MAY_FAIL; note("synchronize\n"); return 0; }
int cuMemGetInfo_v2(size_t *available, size_t *total) {
  MAY_FAIL;
  *available = 70ul << 30;
  *total = 80ul << 30;
  return 0;
}
int cuMemAlloc_v2(uint64_t *address, size_t bytes) {
  MAY_FAIL;
  *address = (uint64_t)take(bytes);
  return 0;
}
int cuMemFree_v2(uint64_t address) { give((void *)address); MAY_FAIL; return 0; }
int cuMemHostAlloc(void **pointer, size_t bytes, unsigned flags) {
  MAY_FAIL;
  note("pinned %zu flags %u\n", bytes, flags);
  *pointer = take(bytes);
  return 0;
}
int cuMemFreeHost(void *pointer) { give(pointer); MAY_FAIL; return 0; }
int cuMemcpyHtoDAsync_v2(uint64_t target, const void *source, size_t bytes, stream *s) {
  MAY_FAIL;
  memcpy((void *)target, source, bytes);
  return 0;
}
int cuMemcpyDtoHAsync_v2(void *target, uint64_t source, size_t bytes, stream *s) {
  MAY_FAIL;
  memcpy(target, (void *)source, bytes);
  return 0;
}
int cuMemcpyDtoDAsync_v2(uint64_t target, uint64_t source, size_t bytes, stream *s) {
  MAY_FAIL;
  memcpy((void *)target, (void *)source, bytes);
  return 0;
}
int cuMemsetD8Async(uint64_t target, unsigned char value, size_t bytes, stream *s) {
  MAY_FAIL;
  memset((void *)target, value, bytes);
  return 0;
}
int cuStreamCreateWithPriority(stream **s, unsigned flags, int priority) {
  MAY_FAIL;
  note("stream flags %u priority %d\n", flags, priority);
  *s = take(sizeof **s);
  return 0;
}
int cuStreamDestroy_v2(stream *s) { give(s); MAY_FAIL; return 0; }
int cuStreamSynchronize(stream *s) { MAY_FAIL; note("stream synchronize\n"); return 0; }
int cuStreamQuery(stream *s) { MAY_FAIL; return 0; }
int cuStreamWaitEvent(stream *s, event *e, unsigned flags) { MAY_FAIL; note("wait\n"); return 0; }
int cuStreamBeginCapture_v2(stream *s, int mode) {
  MAY_FAIL;
  note("capture mode %d\n", mode);
  s->capturing = 1;
  s->recorded = 0;
  return 0;
}
int cuStreamEndCapture(stream *s, void **graph) {
  *graph = NULL;
  s->capturing = 0;
  MAY_FAIL;
  int *launches = take(sizeof *launches);
  *launches = s->recorded;
  *graph = launches;
  return 0;
}
int cuEventCreate(event **e, unsigned flags) {
  MAY_FAIL;
  note("event flags %u\n", flags);
  *e = take(sizeof **e);
  return 0;
}
int cuEventDestroy_v2(event *e) { give(e); MAY_FAIL; return 0; }
int cuEventRecord(event *e, stream *s) { MAY_FAIL; e->at = clock_ms; return 0; }
int cuEventSynchronize(event *e) { MAY_FAIL; return 0; }
int cuEventQuery(event *e) { MAY_FAIL; return 0; }
int cuEventElapsedTime_v2(float *ms, event *start, event *end) {
  MAY_FAIL;
  *ms = end->at - start->at;
  return 0;
}
int cuGraphInstantiateWithFlags(void **instance, int *graph, unsigned long long flags) {
  MAY_FAIL;
  int *launches = take(sizeof *launches);
  *launches = *graph;
  *instance = launches;
  return 0;
}
int cuGraphLaunch(int *instance, stream *s) { MAY_FAIL; note("replay %d\n", *instance); return 0; }
int cuGraphDestroy(void *graph) { give(graph); MAY_FAIL; return 0; }
int cuGraphExecDestroy(void *instance) { give(instance); MAY_FAIL; return 0; }

int cuModuleLoadData(module **loaded, const char *image) {
  MAY_FAIL;
  module *m = take(sizeof *m);
  for (const char *line = image; (line = strstr(line, "kernel ")); line += 7) {
    kernel *k = &m->kernels[m->count++];
    const char *at = line + 7;
    int read = 0;
    sscanf(at, "%63s%n", k->name, &read);
    at += read;
    while (sscanf(at, " %zu%n", &k->sizes[k->count], &read) == 1) {
      k->count++;
      at += read;
    }
  }
  *loaded = m;
  return 0;
}
int cuModuleUnload(module *m) { give(m); MAY_FAIL; return 0; }
int cuModuleGetFunction(kernel **found, module *m, const char *name) {
  MAY_FAIL;
  for (int i = 0; i < m->count; i++) {
    if (strcmp(m->kernels[i].name, name) == 0) {
      *found = &m->kernels[i];
      return 0;
    }
  }
  return 500;
}
int cuFuncGetAttribute(int *value, int attribute, kernel *k) {
  MAY_FAIL;
  *value = attribute * 10;
  return 0;
}
int cuFuncSetAttribute(kernel *k, int attribute, int value) {
  MAY_FAIL;
  note("%s attribute %d = %d\n", k->name, attribute, value);
  return 0;
}
int cuFuncGetParamInfo(kernel *k, size_t index, size_t *offset, size_t *size) {
  MAY_FAIL;
  if (index >= (size_t)k->count) return 1;
  *offset = 0;
  *size = k->sizes[index];
  return 0;
}
int cuLaunchKernel(kernel *k, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                   unsigned bz, unsigned shared, stream *s, void **parameters, void **extra) {
  MAY_FAIL;
  note("launch %s %u,%u,%u %u,%u,%u %u\n", k->name, gx, gy, gz, bx, by, bz, shared);
  launched_bytes = 0;
  for (int i = 0; i < k->count; i++) {
    memcpy(launched + launched_bytes, parameters[i], k->sizes[i]);
    launched_bytes += k->sizes[i];
  }
  s->recorded++;
  return 0;
}

/* ---- NVRTC ---- */

typedef struct { char *source, name[64], log[256], cubin[1024]; size_t cubin_bytes; } program;

const char *nvrtcGetErrorString(int code) {
  return code == 5 ? "NVRTC_ERROR_INVALID_OPTION" : code == 6 ? "NVRTC_ERROR_COMPILATION"
                                                              : "NVRTC_ERROR unknown";
}
int nvrtcVersion(int *major, int *minor) { MAY_FAIL; *major = 13; *minor = 0; return 0; }
int nvrtcCreateProgram(program **made, const char *source, const char *name, int headers,
                       const char *const *texts, const char *const *names) {
  MAY_FAIL;
  program *p = take(sizeof *p);
  p->source = strdup(source);
  snprintf(p->name, sizeof p->name, "%s", name);
  *made = p;
  return 0;
}
int nvrtcDestroyProgram(program **p) { free((*p)->source); give(*p); *p = NULL; MAY_FAIL; return 0; }
int nvrtcCompileProgram(program *p, int count, const char *const *options) {
  MAY_FAIL;
  int real = 0;
  note("compile %s", p->name);
  for (int i = 0; i < count; i++) {
    note(" %s", options[i]);
    real |= strncmp(options[i], "--gpu-architecture=sm_", 22) == 0;
  }
  note("\n");
  char *error = strstr(p->source, "#error");
  if (error) {
    snprintf(p->log, sizeof p->log, "%s(1): catastrophic error:%s\n", p->name, error + 6);
    return 6;
  }
  char *kernels = strstr(p->source, "kernel ");
  if (real) {
    p->cubin_bytes =
        snprintf(p->cubin, sizeof p->cubin, "cubin\n%s", kernels ? kernels : "") + 1;
  }
  return 0;
}
int nvrtcGetProgramLogSize(program *p, size_t *size) { MAY_FAIL; *size = strlen(p->log) + 1; return 0; }
int nvrtcGetProgramLog(program *p, char *log) { MAY_FAIL; strcpy(log, p->log); return 0; }
int nvrtcGetCUBINSize(program *p, size_t *size) { MAY_FAIL; *size = p->cubin_bytes; return 0; }
int nvrtcGetCUBIN(program *p, char *cubin) { MAY_FAIL; memcpy(cubin, p->cubin, p->cubin_bytes); return 0; }

/* ---- cuBLASLt: column-major products in plain loops ---- */

typedef struct { int transposed[2]; } product;
typedef struct { int type; uint64_t rows, columns; int64_t ld, stride; int batch; } layout;
typedef struct { uint64_t data[8]; } algorithm;
typedef struct { algorithm algo; size_t workspace; int state; float waves; int reserved[4]; } choice;
typedef struct { uint64_t workspace; uint32_t reductions; } preference;

size_t cublasLtGetVersion(void) { return 130002; }
const char *cublasLtGetStatusName(int code) {
  return code == 15 ? "CUBLAS_STATUS_NOT_SUPPORTED" : "CUBLAS_STATUS of the double";
}
const char *cublasLtGetStatusString(int code) { return code == 15 ? "not supported" : "other"; }
int cublasLtCreate(void **handle) { MAY_FAIL; *handle = take(8); return 0; }
int cublasLtDestroy(void *handle) { give(handle); MAY_FAIL; return 0; }
int cublasLtMatmulDescCreate(product **made, int compute, int scale) {
  MAY_FAIL;
  if (compute != 68 || scale != 0) return 7;
  *made = take(sizeof **made);
  return 0;
}
int cublasLtMatmulDescDestroy(product *p) { give(p); MAY_FAIL; return 0; }
int cublasLtMatmulDescSetAttribute(product *p, int attribute, const int *value, size_t bytes) {
  MAY_FAIL;
  if ((attribute != 3 && attribute != 4) || bytes != 4) return 7;
  p->transposed[attribute - 3] = *value;
  return 0;
}
int cublasLtMatrixLayoutCreate(layout **made, int type, uint64_t rows, uint64_t columns, int64_t ld) {
  MAY_FAIL;
  *made = take(sizeof **made);
  **made = (layout){type, rows, columns, ld, 0, 1};
  return 0;
}
int cublasLtMatrixLayoutDestroy(layout *l) { give(l); MAY_FAIL; return 0; }
int cublasLtMatrixLayoutSetAttribute(layout *l, int attribute, const void *value, size_t bytes) {
  MAY_FAIL;
  if (attribute == 5 && bytes == 4) l->batch = *(const int *)value;
  else if (attribute == 6 && bytes == 8) l->stride = *(const int64_t *)value;
  else return 7;
  return 0;
}
int cublasLtMatmulPreferenceCreate(preference **made) {
  MAY_FAIL;
  *made = take(sizeof **made);
  return 0;
}
int cublasLtMatmulPreferenceDestroy(preference *p) { give(p); MAY_FAIL; return 0; }
int cublasLtMatmulPreferenceSetAttribute(preference *p, int attribute, const void *value, size_t bytes) {
  MAY_FAIL;
  if (attribute == 1 && bytes == 8) p->workspace = *(const uint64_t *)value;
  else if (attribute == 3 && bytes == 4) p->reductions = *(const uint32_t *)value;
  else return 7;
  return 0;
}
/* Four suggestions, of which the first is not good and the third is the fastest. */
int cublasLtMatmulAlgoGetHeuristic(void *handle, product *p, layout *a, layout *b, layout *c,
                                   layout *d, preference *wanted, int count, choice *results,
                                   int *found) {
  MAY_FAIL;
  note("suggest %d workspace %lu reductions %u\n", count, wanted->workspace, wanted->reductions);
  *found = d->rows == 666 ? 0 : 4;
  for (int i = 0; i < *found; i++) {
    memset(&results[i], 0, sizeof results[i]);
    results[i].algo.data[0] = i;
    results[i].state = i == 0 ? 15 : 0;
  }
  return 0;
}
int cublasLtMatmulAlgoCheck(void *handle, product *p, layout *a, layout *b, layout *c, layout *d,
                            const algorithm *algo, choice *result) {
  MAY_FAIL;
  memset(result, 0, sizeof *result);
  return algo->data[0] < 4 ? 0 : 15;
}

static float element(const void *matrix, int type, int64_t index) {
  if (type == 0) return ((const float *)matrix)[index];
  uint32_t bits = (uint32_t)((const uint16_t *)matrix)[index] << 16;
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

static void set_element(void *matrix, int type, int64_t index, float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  if (type == 0) ((float *)matrix)[index] = value;
  else ((uint16_t *)matrix)[index] = bits >> 16;
}

int cublasLtMatmul(void *handle, product *p, const float *alpha, const void *a, layout *la,
                   const void *b, layout *lb, const float *beta, const void *c, layout *lc, void *d,
                   layout *ld, const algorithm *algo, void *workspace, size_t bytes, stream *s) {
  MAY_FAIL;
  static const float cost[] = {9, 3, 1, 2};
  uint64_t inner = p->transposed[0] ? la->rows : la->columns;
  if (inner != (p->transposed[1] ? lb->columns : lb->rows) || !workspace || c != d) return 7;
  if ((p->transposed[0] ? la->columns : la->rows) != ld->rows) return 7;
  if ((p->transposed[1] ? lb->rows : lb->columns) != ld->columns) return 7;
  note("product %lu workspace %zu\n", algo->data[0], bytes);
  clock_ms += cost[algo->data[0]];
  for (int n = 0; n < ld->batch; n++) {
    for (uint64_t row = 0; row < ld->rows; row++) {
      for (uint64_t column = 0; column < ld->columns; column++) {
        float sum = 0;
        for (uint64_t i = 0; i < inner; i++) {
          int64_t at = p->transposed[0] ? row * la->ld + i : i * la->ld + row;
          int64_t bt = p->transposed[1] ? i * lb->ld + column : column * lb->ld + i;
          sum += element(a, la->type, n * la->stride + at) * element(b, lb->type, n * lb->stride + bt);
        }
        int64_t out = n * ld->stride + column * ld->ld + row;
        float old = *beta == 0 ? 0 : *beta * element(c, lc->type, out);
        set_element(d, ld->type, out, *alpha * sum + old);
      }
    }
  }
  return 0;
}

/* ---- cuDNN: descriptors are noted as text when they are finished ---- */

typedef struct { int type, id; char text[1024]; } descriptor;

static int next_descriptor;

size_t cudnnGetVersion(void) { return 91900; }
const char *cudnnGetErrorString(int code) {
  return code == 3000 ? "CUDNN_STATUS_NOT_SUPPORTED" : "CUDNN_STATUS of the double";
}
void cudnnGetLastErrorString(char *message, size_t bytes) {
  snprintf(message, bytes, "the double was told to fail");
}
int cudnnCreate(void **handle) {
  MAY_FAIL;
  next_descriptor = 0;
  *handle = take(8);
  return 0;
}
int cudnnDestroy(void *handle) { give(handle); MAY_FAIL; return 0; }
int cudnnSetStream(void *handle, stream *s) { MAY_FAIL; return 0; }
int cudnnBackendCreateDescriptor(int type, descriptor **made) {
  MAY_FAIL;
  *made = take(sizeof **made);
  (*made)->type = type;
  (*made)->id = ++next_descriptor;
  return 0;
}
int cudnnBackendDestroyDescriptor(descriptor *d) { give(d); MAY_FAIL; return 0; }
int cudnnBackendSetAttribute(descriptor *d, int name, int type, int64_t count, const void *values) {
  MAY_FAIL;
  char *out = d->text + strlen(d->text);
  size_t room = d->text + sizeof d->text - out;
  size_t used = snprintf(out, room, " %d:", name);
  for (int i = 0; i < count; i++) {
    const char *gap = i ? "," : "";
    switch (type) {
      case 0: used += snprintf(out + used, room - used, "%shandle", gap); break;
      case 2: used += snprintf(out + used, room - used, "%s%d", gap, ((const char *)values)[i]); break;
      case 3: case 6:
        used += snprintf(out + used, room - used, "%s%ld", gap, ((const long *)values)[i]);
        break;
      case 4: used += snprintf(out + used, room - used, "%s%g", gap, ((const float *)values)[i]); break;
      case 15:
        used += snprintf(out + used, room - used, "%s#%d", gap, ((descriptor *const *)values)[i]->id);
        break;
      default: used += snprintf(out + used, room - used, "%s%d", gap, ((const int *)values)[i]);
    }
  }
  return 0;
}
int cudnnBackendFinalize(descriptor *d) {
  MAY_FAIL;
  note("#%d type %d%s\n", d->id, d->type, d->text);
  return 0;
}
int cudnnBackendGetAttribute(descriptor *d, int name, int type, int64_t wanted, int64_t *count,
                             void *values) {
  MAY_FAIL;
  if (name == 402) {
    *count = 1;
    *(int64_t *)values = 4096;
  } else {
    *count = wanted && wanted < 2 ? wanted : 2;
  }
  return 0;
}
int cudnnBackendExecute(void *handle, descriptor *plan, descriptor *pack) {
  MAY_FAIL;
  note("execute #%d #%d\n", plan->id, pack->id);
  return 0;
}
