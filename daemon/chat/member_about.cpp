// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/member_about.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "common/crypto/keys.hpp"
#include "daemon/chat/presence.hpp"
#include "daemon/chat/programs.hpp"
#include "daemon/chat/proved.hpp"

namespace chatd::chat {

namespace {

// Of the line "more_rooms", with its number.
constexpr std::size_t kMoreBytes = 24;

// Lines in a text of limited size.
class Lines {
 public:
  explicit Lines(std::span<char> out) : out_{out} {}

  // False: the line does not fit, with `kept` bytes behind it, and is not added.
  template <class Value>
  bool add(std::string_view key, const Value& value, std::size_t kept = 0) {
    const std::string line = fmt::format("{}{}\t{}", used_ == 0 ? "" : "\n", key, value);
    if (line.size() + kept > out_.size() - used_) return false;
    used_ += line.copy(out_.data() + used_, line.size());
    return true;
  }
  [[nodiscard]] std::size_t bytes() const { return used_; }

 private:
  std::span<char> out_;
  std::size_t used_{0};
};

struct Times {
  std::int64_t since;   // microseconds since 1970
  std::int64_t silent;  // seconds
};

// Of all programs of a member: when the oldest one logged in, and how long the one that was heard
// last has been silent.
Times times_of(const Sessions& sessions, std::span<const Slot> programs, MonoTime now) {
  const state::SessionSlot& first = sessions.session(programs.front());
  std::int64_t since = first.joined_wall;
  std::int64_t heard = first.last_heard;
  for (const Slot program : programs) {
    since = std::min(since, sessions.session(program).joined_wall);
    heard = std::max(heard, sessions.session(program).last_heard);
  }
  const auto silent =
      std::chrono::floor<std::chrono::seconds>(now.time_since_epoch() - Micros{heard});
  return {.since = since, .silent = std::max<std::int64_t>(silent.count(), 0)};
}

}  // namespace

std::vector<state::RoomIndex> MemberAbout::rooms_of(Slot member) const {
  std::vector<state::RoomIndex> all;
  for (const Slot program : programs_of(sessions_, member)) {
    for (const state::RoomIndex room : rooms_.rooms_of(program)) {
      if (std::ranges::find(all, room) == all.end()) all.push_back(room);
    }
  }
  return all;
}

bool MemberAbout::is_open_to(Slot reader, state::RoomIndex room, WallTime now) const {
  const state::RoomPlace place{
      .id = state::RoomId{rooms_.row(room).id.load(std::memory_order_relaxed)}, .index = room};
  const bool may_find = rights_.may_find(reader, place, now);
  return may_find && !rights_.properties(place).is_invited.load(std::memory_order_relaxed);
}

std::size_t MemberAbout::write(Slot reader, Slot member, std::span<char> out, Now now) const {
  Lines lines{out};
  const std::vector<Slot> programs = programs_of(sessions_, member);
  const bool has_key = sessions_.has_mailbox(member);
  lines.add("name", sessions_.name(member));
  lines.add("protocol", name_of(sessions_.session(member).kind));
  if (has_key) lines.add("key", crypto::fingerprint(sessions_.identity(member)));
  if (is_proved(sessions_, member)) lines.add("owned", 1);
  const Times times = times_of(sessions_, programs, now.mono);
  lines.add("since", times.since);
  if (is_away(sessions_, member)) {
    lines.add("away", away_text(sessions_, rights_, member, now.wall));
  }
  lines.add("silent", times.silent);
  const bool is_own = sessions_.person(reader) == sessions_.person(member);
  if (is_own) lines.add("programs", programs.size());
  const std::vector<state::RoomIndex> own = rooms_of(reader);
  std::size_t more = 0;
  for (const state::RoomIndex room : rooms_of(member)) {
    const bool is_open = is_open_to(reader, room, now.wall);
    const bool is_shared = std::ranges::find(own, room) != own.end();
    if (!is_open && !is_shared) continue;
    if (more != 0 || !lines.add("room", rooms_.name(room), kMoreBytes)) ++more;
  }
  if (more != 0) lines.add("more_rooms", more);
  return lines.bytes();
}

}  // namespace chatd::chat
