package dev.tiebreak.tests.gpu;

import dev.tiebreak.bindings.cuda.Cuda;
import dev.tiebreak.bindings.cuda.CudaProbe;
import dev.tiebreak.bindings.cuda.DeviceFacts;
import dev.tiebreak.tensor.CpuBackend;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which libraries are used, from where, in which versions, and which GPU. */
final class LibrariesSection implements Section {
  @Override
  public void run(Lab lab, Report report) {
    CudaProbe probe = Cuda.probe();
    Map<String, String> libraries = new LinkedHashMap<>();
    probe.libraries().forEach(found -> libraries.put(found.library().name(), found.line()));
    report.fact("libraries", libraries);
    report.fact("java", Runtime.version() + ", " + System.getProperty("java.vendor"));
    try (CpuBackend cpu = CpuBackend.create(1)) {
      report.fact("cpu", cpu.description());
    }
    report.check("CUDA is usable", probe.unusable().isEmpty(), probe.unusable().orElse("yes"));
    for (DeviceFacts gpu : probe.devices()) {
      report.fact("gpu " + gpu.index(), gpu.toString());
    }
    if (!probe.devices().isEmpty()) {
      report.fact("device", probe.devices().getFirst().name());
    }
  }
}
