#include "cubin.h"

#include <elf.h>

#include <cstring>

namespace {
constexpr unsigned CUDA_MACHINE = 190;
const std::string CODE = ".text.";
}  // namespace

bool cubin::is(const char* image) { return std::memcmp(image, ELFMAG, SELFMAG) == 0; }

std::set<std::string> cubin::kernels(const char* image, int capability) {
  auto* head = (const Elf64_Ehdr*)image;
  if (head->e_machine != CUDA_MACHINE) throw Invalid("machine code of no GPU");
  int target = (int)(head->e_flags & 0xff);
  // Within a major version older code runs on younger devices.
  if (target / 10 != capability / 10 || target > capability)
    throw Invalid("machine code for sm_" + std::to_string(target) + ", the device is sm_" + std::to_string(capability));
  auto* sections = (const Elf64_Shdr*)(image + head->e_shoff);
  const char* names = image + sections[head->e_shstrndx].sh_offset;
  std::set<std::string> found;
  for (int k = 0; k < head->e_shnum; k++) {
    std::string name = names + sections[k].sh_name;
    if (name.rfind(CODE, 0) == 0) found.insert(name.substr(CODE.size()));
  }
  return found;
}
