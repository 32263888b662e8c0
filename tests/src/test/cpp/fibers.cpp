// Runs a kernel: one block after the other, and in a block a fiber for each thread. A thread runs
// until it comes to a barrier or a shuffle; the next one runs when all have come to the same place.
// That is stricter than hardware, which may let a thread that has ended miss a barrier.
#include "module.h"
#include "simulated.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <sys/mman.h>
#ifndef __x86_64__
#include <ucontext.h>
#endif

Running running;
alignas(1024) char simulated_dynamic_shared[MOST_SHARED + UNIT];

namespace {
enum class State { READY, AT_SHUFFLE, AT_BARRIER, ENDED };

#ifdef __x86_64__
typedef void* Context;
#else
typedef ucontext_t Context;
#endif

struct Fiber {
  Context context;
  char* stack;
  State state;
  int line;        // of the barrier or shuffle where it waits
  unsigned value;  // what it gives to a shuffle, then what it gets
  int lane;        // whose value it wants
  Size thread;
};

constexpr unsigned WARP = 32, MOST_THREADS = 1024;
constexpr unsigned POISON = 0xff;
Fiber fibers[MOST_THREADS];
Context scheduler;
void* argument_pointers[256];

#ifdef __x86_64__
// Saves the registers that a function must keep, and takes those of another stack.
asm(R"(
  .text
  .hidden simulated_switch
  .globl simulated_switch
simulated_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
)");
extern "C" void simulated_switch(void** save, void* load);
void change(Context& from, Context& to) { simulated_switch(&from, to); }
void begin(Context& context, char* stack, void (*entry)()) {
  auto top = reinterpret_cast<void**>(stack + STACK_BYTES);
  *--top = nullptr;  // as if entry had been called
  *--top = reinterpret_cast<void*>(entry);
  for (int i = 0; i < 6; i++) *--top = nullptr;
  context = top;
}
#else
void change(Context& from, Context& to) { swapcontext(&from, &to); }
void begin(Context& context, char* stack, void (*entry)()) {
  getcontext(&context);
  context.uc_stack.ss_sp = stack;
  context.uc_stack.ss_size = STACK_BYTES;
  makecontext(&context, entry, 0);
}
#endif

__attribute__((constructor)) void set_up() {
  // Each stack has an unused page below it.
  uint64_t each = STACK_BYTES + 4096;
  void* stacks = mmap(nullptr, MOST_THREADS * each, PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (stacks == MAP_FAILED) {
    perror("simulated CUDA: no memory for threads");
    abort();
  }
  for (unsigned i = 0; i < MOST_THREADS; i++) {
    fibers[i].stack = static_cast<char*>(stacks) + i * each + 4096;
    mprotect(fibers[i].stack, STACK_BYTES, PROT_READ | PROT_WRITE);
  }
}

Fiber& me() { return fibers[running.thread_number]; }

void wait(State state, int line) {
  Fiber& fiber = me();
  fiber.state = state;
  fiber.line = line;
  change(fiber.context, scheduler);
}

void thread_main() {
  const SimulatedKernel& k = *running.launch->kernel;
  k.call(k.function, argument_pointers);
  wait(State::ENDED, 0);
  __builtin_unreachable();
}

void resume(unsigned number) {
  Fiber& fiber = fibers[number];
  running.thread = fiber.thread;
  running.thread_number = number;
  running.stack_begin = reinterpret_cast<uint64_t>(fiber.stack);
  change(scheduler, fiber.context);
}

std::string place(const Fiber& fiber) {
  switch (fiber.state) {
    case State::ENDED: return "has ended";
    case State::AT_BARRIER: return "waits at the barrier in line " + std::to_string(fiber.line);
    default: return "waits at the shuffle in line " + std::to_string(fiber.line);
  }
}

void diverged(const Fiber& a, const Fiber& b) {
  running.failed = report(LAUNCH_FAILED,
                          "divergence in %s, block (%u,%u,%u): thread (%u,%u,%u) %s, but thread "
                          "(%u,%u,%u) %s",
                          running.launch->kernel->name, running.block.x, running.block.y,
                          running.block.z, a.thread.x, a.thread.y, a.thread.z, place(a).c_str(),
                          b.thread.x, b.thread.y, b.thread.z, place(b).c_str());
}

// Whether all threads from first to end wait in the same place.
bool together(unsigned first, unsigned end) {
  for (unsigned i = first + 1; i < end; i++) {
    if (fibers[i].state != fibers[first].state || fibers[i].line != fibers[first].line) {
      diverged(fibers[first], fibers[i]);
      return false;
    }
  }
  return true;
}

void exchange(unsigned first) {
  unsigned values[WARP];
  for (unsigned i = 0; i < WARP; i++) values[i] = fibers[first + i].value;
  for (unsigned i = 0; i < WARP; i++) {
    fibers[first + i].value = values[fibers[first + i].lane];
    fibers[first + i].state = State::READY;
  }
}

// Runs the threads of a warp until all are at a barrier or have ended.
void run_warp(unsigned first, unsigned end) {
  for (;;) {
    bool shuffles = false;
    for (unsigned i = first; i < end; i++) {
      if (fibers[i].state == State::READY) resume(i);
      if (running.failed) return;
      shuffles |= fibers[i].state == State::AT_SHUFFLE;
    }
    if (!shuffles || !together(first, end)) return;
    exchange(first);
  }
}

void run_block(unsigned threads) {
  const SimulatedModule& m = *running.launch->module;
  if (m.shared_begin) memset(m.shared_begin, POISON, m.shared_end - m.shared_begin);
  memset(simulated_dynamic_shared, POISON, running.launch->dynamic_bytes);
  checks_begin_block();
  for (unsigned i = 0; i < threads; i++) {
    fibers[i].state = State::READY;
    begin(fibers[i].context, fibers[i].stack, thread_main);
  }
  for (;;) {
    for (unsigned first = 0; first < threads; first += WARP) {
      run_warp(first, first + WARP < threads ? first + WARP : threads);
      if (running.failed) return;
    }
    if (!together(0, threads) || fibers[0].state == State::ENDED) return;
    checks_pass_barrier();
    for (unsigned i = 0; i < threads; i++) fibers[i].state = State::READY;
  }
}

// What a kernel has of the file's shared variables is known when a block of it has run.
void check_shared_bytes() {
  const SimulatedModule& m = *running.launch->module;
  uint64_t most = m.shared_end - m.shared_begin + running.launch->dynamic_bytes;
  if (most <= running.launch->shared_limit) return;
  uint64_t bytes = shared_bytes_touched() + running.launch->dynamic_bytes;
  if (bytes > running.launch->shared_limit) {
    running.failed = report(INVALID_VALUE, "%s has %lu bytes of shared memory, more than %u",
                            running.launch->kernel->name, bytes, running.launch->shared_limit);
  }
}

// The line of the source where an access came from, and where its function was called from if it
// was inlined; empty where that is not known.
std::string line_of(const void* caller) {
  Dl_info info;
  if (!caller || !dladdr(caller, &info)) return "";
  char command[512], line[512];
  snprintf(command, sizeof command, "addr2line -i -e %s %#lx 2>/dev/null", info.dli_fname,
           static_cast<const char*>(caller) - static_cast<const char*>(info.dli_fbase) - 1);
  FILE* pipe = popen(command, "r");
  if (!pipe) return "";
  std::string places;
  while (fgets(line, sizeof line, pipe)) {
    std::string place = line;
    place = place.substr(place.rfind('/') + 1);
    place = place.substr(0, place.find_first_of(" \n"));
    if (place[0] == '?' || place.rfind("kernel.h:", 0) == 0) continue;
    places += (places.empty() ? "" : " from ") + place;
  }
  pclose(pipe);
  return places.empty() ? "" : " (" + places + ")";
}
}  // namespace

int run(const Launch& launch) {
  running = {};
  running.launch = &launch;
  for (size_t i = 0; i < launch.arguments.size(); i++) {
    argument_pointers[i] = const_cast<char*>(launch.arguments[i].data());
  }
  unsigned threads = 0;
  for (unsigned z = 0; z < launch.block.z; z++) {
    for (unsigned y = 0; y < launch.block.y; y++) {
      for (unsigned x = 0; x < launch.block.x; x++) fibers[threads++].thread = {x, y, z};
    }
  }
  checks_begin_launch();
  Size& block = running.block;
  for (block.z = 0; block.z < launch.grid.z && !running.failed; block.z++) {
    for (block.y = 0; block.y < launch.grid.y && !running.failed; block.y++) {
      for (block.x = 0; block.x < launch.grid.x && !running.failed; block.x++) {
        run_block(threads);
        if (block.x + block.y + block.z == 0 && !running.failed) check_shared_bytes();
      }
    }
  }
  running.launch = nullptr;
  return running.failed;
}

void fail_thread(int code, const void* caller, const std::string& what) {
  const Running& r = running;
  std::string line = line_of(caller);
  running.failed = report(code, "%s, block (%u,%u,%u), thread (%u,%u,%u)%s: %s",
                          r.launch->kernel->name, r.block.x, r.block.y, r.block.z, r.thread.x,
                          r.thread.y, r.thread.z, line.c_str(), what.c_str());
  wait(State::ENDED, 0);  // for good: the scheduler sees the failure
  __builtin_unreachable();
}

// ---- what kernels call --------------------------------------------------------------------------

API uint3 simulated_thread_index() { return running.thread; }
API uint3 simulated_block_index() { return running.block; }
API uint3 simulated_block_size() { return running.launch->block; }
API uint3 simulated_grid_size() { return running.launch->grid; }
API int simulated_lane() { return running.thread_number % WARP; }

API void simulated_barrier(int line) { wait(State::AT_BARRIER, line); }

API unsigned simulated_shuffle(unsigned mask, unsigned value, int lane, int line) {
  const Size& size = running.launch->block;
  unsigned first = running.thread_number / WARP * WARP;
  if (mask != 0xffffffffu || first + WARP > size.x * size.y * size.z) {
    fail_thread(LAUNCH_FAILED, __builtin_return_address(0),
                "a shuffle needs the full mask and a warp of 32 threads");
  }
  me().value = value;
  me().lane = lane;
  wait(State::AT_SHUFFLE, line);
  return me().value;
}

// Lets the warp wait for each other; to the check for races it is no barrier.
API void simulated_warp_barrier(unsigned mask, int line) { simulated_shuffle(mask, 0, 0, line); }
