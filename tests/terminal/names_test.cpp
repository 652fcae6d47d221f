// SPDX-License-Identifier: GPL-3.0-or-later
// Hostile names: a refused name is never shown, and an allowed name does not change other lines.
// Colours are off, so an escape sequence on the screen can only come from a name.
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/name.hpp"
#include "common/wire/text/phrases.hpp"
#include "tests/support/text_client.hpp"
#include "tests/terminal/chat_on_screen.hpp"

namespace chatd::test {
namespace {

using wire::Reason;

constexpr std::string_view kPrompt = "ada> half a line";

// A name that the server refuses.
struct RefusedName {
  std::string name;
  Reason refusal = Reason::name_not_printable;
};

// A letter with many combining marks.
std::string stacked_marks(int pairs_of_marks) {
  std::string name = "z";
  for (int i = 0; i < pairs_of_marks; ++i) name += "\u0301\u0328";
  return name;
}

std::vector<RefusedName> refused_names() {
  return {
      {"\x1b[2J\x1b[Hmallory"},  // terminal escapes
      {"\x1b[31mred"},
      {"\x1b]0;title\x07"},
      {"\x1b[?1049h\x1b[?25l"},
      {"\x1bP+q544e\x1b\\\x1b[6n"},  // queries to the terminal
      {"\xc2\x9b"
       "2J"},  // the same as C1 controls
      {"\xc2\x9d"
       "0;title\xc2\x9c"},
      {"\x9b"
       "2J",
       Reason::name_not_utf8},
      {"mallory\b\b\b\b\b\b\bbob"},  // control characters
      {"mallory\x7f"},
      {"mallory\rbob", Reason::name_has_space},
      {"mallory\n-- ada left", Reason::name_has_space},
      {"mallory\u2028bob", Reason::name_has_space},
      {"\u202eyrollam"},  // bidi controls
      {"\u2067mallory\u2069"},
      {"mallory\u200f"},
      {"mal\u200blory"},  // zero width
      {"mal\u200dlory"},
      {"\ufeffmallory"},
      {"mal\u00adlory"},
      {"mal\u2060lory"},
      {"\u3164"},  // fillers
      {"\u2800"},
      {stacked_marks(3)},  // many combining marks
      {stacked_marks(100)},
      {"\u0301mallory"},
      {"-->bob:", Reason::name_like_a_mark},  // like lines that the client prints itself
      {"[reconnecting]", Reason::name_like_a_mark},
      {"*", Reason::name_like_a_mark},
      {"~ada", Reason::name_like_a_mark},
      {"vic>", Reason::name_like_a_mark},
      {"\xc0\x9b[2J", Reason::name_not_utf8},  // overlong
      {"\xe0\x80\x9b[2J", Reason::name_not_utf8},
      {"\xf0\x80\x80\x9b[2J", Reason::name_not_utf8},
      {"\xed\xa0\x80\xed\xbf\xbf", Reason::name_not_utf8},  // surrogates
      {"\xf4\x90\x80\x80", Reason::name_not_utf8},          // beyond Unicode
  };
}

class NamesOnScreen : public ChatOnScreen {
 protected:
  NamesOnScreen() {
    screen_.enter("export NO_COLOR=1");
    start();
    screen_.type("half a line");
    EXPECT_TRUE(screen_.ends_with(kPrompt));
    modes_ = screen_.modes();
  }
  [[nodiscard]] std::string shown() const { return timeless(screen_.styled_history()); }
  // Waits until only `lines` were added to `before`, above the input line. Checks that the cursor
  // is after the input line, and that the terminal's modes have not changed.
  void expect_only(const std::string& before, const std::string& lines) const {
    ASSERT_TRUE(before.ends_with(kPrompt)) << before;
    std::string expected = before;
    expected.insert(expected.size() - kPrompt.size(), lines);
    (void)eventually([&] { return shown() == expected; });
    EXPECT_EQ(shown(), expected);
    EXPECT_TRUE(screen_.has_cursor_in(kPrompt.size()));
    EXPECT_EQ(screen_.modes(), modes_);
  }

  TextClient mallory_{daemon_.endpoint(), TextClient::Kind::bare};
  std::string modes_;
};

TEST_F(NamesOnScreen, RefusedNamesAreNotShown) {
  const std::string before = shown();
  for (const auto& [name, refusal] : refused_names()) {
    EXPECT_EQ(mallory_.ask("L " + name), wire::phrase(wire::Language::en, refusal)) << name;
  }
  // An effect of the refused names would be shown before this line.
  mallory_.enter("mallory");
  expect_only(before, "TIME -- ~mallory joined\n");
}

TEST_F(NamesOnScreen, AllowedNamesAreShownAndDoNotChangeOtherLines) {
  std::string wide;
  for (int i = 0; i < 21; ++i) wide += "漢";
  for (const std::string& name : {std::string{"שלום"}, std::string{"z\u0301\u0328\u0301"}, wide,
                                  std::string{"مرحبا"}, std::string{"bob<--"}}) {
    const std::string before = shown();
    const auto checked = wire::check_name(name);
    ASSERT_TRUE(checked.has_value()) << name;
    const std::string& text = checked->text;
    mallory_.enter(name);
    mallory_.send("C hello");
    EXPECT_TRUE(has_line("~" + text + ": hello"));
    EXPECT_EQ(mallory_.ask("Q"), "EXIT");
    std::string lines;
    for (const char* what : {"-- ~NAME joined\n", "~NAME: hello\n", "-- ~NAME left\n"}) {
      lines += "TIME " + std::string{what};
      lines.replace(lines.rfind("NAME"), 4, text);
    }
    expect_only(before, lines);
  }
}

}  // namespace
}  // namespace chatd::test
