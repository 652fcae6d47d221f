// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/event_loop.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include <event2/event.h>

#include "common/base/unique_fd.hpp"

namespace chatd::io {

struct EventLoop::Watch::Node : std::enable_shared_from_this<Node> {
  struct EventDeleter {
    void operator()(event* ev) const noexcept { event_free(ev); }  // calls event_del(), too
  };
  UniqueFd signals;  // of on_signal(); closed after the event below is freed
  Handler handler;
  std::unique_ptr<event, EventDeleter> event_ptr;

  // A handler that throws must end the process here, not unwind through libevent's C frames; the
  // supervisor starts a new process.
  // NOLINTNEXTLINE(bugprone-exception-escape)
  static void trampoline(evutil_socket_t /*fd*/, short /*events*/, void* arg) noexcept {
    // Keeps the handler alive even if it destroys the last Watch on itself.
    const auto self = static_cast<Node*>(arg)->shared_from_this();
    self->handler();
  }
};

EventLoop::Watch::Watch() = default;
EventLoop::Watch::Watch(std::shared_ptr<Node> node) : node_{std::move(node)} {}
EventLoop::Watch::Watch(Watch&&) noexcept = default;
EventLoop::Watch& EventLoop::Watch::operator=(Watch&& other) noexcept {
  if (this == &other) return *this;
  if (node_) node_->event_ptr.reset();
  node_ = std::move(other.node_);
  return *this;
}
EventLoop::Watch::~Watch() {
  if (node_) node_->event_ptr.reset();
}

void EventLoop::BaseDeleter::operator()(event_base* base) const noexcept { event_base_free(base); }

EventLoop::EventLoop(BasePtr base) noexcept : base_{std::move(base)} {}

Result<EventLoop> EventLoop::create() {
  BasePtr base{event_base_new()};
  if (!base) return fail("event_base_new failed");
  return EventLoop{std::move(base)};
}

Result<EventLoop::Watch> EventLoop::on_readable(int fd, Handler handler) {
  return add(fd, EV_READ | EV_PERSIST, nullptr, std::move(handler));
}
Result<EventLoop::Watch> EventLoop::on_writable(int fd, Handler handler) {
  return add(fd, EV_WRITE | EV_PERSIST, nullptr, std::move(handler));
}
Result<EventLoop::Watch> EventLoop::on_signal(int signo, Handler handler) {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, signo);
  if (const int error = ::pthread_sigmask(SIG_BLOCK, &set, nullptr); error != 0) {
    return fail(Error::from_errno("block a signal", error));
  }
  UniqueFd fd{::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC)};
  if (!fd.is_open()) return fail(Error::from_errno("signalfd"));
  auto watch = on_readable(fd.get(), [signals = fd.get(), call = std::move(handler)] {
    signalfd_siginfo info{};
    // One read can stand for several signals of one kind; the handler must look for all of them.
    while (::read(signals, &info, sizeof info) > 0) {
    }
    call();
  });
  if (watch) watch->node_->signals = std::move(fd);
  return watch;
}
Result<EventLoop::Watch> EventLoop::every(std::chrono::milliseconds period, Handler handler) {
  return add(-1, EV_PERSIST, &period, std::move(handler));
}
Result<EventLoop::Watch> EventLoop::after(std::chrono::milliseconds delay, Handler handler) {
  return add(-1, 0, &delay, std::move(handler));
}

Result<EventLoop::Watch> EventLoop::add(int fd, short events,
                                        const std::chrono::milliseconds* period, Handler handler) {
  auto node = std::make_shared<Watch::Node>();
  node->handler = std::move(handler);
  node->event_ptr.reset(event_new(base_.get(), fd, events, &Watch::Node::trampoline, node.get()));
  if (!node->event_ptr) return fail("event_new failed");

  timeval tv{};
  if (period != nullptr) {
    tv.tv_sec = period->count() / 1000;
    tv.tv_usec = period->count() % 1000 * 1000;
  }
  if (event_add(node->event_ptr.get(), period != nullptr ? &tv : nullptr) != 0) {
    return fail("event_add failed");
  }
  return Watch{std::move(node)};
}

Result<> EventLoop::run() {
  if (event_base_loop(base_.get(), EVLOOP_NO_EXIT_ON_EMPTY) < 0) {
    return fail("event_base_loop failed");
  }
  return {};
}

void EventLoop::stop() noexcept { event_base_loopbreak(base_.get()); }

}  // namespace chatd::io
