// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/kinds.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/config/support.hpp"

namespace chatd::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Kinds, AFlagIsTrueOrFalse) {
  EXPECT_TRUE(config_of("text.enabled = true").text.enabled);
  EXPECT_FALSE(config_of("text.enabled = false").text.enabled);
  EXPECT_THAT(problems_of("text.enabled = \"yes\""),
              ElementsAre("chatd.toml:1: text.enabled: found a string (\"yes\"), "
                          "expected a boolean: true or false"));
  EXPECT_THAT(problems_of("text.enabled = 1"),
              ElementsAre("chatd.toml:1: text.enabled: found an integer (1), "
                          "expected a boolean: true or false"));
}

TEST(Kinds, AWordIsPrintableAsciiWithoutASpace) {
  EXPECT_EQ(config_of("text.login_reply = \"IN\"").text.login_reply, "IN");
  EXPECT_EQ(config_of("text.login_reply = \"" + std::string(32, '~') + "\"").text.login_reply,
            std::string(32, '~'));
  const std::string words = "1 to 32 printable ASCII characters, no space";
  const std::string where = "chatd.toml:1: text.login_reply: ";
  for (const std::string_view bad : {"a b", "\\u0007", "\\u007F", "退出"}) {
    EXPECT_THAT(problems_of("text.login_reply = \"" + std::string{bad} + "\""),
                ElementsAre(where + "has a character that is not allowed: " + words))
        << bad;
  }
  EXPECT_THAT(problems_of("text.login_reply = \"\""),
              ElementsAre(where + "has a length of 0: " + words));
  EXPECT_THAT(problems_of("text.login_reply = \"" + std::string(33, 'x') + "\""),
              ElementsAre(where + "has a length of 33: " + words));
  EXPECT_THAT(problems_of("text.login_reply = 7"),
              ElementsAre(where + "found an integer (7), expected a string: " + words));
}

TEST(Kinds, WordsAreAListOrOneString) {
  EXPECT_THAT(config_of("text.exit_reply = \"Exit\"").text.exit_reply, ElementsAre("Exit"));
  EXPECT_THAT(config_of("text.exit_reply = [\"EXIT\", \"OUT\"]").text.exit_reply,
              ElementsAre("EXIT", "OUT"));
  const std::string words = "1 to 32 printable ASCII characters, no space; 1 to 8 of them";
  const std::string where = "chatd.toml:1: text.exit_reply: ";
  EXPECT_THAT(problems_of("text.exit_reply = []"), ElementsAre(where + "has 0 elements: " + words));
  EXPECT_THAT(problems_of("text.exit_reply = [\"EXIT\", \"a b\"]"),
              ElementsAre(where + "has a character that is not allowed: " + words));
  EXPECT_THAT(
      problems_of("text.exit_reply = [\"EXIT\", 7]"),
      ElementsAre(where + "found an integer (7), expected a string or list of strings: " + words));
  EXPECT_THAT(problems_of("text.exit_reply = true"),
              ElementsAre(where + "found a boolean (true), expected a string or list of strings: " +
                          words));
}

TEST(Kinds, APathIsAbsoluteOrEmpty) {
  const std::string words = "an absolute path of at most 107 bytes, or \"\" for the default place";
  EXPECT_EQ(config_of("control.path = \"\"").control.path, "");
  EXPECT_EQ(config_of("control.path = \"/run/c\"").control.path, "/run/c");
  EXPECT_THAT(problems_of("control.path = \"/" + std::string(106, 'x') + "\""), IsEmpty());
  EXPECT_THAT(problems_of("control.path = \"/" + std::string(107, 'x') + "\""),
              ElementsAre("chatd.toml:1: control.path: has a length of 108: " + words));
  EXPECT_THAT(problems_of("control.path = \"control.sock\""),
              ElementsAre("chatd.toml:1: control.path: is not an absolute path: " + words));
  EXPECT_THAT(problems_of("control.path = \"/run/\\u0000\""),
              ElementsAre("chatd.toml:1: control.path: has a zero byte: " + words));
}

}  // namespace
}  // namespace chatd::config
