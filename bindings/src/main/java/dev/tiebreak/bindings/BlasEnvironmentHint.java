package dev.tiebreak.bindings;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An environment variable that holds OpenBLAS back or changes what it does.
 *
 * <p>OpenBLAS reads its variables once, while it is loaded, and a process cannot change its own
 * environment: the remedy is always for the shell that starts the process.
 *
 * @param variable the variable's name
 * @param value what it is set to
 * @param problem what that does
 * @param remedy what to do about it
 */
public record BlasEnvironmentHint(String variable, String value, String problem, String remedy) {

  /** What a variable does, whatever its value, and the one good reason to leave it set. */
  private record Known(String variable, String problem, String unless) {}

  private static final List<Known> KNOWN =
      List.of(
          new Known(
              "OPENBLAS_CORETYPE",
              "forces this kernel set whatever the processor; one without AVX-512, such as Haswell's,"
                  + " halves the speed of a processor that has it",
              "it works around a crash on this processor"),
          new Known(
              "OPENBLAS_L2_SIZE",
              "replaces the cache size that OpenBLAS finds and sizes its blocks by",
              "OpenBLAS finds a wrong one"),
          new Known(
              "OPENBLAS_BLOCK_FACTOR",
              "scales the blocks that OpenBLAS works in",
              "you measured that it helps"),
          new Known(
              "OPENBLAS_VERBOSE",
              "lets OpenBLAS write its own messages to the terminal",
              "you want them"));

  /** In the order in which OpenBLAS asks them; the first that holds a positive number counts. */
  private static final List<String> THREADS =
      List.of(
          "OPENBLAS_NUM_THREADS",
          "OPENBLAS_DEFAULT_NUM_THREADS",
          "GOTO_NUM_THREADS",
          "OMP_NUM_THREADS");

  /** The hints for this environment on a machine of this many cores; no native code is used. */
  static List<BlasEnvironmentHint> of(Map<String, String> environment, int cores) {
    var settings =
        KNOWN.stream()
            .filter(known -> !environment.getOrDefault(known.variable(), "").isBlank())
            .map(known ->
                new BlasEnvironmentHint(
                    known.variable(),
                    environment.get(known.variable()),
                    known.problem(),
                    String.format(
                        Locale.ROOT,
                        "unset %s in the shell that starts Java, unless %s",
                        known.variable(),
                        known.unless())));
    var threads =
        THREADS.stream()
            .filter(name -> environment.getOrDefault(name, "").matches("0*[1-9][0-9]{0,8}"))
            .limit(1)
            .filter(name -> Integer.parseInt(environment.get(name)) < cores)
            .map(name ->
                new BlasEnvironmentHint(
                    name,
                    environment.get(name),
                    "OpenBLAS starts with fewer threads than this machine's " + cores,
                    String.format(
                        Locale.ROOT,
                        "unset %s or set it to %d in the shell that starts Java",
                        name,
                        cores)));
    return Stream.concat(settings, threads).toList();
  }
}
