package dev.tiebreak.tensor;

import dev.tiebreak.bindings.CacheFolder;
import dev.tiebreak.bindings.cuda.CublasLt;
import dev.tiebreak.bindings.cuda.Cuda;
import dev.tiebreak.bindings.cuda.CudaException;
import dev.tiebreak.bindings.cuda.DeviceBuffer;
import dev.tiebreak.bindings.cuda.DeviceFacts;
import dev.tiebreak.bindings.cuda.ElementType;
import dev.tiebreak.bindings.cuda.GemmKey;
import dev.tiebreak.bindings.cuda.GemmPlan;
import dev.tiebreak.bindings.cuda.GemmTable;
import dev.tiebreak.bindings.cuda.Nvrtc;
import dev.tiebreak.bindings.cuda.Stream;
import dev.tiebreak.tensor.cuda.CudnnAttention;
import dev.tiebreak.tensor.cuda.Kernel;
import dev.tiebreak.tensor.cuda.KernelTimes;
import dev.tiebreak.tensor.cuda.Kernels;
import dev.tiebreak.tensor.cuda.Transfers;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * A GPU of NVIDIA's: matrix products by cuBLASLt, everything else by kernels of our own, compiled
 * at run time, all in one stream.
 *
 * <p>Java only asks and does not wait: an operation returns when its kernels are queued. Reading an
 * element, {@link #synchronize} and closing wait. Computes with float32 (the reference) and
 * bfloat16 with sums in float32; float64 is for the CPU. Results are the same bytes every time on
 * the same GPU and libraries. For one thread.
 */
public final class CudaBackend extends Backend {
  private static final Logger LOG = System.getLogger("dev.tiebreak.tensor");

  /** Which attention kernels to use. */
  public enum AttentionChoice {
    /** cuDNN's where it can, else our own. */
    AUTO,
    /** cuDNN's; an error where it cannot. */
    CUDNN,
    /** Our own. */
    OWN
  }

  /**
   * How to use the GPU.
   *
   * @param attention which attention kernels to use
   * @param apart whether every tensor gets an allocation of its own, so that a tool which checks
   *     accesses sees one that goes past a tensor's end; slow to allocate
   * @param tuned whether the first product of each shape times what cuBLASLt suggests and keeps the
   *     fastest, also for later runs; else its first suggestion is taken
   */
  public record Options(AttentionChoice attention, boolean apart, boolean tuned) {
    /** What training wants. */
    public static final Options DEFAULT = new Options(AttentionChoice.AUTO, false, true);
  }

  private static final int TUNING_RUNS = 5;
  private static final long TUNING_FLOPS = 1L << 31; // smaller products are not worth the time

  private final Options options;
  private final Cuda cuda;
  private final Stream stream;
  private final KernelTimes times;
  private final Kernels kernels;
  private final Transfers transfers;
  private final CudnnAttention cudnnAttention;
  private final GemmTable table;
  private final CublasLt products;
  private final Path tableFile;

  private CudaBackend(int device, Options options) {
    this.options = options;
    Nvrtc compiler = Nvrtc.load();
    cuda = Cuda.open(device);
    stream = Stream.create();
    times = new KernelTimes(stream);
    kernels = new Kernels(compiler, cuda.facts(), stream, times);
    transfers = new Transfers(stream);
    cudnnAttention = new CudnnAttention(stream, times);
    String version = CublasLt.version();
    table = new GemmTable(version, cuda.facts().name());
    tableFile = CacheFolder.ofThisUser().resolve(fileName(version, cuda.facts().name()));
    load(table, tableFile);
    products = CublasLt.create(stream, table);
  }

  /**
   * Opens a GPU.
   *
   * @param device its number, from 0
   * @throws dev.tiebreak.bindings.NativeLibraryException if the driver, NVRTC or cuBLASLt is
   *     missing or broken
   * @throws CudaException if there is no such GPU or it cannot be used
   */
  public static CudaBackend open(int device) {
    return open(device, Options.DEFAULT);
  }

  /** The same with options. */
  public static CudaBackend open(int device, Options options) {
    return new CudaBackend(device, options);
  }

  /** One file for each version of cuBLASLt and kind of GPU. */
  private static String fileName(String version, String gpu) {
    return String.format(Locale.ROOT, "gemm-%s-%s.txt", version, gpu)
        .replaceAll("[^A-Za-z0-9.-]+", "-");
  }

  private static void load(GemmTable table, Path file) {
    try {
      table.load(file);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read the table of matrix products: {0}", e.getMessage());
    }
  }

  @Override
  public String name() {
    return "cuda:" + cuda.facts().index();
  }

  @Override
  public String description() {
    DeviceFacts facts = cuda.facts();
    return String.format(
        Locale.ROOT,
        "%s, compute capability %s, %d multiprocessors, %,d MB",
        facts.name(),
        facts.capability(),
        facts.multiprocessors(),
        facts.bytes() >> 20);
  }

  /** What is fixed about the GPU. */
  public DeviceFacts facts() {
    return cuda.facts();
  }

  /** How the GPU is used. */
  public Options options() {
    return options;
  }

  /** Bytes of the GPU's memory that nobody has taken. */
  public long freeBytes() {
    return cuda.freeBytes();
  }

  /** The queue in which everything runs. */
  public Stream stream() {
    return stream;
  }

  /** Copies between Java and the GPU. */
  public Transfers transfers() {
    return transfers;
  }

  /** The times of kernels and products, while switched on. */
  public KernelTimes times() {
    return times;
  }

  /** Attention by cuDNN, if there is cuDNN. */
  public CudnnAttention cudnnAttention() {
    return cudnnAttention;
  }

  @Override
  public void synchronize() {
    stream.synchronize();
  }

  /** All but F64, which is for checking gradients on the CPU. */
  @Override
  public boolean computes(DType dtype) {
    return dtype != DType.F64;
  }

  /**
   * A kernel to give arguments to and run.
   *
   * @param owner the class beside whose source the kernel's file stands
   * @param function its name there
   * @param dtype what {@code floatX} is
   */
  public Kernel kernel(Class<?> owner, String function, DType dtype) {
    return kernels.get(owner, function, dtype == DType.BF16);
  }

  /** How tensors lie in a scope. */
  Bump.Layout layout() {
    return options.apart ? Bump.Layout.APART : Bump.Layout.DEVICE;
  }

  /** A block for a scope. */
  DeviceBuffer reserve(long bytes, Scope scope) {
    return orOutOfMemory(
        () -> DeviceBuffer.allocate(bytes),
        String.format(
            Locale.ROOT,
            "out of GPU memory: scope '%s' holds %,d MB and could not get %,d MB more",
            scope.name(),
            scope.reservedBytes() >> 20,
            bytes >> 20));
  }

  /** Turns CUDA's out of memory into ours. */
  private <T> T orOutOfMemory(Supplier<T> allocation, String what) {
    try {
      return allocation.get();
    } catch (CudaException e) {
      if (!e.name().equals("CUDA_ERROR_OUT_OF_MEMORY")) {
        throw e;
      }
      throw new OutOfTensorMemoryException(
          String.format(
              Locale.ROOT,
              "%s, %,d MB are free; use a smaller batch, model or sequence length",
              what,
              freeBytes() >> 20),
          e);
    }
  }

  /**
   * C = alpha op(A) op(B) + beta C with sums in float32.
   *
   * @param input the type of A and B
   * @param output the type of C
   */
  public void matmul(Matmul p, long a, long b, long c, DType input, DType output) {
    matmul(p, 1, 0, 0, 0, a, b, c, input, output);
  }

  /**
   * The same for a batch of products.
   *
   * @param batch how many
   * @param strideA elements from one A to the next; likewise strideB, strideC
   */
  public void matmul(
      Matmul p,
      int batch,
      long strideA,
      long strideB,
      long strideC,
      long a,
      long b,
      long c,
      DType input,
      DType output) {
    GemmKey key =
        new GemmKey(
            p.transposeA(),
            p.transposeB(),
            p.m(),
            p.n(),
            p.k(),
            p.lda(),
            p.ldb(),
            p.ldc(),
            type(input),
            type(output),
            batch,
            strideA,
            strideB,
            strideC);
    GemmPlan plan = products.plan(key);
    tune(plan, p, a, b, c);
    times.begin(times.isOn() ? p.toText() : "matmul");
    plan.run((float) p.alpha(), a, b, (float) p.beta(), c);
    times.end();
  }

  /** Only where C is about to be overwritten, and once for a shape on a kind of GPU. */
  private void tune(GemmPlan plan, Matmul p, long a, long b, long c) {
    boolean worth = 2L * p.m() * p.n() * p.k() >= TUNING_FLOPS;
    if (options.tuned && worth && p.beta() == 0 && !plan.isTuned()) {
      plan.tune(a, b, c, TUNING_RUNS);
      keepTable(); // so that a run that is killed has the same algorithms when it goes on
    }
  }

  private void keepTable() {
    try {
      table.save(tableFile);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot keep the table of matrix products: {0}", e.toString());
    }
  }

  private static ElementType type(DType dtype) {
    return switch (dtype) {
      case F32 -> ElementType.FLOAT32;
      case BF16 -> ElementType.BFLOAT16;
      case F64, I32 ->
          throw new IllegalArgumentException("a GPU multiplies no matrices of " + dtype);
    };
  }

  /** Waits for the GPU and gives it back. */
  @Override
  public void close() {
    cudnnAttention.close();
    products.close();
    transfers.close();
    kernels.close();
    times.close();
    stream.close();
    cuda.close();
  }
}
