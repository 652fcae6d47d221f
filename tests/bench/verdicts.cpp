// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/verdicts.hpp"

#include <array>
#include <initializer_list>

#include "tests/bench/plan.hpp"

namespace chatd::bench {

namespace {

const std::string kNative{kChatdNative};
const std::string kText{"chatd text"};

class Judge {
 public:
  explicit Judge(const Results& results) : results_{results} {}

  using Of = Results::Of;
  [[nodiscard]] std::optional<double> median(const Of& of) const {
    return results_.median(of.workload, of.server, of.field);
  }
  // The TCP server with the smallest figure.
  [[nodiscard]] Of best_peer(const std::string& workload, Field field) const {
    Of best{.workload = workload, .server = {}, .field = field};
    for (const ServerKind& kind : server_kinds()) {
      if (kind.dialect == Dialect::text || kind.dialect == Dialect::native) continue;
      const Of peer{.workload = workload, .server = std::string{kind.name}, .field = field};
      const auto value = median(peer);
      const auto least = median(best);
      if (value && (!least || *value < *least)) best = peer;
    }
    return best;
  }
  struct Line {
    double bar;
    double reach;
  };
  void ratio(std::string about, const Of& of, const Of& to, const Line& line) {
    put(std::move(about), results_.median_ratio(of, to), line, {});
  }
  void absolute(std::string about, const Of& of, const Line& line, std::string unit,
                double scale = 1) {
    const auto value = median(of);
    put(std::move(about), value ? std::optional{*value * scale} : value, line, std::move(unit));
  }
  [[nodiscard]] std::vector<Verdict> take() { return std::move(verdicts_); }

 private:
  void put(std::string about, std::optional<double> value, const Line& line, std::string unit) {
    if (!value) return;
    verdicts_.push_back({.about = std::move(about),
                         .value = *value,
                         .bar = line.bar,
                         .reach = line.reach,
                         .unit = std::move(unit)});
  }

  const Results& results_;
  std::vector<Verdict> verdicts_;
};

void judge_paced(Judge& judge) {
  const std::string at{"paced-1000"};
  const auto peer = judge.best_peer(at, &Figures::cpu_us);
  const Judge::Of text{at, kText, &Figures::cpu_us};
  judge.ratio("text, paced: CPU to the best TCP peer's", text, peer, {0.70, 0.70});
  judge.ratio("text, paced: CPU to a bare sendmmsg loop's", text,
              {at, std::string{kBare}, &Figures::cpu_us}, {1.15, 1.05});
  judge.ratio("native, paced: CPU to the best peer's", {at, kNative, &Figures::cpu_us}, peer,
              {0.85, 0.75});
  judge.ratio("native, paced: p50 to the best peer's", {at, kNative, &Figures::p50_ms},
              judge.best_peer(at, &Figures::p50_ms), {0.6, 0.4});
  judge.ratio("native, paced: p99 to the best peer's", {at, kNative, &Figures::p99_ms},
              judge.best_peer(at, &Figures::p99_ms), {0.6, 0.4});
}

// The archive is a process of its own, which nobody waits for; it has the same core.
void judge_archive(Judge& judge) {
  for (const std::string& at : {std::string{"paced-100"}, std::string{"paced-1000"}}) {
    judge.ratio("native, " + at + ": p99 with stored messages to that without",
                {at, kNative, &Figures::p99_ms},
                {at, std::string{kChatdNoHistory}, &Figures::p99_ms}, {1.5, 1.1});
  }
}

void judge_saturated(Judge& judge) {
  const std::string at{"saturated-1000"};
  judge.ratio("native, saturated: CPU to the best peer's", {at, kNative, &Figures::cpu_us},
              judge.best_peer(at, &Figures::cpu_us), {0.60, 0.35});
  judge.ratio("text, saturated: CPU to ngircd's", {at, kText, &Figures::cpu_us},
              {at, "ngircd", &Figures::cpu_us}, {1.0, 0.5});
  judge.absolute("text, saturated: lost", {at, kText, &Figures::lost_share}, {0, 0}, "%", 100);
}

// Compares the cost of a delivery to N members with that to 1,000.
void judge_growth(Judge& judge) {
  for (const std::string& server : {kText, kNative}) {
    for (const std::string_view members : {"10", "100", "5000"}) {
      const auto at = [&](std::string_view n) {
        return Judge::Of{"paced-" + std::string{n}, server, &Figures::cpu_us};
      };
      judge.ratio(server + ": CPU at N = " + std::string{members} + " to N = 1000", at(members),
                  at("1000"), {1.2, 1.0});
    }
  }
}

// Compares the processor time of a delivery in a further room of ten, on a server with 10,000
// members, with that on a server without other members. Both rooms have as many messages a second.
void judge_rooms(Judge& judge) {
  const auto at = [](const std::string& workload) {
    return Judge::Of{workload, kNative, &Figures::cpu_us};
  };
  judge.ratio("native: CPU in a room of 10, 9,990 others to none", at("room-10-of-10000"),
              at("room-10"), {1.2, 1.0});
  judge.ratio("native: CPU in 1,000 rooms of 10 to one room of 10", at("rooms-1000x10"),
              at("room-10-at-2"), {1.2, 1.0});
}

}  // namespace

std::vector<Verdict> verdicts(const Results& results) {
  Judge judge{results};
  judge_paced(judge);
  judge_archive(judge);
  judge_saturated(judge);
  judge.ratio("native, 5 % loss: p99 to the best TCP peer's", {"loss-5", kNative, &Figures::p99_ms},
              judge.best_peer("loss-5", &Figures::p99_ms), {0.2, 0.1});
  const Judge::Of memory{"memory-1000", kNative, &Figures::bytes_each};
  judge.absolute("memory of an idle native member", memory, {2048, 1024}, "bytes");
  judge.ratio("memory of a native member to the best peer's", memory,
              judge.best_peer("memory-1000", &Figures::bytes_each), {1, 1});
  judge.absolute("CPU of a native join", {"joins-1000", kNative, &Figures::cpu_us}, {500, 250},
                 "us");
  judge.absolute("10,000 idle members, of a core", {"idle-10000", kNative, &Figures::server_share},
                 {1, 0.3}, "%", 100);
  judge_growth(judge);
  judge_rooms(judge);
  return judge.take();
}

}  // namespace chatd::bench
