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

People::People(const Options& options) : options_{options}, random_{options.seed}, buffer_(65536) {
  now_ = mono_now();
  for (std::size_t i = 0; i < options.rooms; ++i) rooms_.try_emplace(fmt::format("r{}", i));
  for (std::size_t i = 0; i < options.natives; ++i) {
    add_seat(fmt::format("n{}", i), false);
    seats_.back()->stays = options.rooms != 0 && i < kStaying;
  }
  for (std::size_t i = 0; i < options.texts; ++i) {
    texts_.push_back({.name = fmt::format("t{}", i)});
    texts_.back().reader = history_.begin_reader(texts_.back().name, History::Dialect::text);
  }
}

void People::add_seat(std::string name, bool is_guest) {
  seats_.push_back(std::make_unique<Seat>(Seat{.name = std::move(name),
                                               .identity = crypto::generate_key_pair().value(),
                                               .is_guest = is_guest,
                                               .socket_serial = ++sockets_}));
  start_client(*seats_.back());
}

void People::start_client(Seat& seat) {
  seat.member.emplace(client::Member::Options{
      .name = seat.name,
      .identity = seat.identity,
      .is_trusted = [](const crypto::PublicKey&) { return true; },
      .random =
          [this](std::span<std::byte> out) {
            for (std::byte& byte : out) byte = static_cast<std::byte>(random_());
          },
      .handshake_timeout = std::chrono::duration_cast<std::chrono::milliseconds>(kTimeout),
      .wants_replay = false});
  seat.reader = history_.begin_reader(seat.name, History::Dialect::native);
  seat.is_leaving = false;
  seat.said.clear();
  seat.member->start(now_);
  ++figures_.clients;
}

void People::renew_socket(Seat& seat) {
  seat.socket = UdpClient{};
  seat.socket_serial = ++sockets_;
}

// Native members join first, so that the join line of each text member has a native reader.
bool People::enter() {
  if (!pump_until([this] { return all_joined() && are_rooms_made(); }, kTimeout)) return false;
  return pump_until(
      [this] {
        for (TextSeat& seat : texts_) {
          // The login is repeated, because a reply may be lost.
          if (!seat.has_joined && draw() < 0.1) seat.socket.send(options_.server, "L " + seat.name);
        }
        return std::ranges::all_of(texts_, &TextSeat::has_joined);
      },
      kTimeout);
}

bool People::all_joined() const {
  return std::ranges::all_of(seats_, [](const auto& seat) {
    return seat->is_guest || (seat->member && seat->member->is_joined());
  });
}

void People::begin_round() {
  history_ = {};
  for (auto& [name, history] : rooms_) history = {};
  for (auto& seat : seats_) {
    seat->reader = history_.begin_reader(seat->name, History::Dialect::native);
    for (auto& [room, stay] : seat->stays_in) {
      if (!stay.reader) continue;
      stay.reader = history_of(room).begin_reader(seat->name, History::Dialect::native);
    }
  }
  for (auto& seat : texts_) {
    seat.reader = history_.begin_reader(seat.name, History::Dialect::text);
  }
}

// --- time ------------------------------------------------------------------------------

void People::run_until(MonoTime end) {
  while (now_ < end) {
    talk();
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
  for (std::size_t i = 0; i < seats_.size(); ++i) work(i);
  std::erase_if(seats_, [](const auto& seat) { return seat->is_guest && !seat->member; });
  wait(time_limit);
  now_ = mono_now();
  for (std::size_t i = 0; i < seats_.size(); ++i) receive(i);
  for (TextSeat& seat : texts_) receive_text(seat);
  for (std::size_t i = 0; i < seats_.size(); ++i) work(i);
}

// Waits until a datagram arrives or a timer is due, at most for `time_limit`.
void People::wait(Micros time_limit) {
  MonoTime next = now_ + time_limit;
  if (!in_flight_.empty()) next = std::min(next, in_flight_.begin()->first);
  std::vector<pollfd> sockets;
  for (const auto& seat : seats_) {
    if (!is_awake(*seat)) continue;
    if (seat->member) next = std::min(next, seat->member->deadline());
    sockets.push_back({.fd = seat->socket.fd(), .events = POLLIN, .revents = 0});
  }
  for (const TextSeat& seat : texts_) {
    sockets.push_back({.fd = seat.socket.fd(), .events = POLLIN, .revents = 0});
  }
  const Micros time = std::max<Micros>(next - now_, Micros{0});
  const timespec timeout{.tv_sec = time.count() / 1'000'000,
                         .tv_nsec = time.count() % 1'000'000 * 1'000};
  (void)::ppoll(sockets.data(), sockets.size(), &timeout, nullptr);
}

void People::work(std::size_t index) {
  Seat& seat = *seats_[index];
  if (!is_awake(seat)) return;
  if (!seat.member) {
    if (!seat.is_guest && now_ >= seat.restart_at) start_client(seat);
    if (!seat.member) return;
  }
  if (seat.member->deadline() <= now_) seat.member->tick(now_);
  send_all(index);
  take_events(seat);
}

// --- the network -----------------------------------------------------------------------

void People::send_all(std::size_t index) {
  Seat& seat = *seats_[index];
  while (seat.member->next_datagram(datagram_, now_)) transmit(index, true, datagram_);
}

void People::transmit(std::size_t index, bool to_server, std::span<const std::byte> bytes) {
  const std::uint64_t serial = seats_[index]->socket_serial;
  for (int copies = draw() < weather_.twice ? 2 : 1; copies > 0; --copies) {
    if (draw() < weather_.loss) continue;
    const auto spread = static_cast<double>((weather_.most_delay - weather_.least_delay).count());
    const Micros delay = weather_.least_delay + Micros{static_cast<std::int64_t>(spread * draw())};
    in_flight_.emplace(now_ + delay, InFlight{.socket_serial = serial,
                                              .to_server = to_server,
                                              .bytes = {bytes.begin(), bytes.end()}});
  }
  if (weather_.most_delay == Micros{0}) deliver_due();
}

// Delivers the datagrams that are due. Those from or to a closed socket are lost.
void People::deliver_due() {
  while (!in_flight_.empty() && in_flight_.begin()->first <= now_) {
    const InFlight packet = std::move(in_flight_.extract(in_flight_.begin()).mapped());
    const auto found = std::ranges::find_if(
        seats_, [&](const auto& seat) { return seat->socket_serial == packet.socket_serial; });
    if (found == seats_.end() || !(*found)->member) continue;
    Seat& seat = **found;
    if (packet.to_server) {
      seat.socket.send(options_.server,
                       {reinterpret_cast<const char*>(packet.bytes.data()), packet.bytes.size()});
    } else {
      seat.member->receive(packet.bytes, now_);
    }
  }
}

void People::receive(std::size_t index) {
  Seat& seat = *seats_[index];
  if (!is_awake(seat)) return;
  for (;;) {
    const ssize_t size = ::recv(seat.socket.fd(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (size < 0) return;
    if (seat.member)
      transmit(index, false, std::span{buffer_}.first(static_cast<std::size_t>(size)));
  }
}

void People::receive_text(TextSeat& seat) {
  for (;;) {
    const ssize_t size = ::recv(seat.socket.fd(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (size < 0) return;
    std::string_view rest{reinterpret_cast<const char*>(buffer_.data()),
                          static_cast<std::size_t>(size)};
    if (rest == "OK") {
      seat.has_joined = true;
      continue;
    }
    while (!rest.empty()) {
      const auto end = std::min(rest.find('\n'), rest.size());
      history_.line(seat.reader, std::string{rest.substr(0, end)});
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
}

// --- what members see ------------------------------------------------------------------

void People::take_events(Seat& seat) {
  while (seat.member) {
    const auto event = seat.member->next_event();
    if (!event) return;
    on_event(seat, *event);
  }
}

void People::on_event(Seat& seat, const client::Event& event) {
  std::visit(
      Overloaded{
          [&](const client::Line& line) { on_line(seat, line); },
          [&](const client::Confirmed& confirmed) { on_fate(seat, confirmed.number, nullptr); },
          [&](const client::Refused& refused) {
            ++figures_.refused;
            on_fate(seat, refused.number.value_or(0), &refused);
          },
          [&](const client::Joined& joined) {
            if (!joined.again && !seat.is_guest) enter_rooms(seat);
          },
          [&](const client::RoomJoined& joined) { on_room_joined(seat, joined); },
          [&](const client::RoomLeft& left) { on_room_left(seat, left); },
          [&](const client::Missed& missed) {
            history_.complaint(seat.reader,
                               "was told that it missed something in #" + missed.room.name);
          },
          [&](const client::ServerStopped& /*event*/) {
            history_.complaint(seat.reader, "was told goodbye");
          },
          [&](const client::Ended& ended) { on_end(seat, ended); },
          [](const auto& /*other*/) {},
      },
      event);
}

void People::on_line(Seat& seat, const client::Line& line) {
  ++figures_.heard;
  Heard heard{.kind = line.record, .name = line.name, .text = line.text, .time = line.time};
  if (line.record == wire::RecordKind::letter) {
    return history_.letter(seat.reader, std::move(heard));
  }
  if (line.room.name.empty()) return history_.heard(seat.reader, std::move(heard));
  const auto stay = seat.stays_in.find(line.room.name);
  if (stay == seat.stays_in.end() || stay->second.id != line.room.id) {
    history_.complaint(
        seat.reader, fmt::format("is not in #{} and received: {}", line.room.name, to_text(heard)));
  } else if (stay->second.reader) {
    history_of(line.room.name).heard(*stay->second.reader, std::move(heard), line.replay);
  } else if (line.name != seat.name) {
    history_.complaint(seat.reader, fmt::format("is alone in #{} and received: {}", line.room.name,
                                                to_text(heard)));
  }
}

// The end of a command: confirmed, or refused. Only messages are in the history.
void People::on_fate(Seat& seat, std::uint64_t number, const client::Refused* refused) {
  const auto found = seat.said.find(number);
  if (found == seat.said.end()) return;
  const Said said = std::move(seat.said.extract(found).mapped());
  if (refused != nullptr) {
    return history_of(said.room).refused(said.reader, number, refused->code);
  }
  history_of(said.room).confirmed(said.reader, number);
  if (said.at) figures_.longest_wait = std::max<Micros>(figures_.longest_wait, now_ - *said.at);
}

void People::on_end(Seat& seat, const client::Ended& ended) {
  // room_full is allowed: guests may have taken the slot of a member that left.
  const bool is_well = seat.is_leaving || ended.reason == client::End::room_full;
  if (!is_well) {
    history_.complaint(seat.reader, fmt::format("was thrown out: {} \"{}\"",
                                                static_cast<int>(ended.reason), ended.text));
  }
  history_.over(seat.reader);
  end_stays(seat);
  seat.member.reset();
  seat.restart_at = ended.reason == client::End::room_full ? now_ + kRetryDelay : now_;
}

}  // namespace chatd::test
