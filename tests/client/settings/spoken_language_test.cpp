// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/spoken_language.hpp"

#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using wire::Language;

class SpokenLanguage : public ::testing::Test {
 protected:
  SpokenLanguage() { set("", "", ""); }
  ~SpokenLanguage() override { set("", "", ""); }
  static void set(const char* all, const char* messages, const char* lang) {
    ::setenv("LC_ALL", all, 1);
    ::setenv("LC_MESSAGES", messages, 1);
    ::setenv("LANG", lang, 1);
  }
  static Language of(const std::vector<const char*>& words) { return language_of_words(words); }
};

TEST_F(SpokenLanguage, IsReadFromTheVariablesOfSetlocale) {
  EXPECT_EQ(language_of_environment(), Language::en);
  set("", "", "zh_CN.UTF-8");
  EXPECT_EQ(language_of_environment(), Language::zh);
  set("", "en_GB.UTF-8", "zh_CN.UTF-8");
  EXPECT_EQ(language_of_environment(), Language::en);
  set("zh_TW", "en_GB.UTF-8", "");
  EXPECT_EQ(language_of_environment(), Language::zh);
}

TEST_F(SpokenLanguage, IsThatOfTheCommandLineIfItIsGiven) {
  EXPECT_EQ(of({"uchat", "--language", "zh"}), Language::zh);
  EXPECT_EQ(of({"uchat", "send", "--nope", "--language=zh"}), Language::zh);
  set("zh_CN", "", "");
  EXPECT_EQ(of({"uchat", "host", "--language", "en"}), Language::en);
  EXPECT_EQ(of({"uchat", "host"}), Language::zh);
}

TEST_F(SpokenLanguage, IsNotTakenFromAWrongOptionOrFromText) {
  EXPECT_EQ(of({"uchat", "--language"}), Language::en);
  EXPECT_EQ(of({"uchat", "--language", "fr"}), Language::en);
  EXPECT_EQ(of({"uchat", "--languages=zh"}), Language::en);
  EXPECT_EQ(of({"uchat", "send", "host", "--", "--language", "zh"}), Language::en);
}

}  // namespace
}  // namespace chatd::client
