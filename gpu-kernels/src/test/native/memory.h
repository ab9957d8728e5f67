// Device memory that knows its bounds and who touched what since when.
#pragma once
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

struct Fault : std::runtime_error {
  int code;  // a CUresult
  Fault(int code, const std::string& text) : std::runtime_error(text), code(code) {}
};

// Counts barriers of all blocks of all launches. An epoch is what two of them enclose.
struct Clock {
  std::uint32_t now = 1, launch = 1, block = 1;
};

// Last accesses of four bytes.
struct Shadow {
  std::uint32_t writeEpoch = 0, readEpoch = 0;
  std::int32_t writer = -1, reader = -1;  // threads; MANY readers
  bool atomic = false;
};

class Block {
 public:
  explicit Block(std::size_t size) : bytes(size + GUARD, 0xA5), shadow(size / 4 + 1) { this->size = size; }
  static constexpr std::size_t GUARD = 64;
  std::size_t size;
  std::vector<unsigned char> bytes;
  std::vector<Shadow> shadow;

  // Notes an access and says what is wrong with it, or nothing.
  const char* read(std::size_t at, int width, int thread, const Clock& clock) {
    for (std::size_t s = at / 4; s <= (at + width - 1) / 4; s++) {
      Shadow& w = shadow[s];
      if (unordered(w.writeEpoch, w.writer, thread, clock)) return "read of what another thread writes";
      // What another block read stays noted: nothing in this launch orders it.
      if (w.readEpoch >= clock.launch && w.readEpoch < clock.block) continue;
      w.reader = w.readEpoch == clock.now && w.reader != thread ? MANY : thread;
      w.readEpoch = clock.now;
    }
    return nullptr;
  }

  const char* write(std::size_t at, int width, int thread, const Clock& clock, bool atomic) {
    for (std::size_t s = at / 4; s <= (at + width - 1) / 4; s++) {
      Shadow& w = shadow[s];
      if (!(atomic && w.atomic) && unordered(w.writeEpoch, w.writer, thread, clock))
        return "write of what another thread writes";
      if (unordered(w.readEpoch, w.reader, thread, clock)) return "write of what another thread reads";
      w.writer = thread;
      w.writeEpoch = clock.now;
      w.atomic = atomic;
    }
    return nullptr;
  }

 private:
  static constexpr int MANY = -2;

  // Whether nothing orders an earlier access and one of now: a barrier of the block or a launch does.
  static bool unordered(std::uint32_t epoch, int by, int thread, const Clock& clock) {
    if (epoch < clock.launch) return false;
    return epoch < clock.block || (epoch == clock.now && by != thread);
  }
};

// What cuMemAlloc gave, by address.
class Memory {
 public:
  std::uint64_t allocate(std::size_t size) {
    auto made = std::make_unique<Block>(size);
    auto address = (std::uint64_t)made->bytes.data();
    blocks[address] = std::move(made);
    total += size;
    return address;
  }

  bool release(std::uint64_t address) {
    auto found = blocks.find(address);
    if (found == blocks.end()) return false;
    total -= found->second->size;
    blocks.erase(found);
    last = nullptr;
    return true;
  }

  // The block that holds all of an access, or null.
  Block* find(std::uint64_t address, std::size_t width, std::size_t& at) {
    if (last == nullptr || !holds(*last, address, width)) {
      auto next = blocks.upper_bound(address);
      if (next == blocks.begin()) return nullptr;
      Block* before = std::prev(next)->second.get();
      if (!holds(*before, address, width)) return nullptr;
      last = before;
    }
    at = address - (std::uint64_t)last->bytes.data();
    return last;
  }

  // Whether a number stands somewhere.
  bool contains(double number) const {
    for (auto& b : blocks) {
      for (std::size_t at = 0; at + sizeof number <= b.second->size; at += sizeof number) {
        if (std::memcmp(&b.second->bytes[at], &number, sizeof number) == 0) return true;
      }
    }
    return false;
  }

  std::size_t total = 0;

 private:
  std::map<std::uint64_t, std::unique_ptr<Block>> blocks;
  Block* last = nullptr;

  static bool holds(const Block& b, std::uint64_t address, std::size_t width) {
    auto begin = (std::uint64_t)b.bytes.data();
    return address >= begin && address + width <= begin + b.size;
  }
};
