// SPDX-License-Identifier: GPL-3.0-or-later
// The room log's writer is killed after each of its steps: appended records stay, a record that
// was not appended does not exist, and a successor goes on.
#include <algorithm>

#include "daemon/state/room_log.hpp"
#include "tests/support/crash.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

class RoomLogCrashTest : public test::StateFixture {
 protected:
  void append(const std::string& text) {
    RoomLog log{state_};
    log.append({.kind = RecordKind::say,
                .sender = Sender{.slot = Slot{1}, .generation = Generation{1}},
                .name = "ada",
                .text = text,
                .time = {}});
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (auto& record : test::records_of(state_)) all.push_back(std::move(record.text));
    return all;
  }
  // Kills the writer of one record at each of its steps. True when it was ever killed.
  bool is_killed_everywhere(const std::string& text) {
    for (int step = 1;; ++step) {
      SCOPED_TRACE("crash point " + std::to_string(step));
      const auto before = texts();
      const bool killed = test::is_killed_at(step, [&] { append(text); });
      auto after = texts();
      const bool appended = after.back() == text;
      EXPECT_TRUE(appended || killed);
      // Old records may be overwritten; of the others none was lost or changed.
      if (appended) after.pop_back();
      EXPECT_TRUE(before.size() >= after.size() &&
                  std::equal(after.rbegin(), after.rend(), before.rbegin()));
      append("successor " + std::to_string(step));
      EXPECT_EQ(test::records_of(state_).back().text, "successor " + std::to_string(step));
      if (!killed) return step > 1;
    }
  }
};

TEST_F(RoomLogCrashTest, AnEmptyLogSurvives) {
  for (int step = 1; test::is_killed_at(step, [&] { append("x"); }); ++step) {
    EXPECT_LE(test::records_of(state_).size(), 1U + static_cast<std::size_t>(step));
  }
  append("y");
  EXPECT_EQ(test::records_of(state_).back().text, "y");
}

TEST_F(RoomLogCrashTest, AHalfFullLogSurvives) {
  for (int i = 0; i < 5; ++i) append(std::to_string(i));
  EXPECT_TRUE(is_killed_everywhere("killed"));
}

TEST_F(RoomLogCrashTest, AFullLogSurvivesWhileItOverwritesOldRecords) {
  for (int i = 0; i < 300; ++i) append(std::to_string(i) + std::string(200, 'x'));
  // Large, so that many records are given up before the first byte is written.
  EXPECT_TRUE(is_killed_everywhere("killed " + std::string(6000, 'y')));
}

TEST_F(RoomLogCrashTest, RepeatedKillsLoseNoAppendedRecord) {
  std::uint64_t appended = 0;
  for (int round = 0; round < 60; ++round) {
    const int step = 1 + round % 6;
    const auto tail = state_.ring_head().tail.load();
    const bool killed = test::is_killed_at(step, [&] { append(std::to_string(round)); });
    const bool grew = state_.ring_head().tail.load() != tail;
    EXPECT_TRUE(killed || grew);
    if (!grew) continue;
    ++appended;
    EXPECT_EQ(test::records_of(state_).back().text, std::to_string(round));
  }
  EXPECT_EQ(test::records_of(state_).size(), appended);
  EXPECT_GT(appended, 10U);
  EXPECT_LT(appended, 60U);
}

}  // namespace
}  // namespace chatd::state
