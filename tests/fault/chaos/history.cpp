// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/history.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/wire/native/native_room.hpp"
#include "common/wire/native/record_name.hpp"

namespace chatd::test {

namespace {

// A mailbox has so many bytes for the messages and the answers that its client has not received.
// The rest of its 4096 bytes is for those that the client has received and not acknowledged.
constexpr std::size_t kSurelyFree = 1500;

const char* to_text(History::Fate fate) {
  switch (fate) {
    case History::Fate::confirmed:
      return "confirmed";
    case History::Fate::refused:
      return "refused";
    case History::Fate::unknown:
      break;
  }
  return "unknown";
}

}  // namespace

std::string to_text(const Heard& heard) {
  return fmt::format("{} {} {} \"{}\"", to_rfc3339(heard.time), wire::name_of(heard.kind),
                     heard.name, readable(heard.kind, heard.text));
}

std::string readable(wire::RecordKind kind, const std::string& text) {
  const auto setting = wire::read_setting(text);
  if (kind == wire::RecordKind::set && setting) {
    return fmt::format(
        "{} {}", wire::name_of(setting->property),
        setting->name.empty() ? std::to_string(setting->value) : std::string{setting->name});
  }
  const auto change = wire::read_moderation(text);
  if (kind != wire::RecordKind::moderated || !change) return text;
  return fmt::format("{} {}: {}", wire::name_of(change->action), change->name, change->reason);
}

std::size_t History::begin_reader(std::string name, Dialect dialect, bool continues) {
  readers_.push_back(
      {.name = std::move(name), .dialect = dialect, .begun_at = ++events_, .continues = continues});
  return readers_.size() - 1;
}

void History::sent(std::size_t reader, std::uint64_t number, Sent what) {
  auto& sent = readers_[reader].sent.insert_or_assign(number, std::move(what)).first->second;
  sent.at = ++events_;
  if (!sent.to.empty()) {
    const DirectMessage message{sent.to, readers_[reader].name, sent.text};
    direct_[message] = {.sender = reader, .number = number};
    if (sent.receivers.empty()) waiting_.sent(message);
  }
  for (const auto* const group : {&sent.receivers, &sent.informed}) {
    for (const std::size_t at : *group) {
      readers_[at].unread += mailbox_bytes(sent.text);
      readers_[at].awaited.emplace(reader, number);
      note_crowd(at);
    }
  }
}

// Messages that are on their way may find the mailbox full. The server puts those that wait into it
// when the recipient comes.
void History::note_crowd(std::size_t reader) {
  const Reader& receiver = readers_[reader];
  const std::size_t bytes = receiver.unread + receiver.answers + waiting_.bytes(receiver.name);
  if (bytes <= kSurelyFree) return;
  for (const auto& [sender, number] : receiver.awaited) {
    readers_[sender].sent.at(number).may_miss.insert(reader);
  }
}

void History::answers(std::size_t reader, std::size_t bytes) {
  readers_[reader].answers = bytes;
  note_crowd(reader);
}

void History::end_wait(std::size_t sender, std::uint64_t number, bool is_refused) {
  const Sent& sent = readers_[sender].sent.at(number);
  if (!sent.waits) waiting_.remove({sent.to, readers_[sender].name, sent.text});
  const std::size_t bytes = is_refused ? mailbox_bytes(sent.text) : 0;
  for (const auto* const group : {&sent.receivers, &sent.informed}) {
    for (const std::size_t at : *group) {
      readers_[at].awaited.erase({sender, number});
      readers_[at].unread -= std::min(readers_[at].unread, bytes);
    }
  }
}

bool History::has(std::size_t reader, const DirectMessage& message) const {
  const auto& received = readers_[reader].direct_messages;
  return std::ranges::any_of(received, [&](const Heard& heard) {
    return heard.name == message.from && heard.text == message.text;
  });
}

// The message is in no mailbox of the programs that were in when it was sent. One may have received
// it before its sender was told that it waits.
void History::note_wait(const DirectMessage& message, const Sent& sent) {
  for (const std::size_t at : sent.receivers) {
    if (has(at, message)) continue;
    readers_[at].unread -= std::min(readers_[at].unread, mailbox_bytes(sent.text));
  }
  if (!direct_.at(message).is_received) waiting_.confirmed(message);
}

// A command that is no message (such as the query for users) has no entry.
void History::confirmed(std::size_t reader, std::uint64_t number, bool waits) {
  const auto found = readers_[reader].sent.find(number);
  if (found == readers_[reader].sent.end()) return;
  found->second.fate = Fate::confirmed;
  found->second.waits = waits;
  end_wait(reader, number, false);
  if (!waits) return;
  const Sent& sent = found->second;
  note_wait({sent.to, readers_[reader].name, sent.text}, sent);
}

void History::refused(std::size_t reader, std::uint64_t number, std::string why) {
  const auto found = readers_[reader].sent.find(number);
  if (found == readers_[reader].sent.end()) return;
  found->second.fate = Fate::refused;
  found->second.why = std::move(why);
  found->second.refused_at = ++events_;
  end_wait(reader, number, true);
}

void History::heard(std::size_t reader, Heard what, bool is_replay) {
  Reader& receiver = readers_[reader];
  heard_at_.try_emplace(what, FirstHeard{.event = ++events_, .time = now_});
  if (is_replay) receiver.replayed.insert(receiver.heard.size());
  receiver.heard.push_back(std::move(what));
}

void History::earlier(std::size_t reader, Heard what) {
  readers_[reader].earlier.push_back(std::move(what));
}

void History::direct(std::size_t reader, Heard what) {
  Reader& receiver = readers_[reader];
  const DirectMessage message{receiver.name, what.name, what.text};
  receiver.direct_messages.push_back(std::move(what));
  receiver.direct_at.push_back(++events_);
  waiting_.remove(message);
  const auto known = direct_.find(message);
  if (known == direct_.end()) return;
  known->second.is_received = true;
  const Sent& sent = readers_[known->second.sender].sent.at(known->second.number);
  waiting_.remove_abandoned(message.to, sent.at);
  if (sent.waits || std::ranges::find(sent.receivers, reader) == sent.receivers.end()) return;
  receiver.unread -= std::min(receiver.unread, mailbox_bytes(message.text));
}

void History::copy(std::size_t reader, Heard what) {
  Reader& receiver = readers_[reader];
  receiver.unread -= std::min(receiver.unread, mailbox_bytes(what.text));
  receiver.copies.push_back(std::move(what));
}

void History::line(std::size_t reader, std::string line) {
  readers_[reader].lines.push_back(std::move(line));
}

void History::complaint(std::size_t reader, std::string what) {
  readers_[reader].complaints.push_back(std::move(what));
}

void History::quits(std::size_t reader) { readers_[reader].ends_at = ++events_; }

void History::over(std::size_t reader, bool is_by_server) {
  Reader& ended = readers_[reader];
  if (ended.ends_at == 0) quits(reader);
  ended.is_over = true;
  ended.is_ended_by_server = is_by_server;
  for (const auto& [number, sent] : ended.sent) {
    if (sent.to.empty() || sent.fate != Fate::unknown) continue;
    waiting_.abandoned({sent.to, ended.name, sent.text}, events_);
  }
}

void History::login_repeated(std::size_t reader) { readers_[reader].has_repeated_login = true; }

void History::came_in(std::size_t reader) {
  if (readers_[reader].heard.empty()) readers_[reader].in_at = ++events_;
}

bool History::may_be_of_ended_client(const Heard& join) const {
  const auto heard = heard_at_.find(join);
  return heard != heard_at_.end() && ended_.may_have_done(join.name, heard->second.time);
}

void History::left(std::size_t reader) { readers_[reader].has_left = true; }

void History::removed(std::size_t reader) { readers_[reader].is_removed = true; }

void History::announced(Announced what) { announced_.push_back(std::move(what)); }

void History::confirm_announced(const std::string& text) {
  const auto found = std::ranges::find_if(announced_, [&](const Announced& announced) {
    return announced.text == text && !announced.is_confirmed;
  });
  if (found != announced_.end()) found->is_confirmed = true;
}

void History::write(std::ostream& out) const {
  for (const Announced& announced : announced_) {
    out << fmt::format("announced \"{}\" {}\n", readable(announced.kind, announced.text),
                       announced.is_confirmed ? "confirmed" : "unknown");
  }
  for (std::size_t i = 0; i < readers_.size(); ++i) {
    const Reader& reader = readers_[i];
    out << fmt::format("reader {} {}{}{}{}{}\n", i, reader.name,
                       reader.continues ? " (from before)" : "",
                       reader.has_repeated_login ? " (logged in again)" : "",
                       reader.has_left ? " (left)" : "", reader.is_over ? " (over)" : "");
    for (const auto& [number, sent] : reader.sent) {
      out << fmt::format("  {} sent {} \"{}\"{} {}{}{}\n", i, number,
                         readable(sent.kind, sent.text), sent.to.empty() ? "" : " to " + sent.to,
                         sent.waits ? "waits" : to_text(sent.fate),
                         sent.why.empty() ? "" : ": " + sent.why,
                         sent.may_miss.empty() ? "" : " (a mailbox may have been full)");
    }
    for (const Heard& heard : reader.earlier) {
      out << fmt::format("  {} from before: {}\n", i, to_text(heard));
    }
    for (const Heard& heard : reader.heard) out << fmt::format("  {} {}\n", i, to_text(heard));
    for (const Heard& heard : reader.direct_messages)
      out << fmt::format("  {} {}\n", i, to_text(heard));
    for (const Heard& heard : reader.copies) {
      out << fmt::format("  {} sent by another program: {}\n", i, to_text(heard));
    }
    for (const auto& line : reader.lines) out << fmt::format("  {} read \"{}\"\n", i, line);
    for (const auto& what : reader.complaints) out << fmt::format("  {} complains: {}\n", i, what);
  }
}

}  // namespace chatd::test
