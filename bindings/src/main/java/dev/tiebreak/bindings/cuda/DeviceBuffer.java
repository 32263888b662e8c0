package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.cuda.CudaLibrary.DRIVER;
import static dev.tiebreak.bindings.raw.driver.DriverApi.*;

import java.util.Locale;
import java.util.Objects;

/**
 * Memory of the GPU. Its address is a {@code long}, so that Java cannot mistake it for memory of
 * its own; it is a multiple of 256. The content is undefined at first.
 */
public final class DeviceBuffer extends Resource {
  private final long address;
  private final long bytes;

  private DeviceBuffer(long bytes) {
    super(String.format(Locale.ROOT, "a device buffer of %d bytes", bytes));
    this.bytes = bytes;
    address =
        Out.number(
            DRIVER,
            String.format(Locale.ROOT, "cuMemAlloc_v2 of %d bytes", bytes),
            result -> cuMemAlloc_v2(result, bytes));
    opened();
  }

  /**
   * Takes memory from the GPU that is current.
   *
   * @param bytes at least 1
   * @throws CudaException if there is not enough, with {@code CUDA_ERROR_OUT_OF_MEMORY}
   */
  public static DeviceBuffer allocate(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("a device buffer needs at least 1 byte, not " + bytes);
    }
    return new DeviceBuffer(bytes);
  }

  /** Where it begins. */
  public long address() {
    mustBeOpen();
    return address;
  }

  /**
   * The address of a part of it.
   *
   * @throws IndexOutOfBoundsException if the part is not all inside
   */
  public long address(long offset, long length) {
    mustBeOpen();
    return address + Objects.checkFromIndexSize(offset, length, bytes);
  }

  /** Its size. */
  public long bytes() {
    return bytes;
  }

  @Override
  void release() {
    keep(DRIVER, "cuMemFree_v2", cuMemFree_v2(address));
  }
}
