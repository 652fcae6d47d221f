// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room_about.hpp"

#include <algorithm>
#include <array>

#include <gmock/gmock.h>

#include "tests/daemon/chat/moderation_fixture.hpp"
#include "tests/support/rule_making.hpp"

namespace chatd::chat {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class RoomAboutTest : public ModerationFixture {
 protected:
  std::string about(Slot reader, const Where& room) {
    std::array<char, 2000> out{};
    const auto written = chat_->about.write(reader, room, 0, out, now().wall);
    EXPECT_EQ(written.next, std::nullopt);
    return {out.data(), written.bytes};
  }
};

TEST_F(RoomAboutTest, AMemberIsShownTopicPropertiesAndRoles) {
  const std::string made = std::to_string(now().wall.time_since_epoch().count());
  EXPECT_EQ(about(bob_, lab()), "made\t" + made + "\nmembers\t3\nmoderator\tmax\nowner\tada");
  ASSERT_EQ(topic(ada_, "a\tb"), std::nullopt);
  ASSERT_EQ(set(ada_, Property::slow, 7), std::nullopt);
  ASSERT_EQ(set(ada_, Property::history, 30), std::nullopt);
  ASSERT_EQ(set(ada_, Property::lecture, 1), std::nullopt);
  ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  EXPECT_EQ(about(bob_, lab()), "topic\ta b\ntopic_by\tada\ntopic_set\t" + made + "\nmade\t" +
                                    made +
                                    "\nmembers\t3\ninvited\t1\nlecture\t1\nslow\t7\nhistory\t30d\n"
                                    "moderator\tmax\nowner\tada");
}

TEST_F(RoomAboutTest, RulesAreShownToOwnersAndModerators) {
  ASSERT_EQ(moderate(max_, Action::ban, "eve", {.reason = "a\tb"}), std::nullopt);
  ASSERT_EQ(moderate(max_, Action::mute, "bob", {.seconds = 60}), std::nullopt);
  EXPECT_THAT(about(bob_, lab()), Not(HasSubstr("ban")));
  EXPECT_THAT(about(bob_, lab()), Not(HasSubstr("eve")));
  const std::string until =
      std::to_string((now().wall + std::chrono::seconds{60}).time_since_epoch().count());
  EXPECT_THAT(about(max_, lab()), HasSubstr("\teve\t0\tmax\ta b\n"));
  EXPECT_THAT(about(ada_, lab()), HasSubstr("\tbob\t" + until + "\tmax\t\n"));
  time_ += std::chrono::seconds{60};
  EXPECT_THAT(about(ada_, lab()), Not(HasSubstr("mute")));
}

TEST_F(RoomAboutTest, TheDefaultRoomHasFactsToo) {
  ASSERT_EQ(moderate_in(std::nullopt, std::nullopt, Action::owner, "ada"), std::nullopt);
  EXPECT_THAT(about(bob_, std::nullopt), HasSubstr("members\t4\nowner\tada"));
  ASSERT_TRUE(rules().add(test::ban_of_network("192.0.2.0/24")));
  EXPECT_THAT(about(ada_, std::nullopt), Not(HasSubstr("ban"))) << "networks are not shown";
}

TEST_F(RoomAboutTest, AListIsWrittenInPartsEachLineOnce) {
  for (int i = 0; i < 60; ++i) {
    ASSERT_EQ(moderate(max_, Action::ban, "zoe" + std::to_string(i), {.reason = "noise"}),
              std::nullopt);
  }
  std::string all;
  std::array<char, 500> out{};
  int parts = 0;
  for (std::optional<std::uint32_t> from = 0; from; ++parts) {
    const auto written = chat_->about.write(ada_, lab(), *from, out, now().wall);
    ASSERT_GT(written.bytes, 0U);
    all += std::string(out.data(), written.bytes) + "\n";
    from = written.next;
  }
  EXPECT_GT(parts, 3);
  EXPECT_EQ(std::ranges::count(all, '\n'), 64);
  for (int i = 0; i < 60; ++i) {
    EXPECT_THAT(all, HasSubstr("\tzoe" + std::to_string(i) + "\t0\tmax\tnoise\n"));
  }
  EXPECT_EQ(chat_->about.write(ada_, lab(), ~0U, out, now().wall).bytes, 0U);
}

}  // namespace
}  // namespace chatd::chat
