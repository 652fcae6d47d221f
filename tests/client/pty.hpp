// SPDX-License-Identifier: GPL-3.0-or-later
// pty.hpp — a process on a pseudo terminal; the test types keys and reads the output.
//
// Runs in:   test programs.
// Owns:      the terminal and the child, which does not outlive the test.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <pty.h>
#include <utmp.h>

#include "tests/support/eventually.hpp"

namespace chatd::test {

// A child process on a pseudo terminal.
class OnTerminal {
 public:
  // `work` runs in a new session with a terminal of 80 columns and 24 rows; its result is the exit
  // status.
  explicit OnTerminal(const std::function<int()>& work) {
    winsize size{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
    EXPECT_EQ(::openpty(&master_, &slave_, nullptr, nullptr, &size), 0);
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::setenv("TERM", "xterm", 1);
    ::setenv("INPUTRC", "/dev/null", 1);
    ::close(master_);
    ::login_tty(slave_);
    std::_Exit(work());
  }
  OnTerminal(const OnTerminal&) = delete;
  OnTerminal& operator=(const OnTerminal&) = delete;
  ~OnTerminal() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(master_);
    ::close(slave_);
  }

  void type(std::string_view keys) const {
    EXPECT_EQ(::write(master_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }

  // Waits until the output has `text`, and drops the output up to the end of `text`. False: it was
  // not shown in time.
  [[nodiscard]] bool shows(std::string_view text) {
    const bool came = eventually([&] {
      read_output();
      return output_.find(text) != std::string::npos;
    });
    if (!came) return false;
    output_.erase(0, output_.find(text) + text.size());
    return true;
  }
  // The output since then.
  [[nodiscard]] const std::string& output() {
    read_output();
    return output_;
  }

  void resize(unsigned short columns, unsigned short rows = 24) const {
    const winsize size{.ws_row = rows, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    EXPECT_EQ(::ioctl(master_, TIOCSWINSZ, &size), 0);
  }

  // True if the kernel edits and echoes lines, as before a program starts.
  [[nodiscard]] bool is_sane() const {
    termios modes{};
    EXPECT_EQ(::tcgetattr(slave_, &modes), 0);
    return (modes.c_lflag & ICANON) != 0 && (modes.c_lflag & ECHO) != 0;
  }

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }

  // Waits for the end of the child. Returns the status of waitpid(2).
  [[nodiscard]] int wait() {
    int status = -1;
    EXPECT_TRUE(eventually([&] {
      read_output();  // a terminal with a full buffer would block the child
      return ::waitpid(pid_, &status, WNOHANG) == pid_;
    })) << output_;
    pid_ = -1;
    read_output();
    return status;
  }

 private:
  void read_output() {
    pollfd ready{.fd = master_, .events = POLLIN, .revents = 0};
    std::array<char, 4096> bytes;  // NOLINT(cppcoreguidelines-pro-type-member-init)
    while (::poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN) != 0) {
      const ssize_t got = ::read(master_, bytes.data(), bytes.size());
      if (got <= 0) return;
      output_.append(bytes.data(), static_cast<std::size_t>(got));
    }
  }

  int master_{-1};
  int slave_{-1};
  pid_t pid_{-1};
  std::string output_;
};

}  // namespace chatd::test
