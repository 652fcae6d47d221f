// SPDX-License-Identifier: GPL-3.0-or-later
// hostile_caller_test.cpp — hostile callers of the control socket: each one costs the daemon at
// most a line, a reply and a connection, and the administrator gets replies meanwhile.
#include <sys/socket.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/io/unix_socket.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/recoveries.hpp"
#include "tests/support/sanitized.hpp"

namespace chatd::test {
namespace {

class HostileCaller : public ::testing::Test {
 protected:
  // A closed descriptor, and a failed test, if the connection cannot be made: what follows would
  // look as if the daemon had closed it.
  UniqueFd connect() const {
    auto caller = io::connect_unix(daemon_.control(), kGenerous);
    if (caller) return std::move(*caller);
    ADD_FAILURE() << caller.error().message();
    return {};
  }
  // Sends `block` again and again. Returns the number of bytes that were taken until the daemon
  // closed the connection, or took no more although it had the time to answer others.
  static std::size_t pour(const UniqueFd& caller, std::string_view block, std::size_t limit) {
    std::size_t taken = 0;
    for (int refused = 0; taken < limit && refused < 20;) {
      const ssize_t sent =
          ::send(caller.get(), block.data(), block.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) {
        taken += static_cast<std::size_t>(sent);
        refused = 0;
        continue;
      }
      if (errno != EAGAIN) break;
      EXPECT_TRUE(is_answered());
      ++refused;
    }
    return taken;
  }
  std::vector<UniqueFd> hold(std::size_t connections) const {
    std::vector<UniqueFd> held;
    while (held.size() < connections && !HasFailure()) held.push_back(connect());
    return held;
  }
  static bool is_answered() { return current_->daemon_.ctl({"ping"}).status == 0; }
  std::size_t memory() const {
    const pid_t gateway = pid_of(daemon_, "gateway");
    return gateway == 0 ? 0 : memory_of(gateway);
  }
  void SetUp() override {
    current_ = this;
    EXPECT_TRUE(is_answered());
    before_ = memory();
    ASSERT_GT(before_, 0U);
  }
  void TearDown() override {
    EXPECT_TRUE(is_answered());
    // The sanitizer keeps freed memory for a while.
    EXPECT_LE(memory(), before_ + (are_programs_sanitized() ? 100'000 : 1024)) << "KiB";
    EXPECT_EQ(daemon_.processes("gateway").at(0).at("restarts"), 0);
  }

  DaemonUnderTest daemon_;
  std::size_t before_{0};
  static inline HostileCaller* current_{nullptr};
};

TEST_F(HostileCaller, ACallerThatNeverReadsGetsALimitedNumberOfReplies) {
  const UniqueFd caller = connect();
  ASSERT_TRUE(caller.is_open());
  std::string questions;
  while (questions.size() < 60'000) questions += "{\"verb\":\"status\"}\n";
  constexpr std::size_t kMuch = 4'000'000;
  const std::size_t taken = pour(caller, questions, kMuch);
  EXPECT_GT(taken, 0U);
  EXPECT_LT(taken, kMuch) << "all was taken, and nothing read";
}

TEST_F(HostileCaller, ACallerThatNeverEndsItsLineIsDisconnected) {
  const UniqueFd caller = connect();
  ASSERT_TRUE(caller.is_open());
  constexpr std::size_t kGigabyte = 1'000'000'000;
  const std::size_t taken = pour(caller, std::string(60'000, 'x'), kGigabyte);
  EXPECT_GT(taken, 0U);
  EXPECT_LT(taken, 2'000'000U);
}

TEST_F(HostileCaller, TenThousandConnectionsDoNotStopTheReplies) {
  for (int i = 0; i < (are_programs_sanitized() ? 1'000 : 10'000); ++i) {
    const UniqueFd caller = connect();
    ASSERT_TRUE(caller.is_open()) << i;
    if (i % 3 == 0) (void)::send(caller.get(), "{", 1, MSG_NOSIGNAL);
    if (i % 3 == 1) (void)::send(caller.get(), "ping\n", 5, MSG_NOSIGNAL);
  }
}

TEST_F(HostileCaller, SixtyOpenConnectionsLeaveOneForTheAdministrator) {
  const auto held = hold(60);
  EXPECT_TRUE(is_answered());
}

// The gateway accepts callers in the order in which they connect: the next caller is behind all of
// these.
TEST_F(HostileCaller, ACallerBeyondTheLimitOfConnectionsReceivesBusy) {
  auto held = hold(64);
  const Finished refused = daemon_.ctl({"--json", "ping"});
  EXPECT_EQ(refused.status, 1);
  const auto answer = nlohmann::json::parse(refused.err, nullptr, false);
  ASSERT_TRUE(answer.is_object()) << refused.err;
  EXPECT_EQ(answer.at("error").at("code"), "busy");
  held.resize(60);
  EXPECT_TRUE(eventually(is_answered)) << "the gateway may hear of the four a moment later";
}

}  // namespace
}  // namespace chatd::test
