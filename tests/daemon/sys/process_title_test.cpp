// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/process_title.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "tests/daemon/sys/support.hpp"

namespace chatd::sys {
namespace {

using test::true_in_child;

// The arguments as main() gets them: the GNU C library passes them to constructors as well,
// before gtest_main takes its own out of argv.
int argument_count = 0;
std::array<char*, 64> arguments{};

[[gnu::constructor]] void keep_arguments(int argc, char** argv, char** /*environment*/) {
  argument_count = std::min(argc, 63);
  for (int i = 0; i < argument_count; ++i) arguments.at(static_cast<std::size_t>(i)) = argv[i];
}

std::vector<std::string> environment() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable)
    variables.emplace_back(*variable);
  return variables;
}

// As ps sees it: up to the first zero byte.
std::string shown_title(const std::string& process) {
  const std::string arguments_area = test::file_text("/proc/" + process + "/cmdline");
  return arguments_area.substr(0, arguments_area.find('\0'));
}

TEST(ProcessTitle, IsWhatPsAndTopShow) {
  EXPECT_TRUE(true_in_child([] {
    init_process_title(argument_count, arguments.data());
    set_process_title("chatd: worker 1");
    return shown_title("self") == "chatd: worker 1" &&
           test::file_text("/proc/self/comm") == "chatd: worker 1\n";
  }));
}

TEST(ProcessTitle, EveryChildCanSetItsOwn) {
  EXPECT_TRUE(true_in_child([] {
    init_process_title(argument_count, arguments.data());
    set_process_title("chatd: supervisor");
    const bool child_has_it = true_in_child([] {
      const bool inherited = shown_title("self") == "chatd: supervisor";
      set_process_title("chatd: gateway");
      return inherited && shown_title("self") == "chatd: gateway";
    });
    return child_has_it && shown_title("self") == "chatd: supervisor";
  }));
}

TEST(ProcessTitle, AShorterOneLeavesNothingOfALongerOne) {
  EXPECT_TRUE(true_in_child([] {
    init_process_title(argument_count, arguments.data());
    set_process_title("chatd: a title that is rather long");
    set_process_title("chatd");
    return shown_title("self") == "chatd" && test::file_text("/proc/self/comm") == "chatd\n";
  }));
}

TEST(ProcessTitle, IsCutAtTheEndOfItsBuffer) {
  EXPECT_TRUE(true_in_child([] {
    init_process_title(argument_count, arguments.data());
    const std::string endless(4'000'000, 'x');
    set_process_title(endless);
    const std::string shown = shown_title("self");
    return !shown.empty() && shown.size() < endless.size() &&
           shown.find_first_not_of('x') == std::string::npos;
  }));
}

TEST(ProcessTitle, ArgumentsAndEnvironmentStayUsable) {
  EXPECT_TRUE(true_in_child([] {
    const std::string program = arguments[0];
    const auto variables = environment();
    init_process_title(argument_count, arguments.data());
    init_process_title(argument_count, arguments.data());  // a second call changes nothing
    set_process_title(std::string(4'000'000, 'x'));
    const bool kept = program == arguments[0] && variables == environment() &&
                      program.ends_with(program_invocation_short_name);
    ::setenv("CHATD_TEST_VARIABLE", "set", 1);
    const bool set = environment().size() == variables.size() + 1;
    ::unsetenv("CHATD_TEST_VARIABLE");
    return kept && set && variables == environment();
  }));
}

TEST(ProcessTitle, WithoutItsBufferOnlyTheShortNameIsSet) {
  EXPECT_TRUE(true_in_child([] {
    const std::string before = shown_title("self");
    set_process_title("chatd: a title that is rather long");
    return shown_title("self") == before &&
           test::file_text("/proc/self/comm") == "chatd: a title \n";
  }));
}

}  // namespace
}  // namespace chatd::sys
