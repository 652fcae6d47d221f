// SPDX-License-Identifier: GPL-3.0-or-later
// process.hpp — one child process that runs a function of this program.
//
// Runs in:   any process; the object belongs to the process that made it. In every child
//            the inherited copy is of no use: all calls except name() and pid() fail there.
// Owns:      the child from start() until its status was collected, and a pidfd to it. The
//            destructor kills a daemon that is still running, and waits for any other
//            child, so that no zombie and no running process is left.
// Invariant: signals and waits use the pidfd, so they never reach another process that got
//            the pid of a child that has ended.
// Errors:    Result; misuse (start twice, join before start) names the process and the reason.
// Crash:     exit_status() shows that a child was killed. When *this* process is killed a
//            daemon dies with it; the parent of any other child becomes init.
//
// Not for use by two threads at once. A daemon's parent is the *thread* that called
// start() (PR_SET_PDEATHSIG): start it from one that lives as long as the process.
// The child is a fork: an event loop of the parent must not be used in it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "common/process/deadline.hpp"
#include "common/process/exit_status.hpp"

namespace chatd::process {

struct ProcessOptions {
  std::string name{};  // shown by ps and top (15 bytes of it); default "process-N"
  bool daemon{false};  // the kernel kills it when its parent ends, also by SIGKILL
  // If set, the child closes every descriptor except 0, 1, 2 and these.
  std::optional<std::vector<int>> keep_fds{};
};

class Process {
 public:
  using Options = ProcessOptions;

  // The value that `target` returns is the exit status, 0..255.
  explicit Process(std::function<int()> target, Options options = {});

  // Process{{.name = "copy"}, copy_part, source, 0, 4096}: the arguments are copied or moved in, as
  // for std::thread. A function that returns nothing gives status 0.
  template <class Function, class... Arguments>
  requires std::invocable < std::decay_t<Function>
  &, std::decay_t<Arguments>&... >
         explicit Process(Options options, Function&& function, Arguments&&... arguments)
      : Process{bind(std::forward<Function>(function), std::forward<Arguments>(arguments)...),
                std::move(options)} {}

  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  virtual ~Process();

  // Only before start().
  [[nodiscard]] Result<> set_daemon(bool daemon);
  [[nodiscard]] Result<> set_name(std::string name);
  [[nodiscard]] const std::string& name() const noexcept { return options_.name; }
  [[nodiscard]] bool is_daemon() const noexcept { return options_.daemon; }

  // Forks. The child has default signal dispositions, an empty signal mask and /dev/null
  // as standard input; it runs run(), flushes stdio and ends without atexit handlers.
  [[nodiscard]] Result<> start();

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }  // 0 before start()
  [[nodiscard]] bool has_started() const noexcept { return pid_ != 0; }
  // For an event loop: readable when the child has ended. -1 before start() and after the child was
  // collected.
  [[nodiscard]] int pidfd() const noexcept { return pidfd_.get(); }
  // These two do not collect the child: a SIGCHLD reaper still gets its status.
  [[nodiscard]] bool is_alive();
  [[nodiscard]] std::optional<ExitStatus> exit_status();

  // Waits until the child has ended and collects it: true; false when the timeout passed first. If
  // other code collected it, still true; exit_status() is then the one given to record_exit(), or
  // an unknown one.
  [[nodiscard]] Result<bool> join(Timeout timeout = kForever);

  [[nodiscard]] Result<> terminate();  // SIGTERM
  [[nodiscard]] Result<> kill();       // SIGKILL
  // Error code ESRCH: not started, or ended already.
  [[nodiscard]] Result<> send_signal(int number);

  // Sets the status of a child that a SIGCHLD reaper collected.
  void record_exit(ExitStatus status) noexcept;

 protected:
  // For a subclass that overrides run().
  explicit Process(Options options = {});
  // Runs in the child. An exception is reported and ends the child with status 70.
  virtual int run();

 private:
  template <class Function, class... Arguments>
  static std::function<int()> bind(Function function, Arguments... arguments) {
    return [call = std::move(function),
            bound = std::tuple<Arguments...>{std::move(arguments)...}]() mutable -> int {
      using Returned = decltype(std::apply(call, bound));
      if constexpr (std::is_void_v<Returned>) {
        std::apply(call, bound);
        return 0;
      } else {
        return static_cast<int>(std::apply(call, bound));
      }
    };
  }

  [[nodiscard]] Result<> check_ours(const char* doing) const;
  [[nodiscard]] Result<> check_not_started(const char* doing) const;
  void look();     // checks, without collecting it, whether the child has ended
  void collect();  // takes the status of a child that has ended

  std::function<int()> target_;
  Options options_;
  pid_t owner_{0};  // the process that called start()
  pid_t pid_{0};
  UniqueFd pidfd_;
  std::optional<ExitStatus> status_;
  bool collected_{false};
};

}  // namespace chatd::process
