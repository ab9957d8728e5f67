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
  std::vector<unsigned> order(launch.grid);
  std::iota(order.begin(), order.end(), 0u);
  std::shuffle(order.begin(), order.end(), random);
  for (unsigned b : order) {
    block = b;
    clock.block = ++clock.now;
    begin();
    work();
  }
}

// Every thread at its first instruction, with registers and shared memory that hold no sense.
void Machine::begin() {
  const Kernel& k = *now->kernel;
  shared = std::make_unique<Block>(k.sharedBytes + now->sharedBytes);
  threads.resize(now->block);
  for (unsigned t = 0; t < now->block; t++) {
    Thread& thread = threads[t];
    thread.at = 0;
    thread.state = State::RUNS;
    auto& r = thread.registers;
    r.assign(k.registers, 0xA5A5A5A5A5A5A5A5);
    r[TID] = t;
    r[NTID] = now->block;
    r[CTAID] = block;
    r[NCTAID] = now->grid;
    r[LANE] = t % WARP_SIZE;
    r[ZERO] = 0;
    r.insert(r.end(), k.constants.begin(), k.constants.end());
  }
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
    std::size_t done = 0, waiting = 0;
    for (auto& t : threads) {
      done += t.state == State::DONE;
      waiting += t.state == State::BARRIER;
    }
    if (done == threads.size()) return;
    if (waiting != threads.size()) {
      auto stuck = std::find_if(threads.begin(), threads.end(), [](auto& t) { return t.state != State::DONE; });
      int t = (int)(stuck - threads.begin());
      fault(LAUNCH_FAILED, t, now->kernel->code[stuck->at], "waits for threads that never come");
    }
    clock.now++;
    std::shuffle(order.begin(), order.end(), random);
    for (auto& t : threads) {
      t.state = State::RUNS;
      t.at++;
    }
  }
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
    if (address + in.width > shared->size)
      fault(ILLEGAL_ADDRESS, t, in, "shared memory ends at " + std::to_string(shared->size) + ", not " + std::to_string(address));
    where = shared.get();
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
  Block* where = nullptr;
  std::size_t at = 0;
  unsigned char* p = place(t, in, where, at);
  const char* wrong = nullptr;
  if (in.kind == Kind::LOAD) {
    wrong = where->read(at, in.width, t, clock);
    std::memcpy(&value, p, in.width);
    int shift = 64 - 8 * in.width;
    r[in.to] = in.extends ? (Word)((std::int64_t)(value << shift) >> shift) : value;
  } else if (in.kind == Kind::STORE) {
    wrong = where->write(at, in.width, t, clock, false);
    std::memcpy(p, &r[in.b], in.width);
  } else {
    wrong = where->write(at, in.width, t, clock, true);
    std::memcpy(&value, p, in.width);
    Word sum = in.pure(value, r[in.b], 0);
    std::memcpy(p, &sum, in.width);
    if (in.to >= 0) r[in.to] = value;
  }
  if (wrong != nullptr) fault(LAUNCH_FAILED, t, in, std::string("race: ") + wrong);
}

void Machine::fault(int code, int t, const Instruction& in, const std::string& what) {
  throw Fault(code, "kernel " + now->kernel->name + ", block " + std::to_string(block) + ", thread " +
                        std::to_string(t) + ", line " + std::to_string(in.line) + ": " + what);
}
