// SPDX-License-Identifier: GPL-3.0-or-later
// server.hpp — a server of HTTP/1.1 on an event loop; the door to evhttp of libevent, which reads
// requests and writes responses.
//
// Runs in:   web.
// Owns:      the connections until they are answered, or taken over for a stream. Borrows: the
//            loop and the listening sockets, which stay open.
// Invariant: one request a connection: what a peer sends behind it is never read as another one.
//            The limits of limits.hpp hold before evhttp has read a byte. Each response has the
//            fixed headers of server.cpp. A handler sees only requests that rules.hpp admits.
// Errors:    of a peer: the response says them, or the connection ends.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "common/http/limits.hpp"
#include "common/http/message.hpp"
#include "common/http/rules.hpp"
#include "common/io/event_loop.hpp"

namespace chatd::http {

// A request that waits for its response. It may be kept; if it is destroyed without a response, the
// peer gets 503.
class Exchange {
 public:
  class State;  // of server.cpp
  explicit Exchange(std::shared_ptr<State> state) noexcept;
  Exchange(Exchange&&) noexcept;
  Exchange& operator=(Exchange&& other) noexcept;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange();

  [[nodiscard]] const Request& request() const noexcept;
  // Sends the response. A second one is ignored, and one to a peer that is gone.
  void answer(const Response& response);
  // The socket of the peer, to which nothing was sent yet, in place of a response. Closed: the peer
  // is gone, or no descriptor is left.
  [[nodiscard]] UniqueFd take_socket();
  [[nodiscard]] bool is_gone() const noexcept;

 private:
  std::shared_ptr<State> state_;
};

class Server {
 public:
  using Handler = std::function<void(Exchange)>;

  // `sockets`: TCP sockets that listen already, non-blocking.
  [[nodiscard]] static Result<Server> create(io::EventLoop& loop, const std::vector<int>& sockets,
                                             const Limits& limits, Rules rules, Handler handler);
  Server(Server&&) noexcept;
  Server& operator=(Server&& other) noexcept;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  // Connections without an answer.
  [[nodiscard]] std::size_t connections() const noexcept;

 private:
  friend class Exchange;
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

// {"error":"<code>","message":"<message>"}
[[nodiscard]] Response refusal_response(const Refusal& refusal);
// The server cannot answer now. With the header Retry-After.
[[nodiscard]] Response busy_response(
    std::string_view message = "The server cannot answer now; try again.");

// The status line and headers of a response whose body is an event stream; the end of the
// connection ends it.
[[nodiscard]] std::string event_stream_head(bool is_secure);

}  // namespace chatd::http
