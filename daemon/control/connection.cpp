// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/control/connection.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "daemon/control/dispatch.hpp"

namespace chatd::control {

namespace {

// Time for the first request of a caller that has connected and sent none, when this process ends.
constexpr std::chrono::milliseconds kLastRequestGrace{100};

bool would_block(int error) { return error == EAGAIN || error == EINTR; }

wire::ControlReply refuse(std::string_view code, std::string message) {
  return std::unexpected{Refusal{.code = std::string{code}, .message = std::move(message)}};
}

}  // namespace

Connection::Connection(UniqueFd fd, Caller caller, Context context)
    : fd_{std::move(fd)}, caller_{caller}, context_{std::move(context)} {}

Result<> Connection::start() {
  auto readable = context_.loop->on_readable(fd_.get(), [this] { on_readable(); });
  if (!readable) return fail(std::move(readable).error());
  readable_ = std::move(*readable);
  restart_timeout();
  return {};
}

void Connection::finish() {
  finishing_ = true;
  next_ = {};
  if (!waiting_ && output_.empty() && !asked_) {
    // The first request is on the way: a successor of this process never sees this connection,
    // and without a reply the caller could not tell why it was closed.
    keep(timeout_watch_, context_.loop->after(kLastRequestGrace, [this] { on_timeout(); }));
    return;
  }
  readable_ = {};
  if (!waiting_ && output_.empty()) close();
}

void Connection::on_readable() {
  const auto self = shared_from_this();
  std::array<char, 16'384> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const ssize_t got = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
  if (got < 0) {
    if (!would_block(errno)) close();
    return;
  }
  if (got == 0) {
    at_eof_ = true;
    readable_ = {};  // else the loop would wake up for it again and again
    // `printf '{"verb":"ping"}' | nc -NU ...` sends no newline.
    if (!input_.empty()) input_ += '\n';
  }
  input_.append(buffer.data(), static_cast<std::size_t>(got));
  advance();
}

// Takes at most one request, so that many requests cannot block the loop.
void Connection::advance() {
  if (const auto line = take_line()) {
    answer(*line);
  } else if (input_.size() > wire::kMaxRequestBytes) {
    finishing_ = true;
    deliver(refuse(wire::code::kTooLong, "the request's line is too long"));
  } else if (at_eof_) {
    close();
  }
}

std::optional<std::string> Connection::take_line() {
  const std::size_t end = input_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = input_.substr(0, end);
  input_.erase(0, end + 1);
  return line;
}

void Connection::answer(const std::string& line) {
  readable_ = {};
  waiting_ = true;
  asked_ = true;
  restart_timeout();
  const auto request = wire::decode_request(line);
  if (!request) {
    deliver(std::unexpected{request.error()});
    return;
  }
  Caller caller = caller_;
  caller.fd = fd_.get();
  // Weak: the caller or the server may be gone when the handler answers.
  dispatch(*context_.handlers, caller, *request,
           [self = weak_from_this()](const wire::ControlReply& reply) {
             const auto alive = self.lock();
             if (alive && alive->waiting_) alive->deliver(reply);
           });
}

void Connection::deliver(const wire::ControlReply& reply) {
  if (reply && *reply == kPassedOn) return close();
  waiting_ = false;
  readable_ = {};
  output_ = wire::encode(reply) + '\n';
  sent_ = 0;
  flush();
}

void Connection::flush() {
  const auto self = shared_from_this();
  while (sent_ < output_.size()) {
    const ssize_t sent = ::send(fd_.get(), output_.data() + sent_, output_.size() - sent_,
                                MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
      await_writable(errno);
      return;
    }
    sent_ += static_cast<std::size_t>(sent);
  }
  writable_ = {};
  output_ = {};  // frees the memory of a long list
  if (finishing_) {
    close();
  } else {
    await_line();
  }
}

void Connection::await_writable(int send_error) {
  if (!would_block(send_error)) {
    close();
  } else if (!writable_.is_active()) {
    keep(writable_, context_.loop->on_writable(fd_.get(), [this] { flush(); }));
  }
}

void Connection::await_line() {
  restart_timeout();
  const bool line_is_there = input_.find('\n') != std::string::npos;
  if (line_is_there || at_eof_) {
    keep(next_, context_.loop->after(std::chrono::milliseconds{0}, [this] {
      const auto self = shared_from_this();
      advance();
    }));
  } else {
    keep(readable_, context_.loop->on_readable(fd_.get(), [this] { on_readable(); }));
  }
}

void Connection::on_timeout() {
  const auto self = shared_from_this();
  const bool reply_is_stuck = !output_.empty();
  if (reply_is_stuck || (!waiting_ && input_.empty())) {
    close();
    return;
  }
  finishing_ = true;
  deliver(refuse(wire::code::kFailed,
                 waiting_ ? "the daemon took too long" : "the request's line did not end in time"));
}

void Connection::restart_timeout() {
  keep(timeout_watch_, context_.loop->after(context_.timeout, [this] { on_timeout(); }));
}

void Connection::keep(io::EventLoop::Watch& where, Result<io::EventLoop::Watch> watch) {
  if (watch) {
    where = std::move(*watch);
  } else {
    close();
  }
}

void Connection::close() {
  readable_ = {};
  writable_ = {};
  timeout_watch_ = {};
  next_ = {};
  waiting_ = false;
  fd_.reset();
  if (const auto on_closed = std::exchange(context_.on_closed, nullptr)) on_closed(*this);
}

}  // namespace chatd::control
