// SPDX-License-Identifier: GPL-3.0-or-later
// People: several programs of one user.
#include <algorithm>

#include <fmt/format.h>

#include "client/member/programs.hpp"
#include "tests/fault/chaos/people.hpp"

namespace chatd::test {

bool People::end_another(std::size_t program) {
  User& user = *users_[program];
  if (!can_talk(user)) return false;
  user.ends_another = true;
  (void)user.member->ask_programs(now_);
  return true;
}

// The list has the program itself once, and the sessions of clients that were killed, too.
void People::on_programs(User& user, const client::ProgramList& list) {
  using client::Program;
  auto programs = client::read_programs(list.list);
  const auto own = std::ranges::find_if(programs, &Program::is_this);
  const bool has_one = std::ranges::count_if(programs, &Program::is_this) == 1;
  const bool is_ended_listed =
      list.ended && std::ranges::find(programs, *list.ended, &Program::number) != programs.end();
  if (!has_one || programs.size() > Person::kPrograms || is_ended_listed ||
      (user.number && *user.number != own->number)) {
    history_.complaint(user.reader,
                       fmt::format("received a list of its programs that is not right: "
                                   "{}{}",
                                   list.code, list.list));
    return;
  }
  user.number = own->number;
  user.listed.clear();
  for (const Program& program : programs) user.listed.push_back(program.number);
  if (!std::exchange(user.ends_another, false)) return;
  programs.erase(own);
  if (programs.empty()) return;
  const std::uint32_t number = programs[random_() % programs.size()].number;
  user.person->to_end.insert(number);
  (void)user.member->send(client::EndProgram{.number = number}, now_);
}

// Each program asks for the list, from which one whose session was taken over learns that. Then the
// sessions of clients that were killed are ended: otherwise the server ends them at any time, and a
// leave could come after the last line of a round.
bool People::end_dead_programs(const std::function<bool()>& is_settled) {
  bool has_dead = true;
  while (has_dead) {
    for (const auto& user : users_) {
      user->number.reset();
      (void)user->member->ask_programs(now_);
    }
    if (!pump_until(is_settled, kTimeout)) return false;
    has_dead = false;
    for (const auto& user : users_) {
      for (const std::uint32_t number : user->listed) {
        const bool is_running = std::ranges::any_of(users_, [&](const auto& other) {
          return other->person == user->person && other->number == number;
        });
        if (!is_running) (void)user->member->send(client::EndProgram{.number = number}, now_);
        has_dead |= !is_running;
      }
    }
  }
  return true;
}

}  // namespace chatd::test
