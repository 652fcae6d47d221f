// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/uplink.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "common/wire/native/native_frame.hpp"

namespace chatd::client {

namespace {

// Most bytes in flight: the server accepts as many. A person never reaches it.
constexpr std::uint64_t kWindow = std::uint64_t{64} << 10U;
constexpr std::uint32_t kProbesToSilence = 3;  // RFC 9002, 7.6
constexpr double kSlower = 0.95;               // than the server's pace
// With more unanswered probes than this, no new command is sent.
constexpr std::uint32_t kMaxProbesWithNew = 1;

// The answer to a question is its report.
bool is_question(wire::CommandKind kind) {
  return kind == wire::CommandKind::who || kind == wire::CommandKind::rooms ||
         kind == wire::CommandKind::about || kind == wire::CommandKind::programs ||
         kind == wire::CommandKind::whois || kind == wire::CommandKind::history;
}

// The server's clock is another one, and the delay of the path varies. The burst is one less than
// allowed: a command that was sent just before may still count.
RateLimit slower_than(Uplink::Pace pace) {
  return {pace.messages_per_1000_seconds / 1000.0 * kSlower,
          pace.burst == 0 ? 0 : std::max(pace.burst, 2U) - 1};
}

}  // namespace

Uplink::Command Uplink::made(wire::CommandKind kind, std::string_view name, std::string_view text) {
  std::array<std::byte, wire::kMaxCommandBytes> buffer{};
  const std::size_t most =
      buffer.size() - wire::kCommandHeaderBytes - std::min<std::size_t>(name.size(), 255);
  wire::ByteWriter out{buffer};
  wire::write_command(out, kind, name.substr(0, 255), text.substr(0, most));
  const auto* bytes = reinterpret_cast<const char*>(out.written().data());
  return {.number = ++last_number_,
          .kind = kind,
          .is_own = false,
          .is_carried_out = false,
          .room = {},
          .bytes = {bytes, out.size()},
          .end = 0};
}

void Uplink::append(Command command) {
  end_ += command.bytes.size();
  command.end = end_;
  waiting_.push_back(std::move(command));
}

std::uint64_t Uplink::add(wire::CommandKind kind, std::string_view name, std::string_view text,
                          std::string_view room) {
  Command command = made(kind, name, text);
  command.room = room;
  if (holding_ || new_from_ != 0) {
    held_.push_back(std::move(command));
  } else {
    append(std::move(command));
  }
  return last_number_;
}

std::uint64_t Uplink::add_own(wire::CommandKind kind, std::string_view name,
                              std::string_view text) {
  Command command = made(kind, name, text);
  command.is_own = true;
  append(std::move(command));
  return last_number_;
}

void Uplink::begin(std::uint64_t offset, Pace pace) {
  acked_ = offset;
  let_go_ = offset;
  sent_ = offset;
  timer_ = {};
  next_let_go_ = {};
  probes_ = 0;
  congestion_ = {};
  recovery_ = 0;
  set_pace(pace);
}

void Uplink::resume(std::uint64_t offset, Pace pace) { begin(offset, pace); }

void Uplink::hold(std::uint64_t offset, Pace pace, bool same_history, MonoTime now) {
  begin(offset, pace);
  if (offset != 0) pace_.spend(arrival_, now);
  end_ = offset;
  std::erase_if(waiting_, [](const Command& command) { return command.is_own; });
  // While commands are held, no later ones but own ones are sent.
  held_.insert(held_.begin(), std::move_iterator{waiting_.begin()},
               std::move_iterator{waiting_.end()});
  waiting_.clear();
  holding_ = true;
  if (same_history) return;
  for (Command& command : held_) command.end = 0;
}

void Uplink::end_hold_new() noexcept {
  if (std::exchange(new_from_, 0) != 0) holding_ = true;
}

std::vector<std::uint64_t> Uplink::release(const RoomIds& id_of) {
  std::vector<std::uint64_t> without_room;
  holding_ = false;
  for (Command& command : std::exchange(held_, {})) {
    if (!command.room.empty()) {
      const auto id = id_of(command.room);
      if (!id) {
        without_room.push_back(command.number);
        continue;
      }
      const auto address = wire::as_argument(wire::RoomAddress{*id});
      command.bytes.replace(wire::kCommandHeaderBytes, address.size(), address.data(),
                            address.size());
    }
    const bool is_new = new_from_ != 0 && command.number >= new_from_;
    if (is_new) {
      held_.push_back(std::move(command));
    } else {
      append(std::move(command));
    }
  }
  return without_room;
}

void Uplink::rename_room(std::string_view before, std::string_view name) {
  for (auto* const commands : {&waiting_, &held_}) {
    for (Command& command : *commands) {
      if (command.room == before) command.room = name;
    }
  }
}

void Uplink::set_pace(Pace pace) { pace_ = slower_than(pace); }

void Uplink::on_wait(std::uint64_t offset, Micros wait, MonoTime now) {
  // An ACK with a later offset arrived first: this WAIT is out of date.
  if (offset < acked_ || offset > end_) return;
  acked_ = sent_ = let_go_ = offset;
  probes_ = 0;
  timer_ = {};
  next_let_go_ = now + wait;
  pace_.hold(arrival_, now, wait);
}

void Uplink::on_ack(std::uint64_t offset, const transport::Rtt& rtt, MonoTime now) {
  if (offset > end_) return;  // the server cannot have read bytes that were not written
  if (offset > acked_) {
    if (held_back_)
      congestion_.on_acked(static_cast<std::uint32_t>(std::min(offset - acked_, kWindow)));
    if (probes_ > kMaxProbesWithNew) charge_again(offset, now);
    acked_ = offset;
    sent_ = std::max(sent_, offset);
    let_go_ = std::max(let_go_, offset);
    probes_ = 0;
    timer_ = sent_ > acked_ ? now + rtt.probe_timeout(0) : MonoTime{};
  } else if (sent_ > acked_ && now - repaired_ >= rtt.repair_time()) {
    if (acked_ >= recovery_) {
      recovery_ = sent_;
      congestion_.on_loss();
    }
    sent_ = acked_;  // the server received a packet, but not the next command: it was lost
    repaired_ = now;
  }
}

void Uplink::charge_again(std::uint64_t up_to, MonoTime now) {
  for (const Command& command : waiting_) {
    if (command.end > acked_ && command.end <= up_to) (void)pace_.refuse(arrival_, now);
  }
  let_go_ = up_to;
}

std::optional<std::uint64_t> Uplink::number_at(std::uint64_t offset) const {
  const auto found = std::ranges::find(waiting_, offset, &Command::end);
  if (found == waiting_.end()) return std::nullopt;
  return found->number;
}

std::optional<std::uint64_t> Uplink::held_number_at(std::uint64_t offset) const {
  const auto found = std::ranges::find(held_, offset, &Command::end);
  if (offset == 0 || found == held_.end()) return std::nullopt;
  return found->number;
}

std::optional<Uplink::Done> Uplink::take_confirmed(std::uint64_t up_to) {
  if (waiting_.empty() || waiting_.front().end > std::min(up_to, acked_)) return std::nullopt;
  const Command& first = waiting_.front();
  const bool is_reported = !first.is_own && !is_question(first.kind);
  const Done done{.number = first.number, .is_reported = is_reported, .end = first.end};
  waiting_.pop_front();
  return done;
}

std::uint64_t Uplink::first_unanswered() const {
  if (held_.empty() || waiting_.empty()) {
    return held_.empty() ? first_unconfirmed() : held_.front().number;
  }
  return std::min(held_.front().number, first_unconfirmed());
}

void Uplink::forget(std::uint64_t number) {
  const auto has_number = [&](const Command& command) { return command.number == number; };
  std::erase_if(waiting_, has_number);
  std::erase_if(held_, has_number);
}

void Uplink::note_carried_out(std::uint64_t offset) {
  const auto found = std::ranges::find(waiting_, offset, &Command::end);
  if (found != waiting_.end()) found->is_carried_out = true;
}

std::vector<std::uint64_t> Uplink::take_carried_out() {
  std::vector<std::uint64_t> numbers;
  for (const Command& command : waiting_) {
    if (command.is_carried_out) numbers.push_back(command.number);
  }
  std::erase_if(waiting_, [](const Command& command) { return command.is_carried_out; });
  return numbers;
}

void Uplink::let_go(MonoTime now) {
  next_let_go_ = {};
  // Commands that are sent while nothing is acknowledged would all arrive together when the server
  // can be reached again.
  if (probes_ > kMaxProbesWithNew) return;
  for (const Command& command : waiting_) {
    if (command.end <= let_go_) continue;
    if (const auto wait = pace_.refuse(arrival_, now)) {
      next_let_go_ = now + *wait;
      return;
    }
    let_go_ = command.end;
  }
}

void Uplink::send_again(MonoTime now) {
  if (timer_ == MonoTime{} || now < timer_) return;
  if (++probes_ == kProbesToSilence) congestion_.on_silence();
  sent_ = acked_;
  timer_ = {};
}

bool Uplink::write(wire::ByteWriter& out, const transport::Rtt& rtt, MonoTime now) {
  send_again(now);
  let_go(now);
  std::array<std::byte, wire::kBaseDatagram> buffer;
  if (out.left() <= wire::kDataFrameBytes) return false;
  wire::ByteWriter data{
      std::span{buffer}.first(std::min(buffer.size(), out.left() - wire::kDataFrameBytes))};
  const std::uint64_t from = sent_;
  const std::uint64_t window = std::min<std::uint64_t>(kWindow, congestion_.window);
  held_back_ = false;
  for (const Command& command : waiting_) {
    if (command.end <= sent_) continue;
    held_back_ = command.end > acked_ + window;
    if (held_back_ || command.end > let_go_) break;
    if (command.bytes.size() > data.left()) break;
    data.put_text(command.bytes);
    sent_ = command.end;
    // While the server does not answer, one command is enough as a probe.
    if (probes_ > kMaxProbesWithNew) break;
  }
  if (sent_ == from) return false;
  if (timer_ == MonoTime{}) timer_ = now + rtt.probe_timeout(probes_);
  return wire::write_frame(
      out,
      wire::DataFrame{.stream = wire::kCommandStream, .offset = from, .bytes = data.written()});
}

MonoTime Uplink::deadline() const {
  MonoTime first = MonoTime::max();
  if (timer_ != MonoTime{}) first = std::min(first, timer_);
  if (next_let_go_ != MonoTime{}) first = std::min(first, next_let_go_);
  return first;
}

}  // namespace chatd::client
