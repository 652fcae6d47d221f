// SPDX-License-Identifier: GPL-3.0-or-later
// Callers of the control socket that mean no good: each costs the daemon a line, a reply and a
// place, and the administrator is answered beside them.
#include <sys/socket.h>

#include <gtest/gtest.h>

#include "common/io/unix_socket.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/recoveries.hpp"
#include "tests/support/sanitized.hpp"

namespace chatd::test {
namespace {

class HostileCaller : public ::testing::Test {
 protected:
  UniqueFd connect() const {
    auto caller = io::connect_unix(daemon_.control(), std::chrono::seconds{10});
    return caller ? std::move(*caller) : UniqueFd{};
  }
  // How many bytes were taken until the daemon hung up, or took no more though it had the time to
  // answer others.
  static std::size_t pour(const UniqueFd& caller, std::string_view block, std::size_t most) {
    std::size_t taken = 0;
    for (int refused = 0; taken < most && refused < 20;) {
      const ssize_t sent =
          ::send(caller.get(), block.data(), block.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) {
        taken += static_cast<std::size_t>(sent);
        refused = 0;
        continue;
      }
      if (errno != EAGAIN || !is_answered()) break;
      ++refused;
    }
    return taken;
  }
  static bool is_answered() { return current_->daemon_.ctl({"ping"}).status == 0; }
  std::size_t memory() const {
    for (const auto& victim : victims(daemon_)) {
      if (victim.role == "gateway") return memory_of(victim.pid);
    }
    return 0;
  }
  void SetUp() override {
    current_ = this;
    EXPECT_TRUE(is_answered());
    before_ = memory();
  }
  void TearDown() override {
    EXPECT_TRUE(is_answered());
    // The sanitizer keeps what was freed for a while.
    EXPECT_LE(memory(), before_ + (kSanitized ? 100'000 : 1024)) << "KiB";
    EXPECT_EQ(daemon_.processes("gateway").at(0).at("restarts"), 0);
  }

  DaemonUnderTest daemon_;
  std::size_t before_{0};
  static inline HostileCaller* current_{nullptr};
};

TEST_F(HostileCaller, ThatNeverReadsIsNotAnsweredForEver) {
  const UniqueFd caller = connect();
  std::string questions;
  while (questions.size() < 60'000) questions += "{\"verb\":\"status\"}\n";
  constexpr std::size_t kMuch = 4'000'000;
  EXPECT_LT(pour(caller, questions, kMuch), kMuch) << "all was taken, and nothing read";
}

TEST_F(HostileCaller, ThatNeverEndsItsLineIsCut) {
  const UniqueFd caller = connect();
  constexpr std::size_t kGigabyte = 1'000'000'000;
  EXPECT_LT(pour(caller, std::string(60'000, 'x'), kGigabyte), 2'000'000U);
}

TEST_F(HostileCaller, ThatConnectsTenThousandTimesIsAnsweredLikeOthers) {
  for (int i = 0; i < (kSanitized ? 1'000 : 10'000); ++i) {
    const UniqueFd caller = connect();
    if (i % 3 == 0) (void)::send(caller.get(), "{", 1, MSG_NOSIGNAL);
    if (i % 3 == 1) (void)::send(caller.get(), "ping\n", 5, MSG_NOSIGNAL);
  }
}

TEST_F(HostileCaller, ThatHoldsPlacesLeavesOneForTheAdministrator) {
  std::vector<UniqueFd> held;
  for (int i = 0; i < 60; ++i) held.push_back(connect());
  EXPECT_TRUE(is_answered());
}

}  // namespace
}  // namespace chatd::test
