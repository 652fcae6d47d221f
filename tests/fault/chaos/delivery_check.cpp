// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/delivery_check.hpp"

#include <optional>
#include <set>
#include <string_view>

#include <fmt/format.h>

namespace chatd::test {

namespace {

// The direct messages to one member, and whether each was confirmed or refused.
using Addressed = std::map<Message, History::Fate>;

class DeliveryCheck {
 public:
  DeliveryCheck(const History& history, const MessagePlaces& said)
      : history_{history}, said_{said} {}

  std::vector<std::string> run() {
    for (const auto& reader : history_.readers()) {
      if (reader.dialect == History::Dialect::text) check_text(reader);
    }
    check_letters();
    return std::move(violations_);
  }

 private:
  template <class... Args>
  void violation(fmt::format_string<Args...> text, Args&&... args) {
    violations_.push_back(fmt::format(text, std::forward<Args>(args)...));
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

  void check_letters() {
    std::map<std::string, Addressed> addressed;  // by recipient
    std::map<std::string, std::size_t> clients;
    for (const auto& reader : history_.readers()) {
      ++clients[reader.name];
      for (const auto& [number, sent] : reader.sent) {
        if (!sent.to.empty()) addressed[sent.to][{reader.name, sent.text}] = sent.fate;
      }
    }
    for (const auto& reader : history_.readers()) {
      const bool gets_all = !reader.is_over && clients[reader.name] == 1;
      check_letters_of(reader, addressed[reader.name], gets_all);
    }
  }

  void check_letters_of(const History::Reader& reader, const Addressed& addressed, bool gets_all) {
    std::set<Message> got;
    for (const Heard& letter : reader.letters) {
      const Message message{letter.name, letter.text};
      if (!got.insert(message).second) {
        violation("{} got a letter twice: {}", reader.name, to_text(letter));
      }
      const auto found = addressed.find(message);
      if (found == addressed.end()) {
        violation("{} got a letter that nobody sent: {}", reader.name, to_text(letter));
      } else if (found->second == History::Fate::refused) {
        violation("{} got a letter that was refused: {}", reader.name, to_text(letter));
      }
    }
    if (!gets_all) return;
    for (const auto& [message, fate] : addressed) {
      if (fate == History::Fate::confirmed && !got.contains(message)) {
        violation("acknowledged, and {} never got it: {}'s letter \"{}\"", reader.name,
                  message.first, message.second);
      }
    }
  }

  const History& history_;
  const MessagePlaces& said_;
  std::vector<std::string> violations_;
};

}  // namespace

std::vector<std::string> find_delivery_violations(const History& history,
                                                  const MessagePlaces& said) {
  return DeliveryCheck{history, said}.run();
}

}  // namespace chatd::test
