// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/passed_descriptor.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include <gtest/gtest.h>

namespace chatd::io {
namespace {

class PassedDescriptorTest : public ::testing::Test {
 protected:
  PassedDescriptorTest() { EXPECT_EQ(::pipe2(pipe_.data(), O_CLOEXEC), 0); }
  ~PassedDescriptorTest() override {
    ::close(pipe_[0]);
    ::close(pipe_[1]);
  }
  PassedDescriptorTest(const PassedDescriptorTest&) = delete;
  PassedDescriptorTest& operator=(const PassedDescriptorTest&) = delete;
  PassedDescriptorTest(PassedDescriptorTest&&) = delete;
  PassedDescriptorTest& operator=(PassedDescriptorTest&&) = delete;

  PassingPair pair_{make_passing_pair().value()};
  std::array<int, 2> pipe_{};
};

TEST_F(PassedDescriptorTest, TheReceiverGetsTheSameOpenFileAndTheLine) {
  ASSERT_TRUE(pass_descriptor(pair_.sender.get(), pipe_[1], "hello"));
  const auto passed = take_descriptor(pair_.receiver.get(), 100);
  ASSERT_TRUE(passed);
  EXPECT_EQ(passed->line, "hello");
  EXPECT_NE(::fcntl(passed->fd.get(), F_GETFD) & FD_CLOEXEC, 0);
  ASSERT_EQ(::write(passed->fd.get(), "x", 1), 1);
  char got = 0;
  EXPECT_EQ(::read(pipe_[0], &got, 1), 1);
}

TEST_F(PassedDescriptorTest, WithoutAMessageThereIsNothing) {
  EXPECT_FALSE(take_descriptor(pair_.receiver.get(), 100));
}

TEST_F(PassedDescriptorTest, ALineThatIsTooLongIsEmpty) {
  ASSERT_TRUE(pass_descriptor(pair_.sender.get(), pipe_[1], "hello"));
  const auto passed = take_descriptor(pair_.receiver.get(), 4);
  ASSERT_TRUE(passed);
  EXPECT_EQ(passed->line, "");
}

TEST_F(PassedDescriptorTest, AMessageWithoutADescriptorIsIgnored) {
  ASSERT_EQ(::send(pair_.sender.get(), "hello", 5, 0), 5);
  EXPECT_FALSE(take_descriptor(pair_.receiver.get(), 100));
}

TEST_F(PassedDescriptorTest, AFullPairDoesNotBlockTheSender) {
  const std::string line(4000, 'x');
  Result<> passed;
  for (int i = 0; i < 10'000 && passed; ++i) {
    passed = pass_descriptor(pair_.sender.get(), pipe_[1], line);
  }
  ASSERT_FALSE(passed);
  EXPECT_EQ(passed.error().code(), EAGAIN);
}

}  // namespace
}  // namespace chatd::io
