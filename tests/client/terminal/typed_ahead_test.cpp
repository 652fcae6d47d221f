// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/typed_ahead.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include <gtest/gtest.h>

#include "common/base/unique_fd.hpp"

namespace chatd::client {
namespace {

TEST(IsPaste, HasTwoLineEndsAndNoControlCharacter) {
  EXPECT_TRUE(is_paste("two\rthree\r"));
  EXPECT_TRUE(is_paste("two\nthree\nfo"));
  EXPECT_TRUE(is_paste("\r\r"));
  EXPECT_TRUE(is_paste("二\r\t/quit\r"));
  EXPECT_FALSE(is_paste(""));
  EXPECT_FALSE(is_paste("two\rthree"));
  EXPECT_FALSE(is_paste("two\r\nthree")) << "one line end";
  EXPECT_FALSE(is_paste("two\r\x1b[200~three\r"));
  EXPECT_FALSE(is_paste("two\rthree\r\x04"));
  EXPECT_FALSE(is_paste("two\rthree\x7f\r"));
}

class TypedAheadTest : public ::testing::Test {
 protected:
  TypedAheadTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    keys_ = UniqueFd{ends[0]};
    keyboard_ = UniqueFd{ends[1]};
  }
  void type(std::string_view keys) const {
    EXPECT_EQ(::write(keyboard_.get(), keys.data(), keys.size()),
              static_cast<ssize_t>(keys.size()));
  }
  std::optional<std::string> paste() { return ahead_.take_paste(keys_.get()); }
  // All keys that are kept.
  std::string kept() {
    std::string keys;
    while (!ahead_.is_empty()) keys += static_cast<char>(ahead_.next());
    return keys;
  }
  UniqueFd keys_;
  UniqueFd keyboard_;
  TypedAhead ahead_;
};

TEST_F(TypedAheadTest, ReturnsTheLinesOfAPaste) {
  type("two\r\n/quit\rfour\n\n");
  EXPECT_EQ(paste(), "two\n/quit\nfour");
  EXPECT_TRUE(ahead_.is_empty());
}

TEST_F(TypedAheadTest, KeepsWhatIsNoPaste) {
  EXPECT_FALSE(paste()) << "no key";
  type("two\rth");
  EXPECT_FALSE(paste());
  EXPECT_EQ(ahead_.next(), 't');
  EXPECT_EQ(ahead_.next(), 'w');
  type("\x1b[A\r");
  EXPECT_FALSE(paste());
  EXPECT_EQ(kept(), "o\rth\x1b[A\r");
}

TEST_F(TypedAheadTest, TakesKeysThatWereKeptAsAPartOfThePaste) {
  type("two\rth");
  EXPECT_FALSE(paste());
  for (int i = 0; i < 4; ++i) (void)ahead_.next();  // up to the Enter
  type("ree\rfour\r");
  EXPECT_EQ(paste(), "three\nfour");
}

}  // namespace
}  // namespace chatd::client
