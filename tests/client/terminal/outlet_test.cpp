// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/outlet.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string>

#include <gtest/gtest.h>

#include "common/base/unique_fd.hpp"

namespace chatd::client {
namespace {

class OutletTest : public ::testing::Test {
 protected:
  OutletTest() {
    (void)std::signal(SIGPIPE, SIG_IGN);
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    in_.reset(ends[0]);
    out_.reset(ends[1]);
  }
  [[nodiscard]] std::string read(std::size_t size) const {
    std::string text(size, '\0');
    const ssize_t got = ::read(in_.get(), text.data(), text.size());
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
  }
  UniqueFd in_;
  UniqueFd out_;
};

TEST_F(OutletTest, WritesAtOnceIfThePipeHasSpace) {
  Outlet outlet{out_.get(), "the pipe"};
  outlet.put("hello ");
  outlet.put("there");
  ASSERT_TRUE(outlet.flush());
  EXPECT_TRUE(outlet.is_empty());
  EXPECT_EQ(read(100), "hello there");
}

TEST_F(OutletTest, KeepsTheRestInOrderWithoutBlocking) {
  Outlet outlet{out_.get(), "the pipe"};
  std::string sent;
  for (int i = 0; i < 100'000; ++i) sent += std::to_string(i) + ' ';
  outlet.put(sent);
  ASSERT_TRUE(outlet.flush());
  EXPECT_FALSE(outlet.is_empty());
  std::string came;
  while (came.size() < sent.size()) {
    came += read(65'536);
    ASSERT_TRUE(outlet.flush());
  }
  EXPECT_EQ(came, sent);
  EXPECT_TRUE(outlet.is_empty());
}

TEST_F(OutletTest, ReportsAClosedPipeAndDropsItsBytes) {
  Outlet outlet{out_.get(), "the pipe"};
  in_.reset();
  outlet.put("hello");
  const auto done = outlet.flush();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), EPIPE);
  EXPECT_EQ(done.error().message(), "the pipe: Broken pipe");
  EXPECT_TRUE(outlet.is_empty());
}

TEST_F(OutletTest, DoesNotChangeTheFlagsOfTheFile) {
  const int before = ::fcntl(out_.get(), F_GETFL);
  Outlet outlet{out_.get(), "the pipe"};
  outlet.put("x");
  ASSERT_TRUE(outlet.flush());
  EXPECT_EQ(::fcntl(out_.get(), F_GETFL), before);
}

}  // namespace
}  // namespace chatd::client
