// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/http/read_request.hpp"

#include <algorithm>
#include <cctype>
#include <string>

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

namespace chatd::http {

namespace {

Refusal bad(std::string message) { return refusal_of(code::kBadRequest, std::move(message)); }

void read_headers(evhttp_request& raw, Request& request) {
  const evkeyvalq* const headers = evhttp_request_get_input_headers(&raw);
  for (const evkeyval* one = headers->tqh_first; one != nullptr; one = one->next.tqe_next) {
    std::string name{one->key};
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    request.headers.emplace_back(std::move(name), one->value);
  }
}

// A proxy in front and this server must agree where a request ends and whom it is for.
std::optional<Refusal> find_doubt(const Request& request) {
  const auto count = [&](std::string_view name) {
    return std::ranges::count(request.headers, name, &Fields::value_type::first);
  };
  if (count("transfer-encoding") != 0) {
    return refusal_of(code::kLengthRequired, "A body needs Content-Length, not Transfer-Encoding.");
  }
  if (count("content-length") > 1) return bad("Content-Length is there twice.");
  if (count("host") != 1) return bad("The request needs one Host.");
  if (const auto length = request.header("content-length")) {
    const bool is_number = !length->empty() && std::ranges::all_of(*length, [](char c) {
      return c >= '0' && c <= '9';
    });
    if (!is_number) return bad("Content-Length is not a number.");
  }
  return std::nullopt;
}

std::optional<Refusal> read_address(std::string_view address, Request& request) {
  if (!address.starts_with('/')) return bad("The address of a request begins with a slash.");
  address = address.substr(0, address.find('#'));
  const std::size_t mark = std::min(address.find('?'), address.size());
  auto path = percent_decoded(address.substr(0, mark));
  auto query = parse_query(address.substr(std::min(mark + 1, address.size())));
  if (!path || !query) return bad("The address has a wrong percent sign.");
  request.path = std::move(*path);
  request.query = std::move(*query);
  return std::nullopt;
}

void read_body(evhttp_request& raw, Request& request) {
  evbuffer* const input = evhttp_request_get_input_buffer(&raw);
  request.body.resize(evbuffer_get_length(input));
  (void)evbuffer_remove(input, request.body.data(), request.body.size());
}

}  // namespace

std::optional<Refusal> read_request(evhttp_request& raw, Request& request) {
  read_headers(raw, request);
  if (auto refusal = find_doubt(request)) return refusal;
  if (auto refusal = read_address(evhttp_request_get_uri(&raw), request)) return refusal;
  read_body(raw, request);
  return std::nullopt;
}

}  // namespace chatd::http
