// SPDX-License-Identifier: GPL-3.0-or-later
// terminal_output.hpp — an output stream to a terminal that may block, by Ctrl-S or because its
// window hangs. A write then waits, but only for a limited time if the program must end.
//
// Runs in:   uchat's terminal process, for readline, which uses only blocking streams.
// Owns:      the stream. Borrows: the terminal's descriptor.
// Invariant: SIGINT, SIGTERM and SIGHUP, which the event loop has blocked, limit the wait, and stay
//            pending for the event loop. From then on all writes together wait at most half a
//            second, and the rest of the output is dropped.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <string_view>

#include "common/base/time.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::client {

// A std::FILE that writes to the terminal.
class TerminalOutput {
 public:
  explicit TerminalOutput(int fd);

  TerminalOutput(const TerminalOutput&) = delete;
  TerminalOutput& operator=(const TerminalOutput&) = delete;
  ~TerminalOutput() = default;

  [[nodiscard]] std::FILE* stream() const noexcept { return stream_ ? stream_.get() : stdout; }
  // The program ends soon: limits the wait, and continues output that Ctrl-S has stopped.
  void hurry();

 private:
  static ssize_t on_write(void* self, const char* bytes, std::size_t size);
  void write(std::string_view text);
  [[nodiscard]] bool wait_until_writable();  // false: the time limit is over
  struct Close {
    void operator()(std::FILE* stream) const noexcept { (void)std::fclose(stream); }
  };

  int fd_;
  UniqueFd ending_signals_;  // a signalfd; readable if one of the signals is pending
  std::optional<MonoTime> deadline_{};
  std::unique_ptr<std::FILE, Close> stream_;
};

}  // namespace chatd::client
