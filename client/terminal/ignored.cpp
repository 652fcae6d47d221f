// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/ignored.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "client/words/room_words.hpp"

namespace chatd::client {

namespace {

// Each session of a text member is another person: text members are ignored by their names.
std::uint64_t key_of(const Line& line) { return line.text_member ? 0 : line.person; }

}  // namespace

bool Ignored::add(const wire::Name& name) {
  if (users_.size() >= kMaxIgnored && !users_.contains(name.key)) return false;
  const auto seen = seen_.find(name.key);
  const std::uint64_t person = seen == seen_.end() ? 0 : seen->second;
  users_.insert_or_assign(name.key, User{.name = name.text, .person = person});
  return true;
}

bool Ignored::add(std::string_view name, std::uint64_t person) {
  std::string folded = wire::folded_name(name);
  if (users_.size() >= kMaxIgnored && !users_.contains(folded)) return false;
  users_.insert_or_assign(std::move(folded), User{.name = std::string{name}, .person = person});
  return true;
}

bool Ignored::remove(std::string_view name) { return users_.erase(wire::folded_name(name)) > 0; }

std::vector<std::string> Ignored::names() const {
  std::vector<std::string> names;
  for (const auto& [folded, user] : users_) names.push_back(user.name);
  return names;
}

// The first person that is seen under the name of a user that is ignored is this user.
void Ignored::note(const std::string& folded, std::uint64_t person) {
  if (folded.empty() || person == 0) return;
  if (const auto user = users_.find(folded); user != users_.end() && user->second.person == 0) {
    user->second.person = person;
  }
  if (seen_.size() >= kMaxSeen && !seen_.contains(folded)) {
    const auto next = seen_.lower_bound(folded);
    seen_.erase(next == seen_.end() ? seen_.begin() : next);
  }
  seen_.insert_or_assign(folded, person);
}

bool Ignored::has(const std::string& folded, std::uint64_t person) const {
  const auto user = users_.find(folded);
  if (person == 0) return user != users_.end();
  return std::ranges::any_of(users_, [&](const auto& one) { return one.second.person == person; });
}

bool Ignored::has(const Line& line) const {
  if (line.own || !is_member_message(line.record)) return false;
  const std::string folded = wire::folded_name(line.name);
  const auto user = users_.find(folded);
  const bool is_by_name = user != users_.end() && user->second.person == 0;
  return is_by_name || has(folded, key_of(line));
}

bool Ignored::hides(const Report& report) {
  if (const auto* line = std::get_if<Line>(&report)) {
    const std::string folded = wire::folded_name(line->name);
    const std::uint64_t key = key_of(*line);
    note(folded, key);
    return !line->own && is_member_message(line->record) && has(folded, key);
  }
  const auto* invited = std::get_if<RoomInvited>(&report);
  if (invited == nullptr) return false;
  const std::string folded = wire::folded_name(invited->name);
  note(folded, invited->person);
  return has(folded, invited->person);
}

}  // namespace chatd::client
