// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/state_dirs.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/sys/support.hpp"

namespace chatd::sys {
namespace {

using test::ScopedEnv;
using ::testing::HasSubstr;

constexpr uid_t kRoot = 0;
constexpr uid_t kUser = 1000;

// None of the variables is set at first.
class DefaultDirsTest : public ::testing::Test {
 protected:
  ScopedEnv runtime_{"RUNTIME_DIRECTORY", std::nullopt};
  ScopedEnv state_{"STATE_DIRECTORY", std::nullopt};
  ScopedEnv xdg_runtime_{"XDG_RUNTIME_DIR", std::nullopt};
  ScopedEnv xdg_state_{"XDG_STATE_HOME", std::nullopt};
  ScopedEnv home_{"HOME", std::nullopt};
};

TEST_F(DefaultDirsTest, AreTheSystemsForRootWhateverItsSessionSays) {
  const ScopedEnv session{"XDG_RUNTIME_DIR", "/run/user/0"};
  const ScopedEnv home{"HOME", "/root"};
  EXPECT_EQ(runtime_directory(kRoot).value(), "/run/chatd");
  EXPECT_EQ(state_directory(kRoot).value(), "/var/lib/chatd");
}

TEST_F(DefaultDirsTest, AreTheSessionsForAnOrdinaryUser) {
  const ScopedEnv session{"XDG_RUNTIME_DIR", "/run/user/1000"};
  const ScopedEnv home{"HOME", "/users/ada"};
  EXPECT_EQ(runtime_directory(kUser).value(), "/run/user/1000/chatd");
  EXPECT_EQ(state_directory(kUser).value(), "/users/ada/.local/state/chatd");
  const ScopedEnv state{"XDG_STATE_HOME", "/users/ada/state"};
  EXPECT_EQ(state_directory(kUser).value(), "/users/ada/state/chatd");
}

TEST_F(DefaultDirsTest, AreThoseThatSystemdMadeForTheService) {
  const ScopedEnv runtime{"RUNTIME_DIRECTORY", "/run/chatd:/run/other"};
  const ScopedEnv state{"STATE_DIRECTORY", "/var/lib/private/chatd"};
  EXPECT_EQ(runtime_directory(kUser).value(), "/run/chatd");
  EXPECT_EQ(state_directory(kUser).value(), "/var/lib/private/chatd");
}

TEST_F(DefaultDirsTest, WithoutAnyTheErrorSaysWhatToDo) {
  const ScopedEnv relative{"XDG_RUNTIME_DIR", "run"};
  EXPECT_THAT(runtime_directory(kUser).error().message(), HasSubstr("--control PATH"));
  EXPECT_THAT(state_directory(kUser).error().message(), HasSubstr("--state-dir DIR"));
}

mode_t mode_of(const std::string& path) {
  struct stat file {};
  EXPECT_EQ(::stat(path.c_str(), &file), 0) << path;
  return file.st_mode & 07777U;
}

TEST(MakeDirectory, ItAndItsParentsHaveTheirModeWhateverTheUmask) {
  for (const mode_t umask : {mode_t{0}, mode_t{077}, mode_t{0777}}) {
    const test::TempDir temp;
    const std::string path = temp / "parent/chatd";
    const mode_t before = ::umask(umask);
    const auto made = make_directory(path, 0755, Parents::create);
    ::umask(before);
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(mode_of(path), 0755U);
    EXPECT_EQ(mode_of(temp / "parent"), 0700U);
  }
}

TEST(MakeDirectory, OneThatIsThereIsLeftAsItIs) {
  const test::TempDir temp;
  const std::string path = temp / "chatd";
  ASSERT_TRUE(make_directory(path, 0750, Parents::must_exist).has_value());
  EXPECT_TRUE(make_directory(path, 0700, Parents::must_exist).has_value());
  EXPECT_EQ(mode_of(path), 0750U);
}

TEST(MakeDirectory, MissingParentsAreMadeForADefaultPathOnly) {
  const test::TempDir temp;
  const std::string path = temp / ".local/state/chatd";
  const auto refused = make_directory(path, 0750, Parents::must_exist);
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message(), HasSubstr("its parent directory does not exist"));
  EXPECT_NE(::access((temp / ".local").c_str(), F_OK), 0);

  ASSERT_TRUE(make_directory(path, 0750, Parents::create).has_value());
  EXPECT_EQ(mode_of(path), 0750U);
  EXPECT_EQ(mode_of(temp / ".local"), 0700U);
}

TEST(MakeDirectory, RefusesAFileInItsPlaceOrOnTheWay) {
  const test::TempDir temp;
  std::ofstream{temp / "file"} << "x";
  const auto in_place = make_directory(temp / "file", 0750, Parents::must_exist);
  EXPECT_THAT(in_place.error().message(), HasSubstr("file is not a directory"));
  const auto on_the_way = make_directory(temp / "file/chatd", 0750, Parents::create);
  EXPECT_THAT(on_the_way.error().message(), HasSubstr("Not a directory"));
}

TEST(MakeDirectory, RefusesOneThatCannotBeWrittenTo) {
  const test::TempDir temp;
  const std::string path = temp / "chatd";
  ASSERT_TRUE(make_directory(path, 0555, Parents::must_exist).has_value());
  ASSERT_EQ(::chmod(temp.path().c_str(), 0755), 0);
  EXPECT_TRUE(test::true_in_child([&] {
    constexpr uid_t kNobody = 65534;  // root could write everywhere
    if (::geteuid() == kRoot && ::setresuid(kNobody, kNobody, kNobody) != 0) return false;
    const auto refused = make_directory(path, 0750, Parents::must_exist);
    return !refused && refused.error().code() == EACCES;
  }));
}

}  // namespace
}  // namespace chatd::sys
