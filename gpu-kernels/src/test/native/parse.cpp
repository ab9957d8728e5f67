// Reads PTX text into kernels.
#include <cctype>
#include <cstdlib>
#include <unordered_map>

#include "ptx.h"

namespace ptx {
namespace {

struct Statement {
  std::string text;
  int line;
};

// Cuts a text at ; { } and labels, which stay, and forgets comments.
std::vector<Statement> statements(const std::string& text) {
  std::vector<Statement> all;
  std::string now;
  int line = 1, depth = 0;
  auto end = [&](const std::string& with) {
    auto from = now.find_first_not_of(" \t\r\n");
    if (from != std::string::npos || !with.empty()) {
      std::string body = from == std::string::npos ? "" : now.substr(from);
      while (!body.empty() && std::isspace((unsigned char)body.back())) body.pop_back();
      all.push_back({body + with, line});
    }
    now.clear();
  };
  for (std::size_t i = 0; i < text.size(); i++) {
    char ch = text[i];
    if (ch == '/' && i + 1 < text.size() && text[i + 1] == '/') {
      while (i < text.size() && text[i] != '\n') i++;
      ch = '\n';
    }
    depth += ch == '(' ? 1 : ch == ')' ? -1 : 0;
    if (ch == '\n') {
      line++;
      // Directives of the module end with their line.
      if (now.compare(0, 8, ".version") == 0 || now.compare(0, 7, ".target") == 0 ||
          now.compare(0, 13, ".address_size") == 0) {
        end("");
        continue;
      }
    }
    if (depth == 0 && (ch == ';' || ch == '{' || ch == '}')) {
      end(ch == ';' ? "" : std::string(1, ch));
    } else if (depth == 0 && ch == ':') {
      end(":");
    } else if (ch != '\0' && !(now.empty() && std::isspace((unsigned char)ch))) {
      now += ch;
    }
  }
  end("");
  return all;
}

[[noreturn]] void refuse(const Statement& s, const std::string& why) {
  throw Invalid("line " + std::to_string(s.line) + ": " + why + ": " + s.text);
}

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> all;
  std::string now;
  for (char ch : text + " ") {
    if (std::isspace((unsigned char)ch) || ch == ',') {
      if (!now.empty()) all.push_back(now);
      now.clear();
    } else {
      now += ch;
    }
  }
  return all;
}

class Reader {
 public:
  Reader(Kernel& kernel, int shared, int target) : k(kernel), target(target) {
    k.sharedBytes = shared;
    for (auto& s : std::initializer_list<std::pair<const char*, int>>{
             {"%tid.x", TID}, {"%ntid.x", NTID}, {"%ctaid.x", CTAID}, {"%nctaid.x", NCTAID},
             {"%laneid", LANE}, {"%clusterid.x", CLUSTER}, {"%cluster_ctarank", RANK}, {"memory", ZERO}})
      names[s.first] = s.second;
  }

  void read(const Statement& s) {
    if (s.text.back() == ':') {
      labels[s.text.substr(0, s.text.size() - 1)] = (int)k.code.size();
    } else if (s.text.compare(0, 4, ".reg") == 0) {
      declare(s);
    } else {
      k.code.push_back(instruction(s));
    }
  }

  void finish() {
    for (auto& jump : jumps) {
      auto to = labels.find(jump.second.text);
      if (to == labels.end()) refuse(jump.second, "no such label");
      k.code[jump.first].target = to->second;
    }
    Instruction last;
    last.kind = Kind::RETURN;
    k.code.push_back(last);
    // Constants were numbered from -1 down; they stand behind the registers.
    for (auto& in : k.code)
      for (int* operand : {&in.a, &in.b, &in.c})
        if (*operand < 0) *operand = k.registers - 1 - *operand;
  }

 private:
  Kernel& k;
  int target;
  std::unordered_map<std::string, int> names;
  std::unordered_map<std::string, int> labels;
  std::unordered_map<Word, int> constants;
  std::vector<std::pair<int, Statement>> jumps;

  void declare(const Statement& s) {
    auto w = words(s.text);
    for (std::size_t i = 2; i < w.size(); i++) {
      auto open = w[i].find('<');
      if (open == std::string::npos) {
        names[w[i]] = k.registers++;
        continue;
      }
      int n = std::atoi(w[i].c_str() + open + 1);
      for (int j = 0; j < n; j++) names[w[i].substr(0, open) + std::to_string(j)] = k.registers++;
    }
  }

  int constant(Word value) {
    auto known = constants.find(value);
    if (known != constants.end()) return known->second;
    k.constants.push_back(value);
    return constants[value] = -(int)k.constants.size();
  }

  int operand(const Statement& s, const std::string& text) {
    auto known = names.find(text);
    if (known != names.end()) return known->second;
    if (text.compare(0, 2, "0f") == 0 || text.compare(0, 2, "0d") == 0)
      return constant(std::strtoull(text.c_str() + 2, nullptr, 16));
    char* end = nullptr;
    auto value = (Word)std::strtoll(text.c_str(), &end, 0);
    if (text[0] != '-' && *end == 0) value = std::strtoull(text.c_str(), &end, 0);
    if (text.empty() || *end != 0) refuse(s, "unknown operand " + text);
    return constant(value);
  }

  // [base], [base+offset] or [base-offset].
  void address(const Statement& s, const std::string& text, Instruction& in) {
    if (text.size() < 3 || text[0] != '[' || text.back() != ']') refuse(s, "no address " + text);
    std::string inner = text.substr(1, text.size() - 2);
    auto sign = inner.find_first_of("+-", 1);
    std::string base = inner.substr(0, sign);
    if (sign != std::string::npos) in.offset = std::strtoll(inner.c_str() + sign, nullptr, 0);
    bool symbol = base[0] != '%';  // the only parameter, or the start of shared memory
    in.a = symbol ? (int)ZERO : operand(s, base);
  }

  Instruction instruction(const Statement& s) {
    Instruction in;
    in.line = s.line;
    auto w = words(s.text);
    std::size_t at = 0;
    if (w[0][0] == '@') {
      in.negated = w[0][1] == '!';
      in.guard = operand(s, w[0].substr(in.negated ? 2 : 1));
      at = 1;
    }
    if (at >= w.size()) refuse(s, "no instruction");
    std::string op = w[at];
    std::vector<std::string> rest(w.begin() + at + 1, w.end());
    if (!memory(s, op, rest, in) && !control(s, op, rest, in)) pure(s, op, rest, in);
    return in;
  }

  bool memory(const Statement& s, const std::string& op, const std::vector<std::string>& w, Instruction& in) {
    std::string head = op.substr(0, op.find('.'));
    if (head != "ld" && head != "st" && head != "atom" && head != "red") return false;
    in.space = op.find(".shared") != std::string::npos  ? Space::SHARED
               : op.find(".param") != std::string::npos ? Space::PARAM
                                                        : Space::GLOBAL;
    std::string type = op.substr(op.rfind('.') + 1);
    in.width = std::atoi(type.c_str() + 1) / 8;
    in.extends = type[0] == 's';
    if (in.width == 0) refuse(s, "no type");
    if (head == "ld") {
      need(s, w, 2);
      in.kind = Kind::LOAD;
      in.to = operand(s, w[0]);
      address(s, w[1], in);
    } else if (head == "st") {
      need(s, w, 2);
      in.kind = Kind::STORE;
      address(s, w[0], in);
      in.b = operand(s, w[1]);
    } else {
      bool gives = head == "atom";
      need(s, w, gives ? 3 : 2);
      in.kind = gives ? Kind::ATOMIC : Kind::REDUCE;
      in.to = gives ? operand(s, w[0]) : -1;
      address(s, w[gives ? 1 : 0], in);
      in.b = operand(s, w[gives ? 2 : 1]);
      std::string what = op.find(".add.") != std::string::npos ? "add" : op.find(".max.") != std::string::npos ? "max" : "or";
      in.pure = type == "f32"   ? meaning("add.rn.f32")
                : type == "f64" ? meaning("add.rn.f64")
                : what == "add" ? meaning(in.width == 8 ? "add.s64" : "add.s32")
                : what == "max" ? meaning("max." + type)
                                : meaning(in.width == 8 ? "or.b64" : "or.b32");
    }
    return true;
  }

  bool control(const Statement& s, const std::string& op, const std::vector<std::string>& w, Instruction& in) {
    if (op == "bra" || op == "bra.uni") {
      need(s, w, 1);
      in.kind = Kind::BRANCH;
      jumps.push_back({(int)k.code.size(), {w[0], s.line}});
    } else if (op == "ret") {
      in.kind = Kind::RETURN;
    } else if (op == "bar.sync") {
      need(s, w, 1);
      in.kind = Kind::BARRIER;
    } else if (op == "barrier.cluster.arrive.aligned" || op == "barrier.cluster.wait.aligned") {
      need(s, w, 0);
      if (target < 90) refuse(s, "clusters need sm_90");
      in.kind = op == "barrier.cluster.wait.aligned" ? Kind::WAIT : Kind::ARRIVE;
    } else if (op == "vote.sync.ballot.b32") {
      need(s, w, 3);
      if (w[2] != "0xffffffff") refuse(s, "the whole warp must vote");
      in.kind = Kind::BALLOT;
      in.to = operand(s, w[0]);
      in.a = operand(s, w[1]);
    } else if (op == "shfl.sync.up.b32" || op == "shfl.sync.idx.b32") {
      need(s, w, 5);
      if (w[4] != "0xffffffff") refuse(s, "the whole warp must shuffle");
      in.kind = Kind::SHUFFLE;
      auto bar = w[0].find('|');
      in.to = operand(s, w[0].substr(0, bar));
      in.also = bar == std::string::npos ? -1 : operand(s, w[0].substr(bar + 1));
      in.a = operand(s, w[1]);
      in.b = operand(s, w[2]);
      in.extends = op == "shfl.sync.up.b32";
    } else {
      return false;
    }
    return true;
  }

  void pure(const Statement& s, const std::string& op, const std::vector<std::string>& w, Instruction& in) {
    in.pure = meaning(op);
    if (in.pure == nullptr) refuse(s, "unknown instruction");
    if (w.size() < 2 || w.size() > 4) refuse(s, "wrong number of operands");
    in.to = operand(s, w[0]);
    in.a = operand(s, w[1]);
    if (w.size() > 2) in.b = operand(s, w[2]);
    if (w.size() > 3) in.c = operand(s, w[3]);
  }

  static void need(const Statement& s, const std::vector<std::string>& w, std::size_t n) {
    if (w.size() != n) refuse(s, "wrong number of operands");
  }
};

std::string between(const std::string& text, const char* from, const char* to) {
  auto begin = text.find(from);
  if (begin == std::string::npos) return "";
  begin += std::string(from).size();
  return text.substr(begin, text.find(to, begin) - begin);
}

}  // namespace

Module parse(const std::string& text) {
  Module module;
  std::unique_ptr<Reader> reader;
  int shared = 0, target = 0;
  for (auto& s : statements(text)) {
    if (s.text == "}") {
      if (reader) reader->finish();
      reader.reset();
    } else if (reader) {
      reader->read(s);
    } else if (s.text.compare(0, 14, ".visible .entry") == 0 || s.text.find(".entry") != std::string::npos) {
      auto kernel = std::make_shared<Kernel>();
      auto name = words(between(s.text, ".entry", "("));
      if (name.size() != 1) refuse(s, "no name");
      kernel->name = name[0];
      kernel->parameterBytes = s.text.find(".param .u64") != std::string::npos ? 8 : 0;
      module[name[0]] = kernel;
      reader = std::make_unique<Reader>(*kernel, shared, target);
      auto cluster = words(between(s.text, ".reqnctapercluster", "{"));
      if (!cluster.empty()) {
        if (target < 90) refuse(s, "clusters need sm_90");
        kernel->cluster = std::atoi(cluster[0].c_str());
      }
    } else if (s.text.compare(0, 7, ".target") == 0) {
      target = std::atoi(between(s.text, "sm_", " ").c_str());
    } else if (s.text.find(".shared") != std::string::npos) {
      auto size = between(s.text, "[", "]");
      shared = size.empty() ? shared : std::atoi(size.c_str());
    } else if (s.text[0] != '.') {
      refuse(s, "unknown statement");
    }
  }
  if (reader) throw Invalid("a kernel has no end");
  return module;
}

}  // namespace ptx
