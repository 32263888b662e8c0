package dev.tiebreak.tests.gpu;

/** One part of the suite. What it throws is reported as a failure; what it found before is kept. */
@FunctionalInterface
interface Section {
  void run(Lab lab, Report report);
}
