// The CUDA driver, as far as the simulator calls it; it has one device, on which time does not pass.
// Every other symbol that JCuda binds answers CUDA_ERROR_NOT_SUPPORTED.
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "cubin.h"
#include "launch.h"

#define CALL extern "C" __attribute__((visibility("default"))) int

namespace {

constexpr int OK = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NO_DEVICE = 100, INVALID_DEVICE = 101,
              INVALID_IMAGE = 200, INVALID_PTX = 218, INVALID_HANDLE = 400, NOT_FOUND = 500, INVALID_CLUSTER_SIZE = 912;
constexpr std::size_t TOTAL_BYTES = std::size_t(1) << 30;

// cuCtxGetLimit tells these: copies made so far.
enum Count { COPIES_IN = 9011, COPIES_OUT = 9012 };
std::size_t copiesIn = 0, copiesOut = 0;

// cuCtxSetLimit takes these beside its own limits: how tests steer the stand-in.
enum Knob { SEED = 9001, PLANT = 9002, FREE_BYTES = 9003, POISON = 9004, POISON_CODE = 9005, CAPABILITY = 9006 };

struct LoadedModule {
  ptx::Module kernels;
};
struct Function {
  std::shared_ptr<ptx::Kernel> kernel;
};
struct Graph {
  std::vector<Launch> nodes;
};
struct Stream {
  std::unique_ptr<Graph> capture;
};

// One call at a time: what threads of a process do beside each other is not simulated.
std::recursive_mutex gate;
#define ALONE std::lock_guard<std::recursive_mutex> lock(gate)

Memory memory;
Machine machine(memory);
std::string message;
std::size_t most = TOTAL_BYTES;
int devices = 1;
int capability = 120;  // above what JCuda's own assembler knows, so that text comes here

// Machine code is not interpreted: it stands for the last text that has the same kernels.
std::vector<ptx::Module> texts;

ptx::Module load(const char* image) {
  if (!cubin::is(image)) {
    texts.push_back(ptx::parse(image));
    return texts.back();
  }
  auto names = cubin::kernels(image, capability);
  for (auto text = texts.rbegin(); text != texts.rend(); ++text) {
    std::set<std::string> own;
    for (auto& kernel : *text) own.insert(kernel.first);
    if (own == names) return *text;
  }
  throw cubin::Invalid("machine code of a text that was not loaded before");
}

// Launches fail while this number stands in device memory; 0 for none. By a code that takes the context with it,
// every call fails from then on, until the poison is set anew.
double poison = 0;
int poisonCode = 0, lost = 0;
constexpr int ILLEGAL_ADDRESS = 700;
#define ALIVE if (lost != 0) return fail(lost, "the context is lost")

int setting(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoi(text);
}

int fail(int code, const std::string& text) {
  message = text;
  return code;
}

// Launches do nothing where only the way to them is measured.
bool idle = false;

int perform(const Launch& launch) {
  if (idle) return OK;
  ALIVE;
  if (poison != 0 && memory.contains(poison)) {
    if (poisonCode == ILLEGAL_ADDRESS) lost = poisonCode;
    return fail(poisonCode, "planted");
  }
  try {
    machine.run(launch);
    return OK;
  } catch (const Fault& fault) {
    return fail(fault.code, fault.what());
  }
}

int copy(void* to, const void* from, std::size_t n, std::uint64_t device) {
  ALONE;
  ALIVE;
  std::size_t at;
  if (n > 0 && memory.find(device, n, at) == nullptr) return fail(INVALID_VALUE, "copy beyond device memory");
  std::memmove(to, from, n);
  return OK;
}

}  // namespace

CALL cuInit(unsigned) {
  devices = setting("SPINDLE_STANDIN_DEVICES", 1);
  idle = setting("SPINDLE_STANDIN_IDLE", 0) != 0;
  machine.planted = (Planted)setting("SPINDLE_STANDIN_PLANT", 0);
  if (const char* text = std::getenv("SPINDLE_STANDIN_POISON")) poison = std::atof(text);
  poisonCode = setting("SPINDLE_STANDIN_POISON_CODE", ILLEGAL_ADDRESS);
  return devices == 0 ? fail(NO_DEVICE, "no CUDA-capable device is detected") : OK;
}
CALL cuDriverGetVersion(int* v) { return *v = setting("SPINDLE_STANDIN_VERSION", 12060), OK; }
CALL cuDeviceGetCount(int* n) { return *n = devices, OK; }
CALL cuDeviceGet(int* device, int n) { return n < devices ? (*device = n, OK) : INVALID_DEVICE; }
CALL cuDeviceGetName(char* name, int n, int) {
  std::snprintf(name, n, "stand-in");
  return OK;
}
CALL cuDeviceGetUuid(unsigned char* uuid, int device) {
  for (int k = 0; k < 16; k++) uuid[k] = (unsigned char)(16 * device + k);
  return OK;
}
CALL cuDeviceTotalMem_v2(std::size_t* n, int) { return *n = TOTAL_BYTES, OK; }
CALL cuDeviceGetAttribute(int* value, int attribute, int) {
  switch (attribute) {
    case 1: *value = setting("SPINDLE_STANDIN_THREADS", 64); break;  // threads per block
    case 10: *value = 32; break;                                     // warp
    case 16: *value = 2; break;                                      // multiprocessors
    case 75: *value = capability / 10; break;
    case 76: *value = capability % 10; break;
    case 97: *value = 227 * 1024; break;                             // shared memory of a block, on request
    default: *value = 0;
  }
  return OK;
}
CALL cuDevicePrimaryCtxRetain(void** context, int) { return *context = &memory, OK; }
CALL cuDevicePrimaryCtxRelease_v2(int) { return OK; }
CALL cuCtxSetCurrent(void*) { return OK; }
CALL cuCtxSynchronize() { return OK; }
CALL cuCtxSetLimit(int limit, std::size_t value) {
  switch (limit) {
    case SEED: machine.random.seed((unsigned)value); return OK;
    case PLANT: machine.planted = (Planted)value; return OK;
    case FREE_BYTES: most = value; return OK;
    case POISON: std::memcpy(&poison, &value, sizeof poison); lost = 0; return OK;
    case CAPABILITY: capability = (int)value; return OK;
    case POISON_CODE: poisonCode = (int)value; return OK;
    default: return INVALID_VALUE;
  }
}

CALL cuCtxGetLimit(std::size_t* value, int limit) {
  switch (limit) {
    case COPIES_IN: return *value = copiesIn, OK;
    case COPIES_OUT: return *value = copiesOut, OK;
    default: return INVALID_VALUE;
  }
}

CALL cuMemGetInfo_v2(std::size_t* free, std::size_t* total) {
  *free = most - memory.total;
  *total = TOTAL_BYTES;
  return OK;
}
CALL cuMemAlloc_v2(std::uint64_t* address, std::size_t n) {
  ALONE;
  ALIVE;
  if (n == 0) return INVALID_VALUE;
  if (memory.total + n > most) return fail(OUT_OF_MEMORY, "out of memory");
  *address = memory.allocate(n);
  return OK;
}
CALL cuMemAllocHost_v2(void** memory, std::size_t n) { return (*memory = std::malloc(n)) ? OK : OUT_OF_MEMORY; }
CALL cuMemFreeHost(void* memory) { return std::free(memory), OK; }
CALL cuMemFree_v2(std::uint64_t address) {
  ALONE;
  ALIVE;
  return memory.release(address) ? OK : fail(INVALID_VALUE, "free of what was not allocated");
}
CALL cuMemcpyHtoD_v2(std::uint64_t to, const void* from, std::size_t n) {
  copiesIn++;
  return copy((void*)to, from, n, to);
}
CALL cuMemcpyDtoH_v2(void* to, std::uint64_t from, std::size_t n) {
  copiesOut++;
  return copy(to, (void*)from, n, from);
}
CALL cuMemcpyDtoHAsync_v2(void* to, std::uint64_t from, std::size_t n, void*) {
  copiesOut++;
  return copy(to, (void*)from, n, from);
}
CALL cuMemcpyDtoD_v2(std::uint64_t to, std::uint64_t from, std::size_t n) {
  ALONE;
  std::size_t at;
  if (n > 0 && memory.find(from, n, at) == nullptr) return INVALID_VALUE;
  return copy((void*)to, (void*)from, n, to);
}
CALL cuMemsetD8_v2(std::uint64_t to, unsigned char value, std::size_t n) {
  ALONE;
  ALIVE;
  std::size_t at;
  if (n > 0 && memory.find(to, n, at) == nullptr) return fail(INVALID_VALUE, "set beyond device memory");
  std::memset((void*)to, value, n);
  return OK;
}

CALL cuModuleLoadData(void** module, const void* image) {
  ALONE;
  ALIVE;
  try {
    *module = new LoadedModule{load((const char*)image)};
    return OK;
  } catch (const ptx::Invalid& wrong) {
    return fail(INVALID_PTX, wrong.what());
  } catch (const cubin::Invalid& wrong) {
    return fail(INVALID_IMAGE, wrong.what());
  }
}
CALL cuModuleUnload(void* module) { return delete (LoadedModule*)module, OK; }
CALL cuModuleGetFunction(void** function, void* module, const char* name) {
  auto& kernels = ((LoadedModule*)module)->kernels;
  auto found = kernels.find(name);
  if (found == kernels.end()) return fail(NOT_FOUND, std::string("no kernel ") + name);
  *function = new Function{found->second};
  return OK;
}
CALL cuFuncSetAttribute(void*, int, int) { return OK; }
CALL cuFuncGetAttribute(int* value, int attribute, void*) {
  return *value = attribute == 0 ? setting("SPINDLE_STANDIN_THREADS", 64) : 0, OK;
}
CALL cuOccupancyMaxActiveBlocksPerMultiprocessor(int* value, void*, int threads, std::size_t shared) {
  return *value = std::min(2048 / threads, (int)(228 * 1024 / (shared + 1024))), OK;
}

CALL cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                    unsigned shared, void* stream, void** parameters, void**) {
  ALONE;
  if (gy * gz * by * bz != 1 || gx == 0 || bx == 0 || bx % 32 != 0)
    return fail(INVALID_VALUE, "a launch has one dimension and whole warps");
  auto& kernel = ((Function*)function)->kernel;
  if (gx % kernel->cluster != 0) return fail(INVALID_CLUSTER_SIZE, "a grid is made of whole clusters");
  Launch launch{kernel, gx, bx, shared, {}};
  launch.parameters.resize(kernel->parameterBytes);
  if (kernel->parameterBytes > 0) std::memcpy(launch.parameters.data(), parameters[0], kernel->parameterBytes);
  auto* s = (Stream*)stream;
  if (s != nullptr && s->capture) {
    s->capture->nodes.push_back(std::move(launch));
    return OK;
  }
  return perform(launch);
}

CALL cuStreamCreate(void** stream, unsigned) { return *stream = new Stream, OK; }
CALL cuStreamDestroy_v2(void* stream) { return delete (Stream*)stream, OK; }
CALL cuStreamSynchronize(void*) { return OK; }
CALL cuStreamBeginCapture_v2(void* stream, int) {
  ((Stream*)stream)->capture = std::make_unique<Graph>();
  return OK;
}
CALL cuStreamEndCapture(void* stream, void** graph) {
  auto& capture = ((Stream*)stream)->capture;
  if (!capture) return fail(INVALID_HANDLE, "no capture was begun");
  *graph = capture.release();
  return OK;
}
CALL cuGraphInstantiateWithFlags(void** exec, void* graph, unsigned long long) {
  *exec = new Graph(*(Graph*)graph);
  return OK;
}
CALL cuGraphUpload(void*, void*) { return OK; }
CALL cuGraphLaunch(void* exec, void*) {
  ALONE;
  for (auto& launch : ((Graph*)exec)->nodes) {
    if (int code = perform(launch)) return code;
  }
  return OK;
}
CALL cuGraphExecDestroy(void* exec) { return delete (Graph*)exec, OK; }
CALL cuGraphDestroy(void* graph) { return delete (Graph*)graph, OK; }

CALL cuGetErrorString(int code, const char** text) {
  if (message.empty()) message = "error " + std::to_string(code);
  return *text = message.c_str(), OK;
}
CALL cuGetErrorName(int, const char** text) { return *text = "CUDA_ERROR", OK; }
