// SPDX-License-Identifier: GPL-3.0-or-later
// search_fixture.hpp — a database of messages that is searched.
//
// Runs in:   test programs.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tests/daemon/archive/history_db_fixture.hpp"

namespace chatd::test {

class SearchFixture : public HistoryDbFixture {
 protected:
  // Saves one line for each text in a room of the number N, "chat" or "roomN".
  void say(std::vector<std::string> texts, std::uint32_t room = 0,
           const std::string& name = "ada") {
    std::vector<archive::Line> lines;
    for (std::string& text : texts) {
      lines.push_back(line(next_[room]++, std::move(text), name, at_++));
    }
    save(database_, batch(std::move(lines), state::RoomId{room},
                          room == 0 ? "chat" : fmt::format("room{}", room)));
  }
  // Before the first line: the lines have larger numbers in the database than this.
  void begin_behind(std::int64_t line) {
    database_ = HistoryDb::open(directory_ / "other.db", 1, kLargeDatabase, [] {}).value();
    auto raw = store::Database::open(directory_ / "history.db", kLargeDatabase).value();
    const auto sql =
        fmt::format("INSERT INTO sqlite_sequence(name, seq) VALUES('message', {})", line);
    ASSERT_TRUE(raw.run(sql.c_str()));
    raw = store::Database::open(directory_ / "another.db", kLargeDatabase).value();
    database_ = open();
  }
  void index_all() {
    for (;;) {
      const auto more = database_.index(512);
      ASSERT_TRUE(more) << more.error().message();
      if (!*more) return;
    }
  }
  [[nodiscard]] static archive::SearchRequest request(std::string_view text) {
    archive::SearchRequest request;
    request.query = wire::parse_search(text, WallTime{std::chrono::seconds{100}}).value();
    request.bytes = std::size_t{1} << 30U;
    request.lines = 100'000;
    request.is_time_over = [] { return false; };
    return request;
  }
  // "room#number" of each line of all pages, the newest first.
  [[nodiscard]] std::vector<std::string> found(archive::SearchRequest request) {
    std::vector<std::string> lines;
    for (;;) {
      const auto page = database_.search(request);
      EXPECT_TRUE(page) << page.error().message();
      if (!page) return lines;
      EXPECT_LE(page->hits.size(), request.lines);
      for (const auto& hit : page->hits) {
        lines.push_back(fmt::format("{}#{}", hit.room_name, hit.line.sequence));
      }
      ++pages_;
      if (!page->has_more) return lines;
      EXPECT_LT(page->next, request.before) << "a page goes on";
      if (page->next >= request.before) return lines;
      request.before = page->next;
    }
  }
  [[nodiscard]] std::vector<std::string> found(std::string_view text) {
    return found(request(text));
  }
  [[nodiscard]] std::uint64_t number_of(std::string_view room) {
    return database_.room_of(room).value().value();
  }

  HistoryDb database_{open()};
  std::vector<std::uint64_t> next_ = std::vector<std::uint64_t>(100);  // by room
  std::int64_t at_{1'000'000};
  int pages_{0};
};

}  // namespace chatd::test
