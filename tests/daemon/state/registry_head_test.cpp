// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/registry_head.hpp"

#include <atomic>
#include <string>
#include <thread>

#include "daemon/state/room_properties.hpp"
#include "daemon/state/room_table.hpp"
#include "daemon/state/rule_table.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

class RegistryHeadTest : public test::StateFixture {
 protected:
  RegistryHeadTest()
      : StateFixture{{.sessions = 8, .ring_bytes = 16384, .rooms = 3, .room_ring_bytes = 16384}} {}

  // The version that the last change got.
  std::uint64_t next() {
    const std::uint64_t before = seen_;
    seen_ = head_.version;
    EXPECT_GT(seen_, before);
    EXPECT_FALSE(is_being_written(seen_));
    return seen_;
  }
  RegistryHead& head_{state_.registry_head()};
  RuleTable rules_{state_};
  RoomTable rooms_{state_};
  std::uint64_t seen_{0};
};

TEST_F(RegistryHeadTest, EachChangeOfARuleHasTheNextVersionButNotAHit) {
  const RuleIndex rule{0};
  (void)rules_.make(rule, {.kind = RuleKind::ban, .target = RuleTarget::name, .name = "bob"});
  EXPECT_EQ(rules_.row(rule).version, next());
  rules_.set_until(rule, WallTime{Micros{5}});
  EXPECT_EQ(rules_.row(rule).version, next());
  rules_.set_since(rule, {.offset = 7, .number = 1});
  EXPECT_EQ(rules_.row(rule).version, next());
  rules_.hit(rule, WallTime{Micros{6}});
  EXPECT_EQ(rules_.row(rule).version, seen_);
  EXPECT_EQ(head_.version, seen_);
  rules_.remove(rule);
  EXPECT_EQ(rules_.row(rule).version, next());
}

TEST_F(RegistryHeadTest, EachChangeOfARoomHasTheNextVersion) {
  const RoomIndex room{1};
  rooms_.make(room, {.id = RoomId{7}, .name = "lab", .is_kept = false, .now = {}, .maker = {}});
  EXPECT_EQ(rooms_.slot(room).version, next());
  EXPECT_NE(state_.properties(room).version, 0U);
  rooms_.settle(room);
  EXPECT_EQ(rooms_.slot(room).version, next());
  rooms_.rename(room, "den");
  EXPECT_EQ(rooms_.slot(room).version, next());
  rooms_.keep(room);
  EXPECT_EQ(rooms_.slot(room).version, next());
  EXPECT_EQ(rooms_.slot(room).is_kept, 1);
  rooms_.begin_drop(room);
  EXPECT_EQ(rooms_.slot(room).version, next());
  rooms_.drop(room);
  EXPECT_EQ(rooms_.slot(room).version, next());
}

TEST_F(RegistryHeadTest, ARowThatWasLeftHalfWrittenCountsAsChangedAgain) {
  RowVersion row{0};
  {
    const RowChange change{head_, row};
    EXPECT_TRUE(is_being_written(row));
  }
  adopt_row(head_, row);
  EXPECT_EQ(row, 2U);  // it was finished
  row = 3;             // killed before its number was stored
  adopt_row(head_, row);
  EXPECT_EQ(row, 4U);
  row = 6;  // killed before the number was stored in the head
  adopt_row(head_, row);
  EXPECT_EQ(row, 6U);
  EXPECT_EQ(head_.version, 6U);
}

TEST_F(RegistryHeadTest, ARowThatIsBeingWrittenIsNotCopied) {
  const RuleIndex rule{0};
  (void)rules_.make(rule, {.kind = RuleKind::ban, .target = RuleTarget::name, .name = "bob"});
  RuleSlot copy{};
  const std::uint64_t version = rules_.row(rule).version;
  EXPECT_EQ(copy_row(rules_.row(rule), copy), version);
  EXPECT_EQ(view_of(copy.name), "bob");
  state_.rule_slots()[0].version = version + 1;
  EXPECT_FALSE(copy_row(rules_.row(rule), copy));
}

TEST_F(RegistryHeadTest, ACopyIsNeverAMixture) {
  RoomProperties& room = state_.properties(std::nullopt);
  std::atomic<bool> is_over{false};
  std::thread writer{[&] {
    for (std::size_t i = 0; !is_over; ++i) {
      const std::string text(1 + i % kMaxTopicBytes, static_cast<char>('a' + i % 26));
      set_topic(head_, room, text.substr(0, kMaxNameBytes), text,
                WallTime{Micros{static_cast<std::int64_t>(text.size())}});
      set_property(head_, room, wire::RoomProperty::slow, static_cast<std::uint16_t>(text.size()));
    }
  }};
  RoomProperties copy{};
  std::uint64_t last = 0;
  for (int copies = 0; copies < 300;) {
    const auto version = copy_row(room, copy);
    if (!version || *version == last || *version == 0) continue;
    ++copies;
    last = *version;
    const RoomTopic& topic = topic_of(copy);
    const std::string text{view_of(topic.text)};
    ASSERT_EQ(text, std::string(static_cast<std::size_t>(topic.set_wall), text.at(0)));
    ASSERT_EQ(view_of(topic.by), text.substr(0, kMaxNameBytes));
  }
  is_over = true;
  writer.join();
}

}  // namespace
}  // namespace chatd::state
