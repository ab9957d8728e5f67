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

// Numbers barriers and beginnings in the order in which they happen. What begins together are the
// blocks of a cluster, or one block.
struct Clock {
  std::uint32_t now = 1;
  std::uint32_t launch = 1, cluster = 1;  // when these began
  std::uint32_t common = 1;               // the last barrier of the whole cluster
};

// Who accesses memory: a thread, numbered with its block in the cluster, and the last barrier of the
// block.
struct Who {
  std::int32_t id;
  std::uint32_t since;
  static std::int32_t number(int block, int thread) { return block << 16 | thread; }
  static int block(std::int32_t id) { return id >> 16; }
};

// Last accesses of two bytes: by whom, and since which barrier.
struct Shadow {
  std::uint32_t writeEpoch = 0, readEpoch = 0;
  std::int32_t writer = -1, reader = -1;
  bool atomic = false;
};

class Block {
 public:
  explicit Block(std::size_t size) : bytes(size + GUARD, 0xA5), shadow(size / 2 + 1) { this->size = size; }
  static constexpr std::size_t GUARD = 64;
  std::size_t size;
  std::vector<unsigned char> bytes;
  std::vector<Shadow> shadow;

  // Notes an access and says what is wrong with it, or nothing.
  const char* read(std::size_t at, int width, Who who, const Clock& clock) {
    for (std::size_t s = at / 2; s <= (at + width - 1) / 2; s++) {
      Shadow& w = shadow[s];
      if (unordered(w.writeEpoch, w.writer, who, clock)) return "read of what another thread writes";
      // What another cluster read stays noted: nothing in this launch orders it.
      if (w.readEpoch >= clock.launch && w.readEpoch < clock.cluster) continue;
      if (w.readEpoch >= clock.common && Who::block(w.reader) != Who::block(who.id))
        w.reader = BLOCKS;
      else if (w.readEpoch == who.since && w.reader != who.id)
        w.reader = Who::number(Who::block(who.id), MANY);
      else
        w.reader = who.id;
      w.readEpoch = who.since;
    }
    return nullptr;
  }

  const char* write(std::size_t at, int width, Who who, const Clock& clock, bool atomic) {
    for (std::size_t s = at / 2; s <= (at + width - 1) / 2; s++) {
      Shadow& w = shadow[s];
      bool open = unordered(w.writeEpoch, w.writer, who, clock);
      if (open && !(atomic && w.atomic)) return "write of what another thread writes";
      if (unordered(w.readEpoch, w.reader, who, clock)) return "write of what another thread reads";
      w.writer = open && Who::block(w.writer) != Who::block(who.id) ? BLOCKS : who.id;
      w.writeEpoch = who.since;
      w.atomic = atomic;
    }
    return nullptr;
  }

 private:
  static constexpr int MANY = 0xffff;  // threads of one block
  static constexpr int BLOCKS = -1;    // threads of several blocks

  // Whether nothing orders an earlier access and one of now: a barrier of the block or of the cluster
  // does, or a launch.
  static bool unordered(std::uint32_t epoch, std::int32_t by, Who who, const Clock& clock) {
    if (epoch < clock.launch) return false;
    if (epoch < clock.cluster) return true;
    if (epoch < clock.common) return false;
    if (Who::block(by) != Who::block(who.id)) return true;
    return epoch == who.since && by != who.id;
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
