package dev.tiebreak.bindings.cuda;

import dev.tiebreak.bindings.NativeLibraryException;
import dev.tiebreak.bindings.raw.cublaslt.CublasLtApi;
import dev.tiebreak.bindings.raw.cudnn.CudnnApi;
import dev.tiebreak.bindings.raw.driver.DriverApi;
import dev.tiebreak.bindings.raw.nccl.NcclApi;
import dev.tiebreak.bindings.raw.nvrtc.NvrtcApi;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Loads libraries, each once in a process, by absolute path, and only when they are asked for. All
 * functions of a library's allow-list are looked up before its generated class is touched.
 */
final class CudaLibraries {
  private static final System.Logger LOG = System.getLogger("dev.tiebreak.bindings.cuda");
  private static final CudaLibraries OF_THIS_PROCESS =
      new CudaLibraries(LibrarySearch.ofThisProcess());
  private static final String FUNCTION = "--include-function ";

  private final LibrarySearch search;
  private final Map<CudaLibrary, Loaded> loaded = new EnumMap<>(CudaLibrary.class);

  /**
   * A library that is there.
   *
   * @param origin where it comes from, in words
   */
  record Loaded(CudaLibrary library, Path path, String origin, String version) {}

  CudaLibraries(LibrarySearch search) {
    this.search = search;
  }

  static CudaLibraries ofThisProcess() {
    return OF_THIS_PROCESS;
  }

  /**
   * Loads the library if it is not yet loaded.
   *
   * @throws NativeLibraryException if it is missing, broken or too old, or native access is denied;
   *     the next call tries again
   */
  synchronized Loaded load(CudaLibrary library) {
    Loaded known = loaded.get(library);
    if (known == null) {
      known = loadNow(library);
      LOG.log(Level.DEBUG, "{0} {1}: {2}", library.title(), known.version(), known.path());
      loaded.put(library, known);
    }
    return known;
  }

  private Loaded loadNow(CudaLibrary library) {
    String name = library.title();
    LibrarySearch.Found found = null;
    try {
      found = search.find(library);
      name += String.format(Locale.ROOT, " library %s (%s)", found.path(), found.origin());
      for (Path companion : companions(library, found.path())) {
        System.load(companion.toString());
      }
      System.load(found.path().toString());
    } catch (IllegalCallerException e) {
      String module =
          CudaLibraries.class.getModule().isNamed() ? "dev.tiebreak.bindings" : "ALL-UNNAMED";
      throw new NativeLibraryException(
          "Java denies native access, so " + name + " was not loaded",
          "Start Java with --enable-native-access=" + module + ".",
          e);
    } catch (UnsatisfiedLinkError e) {
      throw new NativeLibraryException(
          "Cannot load the " + name + ": " + e.getMessage(), library.remedy() + ".", e);
    }
    SymbolLookup symbols = SymbolLookup.loaderLookup();
    for (String function : functions(library)) {
      if (symbols.find(function).isEmpty()) {
        throw new NativeLibraryException(
            String.format(Locale.ROOT, "Cannot use the %s: it has no function %s", name, function),
            library.remedy() + ".");
      }
    }
    return new Loaded(library, found.path(), found.origin(), version(library));
  }

  /**
   * What must be loaded first, from the same place, because the library asks for it by bare name:
   * the built-in headers of NVRTC, and for cuDNN cuBLAS. cuBLAS itself asks for cuBLASLt, and gets
   * the one that is already loaded: so cuBLASLt comes before it.
   */
  private List<Path> companions(CudaLibrary library, Path path) {
    return switch (library) {
      case NVRTC -> sibling(path, "libnvrtc-builtins");
      case CUDNN -> {
        Loaded lt = loaded.get(CudaLibrary.CUBLASLT);
        yield lt == null ? List.of() : sibling(lt.path(), "libcublas");
      }
      case DRIVER, CUBLASLT, NCCL -> List.of();
    };
  }

  /** The library of that name beside another one, of the same version. */
  private static List<Path> sibling(Path library, String name) {
    String file = library.getFileName().toString();
    String pattern = name + file.substring(Math.max(0, file.indexOf(".so"))) + "*";
    try (var files = Files.newDirectoryStream(library.getParent(), pattern)) {
      var found = files.iterator();
      return found.hasNext() ? List.of(found.next()) : List.of();
    } catch (IOException e) {
      return List.of(); // what is not seen is left to the library to find
    }
  }

  /** The functions of the allow-list that the generated class was made from. */
  static List<String> functions(CudaLibrary library) {
    String name = library.key() + ".symbols";
    try (var in = CudaLibraries.class.getResourceAsStream(name);
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> line.startsWith(FUNCTION))
          .map(line -> line.substring(FUNCTION.length()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String version(CudaLibrary library) {
    return switch (library) {
      case DRIVER -> {
        int version = Out.integer(library, "cuDriverGetVersion", DriverApi::cuDriverGetVersion);
        yield "for CUDA " + dotted(version, 1000, 10);
      }
      case NVRTC -> versionOfNvrtc();
      case CUBLASLT -> dotted(CublasLtApi.cublasLtGetVersion(), 10_000, 100, 1);
      case CUDNN -> dotted(CudnnApi.cudnnGetVersion(), 10_000, 100, 1);
      case NCCL ->
          dotted(Out.integer(library, "ncclGetVersion", NcclApi::ncclGetVersion), 10_000, 100, 1);
    };
  }

  private static String versionOfNvrtc() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment minor = arena.allocate(ValueLayout.JAVA_INT);
      int major =
          Out.integer(CudaLibrary.NVRTC, "nvrtcVersion", out -> NvrtcApi.nvrtcVersion(out, minor));
      return major + "." + minor.get(ValueLayout.JAVA_INT, 0);
    }
  }

  /** 130002 with units of 10000, 100 and 1 is 13.0.2. */
  static String dotted(long version, int... units) {
    var text = new StringBuilder();
    for (int unit : units) {
      text.append(text.isEmpty() ? "" : ".").append(version / unit);
      version %= unit;
    }
    return text.toString();
  }
}
