// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/client.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/io/unix_socket.hpp"
#include "common/wire/control/control_path.hpp"
#include "common/wire/control/verbs.hpp"

namespace chatd::ctl {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
namespace code = wire::code;

std::unexpected<wire::ControlError> refuse(std::string_view code, std::string message) {
  return std::unexpected{
      wire::ControlError{.code = std::string{code}, .message = std::move(message)}};
}

std::string in_seconds(milliseconds time) {
  return fmt::format("{:g} s", static_cast<double>(time.count()) / 1000);
}

// False at the deadline.
bool wait_for(int fd, short events, steady_clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    pollfd waiting{.fd = fd, .events = events, .revents = 0};
    const int ready =
        ::poll(&waiting, 1, static_cast<int>(std::max(left, milliseconds{0}).count()));
    if (ready > 0) return true;
    if (ready == 0 && left <= milliseconds{0}) return false;
    if (ready < 0 && errno != EINTR) return true;  // the next call reports the error
  }
}

std::string how_to_get_it(std::string_view socket) {
  if (socket != wire::kSystemControlPath) return "it is another user's; use sudo";
  return fmt::format("use sudo, or join the group {0} (adduser NAME {0}) and log in again",
                     wire::kControlGroup);
}

constexpr auto kNoAnswer = "chatd hung up without an answer";

// Of a request that changes nothing, when the connection is closed before the answer. A daemon that
// stops closes one connection when its gateway ends and a later one when the daemon itself ends;
// the third finds that no daemon is there, or the next gateway.
constexpr int kTries = 3;

bool may_be_repeated(const wire::ControlRequest& request) {
  const wire::Verb* const verb = wire::find_verb(request.verb);
  return verb != nullptr && !verb->mutating;
}

}  // namespace

wire::ControlReply Client::ask(const wire::ControlRequest& request) {
  const auto deadline = steady_clock::now() + timeout_;
  const std::string line = wire::encode(request) + '\n';
  if (line.size() > wire::kMaxRequestBytes) return refuse(code::kTooLong, "the text is too long");
  for (int tries = may_be_repeated(request) ? kTries : 1;; --tries) {
    if (auto connected = connect(); !connected) return std::unexpected{connected.error()};
    send(line, deadline);
    auto reply = receive(deadline);
    if (!reply) return std::unexpected{std::move(reply).error()};
    if (!reply->empty()) {
      reply->pop_back();  // the newline
      return wire::decode_reply(*reply);
    }
    if (tries == 1) return refuse(code::kFailed, kNoAnswer);
  }
}

std::expected<Client::Begun, wire::ControlError> Client::begin(
    const wire::ControlRequest& request, const std::function<void()>& on_wait) {
  if (auto connected = connect(); !connected) return std::unexpected{connected.error()};
  const std::string line = wire::encode(request) + '\n';
  if (line.size() > wire::kMaxRequestBytes) return refuse(code::kTooLong, "the text is too long");
  send(line, steady_clock::now() + timeout_);
  std::string bytes;
  for (;;) {
    while (bytes.starts_with('\n')) {
      bytes.erase(0, 1);
      on_wait();
    }
    if (const std::size_t end = bytes.find('\n'); end != std::string::npos) {
      auto reply = wire::decode_reply(std::string_view{bytes}.substr(0, end));
      if (!reply) return std::unexpected{std::move(reply).error()};
      return Begun{.report = std::move(*reply), .bytes = bytes.substr(end + 1)};
    }
    if (bytes.size() > wire::kMaxReplyBytes) {
      return refuse(code::kMalformed, "the answer is too long");
    }
    const auto piece = more();
    if (!piece) return std::unexpected{piece.error()};
    if (piece->empty()) return refuse(code::kFailed, kNoAnswer);
    bytes += *piece;
  }
}

std::expected<std::string, wire::ControlError> Client::more() {
  const auto deadline = steady_clock::now() + timeout_;
  std::string piece(65'536, '\0');
  for (;;) {
    if (!wait_for(fd_.get(), POLLIN, deadline)) {
      return refuse(code::kTimeout, "chatd did not answer within " + in_seconds(timeout_));
    }
    const ssize_t got = ::recv(fd_.get(), piece.data(), piece.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    piece.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return piece;
  }
}

std::expected<void, wire::ControlError> Client::connect() {
  auto fd = io::connect_unix(socket_, timeout_);
  if (fd) {
    fd_ = std::move(*fd);
    return {};
  }
  switch (const int error = fd.error().code()) {
    case ENOENT:
    case ENOTDIR:
    case ECONNREFUSED:
      return refuse(code::kNotRunning, "no chatd is listening on " + socket_);
    case EACCES:
    case EPERM:
      return refuse(code::kDenied, "no permission for " + socket_ + ": " + how_to_get_it(socket_));
    case ETIMEDOUT:
      return refuse(code::kTimeout,
                    "chatd on " + socket_ + " took no connection within " + in_seconds(timeout_));
    default:
      return refuse(code::kFailed,
                    error == 0 ? fd.error().message() : "cannot connect: " + fd.error().message());
  }
}

// Errors are left to receive(): a daemon that closes the connection during a request may have
// sent the reason.
void Client::send(std::string_view line, Deadline deadline) const {
  while (!line.empty() && wait_for(fd_.get(), POLLOUT, deadline)) {
    const ssize_t sent = ::send(fd_.get(), line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return;
    if (sent > 0) line.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::expected<std::string, wire::ControlError> Client::receive(Deadline deadline) const {
  std::string line;
  std::array<char, 65'536> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  while (line.size() <= wire::kMaxReplyBytes) {
    if (!wait_for(fd_.get(), POLLIN, deadline)) {
      return refuse(code::kTimeout, "chatd did not answer within " + in_seconds(timeout_));
    }
    const ssize_t got = ::recv(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got <= 0 && line.empty()) return line;
    if (got <= 0) return refuse(code::kFailed, kNoAnswer);
    line.append(buffer.data(), static_cast<std::size_t>(got));
    if (const std::size_t end = line.find('\n', line.size() - static_cast<std::size_t>(got));
        end != std::string::npos) {
      line.resize(end + 1);
      return line;
    }
  }
  return refuse(code::kMalformed, "the answer is too long");
}

std::expected<void, wire::ControlError> Client::wait_until_gone(pid_t pid) {
  const auto deadline = steady_clock::now() + timeout_;
  const auto still_there =
      refuse(code::kTimeout, "chatd is stopping, but still there after " + in_seconds(timeout_));
  std::array<char, 256> rest{};
  for (;;) {
    if (!wait_for(fd_.get(), POLLIN, deadline)) return still_there;
    const ssize_t got = ::recv(fd_.get(), rest.data(), rest.size(), MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) break;
  }
  // The daemon closes the connection shortly before it ends. Its pid is 0 here if it runs in
  // another PID namespace, as in a container.
  const auto peer = io::peer_credentials(fd_.get());
  if (pid <= 0 || !peer || peer->pid == 0) return {};
  const UniqueFd process{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U))};
  if (process.is_open() && !wait_for(process.get(), POLLIN, deadline)) return still_there;
  return {};
}

}  // namespace chatd::ctl
