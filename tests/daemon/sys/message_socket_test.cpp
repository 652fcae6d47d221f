// SPDX-License-Identifier: GPL-3.0-or-later
// By the messages of web_channel.hpp.
#include "daemon/sys/message_socket.hpp"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/sys/web_channel.hpp"

namespace chatd::sys {
namespace {

template <class Message>
void send_with_descriptors(int end, const Message& message, std::span<const int> descriptors) {
  process::Bytes bytes;
  process::Codec<Message>::write(bytes, message);
  iovec part{.iov_base = bytes.data(), .iov_len = bytes.size()};
  alignas(cmsghdr) std::array<char, 256> control{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
  cmsghdr* const rights = CMSG_FIRSTHDR(&header);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(descriptors.size_bytes());
  std::memcpy(CMSG_DATA(rights), descriptors.data(), descriptors.size_bytes());
  ASSERT_GE(::sendmsg(end, &header, 0), 0);
}

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

// As hostile code in web could send it; send_message() does not.
TEST_F(MessageSocketTest, AllDescriptorsOfAMessageWithSeveralAreClosed) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  for (const std::size_t count : {2U, 3U, 10U}) {
    const std::vector<int> many(count, pipe[1]);
    send_with_descriptors(pair_.web.get(), FromWeb{WebRead{.mailbox = count}}, many);
    const auto got = receive_from_web(pair_.gateway.get());
    ASSERT_TRUE(got);
    EXPECT_EQ(std::get<WebRead>(got->message).mailbox, count);
    send_with_descriptors(pair_.gateway.get(), ToWeb{WebList{.request = count}}, many);
    EXPECT_TRUE(receive_for_web(pair_.web.get()));  // without the sender: more space for them
  }
  ::close(pipe[1]);
  char byte = 0;
  EXPECT_EQ(::read(pipe[0], &byte, 1), 0);  // no end for writing is open
  ::close(pipe[0]);
}

TEST_F(MessageSocketTest, AnEmptyMessageIsDroppedAndTheNextOneIsRead) {
  for (int i = 0; i < 3; ++i) ASSERT_EQ(::send(pair_.web.get(), "", 0, 0), 0);
  ASSERT_TRUE(send(pair_.web.get(), WebRead{.mailbox = 2}));
  const auto got = receive_from_web(pair_.gateway.get());
  ASSERT_TRUE(got);
  EXPECT_EQ(std::get<WebRead>(got->message).mailbox, 2U);
  EXPECT_FALSE(receive_from_web(pair_.gateway.get()));
}

TEST_F(MessageSocketTest, ACallSkipsALimitedNumberOfMessages) {
  for (int i = 0; i < kMaxSkipped; ++i) ASSERT_EQ(::send(pair_.web.get(), "\xFF", 1, 0), 1);
  ASSERT_TRUE(send(pair_.web.get(), WebRead{.mailbox = 2}));
  EXPECT_FALSE(receive_from_web(pair_.gateway.get()));
  EXPECT_TRUE(receive_from_web(pair_.gateway.get()));
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
