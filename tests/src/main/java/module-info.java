/**
 * Tests across modules. The tests themselves, under {@code src/test}, become part of this module,
 * so they see what any user of the trainer sees and nothing more.
 */
module dev.tiebreak.tests {
  requires dev.tiebreak.trainer;
  requires java.net.http; // simulated judges
  requires java.sql; // looks into what they left
  requires jdk.httpserver; // stands in for endpoints of models
  requires java.xml; // reads the demo's picture
  requires jdk.compiler; // measures methods
  requires tools.jackson.databind;
}
