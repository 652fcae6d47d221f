// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/session.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "client/session/connection.hpp"
#include "client/session/known_users.hpp"
#include "client/session/message.hpp"
#include "client/session/order_book.hpp"
#include "client/session/password_keys.hpp"
#include "client/session/relay.hpp"
#include "client/session/trust.hpp"
#include "client/settings/paths.hpp"
#include "client/settings/target.hpp"
#include "client/words/file_words.hpp"
#include "client/words/secret_text.hpp"
#include "client/words/words.hpp"
#include "common/base/overloaded.hpp"
#include "common/crypto/base64.hpp"
#include "common/crypto/invitation_code.hpp"
#include "common/crypto/key_file.hpp"
#include "common/crypto/password.hpp"
#include "common/crypto/random.hpp"
#include "common/io/event_loop.hpp"

namespace chatd::client {

namespace {

using std::chrono::milliseconds;
// Interval of attempts to send reports while the terminal process does not read them. A pipe in
// shared memory has no event for free space.
constexpr milliseconds kBetweenFlushes{20};
// Time limit of one send. The other process can hold the pipe's lock for a short time; without this
// wait the report would be delayed until the next flush.
constexpr milliseconds kLockTimeout{1};
// Time limit from quit() to the end. It is longer than the time in which a Member sends its last
// commands and the goodbye.
constexpr milliseconds kGoodbyeTimeout{7000};
// Interval between two attempts to reach a server, see SessionSettings::tries_again.
constexpr milliseconds kBetweenAttempts{1000};

// True if the server may be there later, although it does not reply now.
bool is_away(Outcome outcome) {
  return outcome == Outcome::nothing_listening || outcome == Outcome::no_answer;
}

void ask(Member& member, const AskUsers& order) { member.ask_users(mono_now(), order.room); }
void ask(Member& member, const AskRooms& /*order*/) { member.ask_rooms(mono_now()); }
void ask(Member& member, const AskAbout& order) { member.ask_about(mono_now(), order.room); }
void ask(Member& member, const AskPrograms& /*order*/) { member.ask_programs(mono_now()); }
void ask(Member& member, const AskMember& order) { member.ask_member(mono_now(), order.name); }
void ask(Member& member, const AskBlocks& /*order*/) { member.ask_blocks(mono_now()); }
void ask(Member& member, const HistoryRequest& order) { member.ask_history(mono_now(), order); }

std::string text_of(const crypto::InvitationCode::Secret& secret) {
  return {reinterpret_cast<const char*>(secret.data()), secret.size()};
}

// Connects to the server when the terminal process orders it, passes orders to the Member and
// events to the terminal process.
class Session {
 public:
  Session(io::EventLoop& loop, const SessionSettings& settings, process::PipeEnd link)
      : loop_{loop},
        settings_{settings},
        known_{settings.known_servers, settings.language},
        link_{std::move(link)} {}

  Result<> start();
  void quit();

 private:
  void read_orders();
  void on_order(const Order& order);
  void enter(const Enter& entry);
  void rename(const Rename& order);
  void post(const Post& post);
  [[nodiscard]] bool prepare();
  [[nodiscard]] bool load_identity();
  void connect();
  void try_again(Outcome outcome, std::string detail);
  void join_rooms();
  [[nodiscard]] bool is_of_room_to_join(const Event& event);
  void on_event(Event event);
  void on_ended(Outcome outcome, std::string detail);
  void on_link_closed();
  void send_report(const Report& report);
  void send_ended(Outcome outcome, std::string detail);
  void flush_later();
  [[nodiscard]] bool is_trusted(const ServerProof& proof);
  [[nodiscard]] std::vector<KnownUser> known_users();
  void after(milliseconds delay, io::EventLoop::Watch& watch, io::EventLoop::Handler handler);

  io::EventLoop& loop_;
  const SessionSettings& settings_;
  KnownServers known_;
  process::PipeEnd link_;
  Relay relay_{[this](std::span<const std::byte> message) {
    return link_.send(message, kLockTimeout).has_value();
  }};
  std::optional<crypto::KeyPair> identity_;
  std::vector<Endpoint> servers_;
  Enter entry_;                                 // the last one, without its code
  std::optional<crypto::InvitationCode> code_;  // until the server has let the user in
  std::unique_ptr<Connection> connection_;
  OrderBook orders_{settings_.wants_saved};
  std::map<std::uint64_t, std::string> joins_;  // rooms of the settings, by number of the command
  Verdict verdict_;                             // about the server in the last handshake
  std::string server_key_;                      // its identity, as text
  PasswordKeys password_keys_{[](std::string_view password, const crypto::PublicKey& server) {
    return crypto::password_key(password, server);
  }};
  std::optional<Outcome> waits_because_{};  // of the last Waiting since the Enter
  bool live_{false};                        // the session is in the room and accepts commands
  bool quitting_{false};
  bool goodbye_{false};  // the terminal process has ordered the end, or was notified of it
  io::EventLoop::Watch readable_;
  io::EventLoop::Watch flushing_;
  io::EventLoop::Watch goodbye_timer_;
  io::EventLoop::Watch next_attempt_;
};

Result<> Session::start() {
  auto watch = loop_.on_readable(link_.fd(), [this] { read_orders(); });
  if (!watch) return fail(std::move(watch).error());
  readable_ = std::move(*watch);
  return {};
}

void Session::after(milliseconds delay, io::EventLoop::Watch& watch,
                    io::EventLoop::Handler handler) {
  auto timer = loop_.after(delay, std::move(handler));
  if (!timer) return loop_.stop();  // out of memory
  watch = std::move(*timer);
}

void Session::read_orders() {
  for (;;) {
    auto message = link_.receive(process::kNoWait);
    if (!message) return;  // no more messages now
    if (!*message) return on_link_closed();
    if (const auto order = decode_order(**message)) on_order(*order);
  }
}

void Session::on_link_closed() {
  readable_ = {};
  flushing_ = {};
  if (!goodbye_ && settings_.terminal && !settings_.terminal->was_restored()) {
    // If a shell has taken the terminal, the shell has restored the modes itself.
    if (settings_.terminal->is_unclaimed()) settings_.terminal->restore();
    const auto crashed =
        fmt::format("uchat: {}\n", words(settings_.language, Words::terminal_crashed));
    (void)std::fputs(crashed.c_str(), stderr);  // fmt::print() throws if it cannot write
  }
  quit();
}

void Session::quit() {
  goodbye_ = true;
  if (std::exchange(quitting_, true) && !readable_.is_active()) return loop_.stop();
  if (!live_) return send_ended(Outcome::done, {});
  after(kGoodbyeTimeout, goodbye_timer_, [this] { send_ended(Outcome::done, {}); });
  connection_->member().quit(mono_now());
  connection_->pump();
}

void Session::on_order(const Order& order) {
  std::visit(Overloaded{
                 [this](const Enter& entry) { enter(entry); },
                 [this](const Post& message) { post(message); },
                 [this](const Quit& /*order*/) { quit(); },
                 [this](const Rename& change) { rename(change); },
                 [this](const auto& question) {
                   if (!live_) return;
                   ask(connection_->member(), question);
                   connection_->pump();
                 },
             },
             order);
}

void Session::rename(const Rename& order) {
  if (!live_) {
    return send_report(NameRefused{.name = order.name, .reason = Outcome::no_answer});
  }
  connection_->member().rename(order.name, mono_now());
  connection_->pump();
}

void Session::post(const Post& post) {
  if (!live_) {
    const std::string why{words(settings_.language, Words::not_connected_yet)};
    return send_report(Refused{.number = post.number, .text = why});
  }
  orders_.place(post.number, connection_->member().send(post.message, mono_now()));
  connection_->pump();
}

void Session::enter(const Enter& entry) {
  entry_ = entry;
  goodbye_ = false;
  waits_because_.reset();
  code_ = entry_.code ? crypto::InvitationCode::read(*entry_.code) : std::nullopt;
  const bool is_no_code = entry_.code && !code_;
  wipe(entry_.code);
  if (is_no_code) return send_ended(Outcome::wrong_code, {});
  if (prepare()) connect();
}

// Loads or creates the identity. False: an error, which was sent to the terminal process.
bool Session::load_identity() {
  if (identity_) return true;
  const auto folder = settings_.makes_folder ? make_folder_of(settings_.identity) : Result<>{};
  Result<crypto::KeyPair> identity =
      folder ? crypto::load_or_make_key(settings_.identity) : fail(folder.error());
  if (!identity) {
    send_ended(Outcome::failed, file_error(settings_.language, identity.error()));
    return false;
  }
  identity_ = std::move(*identity);
  return true;
}

// Loads the identity, and resolves the host name. False: an error, which was sent to the terminal
// process.
bool Session::prepare() {
  if (!load_identity()) return false;
  auto servers = resolve(settings_.target, settings_.language);
  if (servers) {
    servers_ = std::move(*servers);
    return true;
  }
  const bool is_temporary = servers.error().code() == EAGAIN;
  if (is_temporary && settings_.tries_again) {
    try_again(Outcome::no_such_host, servers.error().message());
  } else {
    send_ended(Outcome::no_such_host, servers.error().message());
  }
  return false;
}

void Session::try_again(Outcome outcome, std::string detail) {
  if (waits_because_ != outcome) {
    send_report(Waiting{.reason = outcome, .text = std::move(detail)});
  }
  waits_because_ = outcome;
  after(kBetweenAttempts, next_attempt_, [this] {
    if (prepare()) connect();
  });
}

void Session::connect() {
  verdict_ = {};
  Member::Options member{.name = entry_.name,
                         .identity = *identity_,
                         .is_trusted = [this](const auto& proof) { return is_trusted(proof); },
                         .known_users = [this] { return known_users(); },
                         .random = &crypto::fill_random,
                         .handshake_timeout = settings_.handshake_timeout,
                         .wants_replay = settings_.replay,
                         .reconnects = settings_.waits_for_server,
                         .is_brief = settings_.is_brief,
                         .wants_saved = settings_.wants_saved,
                         .reads_direct = settings_.reads_direct};
  if (code_) member.code = text_of(code_->secret());
  if (entry_.password) {
    member.password_key = [this](const auto& server) {
      return password_keys_.of(*entry_.password, server);
    };
  }
  connection_ = std::make_unique<Connection>(
      loop_,
      Connection::Options{
          .servers = servers_, .member = std::move(member), .language = settings_.language},
      Connection::Handlers{
          .event = [this](Event event) { on_event(std::move(event)); },
          .ended = [this](Outcome outcome,
                          std::string detail) { on_ended(outcome, std::move(detail)); }});
  connection_->start();
}

bool Session::is_trusted(const ServerProof& proof) {
  const auto& option = settings_.fingerprint;
  const Demands demands{.fingerprint = option ? option : entry_.fingerprint,
                        .has_password = entry_.password.has_value(),
                        .is_known = settings_.confirms_key,
                        .code = code_ ? &*code_ : nullptr};
  verdict_ =
      judge(known_, to_text(settings_.target), proof, demands, wall_now(), settings_.language);
  if (verdict_.report) send_report(*verdict_.report);
  server_key_ = crypto::to_base64(verdict_.identity);
  return verdict_.trusted;
}

std::vector<KnownUser> Session::known_users() {
  auto found = KnownUsers{settings_.known_users}.of(server_key_, settings_.language);
  if (!found.fault.empty()) send_report(Notice{std::move(found.fault)});
  return std::move(found.users);
}

// Later sessions of this Member join the rooms again by themselves.
void Session::join_rooms() {
  joins_.clear();
  for (const std::string& room : settings_.rooms) {
    joins_.emplace(connection_->member().send(JoinRoom{room}, mono_now()), room);
  }
  connection_->pump();
}

// True if the event is the answer to a join that no order of the terminal process has caused. The
// user is told of a refusal.
bool Session::is_of_room_to_join(const Event& event) {
  if (const auto* confirmed = std::get_if<Confirmed>(&event)) {
    return joins_.erase(confirmed->number) > 0;
  }
  const auto* refused = std::get_if<Refused>(&event);
  if (refused == nullptr || !refused->number) return false;
  const auto join = joins_.find(*refused->number);
  if (join == joins_.end()) return false;
  send_report(Notice{words(settings_.language, Words::not_done,
                           why_refused(settings_.language, *refused), "/join " + join->second)});
  joins_.erase(join);
  return true;
}

void Session::on_event(Event event) {
  auto* const joined = std::get_if<Joined>(&event);
  const bool is_new = joined != nullptr && !joined->again;
  if (joined != nullptr) {
    live_ = true;
    code_.reset();
    joined->server_key = server_key_;
  }
  if (is_of_room_to_join(event)) return;
  if (!orders_.translate(event)) return;
  send_report(std::visit([]<class T>(T& one) -> Report { return std::move(one); }, event));
  if (is_new && !settings_.rooms.empty()) join_rooms();
}

void Session::on_ended(Outcome outcome, std::string detail) {
  const bool was_live = std::exchange(live_, false);
  if (outcome == Outcome::changed_key) {
    outcome = verdict_.outcome;
    detail = verdict_.why_not;
  }
  // The target is an address: the message has it already, without the detail.
  const bool is_address = servers_.size() == 1 && to_text(servers_[0]) == to_text(settings_.target);
  if (outcome == Outcome::nothing_listening && is_address) detail.clear();
  if (settings_.tries_again && !was_live && !goodbye_ && is_away(outcome)) {
    return try_again(outcome, std::move(detail));
  }
  orders_.abandon();  // the terminal process knows what was not confirmed
  send_ended(outcome, std::move(detail));
}

void Session::send_ended(Outcome outcome, std::string detail) {
  goodbye_timer_ = {};
  next_attempt_ = {};
  if (!readable_.is_active()) return loop_.stop();  // the terminal process has ended
  goodbye_ = true;
  send_report(Ended{.reason = outcome, .text = std::move(detail)});
}

void Session::send_report(const Report& report) {
  if (!readable_.is_active()) return;
  relay_.push(report);
  if (!relay_.is_empty()) flush_later();
}

void Session::flush_later() {
  if (flushing_.is_active()) return;
  auto timer = loop_.every(kBetweenFlushes, [this] {
    if (relay_.flush()) flushing_ = {};
  });
  if (!timer) return loop_.stop();
  flushing_ = std::move(*timer);
}

}  // namespace

int run_session(const SessionSettings& settings, process::PipeEnd link) {
  leave_the_terminals_group();
  auto loop = io::EventLoop::create();
  if (!loop) return exit_status_of(Outcome::failed);
  Session session{*loop, settings, std::move(link)};
  auto terminating = loop->on_signal(SIGTERM, [&] { session.quit(); });
  if (!terminating || !session.start() || !loop->run()) return exit_status_of(Outcome::failed);
  return exit_status_of(Outcome::done);
}

}  // namespace chatd::client
