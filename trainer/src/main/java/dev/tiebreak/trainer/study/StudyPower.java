package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.ballot.protocol.AnalysisPlan;
import dev.tiebreak.trainer.ballot.protocol.Comparison;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.TextFiles;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.chart.LinePlot;
import dev.tiebreak.trainer.evidence.chart.Palette;
import dev.tiebreak.trainer.evidence.report.Pilot;
import dev.tiebreak.trainer.evidence.statistics.power.PowerSimulation;
import dev.tiebreak.trainer.evidence.statistics.power.PowerSimulation.Design;
import dev.tiebreak.trainer.evidence.statistics.power.VerdictSimulation;
import dev.tiebreak.trainer.evidence.statistics.power.VerdictSimulation.Shares;
import dev.tiebreak.trainer.evidence.statistics.power.VerdictSimulation.Uneven;
import dev.tiebreak.trainer.evidence.statistics.power.VoteSimulation;
import dev.tiebreak.trainer.evidence.statistics.votes.SeedPairs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
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
  private static final int[] SEEDS = {6, 8, 10, 12};
  private static final int[] JUDGMENTS = {1, 2, 3, 4, 6, 8, 12};
  private static final double WANTED_RATE = 0.60;
  private static final double WANTED_POWER = 0.8;
  private static final double LOSS_DIFFERENCE = 0.004; // the original's
  private static final int LOSS_STUDIES = 10_000;

  private final Study study;
  private final Assumptions assumed;
  private final StringBuilder csv =
      new StringBuilder(
          "seeds,judgments_per_pair,rate,seed_sd,prompt_sd,judge_sd,decisive,studies,shown,against,"
              + "not_replicated\n");

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

    /** The same with what the votes of a pilot tell. */
    public Assumptions of(Pilot pilot) {
      return new Assumptions(
          pilot.seedSd().isPresent() ? List.of(pilot.seedSd().getAsDouble()) : seedSds,
          pilot.promptSd(),
          pilot.promptShare(),
          pilot.judgeSd(),
          pilot.decisive(),
          studies,
          seed);
    }

    /** The same with another number of studies. */
    Assumptions withStudies(int number) {
      return new Assumptions(seedSds, promptSd, promptShare, judgeSd, decisive, number, seed);
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
   * How often the verdict's own rule finds a preference for the treatment, on average over judges,
   * prompts and seeds.
   *
   * @param seeds pairs of models
   * @param seedSd between pairs of models
   */
  public Shares of(int seeds, double rate, double seedSd) {
    return of(seeds, study.plan().judging().judgmentsPerPair(), rate, seedSd);
  }

  private Shares of(int seeds, int judgments, double rate, double seedSd) {
    AnalysisPlan analysis = study.plan().analysis();
    Design design = VoteSimulation.withMeanChance(design(seeds, judgments, seedSd), rate);
    boolean equal = study.plan().comparisons().stream().anyMatch(Comparison::isEqualArms);
    Shares shares =
        new VerdictSimulation(design, 0, Uneven.NONE, equal ? seeds : 0)
            .of(assumed.studies, analysis.alpha(), analysis.smallestEffect(), assumed.seed);
    csv.append(
        Words.of(
            "%d,%d,%s,%s,%s,%s,%s,%d,%s,%s,%s\n",
            seeds,
            judgments,
            rate,
            seedSd,
            assumed.promptSd,
            assumed.judgeSd,
            assumed.decisive,
            assumed.studies,
            shares.shown(),
            shares.against(),
            shares.below()));
    return shares;
  }

  private Design design(int seeds, int judgments, double seedSd) {
    StudyPlan plan = study.plan();
    int prompts = study.promptTexts().all().size();
    return new Design(
        seeds,
        prompts,
        plan.sampling().completions(),
        judgments,
        Math.min(plan.judging().itemsPerJudge(), prompts),
        assumed.decisive,
        0.5,
        seedSd,
        assumed.promptSd,
        assumed.promptShare,
        assumed.judgeSd);
  }

  /** The chance to show that losses tie, if they differ by what the original's did. */
  public String losses() {
    StudyPlan plan = study.plan();
    double tie =
        PowerSimulation.ofTost(
            plan.seeds().size(),
            plan.analysis().lossMargin(),
            LOSS_DIFFERENCE,
            LOSS_DIFFERENCE,
            plan.analysis().alpha(),
            LOSS_STUDIES,
            assumed.seed);
    return Words.of(
        "%.2f to show that losses tie within %s, if they differ by %.3f (SD %.3f over seeds)",
        tie, plan.analysis().lossMargin(), LOSS_DIFFERENCE, LOSS_DIFFERENCE);
  }

  /** The verdict that so many seeds can reach, in its own words. */
  public static String best(int seeds) {
    return seeds >= SeedPairs.FEWEST_FOR_A_CLAIM ? "replicated" : "preferred: these checkpoints";
  }

  /**
   * Simulates the plan for a range of true preferences, and writes {@value #TABLE} and {@value
   * #FIGURE}.
   *
   * @return a table for a person
   */
  public String write(Consumer<String> status) {
    String text = head() + table(status) + needed(status) + losses() + "\n";
    LinePlot plot =
        new LinePlot(
            "Chance of the verdict \"replicated\"",
            "pairs of models",
            curves(status),
            List.of(0.8));
    TextFiles.write(study.folder().path().resolve(TABLE), csv.toString(), "the table");
    TextFiles.write(study.folder().path().resolve(FIGURE), plot.svg(), "the figure");
    return text;
  }

  private String head() {
    StudyPlan plan = study.plan();
    return Words.of(
        """
        %d seed pairs, %d prompts, %d completions of each, %d judgments of each pair; alpha %s
        Assumed: SD %.3g between prompts and completions, %.3g between judges; %.3g decisive; seed %d
        Chances of the verdict, by its own rule, over %,d studies for each number:

        """,
        plan.seeds().size(),
        study.promptTexts().all().size(),
        plan.sampling().completions(),
        plan.judging().judgmentsPerPair(),
        plan.analysis().alpha(),
        assumed.promptSd,
        assumed.judgeSd,
        assumed.decisive,
        assumed.seed,
        assumed.studies);
  }

  private String table(Consumer<String> status) {
    int seeds = study.plan().seeds().size();
    StringBuilder text = new StringBuilder();
    row(text, "true preference", rate -> Words.of("%8.1f %%", 100 * rate));
    for (double sd : assumed.seedSds) {
      status.accept(Words.of("simulating seeds that differ by %s (SD)", sd));
      Map<Double, Shares> shares = new HashMap<>();
      RATES.forEach(rate -> shares.put(rate, of(seeds, rate, sd)));
      text.append(Words.of("if seeds differ by %s (SD)\n", sd));
      row(text, "  " + best(seeds), rate -> Words.of("%10.3f", shares.get(rate).shown()));
      row(text, "  not replicated", rate -> Words.of("%10.3f", shares.get(rate).below()));
    }
    text.append("At 50 % there is nothing to find: what is found there is a false claim.\n");
    return seeds >= SeedPairs.FEWEST_FOR_A_CLAIM
        ? text.toString()
        : text
            + Words.of(
                "With fewer than %d seeds nothing can be claimed of other training runs.\n",
                SeedPairs.FEWEST_FOR_A_CLAIM);
  }

  /** How many judgments show a preference that is there. */
  private String needed(Consumer<String> status) {
    StudyPlan plan = study.plan();
    int seeds = plan.seeds().size();
    long pairs = (long) seeds * study.promptTexts().all().size() * plan.sampling().completions();
    StringBuilder text = new StringBuilder();
    for (double sd : assumed.seedSds) {
      status.accept(Words.of("looking for the judgments needed, seeds differing by %s", sd));
      OptionalInt enough =
          Arrays.stream(JUDGMENTS)
              .filter(one -> of(seeds, one, WANTED_RATE, sd).shown() >= WANTED_POWER)
              .findFirst();
      int most = JUDGMENTS[JUDGMENTS.length - 1];
      text.append(
          enough.isPresent()
              ? Words.of(
                  "A chance of %s at %.0f %%, seeds differing by %s, takes %,d judgments: %d of each of %,d pairs.\n",
                  WANTED_POWER,
                  100 * WANTED_RATE,
                  sd,
                  pairs * enough.getAsInt(),
                  enough.getAsInt(),
                  pairs)
              : Words.of(
                  "A chance of %s at %.0f %%, seeds differing by %s, is not reached by %d judgments of each of %,d pairs: more seeds or prompts are needed.\n",
                  WANTED_POWER, 100 * WANTED_RATE, sd, most, pairs));
    }
    return text.toString();
  }

  private List<LinePlot.Curve> curves(Consumer<String> status) {
    List<LinePlot.Curve> curves = new ArrayList<>();
    for (double sd : assumed.seedSds) {
      for (double rate : CURVES) {
        status.accept(
            Words.of(
                "simulating %d to %d seed pairs at %s", SEEDS[0], SEEDS[SEEDS.length - 1], rate));
        List<LinePlot.Value> values = new ArrayList<>();
        for (int seeds : SEEDS) {
          values.add(new LinePlot.Value(seeds, of(seeds, rate, sd).shown()));
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
