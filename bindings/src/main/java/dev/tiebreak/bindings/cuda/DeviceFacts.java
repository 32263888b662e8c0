package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.cuda.CudaLibrary.DRIVER;
import static dev.tiebreak.bindings.cuda.Status.check;
import static dev.tiebreak.bindings.raw.driver.DriverApi.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

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
    int device = Out.integer(DRIVER, "cuDeviceGet " + index, out -> cuDeviceGet(out, index));
    return new DeviceFacts(
        index,
        name(device),
        attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR(), device),
        attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR(), device),
        Out.number(DRIVER, "cuDeviceTotalMem_v2", out -> cuDeviceTotalMem_v2(out, device)),
        attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT(), device),
        attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN(), device),
        attribute(CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE(), device));
  }

  private static String name(int device) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(NAME_BYTES);
      check(DRIVER, "cuDeviceGetName", cuDeviceGetName(name, NAME_BYTES, device));
      return name.getString(0);
    }
  }

  private static int attribute(int attribute, int device) {
    return Out.integer(
        DRIVER,
        "cuDeviceGetAttribute " + attribute,
        out -> cuDeviceGetAttribute(out, attribute, device));
  }
}
