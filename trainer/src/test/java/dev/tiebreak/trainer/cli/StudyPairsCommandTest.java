package dev.tiebreak.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.pairs.TrainedStudy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class StudyPairsCommandTest {
  private static final String SALT = "0f".repeat(32);

  @TempDir Path folder;

  private static Cli pairs(StudyFolder study, String... more) {
    String[] args = new String[more.length + 5];
    args[0] = "study";
    args[1] = "pairs";
    args[2] = study.path().toString();
    args[3] = "--device=cpu";
    args[4] = "--cache=" + study.path().resolve(TrainedStudy.CACHE);
    System.arraycopy(more, 0, args, 5, more.length);
    return Cli.run(args);
  }

  @Test
  void aStudyIsPairedAndSaysWhatToPublish() throws IOException {
    StudyFolder study = TrainedStudy.trained(folder.resolve("study"), "");
    Cli first = pairs(study, "--salt=" + SALT, "--parallel=2");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out())
        .containsPattern("h1 +12 +0 +0")
        .contains("Written: " + study.pairs(), "Publish " + study.pairsManifest());
    assertThat(first.err()).contains("24 of 24 texts");
    String written = Files.readString(study.pairs());
    assertThat(written).hasLineCount(12);
    assertThat(Files.readString(study.key())).contains(SALT);

    Cli again = pairs(study);
    assertThat(again.code()).isZero();
    assertThat(again.out()).isEqualTo(first.out());
    assertThat(Files.readString(study.pairs())).isEqualTo(written);

    Cli other = pairs(study, "--salt=" + "f0".repeat(32));
    assertThat(other.code()).isEqualTo(ExitCode.USER_ERROR);
    assertThat(other.errLines()).singleElement().asString().contains("has another salt");
    assertThat(pairs(study, "--salt=" + "f0".repeat(32), "--overwrite").code()).isZero();
    assertThat(Files.readString(study.pairs())).hasLineCount(12).isNotEqualTo(written);
  }

  @Test
  void wrongOptionsAreNamed() {
    StudyFolder none = new StudyFolder(folder.resolve("none"));
    assertThat(pairs(none).err()).contains("there is no study in " + none.path());
    StudyFolder study = TrainedStudy.trained(folder.resolve("study"), "");
    assertThat(pairs(study, "--salt=12").err()).contains("--salt is not 64 hexadecimal digits");
    assertThat(pairs(study, "--parallel=0").err()).contains("--parallel is 0");
    assertThat(study.key()).doesNotExist();
  }
}
