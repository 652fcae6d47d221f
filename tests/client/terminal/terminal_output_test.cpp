// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/terminal_output.hpp"

#include <array>
#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "tests/client/pty.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

constexpr std::string_view kControlS = "\x13";
constexpr std::string_view kControlQ = "\x11";

// The program under test: prints "ready", reads a line, writes `text`, and creates `file`.
std::function<int()> writer(const std::string& text, const std::string& file) {
  return [=] {
    sigset_t blocked;
    ::sigemptyset(&blocked);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&blocked, number);
    ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
    TerminalOutput output{STDOUT_FILENO};
    std::fputs("ready\n", output.stream());
    std::array<char, 16> line{};
    if (::read(STDIN_FILENO, line.data(), line.size()) <= 0) return 1;
    std::fputs(text.c_str(), output.stream());
    std::fflush(output.stream());
    test::write_file(file, "");
    return 0;
  };
}

class TerminalOutputTest : public ::testing::Test {
 protected:
  void start(const std::string& text, std::string_view keys) {
    terminal_.emplace(writer(text, directory_ / "done"));
    ASSERT_TRUE(terminal_->shows("ready"));
    terminal_->type(keys);
    terminal_->type("\n");
  }
  // Waits for the end of the program without reading its output.
  [[nodiscard]] bool has_ended() const {
    return test::eventually([&] { return std::filesystem::exists(directory_ / "done"); });
  }
  test::TempDir directory_;
  std::optional<test::OnTerminal> terminal_;
};

TEST_F(TerminalOutputTest, WaitsWhileTheTerminalIsStopped) {
  start("said", kControlS);
  EXPECT_EQ(terminal_->output().find("said"), std::string::npos);
  terminal_->type(kControlQ);
  EXPECT_TRUE(terminal_->shows("said"));
  EXPECT_EQ(terminal_->wait(), 0);
}

TEST_F(TerminalOutputTest, ContinuesAStoppedTerminalWhenTheProgramMustEnd) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    start("said", kControlS);
    ASSERT_EQ(::kill(terminal_->pid(), number), 0);
    EXPECT_TRUE(terminal_->shows("said"));
    EXPECT_EQ(terminal_->wait(), 0);
    EXPECT_TRUE(terminal_->is_sane());
  }
}

TEST_F(TerminalOutputTest, DropsUnreadOutputWhenTheProgramMustEnd) {
  start(std::string(1'000'000, 'x'), "");
  ASSERT_EQ(::kill(terminal_->pid(), SIGTERM), 0);
  EXPECT_TRUE(has_ended());
  EXPECT_EQ(terminal_->wait(), 0);
  EXPECT_LT(terminal_->output().size(), 1'000'000U);
}

TEST_F(TerminalOutputTest, LosesNothingWhileTheTerminalIsRead) {
  start(std::string(1'000'000, 'x') + "end", "");
  EXPECT_TRUE(terminal_->shows(std::string(1'000'000, 'x') + "end"));
  EXPECT_EQ(terminal_->wait(), 0);
}

}  // namespace
}  // namespace chatd::client
