// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/language.hpp"

#include <gtest/gtest.h>

namespace chatd::wire {
namespace {

TEST(LanguageOfLocale, ChineseInAnyTerritoryAndCodeset) {
  for (const char* locale :
       {"zh", "zh_CN", "zh_CN.UTF-8", "zh_TW.utf8@radical", "zh-Hans", "zh.UTF-8"}) {
    EXPECT_EQ(language_of_locale(locale), Language::zh) << locale;
  }
}

TEST(LanguageOfLocale, EverythingElseIsEnglish) {
  for (const char* locale : {"", "C", "C.UTF-8", "POSIX", "en_GB.UTF-8", "zha_CN", "de_DE", "z"}) {
    EXPECT_EQ(language_of_locale(locale), Language::en) << locale;
  }
}

}  // namespace
}  // namespace chatd::wire
