// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/history_check.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <ranges>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "tests/fault/chaos/delivery_check.hpp"
#include "tests/fault/chaos/rules_check.hpp"

namespace chatd::test {

namespace {

using wire::RecordKind;
// Violations beyond this number are not reported.
constexpr std::size_t kMaxViolations = 50;

// Whether the record is the result of a command, which has its text. A new name is the server's.
bool is_of_command(const Heard& heard) {
  if (heard.kind == RecordKind::announce || is_said(heard.kind)) return true;
  const auto setting = wire::read_setting(heard.text);
  const bool is_name = heard.kind == RecordKind::set && setting && !setting->name.empty();
  return is_change(heard.kind) && !is_name;
}

Message message_of(const Heard& heard) {
  return {heard.kind == RecordKind::announce ? "" : heard.name, heard.text};
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
    rules_.emplace(chain_, rosters.rules);
    check_first_lines(rosters);
    check_last_lines();
    check_sent();
    check_origin();
    check_announcements();
    check_joins_and_leaves(rosters);
    check_memberships(rosters);
    check_programs(rosters);
    if (scope_ == Scope::further_room) {
      check_removals();
      check_earlier_lines();
      for (const auto& what : rules_->violations()) violation("{}", what);
    }
    for (auto& what : find_delivery_violations(history_, said_, rosters.owned))
      violation("{}", what);
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
      if (is_of_command(*chain_[i])) said_[message_of(*chain_[i])].push_back(i);
    }
  }

  // A reader that was in before received the first line of the order. For any other reader the
  // first line is its own join, unless its user was a member already, by another client: then its
  // lines begin in the middle of the order.
  void check_first_lines(const Rosters& rosters) {
    for (const auto& reader : history_.readers()) {
      if (reader.dialect != History::Dialect::native || reader.heard.empty()) continue;
      if (history_.is_brief(reader.name)) continue;
      const Heard& first = reader.heard.front();
      if (reader.continues) {
        if (first != *chain_.front()) {
          violation("{} did not hear the beginning, and first: {}", reader.name, to_text(first));
        }
      } else if (is_own_join(reader, first)) {
        continue;
      } else if (!was_member(reader.name, first, rosters)) {
        violation("{} heard before it came in: {}", reader.name, to_text(first));
      } else if (!is_join_of_another(reader.name, first)) {
        violation("{} did not hear its own join, and first: {}", reader.name, to_text(first));
      }
    }
  }

  // Whether another client of the user made it a member before `first`: it was one when the history
  // began, or one that has ended, or one that received it or nothing, may have made the last join.
  [[nodiscard]] bool is_join_of_another(const std::string& name, const Heard& first) {
    std::size_t place = place_[ids_.at(first)].value_or(0) + 1;
    const auto is_join = [&](const Heard& heard) {
      return heard.kind == RecordKind::join && heard.name == name;
    };
    while (place > 0 && !is_join(*chain_[place - 1])) --place;
    if (place == 0 || history_.may_be_of_ended_client(*chain_[place - 1])) return true;
    return std::ranges::any_of(history_.readers(), [&](const History::Reader& reader) {
      return reader.name == name && may_have_made(reader, place - 1);
    });
  }

  // Whether the reader may have made the join at that place of the order: it received it first, or
  // its client began before anybody received the join, and it received nothing, or logged in again
  // before the answer to its first login and begins behind the join.
  [[nodiscard]] bool may_have_made(const History::Reader& reader, std::size_t join) {
    if (!reader.heard.empty() && reader.heard.front() == *chain_[join]) return true;
    const bool is_program = scope_ == Scope::default_room;  // a membership begins with its answer
    if (is_program && history_.first_heard_at(*chain_[join]) < reader.begun_at) return false;
    if (reader.heard.empty()) return true;
    const auto begin = place_[ids_.at(reader.heard.front())];
    return reader.has_repeated_login && (!begin || *begin > join);
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

  void check_fate(const History::Reader& reader, const History::Sent& sent, bool is_said) {
    const std::string text = readable(sent.kind, sent.text);
    const bool stays = reader.dialect == History::Dialect::native && !reader.is_over;
    if (sent.fate == History::Fate::confirmed && !is_said) {
      violation("acknowledged and lost: {}'s \"{}\"", reader.name, text);
    } else if (sent.fate == History::Fate::unknown && !is_said && stays) {
      violation("lost, and its sender was not told: {}'s \"{}\"", reader.name, text);
    } else if (sent.fate == History::Fate::refused && is_said) {
      violation("refused and said all the same: {}'s \"{}\"", reader.name, text);
    } else if (sent.fate == History::Fate::refused && !rules_->may_refuse(reader, sent)) {
      violation("refused, and its sender could not help it: {}'s \"{}\", {}", reader.name, text,
                sent.why);
    }
  }

  // A change such as `invited 1` is sent more than once. Each command has one of its records.
  void check_sent() {
    std::map<Message, std::size_t> found;  // number of records whose commands were read here
    for (const auto& reader : history_.readers()) {
      std::optional<std::size_t> last;
      for (const auto& [number, sent] : reader.sent) {
        if (!sent.to.empty()) continue;
        const Message message{reader.name, sent.text};
        const auto places = said_.find(message);
        const bool is_said = places != said_.end() && found[message] < places->second.size();
        check_fate(reader, sent, is_said);
        if (!is_said) continue;
        const std::size_t place = places->second[found[message]++];
        if (last && place < *last) {
          violation("{}'s \"{}\" was said before what it sent earlier", reader.name,
                    readable(sent.kind, sent.text));
        }
        last = place;
      }
    }
  }

  void check_origin() {
    std::map<Message, std::size_t> sent;
    for (const auto& reader : history_.readers()) {
      for (const auto& [number, what] : reader.sent) {
        if (what.to.empty()) ++sent[{reader.name, what.text}];
      }
    }
    for (const auto& announced : history_.announcements()) ++sent[{"", announced.text}];
    for (const auto& [message, places] : said_) {
      const std::size_t commands = sent[message];
      if (commands == 0) violation("nobody sent: {}", to_text(*chain_[places.front()]));
      if (places.size() > std::max<std::size_t>(commands, 1)) {
        violation("in the order twice: {}", to_text(*chain_[places.back()]));
      }
    }
  }

  void check_announcements() {
    std::map<Message, std::size_t> confirmed;
    for (const auto& announced : history_.announcements()) {
      if (!announced.is_confirmed) continue;
      const Message message{"", announced.text};
      const auto places = said_.find(message);
      if (++confirmed[message] > (places == said_.end() ? 0 : places->second.size())) {
        violation("announced and lost: \"{}\"", readable(announced.kind, announced.text));
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
      } else if (needs_member(*heard) && !in.contains(heard->name) &&
                 !history_.is_brief(heard->name)) {
        violation("its sender was not a member: {}", to_text(*heard));
      }
    }
    const std::set<std::string> after{rosters.after.begin(), rosters.after.end()};
    if (in != after) {
      violation("by what was heard these are in: {}; by the roster: {}", fmt::join(in, " "),
                fmt::join(after, " "));
    }
  }

  // Reports each line that its reader received while it was not a member, except for replays. So a
  // user does not leave while one of its programs is in.
  void check_memberships(const Rosters& rosters) {
    for (const auto& reader : history_.readers()) {
      if (history_.is_brief(reader.name)) continue;
      for (std::size_t i = 0; i < reader.heard.size(); ++i) {
        const Heard& heard = reader.heard[i];
        if (reader.replayed.contains(i) || was_member(reader.name, heard, rosters)) continue;
        violation("{} received a line and was not a member: {}", reader.name, to_text(heard));
      }
    }
  }

  void check_programs(const Rosters& rosters) {
    for (const auto& [name, programs] : rosters.programs) {
      if (programs.on_server != programs.running) {
        violation("{} runs {} programs, and the server has {}", name, programs.running,
                  programs.on_server);
      }
    }
  }

  // A change without a name is the administrator's.
  static bool needs_member(const Heard& heard) {
    return is_said(heard.kind) || (is_change(heard.kind) && !heard.name.empty());
  }

  // A member that is removed does not receive the record of it, and may not have received the last
  // lines before it. So after the last line that it received, the first record that it is not in
  // the room any more must be a kick.
  void check_removals() {
    for (const auto& reader : history_.readers()) {
      if (!reader.is_removed || reader.heard.empty()) continue;
      std::size_t at = place_[ids_.at(reader.heard.back())].value_or(chain_.size());
      const auto is_about_it = [&](const Heard& heard) {
        return heard.name == reader.name &&
               (heard.kind == RecordKind::leave || heard.kind == RecordKind::kick);
      };
      while (at < chain_.size() && !is_about_it(*chain_[at])) ++at;
      if (at == chain_.size() || chain_[at]->kind != RecordKind::kick) {
        violation("{} was removed, and no record shows it after: {}", reader.name,
                  to_text(reader.heard.back()));
      }
    }
  }

  // The lines from before a join are those directly before it, and the member may read them. A line
  // of another round is not in the order.
  void check_earlier_lines() {
    for (const auto& reader : history_.readers()) {
      if (reader.heard.empty()) continue;
      const Heard& first = reader.heard.front();
      const auto begin = place_[ids_.at(first)];
      const std::size_t records = begin.value_or(0) + (is_own_join(reader, first) ? 1 : 0);
      std::optional<std::size_t> after = begin;
      for (const Heard& heard : reader.earlier | std::views::reverse) {
        const auto id = ids_.find(heard);
        const auto place = id == ids_.end() ? std::nullopt : place_[id->second];
        if (after && *after > 0 && place != *after - 1) {
          violation("{} received from before its join, out of order: {}", reader.name,
                    to_text(heard));
        } else if (place && begin && !rules_->may_read(reader.name, *place, records)) {
          violation("{} was not there, and received: {}", reader.name, to_text(heard));
        }
        after = place;
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
  std::vector<const Heard*> chain_;                // the order of the room
  std::vector<std::optional<std::size_t>> place_;  // position in chain_, by id
  MessagePlaces said_;
  std::optional<RulesCheck> rules_;
  std::map<std::string, std::vector<bool>> memberships_;  // by name; for each position in chain_
};

}  // namespace

std::vector<std::string> find_violations(const History& history, const Rosters& rosters,
                                         Scope scope) {
  return Checker{history, scope}.run(rosters);
}

}  // namespace chatd::test
