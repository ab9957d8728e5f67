// Reads a network file; its layout stands at the top of coba_lif.cpp.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace {

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, what.c_str());
  std::exit(2);
}

struct File {
  std::map<std::string, double> header;
  std::vector<int32_t> indptr;
  std::vector<uint16_t> narrow;
  std::vector<int32_t> wide;
  std::vector<float> v;
  std::vector<float> g_exc, g_inh;  // empty where neurons integrate and fire

  double at(const std::string& name) const {
    auto entry = header.find(name);
    if (entry == header.end()) fail("the network's header lacks '" + name + "'");
    return entry->second;
  }
};

template <class T>
void fill(std::FILE* in, T* to, size_t count, const char* what) {
  if (std::fread(to, sizeof(T), count, in) != count) fail(std::string("the network ends inside ") + what);
}

// A column beyond the neurons would write outside the counts: refuse it here, once.
template <class Column>
void check(const File& f, const std::vector<Column>& columns) {
  if (f.indptr.front() != 0 || static_cast<size_t>(f.indptr.back()) != columns.size() ||
      !std::is_sorted(f.indptr.begin(), f.indptr.end()))
    fail("the network's indptr does not rise from 0 to its number of synapses");
  for (Column j : columns)
    if (j < 0 || static_cast<size_t>(j) >= f.v.size()) fail("the network has a target beyond its neurons");
}

File load(const char* path) {
  std::FILE* in = std::fopen(path, "rb");
  if (in == nullptr) fail(std::string("cannot open ") + path);
  char magic[8];
  int32_t head[2];
  fill(in, magic, 8, "its magic");
  fill(in, head, 2, "its version");
  if (std::memcmp(magic, "SPINDLEN", 8) != 0 || head[0] != 1)
    fail(std::string(path) + " is not a network file of version 1");
  File file;
  for (int32_t e = 0; e < head[1]; e++) {
    char name[25] = {};
    double value;
    fill(in, name, 24, "its header");
    fill(in, &value, 1, "its header");
    file.header[name] = value;
  }
  size_t neurons = static_cast<size_t>(file.at("neurons"));
  size_t synapses = static_cast<size_t>(file.at("synapses"));
  file.indptr.resize(neurons + 1);
  file.v.resize(neurons);
  fill(in, file.indptr.data(), neurons + 1, "indptr");
  if (file.at("column_bytes") == 2) {
    file.narrow.resize(synapses);
    fill(in, file.narrow.data(), synapses, "columns");
  } else {
    file.wide.resize(synapses);
    fill(in, file.wide.data(), synapses, "columns");
  }
  fill(in, file.v.data(), neurons, "v");
  if (file.header.count("a") == 0) {
    file.g_exc.resize(neurons);
    file.g_inh.resize(neurons);
    fill(in, file.g_exc.data(), neurons, "g_exc");
    fill(in, file.g_inh.data(), neurons, "g_inh");
  }
  std::fclose(in);
  if (file.wide.empty()) check(file, file.narrow);
  else check(file, file.wide);
  return file;
}

}  // namespace
