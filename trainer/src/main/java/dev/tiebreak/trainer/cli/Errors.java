package dev.tiebreak.trainer.cli;

import dev.tiebreak.bindings.NativeLibraryException;
import dev.tiebreak.bindings.cuda.CudaException;
import dev.tiebreak.tensor.OutOfTensorMemoryException;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever goes wrong into one line on the error stream and an exit code. */
final class Errors {
  static final String DEBUG = "--debug";
  private static final String PREFIX = "tiebreak: ";

  private Errors() {}

  static boolean isDebug(String... args) {
    return List.of(args).contains(DEBUG);
  }

  /** Picocli's handler of a wrong command line. */
  static int wrongArguments(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String hint = Words.of(" (see %s --help)", command.getCommandSpec().qualifiedName());
    if (e.getCause() instanceof UserError cause) {
      return report(command.getErr(), said(cause, command), e, isDebug(args));
    }
    String message = oneLine(e.getMessage()).replaceFirst("^Error: ", "");
    return report(command.getErr(), message + suggestion(e) + hint, e, isDebug(args));
  }

  private static String suggestion(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> near = unmatched.getSuggestions();
      if (!near.isEmpty()) {
        return "; did you mean " + near.getFirst() + "?";
      }
    }
    return "";
  }

  /** Picocli's handler of what a command throws. */
  static int failed(Exception e, CommandLine command, ParseResult parsed) {
    return failed(e, command, isDebug(parsed.originalArgs().toArray(String[]::new)));
  }

  static int failed(Throwable e, CommandLine command, boolean debug) {
    PrintWriter err = command.getErr();
    return switch (e) {
      case UserError error -> report(err, said(error, command), e, debug);
      case NativeLibraryException _, OutOfTensorMemoryException _ ->
          report(err, e.getMessage(), e, debug);
      case UncheckedIOException io -> report(err, said(io.getCause()), e, debug);
      case IOException io -> report(err, said(io), e, debug);
      case OutOfMemoryError _ ->
          report(
              err,
              Words.of(
                  "Java's heap is full (%d MB); set JDK_JAVA_OPTIONS=-Xmx4g or use less text",
                  Runtime.getRuntime().maxMemory() >> 20),
              e,
              debug);
      case CudaException _ -> {
        String hint =
            "; --resume goes on from the last checkpoint, --device cpu does without the GPU";
        report(err, "the GPU failed: " + e.getMessage() + hint, e, debug);
        yield ExitCode.INTERNAL_ERROR;
      }
      default -> {
        String hint = debug ? "" : "; run again with " + DEBUG + " to see where";
        report(err, "internal error: " + oneLine(e.toString()) + hint, e, debug);
        yield ExitCode.INTERNAL_ERROR;
      }
    };
  }

  /** What happened, and how this command line mends it. */
  private static String said(UserError error, CommandLine command) {
    String message = error.getMessage();
    List<String> ways = new ArrayList<>();
    for (Remedy remedy : error.remedies()) {
      String way = Remedies.words(remedy, command.getCommandSpec());
      if (way.isEmpty()) {
        continue;
      }
      if (remedy instanceof Remedy.Parameter one && message.startsWith(one.name() + " is ")) {
        message = way + message.substring(one.name().length());
      } else {
        ways.add(way);
      }
    }
    return ways.isEmpty() ? message : message + " (" + String.join(", ", ways) + ")";
  }

  /** An input or output error that nobody put into words; most name the file. */
  private static String said(IOException e) {
    if (e instanceof FileSystemException files && files.getFile() != null) {
      return UserError.io("read or write", Path.of(files.getFile()), e).getMessage();
    }
    String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return "cannot read or write: " + text + "; check the path and the space on the disk";
  }

  /** The output ended in a full disk or a closed pipe: what was asked for is not all there. */
  static int outputLost(PrintWriter err) {
    String message = "not all of the output could be written; check the disk, or what reads it";
    return report(err, message, null, false);
  }

  private static int report(PrintWriter err, String message, Throwable e, boolean debug) {
    err.println(PREFIX + Terminal.harmless(oneLine(message)));
    if (debug && e != null) {
      e.printStackTrace(err);
    }
    err.flush();
    return ExitCode.USER_ERROR;
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
