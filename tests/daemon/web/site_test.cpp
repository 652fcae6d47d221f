// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/site.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "daemon/web/assets.hpp"
#include "daemon/web/pulse.hpp"

namespace chatd::web {
namespace {

http::Request get(std::string path, http::Fields headers = {}) {
  return {.method = http::Method::get, .path = std::move(path), .headers = std::move(headers)};
}
std::string header_of(const http::Response& response, std::string_view name) {
  const auto found = std::ranges::find(response.headers, name, &http::Fields::value_type::first);
  return found == response.headers.end() ? "" : found->second;
}

TEST(SiteTest, ThePageIsAskedForEachTime) {
  const auto page = file_response(get("/"));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  EXPECT_EQ(page->type, "text/html; charset=utf-8");
  EXPECT_EQ(page->cache_control, "no-cache");
  EXPECT_NE(page->constant.find("<!doctype html>"), std::string_view::npos);
  EXPECT_EQ(page->constant.find("ASSETS"), std::string_view::npos);
  const std::string tag = header_of(*page, "ETag");
  const auto again = file_response(get("/", {{"if-none-match", tag}}));
  EXPECT_EQ(again->status, 304);
  EXPECT_TRUE(again->constant.empty());
}

TEST(SiteTest, AFileIsKeptForEver) {
  for (const Asset& asset : assets()) {
    const std::string path = "/a/" + std::string{assets_hash()} + "/" + std::string{asset.name};
    const auto file = file_response(get(path));
    ASSERT_TRUE(file) << path;
    EXPECT_EQ(file->constant, asset.raw);
    EXPECT_EQ(file->type, asset.type);
    EXPECT_NE(file->cache_control.find("immutable"), std::string_view::npos);
    EXPECT_EQ(header_of(*file, "Vary"), "Accept-Encoding");
  }
}

TEST(SiteTest, ABrowserThatTakesGzipGetsIt) {
  const auto page = file_response(get("/", {{"accept-encoding", "br, gzip"}}));
  EXPECT_EQ(header_of(*page, "Content-Encoding"), "gzip");
  EXPECT_EQ(page->constant.substr(0, 2), "\x1f\x8b");
  const auto plain = file_response(get("/", {{"accept-encoding", "gzip;q=0"}}));
  EXPECT_EQ(header_of(*plain, "Content-Encoding"), "");
}

TEST(SiteTest, OtherPathsAreNoFiles) {
  const std::string hash{assets_hash()};
  for (const std::string& path :
       {std::string{"/index.html"}, "/a/" + hash, "/a/" + hash + "/",
        "/a/" + hash + "/../index.html", std::string{"/a/00000000/index.html"},
        "/a/" + hash + "/index.html/", std::string{"/a/"}, std::string{"//"},
        std::string{"/api/room"}}) {
    EXPECT_FALSE(file_response(get(path))) << path;
  }
}

TEST(SiteTest, TheServerDescribesItself) {
  const auto about = nlohmann::json::parse(about_response({.name = "lab",
                                                           .language = "zh",
                                                           .fingerprint = "SHA256:x",
                                                           .door = "open",
                                                           .plain = "chat-only",
                                                           .max_text = 900,
                                                           .has_password = true})
                                               .body);
  EXPECT_EQ(about.at("schema"), 1);
  EXPECT_EQ(about.at("server"), "lab");
  EXPECT_EQ(about.at("language"), "zh");
  EXPECT_EQ(about.at("password_wanted"), true);
  EXPECT_EQ(about.at("max_text"), 900);
  EXPECT_EQ(about.at("assets"), assets_hash());
}

TEST(PulseTest, AProcessWhoseHeartbeatStopsIsNotThere) {
  using namespace std::chrono_literals;
  constexpr MonoTime kStart{1h};
  Pulse pulse{kStart};
  pulse.look(1, kStart + 1s);
  EXPECT_TRUE(pulse.is_there(kStart + 5s));
  pulse.look(1, kStart + 5s);
  EXPECT_FALSE(pulse.is_there(kStart + 6s));
  pulse.look(2, kStart + 7s);
  EXPECT_TRUE(pulse.is_there(kStart + 7s));
  EXPECT_EQ(health_response(true).status, 200);
  EXPECT_EQ(health_response(false).status, 503);
}

}  // namespace
}  // namespace chatd::web
