// SPDX-License-Identifier: GPL-3.0-or-later
// terminal_output.hpp — a stream to a terminal that nobody may be reading: Ctrl-S stops it, or
// its window hangs. Writing waits then, as it should, but not when the program is to end.
//
// Runs in:   uchat's terminal process, for readline, which knows only of streams that wait.
// Owns:      the stream. Borrows: the terminal's descriptor.
// Invariant: SIGINT, SIGTERM and SIGHUP end the waiting where the event loop has blocked them,
//            and stay pending for it. From then on all writing together waits no longer than
//            half a second; what does not go is dropped.
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

class TerminalOutput {
 public:
  explicit TerminalOutput(int fd);

  TerminalOutput(const TerminalOutput&) = delete;
  TerminalOutput& operator=(const TerminalOutput&) = delete;
  ~TerminalOutput() = default;

  [[nodiscard]] std::FILE* stream() const noexcept { return stream_ ? stream_.get() : stdout; }
  // The end has come: also what Ctrl-S has stopped goes on.
  void hurry();

 private:
  static ssize_t on_write(void* self, const char* bytes, std::size_t size);
  void write(std::string_view text);
  [[nodiscard]] bool wait_for_room();  // false: there will be none
  struct Close {
    void operator()(std::FILE* stream) const noexcept { (void)std::fclose(stream); }
  };

  int fd_;
  UniqueFd endings_;  // readable: one of the signals is pending
  std::optional<MonoTime> deadline_{};
  std::unique_ptr<std::FILE, Close> stream_;
};

}  // namespace chatd::client
