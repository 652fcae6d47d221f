// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/said_lines.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/moderation_fixture.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SaidLinesTest : public ModerationFixture {
 protected:
  logs::LogMemory log() { return log_of(lab_); }
  std::vector<std::string> lines() {
    std::vector<std::string> all;
    for_each_said(log(), [&](const wire::RecordView& record, logs::Offset /*at*/) {
      all.push_back(std::string{record.name} + ": " + std::string{record.text});
    });
    return all;
  }
  std::uint64_t number_of(std::string_view text) {
    std::uint64_t number = ~std::uint64_t{0};
    for_each_said(log(), [&](const wire::RecordView& record, logs::Offset /*at*/) {
      if (record.text == text) number = record.header.sequence;
    });
    return number;
  }
  std::uint64_t person(Slot member) {
    return static_cast<std::uint64_t>(sessions().person(member));
  }
  std::optional<std::uint64_t> last_of(Slot member) {
    const auto found = find_last_of(log(), sessions().sender(member), person(member));
    return found.line ? std::optional{found.line->number} : std::nullopt;
  }
};

TEST_F(SaidLinesTest, ALineIsWhatSomebodyHasWritten) {
  say(bob_, "hello");
  ASSERT_FALSE(topic(ada_, "tea"));
  ASSERT_FALSE(moderate(ada_, Action::mute, "bob", {60, "loud"}));
  EXPECT_THAT(lines(), ElementsAre("bob: hello", "ada: tea")) << "no join, and no change";
}

TEST_F(SaidLinesTest, BlankLinesAreNoLinesAndAllOthersKeepTheirPlace) {
  say(bob_, "one");
  say(ada_, "two");
  say(bob_, "three");
  const std::uint64_t one = number_of("one");
  const std::uint64_t three = number_of("three");
  const std::uint64_t tail = log().tail();
  blank_lines(log(), {.first = one, .last = one, .author = {}});
  EXPECT_THAT(lines(), ElementsAre("ada: two", "bob: three"));
  EXPECT_EQ(log().tail(), tail);
  EXPECT_EQ(number_of("three"), three);
  EXPECT_FALSE(find_said(log(), one).line);
  std::size_t records = 0;
  for (const auto& record : test::records_of(log())) {
    if (record.text == "   ") ++records;
  }
  EXPECT_EQ(records, 1U) << "blanks of the same size";
  blank_lines(log(), {.first = one, .last = one, .author = {}});
  EXPECT_THAT(lines(), ElementsAre("ada: two", "bob: three")) << "and once more, nothing";
}

TEST_F(SaidLinesTest, OfARangeOnlyTheLinesOfTheAuthorInAnyCase) {
  say(bob_, "one");
  say(ada_, "two");
  say(bob_, "three");
  say(bob_, "four");
  blank_lines(log(), {.first = number_of("one"), .last = number_of("three"), .author = "BOB"});
  EXPECT_THAT(lines(), ElementsAre("ada: two", "bob: four"));
  blank_lines(log(), {.first = 0, .last = ~std::uint64_t{0}, .author = {}});
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(SaidLinesTest, ALineHasItsPersonAndItsTime) {
  say(bob_, "hello");
  const auto found = find_said(log(), number_of("hello"));
  ASSERT_TRUE(found.line);
  EXPECT_EQ(found.line->person, person(bob_));
  EXPECT_EQ(found.line->sender, sessions().sender(bob_));
  EXPECT_EQ(found.line->at, now().wall);
  ASSERT_TRUE(found.oldest);
  EXPECT_LT(*found.oldest, found.line->number);
  EXPECT_FALSE(find_said(log(), *found.oldest).line) << "a join";
}

TEST_F(SaidLinesTest, TheLastLineIsThatOfTheSessionOrOfItsPersonButNoTopic) {
  EXPECT_EQ(last_of(bob_), std::nullopt);
  say(bob_, "one");
  say(ada_, "two");
  ASSERT_FALSE(topic(ada_, "tea"));
  EXPECT_EQ(last_of(bob_), number_of("one"));
  EXPECT_EQ(last_of(ada_), number_of("two"));
  const Slot program = enter("bob", 3, "127.0.0.1:7", 9).slot;
  ASSERT_TRUE(join(program, "lab"));
  EXPECT_EQ(last_of(program), number_of("one"));
  ASSERT_TRUE(join(eve_, "lab"));
  EXPECT_EQ(last_of(eve_), std::nullopt);
}

// Its key was added to an owned name, and dropped again.
TEST_F(SaidLinesTest, ASessionThatHasBecomeAnotherPersonHasNoLineOfTheFirst) {
  const auto append = [&](wire::RecordKind kind, std::uint64_t person, std::string_view text) {
    (void)state::RoomLog{state_, lab()->index}.append(
        {.kind = kind,
         .sender = logs::Sender{.slot = Slot{7}, .generation = logs::Generation{1}},
         .name = "phone",
         .text = text,
         .time = now().wall,
         .person = person});
  };
  append(wire::RecordKind::join, 5, {});
  append(wire::RecordKind::say, 0, "as the first");
  append(wire::RecordKind::join, 6, {});
  append(wire::RecordKind::say, 0, "as another");
  const logs::Sender other{.slot = Slot{6}, .generation = logs::Generation{1}};
  const auto found = find_last_of(log(), other, 5);
  ASSERT_TRUE(found.line);
  EXPECT_EQ(found.line->number, number_of("as the first"));
}

TEST_F(SaidLinesTest, AnEmptyLogHasNothing) {
  const auto found = find_said(state_.room_log(state::RoomIndex{47}), 0);
  EXPECT_FALSE(found.line);
  EXPECT_FALSE(found.oldest);
}

}  // namespace
}  // namespace chatd::chat
