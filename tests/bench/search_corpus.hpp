// SPDX-License-Identifier: GPL-3.0-or-later
// search_corpus.hpp — the messages of search_bench: half of them Chinese, in rooms of very
// different sizes, from a seed; nothing of the machine is copied.
//
// Runs in:   search_bench.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::bench {

inline constexpr std::uint32_t kRooms = 1000;

struct Message {
  std::uint32_t room;
  std::uint32_t author;
  std::string text;
};

// Words by Zipf's law, from a seed: nothing of the machine is copied.
class Corpus {
 public:
  Corpus() {
    for (int i = 0; i < 20'000; ++i) english_.push_back(english_word());
    for (int i = 0; i < 20'000; ++i) chinese_.push_back(chinese_word());
  }
  Message next() {
    const double u = uniform_(random_);
    Message message{.room = static_cast<std::uint32_t>(u * u * u * kRooms),
                    .author = static_cast<std::uint32_t>(random_() % 500),
                    .text = {}};
    const bool is_chinese = random_() % 2 == 0;
    const std::size_t bytes = 10 + random_() % 88;
    while (message.text.size() < bytes) {
      if (!is_chinese && !message.text.empty()) message.text += ' ';
      message.text += is_chinese ? chinese_[zipf()] : english_[zipf()];
      if (is_chinese && random_() % 8 == 0) message.text += "，";
      if (is_chinese && random_() % 30 == 0) message.text += english_[zipf()];
    }
    return message;
  }
  [[nodiscard]] const std::vector<std::string>& english() const { return english_; }
  [[nodiscard]] const std::vector<std::string>& chinese() const { return chinese_; }

 private:
  std::size_t zipf() {
    // The rank is about exp(u * ln n).
    const double rank = std::exp(uniform_(random_) * std::log(20'000.0));
    return std::min<std::size_t>(static_cast<std::size_t>(rank) - 1, 19'999);
  }
  std::string english_word() {
    constexpr std::string_view kConsonants = "bcdfghklmnprstvw";
    constexpr std::string_view kVowels = "aeiou";
    std::string word;
    for (std::size_t i = 0; i <= random_() % 4; ++i) {
      word += kConsonants[random_() % kConsonants.size()];
      word += kVowels[random_() % kVowels.size()];
      if (random_() % 3 == 0) word += kConsonants[random_() % kConsonants.size()];
    }
    return word;
  }
  std::string chinese_word() {
    std::string word;
    const double u = uniform_(random_);
    const std::size_t characters = u < 0.1 ? 1 : u < 0.7 ? 2 : u < 0.9 ? 3 : 4;
    for (std::size_t i = 0; i < characters; ++i) {
      const double v = uniform_(random_);
      const auto point = static_cast<unsigned>(0x4E00 + v * v * 3000);
      word += static_cast<char>(0xE0U | (point >> 12U));
      word += static_cast<char>(0x80U | ((point >> 6U) & 0x3FU));
      word += static_cast<char>(0x80U | (point & 0x3FU));
    }
    return word;
  }
  std::mt19937 random_{20'261'130};
  std::uniform_real_distribution<double> uniform_{0, 1};
  std::vector<std::string> english_;
  std::vector<std::string> chinese_;
};

}  // namespace chatd::bench
