// Machine code for GPUs, as far as a driver looks at it before it runs: an ELF file with a section per kernel.
#pragma once
#include <set>
#include <stdexcept>
#include <string>

namespace cubin {

bool is(const char* image);

// Names of the kernels; an image for another device than one of this capability (as in 90) is refused.
std::set<std::string> kernels(const char* image, int capability);

struct Invalid : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace cubin
