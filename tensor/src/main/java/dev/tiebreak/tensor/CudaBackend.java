package dev.tiebreak.tensor;

import dev.tiebreak.bindings.CacheFolder;
import dev.tiebreak.bindings.Matmul;
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
import dev.tiebreak.tensor.cuda.Kernel;
import dev.tiebreak.tensor.cuda.KernelTimes;
import dev.tiebreak.tensor.cuda.Kernels;
import dev.tiebreak.tensor.cuda.Transfers;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A GPU of NVIDIA's: matrix products by cuBLASLt, everything else by kernels of our own, compiled
 * at run time, all in one stream.
 *
 * <p>Java only asks and does not wait: an operation returns when its kernels are queued. Reading an
 * element and closing wait. Computes with float32 (the reference) and bfloat16 with sums in
 * float32; float64 is for the CPU. Results are the same bytes every time on the same GPU and
 * libraries. For one thread.
 */
public final class CudaBackend extends Backend {
  private static final Logger LOG = System.getLogger("dev.tiebreak.tensor");

  /**
   * How to use the GPU.
   *
   * @param choices which of its implementations an operation is to use, by names of its own
   * @param apart whether every tensor gets an allocation of its own, so that a tool which checks
   *     accesses sees one that goes past a tensor's end; slow to allocate
   * @param tuned whether the first product of each shape times what cuBLASLt suggests and keeps the
   *     fastest, also for later runs; else its first suggestion is taken
   */
  public record Options(Map<String, String> choices, boolean apart, boolean tuned) {
    /** What training wants. */
    public static final Options DEFAULT = new Options(Map.of(), false, true);

    /** Copies the choices. */
    public Options {
      choices = Map.copyOf(choices);
    }
  }

  /** What an operation keeps on a backend, such as plans of a library; closed with it. */
  public interface Companion extends AutoCloseable {
    @Override
    void close();
  }

  private static final DeviceFacts NO_GPU = new DeviceFacts(0, "dry", 0, 0, 0, 0, 0, 0);
  private static final int TUNING_RUNS = 5;
  private static final long TUNING_FLOPS = 1L << 31; // smaller products are not worth the time

  private final Options options;
  private final Gpu gpu;
  private final Map<Class<?>, Companion> companions = new LinkedHashMap<>();

  private CudaBackend(Options options, Gpu gpu) {
    this.options = options;
    this.gpu = gpu;
  }

  /** What is open of a GPU and its libraries: all, or nothing. */
  private record Gpu(
      Cuda cuda,
      Stream stream,
      KernelTimes times,
      Kernels kernels,
      Transfers transfers,
      GemmTable table,
      Path tableFile,
      CublasLt products) {

    static final Gpu NONE = new Gpu(null, null, null, null, null, null, null, null);

    static Gpu open(int device) {
      Nvrtc compiler = Nvrtc.load();
      Cuda cuda = Cuda.open(device);
      Stream stream = Stream.create();
      KernelTimes times = new KernelTimes(stream);
      Kernels kernels = new Kernels(compiler, cuda.facts(), stream, times);
      Transfers transfers = new Transfers(stream);
      String version = CublasLt.version();
      GemmTable table = new GemmTable(version, cuda.facts().name());
      Path file = CacheFolder.ofThisUser().resolve(fileName(version, cuda.facts().name()));
      load(table, file);
      CublasLt products = CublasLt.create(stream, table);
      return new Gpu(cuda, stream, times, kernels, transfers, table, file, products);
    }

    void close() {
      products.close();
      transfers.close();
      kernels.close();
      times.close();
      stream.close();
      cuda.close();
    }
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
    return new CudaBackend(options, Gpu.open(device));
  }

  /**
   * One that does nothing, see {@link #isDry}, and needs neither a GPU nor a driver.
   *
   * @param options as for the GPU that it stands for
   */
  public static CudaBackend dry(Options options) {
    return new CudaBackend(options, Gpu.NONE);
  }

  @Override
  public boolean isDry() {
    return gpu == Gpu.NONE;
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
    return "cuda:" + facts().index();
  }

  @Override
  public String description() {
    DeviceFacts facts = facts();
    return String.format(
        Locale.ROOT,
        "%s, compute capability %s, %d multiprocessors, %,d MB",
        facts.name(),
        facts.capability(),
        facts.multiprocessors(),
        facts.bytes() >> 20);
  }

  /** The GPU, opened: current on the thread that opened this. */
  public Cuda context() {
    return gpu.cuda;
  }

  /** What is fixed about the GPU. */
  public DeviceFacts facts() {
    return isDry() ? NO_GPU : gpu.cuda.facts();
  }

  /** How the GPU is used. */
  public Options options() {
    return options;
  }

  /** Bytes of the GPU's memory that nobody has taken. */
  public long freeBytes() {
    return gpu.cuda.freeBytes();
  }

  /** The queue in which everything runs. */
  public Stream stream() {
    return gpu.stream;
  }

  /** Copies between Java and the GPU. */
  public Transfers transfers() {
    return gpu.transfers;
  }

  /** The times of kernels and products, while switched on. */
  public KernelTimes times() {
    return gpu.times;
  }

  /** The companion of a class, made when it is first asked for. */
  public <T extends Companion> T companion(Class<T> type, Function<CudaBackend, T> make) {
    return type.cast(companions.computeIfAbsent(type, _ -> make.apply(this)));
  }

  /** All but F64, which is for checking gradients on the CPU. */
  @Override
  public boolean computes(DType dtype) {
    return dtype != DType.F64;
  }

  /**
   * A kernel to give arguments to and run.
   *
   * @param owner the class beside whose source the kernel's file stands, under the same name
   * @param function its name there
   * @param dtype what {@code floatX} is
   */
  public Kernel kernel(Class<?> owner, String function, DType dtype) {
    return isDry() ? Kernel.dry() : gpu.kernels.get(owner, function, dtype == DType.BF16);
  }

  /** How tensors lie in a scope. */
  Bump.Layout layout() {
    return options.apart ? Bump.Layout.APART : Bump.Layout.DEVICE;
  }

  /** A block for a scope. */
  DeviceBuffer reserve(long bytes, Scope scope) {
    if (isDry()) {
      return null;
    }
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
    if (isDry()) {
      return;
    }
    GemmKey key = new GemmKey(p, type(input), type(output), batch, strideA, strideB, strideC);
    GemmPlan plan = gpu.products.plan(key);
    tune(plan, p, a, b, c);
    gpu.times.begin(gpu.times.isOn() ? p.toText() : "matmul");
    plan.run((float) p.alpha(), a, b, (float) p.beta(), c);
    gpu.times.end();
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
      gpu.table.save(gpu.tableFile);
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
    companions.values().forEach(Companion::close);
    if (!isDry()) {
      gpu.close();
    }
  }
}
