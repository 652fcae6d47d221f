// SPDX-License-Identifier: GPL-3.0-or-later
// The programs of the user as lines for people.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "client/terminal/painter.hpp"
#include "client/words/local_time.hpp"
#include "client/words/room_words.hpp"
#include "client/words/text.hpp"
#include "client/words/words.hpp"
#include "common/wire/display_width.hpp"

namespace chatd::client {

namespace {

// The columns of the longest address, IPv6 with a port. A longer text of a hostile server is not
// in columns.
constexpr std::size_t kMaxColumns = 47;

}  // namespace

std::string Painter::other_program(const OtherProgram& other) {
  return live_row(other.time,
                  remark_text(words(style_.language, Words::other_program, other.address)));
}

// "since 2026-11-20 23:15, silent for 3 minutes"
std::string Painter::program_facts(const Program& program) const {
  const wire::Language language = style_.language;
  std::vector<std::string> facts;
  if (program.since) {
    facts.push_back(words(language, Words::program_since, minute_of(*program.since)));
  }
  if (program.is_this) {
    facts.emplace_back(words(language, Words::this_program));
  } else if (program.idle_seconds.value_or(0) != 0) {
    facts.push_back(
        words(language, Words::program_silent, duration_text(language, *program.idle_seconds)));
  }
  return fmt::format("{}", fmt::join(facts, language == wire::Language::zh ? "，" : ", "));
}

std::string Painter::programs(const std::vector<Program>& programs) const {
  std::size_t widest = 0;
  std::vector<std::string> addresses;
  for (const Program& program : programs) {
    addresses.push_back(safe_text(program.address));
    widest = std::max(widest, wire::display_width(addresses.back()));
  }
  widest = std::min(widest, kMaxColumns);
  const Words title = programs.size() == 1 ? Words::programs_here_one : Words::programs_here;
  std::string out = remark(words(style_.language, title, programs.size()));
  for (std::size_t i = 0; i < programs.size(); ++i) {
    const std::size_t width = std::min(wire::display_width(addresses[i]), widest);
    out += fmt::format("   {:>2} {}{:{}}  {}\n", programs[i].number, addresses[i], "",
                       widest - width, program_facts(programs[i]));
  }
  return out;
}

}  // namespace chatd::client
