package dev.tiebreak.trainer.lab.checkpoint;

import dev.tiebreak.trainer.base.UserError;
import java.nio.ByteOrder;

/** Files hold little-endian numbers, and they are copied to and from memory as they are. */
final class ByteOrders {
  private ByteOrders() {}

  static void requireLittleEndian() {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new UserError(
          "safetensors files need a little-endian processor; use an x86 or ARM machine");
    }
  }
}
