// Devices, modules, functions and launches. The one device says of itself what an H100 says, but
// for its name and its memory. A module is the library of the host that nvrtc.cpp made.
#include "module.h"
#include "simulated.h"

#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <link.h>
#include <memory>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

struct Module;

struct Function {
  Module* module;
  const SimulatedKernel* kernel;
  unsigned most_dynamic = USUAL_SHARED;
};

struct Module {
  int file;
  void* library;
  const SimulatedModule* content;
  const void *read_only_begin = nullptr, *read_only_end = nullptr;
  std::vector<std::unique_ptr<Function>> functions;
};

namespace {
struct Name {
  int code;
  const char *name, *text;
};

const Name NAMES[] = {
    {OK, "CUDA_SUCCESS", "no error"},
    {INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {ILLEGAL_STATE, "CUDA_ERROR_ILLEGAL_STATE",
     "the operation cannot be performed in the present state"},
    {NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {NOT_READY, "CUDA_ERROR_NOT_READY", "device not ready"},
    {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {LAUNCH_OUT_OF_RESOURCES, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES",
     "too many resources requested for launch"},
    {MISALIGNED_ADDRESS, "CUDA_ERROR_MISALIGNED_ADDRESS", "misaligned address"},
    {LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {CAPTURE_UNSUPPORTED, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED",
     "operation not permitted when stream is capturing"},
    {CAPTURE_INVALIDATED, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED",
     "operation failed due to a previous error during capture"},
    {CAPTURE_UNJOINED, "CUDA_ERROR_STREAM_CAPTURE_UNJOINED",
     "capturing stream has unjoined work"},
    {CAPTURE_ISOLATION, "CUDA_ERROR_STREAM_CAPTURE_ISOLATION",
     "dependency created on uncaptured work in another stream"},
    {CAPTURED_EVENT, "CUDA_ERROR_CAPTURED_EVENT",
     "operation not permitted on an event last recorded in a capturing stream"},
};

// Makes the library's own functions visible to the modules that it loads.
__attribute__((constructor)) void show_to_modules() {
  Dl_info info;
  dladdr(reinterpret_cast<void*>(show_to_modules), &info);
  dlopen(info.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD);
}

// The part of the library that holds its constants.
int find_constants(dl_phdr_info* library, size_t, void* wanted) {
  auto module = static_cast<Module*>(wanted);
  auto inside = reinterpret_cast<uint64_t>(module->content->kernels);
  bool ours = false;
  for (int i = 0; i < library->dlpi_phnum; i++) {
    const auto& part = library->dlpi_phdr[i];
    ours |= part.p_type == PT_LOAD && inside - library->dlpi_addr - part.p_vaddr < part.p_memsz;
  }
  for (int i = 0; ours && i < library->dlpi_phnum; i++) {
    const auto& part = library->dlpi_phdr[i];
    if (part.p_type == PT_LOAD && part.p_flags == PF_R && part.p_offset != 0) {
      auto begin = reinterpret_cast<const char*>(library->dlpi_addr + part.p_vaddr);
      module->read_only_begin = begin;
      module->read_only_end = begin + part.p_memsz;
    }
  }
  return ours;
}

// The length of an image, which nvrtc.cpp wrote in front of it; 0 if it is none of ours.
size_t image_bytes(const char* image) {
  unsigned long bytes = 0;
  return sscanf(image, "simulated cubin %lu\n", &bytes) == 1 ? bytes : 0;
}

int check_size(const Function& f, const Size& grid, const Size& block, unsigned shared) {
  const char* name = f.kernel->name;
  uint64_t threads = uint64_t(block.x) * block.y * block.z;
  if (!grid.x || !grid.y || !grid.z || !threads) {
    return report(INVALID_VALUE, "%s launched with nothing: grid (%u,%u,%u), block (%u,%u,%u)",
                  name, grid.x, grid.y, grid.z, block.x, block.y, block.z);
  }
  if (grid.x > 0x7fffffffu || grid.y > 65535 || grid.z > 65535 || threads > 1024 || block.z > 64) {
    return report(INVALID_VALUE, "%s launched beyond the limits: grid (%u,%u,%u), block (%u,%u,%u)",
                  name, grid.x, grid.y, grid.z, block.x, block.y, block.z);
  }
  if (threads > f.kernel->largest_block) {
    return report(LAUNCH_OUT_OF_RESOURCES, "%s has __launch_bounds__(%u), but its block is of %lu",
                  name, f.kernel->largest_block, threads);
  }
  if (shared > f.most_dynamic) {
    return report(INVALID_VALUE, "%s launched with %u bytes of shared memory, but allowed are %u",
                  name, shared, f.most_dynamic);
  }
  return OK;
}
}  // namespace

API int cuGetErrorName(int code, const char** text) {
  for (const Name& name : NAMES) {
    if (name.code == code) {
      *text = name.name;
      return OK;
    }
  }
  *text = nullptr;
  return INVALID_VALUE;
}

API int cuGetErrorString(int code, const char** text) {
  for (const Name& name : NAMES) {
    if (name.code == code) {
      *text = name.text;
      return OK;
    }
  }
  *text = nullptr;
  return INVALID_VALUE;
}

API int cuInit(unsigned) { return entered(__func__, false); }

API int cuDriverGetVersion(int* version) {
  *version = 13000;
  return entered(__func__, false);
}

API int cuDeviceGetCount(int* count) {
  *count = 1;
  return entered(__func__, false);
}

API int cuDeviceGet(int* device, int index) {
  *device = 0;
  return index == 0 ? entered(__func__, false) : INVALID_DEVICE;
}

API int cuDeviceGetName(char* name, int length, int) {
  snprintf(name, length, "Simulated GPU");
  return entered(__func__, false);
}

API int cuDeviceGetAttribute(int* value, int attribute, int) {
  if (int code = entered(__func__, false)) return code;
  switch (attribute) {
    case 75: *value = 9; return OK;             // compute capability, major
    case 76: *value = 0; return OK;             // minor
    case 16: *value = 132; return OK;           // multiprocessors
    case 97: *value = MOST_SHARED; return OK;   // shared memory of a block that asks for it
    case 38: *value = 50 << 20; return OK;      // L2 cache
    default: return report(INVALID_VALUE, "an unknown attribute of the device: %d", attribute);
  }
}

API int cuModuleLoadData(Module** made, const char* image) {
  ENTER;
  if (int code = not_while_capturing(__func__)) return code;
  size_t bytes = image_bytes(image);
  if (bytes == 0) return report(INVALID_IMAGE, "%s: this was not compiled here", __func__);
  const char* library = strchr(image, '\n') + 1;
  auto m = std::make_unique<Module>();
  m->file = memfd_create("kernels", MFD_CLOEXEC);
  size_t written = 0;
  while (m->file >= 0 && written < bytes) {
    ssize_t part = write(m->file, library + written, bytes - written);
    if (part <= 0) break;
    written += part;
  }
  std::string path = "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(m->file);
  m->library = written == bytes ? dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL) : nullptr;
  if (!m->library) {
    const char* why = written == bytes ? dlerror() : "no space";
    close(m->file);
    return report(INVALID_IMAGE, "%s: %s", __func__, why);
  }
  m->content = static_cast<const SimulatedModule*>(dlsym(m->library, "simulated_module"));
  dl_iterate_phdr(find_constants, m.get());
  *made = m.release();
  opened(*made, "module");
  return OK;
}

API int cuModuleUnload(Module* m) {
  std::lock_guard<std::recursive_mutex> guard(everything);
  int code = entered(__func__, true);
  if (!code) code = run_everything();
  if (!closed(m, "module")) return INVALID_HANDLE;
  dlclose(m->library);
  close(m->file);
  delete m;
  return code;
}

API int cuModuleGetFunction(Function** found, Module* m, const char* name) {
  ENTER;
  if (int code = known(m, "module")) return code;
  for (int i = 0; i < m->content->count; i++) {
    if (strcmp(m->content->kernels[i].name, name) == 0) {
      m->functions.push_back(std::make_unique<Function>(Function{m, &m->content->kernels[i]}));
      *found = m->functions.back().get();
      return OK;
    }
  }
  return NOT_FOUND;
}

API int cuFuncGetAttribute(int* value, int attribute, Function* f) {
  ENTER;
  switch (attribute) {
    case 3: *value = 0; return OK;   // local memory
    case 4: *value = 32; return OK;  // registers
    case 8: *value = int(f->most_dynamic); return OK;
    default: return report(INVALID_VALUE, "an unknown attribute of a kernel: %d", attribute);
  }
}

API int cuFuncSetAttribute(Function* f, int attribute, int value) {
  ENTER;
  if (attribute != 8) return report(INVALID_VALUE, "cannot set the attribute %d", attribute);
  if (value < 0 || unsigned(value) > MOST_SHARED) {
    return report(INVALID_VALUE, "%s: %d bytes of shared memory, more than %u", f->kernel->name,
                  value, MOST_SHARED);
  }
  f->most_dynamic = value;
  return OK;
}

API int cuFuncGetParamInfo(Function* f, size_t index, size_t* offset, size_t* size) {
  ENTER;
  if (index >= size_t(f->kernel->parameters)) return INVALID_VALUE;
  *offset = 0;
  for (size_t i = 0; i <= index; i++) {
    *size = f->kernel->sizes[i];
    *offset = (*offset + *size - 1) / *size * *size;  // numbers, aligned by their size
    if (i < index) *offset += *size;
  }
  return OK;
}

API int cuLaunchKernel(Function* f, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                       unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared,
                       Stream* stream, void** parameters, void** extra) {
  ENTER;
  if (int code = known(f->module, "module")) return code;
  if (extra) return report(INVALID_VALUE, "%s with extra options", __func__);
  Size grid = {grid_x, grid_y, grid_z}, block = {block_x, block_y, block_z};
  if (int code = check_size(*f, grid, block, shared)) return code;
  unsigned limit = f->most_dynamic > USUAL_SHARED ? MOST_SHARED : USUAL_SHARED;
  Launch launch = {f->kernel, f->module->content, f->module->read_only_begin,
                   f->module->read_only_end, grid, block, shared, limit, {}};
  for (int i = 0; i < f->kernel->parameters; i++) {
    auto value = static_cast<const char*>(parameters[i]);
    launch.arguments.emplace_back(value, value + f->kernel->sizes[i]);
  }
  launches++;
  return enqueue(stream, [launch = std::move(launch)] {
    if (int code = injected(launch.kernel->name)) return code;
    return idle ? OK : run(launch);
  });
}
