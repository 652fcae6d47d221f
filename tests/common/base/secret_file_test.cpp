// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include <gtest/gtest.h>

#include "common/base/unique_fd.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd {
namespace {

using Kind = SecretFileFault::Kind;

constexpr std::size_t kMaxBytes = 16;
constexpr gid_t kOtherGroup = 4242;

class SecretFile : public ::testing::Test {
 protected:
  // Reads a file with that text and that mode; its group is the test's own.
  auto read(std::string_view text, mode_t mode = 0600,
            SecretFileRules rules = {.most_bytes = kMaxBytes}) {
    test::write_file(path_, text);
    EXPECT_EQ(::chmod(path_.c_str(), mode), 0);
    return read_secret_line(path_, rules);
  }
  Kind fault(mode_t mode) {
    const auto line = read("open sesame\n", mode);
    if (line) return Kind::empty;  // no fault: the mode is accepted
    EXPECT_EQ(line.error().mode, mode);
    return line.error().kind;
  }
  test::TempDir directory_;
  std::string path_{directory_ / "password"};
};

TEST_F(SecretFile, GivesTheFirstLineWithoutItsEnd) {
  EXPECT_EQ(read("open sesame\nand more\n"), "open sesame");
  EXPECT_EQ(read("open sesame\r\nand more\r\n"), "open sesame");
  EXPECT_EQ(read("without end"), "without end");
  EXPECT_EQ(read("a\rb\n"), "a\rb");
  EXPECT_EQ(read("0123456789abcdef\r\n"), "0123456789abcdef");
}

TEST_F(SecretFile, AnEmptyOrTooLongLineIsAFault) {
  EXPECT_EQ(read("").error().kind, Kind::empty);
  EXPECT_EQ(read("\nmore").error().kind, Kind::empty);
  EXPECT_EQ(read("\r\nmore").error().kind, Kind::empty);
  EXPECT_EQ(read("0123456789abcdefg").error().kind, Kind::too_long);
  EXPECT_EQ(read(std::string(100'000, 'x')).error().kind, Kind::too_long);
}

TEST_F(SecretFile, AMissingFileHasItsErrno) {
  const auto line = read_secret_line(directory_ / "nothing", {.most_bytes = kMaxBytes});
  EXPECT_EQ(line.error().kind, Kind::unreadable);
  EXPECT_EQ(line.error().code, ENOENT);
}

TEST_F(SecretFile, RefusesAFileThatOthersCanReadOrWrite) {
  for (const mode_t mode : {0604U, 0602U, 0644U, 0660U, 0620U, 0606U, 0666U}) {
    EXPECT_EQ(fault(mode), Kind::open_to_others) << std::oct << mode;
  }
  for (const mode_t mode : {0600U, 0400U, 0700U, 0711U}) {
    EXPECT_TRUE(read("open sesame", mode)) << std::oct << mode;
  }
}

TEST_F(SecretFile, AGroupMayReadOnlyAFileOfRoots) {
  if (::geteuid() != 0) {
    EXPECT_EQ(fault(0640), Kind::open_to_others);
    GTEST_SKIP() << "not root: no file can be given to another owner";
  }
  EXPECT_EQ(read("root's", 0640), "root's");
  EXPECT_EQ(read("a credential with an access control list", 0440, {.most_bytes = 100}),
            "a credential with an access control list");
  ASSERT_EQ(::chown(path_.c_str(), 4243, ::getegid()), 0);
  EXPECT_EQ(read_secret_line(path_, {.most_bytes = 100}).error().kind, Kind::open_to_others);
}

TEST_F(SecretFile, AnotherGroupMayReadOnlyIfItIsTheServices) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root: no file can be given to another group";
  test::write_file(path_, "open sesame");
  ASSERT_EQ(::chmod(path_.c_str(), 0640), 0);
  ASSERT_EQ(::chown(path_.c_str(), 0, kOtherGroup), 0);
  EXPECT_EQ(read_secret_line(path_, {.most_bytes = kMaxBytes}).error().kind, Kind::open_to_others);
  EXPECT_EQ(read_secret_line(path_, {.most_bytes = kMaxBytes, .other_group = kOtherGroup}),
            "open sesame");
  ASSERT_EQ(::chmod(path_.c_str(), 0660), 0);
  EXPECT_FALSE(read_secret_line(path_, {.most_bytes = kMaxBytes, .other_group = kOtherGroup}));
}

TEST_F(SecretFile, APipeIsReadUpToItsFirstLine) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const UniqueFd reader{ends[0]};
  const UniqueFd writer{ends[1]};  // stays open: the reader gets no end of file
  ASSERT_EQ(::write(writer.get(), "open sesame\n", 12), 12);
  const std::string name = "/dev/fd/" + std::to_string(reader.get());
  EXPECT_EQ(read_secret_line(name, {.most_bytes = kMaxBytes}), "open sesame");
}

TEST_F(SecretFile, AFileThatIsReadAgainMustBeAPlainFile) {
  const SecretFileRules rules{.most_bytes = kMaxBytes, .must_be_plain = true};
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);  // without a writer: open(2) would block
  EXPECT_EQ(read_secret_line(path_, rules).error().kind, Kind::not_plain);
  EXPECT_EQ(read_secret_line(directory_.path(), rules).error().kind, Kind::not_plain);
  EXPECT_EQ(read_secret_line("/dev/null", rules).error().kind, Kind::not_plain);
}

}  // namespace
}  // namespace chatd
