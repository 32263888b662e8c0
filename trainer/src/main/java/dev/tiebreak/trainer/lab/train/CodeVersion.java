package dev.tiebreak.trainer.lab.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tiebreak.trainer.base.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;

/**
 * Which code runs. The hash is over the class files of all of this program's modules, so it tells
 * apart two builds of one version and needs neither git nor a step in the build.
 *
 * @param version the modules' version, or {@code unknown} on a class path
 * @param sha256 hash of the classes, or {@code unknown} on a class path
 */
public record CodeVersion(String version, @JsonProperty("classes_sha256") String sha256) {
  private static final String UNKNOWN = "unknown";
  private static final String PREFIX = "dev.tiebreak.";

  public static CodeVersion current() {
    Module own = CodeVersion.class.getModule();
    if (!own.isNamed()) {
      return new CodeVersion(UNKNOWN, UNKNOWN);
    }
    try {
      return new CodeVersion(own.getDescriptor().rawVersion().orElse(UNKNOWN), hash(own));
    } catch (IOException e) {
      return new CodeVersion(own.getDescriptor().rawVersion().orElse(UNKNOWN), UNKNOWN);
    }
  }

  private static String hash(Module own) throws IOException {
    List<ResolvedModule> modules =
        own.getLayer().configuration().modules().stream()
            .filter(module -> module.name().startsWith(PREFIX))
            .sorted(Comparator.comparing(ResolvedModule::name))
            .toList();
    MessageDigest digest = Sha256.digest();
    for (ResolvedModule module : modules) {
      try (ModuleReader reader = module.reference().open()) {
        addClasses(reader, digest);
      }
    }
    return Sha256.hex(digest);
  }

  /** Module descriptors are left out: packing a jar changes them. */
  private static void addClasses(ModuleReader reader, MessageDigest digest) throws IOException {
    List<String> names =
        reader
            .list()
            .filter(name -> name.endsWith(".class") && !name.equals("module-info.class"))
            .sorted()
            .toList();
    for (String name : names) {
      digest.update(name.getBytes(StandardCharsets.UTF_8));
      try (InputStream in = reader.open(name).orElseThrow()) {
        digest.update(in.readAllBytes());
      }
    }
  }
}
