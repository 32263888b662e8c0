// Looks at every access of a kernel. Kernels are compiled with g++'s instrumentation for its thread
// sanitizer, which calls a function before each read and write; those functions are here, and the
// sanitizer itself is not used.
//
// An access must be aligned, and lie in a living allocation of the device, in the shared memory of
// the block, on the thread's own stack, or be a read of the module's constants.
//
// Races: the program's time is cut into epochs, a new one with each block and each barrier. Two
// threads that touch the same place in one epoch, one of them writing, are a race; so are two
// blocks in one launch. For each two bytes of memory a cell remembers who was there. Single bytes
// are checked for bounds only.
#include "module.h"
#include "simulated.h"

#include <cstdio>
#include <cstdlib>
#include <sys/mman.h>

namespace {
constexpr uint64_t GRANULE = 2;
constexpr uint16_t MANY = 0xffff;

struct Cell {
  uint32_t write_epoch, read_epoch, first_read_epoch;  // first: by any block of this launch
  uint16_t writer, reader;
};

Cell *device_cells, *dynamic_cells, *static_cells;
uint64_t static_cell_bytes;  // of shared memory that they stand for
uint32_t epoch = 1, launch_epoch, block_epoch;

Cell* cells_for(uint64_t bytes) {
  void* p = mmap(nullptr, bytes / GRANULE * sizeof(Cell), PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) {
    perror("simulated CUDA: no address space for checks");
    abort();
  }
  return static_cast<Cell*>(p);
}

__attribute__((constructor)) void set_up() {
  device_cells = cells_for(DEVICE_BYTES);
  dynamic_cells = cells_for(MOST_SHARED + UNIT);
}

struct Section {
  uint64_t begin, bytes;
};

Section static_shared() {
  const SimulatedModule& m = *running.launch->module;
  return {reinterpret_cast<uint64_t>(m.shared_begin), uint64_t(m.shared_end - m.shared_begin)};
}

[[noreturn, gnu::cold]] void race(const void* caller, const char* memory, uint64_t address,
                                  const char* what, unsigned other) {
  char text[256], who[64];
  if (other == MANY) snprintf(who, sizeof who, "more than one thread");
  else snprintf(who, sizeof who, "thread %u", other);
  snprintf(text, sizeof text, "race in %s memory at %#lx: %s %s with no barrier between", memory,
           address, what, who);
  fail_thread(LAUNCH_FAILED, caller, text);
}

[[noreturn, gnu::cold]] void race_of_blocks(const void* caller, uint64_t address,
                                            const char* what) {
  char text[256];
  snprintf(text, sizeof text, "race of blocks in global memory at %#lx, %s: %s", address,
           describe(address, 1).c_str(), what);
  fail_thread(LAUNCH_FAILED, caller, text);
}

inline bool by_another_block(uint32_t when) { return when >= launch_epoch && when < block_epoch; }

// This and what calls it is most of what a simulated kernel takes: inlined, the size of an access
// is a constant.
template <bool WRITE, bool GLOBAL>
[[gnu::always_inline]] inline void visit(Cell* cell, uint64_t count, uint64_t address, const void* caller) {
  auto me = uint16_t(running.thread_number);
  const char* memory = GLOBAL ? "global" : "shared";
#pragma GCC unroll 8
  for (Cell* end = cell + count; cell < end; cell++) {
    if (cell->write_epoch == epoch && cell->writer != me) {
      const char* what = WRITE ? "written after it was by" : "read after it was written by";
      race(caller, memory, address, what, cell->writer);
    }
    if (GLOBAL && by_another_block(cell->write_epoch)) {
      const char* what = WRITE ? "two blocks write it" : "one writes it, another reads it";
      race_of_blocks(caller, address, what);
    }
    if (WRITE) {
      if (cell->read_epoch == epoch && cell->reader != me) {
        race(caller, memory, address, "written after it was read by", cell->reader);
      }
      if (GLOBAL && by_another_block(cell->first_read_epoch)) {
        race_of_blocks(caller, address, "one reads it, another writes it");
      }
      cell->write_epoch = epoch;
      cell->writer = me;
    } else {
      if (cell->first_read_epoch < launch_epoch) cell->first_read_epoch = epoch;
      if (cell->read_epoch != epoch) {
        cell->read_epoch = epoch;
        cell->reader = me;
      } else if (cell->reader != me) {
        cell->reader = MANY;
      }
    }
  }
}

[[noreturn, gnu::cold]] void outside(const void* caller, uint64_t address, uint64_t bytes,
                                     bool write) {
  char text[512];
  Section section = static_shared();
  std::string where;
  auto dynamic = reinterpret_cast<uint64_t>(simulated_dynamic_shared);
  if (address - dynamic < MOST_SHARED + UNIT) {
    where = "at " + std::to_string(address - dynamic) + " in a dynamic shared memory of " +
            std::to_string(running.launch->dynamic_bytes) + " bytes";
  } else if (section.bytes && address - section.begin < section.bytes + UNIT) {
    where = "at " + std::to_string(address - section.begin) + " in shared variables of " +
            std::to_string(section.bytes) + " bytes";
  } else {
    where = describe(address, bytes);
  }
  snprintf(text, sizeof text, "%s of %lu bytes at %#lx, %s", write ? "write" : "read", bytes,
           address, where.c_str());
  fail_thread(ILLEGAL_ADDRESS, caller, text);
}

template <bool WRITE>
[[gnu::always_inline]] inline void access(const void* pointer, uint64_t bytes, const void* caller) {
  if (running.launch == nullptr) return;  // a constructor of the module
  auto address = reinterpret_cast<uint64_t>(pointer);
  uint64_t granules = bytes / GRANULE;
  if (on_device(address)) {
    if (__builtin_expect(!is_allocated(address, bytes), 0)) outside(caller, address, bytes, WRITE);
    Cell* cell = device_cells + (address - device_begin) / GRANULE;
    return visit<WRITE, true>(cell, granules, address, caller);
  }
  if (address - running.stack_begin < STACK_BYTES) return;
  Section section = static_shared();
  if (address - section.begin < section.bytes) {
    if (address - section.begin + bytes > section.bytes) outside(caller, address, bytes, WRITE);
    Cell* cell = static_cells + (address - section.begin) / GRANULE;
    return visit<WRITE, false>(cell, granules, address, caller);
  }
  uint64_t offset = address - reinterpret_cast<uint64_t>(simulated_dynamic_shared);
  if (offset < running.launch->dynamic_bytes && offset + bytes <= running.launch->dynamic_bytes) {
    return visit<WRITE, false>(dynamic_cells + offset / GRANULE, granules, address, caller);
  }
  bool constant =
      pointer >= running.launch->read_only_begin && pointer < running.launch->read_only_end;
  if (WRITE || !constant) outside(caller, address, bytes, WRITE);
}

[[noreturn, gnu::cold]] void misaligned(const void* pointer, uint64_t bytes, const void* caller) {
  char text[128];
  snprintf(text, sizeof text, "an access of %lu bytes at %p, which is no multiple of %lu", bytes,
           pointer, bytes);
  fail_thread(MISALIGNED_ADDRESS, caller, text);
}

inline void require_aligned(const void* pointer, uint64_t bytes, const void* caller) {
  if (reinterpret_cast<uint64_t>(pointer) % bytes != 0 && running.launch) {
    misaligned(pointer, bytes, caller);
  }
}
}  // namespace

void checks_begin_launch() {
  launch_epoch = ++epoch;
  Section section = static_shared();
  if (section.bytes > static_cell_bytes) {
    static_cells = cells_for(section.bytes + UNIT);  // the smaller one is kept: it costs nothing
    static_cell_bytes = section.bytes;
  }
}

void checks_begin_block() { block_epoch = ++epoch; }
void checks_pass_barrier() { ++epoch; }

uint64_t shared_bytes_touched() {
  uint64_t touched = 0;
  for (uint64_t i = 0; i < static_shared().bytes / GRANULE; i++) {
    Cell& cell = static_cells[i];
    touched += GRANULE * (cell.write_epoch >= block_epoch || cell.read_epoch >= block_epoch);
  }
  return touched;
}

API void simulated_check_aligned(const void* pointer) {
  require_aligned(pointer, 16, __builtin_return_address(0));
}

// The unaligned ones are for structures whose parts need less alignment than their size.
#define CALLER __builtin_return_address(0)
#define ACCESSES(bytes)                                                                           \
  API void __tsan_read##bytes(void* p) {                                                          \
    require_aligned(p, bytes, CALLER);                                                            \
    access<false>(p, bytes, CALLER);                                                              \
  }                                                                                               \
  API void __tsan_write##bytes(void* p) {                                                         \
    require_aligned(p, bytes, CALLER);                                                            \
    access<true>(p, bytes, CALLER);                                                               \
  }                                                                                               \
  API void __tsan_unaligned_read##bytes(void* p) { access<false>(p, bytes, CALLER); }             \
  API void __tsan_unaligned_write##bytes(void* p) { access<true>(p, bytes, CALLER); }
ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)
API void __tsan_read_range(void* p, size_t bytes) { access<false>(p, bytes, CALLER); }
API void __tsan_write_range(void* p, size_t bytes) { access<true>(p, bytes, CALLER); }
API void __tsan_init() {}
