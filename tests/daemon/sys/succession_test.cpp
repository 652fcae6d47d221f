// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/succession.hpp"

#include <filesystem>

#include <gmock/gmock.h>

#include "tests/daemon/sys/support.hpp"

namespace chatd::sys {
namespace {

using ::testing::HasSubstr;

TEST(Succession, WithoutTheVariableThereIsNone) {
  EXPECT_TRUE(test::true_in_child([] {
    ::unsetenv("CHATD_SUCCESSOR");
    return !is_successor();
  }));
  EXPECT_TRUE(test::true_in_child([] {
    ::setenv("CHATD_SUCCESSOR", "1", 1);  // of another process
    return !is_successor() && ::getenv("CHATD_SUCCESSOR") == nullptr;
  }));
  EXPECT_TRUE(test::true_in_child([] {
    ::setenv("CHATD_SUCCESSOR", std::to_string(::getpid()).c_str(), 1);
    return is_successor() && is_successor() && ::getenv("CHATD_SUCCESSOR") == nullptr;
  }));
}

TEST(Succession, ACheckIsNoSuccession) {
  EXPECT_TRUE(test::true_in_child([] {
    ::setenv("CHATD_SUCCESSOR", "check", 1);
    return !is_successor() && is_successor_check() && ::getenv("CHATD_SUCCESSOR") == nullptr;
  }));
  EXPECT_TRUE(test::true_in_child([] {
    ::setenv("CHATD_SUCCESSOR", std::to_string(::getpid()).c_str(), 1);
    return !is_successor_check() && is_successor();
  }));
  EXPECT_TRUE(test::true_in_child([] {
    ::unsetenv("CHATD_SUCCESSOR");
    return !is_successor_check();
  }));
}

TEST(Succession, TheOwnProgramIsNamedAsItWasCalled) {
  const std::string itself = std::filesystem::read_symlink("/proc/self/exe").string();
  EXPECT_EQ(own_program("chatd"), itself);
  const test::TempDir directory;
  std::filesystem::create_symlink(itself, directory / "current");
  EXPECT_EQ(own_program(directory / "current"), directory / "current");
  EXPECT_EQ(own_program(directory / "./current"), directory / "current");
  EXPECT_EQ(own_program("/nonexistent/chatd"), itself);
}

TEST(Succession, TheSuccessorHasTheDescriptorsUnderTheirNamesInThisProcess) {
  test::Pipe first;
  test::Pipe second;
  ASSERT_EQ(::write(first.write_end.get(), "one\n", 4), 4);
  ASSERT_EQ(::write(second.write_end.get(), "two\n", 4), 4);
  const auto end = test::run_in_child([&] {
    const std::vector<std::string> command{
        "/bin/sh", "-c",
        "test $$ = $LISTEN_PID && test $$ = $CHATD_SUCCESSOR && "
        "read a <&3 && read b <&4 && echo $a $b $LISTEN_FDS $LISTEN_FDNAMES >&2"};
    // Each has the number that the other one is to get.
    const int low = first.read_end.get();
    const std::array inherited{InheritedDescriptor{"udp", low},
                               InheritedDescriptor{"state", second.read_end.get()}};
    (void)execute_successor(command, inherited);
    return 99;
  });
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.said, "one two 2 udp:state\n");
}

TEST(Succession, AProgramThatCannotBeExecutedIsAnError) {
  const auto end = test::run_in_child([] {
    const Error error = execute_successor({"/nonexistent/chatd"}, {});
    std::fputs(error.message().c_str(), stderr);
    return 7;
  });
  EXPECT_EQ(end.status, 7);
  EXPECT_THAT(end.said, HasSubstr("/nonexistent/chatd"));
}

}  // namespace
}  // namespace chatd::sys
