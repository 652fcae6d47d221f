// SPDX-License-Identifier: GPL-3.0-or-later
// search_bench.cpp — searches a million messages in a thousand rooms, half of them Chinese: by the
// index of the archive, and beside it by grep over an export, by SQLite's trigram index and by
// LIKE.
//
//   search_bench [--short] [--keep DIRECTORY]
//
// Exit status: 1 if the index and LIKE find different lines for two Chinese characters.
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "daemon/archive/history_db.hpp"
#include "daemon/store/database.hpp"
#include "tests/bench/search_corpus.hpp"
#include "tests/bench/search_times.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::bench {
namespace {

using archive::HistoryDb;

constexpr std::uint64_t kMaxBytes = std::uint64_t{4} << 30U;
constexpr std::size_t kPage = 50;

void check(bool holds, std::string_view what) {
  if (holds) return;
  (void)std::fprintf(stderr, "search_bench: %s\n", std::string{what}.c_str());
  std::exit(1);
}
template <class T>
T must(Result<T> result) {
  check(result.has_value(), result ? "" : result.error().message());
  return std::move(*result);
}
void must(const Result<>& result) {
  check(result.has_value(), result ? "" : result.error().message());
}

// --- databases ---------------------------------------------------------------------

void save(HistoryDb& database, const std::vector<Message>& messages,
          std::vector<std::uint64_t>& numbers, std::int64_t& at) {
  archive::Batch batch;
  std::map<std::uint32_t, std::size_t> parts;
  for (const Message& message : messages) {
    const auto [part, is_new] = parts.try_emplace(message.room, batch.rooms.size());
    if (is_new) {
      batch.rooms.push_back({.room = state::RoomId{message.room + 1},
                             .name = fmt::format("room{}", message.room),
                             .place = {},
                             .lines = {}});
    }
    archive::RoomPart& room = batch.rooms[part->second];
    room.lines.push_back({.sequence = numbers[message.room]++,
                          .at = at += 1000,
                          .kind = static_cast<std::uint16_t>(wire::RecordKind::say),
                          .author = {.person = message.author,
                                     .name = fmt::format("member{}", message.author),
                                     .key = {}},
                          .text = message.text});
    room.place.sequence = numbers[message.room];
  }
  must(database.save(batch));
}

std::uint64_t file_bytes(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

HistoryDb open(const std::string& directory) {
  return must(HistoryDb::open(directory + "/history.db", 1, kMaxBytes, [] {}));
}

void fill(const std::string& directory, std::size_t count) {
  HistoryDb database = open(directory);
  Corpus corpus;
  std::vector<std::uint64_t> numbers(kRooms);
  std::ofstream text{directory + "/export.txt"};
  std::int64_t at = 1'700'000'000'000'000;
  const double begun = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  for (std::size_t i = 0; i < count;) {
    std::vector<Message> messages;
    for (; messages.size() < 512 && i < count; ++i) {
      messages.push_back(corpus.next());
      text << "room" << messages.back().room << " member" << messages.back().author << ' '
           << messages.back().text << '\n';
    }
    save(database, messages, numbers, at);
  }
  must(database.checkpoint());
  const double stored = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  const auto rows = file_bytes(directory + "/history.db");
  double longest = 0;
  for (bool has_more = true; has_more;) {
    const double step = seconds_of(CLOCK_MONOTONIC);
    has_more = must(database.index(1024));
    longest = std::max(longest, seconds_of(CLOCK_MONOTONIC) - step);
  }
  const double indexed = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  must(database.checkpoint());
  const auto all = file_bytes(directory + "/history.db");
  const auto each = [&](auto total) {
    return static_cast<double>(total) / static_cast<double>(count);
  };
  fmt::print("{} messages, text as exported {:.0f} bytes each\n", count,
             each(file_bytes(directory + "/export.txt")));
  fmt::print("on disk: {:.0f} bytes each without index, {:.0f} with index\n", each(rows),
             each(all));
  fmt::print(
      "CPU: {:.1f} us each to generate and store, {:.1f} us to index; "
      "longest transaction of the index {:.0f} ms\n",
      each((stored - begun) * 1e6), each((indexed - stored) * 1e6), longest * 1e3);
}

// The same rows with a trigram index.
store::Database fill_trigram(const std::string& directory, std::size_t count) {
  const std::string path = directory + "/trigram.db";
  auto database = must(store::Database::open(path, kMaxBytes));
  must(
      database.run("CREATE TABLE message(id INTEGER PRIMARY KEY, room INTEGER, text TEXT);"
                   "CREATE INDEX message_room ON message(room, id);"));
  auto add = must(database.prepare("INSERT INTO message VALUES(?1, ?2, ?3)"));
  Corpus corpus;
  for (std::size_t i = 0; i < count;) {
    auto transaction = must(store::Transaction::begin(database));
    for (std::size_t end = std::min(i + 4096, count); i < end; ++i) {
      const Message one = corpus.next();
      must(add.bind(static_cast<std::int64_t>(i + 1), std::int64_t{one.room},
                    std::string_view{one.text})
               .run());
    }
    must(transaction.commit());
  }
  must(database.checkpoint());
  const auto rows = file_bytes(path);
  must(
      database.run("CREATE VIRTUAL TABLE f USING fts5(text, content='', tokenize='trigram');"
                   "INSERT INTO f(rowid, text) SELECT id, text FROM message;"));
  must(database.checkpoint());
  fmt::print("trigram: {:.0f} bytes each for its index\n",
             static_cast<double>(file_bytes(path) - rows) / static_cast<double>(count));
  return database;
}

// --- queries -----------------------------------------------------------------------

struct Query {
  std::string kind;
  std::string text;
};
// Of each kind, words of all frequencies.
std::vector<Query> queries(const Corpus& corpus, std::size_t of_each) {
  std::vector<Query> all;
  std::mt19937 random{7};
  const auto rank = [&](std::size_t i) {
    return std::min<std::size_t>(static_cast<std::size_t>(std::exp(9.9 * static_cast<double>(i) /
                                                                   static_cast<double>(of_each))) -
                                     1,
                                 19'999);
  };
  const auto han = [&](std::size_t from, std::size_t bytes) {
    for (std::size_t i = from; i < 20'000; ++i) {
      if (corpus.chinese()[i].size() == bytes) return corpus.chinese()[i];
    }
    return corpus.chinese()[0];
  };
  for (std::size_t i = 0; i < of_each; ++i) {
    const std::string word = corpus.english()[rank(i)];
    const std::string other = corpus.english()[random() % 50];
    all.push_back({"two characters", han(rank(i), 6)});
    all.push_back({"three or four", han(rank(i), random() % 2 == 0 ? 9 : 12)});
    all.push_back({"a word", "\"" + word + "\""});
    all.push_back({"a beginning", word});
    all.push_back({"a phrase", "\"" + word + " " + other + "\""});
    all.push_back({"Chinese and English", han(random() % 50, 6) + " \"" + other + "\""});
    all.push_back({"with from:", han(rank(i), 6) + fmt::format(" from:member{}", random() % 500)});
    all.push_back({"in no line", "鑫" + han(rank(i), 6) + "鑫"});
    all.push_back({"one character", han(rank(i), 3)});
  }
  return all;
}

struct Scope {
  std::string name;
  std::optional<std::uint32_t> room;
};

// The newest lines, page after page, until there are enough of them.
std::size_t search(HistoryDb& database, const std::string& text, const Scope& scope, Times& times,
                   std::vector<std::string>* lines = nullptr) {
  archive::SearchRequest request;
  request.query = wire::parse_search(text, wall_now()).value();
  if (scope.room) {
    const auto room = must(database.room_of(fmt::format("room{}", *scope.room)));
    check(room.has_value(), "a room has no line");
    request.rooms = std::vector{archive::SearchRoom{.room = *room}};
  }
  std::size_t hits = 0;
  for (bool has_more = true; has_more && hits < kPage;) {
    request.lines = kPage - hits;
    request.is_time_over = [end = mono_now() + archive::kSearchTime] { return mono_now() >= end; };
    const auto page = must(database.search(request));
    ++times.pages;
    hits += page.hits.size();
    if (lines != nullptr) {
      for (const auto& hit : page.hits) lines->push_back(hit.line.text);
    }
    request.before = page.next;
    has_more = page.has_more;
  }
  return hits;
}

void measure_index(HistoryDb& database, const std::vector<Query>& all,
                   const std::vector<Scope>& scopes) {
  fmt::print("\n{:<46} {:>4} {:>8} {:>8} {:>8} {:>8} {:>6} {:>6}\n", "the newest 50 lines, ms", "n",
             "p50", "p99", "p99 CPU", "max", "pages", "lines");
  Times two_or_more;
  for (const Scope& scope : scopes) {
    std::map<std::string, Times> kinds;
    for (const Query& query : all) {
      const auto work = [&] { return search(database, query.text, scope, kinds[query.kind]); };
      measure(kinds[query.kind], work);
      if (query.kind == "one character") continue;
      two_or_more.wall.push_back(kinds[query.kind].wall.back());
      two_or_more.cpu.push_back(kinds[query.kind].cpu.back());
    }
    for (auto& [kind, times] : kinds) times.print(fmt::format("{}, {}", kind, scope.name));
  }
  two_or_more.print("all of two characters and more");
}

void measure_pages(HistoryDb& database, std::size_t count) {
  Times times;
  std::mt19937 random{3};
  for (std::size_t i = 0; i < count; ++i) {
    const std::string room = fmt::format("room{}", random() % kRooms);
    const std::uint64_t before = random() % 2 == 0 ? ~std::uint64_t{0} : random() % 2000;
    measure(times, [&] {
      return must(database.page(
                      {.room = room, .before = before, .lines = kPage, .bytes = 1U << 30U}))
          ->lines.size();
    });
    ++times.pages;
  }
  times.print("a page of history, any room and place");
}

std::string unquoted(std::string text) {
  std::erase(text, '"');
  return text.substr(0, text.find(" from:"));
}

std::size_t rows_of(store::Statement& statement) {
  std::size_t rows = 0;
  while (must(statement.step())) ++rows;
  return rows;
}

void measure_others(const std::string& directory, store::Database& database,
                    const std::vector<Query>& all, const std::vector<Scope>& scopes) {
  auto like =
      must(database.prepare("SELECT text FROM message WHERE text LIKE ?1"
                            " ORDER BY id DESC LIMIT 50"));
  auto like_room =
      must(database.prepare("SELECT text FROM message WHERE room = ?2 AND text LIKE ?1"
                            " ORDER BY id DESC LIMIT 50"));
  auto match =
      must(database.prepare("SELECT m.text FROM f CROSS JOIN message m ON m.id = f.rowid"
                            " WHERE f MATCH ?1 ORDER BY f.rowid DESC LIMIT 50"));
  auto match_room =
      must(database.prepare("SELECT m.text FROM f CROSS JOIN message m ON m.id = f.rowid"
                            " WHERE f MATCH ?1 AND m.room = ?2 ORDER BY f.rowid DESC LIMIT 50"));
  for (const Scope& scope : scopes) {
    std::map<std::string, Times> likes;
    std::map<std::string, Times> matches;
    std::map<std::string, Times> greps;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Query& query = all[i];
      const std::string text = unquoted(query.text);
      if (text.find(' ') != std::string::npos) continue;  // one word or phrase only
      const std::string pattern = '%' + text + '%';
      const std::string phrase = '"' + text + '"';
      const std::int64_t room = scope.room.value_or(0);
      measure(likes[query.kind], [&] {
        return rows_of(scope.room ? like_room.bind(std::string_view{pattern}, room)
                                  : like.bind(std::string_view{pattern}));
      });
      measure(matches[query.kind], [&] {
        return rows_of(scope.room ? match_room.bind(std::string_view{phrase}, room)
                                  : match.bind(std::string_view{phrase}));
      });
      if (i / 9 % 5 != 0) continue;
      const std::string only = scope.room ? fmt::format("| grep '^room{} ' ", *scope.room) : "";
      const std::string command = fmt::format(
          "LC_ALL=C grep -F -- '{}' {}/export.txt {}| tail -n 50"
          " > {}/found.txt",
          text, directory, only, directory);
      measure(greps[query.kind], [&] {
        (void)!std::system(command.c_str());  // NOLINT(concurrency-mt-unsafe): one thread
        return std::size_t{0};
      });
    }
    for (auto& [kind, times] : likes) times.print(fmt::format("LIKE: {}, {}", kind, scope.name));
    for (auto& [kind, times] : matches)
      times.print(fmt::format("trigram: {}, {}", kind, scope.name));
    for (auto& [kind, times] : greps) times.print(fmt::format("grep: {}, {}", kind, scope.name));
  }
}

// Two Chinese characters: the lines are those that LIKE finds.
void compare(HistoryDb& database, store::Database& other, const std::vector<Query>& all) {
  auto like =
      must(other.prepare("SELECT text FROM message WHERE text LIKE ?1"
                         " ORDER BY id DESC LIMIT 50"));
  Times unused;
  for (const Query& query : all) {
    if (query.kind != "two characters" && query.kind != "one character") continue;
    std::vector<std::string> lines;
    (void)search(database, query.text, {}, unused, &lines);
    const std::string pattern = '%' + query.text + '%';
    std::multiset<std::string> expected;
    (void)like.bind(std::string_view{pattern});
    while (must(like.step())) expected.emplace(like.text(0));
    check(lines.size() == expected.size(), "the index and LIKE find different lines");
  }
}

int run(bool is_short, const std::string& directory) {
  const std::size_t count = is_short ? 20'000 : 1'000'000;
  fill(directory, count);
  const double opening = seconds_of(CLOCK_MONOTONIC);
  HistoryDb database = open(directory);
  fmt::print("opening: {:.1f} ms\n", (seconds_of(CLOCK_MONOTONIC) - opening) * 1e3);
  const Corpus corpus;
  const auto all = queries(corpus, is_short ? 10 : 100);
  // The largest room has a tenth of the messages, the last one some hundred.
  const std::vector<Scope> scopes{
      {"everywhere", std::nullopt}, {"largest room", 0}, {"room 100", 100}, {"smallest room", 999}};
  measure_index(database, all, scopes);
  measure_pages(database, 1000);
  auto other = fill_trigram(directory, count);
  compare(database, other, all);
  measure_others(directory, other, all, scopes);
  return 0;
}

}  // namespace
}  // namespace chatd::bench

int main(int argc, char** argv) {
  bool is_short = false;
  std::string directory;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option{argv[i]};
    if (option == "--short") is_short = true;
    if (option == "--keep" && i + 1 < argc) directory = argv[++i];
  }
  const chatd::test::TempDir temporary;
  return chatd::bench::run(is_short, directory.empty() ? temporary.path() : directory);
}
