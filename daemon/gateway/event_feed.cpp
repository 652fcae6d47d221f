// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/event_feed.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "daemon/gateway/control_refusals.hpp"

namespace chatd::gateway {

namespace {

// Fills the members of an EventRow from the fields of a log record: `user` from CHATD_USER.
class FieldsOf {
 public:
  explicit FieldsOf(const LogRecord& record) : record_{record} {}

  void operator()(std::string_view name, std::string& to) const { to = find(name); }
  void operator()(std::string_view name, std::optional<std::uint64_t>& to) const {
    const std::string_view text = find(name);
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
    if (error == std::errc{} && end == text.end()) to = number;
  }
  void operator()(std::string_view /*name*/, WallTime& /*to*/) const {}  // no field

 private:
  static constexpr std::string_view kPrefix = "CHATD_";
  static bool is_upper_case(char upper, char lower) {
    return upper == (lower >= 'a' && lower <= 'z' ? static_cast<char>(lower - 'a' + 'A') : lower);
  }
  [[nodiscard]] std::string_view find(std::string_view name) const {
    for (const LogField& field : record_.fields) {
      if (!field.name.starts_with(kPrefix)) continue;
      const std::string_view upper = field.name.substr(kPrefix.size());
      if (std::ranges::equal(upper, name, is_upper_case)) return field.value;
    }
    return {};
  }

  const LogRecord& record_;
};

constexpr int kHexadecimal = 16;

}  // namespace

void EventFeed::note(const LogRecord& record, WallTime now) {
  wire::EventRow row;
  FieldsOf fields{record};
  wire::EventRow::fields(fields, row);
  if (row.event.empty()) return;
  row.time = now;
  row.message = record.message;
  if (events_.size() == kKept) {
    events_.pop_front();
    ++first_;
  }
  events_.push_back(std::move(row));
}

std::optional<EventFeed::Cursor> EventFeed::parse(std::string_view text) {
  Cursor cursor{};
  for (std::uint64_t* const part : {&cursor.feed, &cursor.follower, &cursor.event}) {
    const auto [end, error] = std::from_chars(text.begin(), text.end(), *part, kHexadecimal);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    const bool is_last = part == &cursor.event;
    if (is_last != text.empty() || (!is_last && !text.starts_with('-'))) return std::nullopt;
    if (!is_last) text.remove_prefix(1);
  }
  return cursor;
}

// 0 is a new follower.
EventFeed::Follower* EventFeed::find_or_add(std::uint64_t follower, uid_t user, MonoTime now) {
  const auto known = std::ranges::find(followers_, follower, &Follower::id);
  if (known != followers_.end() && known->user == user) return &*known;
  std::erase_if(followers_, [now](const Follower& one) { return !one.done && one.expires <= now; });
  if (!has_place_for(user)) return nullptr;
  followers_.push_back({.id = ++last_follower_,
                        .user = user,
                        .expires = now,
                        .done = {},
                        .from = end(),
                        .since = now});
  return &followers_.back();
}

bool EventFeed::has_place_for(uid_t user) const {
  if (control::is_privileged(user)) return followers_.size() < kMaxFollowers;
  const auto of_user = std::ranges::count(followers_, user, &Follower::user);
  return followers_.size() + kReserved < kMaxFollowers &&
         static_cast<std::size_t>(of_user) < kOfOneUser;
}

void EventFeed::follow(std::string_view cursor, uid_t user, Done done, MonoTime now) {
  const auto from = parse(cursor);
  if (!from && !cursor.empty()) {
    return done(refuse_request(wire::code::kUsage, "this is not a cursor of chatctl events"));
  }
  const bool is_of_this_feed = from && from->feed == id_;
  Follower* const follower = find_or_add(is_of_this_feed ? from->follower : 0, user, now);
  if (follower == nullptr) {
    return done(
        refuse_request(wire::code::kBusy,
                       fmt::format("{} programs follow the events already", followers_.size())));
  }
  // The connection of the first of two requests is gone. The second one has the same cursor.
  if (follower->done) answer(*follower, now);
  follower->done = std::move(done);
  follower->since = now;
  if (from) follower->from = std::min(from->event, is_of_this_feed ? end() : begin_);
  if (!from || follower->from < end()) answer(*follower, now);
}

void EventFeed::answer(Follower& follower, MonoTime now) {
  wire::EventsReport report;
  if (follower.from < first_) {
    report.missed = first_ - follower.from;
    follower.from = first_;
  }
  const std::uint64_t last = std::min<std::uint64_t>(end(), follower.from + kMaxEvents);
  for (; follower.from < last; ++follower.from) {
    report.events.push_back(events_[follower.from - first_]);
  }
  report.cursor = fmt::format("{:x}-{:x}-{:x}", id_, follower.id, follower.from);
  follower.expires = now + kLongestPause;
  std::exchange(follower.done, nullptr)(report);
}

void EventFeed::tick(MonoTime now) {
  for (Follower& follower : followers_) {
    if (!follower.done) continue;
    if (follower.from < end() || now - follower.since >= kLongestWait) answer(follower, now);
  }
}

void EventFeed::release(MonoTime now) {
  for (Follower& follower : followers_) {
    if (follower.done) answer(follower, now);
  }
}

}  // namespace chatd::gateway
