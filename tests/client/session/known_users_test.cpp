// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/known_users.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/crypto/base64.hpp"
#include "tests/support/key.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr WallTime kTime{std::chrono::seconds{1'795'216'504}};

class KnownUsersTest : public ::testing::Test {
 protected:
  static std::string server(int seed) { return crypto::to_base64(test::key(seed)); }
  static KnownUser user(std::string name, std::uint64_t person) {
    return {.name = std::move(name), .person = person, .time = kTime};
  }
  [[nodiscard]] KnownUsers::Found found(int seed = 1) const {
    return known_.of(server(seed), wire::Language::en);
  }
  [[nodiscard]] Result<> add(std::vector<KnownUser> users, int seed = 1) const {
    return known_.add(server(seed), users);
  }
  [[nodiscard]] std::string text() const { return test::file_text(path_); }
  [[nodiscard]] unsigned mode() const {
    struct stat status {};
    EXPECT_EQ(::stat(path_.c_str(), &status), 0);
    return status.st_mode & 0777U;
  }
  test::TempDir directory_;
  const std::string path_{directory_ / "state/uchat/known_users"};
  KnownUsers known_{path_};
};

TEST_F(KnownUsersTest, AreKeptForTheirServer) {
  EXPECT_THAT(found().users, IsEmpty());
  ASSERT_TRUE(add({user("ada", 1), user("小明", 0x7edc'ba98'7654'3210)}));
  ASSERT_TRUE(add({user("ada", 3)}, 2));
  EXPECT_THAT(found().users, ElementsAre(user("ada", 1), user("小明", 0x7edc'ba98'7654'3210)));
  EXPECT_THAT(found(2).users, ElementsAre(user("ada", 3)));
  EXPECT_EQ(found().fault, "");
}

TEST_F(KnownUsersTest, TheLastKeyOfANameCounts) {
  ASSERT_TRUE(add({user("ada", 1), user("bob", 2)}));
  ASSERT_TRUE(add({user("ADA", 3)}));
  EXPECT_THAT(found().users, ElementsAre(user("bob", 2), user("ADA", 3)));
}

TEST_F(KnownUsersTest, TheFileIsForItsUserOnly) {
  ASSERT_TRUE(add({user("ada", 1)}));
  EXPECT_EQ(mode(), 0600U);
  ASSERT_EQ(::chmod(path_.c_str(), 0644), 0);
  EXPECT_EQ(found().users.size(), 1U);
  EXPECT_EQ(mode(), 0600U);
}

TEST_F(KnownUsersTest, WithoutAFileNothingIsKept) {
  const KnownUsers none{""};
  EXPECT_TRUE(none.add(server(1), std::vector{user("ada", 1)}));
  EXPECT_THAT(none.of(server(1), wire::Language::en).users, IsEmpty());
}

TEST_F(KnownUsersTest, ABrokenLineIsNamedAndTheOthersAreRead) {
  ASSERT_TRUE(add({user("ada", 1)}));
  const std::string good = text();
  const std::string key = server(1);
  const std::vector<std::string> broken{"hello",
                                        "",
                                        key,
                                        "x\t1\tbob\t0000000000000001",
                                        key + "\tx\tbob\t0000000000000001",
                                        key + "\t1\tbob lee\t0000000000000001",
                                        key + "\t1\tbob\t",
                                        key + "\t1\tbob\t0000000000000000",
                                        key + "\t1\tbob\t8000000000000001",
                                        key + "\t1\tbob\t0000000000000001\t"};
  for (const std::string& bad : broken) {
    test::write_file(path_, good + bad + "\n" + bad + "\n" + key + "\t1\tcyd\t0000000000000005\n");
    EXPECT_EQ(found().users.size(), 2U) << bad;
    EXPECT_THAT(found().fault, HasSubstr(path_ + ":2: ")) << bad;
    EXPECT_THAT(found().fault, EndsWith("ignored: 2")) << bad;
  }
}

TEST_F(KnownUsersTest, AFileThatCannotBeReadIsAFault) {
  std::filesystem::create_directories(path_);
  EXPECT_THAT(found().fault, HasSubstr("earlier runs: "));
  EXPECT_THAT(KnownUsers{path_}.of(server(1), wire::Language::zh).fault,
              EndsWith("：" + path_ + "：不允许的操作"));
  EXPECT_FALSE(add({user("ada", 1)}));
}

TEST_F(KnownUsersTest, ALinkIsNotFollowed) {
  ASSERT_TRUE(add({user("ada", 1)}));
  std::filesystem::rename(path_, directory_ / "other");
  std::filesystem::create_symlink(directory_ / "other", path_);
  EXPECT_THAT(found().fault, HasSubstr(path_));
  EXPECT_FALSE(add({user("bob", 1)}));
}

// A hostile server chooses the names.
TEST_F(KnownUsersTest, ANameThatNoUserCanHaveIsNotWritten) {
  ASSERT_TRUE(add({user("bob\n" + server(2) + "\t1\teve", 1), user("a\tb", 1), user("", 1),
                   user(std::string(65, 'x'), 1), user("~cy", 1), user("dan", 1ULL << 63U)}));
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(KnownUsersTest, AServerHasALimitAndTheOthersAreKept) {
  ASSERT_TRUE(add({user("ada", 1)}, 2));
  std::vector<KnownUser> many;
  for (std::uint64_t i = 1; i <= KnownUsers::kMaxOfServer + 10; ++i) {
    many.push_back(user(fmt::format("user{}", i), i));
  }
  ASSERT_TRUE(add(many));
  const auto users = found().users;
  ASSERT_EQ(users.size(), KnownUsers::kMaxOfServer);
  EXPECT_EQ(users.front().name, "user11");
  EXPECT_EQ(found(2).users.size(), 1U);
}

TEST_F(KnownUsersTest, TheFileHasALimitWhateverAServerSends) {
  ASSERT_TRUE(add({user("ada", 1)}, 2));
  std::vector<KnownUser> many;
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    many.push_back(user(fmt::format("{:x>32}", i), i));
  }
  for (int i = 0; i < 15; ++i) {
    ASSERT_TRUE(add(many));
    EXPECT_LE(std::filesystem::file_size(path_), KnownUsers::kMaxFileBytes + 150'000);
  }
  EXPECT_EQ(mode(), 0600U);
  EXPECT_EQ(found().users.size(), 1000U);
  EXPECT_EQ(found(2).users.size(), 1U);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

TEST_F(KnownUsersTest, ProgramsThatWriteAtTheSameTimeLoseNoUser) {
  // The file becomes shorter meanwhile.
  std::string old;
  for (std::size_t i = 0; old.size() <= KnownUsers::kMaxFileBytes; ++i) {
    old += fmt::format("{}\t1\told{}\t0000000000000001\n", server(9), i);
  }
  ASSERT_TRUE(add({user("first", 1)}, 9));
  test::write_file(path_, old);
  constexpr int kWriters = 4;
  constexpr int kUsers = 20;
  std::vector<pid_t> children;
  for (int writer = 0; writer < kWriters; ++writer) {
    const pid_t child = ::fork();
    if (child > 0) {
      children.push_back(child);
      continue;
    }
    bool good = true;
    for (int i = 0; i < kUsers; ++i) {
      good = good && add({user(fmt::format("user{}-{}", writer, i), 1)});
    }
    ::_exit(good ? 0 : 1);
  }
  for (const pid_t child : children) {
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(found().users.size(), static_cast<std::size_t>(kWriters * kUsers));
  EXPECT_LT(text().size(), old.size());
  EXPECT_EQ(found().fault, "");
}

}  // namespace
}  // namespace chatd::client
