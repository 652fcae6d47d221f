// SPDX-License-Identifier: GPL-3.0-or-later
// progress.hpp — a line on standard error that shows how far a long request is. It is shown on a
// terminal only, and not if standard output is one, too, unless nothing is printed there meanwhile.
//
// Runs in: chatctl.
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace chatd::ctl {

class Progress {
 public:
  enum class Output : bool { none, printed };  // on standard output meanwhile
  explicit Progress(Output output)
      : is_shown_{::isatty(STDERR_FILENO) == 1 &&
                  (output == Output::none || ::isatty(STDOUT_FILENO) != 1)} {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  Progress(Progress&&) = delete;
  Progress& operator=(Progress&&) = delete;
  ~Progress() { clear(); }

  // At most some times a second; the first time after a second.
  void show(const std::string& words) {
    const auto now = std::chrono::steady_clock::now();
    if (!is_shown_ || now < next_) return;
    next_ = now + std::chrono::milliseconds{200};
    has_line_ = true;
    (void)std::fputs(("\r" + words + "\x1b[K").c_str(), stderr);
  }
  void clear() {
    if (has_line_) (void)std::fputs("\r\x1b[K", stderr);
    has_line_ = false;
  }
  [[nodiscard]] std::chrono::seconds elapsed() const {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() -
                                                            begun_);
  }

 private:
  bool is_shown_;
  bool has_line_{false};
  std::chrono::steady_clock::time_point begun_{std::chrono::steady_clock::now()};
  std::chrono::steady_clock::time_point next_{begun_ + std::chrono::seconds{1}};
};

}  // namespace chatd::ctl
