// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/site.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "common/base/version.hpp"
#include "common/wire/events/event_json.hpp"
#include "daemon/web/assets.hpp"
#include "daemon/web/routes.hpp"

namespace chatd::web {

namespace {

constexpr std::string_view kIndex = "index.html";
constexpr std::string_view kFolder = path_of(Route::file);

const Asset* find_asset(std::string_view name) {
  const auto all = assets();
  const auto found = std::ranges::find(all, name, &Asset::name);
  return found == all.end() ? nullptr : &*found;
}

bool takes_gzip(const http::Request& request) {
  const auto encodings = request.header("accept-encoding").value_or("");
  const std::size_t at = encodings.find("gzip");
  return at != std::string_view::npos && !encodings.substr(at).starts_with("gzip;q=0");
}

http::Response content_of(const Asset& asset, const http::Request& request) {
  http::Response response{.type = asset.type, .constant = asset.raw};
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (takes_gzip(request)) {
    response.constant = asset.gzip;
    response.headers.emplace_back("Content-Encoding", "gzip");
  }
  return response;
}

// Its address does not change, so a browser asks each time whether its copy is the last one.
http::Response index_response(const http::Request& request) {
  const std::string tag = fmt::format("\"{}\"", assets_hash());
  const Asset* const index = find_asset(kIndex);
  if (index == nullptr) return {.status = 404};
  http::Response response = request.header("if-none-match") == tag
                                ? http::Response{.status = 304, .type = index->type}
                                : content_of(*index, request);
  response.cache_control = "no-cache";
  response.headers.emplace_back("ETag", tag);
  return response;
}

}  // namespace

std::optional<http::Response> file_response(const http::Request& request) {
  std::string_view path = request.path;
  if (path == path_of(Route::page)) return index_response(request);
  if (!path.starts_with(kFolder)) return std::nullopt;
  path.remove_prefix(kFolder.size());
  const std::string_view hash = path.substr(0, path.find('/'));
  if (hash != assets_hash() || path.size() <= hash.size()) return std::nullopt;
  const Asset* const asset = find_asset(path.substr(hash.size() + 1));
  if (asset == nullptr) return std::nullopt;
  http::Response response = content_of(*asset, request);
  response.cache_control = "public, max-age=31536000, immutable";
  return response;
}

http::Response about_response(const About& about) {
  wire::EventJson json;
  json["schema"] = 1;
  json["server"] = about.name;
  json["room"] = about.name;
  json["version"] = kVersion;
  json["language"] = about.language;
  json["password_wanted"] = about.has_password;
  json["door"] = about.door;
  json["max_text"] = about.max_text;
  json["fingerprint"] = about.fingerprint;
  json["plain"] = about.plain;
  json["assets"] = assets_hash();
  return {.body = wire::event_line(json)};
}

http::Response health_response(bool is_well) {
  return {.status = is_well ? 200 : 503,
          .type = "text/plain; charset=utf-8",
          .body = is_well ? "ok\n" : "the gateway gives no sign of life\n"};
}

}  // namespace chatd::web
