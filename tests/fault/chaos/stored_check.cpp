// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/stored_check.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace chatd::test {

namespace {

constexpr std::size_t kMaxStoredViolations = 20;

class StoredChecker {
 public:
  StoredChecker(const History& history, const std::vector<StoredRow>& rows)
      : history_{history}, rows_{rows} {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!rows[i].is_gap) places_[{rows[i].name, rows[i].text}].push_back(i);
    }
  }

  std::vector<std::string> run() {
    for (const auto& reader : history_.readers()) {
      check_order(reader);
      for (const auto& [number, sent] : reader.sent) check_sent(reader.name, sent);
    }
    return std::move(violations_);
  }

 private:
  using Key = std::pair<std::string, std::string>;  // name and text, which has a serial number

  template <class... Args>
  void violation(fmt::format_string<Args...> text, Args&&... args) {
    if (violations_.size() < kMaxStoredViolations) {
      violations_.push_back(fmt::format(text, std::forward<Args>(args)...));
    }
  }

  [[nodiscard]] std::optional<std::size_t> place_of(const std::string& name,
                                                    const std::string& text) const {
    const auto found = places_.find({name, text});
    return found == places_.end() ? std::nullopt : std::optional{found->second.front()};
  }

  void check_order(const History::Reader& reader) {
    std::optional<std::size_t> last;
    for (const Heard& heard : reader.heard) {
      if (!is_said(heard.kind)) continue;
      const auto place = place_of(heard.name, heard.text);
      if (place && last && *place <= *last) {
        violation("stored before what {} heard before it: {}", reader.name, to_text(heard));
      }
      if (place) last = place;
    }
  }

  void check_sent(const std::string& name, const History::Sent& sent) {
    if (!sent.to.empty() || !is_said(sent.kind)) return;
    const auto found = places_.find({name, sent.text});
    if (found != places_.end()) {
      if (found->second.size() > 1) {
        violation("stored {} times: {} \"{}\"", found->second.size(), name, sent.text);
      }
      if (sent.fate == History::Fate::refused) {
        violation("refused and stored: {} \"{}\"", name, sent.text);
      }
      return;
    }
    if (sent.fate == History::Fate::confirmed && !is_in_gap(name, sent.text)) {
      violation("acknowledged, and neither stored nor in a gap: {} \"{}\"", name, sent.text);
    }
  }

  // The messages around the one that is missing say where it would stand. A reader that left soon
  // does not know those behind it.
  [[nodiscard]] bool is_in_gap(const std::string& name, const std::string& text) const {
    bool was_heard = false;
    for (const auto& reader : history_.readers()) {
      const auto heard = std::ranges::find_if(reader.heard, [&](const Heard& one) {
        return is_said(one.kind) && one.name == name && one.text == text;
      });
      if (heard == reader.heard.end()) continue;
      was_heard = true;
      if (is_in_gap(reader, static_cast<std::size_t>(heard - reader.heard.begin()))) return true;
    }
    return !was_heard && std::ranges::any_of(rows_, &StoredRow::is_gap);
  }
  [[nodiscard]] bool is_in_gap(const History::Reader& reader, std::size_t at) const {
    std::size_t begin = 0;
    for (std::size_t i = at; i > 0; --i) {
      if (const auto place = stored_place(reader.heard[i - 1])) {
        begin = *place;
        break;
      }
    }
    std::size_t end = rows_.size();
    for (std::size_t i = at; i < reader.heard.size(); ++i) {
      if (const auto place = stored_place(reader.heard[i])) {
        end = *place;
        break;
      }
    }
    for (std::size_t i = begin; i < end; ++i) {
      if (rows_[i].is_gap) return true;
    }
    return false;
  }
  [[nodiscard]] std::optional<std::size_t> stored_place(const Heard& heard) const {
    return is_said(heard.kind) ? place_of(heard.name, heard.text) : std::nullopt;
  }

  const History& history_;
  const std::vector<StoredRow>& rows_;
  std::map<Key, std::vector<std::size_t>> places_;
  std::vector<std::string> violations_;
};

}  // namespace

std::vector<std::string> find_stored_violations(const History& history,
                                                const std::vector<StoredRow>& rows) {
  return StoredChecker{history, rows}.run();
}

}  // namespace chatd::test
