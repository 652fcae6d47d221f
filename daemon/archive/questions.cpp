// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/questions.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/crypto/keys.hpp"
#include "common/wire/control/history_reports.hpp"
#include "common/wire/control/verbs.hpp"

namespace chatd::archive {

namespace {

// An answer of this size fits into a caller's socket buffer, of 208 KiB.
constexpr std::size_t kLinesOfAPage = 200;
constexpr std::size_t kBytesOfAPage = std::size_t{32} << 10U;

std::unexpected<wire::ControlError> refuse(std::string_view code, std::string message) {
  return std::unexpected{
      wire::ControlError{.code = std::string{code}, .message = std::move(message)}};
}

// The number in an option; "": `otherwise`. nullopt: it is none.
std::optional<std::uint64_t> number_in(const std::vector<std::string>& args,
                                       std::string_view option, std::uint64_t otherwise) {
  const std::size_t at = wire::verb::kHistory.row.argument_of(option);
  if (at >= args.size() || args[at].empty()) return otherwise;
  const std::string& text = args[at];
  std::uint64_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc{} || end.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view kind_name(std::uint16_t kind) {
  switch (static_cast<wire::RecordKind>(kind)) {
    case wire::RecordKind::say:
      return "say";
    case wire::RecordKind::action:
      return "action";
    case wire::RecordKind::announce:
      return "announce";
    case wire::RecordKind::topic:
      return "topic";
    default:
      return "gap";
  }
}

wire::HistoryRow row_of(const HistoryDb::StoredLine& line) {
  wire::HistoryRow row{.number = line.sequence,
                       .time = line.at,
                       .kind = std::string{kind_name(line.kind)},
                       .name = line.name,
                       .key = {},
                       .text = line.text,
                       .last = line.last};
  crypto::PublicKey key{};
  if (line.key.size() == key.size()) {
    std::ranges::copy(line.key, key.begin());
    row.key = crypto::fingerprint(key);
  }
  return row;
}

}  // namespace

wire::ControlReply answer_history(HistoryDb* database, const wire::ControlRequest& request) {
  if (database == nullptr) {
    return refuse(wire::code::kFailed, "the history cannot be read now, see chatctl archive");
  }
  if (request.args.empty()) return refuse(wire::code::kUsage, "usage: history ROOM");
  const auto lines = number_in(request.args, "--lines", 50);
  if (!lines || *lines == 0) {
    return refuse(wire::code::kUsage, "--lines takes a number from 1 on");
  }
  const auto before =
      number_in(request.args, "--before", std::numeric_limits<std::uint64_t>::max());
  if (!before) return refuse(wire::code::kUsage, "--before takes the number of a line");
  const std::string_view room{request.args.front()};
  auto page = database->page({.room = room.starts_with('#') ? room.substr(1) : room,
                              .before = *before,
                              .lines = std::min<std::uint64_t>(*lines, kLinesOfAPage),
                              .bytes = kBytesOfAPage});
  if (!page) return refuse(wire::code::kFailed, page.error().message());
  if (!*page) {
    return refuse(wire::code::kNotFound, fmt::format("no line of a room {} is stored", room));
  }
  wire::HistoryReport report{.room = std::move((*page)->name),
                             .room_number = (*page)->room,
                             .lines = {},
                             .more = (*page)->has_more};
  for (const auto& line : (*page)->lines) report.lines.push_back(row_of(line));
  return to_json(report);
}

void answer_request(HistoryDb* database, const sys::Request& request, int caller) {
  const auto decoded = wire::decode_request(request.line);
  const wire::ControlReply reply =
      decoded ? answer_history(database, *decoded) : std::unexpected{decoded.error()};
  const std::string line = wire::encode(reply) + '\n';
  (void)::send(caller, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace chatd::archive
