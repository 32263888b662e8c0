package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.TextFiles;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.chart.LinePlot;
import dev.tiebreak.trainer.evidence.chart.Palette;
import dev.tiebreak.trainer.evidence.statistics.power.PowerSimulation;
import dev.tiebreak.trainer.evidence.statistics.power.PowerSimulation.Design;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;

/**
 * What the votes that a study plans could show, by simulation of its design: its seeds, prompts,
 * completions and judgments.
 */
public final class StudyPower {
  /** The table of all numbers, in the study's folder. */
  public static final String TABLE = "power.csv";

  /** The power over numbers of seeds, in the study's folder. */
  public static final String FIGURE = "power.svg";

  private static final List<Double> RATES = List.of(0.50, 0.55, 0.575, 0.60, 0.65);
  private static final List<Double> CURVES = List.of(0.60, 0.575, 0.55);
  private static final int MOST_SEEDS = 10;

  private final Study study;
  private final Assumptions assumed;
  private final StringBuilder csv =
      new StringBuilder("test,seeds,rate,seed_sd,prompt_sd,judge_sd,decisive,studies,power\n");

  /**
   * The truth that a design faces; see {@link Design}.
   *
   * @param seedSds between pairs of models, of the rate
   * @param promptSd between prompts and completions
   * @param promptShare of that variance that belongs to the prompt
   * @param judgeSd between judges
   * @param decisive share of judgments that are not ties
   * @param studies to draw for each number
   */
  public record Assumptions(
      List<Double> seedSds,
      double promptSd,
      double promptShare,
      double judgeSd,
      double decisive,
      int studies,
      long seed) {
    /** Checks every value. */
    public Assumptions {
      seedSds = List.copyOf(seedSds);
      share("prompt_share", promptShare);
      share("decisive", decisive);
      deviation("prompt_sd", promptSd);
      deviation("judge_sd", judgeSd);
      seedSds.forEach(one -> deviation("seed_sd", one));
      Check.parameter(
          studies >= 100 && studies <= 1_000_000, "studies", studies, "from 100 to 1,000,000");
    }

    /** What published studies make likely. */
    public static Assumptions usual() {
      return new Assumptions(List.of(0.03, 0.05), 0.24, 0.4, 0.06, 0.66, 1000, 1);
    }

    private static void share(String name, double value) {
      Check.parameter(value >= 0 && value <= 1, name, value, "a number from 0 to 1");
    }

    private static void deviation(String name, double value) {
      Check.parameter(value >= 0 && value < 0.5, name, value, "from 0 to less than 0.5");
    }
  }

  /** The study to simulate, and the truth it faces. */
  public StudyPower(Study study, Assumptions assumed) {
    this.study = study;
    this.assumed = assumed;
  }

  /**
   * The power of the t-test over seed pairs to find a preference.
   *
   * @param seeds pairs of models, at least 2
   * @param seedSd between pairs of models
   */
  public double ofSeedTest(int seeds, double rate, double seedSd) {
    return simulated("seed_t", PowerSimulation::ofSeedTTest, seeds, rate, seedSd);
  }

  /** The same for the test by judges, prompts and seed pairs. */
  public double ofClusterTest(int seeds, double rate, double seedSd) {
    return simulated("cluster", PowerSimulation::ofClusterTest, seeds, rate, seedSd);
  }

  private Design design(int seeds, double rate, double seedSd) {
    StudyPlan plan = study.plan();
    int prompts = study.promptTexts().all().size();
    return new Design(
        seeds,
        prompts,
        plan.sampling().completions(),
        plan.judging().judgmentsPerPair(),
        Math.min(plan.judging().itemsPerJudge(), prompts),
        assumed.decisive,
        rate,
        seedSd,
        assumed.promptSd,
        assumed.promptShare,
        assumed.judgeSd);
  }

  private interface Simulation {
    double power(Design design, double alpha, int studies, long seed);
  }

  private double simulated(
      String test, Simulation simulation, int seeds, double rate, double seedSd) {
    double alpha = study.plan().analysis().alpha();
    double power =
        simulation.power(design(seeds, rate, seedSd), alpha, assumed.studies, assumed.seed);
    csv.append(
        Words.of(
            "%s,%d,%s,%s,%s,%s,%s,%d,%s\n",
            test,
            seeds,
            rate,
            seedSd,
            assumed.promptSd,
            assumed.judgeSd,
            assumed.decisive,
            assumed.studies,
            power));
    return power;
  }

  /**
   * Simulates the plan for a range of true preferences, and writes {@value #TABLE} and {@value
   * #FIGURE}.
   *
   * @return a table for a person
   */
  public String write(Consumer<String> status) {
    String text = head() + table(status);
    LinePlot plot =
        new LinePlot(
            "Power of the t-test over seed pairs", "pairs of models", curves(status), List.of(0.8));
    TextFiles.write(study.folder().path().resolve(TABLE), csv.toString(), "the table");
    TextFiles.write(study.folder().path().resolve(FIGURE), plot.svg(), "the figure");
    return text;
  }

  private String head() {
    StudyPlan plan = study.plan();
    return Words.of(
        """
        %d seed pairs, %d prompts, %d completions of each, %d judgments of each pair; alpha %s
        Assumed: SD %s between prompts and completions, %s between judges; %s decisive; seed %d

        """,
        plan.seeds().size(),
        study.promptTexts().all().size(),
        plan.sampling().completions(),
        plan.judging().judgmentsPerPair(),
        plan.analysis().alpha(),
        assumed.promptSd,
        assumed.judgeSd,
        assumed.decisive,
        assumed.seed);
  }

  private String table(Consumer<String> status) {
    int seeds = study.plan().seeds().size();
    StringBuilder text = new StringBuilder();
    row(text, "true preference", rate -> Words.of("%8.1f %%", 100 * rate));
    for (double sd : assumed.seedSds) {
      status.accept(Words.of("simulating seeds that differ by %s (SD)", sd));
      if (seeds > 1) {
        String label = "t over seed pairs, which differ by " + sd;
        row(text, label, rate -> Words.of("%10.2f", ofSeedTest(seeds, rate, sd)));
      }
      String label = "judges x prompts x seeds, " + sd;
      row(text, label, rate -> Words.of("%10.2f", ofClusterTest(seeds, rate, sd)));
    }
    text.append("At 50 % there is nothing to find: that column is the rate of false alarms.\n");
    return seeds > 1
        ? text.toString()
        : text + "One pair of models supports no claim about training.\n";
  }

  private List<LinePlot.Curve> curves(Consumer<String> status) {
    List<LinePlot.Curve> curves = new ArrayList<>();
    for (double sd : assumed.seedSds) {
      for (double rate : CURVES) {
        status.accept(Words.of("simulating 2 to %d seed pairs at %s", MOST_SEEDS, rate));
        List<LinePlot.Value> values = new ArrayList<>();
        for (int seeds = 2; seeds <= MOST_SEEDS; seeds++) {
          values.add(new LinePlot.Value(seeds, ofSeedTest(seeds, rate, sd)));
        }
        String name = Words.of("%.1f %%, SD %s", 100 * rate, sd);
        curves.add(new LinePlot.Curve(name, Palette.kind(curves.size()), values));
      }
    }
    return curves;
  }

  private static void row(StringBuilder text, String label, DoubleFunction<String> cell) {
    text.append(Words.of("%-46s", label));
    RATES.forEach(rate -> text.append(cell.apply(rate)));
    text.append('\n');
  }
}
