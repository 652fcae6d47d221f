// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/limits/member_log.hpp"

#include <algorithm>

#include <gmock/gmock.h>

#include "tests/daemon/chat/native_fixture.hpp"
#include "tests/support/log_lines.hpp"

namespace chatd::gateway {
namespace {

using state::LeaveKind;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class MemberLogTest : public chat::NativeFixture {
 protected:
  chat::Slot text_member(std::string_view name, std::string_view from = "192.0.2.2:88") {
    return sessions()
        .admit({.name = name, .from = test::delivery_to(test::endpoint(from))}, now())
        .slot;
  }
  // Logs `each_second` joins a second, spread evenly, for `lasts` seconds, with the gateway's
  // timer.
  void burst(chat::Slot slot, int lasts, int each_second) {
    for (int second = 0; second < lasts; ++second) {
      for (int i = 0; i < each_second; ++i) {
        members_.joined(sessions(), slot, time_ + seconds{second} + seconds{1} * i / each_second);
      }
      members_.tick(time_ + seconds{second + 1});
    }
    time_ += seconds{lasts};
  }
  std::uint64_t joins_logged() const {
    std::uint64_t logged = 0;
    for (const auto& line : log_.all()) {
      logged += line.field("CHATD_EVENT") == "join" ? 1 : std::stoul(line.field("CHATD_JOINED"));
    }
    return logged;
  }

  test::LogLines log_;
  MemberLog members_;
  MonoTime time_{test::mono_at(seconds{1000})};
};

TEST_F(MemberLogTest, LogsNameAddressAndReason) {
  const auto ada = enter("ada", 1, "192.0.2.1:77").slot;
  const auto bob = text_member("bob", "[2001:db8::7]:88");
  members_.joined(sessions(), ada, time_);
  members_.joined(sessions(), bob, time_);
  members_.left(sessions(), ada, LeaveKind::kicked, "spam", time_);
  members_.left(sessions(), bob, LeaveKind::idle, "", time_);
  EXPECT_THAT(log_.messages(),
              ElementsAre("ada joined from 192.0.2.1:77", "bob joined from [2001:db8::7]:88",
                          "ada left (kicked: spam)", "bob left (idle)"));
}

TEST_F(MemberLogTest, LogsNoAddressIfAddressesAreNotLogged) {
  set_log_addresses(false);
  const auto ada = enter("ada", 1, "192.0.2.1:77").slot;
  members_.joined(sessions(), ada, time_);
  ASSERT_EQ(log_.all().size(), 1U);
  EXPECT_EQ(log_.all().front().message, "ada joined from an address");
  EXPECT_EQ(log_.all().front().field("CHATD_ADDRESS"), "");
}

TEST_F(MemberLogTest, LogsAnotherProgramOfAMemberAsSuch) {
  const auto phone = enter("ada", 1, "192.0.2.1:77", 1).slot;
  const auto laptop = enter("ada", 1, "192.0.2.2:88", 2).slot;
  members_.joined(sessions(), laptop, time_);
  members_.left(sessions(), phone, LeaveKind::kicked, "spam", time_);
  sessions().remove(phone, LeaveKind::kicked, "spam", now());
  sessions().settle();
  members_.left(sessions(), laptop, LeaveKind::kicked, "spam", time_);
  EXPECT_THAT(log_.messages(),
              ElementsAre("ada logged in with another program from 192.0.2.2:88",
                          "ada ended a program (kicked: spam)", "ada left (kicked: spam)"));
  EXPECT_EQ(log_.all()[0].field("CHATD_EVENT"), "program");
  EXPECT_EQ(log_.all()[1].field("CHATD_EVENT"), "program");
  EXPECT_EQ(log_.all()[2].field("CHATD_EVENT"), "kick");
  EXPECT_EQ(log_.all()[0].field("CHATD_REASON"), "") << "a login has none";
  EXPECT_EQ(log_.all()[1].field("CHATD_REASON"), "spam");
}

TEST_F(MemberLogTest, LogsTheJournalFields) {
  const auto bob = text_member("bob", "[2001:db8::7]:88");
  members_.joined(sessions(), bob, time_);
  members_.left(sessions(), bob, LeaveKind::unreachable, "", time_);
  members_.left(sessions(), bob, LeaveKind::kicked, "spam", time_);
  const auto events = [&](std::string_view field) {
    std::vector<std::string> found;
    for (const auto& line : log_.all()) found.push_back(line.field(field));
    return found;
  };
  EXPECT_THAT(events("CHATD_EVENT"), ElementsAre("join", "leave", "kick"));
  EXPECT_THAT(events("CHATD_REASON"), ElementsAre("", "unreachable", "spam"));
  for (const auto& line : log_.all()) {
    EXPECT_EQ(line.level, LogLevel::info);
    EXPECT_EQ(line.field("CHATD_USER"), "bob");
    EXPECT_EQ(line.field("CHATD_ADDRESS"), "2001:db8::7");
    EXPECT_EQ(line.field("CHATD_PORT"), "88");
  }
}

TEST_F(MemberLogTest, TwentyASecondHaveALineEach) {
  burst(text_member("bob"), 30, 20);
  EXPECT_THAT(log_.all(), SizeIs(600));
}

TEST_F(MemberLogTest, ABurstHasOneLineASecond) {
  burst(text_member("bob"), 60, 300);
  EXPECT_THAT(log_.all(), SizeIs(20 + 60));
  EXPECT_EQ(joins_logged(), 60U * 300U);
  EXPECT_EQ(log_.all()[20].message, "many at once: 280 more joined, 0 more left");
  EXPECT_EQ(log_.all()[20].level, LogLevel::info);
  EXPECT_EQ(log_.all()[20].field("CHATD_EVENT"), "crowd");
  EXPECT_EQ(log_.all()[21].field("CHATD_JOINED"), "300");
  EXPECT_EQ(log_.all()[21].field("CHATD_LEFT"), "0");
}

TEST_F(MemberLogTest, AfterABurstEachEventHasALineAgain) {
  const auto bob = text_member("bob");
  burst(bob, 3, 300);
  burst(bob, 1, 5);  // still in one summary: the second before had too many
  log_.clear();
  burst(bob, 2, 5);
  EXPECT_THAT(log_.all(), SizeIs(10));
  EXPECT_EQ(log_.all()[0].field("CHATD_USER"), "bob");
}

TEST_F(MemberLogTest, AKickHasALineDuringABurst) {
  const auto bob = text_member("bob");
  burst(bob, 2, 300);
  log_.clear();
  members_.left(sessions(), bob, LeaveKind::kicked, "spam", time_);
  EXPECT_THAT(log_.messages(), ElementsAre("bob left (kicked: spam)"));
}

TEST_F(MemberLogTest, AtDebugLevelEachEventHasALine) {
  set_log_level(LogLevel::debug);
  burst(text_member("bob"), 2, 300);
  EXPECT_EQ(std::ranges::count_if(
                log_.all(), [](const auto& line) { return line.field("CHATD_USER") == "bob"; }),
            600);
}

TEST_F(MemberLogTest, FinishWritesTheLastSummary) {
  const auto bob = text_member("bob");
  for (int i = 0; i < 25; ++i) members_.left(sessions(), bob, LeaveKind::idle, "", time_);
  log_.clear();
  members_.finish();
  EXPECT_THAT(log_.messages(), ElementsAre("many at once: 0 more joined, 5 more left"));
  log_.clear();
  members_.finish();
  members_.tick(time_ + seconds{1});
  EXPECT_THAT(log_.all(), IsEmpty());
}

}  // namespace
}  // namespace chatd::gateway
