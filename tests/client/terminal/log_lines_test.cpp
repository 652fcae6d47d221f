// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/log_lines.hpp"

#include <gtest/gtest.h>

#include "tests/client/in_utc.hpp"
#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

class LogLinesTest : public InUtc {
 protected:
  void add(std::string_view room, bool replay, std::string_view text = "bob: hi") {
    lines_.add({.time = kFriday, .room = room, .replay = replay, .text = text});
  }
  void join(std::string_view room, bool again = false) {
    lines_.note(RoomJoined{.room = {.id = 1, .name = std::string{room}}, .again = again});
  }
  LogLines lines_{wire::Language::en};
};

TEST_F(LogLinesTest, HaveTheDateAndTheTime) {
  add("", false);
  add("lab", false, "#lab * cy waves");
  EXPECT_EQ(lines_.take(), "2026-11-20 23:15:04 bob: hi\n2026-11-20 23:15:04 #lab * cy waves\n");
  EXPECT_EQ(lines_.take(), "");
}

TEST_F(LogLinesTest, TheReplayOfTheFirstLoginIsMarked) {
  lines_.note(joined("ada"));
  add("", true);
  EXPECT_EQ(lines_.take(), "2026-11-20 23:15:04 [earlier] bob: hi\n");
  Joined again = joined("ada");
  again.again = true;
  lines_.note(again);
  add("", true);
  EXPECT_EQ(lines_.take(), "2026-11-20 23:15:04 [earlier] bob: hi\n") << "the same replay";
  lines_.note(joined("ada"));
  add("", true);
  EXPECT_EQ(lines_.take(), "");
  add("", false);
  EXPECT_NE(lines_.take(), "");
}

TEST_F(LogLinesTest, TheReplayOfARoomIsThereOnce) {
  add("lab", true);
  EXPECT_EQ(lines_.take(), "") << "the user is not in this room";
  join("lab");
  add("lab", true);
  EXPECT_NE(lines_.take(), "");
  join("lab", true);
  add("lab", true);
  EXPECT_NE(lines_.take(), "") << "the same replay";
  join("lab");
  add("lab", true);
  EXPECT_EQ(lines_.take(), "");
  join("tea");
  add("tea", true);
  EXPECT_NE(lines_.take(), "");
}

TEST_F(LogLinesTest, AHostileServerCannotFillTheMemory) {
  for (std::size_t i = 0; i <= LogLines::kMaxRooms; ++i) join(std::to_string(i));
  add("0", true);
  EXPECT_NE(lines_.take(), "");
  add(std::to_string(LogLines::kMaxRooms), true);
  EXPECT_EQ(lines_.take(), "");
}

}  // namespace
}  // namespace chatd::client
