// SPDX-License-Identifier: GPL-3.0-or-later
// event_loop.hpp — an event loop; the door to libevent.
//
// Runs in:   supervisor, gateway, worker; each makes its own loop AFTER its fork. An
//            inherited epoll set would still be shared with the parent.
// Owns:      one event_base. A Watch owns one registration.
// Invariant: a live Watch implies a live EventLoop (declare the loop first).
// Handlers:  run on the loop, must not block, must not throw.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "common/base/result.hpp"

struct event_base;  // no other header names libevent's types

namespace chatd::io {

class EventLoop {
 public:
  using Handler = std::function<void()>;

  // The registration of one handler. Destroying a Watch deregisters it. A handler may destroy its
  // own Watch.
  class Watch {
   public:
    Watch();
    Watch(Watch&&) noexcept;
    Watch& operator=(Watch&& other) noexcept;
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch();

    [[nodiscard]] bool is_active() const noexcept { return node_ != nullptr; }

   private:
    friend class EventLoop;
    struct Node;
    explicit Watch(std::shared_ptr<Node> node);
    std::shared_ptr<Node> node_;
  };

  static Result<EventLoop> create();

  // The caller keeps the descriptor, which must outlive the Watch.
  Result<Watch> on_readable(int fd, Handler handler);
  Result<Watch> on_writable(int fd, Handler handler);
  // Uses a signalfd(2) of this loop: libevent's own signal handling is one per program, and a
  // forked child would share it with its parent. The signal is blocked from now on, also after the
  // Watch is destroyed.
  Result<Watch> on_signal(int signo, Handler handler);
  Result<Watch> every(std::chrono::milliseconds period, Handler handler);
  Result<Watch> after(std::chrono::milliseconds delay, Handler handler);  // once

  Result<> run();  // until stop()
  void stop() noexcept;

  // For common/http, whose requests libevent reads on the same loop.
  [[nodiscard]] event_base* base() const noexcept { return base_.get(); }

 private:
  struct BaseDeleter {
    void operator()(event_base* base) const noexcept;
  };
  using BasePtr = std::unique_ptr<event_base, BaseDeleter>;
  explicit EventLoop(BasePtr base) noexcept;
  Result<Watch> add(int fd, short events, const std::chrono::milliseconds* period, Handler handler);

  BasePtr base_;
};

}  // namespace chatd::io
