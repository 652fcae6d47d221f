// SPDX-License-Identifier: GPL-3.0-or-later
// stdio_terminal.hpp — a pseudo terminal in place of standard input and output of this process, for
// code that uses them.
//
// Runs in:   fuzz targets.
// Owns:      the terminal, and a thread that reads the output: without it a long output would wait
//            for a reader without end. The destructor restores both descriptors.
#pragma once

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <pty.h>

#include "common/base/unique_fd.hpp"
#include "tests/fuzz/require.hpp"

namespace chatd::fuzz {

class StdioTerminal {
 public:
  StdioTerminal() : input_{::dup(STDIN_FILENO)}, output_{::dup(STDOUT_FILENO)} {
    int master = -1;
    int slave = -1;
    require(::openpty(&master, &slave, nullptr, nullptr, nullptr) == 0);
    master_.reset(master);
    const UniqueFd terminal{slave};
    require(::dup2(slave, STDIN_FILENO) >= 0 && ::dup2(slave, STDOUT_FILENO) >= 0);
    reader_ = std::thread{[this] { read_all(); }};
  }
  StdioTerminal(const StdioTerminal&) = delete;
  StdioTerminal& operator=(const StdioTerminal&) = delete;
  // The terminal has no user any more, so that the read of the thread fails.
  ~StdioTerminal() {
    (void)::dup2(input_.get(), STDIN_FILENO);
    (void)::dup2(output_.get(), STDOUT_FILENO);
    reader_.join();
  }

  void resize(unsigned short columns, unsigned short rows) const {
    const winsize size{.ws_row = rows, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    require(::ioctl(master_.get(), TIOCSWINSZ, &size) == 0);
  }
  void type(std::string_view keys) const {
    require(::write(master_.get(), keys.data(), keys.size()) == std::ssize(keys));
  }
  [[nodiscard]] static bool has_keys() {
    pollfd keys{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    return ::poll(&keys, 1, 0) > 0;
  }
  // All output since the last call. A NUL, which no program under test writes, marks the end.
  [[nodiscard]] std::string take_output() {
    require(::write(STDOUT_FILENO, "", 1) == 1);
    std::unique_lock lock{mutex_};
    has_end_.wait(lock, [this] { return text_.ends_with('\0'); });
    text_.pop_back();
    return std::exchange(text_, {});
  }

 private:
  void read_all() {
    std::array<char, 4096> bytes{};
    for (;;) {
      const ssize_t got = ::read(master_.get(), bytes.data(), bytes.size());
      if (got <= 0) return;
      const std::scoped_lock lock{mutex_};
      text_.append(bytes.data(), static_cast<std::size_t>(got));
      has_end_.notify_one();
    }
  }

  UniqueFd input_;
  UniqueFd output_;
  UniqueFd master_;
  std::mutex mutex_;
  std::condition_variable has_end_;
  std::string text_;
  std::thread reader_;
};

}  // namespace chatd::fuzz
