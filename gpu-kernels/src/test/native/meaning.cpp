// What each instruction yields, one line per mnemonic.
#include <cmath>
#include <cstring>
#include <limits>
#include <unordered_map>

#include "ptx.h"

namespace ptx {
namespace {

template <class T>
T as(Word w) {
  T t;
  std::memcpy(&t, &w, sizeof t);
  return t;
}

template <class T>
Word word(T t) {
  // A NaN that was computed has the one pattern that NVIDIA's units give it.
  if constexpr (std::is_same_v<T, float>) {
    if (std::isnan(t)) return 0x7fffffff;
  } else if constexpr (std::is_same_v<T, double>) {
    if (std::isnan(t)) return 0x7ff8000000000000;
  }
  Word w = 0;
  std::memcpy(&w, &t, sizeof t);
  return w;
}

using f32 = float;
using f64 = double;
using s32 = std::int32_t;
using u32 = std::uint32_t;
using s64 = std::int64_t;
using u64 = std::uint64_t;

template <class T>
T least(T x, T y) {
  if (std::isnan(x)) return y;
  if (std::isnan(y)) return x;
  return x < y || (x == y && std::signbit(x)) ? x : y;
}

template <class T>
T most(T x, T y) {
  if (std::isnan(x)) return y;
  if (std::isnan(y)) return x;
  return x > y || (x == y && std::signbit(y)) ? x : y;
}

// To an integer, in bounds; NaN is 0 from f32 and the lowest number from f64.
template <class T>
s32 integer(T x) {
  if (std::isnan(x)) return sizeof x == 8 ? std::numeric_limits<s32>::min() : 0;
  if (x >= 2147483648.0) return std::numeric_limits<s32>::max();
  return x <= -2147483648.0 ? std::numeric_limits<s32>::min() : (s32)x;
}

#define A(T) as<T>(a)
#define B(T) as<T>(b)
#define C(T) as<T>(c)
#define IS(name, type, value) \
  {name, [](Word a, Word b, Word c) -> Word { (void)a; (void)b; (void)c; return word<type>(value); }}
#define PREDICATE(name, value) IS(name, u32, (value) ? 1u : 0u)
#define FLOATING(F, R)                                                                     \
  IS("add.rn." F, R, A(R) + B(R)), IS("sub.rn." F, R, A(R) - B(R)),                       \
      IS("mul.rn." F, R, A(R) * B(R)), IS("div.rn." F, R, A(R) / B(R)),                   \
      IS("fma.rn." F, R, std::fma(A(R), B(R), C(R))), IS("sqrt.rn." F, R, std::sqrt(A(R))), \
      IS("neg." F, R, -A(R)), IS("abs." F, R, std::fabs(A(R))),                           \
      IS("min." F, R, least(A(R), B(R))), IS("max." F, R, most(A(R), B(R))),              \
      IS("cvt.rmi." F "." F, R, std::floor(A(R))), IS("cvt.rn." F ".s32", R, (R)A(s32)),  \
      IS("cvt.rzi.s32." F, s32, integer(std::trunc(A(R)))),                               \
      IS("cvt.rni.s32." F, s32, integer(std::nearbyint(A(R)))),                           \
      PREDICATE("setp.ge." F, A(R) >= B(R)), PREDICATE("setp.lt." F, A(R) < B(R)),        \
      PREDICATE("setp.eq." F, A(R) == B(R)), PREDICATE("setp.gt." F, A(R) > B(R)),        \
      PREDICATE("setp.neu." F, !(A(R) == B(R))),                                          \
      PREDICATE("setp.nan." F, std::isnan(A(R)) || std::isnan(B(R)))
#define INTEGER(F, R)                                                                    \
  PREDICATE("setp.ge." F, A(R) >= B(R)), PREDICATE("setp.lt." F, A(R) < B(R)),           \
      PREDICATE("setp.le." F, A(R) <= B(R)), PREDICATE("setp.gt." F, A(R) > B(R)),       \
      PREDICATE("setp.eq." F, A(R) == B(R)), PREDICATE("setp.ne." F, A(R) != B(R)),      \
      IS("min." F, R, A(R) < B(R) ? A(R) : B(R)), IS("max." F, R, A(R) > B(R) ? A(R) : B(R))
#define BITS(F, R)                                                                  \
  IS("mov." F, R, A(R)), IS("and." F, R, A(R) & B(R)), IS("or." F, R, A(R) | B(R)), \
      IS("xor." F, R, A(R) ^ B(R)), IS("not." F, R, ~A(R)),                         \
      IS("shl." F, R, B(u32) >= 8 * sizeof(R) ? 0 : A(R) << B(u32)),                \
      IS("selp." F, R, c & 1 ? A(R) : B(R))

const std::unordered_map<std::string, Pure> table = {
    FLOATING("f32", f32),
    FLOATING("f64", f64),
    INTEGER("s32", s32),
    INTEGER("u32", u32),
    INTEGER("s64", s64),
    INTEGER("u64", u64),
    BITS("b32", u32),
    BITS("b64", u64),
    IS("cvt.f64.f32", f64, (f64)A(f32)),
    IS("cvt.rn.f32.f64", f32, (f32)A(f64)),
    IS("cvt.rn.f32.u32", f32, (f32)A(u32)),
    IS("cvt.u64.u32", u64, (u64)A(u32)),
    IS("cvt.s64.s32", s64, (s64)A(s32)),
    IS("cvt.u32.u64", u32, (u32)A(u64)),
    IS("mov.u32", u32, A(u32)),
    IS("mov.u64", u64, A(u64)),
    IS("mov.f32", u32, A(u32)),
    IS("mov.f64", u64, A(u64)),
    IS("mov.pred", u32, A(u32)),
    IS("selp.f32", u32, c & 1 ? A(u32) : B(u32)),
    IS("selp.f64", u64, c & 1 ? A(u64) : B(u64)),
    IS("add.s32", u32, A(u32) + B(u32)),
    IS("sub.s32", u32, A(u32) - B(u32)),
    IS("mul.lo.s32", u32, A(u32) * B(u32)),
    IS("mad.lo.s32", u32, A(u32) * B(u32) + C(u32)),
    IS("neg.s32", u32, 0u - A(u32)),
    IS("div.u32", u32, B(u32) == 0 ? ~0u : A(u32) / B(u32)),
    IS("rem.u32", u32, B(u32) == 0 ? A(u32) : A(u32) % B(u32)),
    IS("shr.u32", u32, B(u32) >= 32 ? 0 : A(u32) >> B(u32)),
    IS("shr.s32", s32, A(s32) >> (B(u32) > 31 ? 31 : B(u32))),
    IS("shr.u64", u64, B(u32) >= 64 ? 0 : A(u64) >> B(u32)),
    IS("add.s64", u64, A(u64) + B(u64)),
    IS("sub.s64", u64, A(u64) - B(u64)),
    IS("mul.lo.s64", u64, A(u64) * B(u64)),
    IS("mad.lo.s64", u64, A(u64) * B(u64) + C(u64)),
    IS("mul.wide.s32", s64, (s64)A(s32) * B(s32)),
    IS("mad.wide.s32", s64, (s64)A(s32) * B(s32) + C(s64)),
    IS("mul.wide.u32", u64, (u64)A(u32) * B(u32)),
    IS("mad.wide.u32", u64, (u64)A(u32) * B(u32) + C(u64)),
    IS("popc.b32", u32, (u32)__builtin_popcount(A(u32))),
    IS("brev.b32", u32, [](u32 x) {
      u32 y = 0;
      for (int i = 0; i < 32; i++) y |= (x >> i & 1) << (31 - i);
      return y;
    }(A(u32))),
    IS("clz.b32", u32, A(u32) == 0 ? 32u : (u32)__builtin_clz(A(u32))),
    IS("and.pred", u32, A(u32) & B(u32)),
    IS("or.pred", u32, A(u32) | B(u32)),
    IS("not.pred", u32, A(u32) ^ 1u),
};

}  // namespace

Pure meaning(const std::string& mnemonic) {
  auto found = table.find(mnemonic);
  return found == table.end() ? nullptr : found->second;
}

}  // namespace ptx
