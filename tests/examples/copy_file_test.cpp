// SPDX-License-Identifier: GPL-3.0-or-later
#include "examples/copy_file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "tests/support/leak_check.hpp"

namespace chatd::examples {
namespace {

namespace fs = std::filesystem;

class CopyFileTest : public test::LeakCheck {
 protected:
  void SetUp() override {
    std::string folder = (fs::temp_directory_path() / "copy-XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    options_.source = (folder_ / "source").string();
    options_.target = (folder_ / "target").string();
    LeakCheck::SetUp();
  }
  void TearDown() override {
    LeakCheck::TearDown();
    fs::remove_all(folder_);
  }
  static std::string pattern(std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + i / 1000);
    return bytes;
  }
  void write_source(const std::string& bytes) const {
    std::ofstream{options_.source, std::ios::binary} << bytes;
  }
  std::string target() const {
    std::ifstream file{options_.target, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator{folder_}, {}));
  }
  // Expects that the copy fails with `why` and leaves the folder unchanged.
  void expect_failure(const std::string& why) const {
    const auto before = files();
    const auto copied = copy_file(options_);
    ASSERT_FALSE(copied.has_value());
    EXPECT_NE(copied.error().message().find(why), std::string::npos) << copied.error().message();
    EXPECT_EQ(files(), before);
  }

  fs::path folder_;
  CopyOptions options_;
};

TEST_F(CopyFileTest, CopiesFilesOfAnySizeByAnyNumberOfProcesses) {
  for (const std::size_t size : {0UZ, 1UZ, 4095UZ, 4096UZ, 4097UZ, 3'000'001UZ}) {
    const std::string bytes = pattern(size);
    write_source(bytes);
    for (const unsigned processes : {1U, 2U, 7U}) {
      options_.processes = processes;
      EXPECT_EQ(copy_file(options_).value(), size);
      ASSERT_TRUE(target() == bytes) << size << " bytes by " << processes;
    }
  }
}

TEST_F(CopyFileTest, ReplacesAnOldTargetAndKeepsTheMode) {
  write_source("new");
  std::ofstream{options_.target} << "old and longer";
  fs::permissions(options_.source, fs::perms{0751});
  ASSERT_TRUE(copy_file(options_).has_value());
  EXPECT_EQ(target(), "new");
  EXPECT_EQ(fs::status(options_.target).permissions(), fs::perms{0751});
  EXPECT_EQ(files(), 2U);
}

TEST_F(CopyFileTest, HolesStayHoles) {
  constexpr off_t kSize = off_t{64} * 1024 * 1024;
  write_source("head");
  const int fd = ::open(options_.source.c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_EQ(::ftruncate(fd, kSize), 0);
  ASSERT_EQ(::pwrite(fd, "middle", 6, kSize / 2 - 3), 6);
  ::close(fd);
  options_.processes = 4;
  ASSERT_EQ(copy_file(options_).value(), static_cast<std::uint64_t>(kSize));
  struct stat about {};
  ASSERT_EQ(::stat(options_.target.c_str(), &about), 0);
  EXPECT_EQ(about.st_size, kSize);
  EXPECT_LT(about.st_blocks * 512, kSize / 8);
  const std::string bytes = target();
  EXPECT_EQ(bytes.substr(0, 4), "head");
  EXPECT_EQ(bytes.substr(kSize / 2 - 3, 6), "middle");
  EXPECT_EQ(bytes.find_first_not_of('\0', kSize / 2 + 3), std::string::npos);
}

TEST_F(CopyFileTest, ReportsItsProgressToTheEnd) {
  write_source(pattern(1'000'000));
  std::uint64_t last = 0;
  options_.on_progress = [&last](std::uint64_t done, std::uint64_t size) {
    EXPECT_GE(done, last);
    EXPECT_EQ(size, 1'000'000U);
    last = done;
  };
  ASSERT_TRUE(copy_file(options_).has_value());
  EXPECT_EQ(last, 1'000'000U);
}

TEST_F(CopyFileTest, AWrongPathIsNamed) {
  expect_failure("cannot read " + options_.source + ": No such file or directory");
  write_source("x");
  options_.target = (folder_ / "no/such/folder").string();
  expect_failure("cannot write beside " + options_.target);
  options_.target = options_.source;
  expect_failure("is the source itself");
  options_.target = folder_.string();
  expect_failure("not a regular file");
  options_.source = folder_.string();
  options_.target = (folder_ / "target").string();
  expect_failure("not a regular file");
}

TEST_F(CopyFileTest, AFullDiskLeavesNoPartialTarget) {
  write_source(pattern(1'000'000));
  std::ofstream{options_.target} << "old";
  options_.write_at = [](int fd, const void* bytes, size_t size, off_t where) -> ssize_t {
    if (where < 600'000) return ::pwrite(fd, bytes, std::min(size, 100'000UZ), where);
    errno = ENOSPC;
    return -1;
  };
  expect_failure("part 2 (bytes 499712 to 1000000): write the target: No space left on device");
  EXPECT_EQ(target(), "old");
}

TEST_F(CopyFileTest, AKilledChildLeavesNoPartialTarget) {
  write_source(pattern(1'000'000));
  // No child finishes its part before the kill.
  options_.write_at = [](int, const void*, size_t, off_t) -> ssize_t {
    for (;;) ::pause();
  };
  options_.on_started = [](const std::vector<pid_t>& parts) {
    ASSERT_EQ(parts.size(), 2U);
    ::kill(parts[1], SIGKILL);
  };
  expect_failure("part 2 (bytes 499712 to 1000000): killed by SIGKILL");
}

TEST_F(CopyFileTest, ASourceThatShrinksIsAnError) {
  write_source(pattern(1'000'000));
  options_.processes = 1;
  static std::string shrinking;
  shrinking = options_.source;
  options_.write_at = [](int fd, const void* bytes, size_t size, off_t where) -> ssize_t {
    if (::truncate(shrinking.c_str(), 300'000) < 0) return -1;
    return ::pwrite(fd, bytes, size, where);
  };
  expect_failure("the source got shorter");
}

}  // namespace
}  // namespace chatd::examples
