// A kernel in PTX, decoded. What is read is what the simulator writes, no more: an instruction that is
// not in the table is refused with its line.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace ptx {

using Word = std::uint64_t;
using Pure = Word (*)(Word, Word, Word);

enum class Kind { PURE, LOAD, STORE, ATOMIC, REDUCE, BRANCH, RETURN, BARRIER, ARRIVE, WAIT, BALLOT, SHUFFLE };
enum class Space { GLOBAL, SHARED, PARAM };

// The first registers of every thread; RANK is that of its block in the cluster.
enum Special { TID, NTID, CTAID, NCTAID, LANE, CLUSTER, RANK, ZERO, SPECIALS };

struct Instruction {
  Kind kind = Kind::PURE;
  Pure pure = nullptr;
  Space space = Space::GLOBAL;
  int width = 0;          // bytes of an access
  bool extends = false;   // a load that keeps the sign
  int guard = -1;         // predicate register, or -1
  bool negated = false;
  int to = -1;
  int a = ZERO, b = ZERO, c = ZERO;
  int also = -1;          // second result of a shuffle: whether its source is there
  std::int64_t offset = 0;
  int target = -1;
  int line = 0;
};

struct Kernel {
  std::string name;
  std::vector<Instruction> code;
  std::vector<Word> constants;  // stand behind the registers
  int registers = SPECIALS;
  int parameterBytes = 0;
  int sharedBytes = 0;
  unsigned cluster = 1;  // blocks that run together
};

using Module = std::map<std::string, std::shared_ptr<Kernel>>;

struct Invalid : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throws Invalid, naming the line.
Module parse(const std::string& text);

// What an instruction without memory and control does, or null.
Pure meaning(const std::string& mnemonic);

}  // namespace ptx
