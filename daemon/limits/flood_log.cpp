// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/limits/flood_log.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "daemon/limits/logged_address.hpp"

namespace chatd::gateway {

namespace {

using Source = TopSources::Source;

std::string_view name_of(Limit limit) {
  switch (limit) {
    case Limit::unauthenticated:
      return "unauthenticated";
    case Limit::networks:
      return "text.networks";
    case Limit::messages:
      return "limits.messages_per_second";
  }
  return "unknown";
}

// The address, or "2001:db8::/64" for an IPv6 address that was cut to its prefix.
std::string name_of(const IpAddress& network) {
  const bool is_prefix = !network.is_v4() && network.scope == 0 && !is_loopback(network);
  return to_text(network) + (is_prefix ? "/64" : "");
}

// In whole seconds, at least 1, for the log message.
std::int64_t seconds_of(Micros time) {
  return std::max<std::int64_t>(1, std::chrono::round<std::chrono::seconds>(time).count());
}

void write_line(const Source& source, std::int64_t seconds) {
  const std::string address = name_of(source.network);
  const std::string count = std::to_string(source.count);
  log(LogLevel::warning,
      fmt::format("flood: {} datagrams from {} refused in {} s", count,
                  log_has_addresses() ? address : "an address", seconds),
      {{"CHATD_EVENT", "flood"}, {"CHATD_ADDRESS", address}, {"CHATD_COUNT", count}});
}

// The summary line of all networks that the summary does not name.
void write_rest(std::uint64_t datagrams, std::int64_t seconds) {
  const std::string count = std::to_string(datagrams);
  log(LogLevel::warning, fmt::format("flood: {} more datagrams refused in {} s", count, seconds),
      {{"CHATD_EVENT", "flood"}, {"CHATD_COUNT", count}});
}

void write_dropped(std::uint64_t datagrams, std::int64_t seconds) {
  constexpr std::string_view kLimit = "limits.unauthenticated_per_second";
  const std::string count = std::to_string(datagrams);
  log(LogLevel::warning,
      fmt::format("flood: {} datagrams of unauthenticated peers dropped in {} s (limit: {})", count,
                  seconds, kLimit),
      {{"CHATD_EVENT", "flood"}, {"CHATD_COUNT", count}, {"CHATD_LIMIT", kLimit}});
}

}  // namespace

Source* FloodLog::note(const IpAddress& from, MonoTime now) {
  if (is_empty()) began_ = now;
  return sources_.note(from, now);
}

void FloodLog::refused(const IpAddress& from, Limit limit, MonoTime now) {
  Source* const source = note(from, now);
  if (source == nullptr || !source->is_new) return;
  if (new_sources_.refuse(new_source_arrival_, now)) return;
  source->is_logged = true;
  const std::string address = to_text(from);
  log(LogLevel::notice,
      fmt::format("flood: the first datagram from {} was refused (limit: {})", logged_address(from),
                  name_of(limit)),
      {{"CHATD_EVENT", "flood"},
       {"CHATD_ADDRESS", address},
       {"CHATD_COUNT", "1"},
       {"CHATD_LIMIT", name_of(limit)}});
}

void FloodLog::refused_login(const IpAddress& from, bool is_logged, MonoTime now) {
  if (Source* const source = note(from, now)) source->is_logged |= is_logged;
}

void FloodLog::dropped(MonoTime now) {
  if (is_empty()) began_ = now;
  ++dropped_;
}

void FloodLog::tick(MonoTime now) {
  if (!is_empty() && now - began_ >= kPeriod) write_summary(now);
}

void FloodLog::finish(MonoTime now) {
  if (!is_empty()) write_summary(now);
}

void FloodLog::write_summary(MonoTime now) {
  const std::int64_t seconds = seconds_of(now - began_);
  std::uint64_t rest = sources_.total();
  std::size_t named = 0;
  for (const Source& source : sources_.sorted()) {
    const bool is_flood = source.count > 1;
    if (is_flood && named < kNamed) {
      write_line(source, seconds);
      ++named;
      rest -= source.count;
    } else if (source.count == 1 && source.is_logged) {
      --rest;
    }
  }
  if (rest != 0) write_rest(rest, seconds);
  if (dropped_ != 0) write_dropped(dropped_, seconds);
  sources_.next_period();
  dropped_ = 0;
}

}  // namespace chatd::gateway
