// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/notify.hpp"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/sys/support.hpp"
#include "tests/daemon/sys/unix_datagram.hpp"

namespace chatd::sys {
namespace {

using test::ScopedEnv;
using ::testing::MatchesRegex;

// Plays the service manager.
class NotifyTest : public ::testing::Test {
 protected:
  test::TempDir directory_;
  test::UnixDatagram manager_{directory_ / "notify"};
  ScopedEnv variable_{"NOTIFY_SOCKET", directory_ / "notify"};
};

TEST_F(NotifyTest, SendsReadyAndTheStatus) {
  EXPECT_TRUE(notify::ready("4 workers").has_value());
  EXPECT_EQ(manager_.receive(), "READY=1\nSTATUS=4 workers");
  EXPECT_TRUE(notify::status("17 sessions").has_value());
  EXPECT_EQ(manager_.receive(), "STATUS=17 sessions");
}

TEST_F(NotifyTest, SendsReloadsWithTheirTimeAndTheStop) {
  EXPECT_TRUE(notify::reloading().has_value());
  EXPECT_THAT(manager_.receive(), MatchesRegex("RELOADING=1\nMONOTONIC_USEC=[0-9]+"));
  EXPECT_TRUE(notify::stopping().has_value());
  EXPECT_EQ(manager_.receive(), "STOPPING=1");
  EXPECT_TRUE(notify::ping().has_value());
  EXPECT_EQ(manager_.receive(), "WATCHDOG=1");
}

TEST_F(NotifyTest, AStatusCannotContainAnotherAssignment) {
  EXPECT_TRUE(notify::status("x\nSTOPPING=1").has_value());
  EXPECT_EQ(manager_.receive(), "STATUS=x\\nSTOPPING=1");
}

TEST_F(NotifyTest, AManagerThatIsGoneIsAnError) {
  const ScopedEnv gone{"NOTIFY_SOCKET", directory_ / "gone"};
  const auto sent = notify::ready("");
  ASSERT_FALSE(sent.has_value());
  EXPECT_EQ(sent.error().code(), ENOENT);
}

TEST_F(NotifyTest, WithoutAManagerCallsSendNothingAndSucceed) {
  const ScopedEnv unset{"NOTIFY_SOCKET", std::nullopt};
  EXPECT_TRUE(notify::ready("4 workers").has_value());
  EXPECT_TRUE(notify::stopping().has_value());
  EXPECT_FALSE(manager_.has_datagram());
}

TEST(Watchdog, IsPingedTwiceAsOftenAsDemanded) {
  const ScopedEnv time{"WATCHDOG_USEC", "30000000"};
  const ScopedEnv pid{"WATCHDOG_PID", std::to_string(::getpid())};
  EXPECT_EQ(notify::watchdog_interval(), std::chrono::seconds{15});
}

TEST(Watchdog, IsNoneForAnotherProcessOrWithoutTheVariable) {
  const ScopedEnv time{"WATCHDOG_USEC", "30000000"};
  const ScopedEnv pid{"WATCHDOG_PID", std::to_string(::getpid())};
  EXPECT_TRUE(test::true_in_child([] { return !notify::watchdog_interval().has_value(); }));
  const ScopedEnv unset{"WATCHDOG_USEC", std::nullopt};
  EXPECT_FALSE(notify::watchdog_interval().has_value());
}

TEST_F(NotifyTest, AChildHasNoVariableOfSystemd) {
  const ScopedEnv time{"WATCHDOG_USEC", "30000000"};
  const ScopedEnv fds{"LISTEN_FDS", "2"};
  EXPECT_TRUE(test::true_in_child([] {
    notify::clear_environment();
    notify::ready("worker");
    return ::getenv("NOTIFY_SOCKET") == nullptr && ::getenv("WATCHDOG_USEC") == nullptr &&
           ::getenv("LISTEN_FDS") == nullptr;
  }));
  EXPECT_FALSE(manager_.has_datagram());
}

}  // namespace
}  // namespace chatd::sys
