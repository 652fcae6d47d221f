// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "ctl/render.hpp"
#include "tests/ctl/render_now.hpp"

namespace chatd::ctl {
namespace {

TEST(RenderHistory, ShowsALineForEachKind) {
  const auto at = [](std::uint64_t number, std::string kind, std::string name, std::string text,
                     std::uint64_t last = 0) {
    return wire::HistoryRow{.number = number,
                            .time = WallTime{std::chrono::seconds{1}},
                            .kind = std::move(kind),
                            .name = std::move(name),
                            .key = {},
                            .text = std::move(text),
                            .last = last};
  };
  const wire::HistoryReport report{
      .room = "chat",
      .room_number = 1,
      .lines = {at(3, "say", "ada", "hello\x1b[31m"), at(4, "action", "bob", "waves"),
                at(5, "announce", "", "be quiet"), at(6, "topic", "", "physics"),
                at(7, "topic", "ada", "maths"), at(8, "gap", "", "", 12), at(13, "gap", "", "")},
      .more = true};
  EXPECT_EQ(render(report),
            "(older lines: chatctl history chat --before 3)\n"
            "1970-01-01T00:00:01.000Z #3 <ada> hello\\x1b[31m\n"
            "1970-01-01T00:00:01.000Z #4 * bob waves\n"
            "1970-01-01T00:00:01.000Z #5 [admin] be quiet\n"
            "1970-01-01T00:00:01.000Z #6 -- admin set the topic: physics\n"
            "1970-01-01T00:00:01.000Z #7 -- ada set the topic: maths\n"
            "1970-01-01T00:00:01.000Z #8 -- from line 8 to 12 nothing is stored --\n"
            "1970-01-01T00:00:01.000Z #13 -- from line 13 on nothing is stored --\n");
}

TEST(RenderSearch, ShowsTheRoomOfEachLineAndTheNewestOneLast) {
  const auto row = [](std::string room, std::uint64_t number, std::string kind, std::string text) {
    return wire::SearchRow{.room = std::move(room),
                           .number = number,
                           .time = WallTime{std::chrono::seconds{1}},
                           .kind = std::move(kind),
                           .name = "ada",
                           .text = std::move(text)};
  };
  const wire::SearchReport report{
      .lines = {row("lab", 9, "action", "waves\x1b"), row("chat", 3, "say", "文件")},
      .more = true,
      .next = 77,
      .complete = false};
  EXPECT_EQ(render(report),
            "(older lines: the same search with --before 77)\n"
            "(the index is being built, searching takes longer)\n"
            "1970-01-01T00:00:01.000Z chat #3 <ada> 文件\n"
            "1970-01-01T00:00:01.000Z lab #9 * ada waves\\x1b\n");
  EXPECT_EQ(render(wire::SearchReport{}), "");
}

TEST(RenderArchive, ShowsTheStateAndTheFigures) {
  EXPECT_EQ(render(wire::ArchiveReport{.state = "full",
                                       .lines = 1234,
                                       .indexed = 1200,
                                       .bytes = 3U << 20U,
                                       .max_bytes = 1U << 30U,
                                       .max_age = std::chrono::days{30},
                                       .behind = std::chrono::seconds{7},
                                       .gaps = 2,
                                       .set_aside = 1,
                                       .error = "database or disk is full"}),
            "  state      full\n"
            "  stored     1,234 lines, 3.0 MiB of 1024.0 MiB\n"
            "  indexed    1,200 of 1,234\n"
            "  kept       30 days\n"
            "  behind     7 s\n"
            "  gaps       2\n"
            "  damaged    1\n"
            "  error      database or disk is full\n");
}

TEST(RenderArchive, WithoutAnArchiveTheStateIsAll) {
  EXPECT_EQ(render(wire::ArchiveReport{.state = "off"}), "  state      off\n");
}

}  // namespace
}  // namespace chatd::ctl
