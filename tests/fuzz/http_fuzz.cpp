// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a request: the server answers at most once, or ends the connection; the handler sees
// only what the rules admit. The end must not come from a deadline: there is none for an hour. An
// input without an end is found by the time limit of the fuzzer or of ctest, not by a clock here.
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "common/http/server.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace chatd;

// A Unix socket: its peer has no address, and no port is used up.
UniqueFd listening(sockaddr_un& name, socklen_t& length) {
  UniqueFd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  name.sun_family = AF_UNIX;
  // The kernel chooses an abstract name.
  ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof(sa_family_t));
  ::listen(fd.get(), 16);
  length = sizeof name;
  ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&name), &length);
  return fd;
}

class World {
 public:
  World() : listener_{listening(name_, length_)}, loop_{*io::EventLoop::create()} {
    auto server =
        http::Server::create(loop_, {listener_.get()}, limits(), {.hosts = {"chat.example"}},
                             [this](http::Exchange exchange) { handle(std::move(exchange)); });
    require(server.has_value());
    server_.emplace(std::move(*server));
  }
  void run(const std::uint8_t* data, std::size_t size) {
    requests_ = 0;
    received_ = 0;
    UniqueFd client{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    require(::connect(client.get(), reinterpret_cast<const sockaddr*>(&name_), length_) == 0);
    (void)!::send(client.get(), data, size, MSG_NOSIGNAL);
    ::shutdown(client.get(), SHUT_WR);
    auto done = loop_.on_readable(client.get(), [&] { on_response(client.get()); });
    (void)loop_.run();
    require(requests_ <= 1);
  }

 private:
  // Of one response, with its headers.
  static constexpr std::size_t kMaxResponse = 4096;
  static http::Limits limits() {
    constexpr std::chrono::hours kLong{1};
    return {.request = kLong, .request_if_full = kLong, .response = kLong};
  }
  void handle(http::Exchange exchange) {
    ++requests_;
    const http::Request& request = exchange.request();
    require(request.path.starts_with('/'));
    require(request.body.size() <= http::Limits{}.body_bytes);
    require(http::host_of(request.header("host").value_or("")).has_value());
    exchange.answer({.body = "x"});
  }
  void on_response(int fd) {
    char buffer[65'536];
    const auto got = ::recv(fd, buffer, sizeof buffer, 0);
    if (got <= 0) return loop_.stop();
    received_ += static_cast<std::size_t>(got);
    require(received_ <= kMaxResponse);
  }

  sockaddr_un name_{};
  socklen_t length_{};
  UniqueFd listener_;
  io::EventLoop loop_;
  std::optional<http::Server> server_;
  int requests_{0};
  std::size_t received_{0};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  world.run(data, size);
  return 0;
}
