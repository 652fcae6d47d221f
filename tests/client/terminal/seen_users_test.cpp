// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/seen_users.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::RecordKind;

constexpr std::uint64_t kTextPerson = std::uint64_t{1} << 63U;

class SeenUsersTest : public ::testing::Test {
 protected:
  static Line line_by(std::uint64_t person, RecordKind kind, std::string_view name = "bob") {
    Line line = line_of(kind, name, "hello");
    line.person = person;
    return line;
  }
  static KnownUser user(std::string name, std::uint64_t person, WallTime time = kFriday) {
    return {.name = std::move(name), .person = person, .time = time};
  }
  std::vector<KnownUser> after(const Report& report) {
    seen_.note(report, now_);
    return seen_.take();
  }
  SeenUsers seen_;
  WallTime now_{kFriday};
};

TEST_F(SeenUsersTest, AUserThatWritesIsSeen) {
  EXPECT_THAT(after(line_by(1, RecordKind::say, "ada")), ElementsAre(user("ada", 1)));
  EXPECT_THAT(after(line_by(2, RecordKind::action, "bob")), ElementsAre(user("bob", 2)));
  EXPECT_THAT(after(line_by(3, RecordKind::direct, "cyd")), ElementsAre(user("cyd", 3)));
  EXPECT_THAT(after(line_by(4, RecordKind::join, "dan")), IsEmpty());
}

TEST_F(SeenUsersTest, TheUserItselfAndTextMembersAreNot) {
  Line own = line_by(1, RecordKind::say);
  own.own = true;
  EXPECT_THAT(after(own), IsEmpty());
  own.record = RecordKind::direct;  // its name is that of the receiver
  EXPECT_THAT(after(own), IsEmpty());
  Line text = line_by(1, RecordKind::say);
  text.text_member = true;
  EXPECT_THAT(after(text), IsEmpty());
  EXPECT_THAT(after(line_by(kTextPerson + 1, RecordKind::direct)), IsEmpty());
  EXPECT_THAT(after(line_by(0, RecordKind::say)), IsEmpty());
}

// The name may have had another key then.
TEST_F(SeenUsersTest, ALineFromBeforeTheJoinShowsNobody) {
  Line line = line_by(1, RecordKind::say);
  line.replay = true;
  EXPECT_THAT(after(line), IsEmpty());
}

TEST_F(SeenUsersTest, AnotherPersonIsSeenWhenTheUserIsWarned) {
  (void)after(line_by(1, RecordKind::say));
  EXPECT_THAT(after(OtherPerson{.name = "bob", .has_key = true, .person = 2}),
              ElementsAre(user("bob", 2)));
  EXPECT_THAT(after(OtherPerson{.name = "bob", .person = kTextPerson + 1}), IsEmpty());
}

TEST_F(SeenUsersTest, TheSameUserIsForTheFileOnceADay) {
  seen_.note(line_by(1, RecordKind::say), now_);
  EXPECT_TRUE(seen_.has_new());
  (void)seen_.take();
  EXPECT_FALSE(seen_.has_new());
  EXPECT_THAT(after(line_by(1, RecordKind::say, "BOB")), IsEmpty());
  now_ += SeenUsers::kBetweenTimes;
  EXPECT_THAT(after(line_by(1, RecordKind::say)), ElementsAre(user("bob", 1, now_)));
}

TEST_F(SeenUsersTest, TheServerIsThatOfTheSession) {
  Joined joined{.name = "ada"};
  joined.server_key = "key";
  EXPECT_THAT(after(joined), IsEmpty());
  EXPECT_EQ(seen_.server(), "key");
}

TEST_F(SeenUsersTest, AServerCannotMakeItKeepNamesWithoutAnEnd) {
  const auto say = [&](std::size_t i) {
    seen_.note(line_by(1, RecordKind::say, std::to_string(i)), now_);
  };
  const auto all_say = [&] {
    for (std::size_t i = 0; i < 2 * SeenUsers::kMaxUsers; ++i) say(i);
  };
  all_say();
  EXPECT_EQ(seen_.take().size(), SeenUsers::kMaxUsers);
  all_say();
  EXPECT_EQ(seen_.take().size(), SeenUsers::kMaxUsers) << "the others, which write again";
  all_say();
  EXPECT_EQ(seen_.take().size(), SeenUsers::kMaxUsers) << "those that were forgotten are new";
}

}  // namespace
}  // namespace chatd::client
