// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/name.hpp"

#include <string>

#include <gtest/gtest.h>

#include "tests/common/wire/encode.hpp"

namespace chatd::wire {
namespace {

std::string times(std::string_view part, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += part;
  return all;
}

void expect_text(std::string_view raw, std::string_view text) {
  const auto name = check_name(raw);
  ASSERT_TRUE(name) << raw << ": fault " << static_cast<int>(name.error());
  EXPECT_EQ(name->text, text);
}

void expect_fault(std::string_view raw, NameFault fault) {
  const auto name = check_name(raw);
  ASSERT_FALSE(name) << raw;
  EXPECT_EQ(name.error(), fault) << raw;
}

void expect_same(std::string_view one, std::string_view other) {
  EXPECT_EQ(folded_name(one), folded_name(other)) << one << " and " << other;
  EXPECT_FALSE(folded_name(one).empty()) << one;
}

TEST(CheckName, AcceptsNamesOfManyLanguages) {
  for (const std::string_view raw :
       {"ada", "Ada_Lovelace-1815", "小明", "Ёлка", "محمد", "काव्या", "สมชาย", "한국", "O'Brien",
        "𠀀𠀁", "🎉", "❤\uFE0F", "admin1", "servers", "."}) {
    expect_text(raw, raw);
  }
}

TEST(CheckName, ComposesTheText) {
  expect_text("e\u0301milie", "\u00e9milie");
  expect_text("\u1112\u1161\u11ab", "\ud55c");
  expect_text("\u212b", "\u00c5");
}

TEST(CheckName, RefusesAnEmptyName) { expect_fault("", NameFault::empty); }

TEST(CheckName, AcceptsAtMostThirtyTwoCharacters) {
  expect_text(times("x", 32), times("x", 32));
  expect_fault(times("x", 33), NameFault::too_long);
  expect_text(times("é", 32), times("é", 32));
  expect_fault(times("é", 33), NameFault::too_long);
}

TEST(CheckName, AcceptsAtMostSixtyFourBytes) {
  expect_text(times("好", 21), times("好", 21));
  expect_fault(times("好", 22), NameFault::too_long);
  expect_text(times("𠀀", 16), times("𠀀", 16));
  expect_fault(times("𠀀", 17), NameFault::too_long);
}

TEST(CheckName, CountsCharactersAfterComposition) {
  expect_text(times("e\u0301", 32), times("\u00e9", 32));
  expect_fault(times("e\u0301", 33), NameFault::too_long);
  // Four characters of eight bytes together become one character of three bytes.
  expect_text(times("\u03b1\u0313\u0300\u0345", 21), times("\u1f82", 21));
}

TEST(CheckName, ReportsAVeryLongNameAsTooLong) {
  expect_fault(times("x", 5000), NameFault::too_long);
  expect_fault(times("好", 20000), NameFault::too_long);
}

TEST(CheckName, RefusesBytesThatAreNotUtf8) {
  for (const std::string_view raw :
       {"a\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe5\xb0", "\x80"}) {
    expect_fault(raw, NameFault::not_utf8);
  }
}

TEST(CheckName, RefusesEveryKindOfWhiteSpace) {
  for (const std::string_view raw :
       {"a b", "a\tb", "a\nb", "a\u00a0b", "a\u3000b", "a\u2028b", "a\u0085b", "\u2003"}) {
    expect_fault(raw, NameFault::has_space);
  }
}

TEST(CheckName, RefusesInvisibleCharacters) {
  for (const std::string_view raw :
       {"a\x01", "a\x7f", "a\u009b", "a\u200bb", "a\u200db", "a\u202eb", "a\u2066b", "\ufeffa",
        "a\u00adb", "a\u034fb", "\u3164", "a\u115fb", "\u2800", "\ue000", "\u0378", "\uffff",
        "a\U000E0041"}) {
    expect_fault(raw, NameFault::not_printable);
  }
  expect_fault(std::string_view{"a\0b", 3}, NameFault::not_printable);
}

TEST(CheckName, RefusesCombiningMarksWithoutABaseAndMoreThanThree) {
  expect_fault("\u0301a", NameFault::not_printable);
  expect_fault("\uFE0F", NameFault::not_printable);
  expect_text("q\u0323\u0327\u0330", "q\u0327\u0323\u0330");  // in canonical order
  expect_fault("q\u0323\u0327\u0330\u0331", NameFault::not_printable);
}

TEST(CheckName, RefusesTheServersNamesInEveryForm) {
  for (const std::string_view raw : {"admin",
                                     "Admin",
                                     "ADMIN",
                                     "administrator",
                                     "Server",
                                     "管理员",
                                     "管理员消息",
                                     "ＡＤＭＩＮ",
                                     "System",
                                     "系统",
                                     "服务器",
                                     "服务器管理员",
                                     "[服务器管理员]",
                                     "系统：",
                                     "[admin]",
                                     "admin:",
                                     "_server_",
                                     "管理员消息：",
                                     "\u2605admin\u2605",
                                     "\U0001D41A\U0001D41D\U0001D426\U0001D422\U0001D427",
                                     "admin\uFE0F",
                                     "\u24d0\u24d3\u24dc\u24d8\u24dd",
                                     "<Server>"}) {
    expect_fault(raw, NameFault::reserved);
  }
}

TEST(CheckName, RefusesNamesThatLookLikeALineOfAClient) {
  for (const std::string_view raw : {"--",
                                     "-ada",
                                     "*",
                                     "*ada",
                                     "\uff0aada",
                                     "!",
                                     "~ada",
                                     "\uff5eada",
                                     "[reconnecting]",
                                     "[from",
                                     "ada:",
                                     "ada\uff1a",
                                     "vic>",
                                     "\uff1e",
                                     "-->bob:",
                                     "\uff0d\uff0d",
                                     "a:b",
                                     "bob:ok",
                                     "@bob",
                                     "管理员消息：下课了",
                                     "zora(owned)",
                                     "ZORA(Away)",
                                     "zora\uff08owned\uff09",
                                     "zora(\u043ewned)",
                                     "(owned)",
                                     "李雷（已登记）",
                                     "李雷(离开)",
                                     "\ufe55x"}) {
    expect_fault(raw, NameFault::like_a_mark);
  }
  for (const std::string_view raw : {"a@b", "a>b", "ada-", "ada*", "ada!", "ada]", "_ada_", ".[x",
                                     "ada(lab)", "ada(owned)2", "owned"}) {
    expect_text(raw, raw);
  }
}

// In other brackets, and with accents behind them and on the letters.
TEST(CheckName, RefusesANameThatEndsInWhatLooksLikeAMarkOfAClient) {
  for (const std::string_view raw : {"zora\u2768owned\u2769",
                                     "zora\u27EEowned\u27EF",
                                     "zora\u3014owned\u3015",
                                     "zora\uFD3Eowned\uFD3F",
                                     "zora\u2772owned\u2773",
                                     "zora\u276Aaway\u276B",
                                     "zora\u27ECaway\u27ED",
                                     "zora\u2985away\u2986",
                                     "zora\u2997away\u2998",
                                     "zora\u2E28away\u2E29",
                                     "zora\u2E59away\u2E5A",
                                     "zora\u2E5Baway\u2E5C",
                                     "zora\u3018away\u3019",
                                     "zora(owned\u2769",
                                     "zora\u2768owned)",
                                     "zora\u207Downed\u207E",
                                     "李雷〔已登记〕",
                                     "李雷\u27EE离开\u27EF",
                                     "zora\u2768\u043Ewned\u2769",
                                     "zora(owned)\u0301",
                                     "zora(owned)\u0301\u0302\u0303",
                                     "zora(owned)\u0483",
                                     "zora(owned)\u0E49",
                                     "zora(owned)\u3099",
                                     "zora(owned)\u20DD",
                                     "zora(\u00F3wned)",
                                     "zora(ow\u0301ned)",
                                     "zora(\u0301owned)",
                                     "zora(ow\u0651ned)",
                                     "zora(aw\u00E4y)",
                                     "李雷(已\u0301登记)",
                                     "李雷(离开)\u0323",
                                     "zora\u2768owned\u2769\u0301",
                                     "zora(ow\u0274ed)",
                                     "zora(\u1D0F\u1D21\u0274\u1D07\u1D05)",
                                     "zora(\u1D00\u1D21\u1D00\u028F)",
                                     "李雷(己登记)",
                                     "李雷(巳登记)",
                                     "李雷(\u2E92登记)",
                                     "李雷(\u2F30登记)",
                                     "李雷(已豋记)",
                                     "李雷(已登記)",
                                     "李雷(離開)",
                                     "李雷(离幵)"}) {
    expect_fault(raw, NameFault::like_a_mark);
  }
  for (const std::string_view raw :
       {"ada(home)", "ada\u2768home\u2769", "李雷（家）", "李雷〔家〕", "李雷(离开了)",
        "李雷(自己)", "己巳", "離開", "(owned)ada", "ada\u2768owned\u27692", "ada[owned]",
        "ada{away}", "ad\u00E1(\u00E1)", "\u2768\u2769", "owned)", "ada\uFD3E\u0645\uFD3F"}) {
    const auto name = check_name(raw);
    EXPECT_TRUE(name) << raw;
  }
}

TEST(CheckName, FoldedNameHasAtMostItsLimitInBytes) {
  const auto grown = check_name(times("㌀", 16));  // folds to four characters of three bytes
  ASSERT_TRUE(grown);
  EXPECT_EQ(grown->key.size(), kMaxFoldedNameBytes);
  expect_fault(times("㌀", 17), NameFault::too_long);
  expect_fault(times("\ufdfa", 20), NameFault::too_long);
}

TEST(CheckName, AcceptsItsOwnResultWithoutAChange) {
  for (const std::string_view raw :
       {"Ada", "e\u0301milie", "Straße", "\u0130stanbul", "\u03b1\u0345\u0301", "ﬁne"}) {
    const auto once = check_name(raw);
    ASSERT_TRUE(once) << raw;
    EXPECT_EQ(check_name(once->text), once) << raw;
    EXPECT_EQ(folded_name(raw), once->key) << raw;
  }
}

TEST(CheckName, AcceptsItsOwnResultForEveryCharacter) {
  unsigned taken = 0;
  for (char32_t point = 0; point <= 0x10FFFF; ++point) {
    const auto once = check_name("a" + encoded(point));
    if (!once) continue;
    ++taken;
    ASSERT_EQ(check_name(once->text), once) << static_cast<unsigned>(point);
    ASSERT_EQ(folded_name(once->text), once->key) << static_cast<unsigned>(point);
    ASSERT_EQ(folded_name(once->key), once->key) << static_cast<unsigned>(point);
  }
  EXPECT_GT(taken, 100000U);
}

TEST(NameKey, FoldsCaseWidthAndForm) {
  expect_same("ADA", "ada");
  expect_same("Straße", "STRASSE");
  expect_same("Ａｄａ", "ada");
  expect_same("e\u0301milie", "\u00c9MILIE");
  expect_same("ﬁne", "fine");
  expect_same("❤\uFE0F", "❤");
  expect_same("ΣΊΣΥΦΟΣ", "σίσυφος");
}

TEST(NameKey, DiffersForDifferentNames) {
  EXPECT_NE(folded_name("ada"), folded_name("adam"));
  EXPECT_NE(folded_name("émilie"), folded_name("emilie"));
  EXPECT_NE(folded_name("小明"), folded_name("小红"));
}

// ASCII is folded without the tables of Unicode.
TEST(NameKey, OfAsciiIsThatOfUnicode) {
  for (char c = ' ' + 1; c < '\x7f'; ++c) {
    const std::string name{'x', c, 'Y'};
    EXPECT_EQ(folded_name(name) + "é", folded_name(name + "É")) << c;
  }
}

TEST(NameKey, IsEmptyForTextThatCannotBeAName) {
  EXPECT_EQ(folded_name("a\xff"), "");
  EXPECT_EQ(folded_name(times("x", 5000)), "");
  EXPECT_EQ(folded_name(""), "");
}

}  // namespace
}  // namespace chatd::wire
