// SPDX-License-Identifier: GPL-3.0-or-later
// People: what users do, the faults of users, and the end of a round.
#include <algorithm>
#include <functional>
#include <optional>

#include <fmt/format.h>

#include "common/crypto/keys.hpp"
#include "tests/fault/chaos/people.hpp"

namespace chatd::test {

// --- what members do -------------------------------------------------------------------

bool People::can_talk(const User& user) const {
  return user.member && user.member->is_joined() && !user.is_leaving && is_awake(user);
}

void People::talk() {
  constexpr double kShareOfChanges = 0.1;
  for (; next_message_at_ <= now_; next_message_at_ += kMessageInterval) {
    if (next_message_at_ + std::chrono::seconds{1} < now_) next_message_at_ = now_;
    User& user = *users_[random_() % users_.size()];
    if (can_talk(user)) say_something(user);
    if (!rooms_.empty() && draw() < kShareOfChanges) change_a_room();
    if (texts_.empty() || draw() > 0.2) continue;
    TextUser& text = texts_[random_() % texts_.size()];
    const std::string message = fmt::format("text {}", ++serial_);
    history_.sent(text.reader, serial_, {.text = message});
    text.socket.send(options_.server, "C " + message);
    ++figures_.said;
  }
}

void People::say_something(User& user) {
  constexpr double kShareInRooms = 0.7;
  if (!rooms_.empty() && draw() < kShareInRooms) return act_in_rooms(user);
  const double kind = draw();
  const std::string text = fmt::format("line {}{}", ++serial_, std::string(random_() % 100, '.'));
  if (kind < 0.1) {
    const std::string to = users_[random_() % options_.natives]->name;
    send(user, client::Direct{.name = to, .text = text}, {.text = text, .to = to});
  } else if (kind < 0.2) {
    send(user, client::Act{.text = text}, {.text = text});
  } else {
    send(user, client::Say{.text = text}, {.text = text});
  }
}

std::uint64_t People::send(User& user, const client::Message& message, History::Sent sent) {
  ++figures_.said;
  for (const auto& other : users_) {
    if (sent.to.empty()) break;
    if (!other->member || !other->member->is_joined()) continue;
    if (other->name == sent.to) {
      sent.receivers.push_back(other->reader);
      sent.has_no_other = sent.receivers.size() == Person::kPrograms || other->person->clients == 1;
    } else if (other->person == user.person && other.get() != &user) {
      sent.informed.push_back(other->reader);
    }
  }
  const std::uint64_t number = user.member->send(message, now_);
  std::string room;
  std::visit(
      [&](const auto& one) {
        if constexpr (requires { one.room; }) room = lasting_name(one.room);
      },
      message);
  const std::size_t reader = room.empty() ? user.reader : user.memberships.at(room).reader.value();
  user.said.insert_or_assign(
      number, Said{.room = room, .reader = reader, .is_change = is_change(sent.kind), .at = now_});
  history_of(room).sent(reader, number, std::move(sent));
  return number;
}

void People::write_to(std::size_t native, std::size_t count, std::size_t bytes) {
  for (std::size_t i = 0; i < count; ++i) {
    User& user = *users_[random_() % programs()];
    const std::string& to = users_[native]->name;
    if (user.name == to || !user.member || !user.member->is_joined()) continue;
    const std::string message = fmt::format("direct {}{}", ++serial_, std::string(bytes, '.'));
    send(user, client::Direct{.name = to, .text = message}, {.text = message, .to = to});
  }
}

// --- faults ----------------------------------------------------------------------------

void People::move(std::size_t program) {
  User& user = *users_[program];
  user.socket = UdpClient{};
  user.socket_serial = ++sockets_;
  if (user.member) user.member->path_changed(now_);
}

void People::crash(std::size_t program, Micros restart_after) {
  User& user = *users_[program];
  if (!user.member) return;
  end_client(user);
  move(program);
  user.restart_at = now_ + restart_after;
}

void People::leave_and_return(std::size_t program, Micros stays_away) {
  User& user = *users_[program];
  if (!user.member || user.is_leaving) return;
  user.is_leaving = true;
  history_.quits(user.reader);
  user.stays_away = stays_away;
  user.member->quit(now_);
}

void People::suspend(std::size_t program, Micros time) {
  User& user = *users_[program];
  user.awake_at = now_ + time;
  // longest_wait does not count the time of a suspended member.
  for (auto& [number, said] : user.said) said.at.reset();
}

void People::add_guests(std::size_t guests) {
  for (std::size_t i = 0; i < guests; ++i) {
    add_user({.name = fmt::format("g{}", ++serial_),
              .identity = crypto::generate_key_pair().value(),
              .is_guest = true,
              .is_brief = i % 2 == 1});
  }
}

void People::add_guest_under(const std::string& name) {
  add_user({.name = fmt::format("g{}", ++serial_),
            .identity = crypto::generate_key_pair().value(),
            .is_guest = true,
            .other_name = name});
}

OwnedNames People::owned_names() const {
  OwnedNames names;
  for (std::size_t i = 0; i < options_.natives; ++i) {
    if (!owns_name(i)) continue;
    names.emplace(users_[i]->name, crypto::fingerprint(users_[i]->identity.public_key));
  }
  return names;
}

void People::remove_guests() {
  for (auto& user : users_) {
    if (!user->is_guest || !user->member || user->is_leaving) continue;
    user->is_leaving = true;
    history_.quits(user->reader);
    user->member->quit(now_);
  }
}

// --- the end of a round ----------------------------------------------------------------

std::string People::settle() {
  weather_ = kGoodWeather;
  for (auto& user : users_) {
    user->awake_at = now_;
    user->restart_at = now_;
    user->ends_another = false;
  }
  remove_guests();
  const auto is_settled = [this] {
    return users_.size() == programs() && all_joined() && in_flight_.empty() &&
           std::ranges::all_of(users_, [](const auto& user) {
             return !user->is_leaving && user->member->unconfirmed() == 0 && user->number;
           });
  };
  const bool has_settled = pump_until(is_settled, kTimeout) && end_dead_programs(is_settled);
  if (!has_settled) return "in good weather this does not come to an end: " + describe_members();
  const std::string end = fmt::format("the end {}", ++serial_);
  send(*users_[0], client::Say{.text = end}, {.text = end});
  const bool heard = pump_until(
      [&] {
        return users_[0]->member->unconfirmed() == 0 &&
               std::ranges::all_of(users_, [&](const auto& user) {
                 const auto& lines = history_.readers()[user->reader].heard;
                 return !lines.empty() && lines.back().text == end;
               });
      },
      kTimeout);
  if (!heard) return "not everybody hears the last line: " + describe_members();
  // Messages that wait in the session of a dead client come to another program of the user about a
  // second after the end of that session.
  if (!pump_until([&] { return !history_.waiting().has_confirmed(); }, kTimeout)) {
    return "not every direct message that waits is received: " + describe_members();
  }
  // A message whose sender has ended before it got an answer may wait, or be lost. If it comes
  // after the last message, there is a later last one.
  (void)pump_until([&] { return history_.waiting().empty(); }, std::chrono::seconds{2});
  for (std::optional<std::uint64_t> waited; waited != figures_.waited;) {
    waited = figures_.waited;
    if (!exchange_last_direct_messages()) {
      return "not everybody gets a last direct message: " + describe_members();
    }
  }
  if (const std::string unfinished = finish_rooms(); !unfinished.empty()) return unfinished;
  const std::string as_text = users_[0]->name + " : " + end;
  const bool read = pump_until(
      [&] {
        return std::ranges::all_of(texts_, [&](const TextUser& user) {
          const auto& lines = history_.readers()[user.reader].lines;
          return std::ranges::find(lines, as_text) != lines.end();
        });
      },
      kTimeout);
  return read ? "" : "not every text member reads the last line";
}

// Direct messages are not lines of the room, so each member gets a last one: it arrives after all
// others. It is sent again if the mailbox was full: then it is refused, or one of two programs does
// not get it. The writers have no second program, which would get a copy.
bool People::exchange_last_direct_messages() {
  constexpr std::chrono::seconds kRepeatAfter{2};
  std::vector<std::uint64_t> last(options_.natives);
  std::vector<MonoTime> sent_at(options_.natives);
  const auto writer_to = [&](std::size_t i) -> User& { return *users_[i == 0 ? 1 : 0]; };
  const auto send_to = [&](std::size_t i) {
    User& writer = writer_to(i);
    const std::string text = fmt::format("the last direct message {}", ++serial_);
    const std::string& to = users_[i]->name;
    sent_at[i] = now_;
    last[i] = send(writer, client::Direct{.name = to, .text = text}, {.text = text, .to = to});
  };
  const auto has_it = [&](std::size_t i) {
    const auto& sent = history_.readers()[writer_to(i).reader].sent.at(last[i]);
    const bool all_have_it = std::ranges::all_of(sent.receivers, [&](std::size_t receiver) {
      const auto& direct_messages = history_.readers()[receiver].direct_messages;
      return !direct_messages.empty() && direct_messages.back().text == sent.text;
    });
    if (sent.fate == History::Fate::confirmed && all_have_it) return true;
    const bool is_late = now_ - sent_at[i] > kRepeatAfter;
    if (sent.fate == History::Fate::refused || (sent.fate == History::Fate::confirmed && is_late)) {
      send_to(i);
    }
    return false;
  };
  for (std::size_t i = 0; i < last.size(); ++i) send_to(i);
  return pump_until(
      [&] {
        bool all = true;
        for (std::size_t i = 0; i < last.size(); ++i) all = has_it(i) && all;
        return all;
      },
      kTimeout);
}

std::string People::describe_members() const {
  std::string message;
  for (const auto& user : users_) {
    // If there are many users, the text describes only users that are not ready for the end.
    if (users_.size() > 20 && user->member && user->member->is_joined() && !user->is_leaving &&
        user->member->unconfirmed() == 0) {
      continue;
    }
    message += fmt::format("{}: {}, {} unconfirmed, {} heard; ", user->name,
                           !user->member               ? "no client"
                           : user->is_leaving          ? "leaving"
                           : user->member->is_joined() ? "in"
                                                       : "outside",
                           user->member ? user->member->unconfirmed() : 0,
                           history_.readers()[user->reader].heard.size());
  }
  return message;
}

}  // namespace chatd::test
