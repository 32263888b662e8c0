package dev.tiebreak.trainer.lab.estimate;

import dev.tiebreak.losses.GainSettings;
import dev.tiebreak.trainer.lab.config.GainConfig;
import dev.tiebreak.trainer.lab.config.GainConfig.Kind;
import dev.tiebreak.trainer.lab.estimate.StepPlan.Value;

/** The part of a {@link StepPlan} between the losses of the tokens and the one that is shaped. */
final class GainPlan {
  private static final int AVERAGING = 2 * 3; // the running ones, and the two parts of each
  private static final int SELECTING = 1 + 2 + 4 + 1 + 2; // a mean; whether to divide by it

  private final StepPlan plan;
  private final GainConfig gain;

  GainPlan(StepPlan plan, GainConfig gain) {
    this.plan = plan;
    this.gain = gain;
  }

  /**
   * What a formula makes.
   *
   * @param tokens results of one number per token
   * @param numbers scalars
   * @param moments whether mean and variance of the losses are among its inputs
   */
  private record Formula(int tokens, int numbers, boolean moments) {}

  private static Formula formula(Kind kind) {
    return switch (kind) {
      case PRECISION -> new Formula(1 + 1 + 2, 2 + 1, true); // l - m, over v, times s, plus 1
      case Z -> new Formula(1 + 1 + 2, 3 + 1, true);
      case LINEAR -> new Formula(1 + 2, 0, true);
      case TERM -> new Formula(3, 0, false); // times s, softmax, times n
      case POWER -> new Formula(2 + 2 * 3, 2 * SELECTING, false); // twice over a mean
      case SIGMOID -> new Formula(2 + 5, 3 + 1, true);
      case FOCAL -> new Formula(2 + 4, 0, false);
      case MILE -> new Formula(2 + 2, 0, false); // an entropy comes with a log-sum-exp
      case EXCESS_SURPRISAL -> new Formula(2 + 1 + 3 + 2 + 2, 0, false);
      case DFT, CONSTANT -> new Formula(2, 0, false);
      case TOP_K -> new Formula(1, 0, false);
      case RHO -> new Formula(1 + 1, 0, false);
      case NONE, LABEL_SMOOTHING, CONFIDENCE_PENALTY ->
          throw new IllegalArgumentException(kind + " has no weights");
    };
  }

  /** Whether mean and variance are averaged, in memory that is kept. */
  static boolean keepsMoments(GainConfig gain) {
    return gain.scope() == GainSettings.Scope.RUNNING
        && gain.kind().weighs()
        && formula(gain.kind()).moments;
  }

  /** The shaped loss, a scalar. */
  Value loss(Value logits, Value losses) {
    return switch (gain.kind()) {
      case NONE -> {
        Value mean = plan.number(losses);
        plan.takeTokens(2); // ones
        yield mean;
      }
      case LABEL_SMOOTHING -> {
        Value scaled = plan.tokens(losses);
        yield objective(plan.tokens(scaled, uniform(logits)));
      }
      case CONFIDENCE_PENALTY -> objective(plan.tokens(losses, uniform(logits)));
      default -> weighted(losses);
    };
  }

  /** A result and a log-sum-exp of each prediction, and the result times s. */
  private Value uniform(Value logits) {
    Value result = plan.tokens(logits);
    plan.takeTokens(1);
    return plan.tokens(result);
  }

  private Value objective(Value objective) {
    Value mean = plan.number(objective);
    plan.takeTokens(2); // ones
    plan.takeNumbers(1); // the plain loss
    return mean;
  }

  private Value weighted(Value losses) {
    Formula formula = formula(gain.kind());
    if (formula.moments) {
      plan.takeNumbers(2 + (keepsMoments(gain) ? AVERAGING : 0));
    }
    plan.takeNumbers(formula.numbers);
    int tokens = formula.tokens + (gain.clamp().isEmpty() ? 0 : 1);
    plan.takeNumbers(gain.renormalise() ? SELECTING : 0);
    Value mean;
    if (gain.detached()) {
      plan.takeTokens(tokens + (gain.renormalise() ? 3 : 0)); // of mean 1; those or 1
      mean = plan.number(plan.tokens(losses));
    } else {
      Value weights = losses;
      for (int i = 0; i < tokens; i++) {
        weights = plan.tokens(weights);
      }
      if (gain.renormalise()) {
        weights = plan.tokens(plan.product(plan.product(weights)));
        plan.takeNumbers(SELECTING); // their gradients
      }
      mean = plan.number(plan.tokens(losses, weights));
    }
    plan.takeNumbers(1); // the plain loss
    if (gain.shuffle()) {
      plan.takeIds(); // where each token's weight comes from
      plan.takeTokens(1);
      mean = plan.number(plan.tokens(losses));
    }
    return mean;
  }
}
