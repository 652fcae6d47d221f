// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/native_world.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "common/base/log.hpp"
#include "common/io/udp_socket.hpp"
#include "common/transport/packet_seal.hpp"
#include "common/wire/text/text_protocol.hpp"
#include "tests/support/in_flight.hpp"
#include "tests/support/key.hpp"

namespace chatd::test {

namespace {

constexpr Micros kTick{1'000'000};

}  // namespace

config::Config NativeWorld::quick_config() {
  config::Config config;
  config.limits.messages_per_second = 0;
  return config;
}

config::Config NativeWorld::one_program_config() {
  config::Config config = quick_config();
  config.limits.programs_per_person = 1;
  return config;
}

NativeWorld::NativeWorld(std::uint64_t seed, config::Config config, std::uint64_t first_offset,
                         std::uint32_t sessions, std::uint32_t rooms)
    : random_{seed},
      config_{std::move(config)},
      region_{std::make_unique<StandaloneRegion>(state::Geometry{.sessions = sessions,
                                                                 .ring_bytes = 1U << 18U,
                                                                 .rooms = rooms,
                                                                 .room_ring_bytes = 1U << 16U,
                                                                 .names = 8})},
      identity_{crypto::generate_key_pair().value()},
      server_{io::open_udp_socket(endpoint("127.0.0.1:0")).value()},
      sockets_{server_.get()} {
  set_log_level(LogLevel::warning);  // thousands come and go
  view().ring_head().oldest = first_offset;
  view().ring_head().tail = first_offset;
  replace_gateway();
  replace_worker();
}

void NativeWorld::replace_gateway() {
  std::optional<crypto::SecretKey> key;
  if (password) key = quick_password_key(*password);
  chat_.emplace(view(), config_, chat::Persons{identity_.secret}, 42);
  unauthenticated_.emplace(config_.limits.unauthenticated_per_second, 42, view().counters(),
                           log_.floods);
  text_.emplace(*chat_, view(), config_, sockets_, wire::Language::en, *unauthenticated_, log_);
  // The first number is another one in each gateway.
  questions.emplace(
      *chat_, config_.limits.questions_per_second, static_cast<std::uint64_t>(time_.count()),
      gateway::MemberQuestions::Hooks{.archive =
                                          [this] {
                                            return gateway::ArchiveProcess{
                                                .exists = archive != nullptr, .answers = true};
                                          },
                                      .send = archive});
  service_.emplace(
      gateway::NativeService::Parts{
          .chat = *chat_,
          .state = view(),
          .keys = keys(),
          .config = config_,
          .sockets = sockets_,
          .identity = identity_,
          .certificate = {},
          .password = key,
          .unauthenticated = *unauthenticated_,
          .log = log_,
          .workers = workers,
          .has_archive = has_archive,
          .questions = &*questions,
          .remove_text =
              [this](chat::Slot member, std::string_view reason, chat::Now now) {
                text_->remove(member, state::LeaveKind::kicked, reason, now);
              }},
      server_now());
  text_->finish_adoption(chat_->adopt(server_now()));
  service_->adopt();
}

void NativeWorld::replace_worker() {
  worker_.emplace(view(), view().process(1), keys(), sockets_, 0, 1, wire::Language::en, 0,
                  [this] { return server_now().wall; });
  server_work();
}

void NativeWorld::store_all() {
  view().stored_place(std::nullopt).offset = std::uint64_t{view().room_log().tail()};
  for (std::uint32_t row = 0; row < view().geometry().rooms; ++row) {
    const state::RoomIndex room{row};
    view().stored_place(room).offset = std::uint64_t{view().room_log(room).tail()};
  }
  (void)service_->look_at_stored();
  server_work();
}

void NativeWorld::replace_service(const state::Geometry& geometry, const Move& move) {
  auto next = std::make_unique<StandaloneRegion>(geometry);
  move(view(), keys(), next->state_, next->keys_);
  worker_.reset();
  service_.reset();
  text_.reset();
  chat_.reset();
  region_ = std::move(next);
  replace_gateway();
  replace_worker();
}

NativeWorld::Seat& NativeWorld::add(NewMember who) {
  client::Member::Options options{
      .name = who.name,
      .identity = who.identity ? *who.identity : crypto::generate_key_pair().value(),
      .is_trusted = [trusts = who.trusts](const client::ServerProof&) { return trusts; },
      .random =
          [this](std::span<std::byte> out) {
            std::ranges::copy(bytes_of(out.size()), out.begin());
          },
      .code = who.code,
      .is_brief = who.is_brief,
      .wants_saved = who.wants_saved,
      .reads_direct = who.reads_direct};
  if (who.password) {
    options.password_key = [text = *who.password](const crypto::PublicKey&) {
      return quick_password_key(text);
    };
  }
  seats_.push_back(std::unique_ptr<Seat>(new Seat{.socket = UdpClient{},
                                                  .member = client::Member{std::move(options)},
                                                  .events = {},
                                                  .lines = {}}));
  return *seats_.back();
}

std::vector<std::byte> NativeWorld::bytes_of(std::size_t count) {
  std::vector<std::byte> bytes(count);
  for (auto& byte : bytes) byte = static_cast<std::byte>(random_());
  return bytes;
}

NativeWorld::Seat& NativeWorld::enter(std::string_view name) {
  Seat& seat = add({.name = std::string{name}});
  start(seat);
  EXPECT_TRUE(run_until([&] { return seat.member.is_joined(); })) << name;
  return seat;
}

void NativeWorld::move(Seat& seat) {
  // The old one keeps its port, or a neighbour of this program would get what is sent there.
  left_behind_.push_back(std::exchange(seat.socket, UdpClient{}));
  seat.member.path_changed(now());
}

void NativeWorld::inject(std::span<const std::byte> datagram, const Endpoint& from) {
  const io::Datagram arrived{
      .from = from, .to = {}, .bytes = datagram, .full_size = datagram.size()};
  if (!datagram.empty() && wire::is_native(datagram.front())) {
    service_->handle(arrived, 0, {}, server_now());
  } else if (wire::is_text(datagram)) {
    text_->handle(arrived, 0, {}, server_now());
  }
  server_work();
}

void NativeWorld::forge(const Seat& seat, std::string_view name,
                        std::span<const wire::Frame> frames) {
  std::array<std::byte, wire::kBaseDatagram> room{};
  wire::ByteWriter out{std::span{room}.first(room.size() - wire::kSealedOverhead)};
  for (const wire::Frame& frame : frames) ASSERT_TRUE(wire::write_frame(out, frame));
  forge(seat, name, out.written());
}

void NativeWorld::forge(const Seat& seat, std::string_view name, std::span<const std::byte> plain) {
  const auto slot = sessions().find_name(name).value();
  const std::uint64_t counter = keys().slot(slot).replay.next + 1'000;
  inject(sealed(slot, keys().rx_key(slot, counter).value(), counter, plain),
         forged_from.value_or(seat.socket.endpoint()));
}

void NativeWorld::forge_to(Seat& seat, std::string_view name, std::span<const std::byte> plain) {
  const auto slot = sessions().find_name(name).value();
  const auto sealing = keys().take(slot, view().native_slots()[slot].packet_counter).value();
  seat.member.receive(sealed(slot, sealing.key, sealing.counter, plain), now());
}

std::vector<std::byte> NativeWorld::sealed(chat::Slot slot, const crypto::Key& key,
                                           std::uint64_t counter,
                                           std::span<const std::byte> plain) const {
  crypto::Aead aead;
  std::vector<std::byte> packet(plain.size() + wire::kSealedOverhead);
  packet.resize(
      transport::seal_packet(aead, key,
                             {.connection = state::peer_of(view().native_slots()[slot]).connection,
                              .counter = counter,
                              .time = 0,
                              .echo = 0},
                             plain, packet));
  return packet;
}

chat::Slot NativeWorld::begin_to_enter(std::string_view name) {
  const auto login = sessions().admit(
      {.name = name,
       .from = delivery_to(test::endpoint("127.0.0.1:9")),
       .native = chat::NativeClient{.identity = {}, .client = 0, .random = 1, .window = 65'536}},
      server_now());
  EXPECT_EQ(login.status, chat::Sessions::Status::admitted);
  return login.slot;
}

void NativeWorld::fly(Seat& seat, bool to_server, std::span<const std::byte> bytes) {
  if (on_datagram) on_datagram(bytes, to_server);
  std::vector<std::byte> whole{bytes.begin(), bytes.end()};
  if (tamper) tamper(whole);
  if (whole.empty()) return;
  std::uniform_real_distribution<double> share{0, 1};
  if (bytes.size() > weather.largest || (to_server && weather.loses_uplink)) return;
  const int copies = share(random_) < weather.twice ? 2 : 1;
  for (int copy = 0; copy < copies; ++copy) {
    if (share(random_) < weather.loss) continue;
    std::uniform_int_distribution<std::int64_t> delay{weather.least_delay.count(),
                                                      weather.most_delay.count()};
    flying_.emplace(
        time_ + Micros{delay(random_)},
        Flying{
            .seat = &seat, .to_server = to_server, .bytes = whole, .from = seat.socket.endpoint()});
  }
}

// The datagrams that are due now.
void NativeWorld::collect() {
  std::vector<std::byte> datagram;
  std::array<std::byte, 65536> buffer;
  for (auto& seat : seats_) {
    if (seat->asleep) continue;
    while (seat->member.next_datagram(datagram, now())) {
      seat->bytes_sent += datagram.size();
      fly(*seat, true, datagram);
    }
    for (;;) {
      const ssize_t got = ::recv(seat->socket.fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (got < 0) break;
      seat->bytes_received += static_cast<std::uint64_t>(got);
      fly(*seat, false, std::span{buffer}.first(static_cast<std::size_t>(got)));
    }
    while (auto event = seat->member.next_event()) {
      const auto* line = std::get_if<client::Line>(&*event);
      if (line != nullptr && line->record == wire::RecordKind::say) {
        seat->lines.push_back(line->name + ": " + line->text);
      }
      seat->events.push_back(std::move(*event));
    }
  }
}

void NativeWorld::deliver(const Flying& flying) {
  if (!flying.to_server) {
    if (!flying.seat->asleep) flying.seat->member.receive(flying.bytes, now());
    return;
  }
  inject(flying.bytes, flying.from);
}

void NativeWorld::server_work() {
  const gateway::WorkerSet called = service_->finish(server_now());
  text_->finish();
  for (std::uint32_t index = 0; index < workers; ++index) {
    if (called.has(index)) state::count(view().process(1 + index).calls);
  }
  if (!worker_) return;
  for (;;) {
    const auto before = checks_windows ? in_flight(view()) : std::vector<InFlight>{};
    const auto outcome = worker_->pass(now());
    if (checks_windows) expect_within_windows(view(), before);
    worker_at_ = outcome.again_at;
    if (!outcome.more) break;
  }
}

Micros NativeWorld::next_moment() const {
  Micros next = next_tick_;
  if (!flying_.empty()) next = std::min(next, flying_.begin()->first);
  next = std::min(next, worker_at_.time_since_epoch());
  for (const auto& seat : seats_) {
    if (seat->asleep) continue;
    next = std::min(next, seat->member.deadline().time_since_epoch());
  }
  return std::max(next, time_);
}

void NativeWorld::step(Micros end) {
  collect();
  time_ = std::min(next_moment(), end);
  while (!flying_.empty() && flying_.begin()->first <= time_) {
    const Flying flying = std::move(flying_.begin()->second);
    flying_.erase(flying_.begin());
    deliver(flying);
  }
  for (auto& seat : seats_) {
    if (seat->asleep || seat->member.deadline() > now()) continue;
    const std::uint64_t before = seat->bytes_sent;
    const std::size_t events = seat->events.size();
    seat->member.tick(now());
    collect();
    if (seat->bytes_sent == before && seat->events.size() == events) ++seat->idle_ticks;
  }
  if (worker_at_ <= now()) server_work();
  if (time_ >= next_tick_) {
    next_tick_ = time_ + kTick;
    service_->tick(server_now());
    server_work();
  }
}

bool NativeWorld::run_until(const std::function<bool()>& holds, Micros most) {
  const Micros end = time_ + most;
  // So many steps no sane world takes: a timer spins.
  for (int steps = 0; steps < 2'000'000; ++steps) {
    collect();
    if (holds()) return true;
    if (time_ >= end) return false;
    step(end);
  }
  ADD_FAILURE() << "time stands still";
  return false;
}

void NativeWorld::run_for(Micros time) {
  (void)run_until([] { return false; }, time);
}

}  // namespace chatd::test
