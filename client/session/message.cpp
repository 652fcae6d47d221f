// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/message.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace chatd::process {

// The sentence and the exit status of a reason are looked up without another check.
template <>
struct Codec<wire::Reason> {
  static void write(Bytes& out, wire::Reason reason) {
    Codec<std::uint8_t>::write(out, static_cast<std::uint8_t>(reason));
  }
  static bool read(std::span<const std::byte>& in, wire::Reason& reason) {
    std::uint8_t number = 0;
    if (!Codec<std::uint8_t>::read(in, number)) return false;
    reason = static_cast<wire::Reason>(number);
    return wire::is_known(reason) && wire::row_of(reason).status.has_value();
  }
};

}  // namespace chatd::process

namespace chatd::client {

namespace {

template <class Variant>
process::Bytes written(const Variant& message) {
  process::Bytes bytes;
  process::Codec<Variant>::write(bytes, message);
  return bytes;
}

template <class Variant>
std::optional<Variant> read_all(std::span<const std::byte> bytes) {
  Variant message;
  if (!process::Codec<Variant>::read(bytes, message) || !bytes.empty()) return std::nullopt;
  return message;
}

}  // namespace

process::Bytes encode(const Order& order) { return written(order); }
process::Bytes encode(const Report& report) { return written(report); }
std::optional<Order> decode_order(std::span<const std::byte> bytes) {
  return read_all<Order>(bytes);
}
std::optional<Report> decode_report(std::span<const std::byte> bytes) {
  return read_all<Report>(bytes);
}

namespace {

// A Users, RoomList, RoomAbout, ProgramList or BlockList.
template <class List>
std::vector<Report> pieces_of(const List& whole) {
  constexpr std::size_t kPiece = kMaxMessageBytes / 2;
  std::vector<Report> pieces;
  std::string_view rest = whole.list;
  List piece = whole;
  piece.more = true;
  while (rest.size() > kPiece) {
    const std::size_t newline = rest.rfind('\n', kPiece);
    // A name is far shorter. A text that is no list of names is cut anywhere.
    const bool is_list = newline != std::string_view::npos;
    const std::size_t end = is_list ? newline : kPiece;
    piece.list = rest.substr(0, end);
    pieces.emplace_back(piece);
    rest.remove_prefix(is_list ? end + 1 : end);
  }
  piece.list = rest;
  piece.more = false;
  pieces.emplace_back(std::move(piece));
  return pieces;
}

// Lines that a correct server sends are far shorter than a piece.
std::vector<Report> pieces_of(HistoryPage whole) {
  constexpr std::size_t kPiece = kMaxMessageBytes / 2;
  constexpr std::size_t kMaxText = kPiece / 2;
  std::vector<Report> pieces;
  std::vector<HistoryLine> lines = std::exchange(whole.lines, {});
  HistoryPage piece = whole;
  piece.more = true;
  std::size_t bytes = 0;
  for (HistoryLine& line : lines) {
    line.text.resize(std::min(line.text.size(), kMaxText));
    const std::size_t size = sizeof line + line.name.size() + line.text.size();
    if (bytes + size > kPiece && !piece.lines.empty()) {
      pieces.emplace_back(piece);
      piece.lines.clear();
      bytes = 0;
    }
    bytes += size;
    piece.lines.push_back(std::move(line));
  }
  piece.more = false;
  pieces.emplace_back(std::move(piece));
  return pieces;
}

}  // namespace

std::vector<Report> in_pieces(Report report) {
  if (const auto* const users = std::get_if<Users>(&report)) return pieces_of(*users);
  if (const auto* const rooms = std::get_if<RoomList>(&report)) return pieces_of(*rooms);
  if (const auto* const about = std::get_if<RoomAbout>(&report)) return pieces_of(*about);
  if (const auto* const programs = std::get_if<ProgramList>(&report)) return pieces_of(*programs);
  if (const auto* const blocks = std::get_if<BlockList>(&report)) return pieces_of(*blocks);
  if (auto* const page = std::get_if<HistoryPage>(&report)) return pieces_of(std::move(*page));
  return {std::move(report)};
}

}  // namespace chatd::client
