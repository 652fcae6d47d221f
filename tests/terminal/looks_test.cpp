// SPDX-License-Identifier: GPL-3.0-or-later
// The looks of a conversation with a real server: colours, day lines, facts about members.
#include <regex>
#include <sstream>
#include <string>

#include <fmt/format.h>

#include "client/terminal/name_color.hpp"
#include "common/crypto/keys.hpp"
#include "tests/support/text_client.hpp"
#include "tests/terminal/chat_on_screen.hpp"

namespace chatd::test {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class Looks : public ChatOnScreen {
 protected:
  Looks() { bob_.enter(); }
  NativeClient bob_{daemon_.endpoint(), {.name = "bob"}};
};

TEST_F(Looks, ANameHasItsColourAndALineForTheUserIsReversed) {
  screen_.enter("export TERM=screen-256color");
  start();
  bob_.say("hello");
  bob_.say("ada?");
  screen_.enter("here");
  ASSERT_TRUE(has_line("ada: here ✓"));
  // tmux writes the usual colours of text and background, too.
  const std::string all =
      std::regex_replace(screen_.styled_history(), std::regex{"\x1b\\[[34]9m"}, "");
  const unsigned number = client::color_of("bob").number;
  EXPECT_THAT(all, HasSubstr(fmt::format("\x1b[38;5;{}mbob: hello", number)));
  EXPECT_TRUE(std::regex_search(all, std::regex{"\x1b\\[[0-9;]*7m»"})) << all;
  EXPECT_TRUE(std::regex_search(all, std::regex{"\x1b\\[[0-9;]*1mada:"})) << all;
}

TEST_F(Looks, WithNoColorNothingHasAColour) {
  screen_.enter("export NO_COLOR=1");
  screen_.enter("clear");
  start();
  bob_.say("ada?");
  ASSERT_TRUE(has_line("» bob: ada?"));
  EXPECT_THAT(screen_.styled_history(), Not(HasSubstr("\x1b[")));
}

TEST_F(Looks, EarlierLinesHaveTheirDay) {
  bob_.say("old");
  start();
  bob_.say("new");
  ASSERT_TRUE(has_line("bob: new"));
  static const std::regex kDay{
      "\n---- earlier ----\n---- 20[0-9]{2}-[0-9]{2}-[0-9]{2} ----\n([^\n]*\n)*"
      "TIME bob: old\n([^\n]*\n)*---- now ----\n([^\n]*\n)*TIME bob: new\n"};
  const std::string all = timeless(screen_.history());
  EXPECT_TRUE(std::regex_search(all, kDay)) << all;
}

TEST_F(Looks, TheAnswerToWhoisHasTheKeyAndTheRooms) {
  ASSERT_EQ(daemon_.ctl({"room", "make", "lab"}).status, 0);
  TextClient eve{daemon_.endpoint(), TextClient::Kind::bare};
  eve.enter("eve");
  start();
  bob_.member().send(client::JoinRoom{.name = "lab"}, mono_now());
  bob_.pump_until([&] { return bob_.member().unconfirmed() == 0; });
  screen_.enter("/whois bob");
  EXPECT_TRUE(screen_.has_row("-- bob"));
  EXPECT_TRUE(screen_.shows(crypto::fingerprint(bob_.identity().public_key)));
  EXPECT_TRUE(screen_.shows("in #lab"));
  screen_.enter("/whois eve");
  EXPECT_TRUE(screen_.has_row("-- ~eve"));
  screen_.enter("/whois nobody");
  EXPECT_TRUE(screen_.shows("nobody named nobody is here"));
  screen_.enter("/away lunch");
  EXPECT_TRUE(screen_.shows("-- you are away: lunch"));
  screen_.enter("/whois ada");
  EXPECT_TRUE(screen_.shows("ada is away: lunch"));
  EXPECT_THAT(screen_.history(), Not(HasSubstr("eve is away")));
}

TEST_F(Looks, MentionsAreShownAgainWithTheirRoom) {
  start();
  bob_.say("hello");
  bob_.say("ada, look");
  ASSERT_TRUE(has_line("» bob: ada, look"));
  screen_.enter("/mentions");
  EXPECT_TRUE(screen_.has_row("-- the lines that mention you:"));
  static const std::regex kLine{
      "-- the lines that mention you:\n20[-0-9: ]{17} #[^\n]* bob: ada, "
      "look\nada>"};
  EXPECT_TRUE(eventually([&] { return std::regex_search(screen_.history(), kLine); }))
      << screen_.history();
}

TEST_F(Looks, HelpFitsIntoTheWindow) {
  screen_.resize(60, 40);
  screen_.enter("clear; $CHAT --help");
  ASSERT_TRUE(screen_.shows("The exit statuses are listed in uchat(1)."));
  // A row that the terminal had divided would be one line of more than 60 columns here.
  std::istringstream lines{screen_.history()};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('$')) continue;
    EXPECT_LE(line.size(), 60U) << line;
  }
}

}  // namespace
}  // namespace chatd::test
