// SPDX-License-Identifier: GPL-3.0-or-later
// Responses that are text of our own.
#include <fmt/format.h>

#include "common/http/fixed_headers.hpp"
#include "common/http/server.hpp"

namespace chatd::http {

namespace {

std::string json_text(std::string_view text) {
  std::string json{'"'};
  for (const char c : text) {
    constexpr char kSpace = ' ';
    if (c == '"' || c == '\\') json += '\\';
    json += static_cast<unsigned char>(c) < kSpace ? kSpace : c;
  }
  return json + '"';
}

}  // namespace

Response refusal_response(const Refusal& refusal) {
  return {.status = refusal.status,
          .body = fmt::format("{{\"error\":{},\"message\":{}}}\n", json_text(refusal.code),
                              json_text(refusal.message))};
}

Response busy_response(std::string_view message) {
  Response response = refusal_response(refusal_of(code::kBusy, std::string{message}));
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

std::string event_stream_head(bool is_secure) {
  std::string head =
      "HTTP/1.1 200 OK\r\n"
      "Content-Type: text/event-stream; charset=utf-8\r\n"
      "Cache-Control: no-store\r\n"
      "X-Accel-Buffering: no\r\n";
  const auto add = [&](const Header& header) {
    head += fmt::format("{}: {}\r\n", header.first, header.second);
  };
  for (const Header& header : kFixedHeaders) add(header);
  if (is_secure) add(kSecureHeader);
  return head + "\r\n";
}

}  // namespace chatd::http
