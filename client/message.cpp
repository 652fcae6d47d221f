// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/message.hpp"

#include <string_view>
#include <tuple>
#include <utility>

namespace chatd::client {

namespace {

using OrderParts = std::tuple<Order::Kind, std::uint64_t, std::string, std::string,
                              std::optional<std::string>, std::string>;
using EventParts = std::tuple<Event::Kind, wire::RecordKind, std::string, std::string, WallTime,
                              bool, bool, std::uint64_t, End>;
using ReportParts =
    std::tuple<Report::Kind, EventParts, std::uint64_t, std::uint64_t, bool, Outcome, std::string>;

template <class Parts>
std::optional<Parts> read_all(std::span<const std::byte> bytes) {
  Parts parts{};
  if (!process::Codec<Parts>::read(bytes, parts) || !bytes.empty()) return std::nullopt;
  return parts;
}

// After a crash of the other process any number can stand where a kind was.
template <class Kind>
bool is_known(Kind kind, Kind last) {
  return kind <= last;
}

}  // namespace

process::Bytes encode(const Order& order) {
  process::Bytes bytes;
  process::Codec<OrderParts>::write(
      bytes, {order.kind, order.number, order.name, order.text, order.password, order.fingerprint});
  return bytes;
}

std::optional<Order> decode_order(std::span<const std::byte> bytes) {
  auto parts = read_all<OrderParts>(bytes);
  if (!parts) return std::nullopt;
  auto& [kind, number, name, text, password, fingerprint] = *parts;
  if (!is_known(kind, Order::Kind::quit)) return std::nullopt;
  return Order{
      kind, number, std::move(name), std::move(text), std::move(password), std::move(fingerprint)};
}

process::Bytes encode(const Report& report) {
  const Event& e = report.event;
  process::Bytes bytes;
  process::Codec<ReportParts>::write(
      bytes, {report.kind,
              {e.kind, e.record, e.name, e.text, e.time, e.replay, e.own, e.command, e.end},
              report.order,
              report.count,
              report.more,
              report.outcome,
              report.text});
  return bytes;
}

std::optional<Report> decode_report(std::span<const std::byte> bytes) {
  auto parts = read_all<ReportParts>(bytes);
  if (!parts) return std::nullopt;
  auto& [kind, event, order, count, more, outcome, text] = *parts;
  auto& [what, record, name, words, time, replay, own, command, end] = event;
  if (!is_known(kind, Report::Kind::ended) || !is_known(what, Event::Kind::ended) ||
      !wire::is_known(end) || !wire::is_known(outcome) || !wire::row_of(outcome).status) {
    return std::nullopt;
  }
  return Report{
      .kind = kind,
      .event = {what, record, std::move(name), std::move(words), time, replay, own, command, end},
      .order = order,
      .count = count,
      .more = more,
      .outcome = outcome,
      .text = std::move(text)};
}

std::vector<Report> in_pieces(Report report) {
  constexpr std::size_t kPiece = kMaxMessageBytes / 2;
  std::vector<Report> pieces;
  if (report.event.kind != Event::Kind::users) {
    pieces.push_back(std::move(report));
    return pieces;
  }
  const std::string list = std::exchange(report.event.text, {});
  std::string_view rest = list;
  while (rest.size() > kPiece) {
    const std::size_t newline = rest.rfind('\n', kPiece);
    // A name is far shorter. A text that is no list of names is cut anywhere.
    const bool is_list = newline != std::string_view::npos;
    const std::size_t end = is_list ? newline : kPiece;
    report.more = true;
    report.event.text = rest.substr(0, end);
    pieces.push_back(report);
    rest.remove_prefix(is_list ? end + 1 : end);
  }
  report.more = false;
  report.event.text = rest;
  pieces.push_back(std::move(report));
  return pieces;
}

}  // namespace chatd::client
