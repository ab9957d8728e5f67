#include "launch.h"

#include <algorithm>
#include <numeric>

using namespace ptx;

namespace {
constexpr int ILLEGAL_ADDRESS = 700, LAUNCH_FAILED = 719;
constexpr int WARP_SIZE = 32;
}  // namespace

void Machine::run(const Launch& launch) {
  now = &launch;
  clock.launch = ++clock.now;
  unsigned together = launch.kernel->cluster;
  std::vector<unsigned> order(launch.grid / together);
  std::iota(order.begin(), order.end(), 0u);
  std::shuffle(order.begin(), order.end(), random);
  for (unsigned c : order) {
    first = c * together;
    clock.common = clock.cluster = ++clock.now;
    begin();
    work();
  }
}

// Every thread at its first instruction, with registers and shared memory that hold no sense.
void Machine::begin() {
  const Kernel& k = *now->kernel;
  since.assign(k.cluster, clock.cluster);
  shared.clear();
  threads.resize(k.cluster * now->block);
  for (unsigned rank = 0; rank < k.cluster; rank++) {
    shared.push_back(std::make_unique<Block>(k.sharedBytes + now->sharedBytes));
    for (unsigned t = 0; t < now->block; t++) begin(rank, t);
  }
}

void Machine::begin(unsigned rank, unsigned t) {
  const Kernel& k = *now->kernel;
  Thread& thread = threads[rank * now->block + t];
  thread.at = 0;
  thread.state = State::RUNS;
  thread.arrived = false;
  auto& r = thread.registers;
  r.assign(k.registers, 0xA5A5A5A5A5A5A5A5);
  r[TID] = t;
  r[NTID] = now->block;
  r[CTAID] = first + rank;
  r[NCTAID] = now->grid;
  r[LANE] = t % WARP_SIZE;
  r[CLUSTER] = first / k.cluster;
  r[RANK] = rank;
  r[ZERO] = 0;
  r.insert(r.end(), k.constants.begin(), k.constants.end());
}

void Machine::work() {
  std::vector<int> order(threads.size());
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), random);
  for (;;) {
    bool moved = false;
    for (int t : order) {
      if (threads[t].state == State::RUNS) {
        step(t);
        moved = true;
      }
    }
    moved |= collect();
    if (moved) continue;
    if (release()) {
      std::shuffle(order.begin(), order.end(), random);
    } else if (std::all_of(threads.begin(), threads.end(), [](auto& t) { return t.state == State::DONE; })) {
      return;
    } else {
      stuck();
    }
  }
}

// Lets every block go on whose threads have all come to its barrier, or else the whole cluster.
bool Machine::release() {
  bool moved = false;
  for (std::size_t rank = 0; rank < since.size(); rank++) {
    if (!release(rank * now->block, (rank + 1) * now->block, State::BARRIER)) continue;
    since[rank] = ++clock.now;
    moved = true;
  }
  if (moved || !release(0, threads.size(), State::CLUSTER)) return moved;
  clock.common = ++clock.now;
  since.assign(since.size(), clock.common);
  return true;
}

bool Machine::release(std::size_t from, std::size_t to, State waiting) {
  for (std::size_t t = from; t < to; t++) {
    if (threads[t].state != waiting) return false;
  }
  for (std::size_t t = from; t < to; t++) {
    threads[t].state = State::RUNS;
    threads[t].arrived = false;
    threads[t].at++;
  }
  return true;
}

void Machine::stuck() {
  auto one = std::find_if(threads.begin(), threads.end(), [](auto& t) { return t.state != State::DONE; });
  fault(LAUNCH_FAILED, (int)(one - threads.begin()), now->kernel->code[one->at], "waits for threads that never come");
}

// Runs a thread until it has to wait.
void Machine::step(int t) {
  Thread& thread = threads[t];
  const Instruction* code = now->kernel->code.data();
  Word* r = thread.registers.data();
  int at = thread.at;
  for (;;) {
    const Instruction& in = code[at];
    if (in.guard >= 0 && (r[in.guard] & 1) == in.negated && planted != Planted::NO_GUARD) {
      at++;
      continue;
    }
    switch (in.kind) {
      case Kind::PURE:
        r[in.to] = in.pure(r[in.a], r[in.b], r[in.c]);
        at++;
        continue;
      case Kind::LOAD:
      case Kind::STORE:
      case Kind::ATOMIC:
      case Kind::REDUCE:
        access(t, in);
        at++;
        continue;
      case Kind::BRANCH:
        at = in.target;
        continue;
      case Kind::RETURN:
        thread.state = State::DONE;
        break;
      case Kind::BARRIER:
        if (planted == Planted::NO_BARRIER) {
          at++;
          continue;
        }
        thread.state = State::BARRIER;
        break;
      case Kind::ARRIVE:
        thread.arrived = true;
        at++;
        continue;
      case Kind::WAIT:
        if (!thread.arrived) fault(LAUNCH_FAILED, t, in, "waits for a barrier at which it has not arrived");
        if (planted == Planted::NO_BARRIER) {
          thread.arrived = false;
          at++;
          continue;
        }
        thread.state = planted == Planted::NO_CLUSTER ? State::BARRIER : State::CLUSTER;
        break;
      case Kind::BALLOT:
      case Kind::SHUFFLE:
        thread.state = State::WARP;
        break;
    }
    break;
  }
  thread.at = at;
}

// Lets every warp go on whose threads have all come to the same collective.
bool Machine::collect() {
  bool moved = false;
  for (int first = 0; first < (int)threads.size(); first += WARP_SIZE) {
    if (!together(first)) continue;
    const Instruction& in = now->kernel->code[threads[first].at];
    in.kind == Kind::BALLOT ? ballot(first, in) : shuffle(first, in);
    for (int t = first; t < first + WARP_SIZE; t++) {
      threads[t].state = State::RUNS;
      threads[t].at++;
    }
    moved = true;
  }
  return moved;
}

bool Machine::together(int first) {
  if (first + WARP_SIZE > (int)threads.size()) return false;
  for (int t = first; t < first + WARP_SIZE; t++) {
    if (threads[t].state != State::WARP || threads[t].at != threads[first].at) return false;
  }
  return true;
}

void Machine::ballot(int first, const Instruction& in) {
  Word votes = 0;
  for (int l = 0; l < WARP_SIZE; l++) votes |= (threads[first + l].registers[in.a] & 1) << l;
  for (int l = 0; l < WARP_SIZE; l++) threads[first + l].registers[in.to] = votes;
}

void Machine::shuffle(int first, const Instruction& in) {
  Word before[WARP_SIZE];
  for (int l = 0; l < WARP_SIZE; l++) before[l] = threads[first + l].registers[in.a] & 0xffffffff;
  for (int l = 0; l < WARP_SIZE; l++) {
    auto& r = threads[first + l].registers;
    int from = in.extends ? l - (int)(r[in.b] & 31) : (int)(r[in.b] & 31);
    bool there = from >= 0;
    r[in.to] = before[there ? from : l];
    if (in.also >= 0) r[in.also] = there;
  }
}

unsigned char* Machine::place(int t, const Instruction& in, Block*& where, std::size_t& at) {
  Word address = threads[t].registers[in.a] + in.offset;
  if (address % in.width != 0) fault(716, t, in, "address " + std::to_string(address) + " is not aligned");
  if (in.space == Space::SHARED) {
    where = shared[t / now->block].get();
    if (address + in.width > where->size)
      fault(ILLEGAL_ADDRESS, t, in, "shared memory ends at " + std::to_string(where->size) + ", not " + std::to_string(address));
    at = address;
  } else {
    where = memory.find(address, in.width, at);
    if (where == nullptr) fault(ILLEGAL_ADDRESS, t, in, "no memory at " + std::to_string(address));
  }
  return where->bytes.data() + at;
}

void Machine::access(int t, const Instruction& in) {
  Word* r = threads[t].registers.data();
  Word value = 0;
  if (in.space == Space::PARAM) {
    if (in.offset + in.width > (std::int64_t)now->parameters.size()) fault(LAUNCH_FAILED, t, in, "no such parameter");
    std::memcpy(&value, now->parameters.data() + in.offset, in.width);
    r[in.to] = value;
    return;
  }
  // The order of such an access and those of other blocks is nothing that a kernel should rely on.
  if (threads[t].arrived) fault(LAUNCH_FAILED, t, in, "access between arrival and wait");
  Block* where = nullptr;
  std::size_t at = 0;
  int rank = t / (int)now->block;
  Who who{Who::number(rank, t % (int)now->block), since[rank]};
  unsigned char* p = place(t, in, where, at);
  const char* wrong = nullptr;
  if (in.kind == Kind::LOAD) {
    wrong = where->read(at, in.width, who, clock);
    std::memcpy(&value, p, in.width);
    int shift = 64 - 8 * in.width;
    r[in.to] = in.extends ? (Word)((std::int64_t)(value << shift) >> shift) : value;
  } else if (in.kind == Kind::STORE) {
    wrong = where->write(at, in.width, who, clock, false);
    std::memcpy(p, &r[in.b], in.width);
  } else {
    wrong = where->write(at, in.width, who, clock, true);
    std::memcpy(&value, p, in.width);
    Word sum = in.pure(value, r[in.b], 0);
    std::memcpy(p, &sum, in.width);
    if (in.to >= 0) r[in.to] = value;
  }
  if (wrong != nullptr) fault(LAUNCH_FAILED, t, in, std::string("race: ") + wrong);
}

void Machine::fault(int code, int t, const Instruction& in, const std::string& what) {
  throw Fault(code, "kernel " + now->kernel->name + ", block " + std::to_string(first + t / now->block) + ", thread " +
                        std::to_string(t % now->block) + ", line " + std::to_string(in.line) + ": " + what);
}
