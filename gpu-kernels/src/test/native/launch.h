// Runs kernels, thread by thread, in an order that a seed shuffles.
#pragma once
#include <random>

#include "memory.h"
#include "ptx.h"

struct Launch {
  std::shared_ptr<ptx::Kernel> kernel;
  unsigned grid, block, sharedBytes;
  std::vector<unsigned char> parameters;
};

// Of what is wrong with a kernel, what the machine shall plant.
// NO_CLUSTER: barriers of a cluster hold each block alone.
enum class Planted { NOTHING, NO_BARRIER, NO_GUARD, NO_CLUSTER };

class Machine {
 public:
  explicit Machine(Memory& memory) : memory(memory) {}
  std::mt19937 random{1};
  Planted planted = Planted::NOTHING;

  // Throws Fault.
  void run(const Launch& launch);

 private:
  enum class State { RUNS, BARRIER, CLUSTER, WARP, DONE };
  struct Thread {
    std::vector<ptx::Word> registers;
    int at = 0;
    State state = State::RUNS;
    bool arrived = false;  // at the barrier of the cluster, for which it does not wait yet
  };

  Memory& memory;
  Clock clock;
  const Launch* now = nullptr;
  // The blocks that run together: their threads, shared memories and last barriers.
  std::vector<Thread> threads;
  std::vector<std::unique_ptr<Block>> shared;
  std::vector<std::uint32_t> since;
  unsigned first = 0;

  void begin();
  void begin(unsigned rank, unsigned thread);
  void work();
  void step(int thread);
  bool release();
  bool release(std::size_t from, std::size_t to, State waiting);
  [[noreturn]] void stuck();
  bool collect();
  bool together(int warp);
  void ballot(int first, const ptx::Instruction& in);
  void shuffle(int first, const ptx::Instruction& in);
  void access(int thread, const ptx::Instruction& in);
  unsigned char* place(int thread, const ptx::Instruction& in, Block*& where, std::size_t& at);
  [[noreturn]] void fault(int code, int thread, const ptx::Instruction& in, const std::string& what);
};
