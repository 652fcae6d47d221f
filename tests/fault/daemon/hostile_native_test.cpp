// SPDX-License-Identifier: GPL-3.0-or-later
// Twenty members talk, ten messages a second, and one more sends every kind of packet and
// command as fast as another core can. The others receive each other's messages as without it.
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/native_attacker.hpp"
#include "tests/support/processes.hpp"
#include "tests/support/recoveries.hpp"
#include "tests/support/sample.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/support/talking_crowd.hpp"

namespace chatd::test::hostile_native {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMembers = 20;
constexpr milliseconds kBetweenMessages{100};
// A delay below this is not noticed in a conversation.
constexpr Micros kUnnoticed = milliseconds{50};
// Time of the gateway for one hostile datagram, built without optimization. A list of members for
// each command of a packet took eleven milliseconds with it.
constexpr Micros kCpuForOne{150};

// For a measurement, as tests/README.md has some: the machine has no other work, and times are
// meaningful.
const char* measured_seconds() { return std::getenv("CHATD_FLOOD_SECONDS"); }
seconds attack_time() {
  return seconds{measured_seconds() != nullptr ? std::atoi(measured_seconds()) : 1};
}

class Attack {
 public:
  Attack(const Endpoint& server, const std::string& name, const NativeAttacker::Kind& kind) {
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    try {
      NativeAttacker attacker{server, name};
      for (;;) attacker.send(kind);
    } catch (const std::exception& failed) {
      std::cerr << failed.what() << '\n';
    }
    ::_exit(1);
  }
  Attack(const Attack&) = delete;
  Attack& operator=(const Attack&) = delete;
  ~Attack() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

 private:
  pid_t pid_{-1};
};

class HostileNative : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crowd_.enter());
    quiet_ = crowd_.talk(std::max(attack_time(), seconds{2}), kBetweenMessages);
    std::cout << "[          ] p99 " << quiet_.count() << " us when it is quiet\n";
  }
  [[nodiscard]] bool is_in(const std::string& name) const {
    return std::ranges::binary_search(daemon_.names(), name);
  }
  [[nodiscard]] Micros gateway_cpu() const {
    return process_info(pid_of(daemon_, "gateway")).value().cpu;
  }
  void expect_unharmed_by(const NativeAttacker::Kind& kind) {
    SCOPED_TRACE(kind.name);
    const std::string name = "eve" + std::to_string(++attacks_);
    const Attack attack{daemon_.endpoint(), name, kind};
    ASSERT_TRUE(eventually([&] { return is_in(name) && is_in(name + "t"); }));
    const Micros cpu = gateway_cpu();
    const std::uint64_t received = daemon_.counter("datagrams_received");
    const Micros p99 = crowd_.talk(attack_time(), kBetweenMessages);
    const std::uint64_t taken = daemon_.counter("datagrams_received") - received;
    const Micros cpu_for_one = (gateway_cpu() - cpu) / std::max<std::uint64_t>(taken, 1);
    std::cout << "[          ] p99 " << p99.count() << " us, " << taken << " datagrams, "
              << cpu_for_one.count() << " us of the gateway for each: " << kind.name << '\n';
    EXPECT_GT(taken, 100U) << "the attack went past the daemon";
    if (are_programs_sanitized()) return;
    EXPECT_LE(cpu_for_one, kCpuForOne);
    if (measured_seconds() != nullptr) {
      EXPECT_LE(p99, std::max(3 * quiet_, kUnnoticed));
    }
  }

  DaemonUnderTest daemon_;
  TalkingCrowd crowd_{daemon_.endpoint(), kMembers};
  Micros quiet_{};
  int attacks_{0};
};

TEST_F(HostileNative, AHostileMemberDoesNotAffectTheOthers) {
  const std::vector<NativeAttacker::Kind> all{NativeAttacker::kinds().begin(),
                                              NativeAttacker::kinds().end()};
  for (const auto& kind : sample_of(all, 5, "HostileNative")) expect_unharmed_by(kind);
  EXPECT_EQ(daemon_.processes("gateway").at(0).at("restarts"), 0);
  for (const auto& worker : daemon_.processes("worker")) EXPECT_EQ(worker.at("restarts"), 0);
  if (is_whole_run()) {
    EXPECT_GT(daemon_.counter("messages_refused_rate"), 1000U);
  }
}

}  // namespace
}  // namespace chatd::test::hostile_native
