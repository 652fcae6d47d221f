// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/own_words.hpp"

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

const std::string kKey = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";
const std::string kSimilar = "SHA256:47DFQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";

TEST(OwnWords, EachEventHasLinesInBothLanguages) {
  for (const char* event :
       {"claimed", "code", "asked", "added", "declined", "keys", "dropped", "released"}) {
    const OwnNews news{.name = "ada", .facts = std::string{"event\t"} + event};
    for (const wire::Language language : {wire::Language::en, wire::Language::zh}) {
      const auto lines = own_lines(language, news, false, "host");
      ASSERT_FALSE(lines.empty()) << event;
      EXPECT_FALSE(lines.front().empty()) << event;
      for (const auto& line : lines) EXPECT_FALSE(line.contains("{")) << line;
    }
  }
}

TEST(OwnWords, AnUnknownEventHasNoLines) {
  EXPECT_TRUE(own_lines(wire::Language::en, {.facts = "event\tfound"}, false, "host").empty());
}

TEST(OwnWords, AKeyIsChosenByABeginningThatOnlyItHas) {
  const std::string facts = "key\t" + kKey + "\t1\tthis\t\nkey\t" + kSimilar + "\t2\t-\t";
  const wire::OwnAnswer answer = wire::read_own(facts);
  EXPECT_EQ(choose_key(answer, "47DE").key, kKey);
  EXPECT_EQ(choose_key(answer, kSimilar).key, kSimilar);
  EXPECT_TRUE(choose_key(answer, "47D").is_ambiguous);
  EXPECT_EQ(choose_key(answer, "47D").key, "");
  EXPECT_EQ(choose_key(answer, "x").key, "");
  EXPECT_FALSE(choose_key(answer, "x").is_ambiguous);
}

}  // namespace
}  // namespace chatd::client
