package dev.tiebreak.tests.judge;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/** Chromium without a screen, and what a judge does with it. */
final class Browser implements AutoCloseable {
  private static final List<Path> CHROMIUM =
      List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"));
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final int WEBP_QUALITY = 75;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Says that it does not know this version's events, which are not used; kept from being lost. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium.devtools");

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** On a desk. */
  static Browser desktop() {
    return open(options -> options.addArguments("--window-size=1200,900"));
  }

  /** A phone of 390 x 780 that is touched. */
  static Browser phone() {
    return open(options ->
        options.setExperimentalOption(
            "mobileEmulation",
            Map.of(
                "deviceMetrics",
                Map.of("width", 390, "height", 780, "pixelRatio", 1.0, "touch", true))));
  }

  private static Browser open(Consumer<ChromeOptions> kind) {
    Path chromium = CHROMIUM.stream().filter(Files::isExecutable).findFirst().orElse(null);
    if (chromium == null || !Files.isExecutable(DRIVER)) {
      abort("no Chromium with its driver here (on Debian: apt install chromium chromium-driver)");
    }
    SELENIUM.setLevel(Level.SEVERE);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.toFile());
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
    kind.accept(options);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .withLogFile(new File(System.getProperty("java.io.tmpdir"), "chromedriver.log"))
            .build();
    return new Browser(new ChromeDriver(service, options));
  }

  ChromeDriver driver() {
    return driver;
  }

  Browser go(String address) {
    driver.get(address);
    return this;
  }

  WebElement element(String id) {
    return driver.findElement(By.id(id));
  }

  /** Waits until this part of the page is there, and nothing else. */
  void waitFor(String section) {
    waitUntil(
        "the section " + section,
        () ->
            driver.findElements(By.cssSelector("main > section:not([hidden])")).stream()
                .map(one -> one.getDomAttribute("id"))
                .toList()
                .equals(List.of(section)));
  }

  void waitUntil(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain for " + what + ": " + element("status").getText());
      }
      pause(10);
    }
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Consents and begins, by mouse. */
  void begin() {
    waitFor("welcome");
    element("consent").click();
    element("begin").click();
    waitFor("pair");
  }

  /** The number of the pair that is shown. */
  int number() {
    return Integer.parseInt(element("heading").getText().replaceAll("Pair (\\d+) of .*", "$1"));
  }

  /** Waits until the page takes choices for the pair of this number. */
  void waitForPair(int number) {
    waitUntil("pair " + number, () -> element("pair").isDisplayed() && number() == number);
    pause(400); // longer than the page's guard against double clicks
  }

  WebElement choice(String choice) {
    return driver.findElement(By.cssSelector("[data-choice=" + choice + "]"));
  }

  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** Goes from one thing to the next with the tab key until this one has the focus. */
  void tabTo(String id) {
    for (int i = 0; i < 30; i++) {
      if (id.equals(driver.switchTo().activeElement().getDomAttribute("id"))) {
        return;
      }
      press(Keys.TAB);
    }
    throw new AssertionError("the tab key never reaches " + id);
  }

  Object script(String script, Object... arguments) {
    return ((JavascriptExecutor) driver).executeScript(script, arguments);
  }

  void dark() {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
  }

  /** Leaves a picture where the system property {@code tiebreak.screenshots} says, if it does. */
  void picture(String name) {
    String folder = System.getProperty("tiebreak.screenshots");
    if (folder != null) {
      Object data =
          driver
              .executeCdpCommand(
                  "Page.captureScreenshot", Map.of("format", "webp", "quality", WEBP_QUALITY))
              .get("data");
      try {
        Files.write(
            Files.createDirectories(Path.of(folder)).resolve(name + ".webp"),
            Base64.getDecoder().decode((String) data));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
