// SPDX-License-Identifier: GPL-3.0-or-later
// The response to one request, or the end of its connection.
#include <fcntl.h>
#include <unistd.h>

#include <event2/buffer.h>

#include "common/http/fixed_headers.hpp"
#include "common/http/server_impl.hpp"

namespace chatd::http {

namespace {

void add_headers(evhttp_request* raw, const Request& request, const Response& response) {
  evkeyvalq* const headers = evhttp_request_get_output_headers(raw);
  for (const Header& header : kFixedHeaders) {
    evhttp_add_header(headers, header.first, header.second);
  }
  if (request.sender.is_secure) {
    evhttp_add_header(headers, kSecureHeader.first, kSecureHeader.second);
  }
  evhttp_add_header(headers, "Content-Type", std::string{response.type}.c_str());
  evhttp_add_header(headers, "Cache-Control", std::string{response.cache_control}.c_str());
  for (const auto& [name, value] : response.headers) {
    evhttp_add_header(headers, name.c_str(), value.c_str());
  }
}

}  // namespace

void Exchange::State::watch() {
  evhttp_connection_set_closecb(evhttp_request_get_connection(raw_), &State::on_close, this);
}

// evhttp leaves a request without a response to us when its connection ends. In its own end it
// frees the request with the connection.
void Exchange::State::on_close(evhttp_connection* /*connection*/, void* self) {
  auto& state = *static_cast<State*>(self);
  evhttp_request* const raw = std::exchange(state.raw_, nullptr);
  if (raw != nullptr && evhttp_request_get_connection(raw) == nullptr) evhttp_request_free(raw);
}

void Exchange::State::answer(const Response& response) {
  evhttp_request* const raw = std::exchange(raw_, nullptr);
  if (raw == nullptr) return;
  evhttp_connection_set_closecb(evhttp_request_get_connection(raw), nullptr, nullptr);
  add_headers(raw, request_, response);
  const std::string_view body = response.constant.empty() ? response.body : response.constant;
  evbuffer* const buffer = evbuffer_new();
  if (request_.method == Method::head) {
    evhttp_add_header(evhttp_request_get_output_headers(raw), "Content-Length",
                      std::to_string(body.size()).c_str());
  } else if (buffer != nullptr && !response.constant.empty()) {
    evbuffer_add_reference(buffer, body.data(), body.size(), nullptr, nullptr);
  } else if (buffer != nullptr) {
    evbuffer_add(buffer, body.data(), body.size());
  }
  evhttp_send_reply(raw, response.status, std::string{phrase_of(response.status)}.c_str(), buffer);
  if (buffer != nullptr) evbuffer_free(buffer);
}

// evhttp_connection_free() calls shutdown(2), which would reach a duplicate, too. So the number is
// given another socket first; the event loop must have forgotten the old one by then.
UniqueFd Exchange::State::take_socket() {
  if (raw_ == nullptr) return {};
  evhttp_connection* const connection = evhttp_request_get_connection(raw_);
  bufferevent* const buffers = evhttp_connection_get_bufferevent(connection);
  const int theirs = bufferevent_getfd(buffers);
  bufferevent_disable(buffers, EV_READ | EV_WRITE);
  UniqueFd own{::fcntl(theirs, F_DUPFD_CLOEXEC, 0)};
  if (!own.is_open() || ::dup3(server_.placeholder(), theirs, O_CLOEXEC) < 0) {
    answer(busy_response());
    return {};
  }
  raw_ = nullptr;
  evhttp_connection_set_closecb(connection, nullptr, nullptr);
  evhttp_connection_free(connection);
  return own;
}

}  // namespace chatd::http
