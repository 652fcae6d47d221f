// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/page.hpp"

#include <gmock/gmock.h>

namespace chatd {
namespace {

TEST(PageTest, ThePageHasTheNamesOfTheMachineAndOfTheConfiguration) {
  config::Config config;
  config.web.hosts = {"Chat.Example"};
  EXPECT_THAT(
      page_rules(config, "Lab7.school.example").hosts,
      testing::UnorderedElementsAre("chat.example", "lab7.school.example", "lab7", "lab7.local"));
  EXPECT_THAT(page_rules(config, "").hosts, testing::ElementsAre("chat.example"));
}

TEST(PageTest, TheDescriptionSaysHowToEnter) {
  config::Config config;
  config.room.name = "lab";
  config.room.password_file = "/etc/chatd/password";
  config.server.door = config::WhoEnters::invited;
  const web::About about = about_page(config, {});
  EXPECT_EQ(about.name, "lab");
  EXPECT_TRUE(about.has_password);
  EXPECT_TRUE(api_settings(config, {}).has_password);
  EXPECT_FALSE(api_settings(config::Config{}, {}).has_password);
  EXPECT_EQ(about.door, "invited");
  EXPECT_EQ(about.plain, "chat-only");
  EXPECT_EQ(about.max_text, config.limits.message_bytes);
  EXPECT_TRUE(about.fingerprint.starts_with("SHA256:"));
}

}  // namespace
}  // namespace chatd
