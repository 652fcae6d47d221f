// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/unique_fd.hpp"

#include <fcntl.h>

#include <gtest/gtest.h>

namespace chatd {
namespace {

int open_null() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }
bool is_open(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

TEST(UniqueFd, HoldsNothingAtFirst) {
  const UniqueFd fd;
  EXPECT_FALSE(fd.is_open());
  EXPECT_EQ(fd.get(), -1);
}

TEST(UniqueFd, ClosesOnDestruction) {
  const int raw = open_null();
  { const UniqueFd fd{raw}; }
  EXPECT_FALSE(is_open(raw));
}

TEST(UniqueFd, MoveConstructionEmptiesTheSource) {
  const int raw = open_null();
  UniqueFd from{raw};
  const UniqueFd to{std::move(from)};
  EXPECT_EQ(to.get(), raw);
  EXPECT_FALSE(from.is_open());  // NOLINT(bugprone-use-after-move): the moved-from state is tested
}

TEST(UniqueFd, MoveAssignmentClosesTheOldDescriptor) {
  const int old_raw = open_null();
  const int new_raw = open_null();
  UniqueFd fd{old_raw};
  fd = UniqueFd{new_raw};
  EXPECT_FALSE(is_open(old_raw));
  EXPECT_TRUE(is_open(new_raw));
}

TEST(UniqueFd, SelfMoveKeepsTheDescriptor) {
  const int raw = open_null();
  UniqueFd fd{raw};
  UniqueFd& alias = fd;  // hides the self-move from -Wself-move
  fd = std::move(alias);
  EXPECT_EQ(fd.get(), raw);
  EXPECT_TRUE(is_open(raw));
}

TEST(UniqueFd, ReleaseHandsTheDescriptorOver) {
  UniqueFd fd{open_null()};
  const int raw = fd.release();
  EXPECT_FALSE(fd.is_open());
  EXPECT_TRUE(is_open(raw));
  ::close(raw);
}

TEST(UniqueFd, ResetPreservesErrno) {
  UniqueFd fd{open_null()};
  errno = EADDRINUSE;
  fd.reset();
  EXPECT_EQ(errno, EADDRINUSE);
}

}  // namespace
}  // namespace chatd
