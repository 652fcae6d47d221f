// SPDX-License-Identifier: GPL-3.0-or-later
// log_reader_fixture.hpp — a LogReader of the rooms of a test, and its last batch.
//
// Runs in:   test programs.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "daemon/archive/log_reader.hpp"
#include "tests/daemon/archive/rooms_to_read.hpp"

namespace chatd::test {

class LogReaderFixture : public RoomsToRead {
 protected:
  using RoomId = state::RoomId;
  using RoomIndex = state::RoomIndex;

  LogReaderFixture() { reader_.begin({}); }

  // "chat 0 hello" for each line of the next batch, "chat 3-7 gap" for a gap.
  std::vector<std::string> read() { return read(reader_); }
  std::vector<std::string> read(archive::LogReader& reader) {
    batch_ = reader.read(wall_at(std::chrono::seconds{10}));
    std::vector<std::string> lines;
    for (const archive::RoomPart& part : batch_.rooms) {
      for (const archive::Line& line : part.lines) {
        lines.push_back(line.kind == archive::kGap
                            ? fmt::format("{} {}-{} gap", part.name, line.sequence, line.last)
                            : fmt::format("{} {} {}", part.name, line.sequence, line.text));
      }
    }
    EXPECT_EQ(batch_.lines, lines.size());
    return lines;
  }
  // More than a log holds.
  template <class Say>
  static void overflow(Say say) {
    const std::string text(900, 'x');
    for (int i = 0; i < 40; ++i) say(text);
  }

  archive::LogReader reader_{follower_, "chat"};
  archive::Batch batch_;
};

}  // namespace chatd::test
