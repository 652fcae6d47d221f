// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/delivery_check.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "daemon/chat/waiting.hpp"

namespace chatd::test {

namespace {

// Direct messages, by the user that gets them or their copies and by the name and the text that
// they have there.
using Addressed = std::map<std::pair<std::string, Message>, const History::Sent*>;

class DeliveryCheck {
 public:
  DeliveryCheck(const History& history, const MessagePlaces& said,
                const std::set<std::string>& owned)
      : history_{history}, said_{said}, owned_{owned} {}

  std::vector<std::string> run() {
    for (const auto& reader : history_.readers()) {
      if (reader.dialect == History::Dialect::text) check_text(reader);
    }
    note_times();
    for (const auto& reader : history_.readers()) check_begin(reader);
    check_direct_messages();
    return std::move(violations_);
  }

 private:
  template <class... Args>
  void violation(fmt::format_string<Args...> text, Args&&... args) {
    violations_.push_back(fmt::format(text, std::forward<Args>(args)...));
  }

  // When each message was sent first.
  void note_times() {
    for (const auto& reader : history_.readers()) {
      for (const auto& [number, sent] : reader.sent) {
        if (!sent.to.empty()) continue;
        auto& at = sent_at_.try_emplace({reader.name, sent.text}, sent.at).first->second;
        at = std::min(at, sent.at);
      }
    }
  }

  // A message that was sent after the client was told that it is in comes behind the begin of its
  // session, whatever became of the logins before.
  void check_begin(const History::Reader& reader) {
    if (reader.in_at == 0 || history_.is_brief(reader.name)) return;
    std::optional<std::size_t> first;  // the place of the first message that it received
    for (const Heard& heard : reader.heard) {
      const auto said = said_.find({heard.name, heard.text});
      if (said == said_.end()) continue;
      first = said->second.front();
      break;
    }
    if (!first) return;
    for (const auto& [message, places] : said_) {
      const auto sent = sent_at_.find(message);
      if (places.front() >= *first || sent == sent_at_.end() || sent->second < reader.in_at) {
        continue;
      }
      violation("{} was told that it is in, and did not hear what was sent then: {}'s \"{}\"",
                reader.name, message.first, message.second);
    }
  }

  // Parses "ada : text" or "[admin] text"; nullopt: the line is a notice.
  static std::optional<Message> message_of(const std::string& line) {
    static constexpr std::string_view kAdmin = "[admin] ";
    static constexpr std::string_view kSays = " : ";
    if (line.starts_with(kAdmin)) return Message{"", line.substr(kAdmin.size())};
    const auto at = line.find(kSays);
    if (at == std::string::npos) return std::nullopt;
    return Message{line.substr(0, at), line.substr(at + kSays.size())};
  }

  void check_text(const History::Reader& reader) {
    std::vector<std::size_t> read;          // places in the order, each once
    std::map<std::size_t, std::size_t> at;  // place in the order -> index in `read`
    std::size_t next = 0;  // the highest index in `read` that a repeated line may have
    for (const std::string& line : reader.lines) {
      const auto message = message_of(line);
      if (!message) continue;
      const auto said = said_.find(*message);
      if (said == said_.end()) {
        violation("{} read what nobody said: \"{}\"", reader.name, line);
        continue;
      }
      const std::size_t place = said->second.front();
      const auto known = at.find(place);
      if (known != at.end()) {
        if (known->second > next) violation("{} read out of turn: \"{}\"", reader.name, line);
        next = known->second + 1;
        continue;
      }
      if (!read.empty() && place < read.back()) {
        violation("{} read too late: \"{}\"", reader.name, line);
      }
      at.emplace(place, read.size());
      read.push_back(place);
      next = read.size();
    }
  }

  // The direct messages that each member may receive, and those that its other programs learn of.
  void check_direct_messages() {
    Addressed to_all;
    Addressed to_own;
    for (const auto& reader : history_.readers()) {
      for (const auto& [number, sent] : reader.sent) {
        if (sent.to.empty()) continue;
        to_all[{sent.to, {reader.name, sent.text}}] = &sent;
        to_own[{reader.name, {sent.to, sent.text}}] = &sent;
        check_fate(reader, sent);
      }
    }
    for (const auto& reader : history_.readers()) {
      check_received(reader, "direct message", reader.direct_messages, to_all);
      check_received(reader, "copy", reader.copies, to_own);
      for (const Heard& copy : reader.copies) {
        const auto is_it = [&](const auto& entry) { return entry.second.text == copy.text; };
        if (std::ranges::any_of(reader.sent, is_it)) {
          violation("{} got a copy of what it sent itself: {}", reader.name, to_text(copy));
        }
      }
    }
  }

  void check_received(const History::Reader& reader, std::string_view what,
                      const std::vector<Heard>& received, const Addressed& addressed) {
    std::set<Message> got;
    for (const Heard& heard : received) {
      const Message message{heard.name, heard.text};
      if (!got.insert(message).second) {
        violation("{} got a {} twice: {}", reader.name, what, to_text(heard));
      }
      const auto found = addressed.find({reader.name, message});
      if (found == addressed.end()) {
        violation("{} got a {} that nobody sent: {}", reader.name, what, to_text(heard));
      } else if (found->second->fate == History::Fate::refused) {
        violation("{} got a {} that was refused: {}", reader.name, what, to_text(heard));
      }
    }
  }

  static bool has(const std::vector<Heard>& received, const Message& message) {
    return std::ranges::any_of(received, [&](const Heard& heard) {
      return heard.name == message.first && heard.text == message.second;
    });
  }

  // Whether the program receives the direct message, or its copy, if that is acknowledged.
  [[nodiscard]] bool gets(std::size_t reader, const History::Sent& sent) const {
    return !history_.readers()[reader].is_over && !sent.may_miss.contains(reader);
  }

  void check_fate(const History::Reader& sender, const History::Sent& sent) {
    const auto& readers = history_.readers();
    if (sent.fate == History::Fate::refused) return check_refusal(sender, sent);
    if (sent.fate == History::Fate::unknown) {
      if (sender.is_over) return;
      return violation("lost, and its sender was not told: {}'s direct message \"{}\"", sender.name,
                       sent.text);
    }
    if (sent.waits) {
      check_waiting(sender, sent);
    } else {
      check_receivers(sender, sent);
    }
    for (const std::size_t at : sent.informed) {
      if (gets(at, sent) && !has(readers[at].copies, {sent.to, sent.text})) {
        violation(
            "acknowledged, and another program of {} never got a copy: the direct message \"{}\"",
            sender.name, sent.text);
      }
    }
  }

  void check_receivers(const History::Reader& sender, const History::Sent& sent) {
    const auto& readers = history_.readers();
    const Message message{sender.name, sent.text};
    for (const std::size_t at : sent.receivers) {
      if (gets(at, sent) && !has(readers[at].direct_messages, message)) {
        violation("acknowledged, and {} never got it: {}'s direct message \"{}\"", readers[at].name,
                  sender.name, sent.text);
      }
    }
    const auto may_have = [&](std::size_t at) {
      return readers[at].is_over || has(readers[at].direct_messages, message);
    };
    if (sent.has_no_other && std::ranges::none_of(sent.receivers, may_have)) {
      violation("acknowledged, and no program of {} got it: {}'s direct message \"{}\"", sent.to,
                sender.name, sent.text);
    }
  }

  // A program that has received a message, and the number of that event.
  struct Receipt {
    const History::Reader* receiver;
    std::uint64_t at;
  };

  [[nodiscard]] std::vector<Receipt> receipts(const std::string& to, const Message& message) const {
    std::vector<Receipt> receipts;
    for (const auto& reader : history_.readers()) {
      if (reader.name != to) continue;
      for (std::size_t i = 0; i < reader.direct_messages.size(); ++i) {
        const Heard& heard = reader.direct_messages[i];
        if (heard.name != message.first || heard.text != message.second) continue;
        receipts.push_back({&reader, reader.direct_at[i]});
        break;
      }
    }
    return receipts;
  }

  // Whether the server may have ended the session of that program before the event.
  static bool may_have_ended(const History::Reader& reader, std::uint64_t at) {
    return reader.is_ended_by_server || (reader.ends_at != 0 && reader.ends_at < at);
  }

  // One program gets it. If the session of that one ends, its acknowledgement may be lost, and
  // another program gets the message, too. A program whose session was ended may receive the
  // message after the other one: packets are late.
  void check_waiting(const History::Reader& sender, const History::Sent& sent) {
    const auto got = receipts(sent.to, {sender.name, sent.text});
    if (got.empty()) {
      violation("waited, and no program of {} got it: {}'s direct message \"{}\"", sent.to,
                sender.name, sent.text);
    }
    for (std::size_t i = 0; i < got.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const std::uint64_t last = std::max(got[i].at, got[j].at);
        if (may_have_ended(*got[i].receiver, last) || may_have_ended(*got[j].receiver, last)) {
          continue;
        }
        violation(
            "waited, and two programs of {} that had not ended got it: {}'s direct message \"{}\"",
            sent.to, sender.name, sent.text);
      }
    }
  }

  // Whether as many messages as may wait did when `refused` was refused. Those count that were sent
  // before it, and acknowledged as waiting or not at all. Whether the server has heard that one of
  // them was received is not known here. The limit of all senders without an owned name together is
  // not reached by a few users.
  [[nodiscard]] bool may_be_full(const std::string& from, const History::Sent& refused) const {
    using chat::Waiting;
    std::size_t of_author = 0;   // for all persons
    std::size_t for_person = 0;  // of all authors
    std::size_t of_author_for_person = 0;
    std::size_t of_unowned_for_person = 0;
    for (const auto& reader : history_.readers()) {
      for (const auto& [number, sent] : reader.sent) {
        const bool is_open = sent.waits || sent.fate == History::Fate::unknown;
        if (sent.to.empty() || !is_open || sent.at >= refused.refused_at) continue;
        const bool is_same_author = reader.name == from;
        of_author += is_same_author ? 1U : 0U;
        if (sent.to != refused.to) continue;
        ++for_person;
        of_author_for_person += is_same_author ? 1U : 0U;
        of_unowned_for_person += owned_.contains(reader.name) ? 0U : 1U;
      }
    }
    return of_author >= Waiting::kOfAnAuthor || for_person >= Waiting::kForAPerson ||
           of_author_for_person >= Waiting::kOfAuthorForPerson ||
           (!owned_.contains(from) && of_unowned_for_person >= Waiting::kOfUnownedForPerson);
  }

  // A message to the owner of a name waits if none of its programs can read: also one that is in
  // and whose session is away on the server.
  [[nodiscard]] bool may_refuse(const std::string& from, const History::Sent& sent) const {
    const auto& readers = history_.readers();
    const auto runs = [&](std::size_t at) { return !readers[at].is_over; };
    const auto has_space = [&](std::size_t at) { return gets(at, sent); };
    if (sent.why == "mailbox_full") return std::ranges::none_of(sent.receivers, has_space);
    if (sent.why == "waits_full") return may_be_full(from, sent);
    return sent.why == "no_such_member" && !owned_.contains(sent.to) &&
           std::ranges::none_of(sent.receivers, runs);
  }

  void check_refusal(const History::Reader& sender, const History::Sent& sent) {
    if (may_refuse(sender.name, sent)) return;
    violation("refused, and its sender could not help it: {}'s direct message \"{}\" to {}, {}",
              sender.name, sent.text, sent.to, sent.why);
  }

  const History& history_;
  const MessagePlaces& said_;
  const std::set<std::string>& owned_;
  std::map<Message, std::uint64_t> sent_at_;  // the number of the event
  std::vector<std::string> violations_;
};

}  // namespace

std::vector<std::string> find_delivery_violations(const History& history, const MessagePlaces& said,
                                                  const std::set<std::string>& owned) {
  return DeliveryCheck{history, said, owned}.run();
}

}  // namespace chatd::test
