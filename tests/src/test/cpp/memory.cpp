// Device memory, pinned memory, handles, reports, and what tests ask and inject.
#include "simulated.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <sys/mman.h>

std::recursive_mutex everything;
int sticky;
long launches, allocations, synchronizations;
bool idle;
uint64_t device_begin;
uint32_t* unit_owner;
uint64_t* allocation_end;

namespace {
constexpr uint64_t DEFAULT_LIMIT = 4ull << 30;
constexpr unsigned char POISON = 0xff;  // not a number as float32 and as bfloat16, -1 as an integer

struct Allocation {
  uint64_t bytes;
  uint32_t number;
  bool live;
};

std::map<uint64_t, Allocation> device;  // by address; freed ones stay until the place is used again
std::map<uint64_t, size_t> pinned;
std::map<const void*, const char*> handles;
std::multimap<std::string, std::pair<int, int>> to_fail;  // name: code, good calls before
std::string last_report, leak_text;
uint64_t limit = DEFAULT_LIMIT, used, next_address;
uint32_t next_number = 1;
thread_local bool has_context;
int contexts;
bool quiet;

void* reserve(uint64_t bytes, int protection) {
  void* p = mmap(nullptr, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) {
    perror("simulated CUDA: no address space");
    abort();
  }
  return p;
}

__attribute__((constructor)) void set_up() {
  device_begin = reinterpret_cast<uint64_t>(reserve(DEVICE_BYTES + UNIT, PROT_READ | PROT_WRITE));
  device_begin = (device_begin + UNIT - 1) / UNIT * UNIT;
  next_address = device_begin + UNIT;
  uint64_t units = DEVICE_BYTES / UNIT + 1;
  unit_owner = static_cast<uint32_t*>(reserve(units * sizeof(uint32_t), PROT_READ | PROT_WRITE));
  allocation_end =
      static_cast<uint64_t*>(reserve(units * sizeof(uint64_t), PROT_READ | PROT_WRITE));
}

// The next place that no living allocation overlaps.
uint64_t place(uint64_t bytes) {
  bool wrapped = false;
  for (;;) {
    if (next_address + bytes + UNIT > device_begin + DEVICE_BYTES) {
      if (wrapped) return 0;
      wrapped = true;
      next_address = device_begin + UNIT;
    }
    uint64_t end = next_address + bytes + UNIT;
    bool free = true;
    auto it = device.lower_bound(end);
    while (it != device.begin() && free) {
      --it;
      if (it->second.live && it->first + it->second.bytes + UNIT > next_address) {
        next_address = (it->first + it->second.bytes + 2 * UNIT - 1) / UNIT * UNIT;
        free = false;
      }
      if (it->first + DEFAULT_LIMIT < next_address) break;  // none is that long
    }
    if (free) return next_address;
  }
}

void own(uint64_t address, uint64_t bytes, uint32_t number) {
  for (uint64_t at = 0; at < bytes; at += UNIT) {
    unit_owner[(address - device_begin + at) / UNIT] = number;
  }
}
}  // namespace

int report(int code, const char* format, ...) {
  char text[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (last_report.empty()) last_report = text;  // the first is the cause
  if (!quiet) fprintf(stderr, "simulated CUDA: %s\n", text);
  return code;
}

int injected(const std::string& name) {
  auto range = to_fail.equal_range(name);
  for (auto it = range.first; it != range.second; ++it) {
    if (it->second.second-- == 0) {
      int code = it->second.first;
      to_fail.erase(it);
      return code;
    }
  }
  return OK;
}

int entered(const char* function, bool needs_context) {
  if (int code = injected(function)) return code;
  if (needs_context && !has_context) {
    return report(INVALID_CONTEXT, "%s: no context is current on this thread", function);
  }
  return sticky;
}

std::string describe(uint64_t address, uint64_t bytes) {
  char text[256];
  if (!on_device(address)) return "which is no memory of the device";
  auto it = device.upper_bound(address);
  // What is nearer: the end of the one before or the begin of the one behind.
  if (it != device.end() && (it == device.begin() || it->first - address < UNIT) &&
      (it == device.begin() || std::prev(it)->first + std::prev(it)->second.bytes +
                                       (it->first - address) < address)) {
    snprintf(text, sizeof text, "%lu bytes before an allocation of %lu bytes", it->first - address,
             it->second.bytes);
    return text;
  }
  if (it == device.begin()) return "where nothing was ever allocated";
  --it;
  const Allocation& a = it->second;
  uint64_t offset = address - it->first;
  const char* state = a.live ? "an allocation" : "a freed allocation";
  if (offset >= a.bytes) {
    snprintf(text, sizeof text, "%lu bytes past the end of %s of %lu bytes", offset - a.bytes,
             state, a.bytes);
  } else if (offset + bytes > a.bytes) {
    snprintf(text, sizeof text, "of %lu bytes at %lu in %s of %lu bytes", bytes, offset, state,
             a.bytes);
  } else {
    snprintf(text, sizeof text, "at %lu in %s of %lu bytes", offset, state, a.bytes);
  }
  return text;
}

bool is_pinned(const void* pointer, size_t bytes) {
  auto address = reinterpret_cast<uint64_t>(pointer);
  auto it = pinned.upper_bound(address);
  if (it == pinned.begin()) return false;
  --it;
  return address + bytes <= it->first + it->second;
}

void opened(const void* handle, const char* kind) { handles[handle] = kind; }

int known(const void* handle, const char* kind) {
  auto it = handles.find(handle);
  if (it != handles.end() && strcmp(it->second, kind) == 0) return OK;
  return report(INVALID_HANDLE, "%p is no %s, or no longer", handle, kind);
}

bool closed(const void* handle, const char* kind) {
  return known(handle, kind) == OK && handles.erase(handle) == 1;
}

// ---- the driver's functions ---------------------------------------------------------------------

API int cuMemAlloc_v2(uint64_t* address, size_t bytes) {
  ENTER;
  if (int code = not_while_capturing(__func__)) return code;
  if (bytes == 0) return report(INVALID_VALUE, "cuMemAlloc_v2 of 0 bytes");
  uint64_t at = used + bytes > limit ? 0 : place(bytes);
  if (at == 0) return OUT_OF_MEMORY;
  // What was freed there before is forgotten.
  device.erase(device.lower_bound(at), device.lower_bound(at + bytes + UNIT));
  device[at] = {bytes, next_number, true};
  own(at, bytes, next_number);
  allocation_end[next_number++] = at + bytes;
  memset(reinterpret_cast<void*>(at), POISON, bytes);
  next_address = (at + bytes + 2 * UNIT - 1) / UNIT * UNIT;
  used += bytes;
  allocations++;
  *address = at;
  return OK;
}

API int cuMemFree_v2(uint64_t address) {
  std::lock_guard<std::recursive_mutex> guard(everything);
  int code = entered(__func__, true);
  if (!code) code = not_while_capturing(__func__);
  if (!code) code = run_everything();  // as the real one, it waits for work that may use the memory
  synchronizations++;
  auto it = device.find(address);
  if (it == device.end() || !it->second.live) {
    return report(INVALID_VALUE, "cuMemFree_v2 of an address that was not allocated or was freed");
  }
  it->second.live = false;
  allocation_end[it->second.number] = 0;
  used -= it->second.bytes;
  // The pages go back to the system; those at the ends may hold neighbours.
  uint64_t page = 4096, begin = (address + page - 1) / page * page;
  uint64_t end = (address + it->second.bytes) / page * page;
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  return code;
}

API int cuMemGetInfo_v2(size_t* available, size_t* total) {
  ENTER;
  *available = limit > used ? limit - used : 0;
  *total = limit;
  return OK;
}

API int cuDeviceTotalMem_v2(size_t* bytes, int) {
  std::lock_guard<std::recursive_mutex> guard(everything);
  *bytes = limit;
  return entered(__func__, false);
}

API int cuMemHostAlloc(void** pointer, size_t bytes, unsigned flags) {
  ENTER;
  if (int code = not_while_capturing(__func__)) return code;
  if (flags != 1) return report(INVALID_VALUE, "cuMemHostAlloc with the flags %u", flags);
  *pointer = aligned_alloc(UNIT, (bytes + UNIT - 1) / UNIT * UNIT);
  memset(*pointer, POISON, bytes);
  pinned[reinterpret_cast<uint64_t>(*pointer)] = bytes;
  allocations++;
  return OK;
}

API int cuMemFreeHost(void* pointer) {
  std::lock_guard<std::recursive_mutex> guard(everything);
  int code = entered(__func__, true);
  if (!code) code = not_while_capturing(__func__);
  if (!code) code = run_everything();
  synchronizations++;
  if (pinned.erase(reinterpret_cast<uint64_t>(pointer)) == 0) {
    return report(INVALID_VALUE, "cuMemFreeHost of an address that was not allocated or was freed");
  }
  free(pointer);
  return code;
}

API int cuDevicePrimaryCtxRetain(void** context, int) {
  std::lock_guard<std::recursive_mutex> guard(everything);
  if (int code = entered(__func__, false)) return code;
  contexts++;
  *context = &contexts;
  return OK;
}

API int cuDevicePrimaryCtxRelease_v2(int) {
  std::lock_guard<std::recursive_mutex> guard(everything);
  if (contexts == 0) return report(INVALID_CONTEXT, "released a context more than once");
  int code = entered(__func__, false);
  if (--contexts == 0) sticky = OK;  // with the context goes what was wrong in it
  return code;
}

API int cuCtxSetCurrent(void* context) {
  std::lock_guard<std::recursive_mutex> guard(everything);
  if (int code = entered(__func__, false)) return code;
  if (context && context != &contexts) return report(INVALID_CONTEXT, "%p is no context", context);
  has_context = context != nullptr;
  return OK;
}

// ---- what tests ask and inject ------------------------------------------------------------------

// The first thing that was wrong since the last reset; empty if nothing was.
API const char* simulated_report() { return last_report.c_str(); }

// Keeps reports from stderr until the next reset, for tests that cause them.
API void simulated_quiet() { quiet = true; }

// Lets a function, or the run of a kernel of that name, fail with a code after so many good ones.
API void simulated_fail(const char* name, int code, int after) {
  to_fail.insert({name, {code, after}});
}

// How much memory the device has; 0 for what it has at first.
API void simulated_memory_limit(uint64_t bytes) { limit = bytes ? bytes : DEFAULT_LIMIT; }

// Whether kernels are checked and queued but not run, for tests of what is taken.
API void simulated_idle(int on) { idle = on; }

API uint64_t simulated_memory_used() { return used; }
API long simulated_launches() { return launches; }
API long simulated_allocations() { return allocations; }
API long simulated_synchronizations() { return synchronizations; }

// What was taken and not given back, one line each.
API const char* simulated_leaks() {
  std::lock_guard<std::recursive_mutex> guard(everything);
  leak_text.clear();
  for (auto& [address, a] : device) {
    if (a.live) leak_text += "device memory of " + std::to_string(a.bytes) + " bytes\n";
  }
  for (auto& [address, bytes] : pinned) {
    leak_text += "pinned memory of " + std::to_string(bytes) + " bytes\n";
  }
  for (auto& [handle, kind] : handles) leak_text += std::string(kind) + "\n";
  return leak_text.c_str();
}

API long simulated_live() {
  long live = pinned.size() + handles.size();
  for (auto& [address, a] : device) live += a.live;
  return live;
}

// Forgets reports, errors, what is to fail, and work that waits; what was not given back stays.
API void simulated_reset() {
  std::lock_guard<std::recursive_mutex> guard(everything);
  forget_streams();
  last_report.clear();
  quiet = idle = false;
  to_fail.clear();
  sticky = OK;
  limit = DEFAULT_LIMIT;
  launches = allocations = synchronizations = 0;
}
