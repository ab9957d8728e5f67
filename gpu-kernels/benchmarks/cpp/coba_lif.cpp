// COBA-LIF as a plain fused C++ loop: the measure of the CPU backend.
//
//   coba_lif NETWORK [--double] [--direct] [--branch] [--stagger] [--profile]
//                    [--repeat N] [--duration MS] [--spikes FILE]
//
// NETWORK (all little endian, no padding; network.py beside this folder reads and writes it):
//   8 bytes magic "SPINDLEN", int32 version = 1, int32 count, then count header entries of
//   24 bytes name (ASCII, zero filled) + float64 value; then int32 indptr[neurons + 1],
//   uint16 columns[synapses] (int32 where header column_bytes is 4), float32 v[neurons].
// Header names: neurons n_exc synapses steps column_bytes n_ref dt v_rest v_th v_reset drive
//   e_e e_i w_e w_i decay_e decay_i a; units and meaning stand in network.py. Others are ignored.
//
// The default integrates in float32 with no contraction and counts spikes before it multiplies by
// the weight, so the spike train is a pure function of the file: one bit pattern on any machine.
//   --double   the same in float64; the constants are then not rounded
//   --direct   adds weights straight into g, as one would write it first; g rounds differently, and
//              spikes differ where that moves a potential across the threshold (rarely: an ulp of g
//              is mostly lost when it is added to v)
//   --branch   plain ifs in place of the branch-free body; the same spikes
//   --stagger  places arrays as Spindle does, so that no load waits for a store to another array whose
//              address has the same low 12 bits; without it they lie as they come
//   --profile  one more run that times update and delivery apart
// The first run is not timed: it warms the caches, hashes the spikes and writes --spikes
// (int32 pairs step, neuron). The hash is 64-bit FNV-1a over the bytes of those pairs.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <type_traits>
#include <vector>

#include "network_file.hpp"

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kBlock = 256;
constexpr size_t kPage = 4096, kStagger = 896;
constexpr size_t kHeader = 64; // what an aligned allocation takes in front

double seconds(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

template <class Real>
struct Constants {
  Real v_rest, v_th, v_reset, drive, e_e, e_i, w_e, w_i, decay_e, decay_i, a, n_ref;

  explicit Constants(const File& f)
      : v_rest(Real(f.at("v_rest"))), v_th(Real(f.at("v_th"))), v_reset(Real(f.at("v_reset"))),
        drive(Real(f.at("drive"))), e_e(Real(f.at("e_e"))), e_i(Real(f.at("e_i"))),
        w_e(Real(f.at("w_e"))), w_i(Real(f.at("w_i"))), decay_e(Real(f.at("decay_e"))),
        decay_i(Real(f.at("decay_i"))), a(Real(f.at("a"))), n_ref(Real(f.at("n_ref"))) {}
};

// An array that starts on a cache line, so that no vector straddles two.
template <class T>
struct Aligned {
  using value_type = T;
  Aligned() = default;
  template <class U>
  Aligned(const Aligned<U>&) {}
  T* allocate(size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t(64))); }
  void deallocate(T* at, size_t) { ::operator delete(at, std::align_val_t(64)); }
  bool operator==(const Aligned&) const { return true; }
  bool operator!=(const Aligned&) const { return false; }
};
template <class T>
using Array = std::vector<T, Aligned<T>>;

// A flag as wide as Real, so that masks need no conversion between lanes.
template <class Real>
using Flag = std::conditional_t<sizeof(Real) == 4, int32_t, int64_t>;

// One array per variable, padded to whole blocks; refr counts the steps left to hold.
template <class Real>
struct State {
  Array<Real> v, refr, ge, gi, count_e, count_i;
  Array<Flag<Real>> spiked;

  State(const File& f, const Constants<Real>& c, bool stagger) {
    size_t padded = (f.v.size() + kBlock - 1) / kBlock * kBlock;
    if (stagger) padded += (2 * kPage + kStagger - kHeader - padded * sizeof(Real) % kPage) % kPage / sizeof(Real);
    for (auto* array : {&refr, &ge, &gi, &count_e, &count_i}) array->assign(padded, Real(0));
    spiked.assign(padded, 0);
    v.assign(padded, c.v_rest);
    std::copy(f.v.begin(), f.v.end(), v.begin());
    // Neurons that are only padding stay in refractoriness for ever, or the drive would fire them.
    std::fill(refr.begin() + f.v.size(), refr.end(), Real(1e9));
  }
};

// The arithmetic, in the order that defines the spikes. Edit it here and nowhere else.
// `Direct`: g already holds its weights and decays after use; otherwise counts are taken in here.
template <bool Direct, class Real>
inline Flag<Real> advance(const Constants<Real>& c, Real& v, Real& refr, Real& ge, Real& gi, Real& count_e,
                          Real& count_i) {
  if (!Direct) {
    ge = ge * c.decay_e + c.w_e * count_e;
    gi = gi * c.decay_i + c.w_i * count_i;
    count_e = Real(0);
    count_i = Real(0);
  }
  Real current = (ge * (c.e_e - v) + gi * (c.e_i - v)) + c.drive;
  Real f = (c.v_rest - v) + current;
  Real active = refr == Real(0) ? Real(1) : Real(0);
  Real next = v + active * (c.a * f);
  bool spike = next >= c.v_th;
  Real held = refr - Real(1);
  v = spike ? c.v_reset : next;
  refr = spike ? c.n_ref : (held > Real(0) ? held : Real(0));
  if (Direct) {
    ge = ge * c.decay_e;
    gi = gi * c.decay_i;
  }
  return spike ? 1 : 0;
}

// The same step with ifs, as it stands in a textbook.
template <bool Direct, class Real>
inline bool advance_branching(const Constants<Real>& c, State<Real>& s, size_t i) {
  if (!Direct) {
    s.ge[i] = s.ge[i] * c.decay_e + c.w_e * s.count_e[i];
    s.gi[i] = s.gi[i] * c.decay_i + c.w_i * s.count_i[i];
    s.count_e[i] = Real(0);
    s.count_i[i] = Real(0);
  }
  bool spike = false;
  if (s.refr[i] == Real(0)) {
    Real v = s.v[i];
    Real current = (s.ge[i] * (c.e_e - v) + s.gi[i] * (c.e_i - v)) + c.drive;
    v = v + c.a * ((c.v_rest - v) + current);
    spike = v >= c.v_th;
    s.v[i] = spike ? c.v_reset : v;
    if (spike) s.refr[i] = c.n_ref;
  } else {
    s.refr[i] = s.refr[i] - Real(1);
  }
  if (Direct) {
    s.ge[i] = s.ge[i] * c.decay_e;
    s.gi[i] = s.gi[i] * c.decay_i;
  }
  return spike;
}

// Advances one block; true if any of its neurons spiked. gcc keeps `restrict` only on parameters of a
// function that is not inlined; the loop has a constant trip count, no exit, and every value in a local.
template <bool Direct, class Real>
__attribute__((noinline)) bool update_block(const Constants<Real>& constants, Real* __restrict vs,
                                            Real* __restrict refrs, Real* __restrict ges, Real* __restrict gis,
                                            Real* __restrict counts_e, Real* __restrict counts_i,
                                            Flag<Real>* __restrict spiked) {
  const Constants<Real> c = constants;
  Flag<Real> any = 0;
  for (int i = 0; i < kBlock; i++) {
    Real v = vs[i], refr = refrs[i], ge = ges[i], gi = gis[i];
    Real count_e = Direct ? Real(0) : counts_e[i], count_i = Direct ? Real(0) : counts_i[i];
    Flag<Real> spike = advance<Direct>(c, v, refr, ge, gi, count_e, count_i);
    vs[i] = v;
    refrs[i] = refr;
    ges[i] = ge;
    gis[i] = gi;
    if (!Direct) {
      counts_e[i] = count_e;
      counts_i[i] = count_i;
    }
    spiked[i] = spike;
    any |= spike;
  }
  return any != 0;
}

struct Variant {
  bool direct, branch, stagger, profile;
};

struct Totals {
  int64_t spikes = 0, events = 0;
  double update_s = 0, deliver_s = 0;
};

// Appends the neurons that spike in this step, ascending.
template <bool Direct, bool Branch, class Real>
int update(const Constants<Real>& c, State<Real>& s, int neurons, int32_t* list) {
  int spikes = 0;
  if (Branch) {
    for (int i = 0; i < neurons; i++)
      if (advance_branching<Direct>(c, s, static_cast<size_t>(i))) list[spikes++] = i;
    return spikes;
  }
  for (int from = 0; from < neurons; from += kBlock) {
    if (!update_block<Direct>(c, &s.v[from], &s.refr[from], &s.ge[from], &s.gi[from], &s.count_e[from],
                              &s.count_i[from], &s.spiked[from]))
      continue;
    for (int i = from; i < from + kBlock; i++)
      if (s.spiked[i] != 0) list[spikes++] = i;
  }
  return spikes;
}

template <class Real, class Column>
int64_t deliver(const int32_t* indptr, const Column* columns, const int32_t* list, int from, int to, Real* target,
                Real amount) {
  int64_t events = 0;
  for (int s = from; s < to; s++) {
    int32_t end = indptr[list[s] + 1];
    events += end - indptr[list[s]];
    for (int32_t k = indptr[list[s]]; k < end; k++) target[columns[k]] += amount;
  }
  return events;
}

// One run of `steps` steps from the file's state. `Seen` takes (step, list, spikes) of each step.
template <bool Direct, bool Branch, class Real, class Column, class Seen>
Totals simulate(const File& f, const Column* columns, int steps, const Variant& variant, Seen seen) {
  const Constants<Real> c(f);
  State<Real> s(f, c, variant.stagger);
  bool profile = variant.profile;
  int neurons = static_cast<int>(f.v.size());
  int n_exc = static_cast<int>(f.at("n_exc"));
  std::vector<int32_t> list(s.v.size());
  Totals totals;
  Clock::time_point start, middle;
  for (int step = 0; step < steps; step++) {
    if (profile) start = Clock::now();
    int spikes = update<Direct, Branch>(c, s, neurons, list.data());
    if (profile) middle = Clock::now();
    int exc = static_cast<int>(std::lower_bound(list.begin(), list.begin() + spikes, n_exc) - list.begin());
    totals.events += deliver(f.indptr.data(), columns, list.data(), 0, exc, (Direct ? s.ge : s.count_e).data(),
                             Direct ? c.w_e : Real(1));
    totals.events += deliver(f.indptr.data(), columns, list.data(), exc, spikes, (Direct ? s.gi : s.count_i).data(),
                             Direct ? c.w_i : Real(1));
    totals.spikes += spikes;
    seen(step, list.data(), spikes);
    if (profile) {
      totals.update_s += seconds(start, middle);
      totals.deliver_s += seconds(middle, Clock::now());
    }
  }
  return totals;
}

struct Options {
  const char* network = nullptr;
  const char* spikes = nullptr;
  Variant variant{false, false, false, false};
  bool wide = false;
  int repeat = 5;
  double duration = 0;
};

struct Hash {
  uint64_t value = 14695981039346656037ULL;
  void take(int32_t word) {
    for (int shift = 0; shift < 32; shift += 8)
      value = (value ^ ((static_cast<uint32_t>(word) >> shift) & 0xff)) * 1099511628211ULL;
  }
};

void print(const Options& o, const File& f, int steps, const Totals& t, const Totals& apart, uint64_t hash,
           double first, std::vector<double> runs) {
  double neurons = f.at("neurons"), dt = f.at("dt");
  const char* slash = std::strrchr(o.network, '/');
  const char* base = slash == nullptr ? o.network : slash + 1;
  std::string all;
  for (double run : runs) {
    char text[32];
    std::snprintf(text, sizeof text, "%s%.6g", all.empty() ? "" : ", ", run);
    all += text;
  }
  std::sort(runs.begin(), runs.end());
  double median = (runs[(runs.size() - 1) / 2] + runs[runs.size() / 2]) / 2;
  std::printf("{\"name\": \"coba-lif\", \"system\": \"cpp\", \"backend\": \"gcc-%s%s%s\", \"device\": \"cpu\", "
              "\"threads\": 1, \"form\": \"file\", \"network\": \"%s\", \"precision\": \"%s\", \"neurons\": %.0f, "
              "\"synapses\": %.0f, \"steps\": %d, \"dt_ms\": %g, \"spikes\": %lld, \"events\": %lld, "
              "\"rate_hz\": %.6g, \"spike_hash\": \"%016llx\", \"first_run_s\": %.6g, \"run_s\": %.6g, "
              "\"best_s\": %.6g, \"runs_s\": [%s]",
              o.variant.branch ? "branch" : "fused", o.variant.direct ? "-direct" : "",
              o.variant.stagger ? "-staggered" : "", base,
              o.wide ? "float64" : "float32", neurons, f.at("synapses"), steps, dt, static_cast<long long>(t.spikes),
              static_cast<long long>(t.events), t.spikes / neurons / (steps * dt / 1000),
              static_cast<unsigned long long>(hash), first, median, runs.front(), all.c_str());
  if (o.variant.profile)
    std::printf(", \"update_s\": %.6g, \"deliver_s\": %.6g, \"ns_per_neuron_step\": %.4g, \"ns_per_event\": %.4g",
                apart.update_s, apart.deliver_s, apart.update_s * 1e9 / neurons / steps,
                apart.deliver_s * 1e9 / std::max<int64_t>(apart.events, 1));
  std::printf("}\n");
}

template <bool Direct, bool Branch, class Real, class Column>
void measure(const Options& o, const File& f, const Column* columns) {
  int steps = o.duration > 0 ? static_cast<int>(std::lround(o.duration / f.at("dt"))) : static_cast<int>(f.at("steps"));
  std::FILE* out = o.spikes != nullptr ? std::fopen(o.spikes, "wb") : nullptr;
  if (o.spikes != nullptr && out == nullptr) fail(std::string("cannot write ") + o.spikes);
  Hash hash;
  Variant plain = o.variant;
  plain.profile = false;
  auto start = Clock::now();
  Totals expected = simulate<Direct, Branch, Real>(f, columns, steps, plain, [&](int step, const int32_t* list, int n) {
    for (int s = 0; s < n; s++) {
      int32_t pair[2] = {step, list[s]};
      hash.take(pair[0]);
      hash.take(pair[1]);
      if (out != nullptr) std::fwrite(pair, sizeof pair, 1, out);
    }
  });
  double first = seconds(start, Clock::now());
  if (out != nullptr) std::fclose(out);
  auto unseen = [](int, const int32_t*, int) {};
  std::vector<double> runs;
  for (int r = 0; r < o.repeat; r++) {
    start = Clock::now();
    Totals again = simulate<Direct, Branch, Real>(f, columns, steps, plain, unseen);
    runs.push_back(seconds(start, Clock::now()));
    if (again.spikes != expected.spikes || again.events != expected.events) fail("two runs differ");
  }
  Totals apart = o.variant.profile ? simulate<Direct, Branch, Real>(f, columns, steps, o.variant, unseen) : Totals{};
  print(o, f, steps, expected, apart, hash.value, first, runs);
}

template <class Real, class Column>
void choose(const Options& o, const File& f, const Column* columns) {
  if (o.variant.direct && o.variant.branch) measure<true, true, Real>(o, f, columns);
  else if (o.variant.direct) measure<true, false, Real>(o, f, columns);
  else if (o.variant.branch) measure<false, true, Real>(o, f, columns);
  else measure<false, false, Real>(o, f, columns);
}

template <class Real>
void choose(const Options& o, const File& f) {
  if (f.wide.empty()) choose<Real>(o, f, f.narrow.data());
  else choose<Real>(o, f, f.wide.data());
}

Options parse(int count, char** words) {
  Options o;
  for (int w = 1; w < count; w++) {
    std::string word = words[w];
    auto value = [&]() -> const char* {
      if (w + 1 == count) fail(word + " needs a value");
      return words[++w];
    };
    if (word == "--double") o.wide = true;
    else if (word == "--direct") o.variant.direct = true;
    else if (word == "--branch") o.variant.branch = true;
    else if (word == "--stagger") o.variant.stagger = true;
    else if (word == "--profile") o.variant.profile = true;
    else if (word == "--repeat") o.repeat = std::max(1, std::atoi(value()));
    else if (word == "--duration") o.duration = std::atof(value());
    else if (word == "--spikes") o.spikes = value();
    else if (word[0] == '-') fail("unknown option " + word);
    else o.network = words[w];
  }
  if (o.network == nullptr) fail("which network? usage: coba_lif NETWORK [--double] [--direct] [--branch] "
                                 "[--stagger] [--profile] [--repeat N] [--duration MS] [--spikes FILE]");
  return o;
}

}  // namespace

int main(int count, char** words) {
  Options o = parse(count, words);
  File file = load(o.network);
  if (o.wide) choose<double>(o, file);
  else choose<float>(o, file);
}
