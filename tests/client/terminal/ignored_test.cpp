// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/ignored.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;

Line by(std::string_view name, std::uint64_t person,
        wire::RecordKind record = wire::RecordKind::say) {
  Line line = line_of(record, name, "hello");
  line.person = person;
  return line;
}

wire::Name name_of(const std::string& name) { return wire::check_name(name).value(); }

TEST(IgnoredTest, HidesMessagesDirectMessagesAndInvitations) {
  Ignored ignored;
  EXPECT_FALSE(ignored.hides(by("bob", 0)));
  EXPECT_TRUE(ignored.add(name_of("Bob")));
  for (const auto kind :
       {wire::RecordKind::say, wire::RecordKind::action, wire::RecordKind::direct}) {
    EXPECT_TRUE(ignored.hides(by("bob", 0, kind)));
    EXPECT_FALSE(ignored.hides(by("carol", 0, kind)));
  }
  EXPECT_TRUE(ignored.hides(RoomInvited{.room = "lab", .name = "BOB"}));
  EXPECT_FALSE(ignored.hides(RoomInvited{.room = "lab", .name = "carol"}));
  EXPECT_FALSE(ignored.hides(RoomInvited{.room = "lab", .name = ""})) << "the administrator";
  EXPECT_THAT(ignored.names(), ElementsAre("Bob"));
  EXPECT_TRUE(ignored.remove("bob"));
  EXPECT_FALSE(ignored.remove("bob"));
  EXPECT_FALSE(ignored.hides(by("bob", 0)));
}

TEST(IgnoredTest, NeverHidesOwnLinesAnnouncementsAndChanges) {
  Ignored ignored;
  EXPECT_TRUE(ignored.add(name_of("bob")));
  Line own = by("bob", 0);
  own.own = true;
  EXPECT_FALSE(ignored.hides(own));
  for (const auto kind : {wire::RecordKind::announce, wire::RecordKind::kick,
                          wire::RecordKind::moderated, wire::RecordKind::topic,
                          wire::RecordKind::set, wire::RecordKind::join, wire::RecordKind::leave}) {
    EXPECT_FALSE(ignored.hides(by("bob", 0, kind)));
  }
}

TEST(IgnoredTest, APersonIsIgnoredUnderEachName) {
  Ignored ignored;
  EXPECT_FALSE(ignored.hides(by("bob", 7)));
  EXPECT_TRUE(ignored.add(name_of("bob")));
  EXPECT_TRUE(ignored.hides(by("rob", 7)));
  EXPECT_FALSE(ignored.hides(by("bob", 8))) << "another one has taken the name";
  EXPECT_TRUE(ignored.hides(RoomInvited{.room = "lab", .name = "rob", .person = 7}));
  EXPECT_TRUE(ignored.remove("bob"));
  EXPECT_FALSE(ignored.hides(by("rob", 7)));
}

TEST(IgnoredTest, TheFirstPersonUnderTheNameIsMeantIfNoneWasSeen) {
  Ignored ignored;
  EXPECT_TRUE(ignored.add(name_of("bob")));
  EXPECT_FALSE(ignored.hides(by("bob", 7, wire::RecordKind::join)));
  EXPECT_TRUE(ignored.hides(by("rob", 7)));
  EXPECT_FALSE(ignored.hides(by("bob", 8)));
  EXPECT_TRUE(ignored.hides(by("bob", 0))) << "who it is, is not known";
}

// Each of its sessions has another number.
TEST(IgnoredTest, ATextMemberIsIgnoredByItsName) {
  Ignored ignored;
  ASSERT_TRUE(ignored.add(name_of("tex")));
  Line line = line_of(wire::RecordKind::say, "tex", "hello");
  line.text_member = true;
  for (const std::uint64_t session : {1U, 2U}) {
    line.person = session;
    EXPECT_TRUE(ignored.hides(line)) << session;
  }
}

TEST(IgnoredTest, HasLimits) {
  Ignored ignored;
  for (std::size_t i = 0; i < Ignored::kMaxSeen + 10; ++i) {
    (void)ignored.hides(by("name" + std::to_string(i), i + 1));
  }
  for (std::size_t i = 0; i < Ignored::kMaxIgnored; ++i) {
    EXPECT_TRUE(ignored.add(name_of("name" + std::to_string(i))));
  }
  EXPECT_FALSE(ignored.add(name_of("bob")));
  EXPECT_TRUE(ignored.add(name_of("NAME1"))) << "is ignored already";
  EXPECT_THAT(ignored.names(), ::testing::SizeIs(Ignored::kMaxIgnored));
}

TEST(IgnoredTest, AnOldLineIsHiddenAndTeachesNoPerson) {
  Ignored ignored;
  EXPECT_TRUE(ignored.add(name_of("bob")));
  EXPECT_TRUE(ignored.has(by("BOB", 7)));
  EXPECT_FALSE(ignored.has(by("carol", 7)));
  // The first live line says who is meant.
  EXPECT_TRUE(ignored.hides(by("bob", 8)));
  EXPECT_TRUE(ignored.has(by("carol", 8))) << "under another name";
  EXPECT_FALSE(ignored.has(by("bob", 7))) << "another person had the name then";
  EXPECT_FALSE(ignored.has(by("bob", 8, wire::RecordKind::topic)));
}

}  // namespace
}  // namespace chatd::client
