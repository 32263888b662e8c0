package dev.tiebreak.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a user gets wrong is answered in one line, with exit code 2. */
@Tag("slow")
class WrongInputTest {
  @TempDir Path folder;

  private TinyTraining tiny;

  @BeforeEach
  void begin() {
    tiny = new TinyTraining(folder);
  }

  @Test
  void unknownCommandsAndOptions() {
    Outcome.of("trian").failedAtOnce("'trian'", "did you mean train?");
    Outcome.of("train", "--presett=tiny").failedAtOnce("--presett", "did you mean --preset");
    Outcome.of("generate").failedAtOnce("--run", "see tiebreak generate --help");
    Outcome.of("bench", "--shape=huge").failedAtOnce("'huge'", "tiny, small, gpt2-124m");
    Outcome.of("bench", "--steps=0").failedAtOnce("--steps must be at least 1");
    Outcome.of("doctor", "--threads=many").failedAtOnce("--threads", "'many'");
  }

  @Test
  void unknownPresetsKeysAndValues() {
    for (String command : new String[] {"train", "demo"}) {
      Outcome.of(command, "--preset=tinny").failedAtOnce("tinny", "tiny, quick");
      Outcome.of(command, "--set=optimizer.rl=1").failedAtOnce("optimizer.rl", "lr");
      Outcome.of(command, "--set=optimizer.lr=fast").failedAtOnce("optimizer.lr", "fast");
      Outcome.of(command, "--set=model.heads=3").failedAtOnce("model.heads", "3", "channels");
      Outcome.of(command, "--steps=-1").failedAtOnce("-1");
      Outcome.of(command, "--tokenizer=words").failedAtOnce("words", "bytes, chars, bpe");
    }
    Outcome.of("train", "--arm=neither").failedAtOnce("neither", "baseline, gain, divergence");
    Outcome.of("estimate", "2b").failedAtOnce("2b", "1.2b");
    Path file = tiny.write("my.toml", "extends = \"tiny\"\n[optimizer]\nrl = 1\n");
    Outcome.of("train", "--config=" + file).failedAtOnce(file.toString(), "optimizer.rl");
    Path broken = tiny.write("broken.toml", "[optimizer\n");
    Outcome.of("train", "--config=" + broken).failedAtOnce(broken.toString());
    Path none = folder.resolve("none.toml");
    Outcome.of("train", "--config=" + none).failedAtOnce(none.toString(), "no such file");
  }

  @Test
  void textsThatCannotBeTrainedOn() {
    Path empty = tiny.write("empty.txt", "");
    tiny.train("--text=" + empty).failed("the text " + empty + " is empty");
    Path shorter = tiny.write("short.txt", "twelve bytes");
    tiny.train("--text=" + shorter).failed("10 tokens", "one block needs 17");
    byte[] latin = {'c', 'a', 'f', (byte) 0xE9, '\n'};
    Path bytes = tiny.write("latin.txt", latin);
    tiny.train("--text=" + bytes).failed(bytes + "", "not UTF-8", "0xE9 at offset 3");
    Path none = folder.resolve("none.txt");
    tiny.train("--text=" + none).failed("the text " + none + " does not exist");
    tiny.train("--text=" + emptyFolder()).failed("holds no .txt");
    assertThat(tiny.run()).doesNotExist();
  }

  private Path emptyFolder() {
    try {
      return Files.createDirectories(folder.resolve("empty"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void foldersThatCannotBeWritten() {
    Path file = tiny.write("file", "");
    tiny.train("--run=" + file).failedAtOnce(file + " is a file, not a folder");
    tiny.train("--run=" + file.resolve("run")).failedAtOnce(file.toString());
    tiny.train("--cache=" + file.resolve("cache")).failed(file.toString());
    assertThat(tiny.run()).doesNotExist();
    tiny.train("--run=" + folder).failedAtOnce(folder + " is not empty and holds no run");
    assertThat(file).exists();
  }

  @Test
  void runsThatWereKilledBeforeTheyBegan() throws IOException {
    tiny.train().succeeded();
    Files.delete(tiny.run().resolve("manifest.json"));
    Path left = Files.writeString(tiny.run().resolve(".manifest.json.1.tmp"), "{");
    tiny.train().failedAtOnce("a run in " + tiny.run() + " ended before it began", "--overwrite");
    Path notes = Files.writeString(tiny.run().resolve("notes.txt"), "mine");
    tiny.train("--overwrite").failedAtOnce(tiny.run() + " is not empty and holds no run");
    Files.delete(notes);
    Outcome.of(tiny.command("train", tiny.run(), "--overwrite")).succeeded();
    assertThat(left).doesNotExist();
  }

  @Test
  void placesThatNobodyCanWrite() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "only on Linux");
    tiny.train("--run=/proc/tiebreak").failedAtOnce("/proc/tiebreak");
    tiny.train("--cache=/proc/tiebreak").failed("/proc/tiebreak");
  }

  @Test
  void runsThatAreNotThere() {
    Path none = folder.resolve("none");
    Outcome.of("train", "--resume", "--run=" + none).failedAtOnce("no run in " + none);
    Outcome.of("generate", "--run=" + none, "--prompt=a").failedAtOnce("no run in " + none);
    Outcome.of("generate", "--run=" + none).failedAtOnce("nothing to continue", "--prompt");
    assertThat(none).doesNotExist();
  }

  @Test
  void promptsAndSettingsThatCannotBeUsed() {
    tiny.train("--tokenizer=chars").succeeded();
    tiny.generate("--prompt=it", "--prompt=").failedAtOnce("the prompt is empty");
    tiny.generate("--prompt=it", "--prompt=€").failedAtOnce("'€' (U+20AC) does not occur");
    tiny.generate("--prompt=it", "--temperature=-1").failedAtOnce("--temperature is -1.0");
    tiny.generate("--prompt=it", "--top-p=2").failedAtOnce("--top-p is 2.0");
    tiny.generate("--prompt=it", "--tokens=0").failedAtOnce("--tokens is 0");
    tiny.generate("--prompt=it", "--samples=0").failedAtOnce("--samples is 0; it must be from 1");
    Path none = folder.resolve("none");
    tiny.generate("--prompts=" + none).failedAtOnce(none.toString(), "no such file");
    Path latin = tiny.write("latin", new byte[] {(byte) 0xE9, '\n'});
    tiny.generate("--prompts=" + latin).failedAtOnce(latin.toString(), "not UTF-8");
    Path blank = tiny.write("blank", "\n \n");
    tiny.generate("--prompts=" + blank).failedAtOnce("nothing to continue");
  }

  @Test
  void truncatedCheckpoints() throws IOException {
    tiny.train("--set=checkpoint.keep=1").succeeded();
    Files.delete(tiny.run().resolve("summary.json"));
    for (String name :
        new String[] {"weights.safetensors", "optimizer.safetensors", "state.json"}) {
      Path file = Runs.checkpoint(tiny.run(), 8).resolve(name);
      byte[] whole = Files.readAllBytes(file);
      for (int size : new int[] {whole.length - 2, whole.length / 2, 3, 0}) {
        truncate(file, size);
        tiny.resume().failed(file.toString());
        if (name.startsWith("weights")) {
          tiny.generate("--prompt=it").failedAtOnce(file.toString());
        }
      }
      Files.write(file, whole);
    }
    tiny.resume().succeeded();
  }

  private static void truncate(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  @Test
  void checkpointsOfAnotherShape() throws IOException {
    tiny.train().succeeded();
    Path wider = folder.resolve("wider");
    Outcome.of(tiny.command("train", wider, "--set=model.channels=32")).succeeded();
    for (String name : new String[] {"weights.safetensors", "optimizer.safetensors"}) {
      Files.copy(
          Runs.checkpoint(wider, 8).resolve(name),
          Runs.checkpoint(tiny.run(), 8).resolve(name),
          StandardCopyOption.REPLACE_EXISTING);
    }
    String[] parts = {Runs.weights(tiny.run(), 8).toString(), "[256, 32]", "[256, 16]", "config"};
    tiny.resume().failed(parts);
    tiny.generate("--prompt=it").failedAtOnce(parts);
  }

  @Test
  void aTextThatChangedBeforeTheRunGoesOn() {
    tiny.train().succeeded();
    tiny.write("text.txt", "Something else altogether. ".repeat(100));
    tiny.resume().failed("cannot resume " + tiny.run(), "text", "--overwrite");
  }

  @Test
  void aLossThatIsNotANumberStopsWithTheLastGoodCheckpoint() {
    Outcome outcome =
        tiny.train("--set=optimizer.lr=1000", "--set=checkpoint.every=1", "--steps=60");
    outcome.failed(
        "training stopped, the ",
        " step ",
        "the last good checkpoint is " + tiny.run().resolve("checkpoints"),
        "try a lower optimizer.lr (now 1000.0)");
    assertThat(outcome.err()).containsPattern("(in|after) step \\d+; nothing of it was saved");
    tiny.generate("--prompt=it").succeeded();
  }
}
