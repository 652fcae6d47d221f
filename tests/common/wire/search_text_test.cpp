// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/search_text.hpp"

#include <gmock/gmock.h>

#include "common/wire/unicode.hpp"

namespace chatd::wire {
namespace {

std::string tokens(std::string_view text) {
  std::string out;
  add_tokens(folded_text(text), out);
  return out;
}

TEST(FoldText, CaseAndWidthMakeNoDifference) {
  EXPECT_EQ(folded_text("Ｈello, WORLD（１）"), "hello, world(1)");
  EXPECT_EQ(folded_text("Straße É"), "strasse é");
  EXPECT_EQ(folded_text("e\u0301"), "é");
  EXPECT_EQ(folded_text("文件。“好”"), "文件。“好”");
  EXPECT_EQ(folded_text("ｶﾞ"), "ガ");
  EXPECT_EQ(folded_text("\u200b"), "");
}

TEST(FoldText, ATextThatIsNotUtf8KeepsItsBytes) {
  EXPECT_EQ(folded_text("A\xff\x80z"), "a\xff\x80z");
}

// The quick way gives what the whole one gives.
TEST(FoldText, AgreesWithTheNormalForm) {
  constexpr char32_t kStepOfHan = 97;
  for (char32_t point = 1; point < 0x11000;
       point += point < 0x3400 || point > 0xFE00 ? 1 : kStepOfHan) {
    if (point >= 0xD800 && point < 0xE000) continue;
    std::string text = "a文";
    if (point < 0x80) {
      text += static_cast<char>(point);
    } else if (point < 0x800) {
      text += {static_cast<char>(0xC0 | (point >> 6)), static_cast<char>(0x80 | (point & 0x3F))};
    } else if (point < 0x10000) {
      text +=
          {static_cast<char>(0xE0 | (point >> 12)), static_cast<char>(0x80 | ((point >> 6) & 0x3F)),
           static_cast<char>(0x80 | (point & 0x3F))};
    } else {
      text += {static_cast<char>(0xF0 | (point >> 18)),
               static_cast<char>(0x80 | ((point >> 12) & 0x3F)),
               static_cast<char>(0x80 | ((point >> 6) & 0x3F)),
               static_cast<char>(0x80 | (point & 0x3F))};
    }
    text += "b";
    ASSERT_EQ(folded_text(text), normalized(text, Form::nfkc_casefold))
        << static_cast<unsigned>(point);
  }
}

TEST(Tokens, AreWordsTheirBeginningsAndPairs) {
  EXPECT_EQ(tokens("打开文件 Config.txt"), " 打开 开文 文件 config __con txt __txt");
  EXPECT_EQ(tokens("a ls 用vim编"), " a ls vim __vim");
  EXPECT_EQ(tokens("ﾃｽﾄ 한국"), " テス スト 한국");
  EXPECT_EQ(tokens("naïve Ünix"), " naïve __naï ünix __üni");
  EXPECT_EQ(tokens("的 - ++ 😀 _"), "");
}

TEST(Tokens, AWordThatIsTooLongIsCut) {
  const std::string word(200, 'x');
  EXPECT_EQ(tokens(word), " " + word.substr(0, kMaxTokenBytes) + " __xxx");
}

TEST(Tokens, HaveNoSignOfTheIndexOwnLanguage) {
  for (char c = 1; c < 0x7F; ++c) {
    const std::string text = tokens(std::string{"ab"} + c + "NEAR(" + c + "cd");
    EXPECT_EQ(text.find_first_of("\"*()-:^+{}'ABCDEFGHIJKLMNOPQRSTUVWXYZ"), std::string::npos);
  }
}

TEST(PrefixToken, HasThreeCharacters) {
  EXPECT_EQ(prefix_token("config"), "__con");
  EXPECT_EQ(prefix_token("été"), "__été");
  EXPECT_EQ(prefix_token("ab"), "");
}

TEST(SearchClass, ScriptsWithoutBlanksAreUnspaced) {
  for (const char32_t character : {U'文', U'の', U'ー', U'한', U'ไ', U'〇', U'\U00020000'}) {
    EXPECT_EQ(search_class(character), SearchClass::unspaced) << static_cast<unsigned>(character);
  }
  for (const char32_t character : {U'a', U'7', U'é', U'я', U'\u0301'}) {
    EXPECT_EQ(search_class(character), SearchClass::word) << static_cast<unsigned>(character);
  }
  for (const char32_t character : {U'_', U' ', U'。', U'・', U'😀', U'\''}) {
    EXPECT_EQ(search_class(character), SearchClass::separator) << static_cast<unsigned>(character);
  }
}

}  // namespace
}  // namespace chatd::wire
