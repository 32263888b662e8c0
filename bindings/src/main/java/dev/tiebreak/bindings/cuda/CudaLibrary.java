package dev.tiebreak.bindings.cuda;

import java.util.List;
import java.util.Locale;

/** The libraries of CUDA that are called from here, in the order in which they are loaded. */
public enum CudaLibrary {
  /** The driver, {@code libcuda}: everything needs it. It belongs to the system. */
  DRIVER(
      "the CUDA driver",
      List.of("libcuda.so.1"),
      "Install NVIDIA's driver, 580 or newer, or use the CPU"),
  /** NVRTC compiles kernels. It needs no GPU. */
  NVRTC(
      "NVRTC",
      List.of("libnvrtc.so.13", "libnvrtc.so.12"),
      "Install the CUDA 13 toolkit or the Python package nvidia-cuda-nvrtc"),
  /** cuBLASLt multiplies matrices. */
  CUBLASLT(
      "cuBLASLt",
      List.of("libcublasLt.so.13", "libcublasLt.so.12"),
      "Install the CUDA 13 toolkit or the Python package nvidia-cublas"),
  /** cuDNN computes attention; there is a kernel of our own that does without it. */
  CUDNN(
      "cuDNN",
      List.of("libcudnn.so.9"),
      "Install cuDNN 9 or the Python package nvidia-cudnn-cu13; without it, attention is slower"),
  /** NCCL sums gradients between GPUs; one GPU does without it. */
  NCCL(
      "NCCL",
      List.of("libnccl.so.2"),
      "Install NCCL 2 or the Python package nvidia-nccl-cu13; one GPU does without it");

  private final String title;
  private final List<String> files;
  private final String remedy;

  CudaLibrary(String title, List<String> files, String remedy) {
    this.title = title;
    this.files = files;
    this.remedy = remedy;
  }

  /** What it is called in messages, such as {@code cuBLASLt}. */
  public String title() {
    return title;
  }

  /** The system property that names the file to load, such as {@code tiebreak.cuda.nvrtc}. */
  public String property() {
    return "tiebreak.cuda." + key();
  }

  /** The environment variable that does, such as {@code TIEBREAK_CUDA_NVRTC}. */
  public String variable() {
    return "TIEBREAK_CUDA_" + name();
  }

  /** Whether there is no computing on a GPU without it. */
  public boolean required() {
    return this == DRIVER || this == NVRTC || this == CUBLASLT;
  }

  /** File names by preference. */
  List<String> files() {
    return files;
  }

  /** What a user can do if it is missing; no full stop at the end. */
  String remedy() {
    return remedy;
  }

  /** The name of its allow-list, such as {@code nvrtc}. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
