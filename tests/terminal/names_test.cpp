// SPDX-License-Identifier: GPL-3.0-or-later
// Names of every nasty kind: what is refused never comes to anybody's screen, and what is allowed
// spoils none. Without colours: every escape on the screen would be a stranger's.
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/name.hpp"
#include "common/wire/phrases.hpp"
#include "tests/support/text_client.hpp"
#include "tests/terminal/chat_on_screen.hpp"

namespace chatd::test {
namespace {

using wire::Phrase;

constexpr std::string_view kPrompt = "ada> half a line";

struct Nasty {
  std::string name;
  Phrase refusal = Phrase::name_not_printable;
};

std::string tower(int pairs_of_marks) {
  std::string name = "z";
  for (int i = 0; i < pairs_of_marks; ++i) name += "\u0301\u0328";
  return name;
}

std::vector<Nasty> nasty_names() {
  return {
      {"\x1b[2J\x1b[Hmallory"},  // terminal escapes
      {"\x1b[31mred"},
      {"\x1b]0;title\x07"},
      {"\x1b[?1049h\x1b[?25l"},
      {"\x1bP+q544e\x1b\\\x1b[6n"},  // that ask the terminal
      {"\xc2\x9b"
       "2J"},  // the same as C1 controls
      {"\xc2\x9d"
       "0;title\xc2\x9c"},
      {"\x9b"
       "2J",
       Phrase::name_not_utf8},
      {"mallory\b\b\b\b\b\b\bbob"},  // control characters
      {"mallory\x7f"},
      {"mallory\rbob", Phrase::name_has_space},
      {"mallory\n-- ada left", Phrase::name_has_space},
      {"mallory\u2028bob", Phrase::name_has_space},
      {"\u202eyrollam"},  // turns the line round
      {"\u2067mallory\u2069"},
      {"mallory\u200f"},
      {"mal\u200blory"},  // zero width
      {"mal\u200dlory"},
      {"\ufeffmallory"},
      {"mal\u00adlory"},
      {"mal\u2060lory"},
      {"\u3164"},  // fillers
      {"\u2800"},
      {tower(3)},  // combining towers
      {tower(100)},
      {"\u0301mallory"},
      {"-->bob:", Phrase::name_like_a_mark},  // what the client writes itself
      {"[reconnecting]", Phrase::name_like_a_mark},
      {"*", Phrase::name_like_a_mark},
      {"vic>", Phrase::name_like_a_mark},
      {"\xc0\x9b[2J", Phrase::name_not_utf8},  // overlong
      {"\xe0\x80\x9b[2J", Phrase::name_not_utf8},
      {"\xf0\x80\x80\x9b[2J", Phrase::name_not_utf8},
      {"\xed\xa0\x80\xed\xbf\xbf", Phrase::name_not_utf8},  // surrogates
      {"\xf4\x90\x80\x80", Phrase::name_not_utf8},          // beyond Unicode
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
  // Nothing but these lines is new, and the typed line is below them, with the cursor behind it.
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

TEST_F(NamesOnScreen, NoNastyOneGetsThere) {
  const std::string before = shown();
  for (const auto& [name, refusal] : nasty_names()) {
    EXPECT_EQ(mallory_.ask("L " + name), wire::phrase(wire::Language::en, refusal)) << name;
  }
  // Whatever those have brought about has come before this.
  mallory_.enter("mallory");
  expect_only(before, "TIME -- mallory joined\n");
}

TEST_F(NamesOnScreen, AnAllowedOneIsShownWholeAndSpoilsNothing) {
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
    EXPECT_TRUE(has_line(text + ": hello"));
    EXPECT_EQ(mallory_.ask("Q"), "EXIT");
    std::string lines;
    for (const char* what : {"-- NAME joined\n", "NAME: hello\n", "-- NAME left\n"}) {
      lines += "TIME " + std::string{what};
      lines.replace(lines.rfind("NAME"), 4, text);
    }
    expect_only(before, lines);
  }
}

}  // namespace
}  // namespace chatd::test
