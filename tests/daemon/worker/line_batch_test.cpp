// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/line_batch.hpp"

#include <cstring>

#include <gmock/gmock.h>

#include "common/wire/text/phrases.hpp"
#include "daemon/state/room_log.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::worker {
namespace {

using state::RecordKind;
using state::Sender;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Sender kAda{.slot = state::Slot{0}, .generation = state::Generation{1}};
constexpr Sender kBob{.slot = state::Slot{1}, .generation = state::Generation{1}};

class LineBatchTest : public test::StateFixture {
 protected:
  explicit LineBatchTest(std::uint64_t ring_bytes = 65536)
      : StateFixture{{.sessions = 8, .ring_bytes = ring_bytes}} {}

  std::uint64_t append(RecordKind kind, const std::optional<Sender>& sender, std::string_view name,
                       std::string_view text) {
    return log_.append({.kind = kind, .sender = sender, .name = name, .text = text, .time = {}})
        .value();
  }
  std::uint64_t say(const Sender& sender, std::string_view text) {
    return append(RecordKind::say, sender, sender == kAda ? "ada" : "bob", text);
  }
  std::vector<std::string> datagrams(bool newline = false) const {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < batch_.datagrams(); ++i) {
      all.emplace_back(batch_.datagram(i, newline));
    }
    return all;
  }

  state::RoomLog log_{state_};
  state::StateView follower_{follower()};
  logs::RecordBuffer buffer_;
  LineBatch batch_{follower_.room_log(), buffer_, wire::Language::en};
};

TEST_F(LineBatchTest, AnEmptyRangeHasNoDatagram) {
  batch_.render(0, std::nullopt);
  EXPECT_EQ(batch_.datagrams(), 0U);
  EXPECT_EQ(batch_.end(), 0U);
  EXPECT_FALSE(batch_.lapped());
}

TEST_F(LineBatchTest, WritesNoLineForAChangeOfTheRoom) {
  append(RecordKind::topic, kAda, "ada", "physics");
  append(RecordKind::set, kAda, "ada", "x");
  const std::uint64_t end = append(RecordKind::moderated, {}, "", "x");
  batch_.render(0, std::nullopt);
  EXPECT_EQ(batch_.datagrams(), 0U);
  EXPECT_EQ(batch_.end(), end);
}

TEST_F(LineBatchTest, WritesNoLineThatWasTakenBackAndNoneAboutIt) {
  append(RecordKind::say, kBob, "bob", "     ");
  append(RecordKind::erased, kBob, "bob", std::string(16, '\0'));
  say(kBob, " hello");
  batch_.render(0, std::nullopt);
  EXPECT_THAT(datagrams(), ElementsAre("bob :  hello"));
}

TEST_F(LineBatchTest, WritesTheNumbersOfACrowd) {
  const std::string_view crowd{"\x0c\0\0\0\x03\0\0\0", 8};
  append(RecordKind::crowd, {}, "", crowd);
  append(RecordKind::crowd, {}, "", "short");
  batch_.render(0, std::nullopt);
  EXPECT_THAT(datagrams(), ElementsAre("[12 joined the chat, 3 left the chat]"));
}

TEST_F(LineBatchTest, WritesEachKindOfLine) {
  append(RecordKind::join, kAda, "ada", "");
  say(kAda, "hello");
  append(RecordKind::announce, {}, "", "soon");
  append(RecordKind::kick, kBob, "bob", "noise");
  const auto end = append(RecordKind::leave, kAda, "ada", "");
  batch_.render(0, std::nullopt);
  EXPECT_THAT(datagrams(), ElementsAre("ada joined the chat\nada : hello\n[admin] soon\n"
                                       "bob was removed by the administrator: noise\n"
                                       "ada left the chat"));
  EXPECT_EQ(batch_.lines_of(0), 5U);
  EXPECT_EQ(batch_.end(), end);
  EXPECT_EQ(batch_.end_of(0), end);
}

TEST_F(LineBatchTest, EndsInANewlineIfAsked) {
  say(kAda, "hello");
  batch_.render(0, std::nullopt);
  EXPECT_THAT(datagrams(false), ElementsAre("ada : hello"));
  EXPECT_THAT(datagrams(true), ElementsAre("ada : hello\n"));
}

TEST_F(LineBatchTest, LeavesOutTheLinesOfOneSenderOnly) {
  say(kAda, "one");
  say(kBob, "two");
  const auto end = say(kAda, "three");
  batch_.render(0, kAda);
  EXPECT_THAT(datagrams(), ElementsAre("bob : two"));
  EXPECT_EQ(batch_.end_of(0), end);
  // A later session in ada's slot is another sender.
  batch_.render(0, Sender{.slot = kAda.slot, .generation = state::Generation{3}});
  EXPECT_THAT(datagrams(), ElementsAre("ada : one\nbob : two\nada : three"));
}

TEST_F(LineBatchTest, KnowsTheSendersOfItsRecords) {
  say(kAda, "one");
  batch_.render(0, std::nullopt);
  EXPECT_TRUE(batch_.is_from(kAda));
  EXPECT_FALSE(batch_.is_from(kBob));
  EXPECT_FALSE(batch_.is_from({.slot = kAda.slot, .generation = state::Generation{3}}));
}

TEST_F(LineBatchTest, SkipsAKindOfRecordThatIsNoLine) {
  append(static_cast<RecordKind>(77), kAda, "ada", "?");
  const auto end = say(kBob, "two");
  batch_.render(0, std::nullopt);
  EXPECT_THAT(datagrams(), ElementsAre("bob : two"));
  EXPECT_EQ(batch_.end(), end);
}

TEST_F(LineBatchTest, ForgetDropsTheBatch) {
  batch_.render(0, std::nullopt);
  EXPECT_TRUE(batch_.starts_at(0));
  EXPECT_FALSE(batch_.starts_at(8));
  batch_.forget();
  EXPECT_FALSE(batch_.starts_at(0));
}

TEST_F(LineBatchTest, GoesOnWhereTheDatagramsWereFull) {
  std::vector<std::uint64_t> ends;
  for (int i = 0; i < 30; ++i) ends.push_back(say(kAda, std::to_string(i) + std::string(880, 'x')));
  std::uint64_t from = 0;
  int next = 0;
  while (next < 30) {
    batch_.render(from, std::nullopt);
    ASSERT_GT(batch_.datagrams(), 0U);
    for (std::size_t i = 0; i < batch_.datagrams(); ++i) {
      EXPECT_THAT(datagrams()[i], HasSubstr("ada : " + std::to_string(next) + "x"));
      EXPECT_EQ(batch_.end_of(i), ends[static_cast<std::size_t>(next)]);
      ++next;
    }
    from = batch_.end();
  }
  EXPECT_EQ(from, ends.back());
}

TEST_F(LineBatchTest, ADatagramEndsBehindTheLeftOutRecordsThatFollowIt) {
  say(kAda, std::string(890, 'x'));
  const auto behind_own = say(kBob, "own");
  say(kAda, std::string(890, 'y'));
  batch_.render(0, kBob);
  ASSERT_EQ(batch_.datagrams(), 2U);
  EXPECT_EQ(batch_.end_of(0), behind_own);
  EXPECT_EQ(batch_.lines_of(0), 1U);
  EXPECT_EQ(batch_.lines_of(1), 1U);
}

class LappedBatchTest : public LineBatchTest {
 protected:
  LappedBatchTest() : LineBatchTest{16384} {}
  // Makes the record at `offset` unreadable.
  void spoil(std::uint64_t offset) {
    std::memset(state_.ring().data() + offset % 16384, 0xFF, sizeof(std::uint32_t));
  }
  const std::string missed_ =
      "[admin] " + std::string{wire::phrase(wire::Language::en, wire::Reason::missed)};
};

TEST_F(LappedBatchTest, HasALineAboutLostRecordsAndThenTheRest) {
  for (int i = 0; i < 1000; ++i) say(kAda, std::to_string(i));
  batch_.render(0, std::nullopt);
  EXPECT_TRUE(batch_.lapped());
  const auto lines = datagrams();
  ASSERT_FALSE(lines.empty());
  EXPECT_THAT(lines.front(), ::testing::StartsWith(missed_ + "\nada : "));
  EXPECT_THAT(lines.back(), ::testing::EndsWith("ada : 999"));
  EXPECT_EQ(batch_.end(), log_.tail());
  batch_.render(batch_.end(), std::nullopt);
  EXPECT_FALSE(batch_.lapped());
}

TEST_F(LappedBatchTest, TheLineAboutLostRecordsIsNotLostWhenFull) {
  std::uint64_t end = 0;
  const std::string longest_name(64, 'a');
  for (int i = 0; i < 8; ++i) {
    end = append(RecordKind::say, kAda, longest_name, std::string(900, 'x'));
  }
  say(kAda, "unreadable");
  spoil(end);
  batch_.render(0, std::nullopt);
  ASSERT_EQ(batch_.datagrams(), 8U);
  EXPECT_EQ(batch_.end(), end) << "went on without having told";
  EXPECT_FALSE(batch_.lapped());
  batch_.render(end, std::nullopt);
  EXPECT_TRUE(batch_.lapped());
  EXPECT_THAT(datagrams(), ElementsAre(missed_));
  EXPECT_EQ(batch_.end(), log_.tail());
}

}  // namespace
}  // namespace chatd::worker
