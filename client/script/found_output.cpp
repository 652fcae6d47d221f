// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/found_output.hpp"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

#include "client/words/find_words.hpp"
#include "client/words/shown_words.hpp"
#include "client/words/text.hpp"
#include "common/wire/display_width.hpp"
#include "common/wire/events/event_json.hpp"

namespace chatd::client {

namespace {

// "known as lab, password"
std::string state_of(const FoundRow& row, wire::Language language) {
  const std::string& name = row.alias.empty() ? row.known : row.alias;
  std::string state = row.known.empty() ? std::string{kServerNew.in(language)}
                                        : filled(kServerKnown, language, safe_text(name));
  const auto add = [&](const wire::Sentence& word) {
    state.append(", ").append(word.in(language));
  };
  if (row.server.wants_password) add(kServerPassword);
  if (row.server.wants_invitation) add(kServerInvitation);
  return state;
}

// Columns of the same width; the last one as it is.
std::string as_table(const std::vector<std::vector<std::string>>& lines) {
  std::vector<std::size_t> widths;
  for (const auto& line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], wire::display_width(line[i]));
    }
  }
  std::string text;
  for (const auto& line : lines) {
    std::string whole;
    for (std::size_t i = 0; i < line.size(); ++i) {
      whole += (i == 0 ? "" : "  ") + line[i];
      whole.append(widths[i] - wire::display_width(line[i]), ' ');
    }
    whole.erase(whole.find_last_not_of(' ') + 1);
    text += whole + '\n';
  }
  return text;
}

}  // namespace

std::string found_text(const std::vector<FoundRow>& rows, wire::Language language) {
  std::vector<std::vector<std::string>> lines;
  for (const FoundRow& row : rows) {
    lines.push_back({to_text(row.server.addresses.front()), state_of(row, language),
                     row.fingerprint, safe_text(row.server.room)});
  }
  return as_table(lines);
}

std::string found_choices(const std::vector<FoundRow>& rows, wire::Language language) {
  std::vector<std::vector<std::string>> lines;
  for (const FoundRow& row : rows) {
    lines.push_back({fmt::format("{:3}", lines.size() + 1), to_text(row.server.addresses.front()),
                     state_of(row, language), safe_text(row.server.room)});
  }
  return as_table(lines);
}

std::string json_line(const FoundRow& row, WallTime now) {
  wire::EventJson json = wire::begin_event("found");
  json["time"] = wire::json_of(now);
  wire::add_text(json, "server", row.server.room);
  json["addresses"] = wire::EventJson::array();
  for (const Endpoint& address : row.server.addresses) json["addresses"] += to_text(address);
  json["fingerprint"] = row.fingerprint;
  wire::add_text(json, "known", row.known);
  wire::add_text(json, "alias", row.alias);
  json["password"] = row.server.wants_password;
  json["invitation"] = row.server.wants_invitation;
  return wire::event_line(json);
}

}  // namespace chatd::client
