// COBA-HH as a fused C++ loop that gcc vectorises with libmvec: the measure of long generated bodies.
//
//   coba_hh NETWORK [--duration MS] [--repeat N]
//
// NETWORK is a file of `spindle bench coba-hh --dump`: graph, weights, initial v and conductances are
// used. Cells, rates and time constants are those of Brette et al. 2007, appendix 1. Exponential Euler with gates and conductances fixed over a step; a spike is a
// crossing of -20 mV from below. Built with -ffast-math, so that its float32 results are not exact.

#include <chrono>
#include <cmath>

#include "network_file.hpp"

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kBlock = 256;
constexpr float kDt = 0.1f, kC = 200, kLeak = 10, kSodium = 20000, kPotassium = 6000;
constexpr float kELeak = -60, kENa = 50, kEK = -90, kVT = -63, kEE = 0, kEI = -80, kThreshold = -20;
const float kDecayE = std::exp(-0.1f / 5), kDecayI = std::exp(-0.1f / 10);

struct State {
  std::vector<float> v, m, h, n, ge, gi, in_e, in_i;
  std::vector<int32_t> spiked;

  explicit State(const File& f) {
    size_t padded = (f.v.size() + kBlock - 1) / kBlock * kBlock;
    for (auto* array : {&m, &h, &n, &ge, &gi, &in_e, &in_i}) array->assign(padded, 0);
    v.assign(padded, -65);
    spiked.assign(padded, 0);
    std::copy(f.v.begin(), f.v.end(), v.begin());
    std::copy(f.g_exc.begin(), f.g_exc.end(), ge.begin());
    std::copy(f.g_inh.begin(), f.g_inh.end(), gi.begin());
  }
};

// rate x / (exp(x / width) - 1), which is rate width where x is 0: in float32 a potential comes to lie there now and then.
inline float linear(float rate, float x, float width) {
  float z = x / width, t = std::exp(z) - 1;
  return rate * width * (t == 0 ? 1 : z / t);
}

inline float gate(float x, float alpha, float beta) {
  float sum = alpha + beta, steady = alpha / sum;
  return steady + (x - steady) * std::exp(-kDt * sum);
}

__attribute__((noinline)) bool update(float* __restrict vs, float* __restrict ms, float* __restrict hs,
                                      float* __restrict ns, float* __restrict ges, float* __restrict gis,
                                      float* __restrict in_e, float* __restrict in_i, int32_t* __restrict spiked) {
  int32_t any = 0;
  for (int i = 0; i < kBlock; i++) {
    float v = vs[i], m = ms[i], h = hs[i], n = ns[i];
    float ge = ges[i] * kDecayE + in_e[i], gi = gis[i] * kDecayI + in_i[i];
    in_e[i] = 0;
    in_i[i] = 0;
    float na = kSodium * (m * m * m * h), k = kPotassium * ((n * n) * (n * n));
    float g = kLeak + na + k + ge + gi;
    float steady = (kLeak * kELeak + na * kENa + k * kEK + ge * kEE + gi * kEI) / g;
    float next = steady + (v - steady) * std::exp(-kDt / kC * g);
    float u = v - kVT;
    ms[i] = gate(m, linear(0.32f, 13 - u, 4), linear(0.28f, u - 40, 5));
    hs[i] = gate(h, 0.128f * std::exp((17 - u) / 18), 4 / (1 + std::exp((40 - u) / 5)));
    ns[i] = gate(n, linear(0.032f, 15 - u, 5), 0.5f * std::exp((10 - u) / 40));
    int32_t spike = (next >= kThreshold) & (v < kThreshold);
    vs[i] = next;
    ges[i] = ge;
    gis[i] = gi;
    spiked[i] = spike;
    any |= spike;
  }
  return any != 0;
}

template <class Column>
int64_t deliver(const File& f, const Column* columns, int32_t neuron, float* target, float weight) {
  int32_t from = f.indptr[neuron], to = f.indptr[neuron + 1];
  for (int32_t k = from; k < to; k++) target[columns[k]] += weight;
  return to - from;
}

struct Totals {
  int64_t spikes = 0, events = 0;
  bool finite = true;
};

template <class Column>
Totals simulate(const File& f, const Column* columns, int steps) {
  State s(f);
  Totals t;
  int neurons = static_cast<int>(f.v.size()), n_exc = static_cast<int>(f.at("n_exc"));
  float w_e = static_cast<float>(f.at("w_e")), w_i = static_cast<float>(f.at("w_i"));
  std::vector<int32_t> list;
  for (int step = 0; step < steps; step++) {
    list.clear();
    for (int b = 0; b < neurons; b += kBlock) {
      if (!update(&s.v[b], &s.m[b], &s.h[b], &s.n[b], &s.ge[b], &s.gi[b], &s.in_e[b], &s.in_i[b], &s.spiked[b]))
        continue;
      for (int i = b; i < std::min(b + kBlock, neurons); i++)
        if (s.spiked[i] != 0) list.push_back(i);
    }
    for (int32_t i : list)
      t.events += i < n_exc ? deliver(f, columns, i, s.in_e.data(), w_e) : deliver(f, columns, i, s.in_i.data(), w_i);
    t.spikes += static_cast<int64_t>(list.size());
  }
  // -ffast-math assumes that there is no NaN, so its bits are asked.
  for (int i = 0; i < neurons; i++) {
    uint32_t bits;
    std::memcpy(&bits, &s.v[i], 4);
    t.finite = t.finite && (bits & 0x7f800000u) != 0x7f800000u;
  }
  return t;
}

template <class Column>
void measure(const File& f, const Column* columns, int steps, int repeat) {
  std::vector<double> runs;
  Totals t;
  for (int r = 0; r <= repeat; r++) {
    auto start = Clock::now();
    t = simulate(f, columns, steps);
    runs.push_back(std::chrono::duration<double>(Clock::now() - start).count());
  }
  double first = runs.front(), neurons = f.at("neurons");
  std::sort(runs.begin() + 1, runs.end());
  std::printf("{\"name\": \"coba-hh\", \"system\": \"cpp\", \"backend\": \"gcc-fused\", \"device\": \"cpu\", \"threads\": 1, "
              "\"precision\": \"float32\", \"neurons\": %.0f, \"synapses\": %.0f, \"steps\": %d, \"dt_ms\": 0.1, "
              "\"spikes\": %lld, \"events\": %lld, \"rate_hz\": %.6g, \"finite\": %s, \"first_run_s\": %.6g, "
              "\"run_s\": %.6g}\n",
              neurons, f.at("synapses"), steps, static_cast<long long>(t.spikes), static_cast<long long>(t.events),
              t.spikes / neurons / (steps * 1e-4), t.finite ? "true" : "false", first, runs[1 + (runs.size() - 2) / 2]);
}

}  // namespace

int main(int argc, char** argv) {
  const char* network = nullptr;
  int repeat = 5;
  double duration = 0;
  for (int i = 1; i < argc; i++) {
    if (std::strcmp(argv[i], "--repeat") == 0 && i + 1 < argc) repeat = std::max(1, std::atoi(argv[++i]));
    else if (std::strcmp(argv[i], "--duration") == 0 && i + 1 < argc) duration = std::atof(argv[++i]);
    else if (argv[i][0] != '-' && network == nullptr) network = argv[i];
    else fail("usage: coba_hh NETWORK [--duration MS] [--repeat N]");
  }
  if (network == nullptr) fail("usage: coba_hh NETWORK [--duration MS] [--repeat N]");
  File f = load(network);
  if (f.g_exc.empty()) fail("the network is one of integrate-and-fire neurons; write one by spindle bench coba-hh --dump");
  int steps = duration > 0 ? static_cast<int>(std::lround(duration / 0.1)) : static_cast<int>(f.at("steps"));
  if (f.wide.empty()) measure(f, f.narrow.data(), steps, repeat);
  else measure(f, f.wide.data(), steps, repeat);
}
