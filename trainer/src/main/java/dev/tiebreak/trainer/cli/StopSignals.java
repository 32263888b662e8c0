package dev.tiebreak.trainer.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Ctrl-C for work that can be put down: the first signal asks for an end, the second one ends the
 * process at once. The same goes for the signals of {@code kill} and of a closed terminal. While
 * this is not open, a signal ends the process at once as usual.
 *
 * <p>A shutdown hook would not do: the JVM takes no second signal while one runs. The class that
 * does is {@code sun.misc.Signal}; javac warns about naming it, so it is called by reflection.
 */
public final class StopSignals implements AutoCloseable {
  private static final List<String> NAMES = List.of("INT", "TERM", "HUP");
  private static final int EXIT_BASE = 128; // the shell's convention: 128 + the signal's number

  private final Runnable onFirst;
  private final Map<Object, Object> before = new LinkedHashMap<>(); // signal to handler
  private volatile int exitCode;

  private StopSignals(Runnable onFirst) {
    this.onFirst = onFirst;
  }

  /**
   * Starts to listen.
   *
   * @param onFirst called once, on a thread of its own, when the first signal comes
   */
  public static StopSignals listen(Runnable onFirst) {
    StopSignals signals = new StopSignals(onFirst);
    for (String name : NAMES) {
      signals.install(name);
    }
    return signals;
  }

  /** 128 + the number of the first signal, such as 130 for Ctrl-C; 0 if none has come. */
  public int exitCode() {
    return exitCode;
  }

  private synchronized void received(int number) {
    if (exitCode != 0) {
      Runtime.getRuntime().halt(exitCode);
    }
    exitCode = EXIT_BASE + number;
    onFirst.run();
  }

  private void install(String name) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Object signal = type.getConstructor(String.class).newInstance(name);
      int number = (int) type.getMethod("getNumber").invoke(signal);
      Object handler =
          Proxy.newProxyInstance(
              StopSignals.class.getClassLoader(),
              new Class<?>[] {Class.forName("sun.misc.SignalHandler")},
              (proxy, method, args) -> {
                received(number);
                return null;
              });
      before.put(signal, handle(signal, handler));
    } catch (InvocationTargetException e) {
      // this system has no such signal, or the JVM was told to leave it alone
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("the module jdk.unsupported is required", e);
    }
  }

  private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
    Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
    return signal
        .getClass()
        .getMethod("handle", signal.getClass(), handlerType)
        .invoke(null, signal, handler);
  }

  /** Puts back what the signals did before. */
  @Override
  public void close() {
    before.forEach((signal, handler) -> {
      try {
        handle(signal, handler);
      } catch (ReflectiveOperationException e) {
        throw new AssertionError("what was installed can be removed", e);
      }
    });
    before.clear();
  }
}
