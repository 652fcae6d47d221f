// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/prompt.hpp"

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using Link = PromptState::Link;
constexpr auto kEnglish = wire::Language::en;

TEST(Prompt, IsTheNameWhileConnected) {
  EXPECT_EQ(prompt_text({.link = Link::connected, .name = "ada"}, kEnglish), "ada> ");
}

TEST(Prompt, ShowsTheConnectionAndUnconfirmedMessages) {
  EXPECT_EQ(prompt_text({.link = Link::connecting, .name = "ada"}, kEnglish), "[connecting] ada> ");
  EXPECT_EQ(prompt_text({.link = Link::connected, .name = "ada", .unconfirmed = 2}, kEnglish),
            "(sending 2) ada> ");
  EXPECT_EQ(prompt_text({.link = Link::reconnecting, .name = "ada"}, kEnglish),
            "[reconnecting] ada> ");
  EXPECT_EQ(prompt_text({.link = Link::reconnecting,
                         .name = "ada",
                         .away = std::chrono::seconds{12},
                         .unconfirmed = 1,
                         .columns = 120},
                        kEnglish),
            "[reconnecting 12 s] (sending 1) ada> ");
  EXPECT_EQ(
      prompt_text({.link = Link::reconnecting, .name = "小明", .away = std::chrono::seconds{3}},
                  wire::Language::zh),
      "[正在重连 3 秒] 小明> ");
}

TEST(Prompt, ShowsTheRoomInFrontOfTheName) {
  EXPECT_EQ(prompt_text({.link = Link::connected, .name = "ada", .room = "#lab"}, kEnglish),
            "#lab ada> ");
  EXPECT_EQ(prompt_text({.link = Link::connected, .name = "ada", .room = "#lab", .columns = 12},
                        kEnglish),
            "#lab> ");
}

TEST(Prompt, ShowsUnreadMessagesAsFarAsTheyFit) {
  const auto prompt = [](std::size_t columns) {
    return prompt_text({.link = Link::connected,
                        .name = "ada",
                        .room = "#tea",
                        .unread = {"[#lab 3, #ops 1!]", "[2 rooms!]", "[2!]"},
                        .columns = columns},
                       kEnglish);
  };
  EXPECT_EQ(prompt(80), "[#lab 3, #ops 1!] #tea ada> ");
  EXPECT_EQ(prompt(52), "[#lab 3, #ops 1!] #tea ada> ");
  EXPECT_EQ(prompt(50), "[2 rooms!] #tea ada> ");
  EXPECT_EQ(prompt(44), "[2 rooms!] #tea ada> ");
  EXPECT_EQ(prompt(40), "[2!] #tea ada> ");
  EXPECT_EQ(prompt(30), "[2!] #tea ada> ");
  EXPECT_EQ(prompt(24), "[2!] #tea> ");
  EXPECT_EQ(prompt(18), "#tea> ");
  EXPECT_EQ(prompt(4), "#tea> ");
}

TEST(Prompt, HasTheNameAndTheUnreadMessagesAlsoWhileItReconnects) {
  const auto prompt = [](std::string name, std::size_t columns) {
    return prompt_text({.link = Link::reconnecting,
                        .name = std::move(name),
                        .room = "#lab",
                        .unread = {"[#ops 3, #tea 1!]", "[2 rooms!]", "[2!]"},
                        .away = std::chrono::seconds{12},
                        .unconfirmed = 2,
                        .columns = columns},
                       kEnglish);
  };
  EXPECT_EQ(prompt("ada", 100), "[reconnecting 12 s] (sending 2) [#ops 3, #tea 1!] #lab ada> ");
  EXPECT_EQ(prompt("ada", 80), "[reconnecting] (sending 2) [#ops 3, #tea 1!] #lab ada> ");
  EXPECT_EQ(prompt("alexander", 80), "[reconnecting] (sending 2) [2 rooms!] #lab alexander> ");
  EXPECT_EQ(prompt("ada", 40), "[reconnecting] (sending 2) #lab> ");
}

TEST(Prompt, LeavesTheNameOutInANarrowWindow) {
  EXPECT_EQ(prompt_text({.link = Link::connected, .name = "ada", .columns = 8}, kEnglish), "> ");
  // The columns count (six), not the bytes (eight).
  EXPECT_EQ(prompt_text({.link = Link::connected, .name = "小明", .columns = 12}, kEnglish),
            "小明> ");
  EXPECT_EQ(prompt_text({.link = Link::reconnecting, .name = "ada", .columns = 20}, kEnglish),
            "[reconnecting] > ");
}

}  // namespace
}  // namespace chatd::client
