package dev.tiebreak.tests.gpu;

import dev.tiebreak.tests.cuda.SimulatedCuda;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The suite's command line:
 *
 * <pre>
 * GpuSuite [--simulate] SECTION FILE [ARGUMENT...]   runs a section, writes its JSON to FILE
 * GpuSuite summary FOLDER                            puts FOLDER/parts together
 * </pre>
 *
 * It exits with 1 if something that was checked does not hold, 2 if it was called wrongly.
 */
public final class GpuSuite {
  private static final Map<String, Section> SECTIONS = sections();

  private GpuSuite() {}

  private static Map<String, Section> sections() {
    Map<String, Section> sections = new LinkedHashMap<>();
    sections.put("libraries", new LibrariesSection());
    sections.put("parity", new ParitySection());
    sections.put("golden", new GoldenSection());
    sections.put("twins", new TwinsSection());
    sections.put("attention", new AttentionSection());
    sections.put("rates", new RatesSection());
    sections.put("step", new StepSection());
    sections.put("small-step", new SmallStepSection());
    return sections;
  }

  /** Runs what the arguments say and ends the process. */
  public static void main(String[] args) {
    System.exit(run(new ArrayList<>(List.of(args))));
  }

  static int run(List<String> args) {
    boolean simulated = args.remove("--simulate");
    if (args.size() == 2 && args.getFirst().equals("summary")) {
      return Summary.of(Path.of(args.get(1))).write() ? 0 : 1;
    }
    if (args.size() < 2 || !SECTIONS.containsKey(args.getFirst())) {
      System.err.println(
          "usage: GpuSuite [--simulate] SECTION FILE [ARGUMENT...]\n       GpuSuite summary FOLDER"
              + "\nsections: "
              + String.join(", ", SECTIONS.keySet()));
      return 2;
    }
    String name = args.getFirst();
    Report report = new Report(name);
    try {
      if (simulated) {
        SimulatedCuda.install();
      }
      Lab lab = new Lab(simulated, List.copyOf(args.subList(2, args.size())));
      SECTIONS.get(name).run(lab, report);
      if (simulated) {
        String wrong = SimulatedCuda.report() + String.join(" ", SimulatedCuda.leaks());
        report.check("nothing wrong in the simulation", wrong.isEmpty(), wrong);
      }
    } catch (Exception | LinkageError | AssertionError | OutOfMemoryError e) {
      report.failed(name, e);
    }
    report.write(Path.of(args.get(1)));
    return report.ok() ? 0 : 1;
  }
}
