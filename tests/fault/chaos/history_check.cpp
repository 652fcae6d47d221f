// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/history_check.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace chatd::test {

namespace {

using wire::RecordKind;
// A message to the room: its sender ("" is the administrator) and its text.
using Message = std::pair<std::string, std::string>;

// The refusal codes for errors of the sender.
constexpr std::array<std::string_view, 3> kSenderErrors{"empty", "not_utf8", "too_long"};

// Violations beyond this number are not reported.
constexpr std::size_t kMaxViolations = 50;

bool is_said(const Heard& heard) {
  return heard.kind == RecordKind::say || heard.kind == RecordKind::action;
}

class Checker {
 public:
  Checker(const History& history, Scope scope) : history_{history}, scope_{scope} {}

  std::vector<std::string> run(const Rosters& rosters) {
    for (const auto& reader : history_.readers()) {
      for (const auto& what : reader.complaints) violation("{}: {}", reader.name, what);
      if (reader.dialect == History::Dialect::native) note_neighbours(reader);
    }
    make_chain();
    check_first_lines(rosters);
    check_last_lines();
    check_sent();
    check_origin();
    check_announcements();
    check_joins_and_leaves(rosters);
    if (scope_ == Scope::further_room) check_memberships(rosters);
    for (const auto& reader : history_.readers()) {
      if (reader.dialect == History::Dialect::text) check_text(reader);
    }
    check_letters();
    return std::move(violations_);
  }

 private:
  template <class... Args>
  void violation(fmt::format_string<Args...> text, Args&&... args) {
    if (violations_.size() < kMaxViolations) {
      violations_.push_back(fmt::format(text, std::forward<Args>(args)...));
    }
  }

  std::size_t id_of(const Heard& heard) {
    const auto [place, fresh] = ids_.try_emplace(heard, lines_.size());
    if (fresh) {
      lines_.push_back(&place->first);
      next_.emplace_back();
      previous_.emplace_back();
    }
    return place->second;
  }

  void note_neighbours(const History::Reader& reader) {
    std::set<std::size_t> seen;
    std::optional<std::size_t> before;
    for (const Heard& heard : reader.heard) {
      const std::size_t id = id_of(heard);
      if (!seen.insert(id).second) violation("{} heard twice: {}", reader.name, to_text(heard));
      if (before) link(reader, *before, id);
      before = id;
    }
  }

  void link(const History::Reader& reader, std::size_t before, std::size_t id) {
    auto& next = next_[before];
    auto& previous = previous_[id];
    if ((!next || *next == id) && (!previous || *previous == before)) {
      next = id;
      previous = before;
      return;
    }
    violation(
        "{} heard {} right after {}; somebody else heard {} after the one and {} before the other",
        reader.name, to_text(*lines_[id]), to_text(*lines_[before]),
        next ? to_text(*lines_[*next]) : "nothing",
        previous ? to_text(*lines_[*previous]) : "nothing");
  }

  void make_chain() {
    std::vector<std::size_t> heads;
    for (std::size_t id = 0; id < lines_.size(); ++id) {
      if (!previous_[id]) heads.push_back(id);
    }
    for (const std::size_t head : heads) {
      if (head != heads.front())
        violation("the order has a hole before: {}", to_text(*lines_[head]));
    }
    place_.assign(lines_.size(), std::nullopt);
    for (const std::size_t head : heads) {
      for (std::optional<std::size_t> id = head; id && !place_[*id]; id = next_[*id]) {
        place_[*id] = chain_.size();
        chain_.push_back(lines_[*id]);
      }
    }
    if (chain_.size() < lines_.size()) violation("the order goes round in a circle");
    for (std::size_t i = 0; i < chain_.size(); ++i) {
      const Heard& heard = *chain_[i];
      if (heard.kind != RecordKind::announce && !is_said(heard)) continue;
      const Message message{heard.kind == RecordKind::announce ? "" : heard.name, heard.text};
      if (!said_.try_emplace(message, i).second)
        violation("in the order twice: {}", to_text(heard));
    }
  }

  // A reader that was a member before received the first line of the order. For any other reader
  // the first line is its own join, unless its name was a member already: then it took over the
  // session, and its lines begin in the middle of the order.
  void check_first_lines(const Rosters& rosters) {
    std::set<std::string> continuing{rosters.before.begin(), rosters.before.end()};
    for (const auto& reader : history_.readers()) {
      if (reader.dialect != History::Dialect::native) continue;
      const bool continues = continuing.erase(reader.name) != 0;
      if (reader.heard.empty()) continue;
      const Heard& first = reader.heard.front();
      if (continues && first != *chain_.front()) {
        violation("{} did not hear the beginning, and first: {}", reader.name, to_text(first));
      } else if (!continues && !is_own_join(reader, first) &&
                 (scope_ == Scope::further_room || !was_member(reader.name, first, rosters))) {
        violation("{} heard before it came in: {}", reader.name, to_text(first));
      }
    }
  }

  static bool is_own_join(const History::Reader& reader, const Heard& heard) {
    return heard.kind == RecordKind::join && heard.name == reader.name;
  }

  // Whether `name` was a member at the place of `heard` in the order, its own join and leave
  // included.
  bool was_member(const std::string& name, const Heard& heard, const Rosters& rosters) {
    const auto [found, is_new] = memberships_.try_emplace(name);
    if (is_new) found->second = membership(name, rosters);
    const auto place = place_[ids_.at(heard)];
    return !place || found->second[*place];  // a line without a place is a violation already
  }

  // For each place in the order, whether `name` is a member there.
  [[nodiscard]] std::vector<bool> membership(const std::string& name,
                                             const Rosters& rosters) const {
    std::vector<bool> is_member(chain_.size());
    bool is_in = std::ranges::find(rosters.before, name) != rosters.before.end();
    for (std::size_t i = 0; i < chain_.size(); ++i) {
      const Heard& heard = *chain_[i];
      const bool is_own = heard.name == name;
      if (is_own && heard.kind == RecordKind::join) is_in = true;
      is_member[i] = is_in;
      if (is_own && (heard.kind == RecordKind::leave || heard.kind == RecordKind::kick)) {
        is_in = false;
      }
    }
    return is_member;
  }

  void check_last_lines() {
    for (const auto& reader : history_.readers()) {
      if (reader.dialect != History::Dialect::native || reader.is_over || reader.has_left) continue;
      if (reader.heard.empty()) {
        violation("{} heard nothing at all", reader.name);
      } else if (reader.heard.back() != *chain_.back()) {
        violation("{} heard no more after: {}", reader.name, to_text(reader.heard.back()));
      }
    }
  }

  // Whether a message may be refused with this code: for an error of the sender, or because the
  // sender was removed from the room before the message arrived.
  static bool may_be_refused(const History::Reader& reader, std::string_view code) {
    return std::ranges::find(kSenderErrors, code) != kSenderErrors.end() ||
           (reader.has_left && code == "not_in_room");
  }

  void check_fate(const History::Reader& reader, const History::Sent& sent, bool is_said) {
    const bool stays = reader.dialect == History::Dialect::native && !reader.is_over;
    if (sent.fate == History::Fate::confirmed && !is_said) {
      violation("acknowledged and lost: {}'s \"{}\"", reader.name, sent.text);
    } else if (sent.fate == History::Fate::unknown && !is_said && stays) {
      violation("lost, and its sender was not told: {}'s \"{}\"", reader.name, sent.text);
    } else if (sent.fate == History::Fate::refused && is_said) {
      violation("refused and said all the same: {}'s \"{}\"", reader.name, sent.text);
    } else if (sent.fate == History::Fate::refused && !may_be_refused(reader, sent.why)) {
      violation("refused, and its sender could not help it: {}'s \"{}\", {}", reader.name,
                sent.text, sent.why);
    }
  }

  void check_sent() {
    for (const auto& reader : history_.readers()) {
      std::optional<std::size_t> last;
      for (const auto& [number, sent] : reader.sent) {
        if (!sent.to.empty()) continue;
        const auto found = said_.find({reader.name, sent.text});
        check_fate(reader, sent, found != said_.end());
        if (found == said_.end()) continue;
        if (last && found->second < *last) {
          violation("{}'s \"{}\" was said before what it sent earlier", reader.name, sent.text);
        }
        last = found->second;
      }
    }
  }

  void check_origin() {
    std::set<Message> sent;
    for (const auto& reader : history_.readers()) {
      for (const auto& [number, what] : reader.sent) {
        if (what.to.empty()) sent.insert({reader.name, what.text});
      }
    }
    for (const auto& announced : history_.announcements()) sent.insert({"", announced.text});
    for (const auto& [message, place] : said_) {
      if (!sent.contains(message)) violation("nobody sent: {}", to_text(*chain_[place]));
    }
  }

  void check_announcements() {
    for (const auto& announced : history_.announcements()) {
      if (announced.is_confirmed && !said_.contains({"", announced.text})) {
        violation("announced and lost: \"{}\"", announced.text);
      }
    }
  }

  void check_joins_and_leaves(const Rosters& rosters) {
    std::set<std::string> in{rosters.before.begin(), rosters.before.end()};
    for (const Heard* heard : chain_) {
      if (heard->kind == RecordKind::join) {
        if (!in.insert(heard->name).second) violation("came in twice: {}", to_text(*heard));
      } else if (heard->kind == RecordKind::leave || heard->kind == RecordKind::kick) {
        if (in.erase(heard->name) == 0) violation("left and was not in: {}", to_text(*heard));
      } else if (is_said(*heard) && !in.contains(heard->name)) {
        violation("its sender was not a member: {}", to_text(*heard));
      }
    }
    const std::set<std::string> after{rosters.after.begin(), rosters.after.end()};
    if (in != after) {
      violation("by what was heard these are in: {}; by the roster: {}", fmt::join(in, " "),
                fmt::join(after, " "));
    }
  }

  // Reports each line that its reader received while it was not a member, except for replays.
  void check_memberships(const Rosters& rosters) {
    for (const auto& reader : history_.readers()) {
      for (std::size_t i = 0; i < reader.heard.size(); ++i) {
        const Heard& heard = reader.heard[i];
        if (reader.replayed.contains(i) || was_member(reader.name, heard, rosters)) continue;
        violation("{} received a line and was not a member: {}", reader.name, to_text(heard));
      }
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
    std::vector<std::size_t> read;          // positions in the order, each once
    std::map<std::size_t, std::size_t> at;  // position in the order -> index in `read`
    std::size_t next = 0;  // the highest index in `read` that a repeated line may have
    for (const std::string& line : reader.lines) {
      const auto message = message_of(line);
      if (!message) continue;
      const auto said = said_.find(*message);
      if (said == said_.end()) {
        violation("{} read what nobody said: \"{}\"", reader.name, line);
        continue;
      }
      const auto known = at.find(said->second);
      if (known != at.end()) {
        if (known->second > next) violation("{} read out of turn: \"{}\"", reader.name, line);
        next = known->second + 1;
        continue;
      }
      if (!read.empty() && said->second < read.back()) {
        violation("{} read too late: \"{}\"", reader.name, line);
      }
      at.emplace(said->second, read.size());
      read.push_back(said->second);
      next = read.size();
    }
  }

  void check_letters() {
    std::map<std::string, std::map<Message, History::Fate>> addressed;  // by recipient
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

  void check_letters_of(const History::Reader& reader,
                        const std::map<Message, History::Fate>& addressed, bool gets_all) {
    std::set<Message> got;
    for (const Heard& letter : reader.letters) {
      const Message message{letter.name, letter.text};
      if (!got.insert(message).second)
        violation("{} got a letter twice: {}", reader.name, to_text(letter));
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
  Scope scope_;
  std::vector<std::string> violations_;
  std::map<Heard, std::size_t> ids_;
  std::vector<const Heard*> lines_;  // by id
  std::vector<std::optional<std::size_t>> next_;
  std::vector<std::optional<std::size_t>> previous_;
  std::vector<const Heard*> chain_;                       // the order of the room
  std::vector<std::optional<std::size_t>> place_;         // position in chain_, by id
  std::map<Message, std::size_t> said_;                   // position in chain_
  std::map<std::string, std::vector<bool>> memberships_;  // by name; for each position in chain_
};

}  // namespace

std::vector<std::string> find_violations(const History& history, const Rosters& rosters,
                                         Scope scope) {
  return Checker{history, scope}.run(rosters);
}

}  // namespace chatd::test
