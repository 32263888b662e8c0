// How a compiled kernel file describes itself to the driver.
#pragma once

typedef unsigned long size_t;

struct uint3 {
  unsigned x, y, z;
};

struct SimulatedKernel {
  const char* name;
  void (*function)();
  void (*call)(void (*function)(), void** arguments);
  const size_t* sizes;  // of the parameters
  int parameters;
  unsigned largest_block;
};

struct SimulatedModule {
  const SimulatedKernel* kernels;
  int count;
  char *shared_begin, *shared_end;
};
