// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/line_erasure.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/moderation_fixture.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::Reason;

class LineErasureTest : public ModerationFixture {
 protected:
  LineErasure& erasure() { return chat_->erasure; }
  std::expected<std::uint64_t, Reason> take_back(Slot member,
                                                 std::optional<std::uint64_t> number = {}) {
    const auto taken = erasure().take_back(acting(member), lab(), number);
    if (!taken) return std::unexpected{taken.error()};
    is_own_ = taken->is_own;
    author_ = taken->author;
    return taken->number;
  }
  // The number of the line with this text in the room "lab".
  std::uint64_t number_of(std::string_view text) {
    std::uint64_t number = ~std::uint64_t{0};
    for_each_said(log_of(lab_), [&](const wire::RecordView& record, logs::Offset /*at*/) {
      if (record.text == text) number = record.header.sequence;
    });
    return number;
  }
  // "ada: hello", for each line that is not erased.
  std::vector<std::string> lines(const logs::LogMemory& log) {
    std::vector<std::string> all;
    for_each_said(log, [&](const wire::RecordView& record, logs::Offset /*at*/) {
      all.push_back(std::string{record.name} + ": " + std::string{record.text});
    });
    return all;
  }
  std::vector<std::string> lines() { return lines(log_of(lab_)); }
  // Of the line that was taken back last.
  bool is_own_{false};
  std::string author_;
  // "max 3-5 ada", for each record `erased`.
  std::vector<std::string> erased() {
    std::vector<std::string> all;
    for (const auto& record : test::records_of(log_of(lab_))) {
      if (record.kind != state::RecordKind::erased) continue;
      const auto read = wire::read_erased(record.text);
      EXPECT_TRUE(read);
      if (!read) continue;
      all.push_back(record.name + " " + std::to_string(read->first) + "-" +
                    std::to_string(read->last) + " " + std::string{read->author});
    }
    return all;
  }
};

// --- members -------------------------------------------------------------------------

TEST_F(LineErasureTest, AMemberTakesBackItsLastLineAndARecordSaysSo) {
  say(bob_, "one");
  say(bob_, "two");
  say(ada_, "three");
  const std::uint64_t two = number_of("two");
  EXPECT_EQ(take_back(bob_), two);
  EXPECT_THAT(lines(), ElementsAre("bob: one", "ada: three"));
  EXPECT_THAT(erased(),
              ElementsAre("bob " + std::to_string(two) + "-" + std::to_string(two) + " "));
  const auto record = test::records_of(log_of(lab_)).back();
  EXPECT_EQ(record.sender, sessions().sender(bob_));
  EXPECT_EQ(take_back(bob_), two - 1) << "its last one now";
  EXPECT_EQ(take_back(bob_).error(), Reason::no_such_line);
}

TEST_F(LineErasureTest, OnlyItsOwnLinesAndForTenMinutes) {
  say(bob_, "of bob");
  say(ada_, "of ada");
  EXPECT_EQ(take_back(bob_, number_of("of ada")).error(), Reason::not_your_line);
  EXPECT_EQ(take_back(bob_, 10'000).error(), Reason::no_such_line);
  EXPECT_EQ(take_back(bob_, 0).error(), Reason::no_such_line) << "a join";
  time_ += std::chrono::minutes{10};
  EXPECT_TRUE(take_back(bob_, number_of("of bob")));
  say(bob_, "again");
  time_ += std::chrono::minutes{10} + std::chrono::seconds{1};
  EXPECT_EQ(take_back(bob_).error(), Reason::line_too_old);
  EXPECT_THAT(lines(), ElementsAre("ada: of ada", "bob: again"));
}

TEST_F(LineErasureTest, ModeratorsTakeBackAnyLineAtAnyTime) {
  say(ada_, "of the owner");
  say(bob_, "of bob");
  time_ += std::chrono::hours{24};
  EXPECT_TRUE(take_back(max_, number_of("of the owner")));
  EXPECT_FALSE(is_own_);
  EXPECT_EQ(author_, "ada");
  EXPECT_TRUE(take_back(ada_, number_of("of bob")));
  EXPECT_THAT(lines(), IsEmpty());
  EXPECT_TRUE(erased().front().starts_with("max "));
}

TEST_F(LineErasureTest, ALineThatMemoryHasNoMoreIsForModeratorsOnly) {
  say(bob_, "first");
  const std::uint64_t first = number_of("first");
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE(say_in(ada_, "lab", "filled " + std::string(100, 'x')));
  }
  EXPECT_EQ(take_back(bob_, first).error(), Reason::line_too_old);
  EXPECT_EQ(take_back(max_, first), first);
  EXPECT_FALSE(is_own_);
  EXPECT_EQ(author_, "") << "not known";
  EXPECT_THAT(erased(),
              ElementsAre("max " + std::to_string(first) + "-" + std::to_string(first) + " "));
}

TEST_F(LineErasureTest, AProgramOfTheSamePersonTakesBackTheLineOfAnother) {
  say(bob_, "from one");
  const Slot other = enter("bob", 3, "127.0.0.1:7", 9).slot;
  ASSERT_TRUE(join(other, "lab"));
  const std::uint64_t number = number_of("from one");
  EXPECT_EQ(take_back(other), number);
  EXPECT_TRUE(is_own_);
}

TEST_F(LineErasureTest, AnotherPersonUnderTheNameDoesNot) {
  say(bob_, "of the first bob");
  quit(bob_);
  const Slot other = enter("bob", 30).slot;
  ASSERT_TRUE(join(other, "lab"));
  EXPECT_EQ(take_back(other).error(), Reason::no_such_line);
  EXPECT_EQ(take_back(other, number_of("of the first bob")).error(), Reason::not_your_line);
  // And its person does, in another session.
  quit(other);
  const Slot again = enter("robert", 3).slot;
  ASSERT_TRUE(join(again, "lab"));
  EXPECT_TRUE(take_back(again));
}

TEST_F(LineErasureTest, ASuccessorFinishesWhatItsPredecessorHasBegun) {
  say(bob_, "a secret");
  const std::uint64_t number = number_of("a secret");
  // The record is in the log, and the text is not blank yet.
  const auto at = log_of(lab_).tail();
  state_.rule_head().change_at = at;
  state_.rule_head().change_of =
      state::kChangeOfFirstRow + static_cast<std::uint32_t>(lab()->index);
  std::array<std::byte, 16> body{};
  wire::ByteWriter out{body};
  wire::encode(out, wire::ErasedLines{.first = number, .last = number, .author = {}});
  rooms().post(lab()->index, {.kind = state::RecordKind::erased,
                              .sender = sessions().sender(bob_),
                              .name = "bob",
                              .text = {reinterpret_cast<const char*>(body.data()), body.size()},
                              .time = now().wall});
  EXPECT_THAT(lines(), ElementsAre("bob: a secret"));
  restart();
  EXPECT_THAT(lines(), IsEmpty());
}

// --- the administrator -----------------------------------------------------------------

TEST_F(LineErasureTest, AnAdministratorSelectsByNumberAuthorAndTime) {
  say(ada_, "one");
  say(bob_, "two");
  time_ += std::chrono::hours{1};
  const WallTime later = now().wall;
  say(ada_, "three");
  say(bob_, "four");
  EXPECT_EQ(erasure().count(lab(), {.number = number_of("two")}), 1U);
  EXPECT_EQ(erasure().count(lab(), {.author = "ADA"}), 2U);
  EXPECT_EQ(erasure().count(lab(), {.before = later}), 2U);
  EXPECT_EQ(erasure().count(lab(), {.author = "bob", .before = later}), 1U);
  EXPECT_EQ(erasure().count(lab(), {.author = "nobody"}), 0U);
  EXPECT_EQ(lines().size(), 4U);

  EXPECT_EQ(erasure().erase(lab(), {.author = "ADA", .before = later}, now()), 1U);
  EXPECT_THAT(lines(), ElementsAre("bob: two", "ada: three", "bob: four"));
  EXPECT_EQ(erasure().erase(lab(), {.author = "Bob"}, now()), 2U);
  EXPECT_EQ(erasure().erase(lab(), {.author = "Bob"}, now()), 0U);
  EXPECT_EQ(erasure().erase(lab(), {}, now()), 1U);
  EXPECT_THAT(lines(), IsEmpty());
  const auto records = erased();
  ASSERT_EQ(records.size(), 3U) << "none for what is not there";
  EXPECT_TRUE(records[0].starts_with(" ")) << "without a name: the administrator";
  EXPECT_TRUE(records[0].ends_with(" ada"));
  EXPECT_TRUE(records[1].ends_with(" bob"));
  EXPECT_TRUE(records[2].ends_with(" ")) << "of all authors";
}

TEST_F(LineErasureTest, OneRecordForLinesWithoutOthersInBetween) {
  say(ada_, "one");
  say(bob_, "two");
  say(ada_, "three");
  ASSERT_EQ(erasure().erase(lab(), {.author = "ada"}, now()), 2U);
  EXPECT_THAT(lines(), ElementsAre("bob: two"));
  EXPECT_EQ(erased().size(), 1U);
}

TEST_F(LineErasureTest, TheDefaultRoomAsWell) {
  say_to_all(bob_);
  EXPECT_EQ(erasure().erase(std::nullopt, {}, now()), 1U);
  EXPECT_THAT(lines(state_.room_log()), IsEmpty());
}

}  // namespace
}  // namespace chatd::chat
