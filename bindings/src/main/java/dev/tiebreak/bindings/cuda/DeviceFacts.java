package dev.tiebreak.bindings.cuda;

import dev.tiebreak.bindings.raw.driver.DriverApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What is fixed about a GPU.
 *
 * @param index its number, from 0
 * @param major of its compute capability
 * @param minor of its compute capability
 * @param bytes its memory
 * @param multiprocessors how many of them it has
 * @param sharedBytes the most shared memory that one block can have, if the kernel asks for it
 * @param l2Bytes its second-level cache
 */
public record DeviceFacts(
    int index,
    String name,
    int major,
    int minor,
    long bytes,
    int multiprocessors,
    int sharedBytes,
    int l2Bytes) {
  private static final int NAME_BYTES = 256;

  /** The compute capability, such as {@code 9.0}. */
  public String capability() {
    return major + "." + minor;
  }

  /** Needs {@code cuInit}. */
  static DeviceFacts of(int index) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
      check("cuDeviceGet", DriverApi.cuDeviceGet(number, index));
      int device = number.get(ValueLayout.JAVA_INT, 0);
      MemorySegment name = arena.allocate(NAME_BYTES);
      check("cuDeviceGetName", DriverApi.cuDeviceGetName(name, NAME_BYTES, device));
      MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG);
      check("cuDeviceTotalMem_v2", DriverApi.cuDeviceTotalMem_v2(bytes, device));
      return new DeviceFacts(
          index,
          name.getString(0),
          attribute(number, DriverApi.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR(), device),
          attribute(number, DriverApi.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR(), device),
          bytes.get(ValueLayout.JAVA_LONG, 0),
          attribute(number, DriverApi.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT(), device),
          attribute(
              number, DriverApi.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN(), device),
          attribute(number, DriverApi.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE(), device));
    }
  }

  private static int attribute(MemorySegment value, int attribute, int device) {
    check(
        "cuDeviceGetAttribute " + attribute,
        DriverApi.cuDeviceGetAttribute(value, attribute, device));
    return value.get(ValueLayout.JAVA_INT, 0);
  }

  private static void check(String call, int status) {
    Status.check(CudaLibrary.DRIVER, call, status);
  }
}
