// SPDX-License-Identifier: GPL-3.0-or-later
// By the messages of web_channel.hpp.
#include "daemon/sys/message_socket.hpp"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "daemon/sys/web_channel.hpp"

namespace chatd::sys {
namespace {

class MessageSocketTest : public ::testing::Test {
 protected:
  WebPair pair_{make_web_pair().value()};
};

TEST_F(MessageSocketTest, TheKernelSaysWhichProcessHasSent) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(send(pair_.web.get(), WebRead{.mailbox = 1}) ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
  ASSERT_TRUE(send(pair_.web.get(), WebRead{.mailbox = 2}));
  EXPECT_EQ(receive_from_web(pair_.gateway.get())->sender, child);
  EXPECT_EQ(receive_from_web(pair_.gateway.get())->sender, ::getpid());
}

TEST_F(MessageSocketTest, AMessageThatCannotBeReadIsDropped) {
  const std::string_view bytes = "\xFFno message";
  ASSERT_EQ(::send(pair_.web.get(), bytes.data(), bytes.size(), 0),
            static_cast<ssize_t>(bytes.size()));
  ASSERT_TRUE(send(pair_.web.get(), WebRead{.mailbox = 2}));
  EXPECT_EQ(std::get<WebRead>(receive_from_web(pair_.gateway.get())->message).mailbox, 2U);
}

TEST_F(MessageSocketTest, ADescriptorThatComesWithAMessageIsClosed) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  ASSERT_TRUE(send_message(pair_.web.get(), FromWeb{WebRead{.mailbox = 2}}, pipe[1]));
  ASSERT_TRUE(receive_from_web(pair_.gateway.get()));
  ::close(pipe[1]);
  char byte = 0;
  EXPECT_EQ(::read(pipe[0], &byte, 1), 0);  // no end for writing is open
  ::close(pipe[0]);
}

TEST_F(MessageSocketTest, AMessageIsNotSentToAnEndThatIsNotRead) {
  const WebCommand command{.bytes = std::string(kMaxWebCommand, 'x')};
  Result<> sent;
  for (int i = 0; i < 10'000 && sent; ++i) sent = send(pair_.web.get(), command);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code(), EAGAIN);
}

}  // namespace
}  // namespace chatd::sys
