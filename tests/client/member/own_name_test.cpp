// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/own_name.hpp"

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using wire::RecordKind;

Line line_by(std::string_view name, RecordKind record = RecordKind::say) {
  return {.record = record, .name = std::string{name}};
}

TEST(OwnName, HasSentTheLinesThatHaveItInAnyCaseAndWidth) {
  for (const char* own : {"ada", "Ada", "ａｄａ"}) {
    for (const char* name : {"ada", "ADA", "ａｄａ"}) {
      EXPECT_TRUE(OwnName{own}.has_sent(line_by(name))) << own << ' ' << name;
    }
    for (const char* name : {"", "bob", "adam", "小明", "\xff\xff\xff"}) {
      EXPECT_FALSE(OwnName{own}.has_sent(line_by(name))) << own << ' ' << name;
    }
  }
  EXPECT_TRUE(OwnName{"Straße"}.has_sent(line_by("STRASSE")));
}

TEST(OwnName, HasSentNothingFromBeforeTheSession) {
  Line line = line_by("ada");
  line.replay = true;
  EXPECT_FALSE(OwnName{"ada"}.has_sent(line));
}

TEST(OwnName, HasSentNoLineThatDoesNotNameItsSender) {
  for (const auto kind : {RecordKind::action, RecordKind::direct, RecordKind::topic,
                          RecordKind::set, RecordKind::moderated}) {
    EXPECT_TRUE(OwnName{"ada"}.has_sent(line_by("ada", kind)));
  }
  for (const auto kind :
       {RecordKind::join, RecordKind::leave, RecordKind::kick, RecordKind::announce}) {
    EXPECT_FALSE(OwnName{"ada"}.has_sent(line_by("ada", kind)));
  }
}

TEST(OwnName, HasSentNothingBeforeItIsKnown) {
  EXPECT_FALSE(OwnName{}.has_sent(line_by("")));
  EXPECT_FALSE(OwnName{}.has_sent(line_by("ada")));
  EXPECT_FALSE(OwnName{"\xff"}.has_sent(line_by("\xfe")));
}

}  // namespace
}  // namespace chatd::client
