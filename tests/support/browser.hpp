// SPDX-License-Identifier: GPL-3.0-or-later
// browser.hpp — a page of a browser, as a program: requests, and a stream of events.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/support/http_client.hpp"

namespace chatd::test {

// One page of a browser.
class Browser {
 public:
  // `seed`: another one is another user. `client`: another one is another page of that user.
  Browser(const Endpoint& server, char seed, int client = 1)
      : server_{server}, token_{std::string(42, seed) + "A"}, client_{std::to_string(client)} {}

  HttpResponse ask(std::string_view method, std::string_view path,
                   const std::optional<nlohmann::json>& body = std::nullopt) const {
    HttpConnection connection{server_};
    if (!connection.is_open()) return {};
    std::string request = head(method, path);
    if (body) {
      const std::string text = body->dump();
      request += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                             text.size(), text);
    } else {
      request += "\r\n";
    }
    connection.send(request);
    std::string all;
    while (connection.read(all)) {
    }
    HttpResponse response;
    const std::size_t end = all.find("\r\n\r\n");
    if (end == std::string::npos || all.size() < 12) return {};
    response.status = std::stoi(all.substr(9, 3));
    response.head = all.substr(0, end);
    response.body = all.substr(end + 4);
    return response;
  }
  HttpResponse enter(std::string_view name, const std::optional<std::string>& password = {}) {
    nlohmann::json entry{{"name", name}, {"token", token_}, {"client", client_}};
    if (password) entry["password"] = *password;
    const auto response = ask("POST", "/api/session", entry);
    if (response.status != 201) return response;
    if (cursor_.empty()) cursor_ = response.json().value("cursor", "");
    n_ = response.json().value("next", std::uint64_t{1}) - 1;  // 0 of another session
    return response;
  }
  // The answer to one command; the same number again if there was none.
  HttpResponse command(nlohmann::json command) {
    command["n"] = ++n_;
    command["after"] = cursor_;
    HttpResponse response;
    for (int i = 0; i < 100; ++i) {
      response = ask("POST", "/api/commands", command);
      if (response.status != 0 && response.status < 500 && response.status != 401) return response;
      if (response.status == 401) (void)enter(name_);
    }
    return response;
  }
  void set_name(std::string name) { name_ = std::move(name); }

  // Opens the stream where it ended before.
  bool open() {
    stream_.emplace(server_);
    if (!stream_->is_open()) return false;
    std::string request = head("GET", "/api/events");
    if (!cursor_.empty()) request += "Last-Event-ID: " + cursor_ + "\r\n";
    stream_->send(request + "\r\n");
    text_.clear();
    while (text_.find("\r\n\r\n") == std::string::npos) {
      if (!stream_->read(text_)) return false;
    }
    status_ = std::stoi(text_.substr(9, 3));
    text_.erase(0, text_.find("\r\n\r\n") + 4);
    return status_ == 200;
  }
  [[nodiscard]] int status() const noexcept { return status_; }
  // The next event. nullopt: the stream has ended, or nothing came in time.
  std::optional<nlohmann::json> next(std::chrono::milliseconds time = std::chrono::seconds{20}) {
    for (;;) {
      const std::size_t end = text_.find("\n\n");
      if (end == std::string::npos) {
        if (!stream_ || !stream_->read(text_, time)) return std::nullopt;
        continue;
      }
      const std::string event = text_.substr(0, end + 1);
      text_.erase(0, end + 2);
      if (const auto json = take(event)) return json;
    }
  }
  // The next event with this name. It opens the stream again if that ends.
  std::optional<nlohmann::json> await(std::string_view event) {
    for (int i = 0; i < 2000; ++i) {
      const auto json = next();
      if (json && json->value("event", "") == event) return json;
      if (!json && !open()) (void)enter(name_);
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::string head(std::string_view method, std::string_view path) const {
    return fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nX-Client: {}\r\n",
                       method, path, to_text(server_), token_, client_);
  }
  std::optional<nlohmann::json> take(const std::string& event) {
    std::optional<nlohmann::json> json;
    for (std::size_t at = 0; at < event.size();) {
      const std::size_t end = event.find('\n', at);
      const std::string line = event.substr(at, end - at);
      at = end + 1;
      if (line.starts_with("id: ")) cursor_ = line.substr(4);
      if (line.starts_with("data: ")) json = nlohmann::json::parse(line.substr(6), nullptr, false);
    }
    return json;
  }

  Endpoint server_;
  std::string token_;
  std::string client_;
  std::string name_;
  std::string cursor_;
  std::uint64_t n_{0};
  std::optional<HttpConnection> stream_;
  std::string text_;
  int status_{0};
};

}  // namespace chatd::test
