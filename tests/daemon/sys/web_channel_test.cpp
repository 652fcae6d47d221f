// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/web_channel.hpp"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "daemon/sys/message_socket.hpp"

namespace chatd::sys {
namespace {

class WebChannelTest : public ::testing::Test {
 protected:
  WebPair pair_{make_web_pair().value()};
};

TEST_F(WebChannelTest, AnEntryArrivesWhole) {
  WebEnter enter{.request = 7, .client = 8, .is_plain = true, .is_new = true, .name = "ada"};
  enter.token.fill(std::byte{9});
  enter.password.emplace().fill(std::byte{10});
  ASSERT_TRUE(send(pair_.web.get(), enter));
  const auto got = receive_from_web(pair_.gateway.get());
  ASSERT_TRUE(got);
  const auto& seen = std::get<WebEnter>(got->message);
  EXPECT_EQ(seen.request, 7U);
  EXPECT_EQ(seen.token, enter.token);
  EXPECT_EQ(seen.password, enter.password);
  EXPECT_TRUE(seen.is_plain);
  EXPECT_EQ(seen.name, "ada");
}

TEST_F(WebChannelTest, AnswersArriveAtWeb) {
  ASSERT_TRUE(send(pair_.gateway.get(), WebAnswer{.request = 3, .outcome = WebOutcome::gap}));
  ASSERT_TRUE(send(pair_.gateway.get(), WebList{.request = 4, .text = "ada", .next = 5}));
  EXPECT_EQ(std::get<WebAnswer>(*receive_for_web(pair_.web.get())).outcome, WebOutcome::gap);
  EXPECT_EQ(std::get<WebList>(*receive_for_web(pair_.web.get())).next, 5U);
  EXPECT_FALSE(receive_for_web(pair_.web.get()));
}

}  // namespace
}  // namespace chatd::sys
