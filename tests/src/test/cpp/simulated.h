// The simulated CUDA: what its parts know of each other. It stands in for the driver, NVRTC and
// cuBLASLt in tests on machines without a GPU: it exports the functions that we call under their
// real names, compiles the text of our kernels with g++ and runs it on the host.
//
//   memory.cpp    device memory, pinned memory, handles, reports, what tests ask and inject
//   checks.cpp    looks at every access that a kernel makes: bounds, alignment, races
//   fibers.cpp    runs a kernel: a fiber per thread, barriers, shuffles
//   streams.cpp   streams, events, copies, graphs: work waits until somebody waits for it
//   driver.cpp    devices, modules, functions, launches
//   nvrtc.cpp     from the text of a kernel to a library of the host
//   cublaslt.cpp  matrix products
//   module.h      how a compiled file of kernels describes itself
//   kernel.h      what the text of a kernel is compiled behind
//
// It is strict where the real one is lenient: what it does not know, it refuses.
#pragma once

#include "module.h"

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#define API extern "C" __attribute__((visibility("default")))

// The part of CUDA's codes that can come from here.
constexpr int OK = 0,
              INVALID_VALUE = 1,
              OUT_OF_MEMORY = 2,
              INVALID_DEVICE = 101,
              INVALID_IMAGE = 200,
              INVALID_CONTEXT = 201,
              INVALID_HANDLE = 400,
              ILLEGAL_STATE = 401,
              NOT_FOUND = 500,
              NOT_READY = 600,
              ILLEGAL_ADDRESS = 700,
              LAUNCH_OUT_OF_RESOURCES = 701,
              MISALIGNED_ADDRESS = 716,
              LAUNCH_FAILED = 719,
              CAPTURE_UNSUPPORTED = 900,
              CAPTURE_INVALIDATED = 901,
              CAPTURE_UNJOINED = 904,
              CAPTURE_ISOLATION = 905,
              CAPTURED_EVENT = 907;

// ---- memory.cpp ---------------------------------------------------------------------------------

extern std::recursive_mutex everything;  // one call at a time
extern int sticky;                       // the error that a kernel left, for every later call
extern long launches, allocations, synchronizations;
extern bool idle;                        // whether kernels are not run

// Says what is wrong, on stderr and to simulated_report; returns the code.
int report(int code, const char* format, ...) __attribute__((format(printf, 2, 3)));

// The code that a test wants this function or kernel to fail with now, or 0.
int injected(const std::string& name);

// What every function begins with.
int entered(const char* function, bool needs_context);
#define ENTER                                            \
  std::lock_guard<std::recursive_mutex> guard(everything); \
  if (int code = entered(__func__, true)) return code

// Device memory lies in one range of addresses; each allocation begins at a multiple of UNIT and
// has an unused unit before and behind it. Addresses come back only when all have been used.
constexpr uint64_t UNIT = 256, DEVICE_BYTES = 64ull << 30;
extern uint64_t device_begin;
extern uint32_t* unit_owner;      // for each unit the number of its allocation, or 0
extern uint64_t* allocation_end;  // for each allocation where it ends, or 0 if it was freed

inline bool on_device(uint64_t address) { return address - device_begin < DEVICE_BYTES; }
inline bool on_device(const void* p) { return on_device(reinterpret_cast<uint64_t>(p)); }

// Whether these bytes are all inside one allocation that lives.
inline bool is_allocated(uint64_t address, uint64_t bytes) {
  if (!on_device(address)) return false;
  return address + bytes <= allocation_end[unit_owner[(address - device_begin) / UNIT]];
}

// What is wrong with an access, in words.
std::string describe(uint64_t address, uint64_t bytes);

bool is_pinned(const void* pointer, size_t bytes);

// Handles are counted, and known by their kind: "stream", "event", "module" and so on.
void opened(const void* handle, const char* kind);
bool closed(const void* handle, const char* kind);
int known(const void* handle, const char* kind);  // OK, or a report

// ---- checks.cpp ---------------------------------------------------------------------------------

void checks_begin_launch();
void checks_begin_block();
void checks_pass_barrier();
// Bytes of the module's shared variables that the first block touched: what its kernel has of them.
uint64_t shared_bytes_touched();

// ---- fibers.cpp ---------------------------------------------------------------------------------

typedef uint3 Size;

struct Launch {
  const SimulatedKernel* kernel;
  const SimulatedModule* module;
  const void* read_only_begin;  // the module's constants
  const void* read_only_end;
  Size grid, block;
  unsigned dynamic_bytes, shared_limit;
  std::vector<std::vector<char>> arguments;
};

// Where the running kernel is, for the checks; launch is null when none runs.
struct Running {
  const Launch* launch;
  Size block, thread;
  unsigned thread_number;
  uint64_t stack_begin;
  int failed;
};
constexpr uint64_t STACK_BYTES = 64 << 10;
constexpr unsigned MOST_SHARED = 227 << 10, USUAL_SHARED = 48 << 10;
extern Running running;
API char simulated_dynamic_shared[MOST_SHARED + UNIT];  // of the block that runs

int run(const Launch& launch);

// Ends the running kernel with a report about the running thread; does not return.
[[noreturn]] void fail_thread(int code, const void* caller, const std::string& what);

// ---- streams.cpp --------------------------------------------------------------------------------

struct Stream;
// Puts work into a stream: it runs when somebody waits, or when its graph is launched.
int enqueue(Stream* stream, std::function<int()> work);
// OK, or the error of a call that a capture on this thread does not allow.
int not_while_capturing(const char* call);
int run_everything();
void forget_streams();
