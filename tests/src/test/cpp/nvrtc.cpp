// From the text of a kernel to a library of the host, by g++: first through the preprocessor, then,
// with kernel.h in front and the list of its kernels behind, through the compiler and the linker.
// The library, with a line in front that says how long it is, takes the place of the cubin.
//
// SIMULATED_SOURCES is the folder of kernel.h, SIMULATED_BUILD a number made from everything that
// the result depends on but for the text: it is part of the version, by which the result is cached.
#include "simulated.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <regex>
#include <sstream>
#include <unistd.h>

struct Program {
  std::string source, name, log, cubin;
};

namespace {
constexpr int COMPILER_OK = 0, INVALID_INPUT = 3, INVALID_OPTION = 5, COMPILATION = 6;

// TIEBREAK_SIMULATED_CHECKS=0 leaves out the checks of every access.
bool with_checks() {
  const char* setting = getenv("TIEBREAK_SIMULATED_CHECKS");
  return !setting || strcmp(setting, "0") != 0;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// Runs a compiler in a folder and adds what it says to the log.
bool compile(Program& p, const std::string& folder, const std::string& arguments) {
  std::string command = "cd " + folder + " && g++ -std=c++17 " + arguments + " >log 2>&1";
  bool good = system(command.c_str()) == 0;
  p.log += read_file(folder + "/log");
  return good;
}

// Dynamic shared memory, whatever it is called, is an array of this library: under another name
// outside of functions, and inside of them, where templates do not keep the other name, a pointer.
std::string with_dynamic_shared(const std::string& text) {
  static const std::regex declared(
      R"(extern\s+__shared__\s+(?:(?:alignas|__align__)\s*\(\s*\w+\s*\)\s*)?)"
      R"(([\w:\s]*[\w:])\s+(\w+)\s*\[\s*\]\s*;)");
  std::string result;
  int depth = 0;
  auto from = text.begin();
  for (std::sregex_iterator it(from, text.end(), declared), end; it != end; ++it) {
    std::string before(from, (*it)[0].first), type = (*it)[1], name = (*it)[2];
    for (char c : before) depth += (c == '{') - (c == '}');
    result += before;
    if (depth == 0) {
      result += "extern __attribute__((visibility(\"default\"))) " + type + " " + name +
                "[] __asm__(\"simulated_dynamic_shared\");";
    } else {
      result += type + "* const " + name + " = (" + type + "*)simulated_dynamic_shared;";
    }
    from = (*it)[0].second;
  }
  return result + std::string(from, text.end());
}

std::string list_of_kernels(const std::string& text) {
  static const std::regex kernel(
      R"(extern\s+"C"\s+__global__\s+void\s+(?:__launch_bounds__\s*\(([^)]*)\)\s*)?(\w+)\s*\()");
  std::string list;
  int count = 0;
  for (std::sregex_iterator it(text.begin(), text.end(), kernel), end; it != end; ++it, ++count) {
    std::string bounds = (*it)[1].str();
    list += "  simulated_kernel(\"" + (*it)[2].str() + "\", " + (*it)[2].str() +
            (bounds.empty() ? "" : ", " + bounds) + "),\n";
  }
  return "__attribute__((section(\"table\"))) SimulatedKernel simulated_kernels[] = {\n" +
         list + "{}};\n" +
         "extern \"C\" __attribute__((visibility(\"default\"))) const SimulatedModule " +
         "simulated_module = {simulated_kernels, " + std::to_string(count) +
         ", __bss_start, _end};\n";
}

bool build(Program& p, const std::string& folder, const std::string& definitions) {
  write_file(folder + "/" + p.name, p.source);
  if (!compile(p, folder, "-E -DTIEBREAK_SIMULATED -x c++" + definitions + " -o text " + p.name)) {
    return false;
  }
  std::string text = with_dynamic_shared(read_file(folder + "/text"));
  write_file(folder + "/whole.cpp",
             "#include \"kernel.h\"\n" + text + "\n" + list_of_kernels(text));
  std::string flags =
      "-c -O1 -g1 -gdwarf-4 -w -fPIC -fvisibility=hidden -fno-strict-aliasing -fno-math-errno"
      " -fno-exceptions -fno-rtti -fno-gnu-unique -I" SIMULATED_SOURCES " -o kernels.o whole.cpp";
  if (with_checks()) flags += " -fsanitize=thread --param tsan-instrument-func-entry-exit=0";
  if (!compile(p, folder, flags)) return false;
  if (!compile(p, folder, "-shared -nostartfiles -o kernels.so kernels.o -lm")) return false;
  std::string library = read_file(folder + "/kernels.so");
  p.cubin = "simulated cubin " + std::to_string(library.size()) + "\n" + library;
  return true;
}

bool is_one_of(const std::string& option, std::initializer_list<const char*> known) {
  for (const char* one : known) {
    if (option == one) return true;
  }
  return false;
}
}  // namespace

API const char* nvrtcGetErrorString(int code) {
  switch (code) {
    case COMPILER_OK: return "NVRTC_SUCCESS";
    case INVALID_INPUT: return "NVRTC_ERROR_INVALID_INPUT";
    case INVALID_OPTION: return "NVRTC_ERROR_INVALID_OPTION";
    case COMPILATION: return "NVRTC_ERROR_COMPILATION";
    default: return "NVRTC_ERROR unknown";
  }
}

API int nvrtcVersion(int* major, int* minor) {
  *major = 13;
  *minor = SIMULATED_BUILD * 2 + with_checks();
  return injected(__func__);
}

API int nvrtcCreateProgram(Program** made, const char* source, const char* name, int headers,
                           const char* const*, const char* const*) {
  if (int code = injected(__func__)) return code;
  if (headers != 0) return report(INVALID_INPUT, "%s with headers", __func__);
  std::string file = name;
  for (char& c : file) {
    if (!isalnum(c) && c != '.' && c != '_') c = '_';
  }
  *made = new Program{source, file, "", ""};
  opened(*made, "program");
  return COMPILER_OK;
}

API int nvrtcDestroyProgram(Program** p) {
  if (!closed(*p, "program")) return INVALID_INPUT;
  delete *p;
  *p = nullptr;
  return injected(__func__);
}

API int nvrtcCompileProgram(Program* p, int count, const char* const* options) {
  if (int code = injected(__func__)) return code;
  std::string definitions;
  bool real_architecture = false;
  for (int i = 0; i < count; i++) {
    std::string option = options[i];
    if (option.rfind("-D", 0) == 0 && option.find_first_of("'\"$`;&| ") == std::string::npos) {
      definitions += " " + option;
    } else if (option.rfind("--gpu-architecture=sm_", 0) == 0) {
      real_architecture = true;
    } else if (!is_one_of(option, {"--std=c++17", "-std=c++17", "--fmad=true", "--fmad=false",
                                   "--generate-line-info", "-lineinfo"})) {
      p->log = "unknown option " + option;
      return INVALID_OPTION;
    }
  }
  if (!real_architecture) return COMPILER_OK;  // and no cubin
  char folder[] = "/tmp/simulated-cuda-XXXXXX";
  if (!mkdtemp(folder)) return report(INVALID_INPUT, "%s: no place for files", __func__);
  bool good = build(*p, folder, definitions);
  if (system((std::string("rm -r ") + folder).c_str()) != 0) p->log += "cannot remove files\n";
  return good ? COMPILER_OK : COMPILATION;
}

API int nvrtcGetProgramLogSize(Program* p, size_t* bytes) {
  *bytes = p->log.size() + 1;
  return injected(__func__);
}

API int nvrtcGetProgramLog(Program* p, char* log) {
  memcpy(log, p->log.c_str(), p->log.size() + 1);
  return injected(__func__);
}

API int nvrtcGetCUBINSize(Program* p, size_t* bytes) {
  *bytes = p->cubin.size();
  return injected(__func__);
}

API int nvrtcGetCUBIN(Program* p, char* cubin) {
  memcpy(cubin, p->cubin.data(), p->cubin.size());
  return injected(__func__);
}
