// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/people.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "common/base/overloaded.hpp"
#include "common/crypto/keys.hpp"

namespace chatd::test {

namespace {

// Until the user of a client that has ended starts another one.
constexpr std::chrono::milliseconds kRetryDelay{300};

// Only messages and changes are in the history; nullopt: the command is neither.
std::optional<Said> take_said(User& user, std::uint64_t number) {
  const auto found = user.said.find(number);
  if (found == user.said.end()) return std::nullopt;
  return std::move(user.said.extract(found).mapped());
}

// Of more joins a room is told the number only (daemon/chat/crowd.hpp), and the history needs
// names.
constexpr std::size_t kStartedAtOnce = 12;
constexpr Micros kBetweenStarts = std::chrono::milliseconds{200};

// When the first client of that member starts.
Micros start_of(std::size_t member) {
  return static_cast<Micros::rep>(member - std::min(member, kStartedAtOnce)) * kBetweenStarts;
}

}  // namespace

People::People(const Options& options) : options_{options}, random_{options.seed}, buffer_(65536) {
  now_ = mono_now();
  for (std::size_t i = 0; i < options.rooms; ++i) rooms_.try_emplace(fmt::format("r{}", i));
  for (std::size_t i = 0; i < options.natives; ++i) {
    add_user({.name = fmt::format("n{}", i),
              .identity = crypto::generate_key_pair().value(),
              .is_permanent = options.rooms != 0 && i < permanent()},
             start_of(i));
  }
  // Of the last members, so that a permanent one has one program.
  for (std::size_t i = options.natives - options.two_programs; i < options.natives; ++i) {
    const User& first = *users_[i];
    add_user(
        {.name = first.name, .identity = first.identity, .person = first.person, .is_second = true},
        start_of(i));
  }
  for (std::size_t i = 0; i < options.texts; ++i) {
    texts_.push_back({.name = fmt::format("t{}", i)});
    texts_.back().reader = history_.begin_reader(texts_.back().name, History::Dialect::text);
  }
}

void People::add_user(User user, Micros start_after) {
  users_.push_back(std::make_unique<User>(std::move(user)));
  users_.back()->socket_serial = ++sockets_;
  users_.back()->restart_at = now_ + start_after;
  if (start_after == Micros{0}) start_client(*users_.back());
}

void People::start_client(User& user) {
  user.member.emplace(client::Member::Options{
      .name = user.other_name.empty() ? user.name : user.other_name,
      .identity = user.identity,
      .is_trusted = [](const client::ServerProof&) { return true; },
      .random =
          [this](std::span<std::byte> out) {
            for (std::byte& byte : out) byte = static_cast<std::byte>(random_());
          },
      .handshake_timeout = std::chrono::duration_cast<std::chrono::milliseconds>(kTimeout),
      .wants_replay = !user.is_permanent,
      .is_brief = user.is_brief});
  if (user.is_brief) history_.brief(user.name);
  user.reader = history_.begin_reader(user.name, History::Dialect::native);
  user.begun_at = now_;
  user.has_begun = false;
  user.login = Login::begun;
  user.is_leaving = false;
  user.ends_another = false;
  user.number.reset();
  user.said.clear();
  user.member->start(now_);
  ++figures_.clients;
  ++user.person->clients;
}

// Native members join first, so that the join line of each text member has a native reader.
bool People::enter() {
  const auto are_rooms_made = [this] {
    std::size_t made = 0;
    for (const auto& user : users_) made += user->is_permanent ? user->memberships.size() : 0;
    return made == rooms_.size();
  };
  if (!pump_until([&] { return all_joined() && are_rooms_made(); }, kTimeout)) return false;
  return pump_until(
      [this] {
        for (TextUser& user : texts_) {
          // The login is repeated, because a reply may be lost.
          if (!user.has_joined && draw() < 0.1) user.socket.send(options_.server, "L " + user.name);
        }
        return std::ranges::all_of(texts_, &TextUser::has_joined);
      },
      kTimeout);
}

bool People::all_joined() const {
  return std::ranges::all_of(users_, [](const auto& user) {
    return user->is_guest || (user->member && user->member->is_joined());
  });
}

void People::begin_round() {
  history_ = {};
  for (auto& [name, history] : rooms_) history = {};
  for (auto& user : users_) {
    if (user->is_brief) history_.brief(user->name);
    user->reader = history_.begin_reader(user->name, History::Dialect::native, true);
    for (auto& [room, membership] : user->memberships) {
      if (!membership.reader) continue;
      if (user->is_brief) history_of(room).brief(user->name);
      membership.reader = history_of(room).begin_reader(user->name, History::Dialect::native, true);
    }
  }
  for (auto& user : texts_) {
    user.reader = history_.begin_reader(user.name, History::Dialect::text);
  }
}

// --- time ------------------------------------------------------------------------------

void People::run_until(MonoTime end, bool talks) {
  while (now_ < end) {
    if (talks) talk();
    pump(std::min<Micros>(end - now_, kMessageInterval));
  }
}

bool People::pump_until(const std::function<bool()>& holds, Micros time_limit) {
  const MonoTime end = now_ + time_limit;
  while (!holds()) {
    if (now_ > end) return false;
    pump(std::chrono::milliseconds{20});
  }
  return true;
}

void People::pump(Micros time_limit) {
  now_ = mono_now();
  deliver_due();
  for (std::size_t i = 0; i < users_.size(); ++i) work(i);
  std::erase_if(users_, [](const auto& user) { return user->is_guest && !user->member; });
  wait(time_limit);
  now_ = mono_now();
  history_.set_time(now_);
  for (auto& [room, history] : rooms_) history.set_time(now_);
  for (std::size_t i = 0; i < users_.size(); ++i) receive(i);
  for (TextUser& user : texts_) receive_text(user);
  for (std::size_t i = 0; i < users_.size(); ++i) work(i);
}

// Waits until a datagram arrives or a timer is due, at most for `time_limit`.
void People::wait(Micros time_limit) {
  MonoTime next = now_ + time_limit;
  if (!in_flight_.empty()) next = std::min(next, in_flight_.begin()->first);
  std::vector<pollfd> sockets;
  for (const auto& user : users_) {
    if (!is_awake(*user)) continue;
    if (user->member) next = std::min(next, user->member->deadline());
    sockets.push_back({.fd = user->socket.fd(), .events = POLLIN, .revents = 0});
  }
  for (const TextUser& user : texts_) {
    sockets.push_back({.fd = user.socket.fd(), .events = POLLIN, .revents = 0});
  }
  const Micros time = std::max<Micros>(next - now_, Micros{0});
  const timespec timeout{.tv_sec = time.count() / 1'000'000,
                         .tv_nsec = time.count() % 1'000'000 * 1'000};
  (void)::ppoll(sockets.data(), sockets.size(), &timeout, nullptr);
}

void People::work(std::size_t index) {
  User& user = *users_[index];
  if (!is_awake(user)) return;
  if (!user.member) {
    if (!user.is_guest && now_ >= user.restart_at) start_client(user);
    if (!user.member) return;
  }
  if (user.member->deadline() <= now_) user.member->tick(now_);
  send_all(index);
  take_events(user);
  // Each command may have an answer, and each room has bytes for a record `left`.
  if (user.member) {
    history_.answers(user.reader, user.member->unconfirmed() * 200 + user.memberships.size() * 64);
  }
}

// --- the network -----------------------------------------------------------------------

void People::send_all(std::size_t index) {
  User& user = *users_[index];
  std::vector<std::byte> datagram;
  while (user.member->next_datagram(datagram, now_)) {
    if (user.begins_login_again(datagram)) history_.login_repeated(user.reader);
    transmit(index, true, datagram);
  }
}

void People::transmit(std::size_t index, bool to_server, std::span<const std::byte> bytes) {
  const std::uint64_t serial = users_[index]->socket_serial;
  for (int copies = draw() < weather_.twice ? 2 : 1; copies > 0; --copies) {
    if (draw() < weather_.loss) continue;
    const auto spread = static_cast<double>((weather_.most_delay - weather_.least_delay).count());
    const Micros delay = weather_.least_delay + Micros{static_cast<std::int64_t>(spread * draw())};
    in_flight_.emplace(now_ + delay, Datagram{.socket_serial = serial,
                                              .to_server = to_server,
                                              .bytes = {bytes.begin(), bytes.end()}});
  }
  if (weather_.most_delay == Micros{0}) deliver_due();
}

// Delivers the datagrams that are due. Those from or to a closed socket are lost.
void People::deliver_due() {
  while (!in_flight_.empty() && in_flight_.begin()->first <= now_) {
    const Datagram packet = std::move(in_flight_.extract(in_flight_.begin()).mapped());
    const auto found = std::ranges::find_if(
        users_, [&](const auto& user) { return user->socket_serial == packet.socket_serial; });
    if (found == users_.end() || !(*found)->member) continue;
    User& user = **found;
    if (packet.to_server) {
      user.socket.send(options_.server,
                       {reinterpret_cast<const char*>(packet.bytes.data()), packet.bytes.size()});
    } else {
      user.member->receive(packet.bytes, now_);
    }
  }
}

void People::receive(std::size_t index) {
  User& user = *users_[index];
  if (!is_awake(user)) return;
  for (;;) {
    const ssize_t size = ::recv(user.socket.fd(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (size < 0) return;
    if (user.member)
      transmit(index, false, std::span{buffer_}.first(static_cast<std::size_t>(size)));
  }
}

void People::receive_text(TextUser& user) {
  for (;;) {
    const ssize_t size = ::recv(user.socket.fd(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (size < 0) return;
    std::string_view rest{reinterpret_cast<const char*>(buffer_.data()),
                          static_cast<std::size_t>(size)};
    if (rest == "OK") {
      user.has_joined = true;
      continue;
    }
    while (!rest.empty()) {
      const auto end = std::min(rest.find('\n'), rest.size());
      history_.line(user.reader, std::string{rest.substr(0, end)});
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
}

// --- what members see ------------------------------------------------------------------

void People::take_events(User& user) {
  while (user.member) {
    const auto event = user.member->next_event();
    if (!event) return;
    on_event(user, *event);
  }
}

void People::on_event(User& user, const client::Event& event) {
  std::visit(Overloaded{
                 [&](const client::Line& line) { on_line(user, line); },
                 [&](const client::Confirmed& confirmed) { on_confirmed(user, confirmed); },
                 [&](const client::Refused& refused) { on_refused(user, refused); },
                 [&](const client::Joined& joined) {
                   user.login = Login::done;
                   history_.came_in(user.reader);
                   user.number.reset();
                   if (!user.other_name.empty()) {
                     history_.complaint(user.reader,
                                        "came in under the owned name " + user.other_name);
                   }
                   if (user.is_guest) return;
                   (void)user.member->ask_programs(now_);
                   if (!joined.again) enter_rooms(user);
                 },
                 [&](const client::ProgramList& list) { on_programs(user, list); },
                 [&](const client::RoomJoined& joined) { on_room_joined(user, joined); },
                 [&](const client::RoomLeft& left) { on_room_left(user, left); },
                 [&](const client::RoomInvited& invited) {
                   (void)user.member->send(client::JoinRoom{.name = invited.room}, now_);
                 },
                 [&](const client::RoomRenamed& renamed) {
                   const auto membership = user.memberships.find(lasting_name(renamed.before));
                   if (membership != user.memberships.end()) {
                     membership->second.name = renamed.room.name;
                   }
                 },
                 [&](const client::Missed& missed) {
                   history_.complaint(user.reader,
                                      "was told that it missed something in #" + missed.room.name);
                 },
                 [&](const client::ServerStopped& /*event*/) {
                   history_.complaint(user.reader, "was told goodbye");
                 },
                 [&](const client::Ended& ended) { on_end(user, ended); },
                 [](const auto& /*other*/) {},
             },
             event);
}

void People::on_line(User& user, const client::Line& line) {
  ++figures_.heard;
  Heard heard{.kind = line.record, .name = line.name, .text = line.text, .time = line.time};
  if (line.record == wire::RecordKind::direct) {
    // Another program of the user has sent it.
    if (line.own && line.name != user.name) return history_.copy(user.reader, std::move(heard));
    figures_.waited += line.waited ? 1 : 0;
    return history_.direct(user.reader, std::move(heard));
  }
  const bool is_own = line.name == user.name && is_said(line.record);
  if (!line.replay && line.own != is_own && is_said(line.record)) {
    history_.complaint(user.reader, fmt::format("took for {} own: {}", is_own ? "not its" : "its",
                                                to_text(heard)));
  }
  if (line.room.name.empty()) {
    user.has_begun |= !line.replay;
    if (!user.has_begun) return history_.earlier(user.reader, std::move(heard));
    return history_.heard(user.reader, std::move(heard), line.replay);
  }
  const std::string room = lasting_name(line.room.name);
  const auto membership = user.memberships.find(room);
  if (membership == user.memberships.end() || membership->second.id != line.room.id) {
    history_.complaint(
        user.reader, fmt::format("is not in #{} and received: {}", line.room.name, to_text(heard)));
  } else if (membership->second.reader) {
    on_room_line(room, membership->second, heard, line.replay);
  } else if (line.name != user.name) {
    history_.complaint(user.reader, fmt::format("is alone in #{} and received: {}", line.room.name,
                                                to_text(heard)));
  }
}

void People::on_confirmed(User& user, const client::Confirmed& confirmed) {
  const auto said = take_said(user, confirmed.number);
  if (!said) return;
  const bool waits = !confirmed.waits_for.empty();
  history_of(said->room).confirmed(said->reader, confirmed.number, waits);
  if (said->is_change) ++figures_.changes;
  if (said->at) figures_.longest_wait = std::max<Micros>(figures_.longest_wait, now_ - *said->at);
}

void People::on_refused(User& user, const client::Refused& refused) {
  ++figures_.refused;
  const std::uint64_t number = refused.number.value_or(0);
  const auto said = take_said(user, number);
  if (said) history_of(said->room).refused(said->reader, number, refused.code);
}

void People::on_end(User& user, const client::Ended& ended) {
  if (!user.is_leaving && !user.may_end(ended.reason)) {
    history_.complaint(user.reader, fmt::format("was thrown out: {} \"{}\"",
                                                static_cast<int>(ended.reason), ended.text));
  }
  if (ended.reason == client::End::program_ended) ++figures_.ended;
  if (ended.reason == client::End::replaced) ++figures_.replaced;
  if (ended.reason == client::End::name_owned) ++figures_.refused_names;
  end_client(user, ended.reason != client::End::quit);
  user.restart_at = now_ + (user.is_leaving ? user.stays_away : kRetryDelay);
}

}  // namespace chatd::test
