// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/key_file.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/crypto/base64.hpp"
#include "tests/common/crypto/hex.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::crypto {
namespace {

using test::file_text;
using test::TempDir;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kKeyText = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

void write_key_file(const std::string& path, std::string_view text, mode_t mode = 0600) {
  test::write_file(path, text);
  ASSERT_EQ(::chmod(path.c_str(), mode), 0);
}

std::string error_of(const std::string& path) {
  const auto key = load_key(path);
  return key ? "" : key.error().message();
}

TEST(KeyFile, IsCreatedOnceAndReadableByItsOwnerOnly) {
  const TempDir dir;
  const std::string path = dir / "server.key";
  const auto made = load_or_make_key(path);
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_EQ(file_text(path), to_base64(made->secret.bytes()) + "\n");
  struct stat file {};
  ASSERT_EQ(::stat(path.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 07777U, 0600U);
  EXPECT_EQ(file.st_nlink, 1U);

  const auto again = load_or_make_key(path);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->public_key, made->public_key);
  EXPECT_EQ(load_key(path)->secret.bytes(), made->secret.bytes());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{dir.path()}, {}), 1);
}

TEST(KeyFile, AKeyWithOrWithoutANewlineIsRead) {
  const TempDir dir;
  const std::string path = dir / "key";
  for (const std::string end : {"", "\n"}) {
    write_key_file(path, std::string{kKeyText} + end, 0400);
    const auto key = load_key(path);
    ASSERT_TRUE(key) << key.error().message();
    EXPECT_EQ(to_hex(key->secret.bytes()),
              "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    EXPECT_EQ(key->public_key, key_pair_of(key->secret)->public_key);
    std::filesystem::remove(path);
  }
}

TEST(KeyFile, AMissingFileIsReportedAsMissing) {
  const TempDir dir;
  const auto key = load_key(dir / "key");
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code(), ENOENT);
  EXPECT_EQ(key.error().message(),
            "open the key file " + dir / "key" + ": No such file or directory");
  EXPECT_FALSE(std::filesystem::exists(dir / "key"));
}

TEST(KeyFile, AFileOpenToOthersIsRefusedAndNotChanged) {
  const TempDir dir;
  const std::string path = dir / "key";
  for (const mode_t mode : {0640U, 0604U, 0620U, 0644U, 0666U}) {
    write_key_file(path, kKeyText, mode);
    const auto key = load_or_make_key(path);
    ASSERT_FALSE(key) << mode;
    EXPECT_THAT(key.error().message(),
                AllOf(HasSubstr(path), HasSubstr("must be 0600"), HasSubstr("chmod 600")));
    EXPECT_EQ(file_text(path), kKeyText);
  }
  EXPECT_THAT(error_of(path), HasSubstr("(mode 0666)"));
}

TEST(KeyFile, AnyOtherContentIsRefusedAndNotChanged) {
  const TempDir dir;
  const std::string path = dir / "key";
  const std::string text{kKeyText};
  const std::vector<std::array<std::string, 2>> cases{
      {"", "is empty"},
      {"\n", "is empty"},
      {text.substr(0, 40) + "\n", "has only 40 characters"},
      {text + "=\n", "is longer than a key"},
      {text + "\n\n", "is longer than a key"},
      {text + "\r\n", "is longer than a key"},
      {text + "\n" + text + "\n", "is longer than a key"},
      {std::string(1 << 20, 'A'), "is longer than a key"},
      {text.substr(0, 43) + "A\n", "is not the base64 of a key"},
      {"-----BEGIN OPENSSH PRIVATE KEY-----\nabcdefgh\n", "is not the base64 of a key"},
  };
  for (const auto& [content, why] : cases) {
    write_key_file(path, content);
    const auto key = load_or_make_key(path);
    ASSERT_FALSE(key) << content.substr(0, 60);
    EXPECT_THAT(key.error().message(), AllOf(StartsWith("the key file " + path + " " + why),
                                             HasSubstr("one line of 44 characters of base64")));
    EXPECT_EQ(file_text(path), content);
  }
}

TEST(KeyFile, AFileThatIsNotPlainIsRefusedWithoutBlocking) {
  const TempDir dir;
  ASSERT_EQ(::mkfifo((dir / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(error_of(dir / "pipe"), HasSubstr("is not a plain file"));
  ASSERT_EQ(::mkdir((dir / "folder").c_str(), 0700), 0);
  EXPECT_THAT(error_of(dir / "folder"), HasSubstr("is not a plain file"));
}

TEST(KeyFile, IsNotCreatedInAMissingFolder) {
  const TempDir dir;
  const std::string path = dir / "nowhere/key";
  const auto key = load_or_make_key(path);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().message(), "make the key file " + path + ": No such file or directory");
}

// Such a link must not be read as a key, and no file must be created through it.
TEST(KeyFile, IsNotCreatedThroughADanglingLink) {
  const TempDir dir;
  ASSERT_EQ(::symlink((dir / "elsewhere").c_str(), (dir / "key").c_str()), 0);
  EXPECT_FALSE(load_or_make_key(dir / "key"));
  EXPECT_FALSE(std::filesystem::exists(dir / "elsewhere"));
}

TEST(KeyFile, HasItsModeWhateverTheUmask) {
  for (const mode_t umask : {mode_t{0}, mode_t{0777}}) {
    const TempDir dir;
    const mode_t before = ::umask(umask);
    const auto made = load_or_make_key(dir / "key");
    ::umask(before);
    ASSERT_TRUE(made) << made.error().message();
    struct stat file {};
    ASSERT_EQ(::stat((dir / "key").c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 07777U, 0600U);
  }
}

// As with `ulimit -f 0`: the write fails, since SIGXFSZ is ignored here.
TEST(KeyFile, AFailedWriteLeavesNoFile) {
  const TempDir dir;
  const auto before = ::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  const auto key = load_or_make_key(dir / "key");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  ::signal(SIGXFSZ, before);
  ASSERT_FALSE(key);
  EXPECT_THAT(key.error().message(), HasSubstr("File too large"));
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

// A folder in which another user can create files that root reads: it belongs to another user, or
// all users can write to it.
class KeyFileInAnOpenFolder : public ::testing::Test {
 protected:
  KeyFileInAnOpenFolder() {
    write_key_file(dir_ / "rootskey", kKeyText);
    std::filesystem::create_directory(dir_ / "folder");
    EXPECT_EQ(::chmod((dir_ / "folder").c_str(), 01777), 0);
  }
  TempDir dir_;
  std::string path_ = dir_ / "folder/key";
};

TEST_F(KeyFileInAnOpenFolder, LinksAreNotFollowed) {
  ASSERT_EQ(::symlink((dir_ / "rootskey").c_str(), path_.c_str()), 0);
  EXPECT_THAT(error_of(path_), HasSubstr("is a symbolic link"));
  ASSERT_EQ(::chmod((dir_ / "folder").c_str(), 0700), 0);
  EXPECT_EQ(error_of(path_), "") << "in a folder of ours a link is ours";
}

TEST_F(KeyFileInAnOpenFolder, ASecondNameOfAnotherFileIsRefused) {
  ASSERT_EQ(::link((dir_ / "rootskey").c_str(), path_.c_str()), 0);
  EXPECT_THAT(error_of(path_), HasSubstr("has a second name"));
}

TEST_F(KeyFileInAnOpenFolder, AThirdUsersFileIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can make files of other users";
  constexpr uid_t kOther = 65534;
  write_key_file(path_, kKeyText);
  ASSERT_EQ(::chown(path_.c_str(), kOther, kOther), 0);
  EXPECT_THAT(error_of(path_), HasSubstr("belongs to the user 65534"));
  ASSERT_EQ(::chown((dir_ / "folder").c_str(), kOther, kOther), 0);
  EXPECT_EQ(error_of(path_), "") << "it is the folder's owner's";
}

TEST_F(KeyFileInAnOpenFolder, AKeyIsCreatedThere) {
  const auto made = load_or_make_key(path_);
  EXPECT_TRUE(made) << made.error().message();
}

// Exits with 0 if the loaded key has the text of this file.
[[noreturn]] void race(const std::string& path, int start) {
  std::byte go{};
  if (::read(start, &go, 1) != 0) ::_exit(2);  // until the other end is closed
  const auto key = load_or_make_key(path);
  ::_exit(key && file_text(path) == to_base64(key->secret.bytes()) + "\n" ? 0 : 1);
}

TEST(KeyFile, RacingProcessesGetTheSameKey) {
  for (int round = 0; round < 20; ++round) {
    const TempDir dir;
    const std::string path = dir / "key";
    std::array<int, 2> gate{};
    ASSERT_EQ(::pipe2(gate.data(), O_CLOEXEC), 0);
    std::array<pid_t, 4> racers{};
    for (pid_t& racer : racers) {
      racer = ::fork();
      ASSERT_GE(racer, 0);
      if (racer == 0) {
        ::close(gate[1]);
        race(path, gate[0]);
      }
    }
    ::close(gate[0]);
    ::close(gate[1]);
    for (const pid_t racer : racers) {
      int status = -1;
      ASSERT_EQ(::waitpid(racer, &status, 0), racer);
      EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    }
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{dir.path()}, {}), 1);
  }
}

}  // namespace
}  // namespace chatd::crypto
