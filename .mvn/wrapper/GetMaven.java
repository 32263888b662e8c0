import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Downloads, checks and unpacks a Maven distribution: what mvnw runs once, straight from source.
 * Needs no tool beside the JDK. Arguments: address, SHA-256, target folder.
 */
final class GetMaven {
  private GetMaven() {}

  public static void main(String[] args) throws Exception {
    URI address = URI.create(args[0]);
    Path target = Path.of(args[2]).toAbsolutePath();
    try {
      Files.createDirectories(target.getParent());
      Path work = Files.createTempDirectory(target.getParent(), "part-");
      try {
        Path zip = work.resolve("maven.zip");
        download(address, zip);
        check(zip, args[1]);
        install(unpack(zip, work), target);
      } finally {
        delete(work);
      }
    } catch (IOException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      System.err.printf(
          "mvnw: cannot get Maven from %s (%s). Connect to the network for this first run, set"
              + " MVNW_REPOURL to a mirror of Maven Central, or use an installed mvn 3.8.7 or"
              + " newer.%n",
          address, reason);
      System.exit(1);
    }
  }

  private static void download(URI address, Path zip) throws IOException, InterruptedException {
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(30))
            .followRedirects(HttpClient.Redirect.NORMAL);
    String proxy = System.getenv().getOrDefault("https_proxy", System.getenv("HTTPS_PROXY"));
    if (proxy != null && !proxy.isBlank()) {
      URI uri = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
      client.proxy(ProxySelector.of(new InetSocketAddress(uri.getHost(), uri.getPort())));
    }
    try (HttpClient http = client.build()) {
      HttpRequest request = HttpRequest.newBuilder(address).timeout(Duration.ofMinutes(5)).build();
      int status = http.send(request, BodyHandlers.ofFile(zip)).statusCode();
      if (status != 200) {
        throw new IOException("status " + status);
      }
    }
  }

  private static void check(Path zip, String sha256) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(zip));
    String found = HexFormat.of().formatHex(digest);
    if (!found.equals(sha256)) {
      throw new IOException("its SHA-256 is " + found + " instead of " + sha256);
    }
  }

  /** Unpacks into the folder and returns the one folder that the archive holds. */
  private static Path unpack(Path zip, Path folder) throws IOException {
    Path top = null;
    try (InputStream in = Files.newInputStream(zip);
        ZipInputStream entries = new ZipInputStream(in)) {
      for (ZipEntry entry = entries.getNextEntry();
          entry != null;
          entry = entries.getNextEntry()) {
        Path file = folder.resolve(entry.getName()).normalize();
        if (!file.startsWith(folder) || file.equals(folder)) {
          throw new IOException("a bad entry in the archive: " + entry.getName());
        }
        top = folder.resolve(folder.relativize(file).getName(0));
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          Files.copy(entries, file);
        }
      }
    }
    if (top == null) {
      throw new IOException("the archive is empty");
    }
    return top;
  }

  /** Moves in one step, so that another mvnw sees all of Maven or none; the first one wins. */
  private static void install(Path from, Path target) throws IOException {
    try {
      Files.move(from, target);
    } catch (IOException e) {
      if (!Files.isDirectory(target)) {
        throw e;
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException e)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
