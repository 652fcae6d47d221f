// SPDX-License-Identifier: GPL-3.0-or-later
// server_impl.hpp — how Server uses evhttp: the connections that it has made, and the requests that
// it waits for.
//
// Runs in:   web.
// Why:       evhttp has no limit of connections and no time limit for a whole request. It asks for
//            the bufferevent of each new connection; with a reference to it, this code knows the
//            connection from its beginning, ends it by shutdown(2), and sees that evhttp has freed
//            it (then it has no callbacks any more).
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>

#include "common/http/server.hpp"

namespace chatd::http {

// One request. evhttp frees it with the response, or with its connection.
class Exchange::State {
 public:
  State(evhttp_request* raw, Request request, Server::Impl& server)
      : raw_{raw}, request_{std::move(request)}, server_{server} {}

  [[nodiscard]] const Request& request() const noexcept { return request_; }
  [[nodiscard]] bool is_over() const noexcept { return raw_ == nullptr; }
  // Begins to watch for the end of the connection.
  void watch();
  void answer(const Response& response);
  UniqueFd take_socket();

 private:
  static void on_close(evhttp_connection* connection, void* self);
  evhttp_request* raw_;
  Request request_;
  Server::Impl& server_;
};

class Server::Impl {
 public:
  Impl(io::EventLoop& loop, const Limits& limits, Rules rules, Handler handler);
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl();

  Result<> open(const std::vector<int>& sockets);
  [[nodiscard]] std::size_t connections() const noexcept { return table_.count(); }
  // A socket that stands in for one that is taken over.
  [[nodiscard]] int placeholder() const noexcept { return placeholder_.get(); }

 private:
  struct Freer {
    void operator()(evhttp* http) const noexcept { evhttp_free(http); }
    void operator()(event* one) const noexcept { event_free(one); }
  };
  struct Open {
    int fd{-1};
    Connections::Id id{0};  // 0: refused; it is shut down already
  };
  static bufferevent* on_connection(event_base* base, void* self);
  static void on_request(evhttp_request* raw, void* self);
  static void on_fresh(evutil_socket_t, short, void* self);
  static void on_accept_error(evconnlistener* listener, void* self);

  Result<> listen(int socket);
  void take_fresh();
  void take(bufferevent* buffers);
  void sweep();
  void watch_time();
  void pause(bool is_paused);
  void serve(evhttp_request* raw);

  io::EventLoop& loop_;
  Limits limits_;
  Rules rules_;
  Handler handler_;
  Connections table_;
  UniqueFd placeholder_;
  std::unordered_map<bufferevent*, Open> open_;  // each with a reference
  std::vector<bufferevent*> fresh_;              // evhttp has not given them a socket yet
  std::vector<evconnlistener*> listeners_;       // of http_
  bool is_paused_{false};
  bool is_out_of_descriptors_{false};
  std::unique_ptr<event, Freer> look_;  // at fresh_
  io::EventLoop::Watch clock_;
  std::unique_ptr<evhttp, Freer> http_;
};

}  // namespace chatd::http
