// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as the body or the headers of a page: a command is one native command of at most its
// size, or a refusal that is JSON.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/http/server.hpp"
#include "daemon/web/command_json.hpp"
#include "daemon/web/credentials.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace chatd;

void require_refusal(const http::Refusal& refusal) {
  require(refusal.status >= 400 && refusal.status < 500);
  require(nlohmann::json::parse(http::refusal_response(refusal).body).contains("error"));
}

void read_as_command(std::string_view body) {
  const auto find = [](std::string_view name) {
    return name.size() < 4 ? std::optional{wire::RoomId{7}} : std::nullopt;
  };
  const auto command = web::read_command(body, find);
  if (!command) return require_refusal(command.error());
  if (command->n == 0) return require(command->bytes.empty());
  const auto bytes = std::as_bytes(std::span{command->bytes});
  require(bytes.size() <= wire::kMaxCommandBytes);
  const auto view = wire::read_command(bytes);
  require(view.has_value() && view->size == bytes.size());
}

void read_as_entry(std::string_view body) {
  const auto entry = web::read_enter(body);
  if (!entry) return require_refusal(entry.error());
  (void)web::read_token(entry->token);
  (void)web::read_client(entry->client);
}

void read_as_headers(std::string_view text) {
  const http::Request request{.headers = {{"authorization", "Bearer " + std::string{text}},
                                          {"x-client", std::string{text}}}};
  (void)web::credentials_of(request);
  (void)web::read_token(text);
  (void)http::parse_query(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  read_as_command(text);
  read_as_entry(text);
  read_as_headers(text);
  return 0;
}
