// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/account.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "tests/daemon/sys/support.hpp"

namespace chatd::sys {
namespace {

using ::testing::HasSubstr;

TEST(Account, RootIsFoundAndAnUnknownNameIsAnError) {
  EXPECT_EQ(find_account("root").value().uid, 0U);
  const auto missing = find_account("no-such-user");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message(), HasSubstr("useradd --system no-such-user"));
}

TEST(Account, AProcessThatBecameAnotherUserCannotGoBack) {
  const auto end = test::run_in_child([] {
    const auto nobody = find_account("nobody").value();
    const bool was_root = ::geteuid() == 0;
    if (become(nobody).has_value() != was_root) return 1;
    if (!was_root) return 0;  // and nothing else to lose
    if (::geteuid() != nobody.uid || ::getegid() != nobody.gid) return 2;
    if (::getgroups(0, nullptr) != 1) return 3;
    if (::setuid(0) == 0) return 4;
    return ::access("/etc/shadow", R_OK) == 0 ? 5 : 0;
  });
  EXPECT_EQ(end.status, 0);
}

TEST(Account, AnOrdinaryUserCannotBecomeAnotherUser) {
  const auto end = test::run_in_child([] {
    const auto nobody = find_account("nobody").value();
    if (::geteuid() == 0 && !become(nobody)) return 1;
    return become(find_account("root").value()) ? 2 : 0;
  });
  EXPECT_EQ(end.status, 0);
}

TEST(Account, OwnsTheFilesThatItMustWrite) {
  const test::TempDir directory;
  const Account self{.name = "self", .uid = ::geteuid(), .gid = ::getegid()};
  EXPECT_TRUE(give_to(self, directory.path()));
  EXPECT_TRUE(give_to(self, directory / "missing"));
  if (::geteuid() != 0) return;
  const auto nobody = find_account("nobody").value();
  EXPECT_TRUE(give_to(nobody, directory.path()));
  struct stat status {};
  ASSERT_EQ(::stat(directory.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, nobody.uid);
}

// The owner of a folder can replace a file by these before root changes its owner.
TEST(Account, TheTargetOfALinkKeepsItsOwner) {
  const test::TempDir directory;
  const auto nobody = find_account("nobody").value();
  std::ofstream{directory / "victim"} << "root's";
  std::filesystem::create_symlink(directory / "victim", directory / "link");
  std::filesystem::create_hard_link(directory / "victim", directory / "name");
  EXPECT_TRUE(give_to(nobody, directory / "link"));
  EXPECT_THAT(give_to(nobody, directory / "name").error().message(),
              HasSubstr("nor a plain file with one name"));
  for (const char* name : {"victim", "link"}) {
    struct stat status {};
    ASSERT_EQ(::lstat((directory / name).c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, ::geteuid()) << name;
  }
}

}  // namespace
}  // namespace chatd::sys
