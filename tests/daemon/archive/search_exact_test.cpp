// SPDX-License-Identifier: GPL-3.0-or-later
// For random texts and queries of each form, a search finds exactly the lines that a plain look at
// each line finds: with the index, without it, with a part of it, and after lines were deleted.
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>

#include "tests/daemon/archive/search_fixture.hpp"
#include "tests/support/sample.hpp"

namespace chatd::archive {
namespace {

constexpr std::array<std::string_view, 10> kWords{"alpha", "alphabet", "alp", "beta", "log",
                                                  "blog",  "logs",     "x",   "xy",   "config"};
constexpr std::array<std::string_view, 8> kHan{"打", "开", "文", "件", "配", "置", "的", "务"};

// Lines of more than one window, of words that are common and rare.
class SearchExactTest : public test::SearchFixture {
 protected:
  struct Said {
    std::string text;
    std::string name;
    std::uint32_t room;
    std::uint64_t number;
    std::int64_t at;
  };
  SearchExactTest() {
    begin_behind(kLinesOfAWindow - 6000);
    constexpr int kBatches = 200;
    for (int i = 0; i < kBatches; ++i) {
      const std::uint32_t room = pick(3) == 0 ? 1 + pick(2) : 0;
      const std::string name = pick(10) == 0 ? "bob" : "ada";
      std::vector<std::string> texts;
      for (int line = 0; line < 100; ++line) {
        texts.push_back(pick(2000) == 0 ? "needle 鑫鑫" : random_text());
        said_.push_back({.text = texts.back(),
                         .name = name,
                         .room = room,
                         .number = next_[room] + static_cast<std::uint64_t>(line),
                         .at = at_ + line});
      }
      say(std::move(texts), room, name);
    }
  }
  std::uint32_t pick(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }
  std::string han() {
    std::string text;
    for (std::uint32_t i = 0; i <= pick(4); ++i) text += kHan[pick(kHan.size())];
    return text;
  }
  std::string random_text() {
    std::string text;
    for (std::uint32_t i = 0; i <= pick(5); ++i) {
      if (!text.empty() && pick(4) != 0) text += ' ';
      text += pick(2) == 0 ? std::string{kWords[pick(kWords.size())]} : han();
    }
    return text;
  }

  // Is each sign that is no letter of a word a word of its own?
  static std::string spaced(std::string_view text) {
    std::string out{" "};
    for (std::size_t i = 0; i < text.size();) {
      const bool is_han = static_cast<unsigned char>(text[i]) >= 0x80;
      const std::size_t length = is_han ? 3 : 1;
      out += is_han ? " " : "";
      out += text.substr(i, length);
      out += is_han ? " " : "";
      i += length;
    }
    return out + ' ';
  }
  static bool has(const std::string& text, std::string_view term, bool is_beginning) {
    if (static_cast<unsigned char>(term.front()) >= 0x80) {
      return text.find(term) != std::string::npos;
    }
    const std::string wanted = ' ' + std::string{term} + (is_beginning ? "" : " ");
    return spaced(text).find(wanted) != std::string::npos;
  }

  struct Asked {
    std::vector<std::pair<std::string, bool>> terms;  // and whether it is a beginning
    std::string from;
    std::optional<std::uint32_t> room;
    std::int64_t since{0};
    std::string text;
  };
  Asked random_question() {
    Asked asked;
    const std::uint32_t count = 1 + pick(3);
    for (std::uint32_t i = 0; i < count; ++i) {
      std::string term;
      bool is_quoted = false;
      switch (pick(5)) {
        case 0:
          term = kHan[pick(kHan.size())];
          break;
        case 1:
          term = han();
          break;
        case 2:
          term = pick(2) == 0 ? "鑫鑫" : "need";
          break;
        case 3:
          term = std::string{kWords[pick(kWords.size())]} + ' ' + std::string{kWords[pick(5)]};
          is_quoted = true;
          break;
        default:
          term = kWords[pick(kWords.size())];
          is_quoted = pick(2) == 0;
      }
      const bool is_last = i + 1 == count;
      asked.text += is_quoted ? '"' + term + "\" " : term + ' ';
      const bool is_word = static_cast<unsigned char>(term.front()) < 0x80;
      asked.terms.emplace_back(term, is_last && !is_quoted && is_word && term.size() >= 3);
    }
    if (pick(4) == 0) asked.from = pick(2) == 0 ? "bob" : "ada";
    if (pick(2) == 0) asked.room = pick(3);
    if (pick(4) == 0) asked.since = 1'000'000 + pick(20'000);
    return asked;
  }
  std::vector<std::string> look(const Asked& asked) const {
    std::vector<std::string> lines;
    for (auto one = said_.rbegin(); one != said_.rend(); ++one) {
      bool is_hit = (asked.from.empty() || one->name == asked.from) &&
                    one->room == asked.room.value_or(one->room) && one->at >= asked.since;
      for (const auto& [term, is_beginning] : asked.terms) {
        is_hit = is_hit && has(one->text, term, is_beginning);
      }
      if (is_hit) lines.push_back(fmt::format("{}#{}", room_name(one->room), one->number));
    }
    return lines;
  }
  static std::string room_name(std::uint32_t room) {
    return room == 0 ? "chat" : fmt::format("room{}", room);
  }
  void expect_exact(int questions) {
    for (int i = 0; i < questions; ++i) {
      const Asked asked = random_question();
      SCOPED_TRACE(asked.text + " from " + asked.from);
      auto question = request(asked.text);
      question.query.from = asked.from;
      if (asked.since != 0) question.query.since = WallTime{Micros{asked.since}};
      if (asked.room)
        question.rooms = std::vector{SearchRoom{.room = number_of(room_name(*asked.room))}};
      question.lines = pick(2) == 0 ? 100'000 : 1000;
      const bool is_slow = pick(4) == 0;
      question.is_time_over = [is_slow, asked_for = 0]() mutable {
        return is_slow && ++asked_for % 20 == 0;
      };
      ASSERT_EQ(found(question), look(asked));
    }
  }

  std::mt19937_64 random_{test::sample_random("search")};
  std::vector<Said> said_;
};

TEST_F(SearchExactTest, WithoutAnIndexWithAPartOfItAndWithAllOfIt) {
  expect_exact(5);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(database_.index(1000));
  expect_exact(10);
  index_all();
  expect_exact(40);
}

TEST_F(SearchExactTest, AfterTheOldestLinesWereDeleted) {
  index_all();
  for (int i = 0; i < 30; ++i) ASSERT_EQ(database_.delete_oldest(100).value().lines, 100U);
  said_.erase(said_.begin(), said_.begin() + 3000);
  expect_exact(15);
}

}  // namespace
}  // namespace chatd::archive
