package dev.tiebreak.bindings.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contexts, memory, streams, events and errors, through the generated bindings. */
@NeedsCudaDouble
class CudaTest {
  private Cuda cuda;

  @BeforeEach
  void useTheDouble() {
    cuda = CudaDouble.open();
  }

  @AfterEach
  void letGo() {
    assertThat(cuda.openResources()).isZero();
    cuda.close();
  }

  @Test
  void aContextIsRetainedMadeCurrentAndReleasedOnce() {
    Cuda second = Cuda.open(0);
    assertThat(second.facts())
        .isEqualTo(new DeviceFacts(0, "Double 40", 9, 0, 80L << 30, 132, 232448, 50 << 20));
    assertThat(second.freeBytes()).isEqualTo(70L << 30);
    second.synchronize();
    second.close();
    second.close();
    assertThat(CudaDouble.log())
        .containsExactly("retain 40", "current 0xc0", "synchronize", "release 40");
    assertThatThrownBy(second::makeCurrent).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(Event::create)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("no GPU is current on this thread");
    cuda.makeCurrent();
    Event.create().close();
  }

  @Test
  void aGpuThatIsNotThereIsAnErrorWithCallCodeNameAndText() {
    assertThatThrownBy(() -> Cuda.open(3))
        .isInstanceOfSatisfying(
            CudaException.class,
            e -> {
              assertThat(e.call()).isEqualTo("cuDeviceGet 3");
              assertThat(e.code()).isEqualTo(101);
            });
  }

  @Test
  void bytesGoToTheGpuAndBack() {
    long before = CudaDouble.live();
    try (Arena arena = Arena.ofConfined();
        Stream stream = Stream.create(-2);
        DeviceBuffer first = DeviceBuffer.allocate(16);
        DeviceBuffer second = DeviceBuffer.allocate(16);
        PinnedBuffer pinned = PinnedBuffer.allocate(8)) {
      MemorySegment source = arena.allocateFrom(ValueLayout.JAVA_LONG, 7, 8);
      stream.copyIn(first.address(), source);
      stream.copy(second.address(), first.address(), 16);
      stream.zero(second.address(), 8);
      stream.copyOut(pinned.segment(), second.address(8, 8));
      stream.synchronize();
      assertThat(pinned.segment().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(8);
      MemorySegment target = arena.allocate(16);
      stream.copyOut(target, second.address());
      assertThat(target.toArray(ValueLayout.JAVA_LONG)).containsExactly(0, 8);
      assertThat(stream.isDone()).isTrue();
      CudaDouble.fail("cuStreamQuery", 600);
      assertThat(stream.isDone()).isFalse();
      assertThatThrownBy(() -> stream.copyIn(first.address(), MemorySegment.ofArray(new byte[4])))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(CudaDouble.live()).isEqualTo(before + 4);
    }
    assertThat(CudaDouble.live()).isEqualTo(before);
    assertThat(CudaDouble.log())
        .containsExactly("stream flags 1 priority -2", "pinned 8 flags 1", "stream synchronize");
  }

  @Test
  void eventsOrderStreamsAndKeepTheTime() {
    try (Stream stream = Stream.create();
        Event start = Event.timed();
        Event end = Event.timed();
        Event order = Event.create()) {
      start.record(stream);
      end.record(stream);
      end.synchronize();
      assertThat(end.isDone()).isTrue();
      CudaDouble.fail("cuEventQuery", 600);
      assertThat(end.isDone()).isFalse();
      assertThat(end.millisecondsSince(start)).isZero();
      order.record(stream);
      stream.await(order);
    }
    assertThat(CudaDouble.log())
        .containsExactly(
            "stream flags 1 priority 0", "event flags 0", "event flags 0", "event flags 2", "wait");
  }

  @Test
  void aBufferThatDoesNotFitSaysHowManyBytesWereWanted() {
    CudaDouble.fail("cuMemAlloc_v2", 2);
    assertThatThrownBy(() -> DeviceBuffer.allocate(1L << 40))
        .isInstanceOfSatisfying(
            CudaException.class,
            e -> {
              assertThat(e.call()).isEqualTo("cuMemAlloc_v2 of 1099511627776 bytes");
              assertThat(e.code()).isEqualTo(2);
              assertThat(e.name()).isEqualTo("CUDA_ERROR_OUT_OF_MEMORY");
              assertThat(e.text()).isEqualTo("out of memory");
            })
        .hasMessage(
            "cuMemAlloc_v2 of 1099511627776 bytes failed with CUDA_ERROR_OUT_OF_MEMORY (2): out of"
                + " memory");
    assertThat(cuda.openResources()).isZero();
  }

  @Test
  void aCodeThatTheDriverDoesNotKnowIsStillAnError() {
    CudaDouble.fail("cuCtxSynchronize", 4711);
    assertThatThrownBy(cuda::synchronize)
        .hasMessage("cuCtxSynchronize failed with unknown error (4711): unknown error");
  }

  @Test
  void aFailureInCloseIsThrownByTheNextCallAndOnlyByThat() {
    try (Stream stream = Stream.create()) {
      DeviceBuffer first = DeviceBuffer.allocate(8);
      DeviceBuffer second = DeviceBuffer.allocate(8);
      CudaDouble.fail("cuMemFree_v2", 719);
      first.close();
      CudaDouble.fail("cuMemFree_v2", 1);
      second.close();
      assertThatThrownBy(stream::synchronize)
          .hasMessage(
              "cuMemFree_v2 failed with CUDA_ERROR_LAUNCH_FAILED (719): unspecified launch failure")
          .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1))
          .satisfies(
              e -> assertThat(e.getSuppressed()[0]).hasMessageContaining("INVALID_VALUE (1)"));
      stream.synchronize();
    }
  }

  @Test
  void aFailureInCloseIsThrownBeforeSomethingIsMade() {
    Event event = Event.create();
    CudaDouble.fail("cuEventDestroy_v2", 1);
    event.close();
    long live = CudaDouble.live();
    assertThatThrownBy(() -> DeviceBuffer.allocate(8)).hasMessageContaining("cuEventDestroy_v2");
    assertThat(CudaDouble.live()).isEqualTo(live);
  }

  @Test
  void aFailureThatFollowsOneInCloseCarriesIt() {
    try (Stream stream = Stream.create()) {
      Event event = Event.create();
      CudaDouble.fail("cuEventDestroy_v2", 1);
      event.close();
      CudaDouble.fail("cuStreamSynchronize", 719);
      assertThatThrownBy(stream::synchronize)
          .hasMessageContaining("LAUNCH_FAILED")
          .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessageContaining("cuEventDestroy"));
    }
  }

  @Test
  void contextsOfOneProcessKnowNothingOfEachOthersFailures() {
    DeviceBuffer mine = DeviceBuffer.allocate(8);
    try (Cuda _ = Cuda.open(0);
        Stream theirs = Stream.create()) {
      CudaDouble.fail("cuMemFree_v2", 719);
      mine.close(); // while the other context is current
      theirs.synchronize();
      DeviceBuffer.allocate(8).close();
      assertThatThrownBy(cuda::makeCurrent).hasMessageContaining("cuMemFree_v2 failed");
      cuda.makeCurrent();
    }
    cuda.makeCurrent();
    cuda.synchronize();
  }

  @Test
  void everyContextCountsItsOwnResources() {
    DeviceBuffer mine = DeviceBuffer.allocate(8);
    try (Cuda other = Cuda.open(0)) {
      try (Event _ = Event.create();
          Stream _ = Stream.create()) {
        assertThat(other.openResources()).isEqualTo(2);
        assertThat(cuda.openResources()).isEqualTo(1);
        mine.close();
        assertThat(other.openResources()).isEqualTo(2);
      }
      assertThat(other.openResources()).isZero();
    }
  }

  @Test
  void whatIsClosedIsGivenBackOnceAndCannotBeUsed() {
    long live = CudaDouble.live();
    DeviceBuffer buffer = DeviceBuffer.allocate(8);
    PinnedBuffer pinned = PinnedBuffer.allocate(8);
    buffer.close();
    buffer.close();
    pinned.close();
    pinned.close();
    assertThat(CudaDouble.live()).isEqualTo(live);
    assertThatThrownBy(buffer::address)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a device buffer of 8 bytes is closed");
    assertThatThrownBy(() -> pinned.segment().get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aPartOutsideOfABufferHasNoAddress() {
    try (DeviceBuffer buffer = DeviceBuffer.allocate(8)) {
      assertThat(buffer.address(4, 4)).isEqualTo(buffer.address() + 4);
      assertThatThrownBy(() -> buffer.address(4, 5)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> buffer.address(-1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThatThrownBy(() -> DeviceBuffer.allocate(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsNotClosedIsReportedWithWhereItWasMade() {
    System.setProperty("tiebreak.cuda.track", "true");
    try {
      DeviceBuffer lost = DeviceBuffer.allocate(12345);
      assertThat(cuda.leaks())
          .singleElement()
          .asString()
          .startsWith("a device buffer of 12345 bytes, made at ");
      lost.close();
      assertThat(cuda.leaks()).isEmpty();
    } finally {
      System.clearProperty("tiebreak.cuda.track");
    }
  }
}
