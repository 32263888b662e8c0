// Streams, events, copies and graphs. Work waits in its stream until somebody waits for it, as late
// as a real GPU might do it: host code that reads a result too early reads old bytes, and host code
// that changes pinned memory too early sends the new ones.
#include "simulated.h"

#include <chrono>
#include <cstring>
#include <deque>
#include <map>
#include <set>

// One recording; the streams that joined it by events put their work here too.
struct Capture {
  std::vector<std::function<int()>> work;
  Stream* origin;
  std::set<Stream*> unjoined;
  bool invalid = false;
};

struct Stream {
  std::deque<std::function<int()>> queue;
  uint64_t issued = 0, done = 0;
  Capture* capture = nullptr;
};

struct Event {
  Stream* stream = nullptr;  // where it was last recorded, and behind how much work
  uint64_t after = 0;
  Capture* capture = nullptr;
  Stream* captured_in = nullptr;
  bool timed;
  std::chrono::steady_clock::time_point time;
};

typedef std::vector<std::function<int()>> Graph;

namespace {
constexpr size_t LONGEST_QUEUE = 1024;  // beyond it a launch waits, as on a real GPU
std::set<Stream*> streams;
thread_local int captures_here;  // by this thread: what other threads do is not restricted

void fail_with(int code) {
  if (code && !sticky) sticky = code;
}

// Runs the first so many pieces of a stream's work; what waits for another stream runs that first.
int run_until(Stream* stream, uint64_t count) {
  while (stream->done < count && !sticky) {
    auto work = std::move(stream->queue.front());
    stream->queue.pop_front();
    stream->done++;
    fail_with(work());
  }
  return sticky;
}

bool is_done(const Event* event) {
  return !event->stream || !streams.count(event->stream) || event->stream->done >= event->after;
}

int invalidated(Capture* capture, const char* call) {
  capture->invalid = true;
  return report(CAPTURE_UNSUPPORTED, "%s while a graph is captured", call);
}

int check_device(const char* call, uint64_t address, size_t bytes) {
  if (is_allocated(address, bytes)) return OK;
  return report(INVALID_VALUE, "%s: %lu bytes at %#lx, %s", call, bytes, address,
                describe(address, bytes).c_str());
}

int check_host(const char* call, const void* pointer, size_t bytes) {
  if (on_device(pointer)) {
    return report(INVALID_VALUE, "%s: %p is memory of the device, not of the host", call, pointer);
  }
  if (is_pinned(pointer, 1) && !is_pinned(pointer, bytes)) {
    return report(INVALID_VALUE, "%s: %lu bytes at %p leave the pinned memory", call, bytes,
                  pointer);
  }
  return OK;
}

template <class T>
T* device_pointer(uint64_t address) {
  return reinterpret_cast<T*>(address);
}
}  // namespace

int enqueue(Stream* stream, std::function<int()> work) {
  if (int code = known(stream, "stream")) return code;
  if (stream->capture) {
    stream->capture->work.push_back(std::move(work));
    return OK;
  }
  stream->queue.push_back(std::move(work));
  stream->issued++;
  if (stream->queue.size() > LONGEST_QUEUE) return run_until(stream, stream->done + 1);
  return OK;
}

int not_while_capturing(const char* call) {
  if (captures_here == 0) return OK;
  for (Stream* stream : streams) {
    if (stream->capture) stream->capture->invalid = true;
  }
  return report(CAPTURE_UNSUPPORTED, "%s while a graph is captured", call);
}

int run_everything() {
  for (Stream* stream : streams) run_until(stream, stream->issued);
  return sticky;
}

void forget_streams() {
  for (Stream* stream : streams) {
    stream->queue.clear();
    stream->done = stream->issued;
    stream->capture = nullptr;
  }
  captures_here = 0;
}

#define ENTER_STREAM(s) \
  ENTER;                \
  if (int unknown = known(s, "stream")) return unknown

// ---- copies -------------------------------------------------------------------------------------

API int cuMemcpyHtoDAsync_v2(uint64_t target, const void* source, size_t bytes, Stream* s) {
  ENTER_STREAM(s);
  if (int code = check_device(__func__, target, bytes)) return code;
  if (int code = check_host(__func__, source, bytes)) return code;
  auto copy = [=, call = __func__](const void* from) {
    if (int code = check_device(call, target, bytes)) return code;
    memcpy(device_pointer<char>(target), from, bytes);
    return OK;
  };
  if (s->capture || is_pinned(source, bytes)) {
    return enqueue(s, [=] { return copy(source); });
  }
  auto first = static_cast<const char*>(source);
  std::vector<char> bytes_now(first, first + bytes);
  return enqueue(s, [=, kept = std::move(bytes_now)] { return copy(kept.data()); });
}

API int cuMemcpyDtoHAsync_v2(void* target, uint64_t source, size_t bytes, Stream* s) {
  ENTER_STREAM(s);
  if (int code = check_device(__func__, source, bytes)) return code;
  if (int code = check_host(__func__, target, bytes)) return code;
  bool waits = !s->capture && !is_pinned(target, bytes);
  int code = enqueue(s, [=, call = __func__] {
    if (int bad = check_device(call, source, bytes)) return bad;
    memcpy(target, device_pointer<char>(source), bytes);
    return OK;
  });
  if (!waits || code) return code;
  synchronizations++;  // a copy to memory that is not pinned returns when it is done
  return run_until(s, s->issued);
}

API int cuMemcpyDtoDAsync_v2(uint64_t target, uint64_t source, size_t bytes, Stream* s) {
  ENTER_STREAM(s);
  if (int code = check_device(__func__, target, bytes)) return code;
  if (int code = check_device(__func__, source, bytes)) return code;
  if (target < source + bytes && source < target + bytes) {
    return report(INVALID_VALUE, "cuMemcpyDtoDAsync_v2: source and target overlap");
  }
  return enqueue(s, [=, call = __func__] {
    if (int bad = check_device(call, target, bytes)) return bad;
    if (int bad = check_device(call, source, bytes)) return bad;
    memcpy(device_pointer<char>(target), device_pointer<char>(source), bytes);
    return OK;
  });
}

API int cuMemsetD8Async(uint64_t target, unsigned char value, size_t bytes, Stream* s) {
  ENTER_STREAM(s);
  if (int code = check_device(__func__, target, bytes)) return code;
  return enqueue(s, [=, call = __func__] {
    if (int bad = check_device(call, target, bytes)) return bad;
    memset(device_pointer<char>(target), value, bytes);
    return OK;
  });
}

// ---- streams ------------------------------------------------------------------------------------

API int cuStreamCreateWithPriority(Stream** made, unsigned flags, int priority) {
  ENTER;
  if (flags != 1 || priority < -5 || priority > 0) {
    return report(INVALID_VALUE, "%s with the flags %u and the priority %d", __func__, flags,
                  priority);
  }
  *made = new Stream;
  streams.insert(*made);
  opened(*made, "stream");
  return OK;
}

API int cuStreamDestroy_v2(Stream* s) {
  std::lock_guard<std::recursive_mutex> guard(everything);
  int code = entered(__func__, true);
  if (!code && s->capture) return invalidated(s->capture, __func__);
  if (!closed(s, "stream")) return INVALID_HANDLE;
  if (!code) code = run_until(s, s->issued);
  streams.erase(s);
  delete s;
  return code;
}

API int cuStreamSynchronize(Stream* s) {
  ENTER_STREAM(s);
  if (s->capture) return invalidated(s->capture, __func__);
  synchronizations++;
  return run_until(s, s->issued);
}

API int cuCtxSynchronize() {
  ENTER;
  if (int code = not_while_capturing(__func__)) return code;
  synchronizations++;
  return run_everything();
}

// What waits has begun by the time it is asked for, but is not done.
API int cuStreamQuery(Stream* s) {
  ENTER_STREAM(s);
  if (s->capture) return invalidated(s->capture, __func__);
  if (s->queue.empty()) return OK;
  int code = run_until(s, s->issued);
  return code ? code : NOT_READY;
}

API int cuStreamWaitEvent(Stream* s, Event* e, unsigned flags) {
  ENTER_STREAM(s);
  if (int code = known(e, "event")) return code;
  if (flags != 0) return report(INVALID_VALUE, "%s with the flags %u", __func__, flags);
  if (s->capture && s->capture != e->capture) {
    s->capture->invalid = true;
    return report(CAPTURE_ISOLATION, "a captured stream waits for what is not captured with it");
  }
  if (e->capture) {
    if (!e->capture->origin) return report(CAPTURED_EVENT, "a wait for an event of an old capture");
    if (!s->capture) {
      s->capture = e->capture;
      s->capture->unjoined.insert(s);
    }
    if (s == s->capture->origin) s->capture->unjoined.erase(e->captured_in);
    return OK;  // what is captured keeps the order of the calls
  }
  if (is_done(e)) return OK;
  return enqueue(s, [stream = e->stream, after = e->after] {
    return streams.count(stream) ? run_until(stream, after) : OK;
  });
}

// ---- events -------------------------------------------------------------------------------------

API int cuEventCreate(Event** made, unsigned flags) {
  ENTER;
  if (flags != 0 && flags != 2) {
    return report(INVALID_VALUE, "%s with the flags %u", __func__, flags);
  }
  *made = new Event;
  (*made)->timed = flags == 0;
  opened(*made, "event");
  return OK;
}

API int cuEventDestroy_v2(Event* e) {
  std::lock_guard<std::recursive_mutex> guard(everything);
  int code = entered(__func__, true);
  if (!closed(e, "event")) return INVALID_HANDLE;
  if (!is_done(e)) run_until(e->stream, e->after);  // the work that stamps it
  delete e;
  return code;
}

API int cuEventRecord(Event* e, Stream* s) {
  ENTER_STREAM(s);
  if (int code = known(e, "event")) return code;
  e->capture = s->capture;
  e->captured_in = s;
  if (s->capture) return OK;
  e->stream = s;
  e->after = s->issued + 1;
  return enqueue(s, [e] {
    if (known(e, "event") == OK) e->time = std::chrono::steady_clock::now();
    return OK;
  });
}

API int cuEventSynchronize(Event* e) {
  ENTER;
  if (int code = known(e, "event")) return code;
  if (e->capture) return report(CAPTURED_EVENT, "%s of an event in a capture", __func__);
  if (int code = not_while_capturing(__func__)) return code;
  synchronizations++;
  return is_done(e) ? OK : run_until(e->stream, e->after);
}

API int cuEventQuery(Event* e) {
  ENTER;
  if (int code = known(e, "event")) return code;
  if (e->capture) return report(CAPTURED_EVENT, "%s of an event in a capture", __func__);
  if (is_done(e)) return OK;
  int code = run_until(e->stream, e->after);
  return code ? code : NOT_READY;
}

API int cuEventElapsedTime_v2(float* milliseconds, Event* start, Event* end) {
  ENTER;
  if (int code = known(start, "event")) return code;
  if (int code = known(end, "event")) return code;
  if (!start->timed || !end->timed || !start->stream || !end->stream) {
    return report(INVALID_HANDLE, "%s of an event that keeps no time or was never recorded",
                  __func__);
  }
  if (!is_done(start) || !is_done(end)) return NOT_READY;
  *milliseconds = std::chrono::duration<float, std::milli>(end->time - start->time).count();
  return OK;
}

// ---- graphs -------------------------------------------------------------------------------------

API int cuStreamBeginCapture_v2(Stream* s, int mode) {
  ENTER_STREAM(s);
  if (mode != 1) return report(INVALID_VALUE, "%s in the mode %d", __func__, mode);
  if (s->capture) return report(ILLEGAL_STATE, "%s of a stream that is captured already", __func__);
  s->capture = new Capture;
  s->capture->origin = s;
  captures_here++;
  return OK;
}

API int cuStreamEndCapture(Stream* s, Graph** made) {
  *made = nullptr;
  ENTER_STREAM(s);
  Capture* capture = s->capture;
  if (!capture || capture->origin != s) {
    return report(ILLEGAL_STATE, "%s of a stream that began none", __func__);
  }
  captures_here--;
  capture->origin = nullptr;
  for (Stream* stream : streams) {
    if (stream->capture == capture) stream->capture = nullptr;
  }
  int code = OK;
  if (capture->invalid) {
    code = report(CAPTURE_INVALIDATED, "the capture was made invalid by an earlier call");
  } else if (!capture->unjoined.empty()) {
    code = report(CAPTURE_UNJOINED, "a stream that joined the capture did not come back to it");
  } else {
    *made = new Graph(std::move(capture->work));
    opened(*made, "graph");
  }
  return code;  // the capture itself stays, for events that name it
}

API int cuGraphInstantiateWithFlags(Graph** made, Graph* graph, unsigned long long flags) {
  ENTER;
  if (int code = known(graph, "graph")) return code;
  if (flags != 0) return report(INVALID_VALUE, "%s with the flags %llu", __func__, flags);
  *made = new Graph(*graph);
  opened(*made, "executable graph");
  return OK;
}

API int cuGraphLaunch(Graph* instance, Stream* s) {
  ENTER_STREAM(s);
  if (int code = known(instance, "executable graph")) return code;
  if (s->capture) return invalidated(s->capture, __func__);
  for (auto& work : *instance) {
    if (int code = enqueue(s, work)) return code;
  }
  return OK;
}

API int cuGraphDestroy(Graph* graph) {
  std::lock_guard<std::recursive_mutex> guard(everything);
  if (!closed(graph, "graph")) return INVALID_HANDLE;
  delete graph;
  return entered(__func__, true);
}

API int cuGraphExecDestroy(Graph* instance) {
  std::lock_guard<std::recursive_mutex> guard(everything);
  if (!closed(instance, "executable graph")) return INVALID_HANDLE;
  delete instance;
  return entered(__func__, true);
}
