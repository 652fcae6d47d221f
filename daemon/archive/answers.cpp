// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/answers.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "common/crypto/keys.hpp"
#include "common/wire/native/native_record.hpp"

namespace chatd::archive {

namespace {

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

}  // namespace

std::unexpected<wire::ControlError> refuse(std::string_view code, std::string message) {
  return std::unexpected{
      wire::ControlError{.code = std::string{code}, .message = std::move(message)}};
}

std::string_view text_in(const wire::ControlRequest& request, const wire::Verb& verb,
                         std::string_view option) {
  const std::size_t at = verb.argument_of(option);
  return at < request.args.size() ? std::string_view{request.args[at]} : std::string_view{};
}

std::optional<std::uint64_t> number_in(const wire::ControlRequest& request, const wire::Verb& verb,
                                       std::string_view option, std::uint64_t otherwise) {
  const std::string_view text = text_in(request, verb, option);
  if (text.empty()) return otherwise;
  std::uint64_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc{} || end.ptr != text.data() + text.size()) return std::nullopt;
  return value;
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

}  // namespace chatd::archive
