// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/text_client.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "common/wire/text/line_packer.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::test {

TextClient::TextClient(const Endpoint& server, Kind kind, std::string_view address)
    : socket_{address}, server_{server}, kind_{kind} {}

void TextClient::send(std::string_view command) const {
  std::string bytes{command};
  if (kind_ == Kind::lines) bytes += '\n';
  socket_.send(server_, bytes);
}

std::string TextClient::answer(std::chrono::milliseconds timeout) {
  const auto received = socket_.receive(timeout);
  if (!received) return "(nothing)";
  std::string bytes = received->bytes;
  EXPECT_EQ(to_text(received->from), to_text(server_));
  EXPECT_LE(bytes.size(), wire::kMaxTextDatagram);
  EXPECT_TRUE(wire::is_utf8(bytes)) << bytes;
  EXPECT_EQ(bytes.ends_with('\n'), kind_ == Kind::lines) << bytes;
  if (bytes.ends_with('\n')) bytes.pop_back();
  return bytes;
}

std::string TextClient::ask(std::string_view command) {
  send(command);
  return answer();
}

void TextClient::enter(std::string_view name) { EXPECT_EQ(ask("L " + std::string{name}), "OK"); }

bool TextClient::take_datagram() {
  std::string_view rest;
  const std::string datagram = answer();
  if (datagram == "(nothing)") return false;
  rest = datagram;
  for (;;) {
    const auto end = rest.find('\n');
    lines_.emplace_back(rest.substr(0, end));
    if (end == std::string_view::npos) return true;
    rest.remove_prefix(end + 1);
  }
}

std::vector<std::string> TextClient::lines_until(std::string_view last) {
  std::vector<std::string> before;
  for (;;) {
    if (lines_.empty() && !take_datagram()) {
      ADD_FAILURE() << "the line \"" << last << "\" has not come";
      return before;
    }
    std::string next = std::move(lines_.front());
    lines_.pop_front();
    if (next == last) return before;
    before.push_back(std::move(next));
  }
}

std::string TextClient::line() {
  if (lines_.empty() && !take_datagram()) return "(nothing)";
  std::string next = std::move(lines_.front());
  lines_.pop_front();
  return next;
}

}  // namespace chatd::test
