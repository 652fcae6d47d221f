// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/crypto/random.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

class ConnectionTest : public ::testing::Test {
 protected:
  ConnectionTest() : loop_{io::EventLoop::create().value()} {}

  // Runs until it has ended.
  void run(std::vector<Endpoint> servers, std::chrono::milliseconds timeout) {
    Member::Options member{.name = "ada",
                           .identity = crypto::generate_key_pair().value(),
                           .is_trusted = [](const auto&) { return true; },
                           .random = &crypto::fill_random,
                           .handshake_timeout = timeout};
    Connection connection{loop_,
                          {.servers = std::move(servers), .member = std::move(member)},
                          {.event = [this](const Event&) { ++events_; },
                           .ended =
                               [this](Outcome outcome, std::string detail) {
                                 outcome_ = outcome;
                                 detail_ = std::move(detail);
                                 loop_.stop();
                               }}};
    auto limit = loop_.after(test::kGenerous, [this] { loop_.stop(); });
    connection.start();
    if (!outcome_) {
      ASSERT_TRUE(loop_.run());
    }
  }

  test::ClosedPort closed_;
  io::EventLoop loop_;
  std::optional<Outcome> outcome_;
  std::string detail_;
  int events_{0};
};

TEST_F(ConnectionTest, ReportsAClosedPortAtOnce) {
  run({closed_.endpoint()}, test::kGenerous);
  EXPECT_EQ(outcome_, Outcome::nothing_listening);
  EXPECT_THAT(detail_, HasSubstr(to_text(closed_.endpoint())));
  EXPECT_EQ(events_, 0);
}

TEST_F(ConnectionTest, EndsWhenTheServerIsSilent) {
  test::UdpClient silent;
  run({silent.endpoint()}, std::chrono::milliseconds{300});
  EXPECT_EQ(outcome_, Outcome::no_answer);
  EXPECT_EQ(detail_, "nothing came for 0 s");
  EXPECT_EQ(silent.next().size(), 1200U) << "the first packet is as long as the answer may get";
}

TEST_F(ConnectionTest, TriesEveryAddress) {
  test::UdpClient silent;
  run({closed_.endpoint(), silent.endpoint()}, std::chrono::milliseconds{300});
  EXPECT_EQ(outcome_, Outcome::no_answer);
  EXPECT_EQ(silent.next().size(), 1200U);
  EXPECT_EQ(detail_, "nothing came for 0 s");
}

TEST_F(ConnectionTest, LeavesASilentAddressSoonIfThereAreOthers) {
  test::UdpClient silent;
  run({silent.endpoint(), closed_.endpoint()}, test::kGenerous);
  EXPECT_EQ(outcome_, Outcome::nothing_listening);
}

TEST_F(ConnectionTest, TakesAnotherFamilyForAnotherTry) {
  test::UdpClient silent{"::1"};
  run({closed_.endpoint(), silent.endpoint()}, std::chrono::milliseconds{300});
  EXPECT_EQ(outcome_, Outcome::no_answer);
  EXPECT_EQ(silent.next().size(), 1200U);
}

}  // namespace
}  // namespace chatd::client
