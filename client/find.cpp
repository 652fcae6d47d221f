// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/find.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <expected>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

#include "client/script/found_output.hpp"
#include "client/session/network_search.hpp"
#include "client/settings/commands.hpp"
#include "client/settings/paths.hpp"
#include "client/terminal/outlet.hpp"
#include "client/words/file_words.hpp"
#include "client/words/find_words.hpp"
#include "client/words/outcome.hpp"
#include "client/words/shown_words.hpp"
#include "client/words/text.hpp"
#include "client/words/words.hpp"
#include "common/base/time.hpp"

namespace chatd::client {

namespace {

int report(Outcome outcome, std::string_view why) {
  complain(why);
  return exit_status_of(outcome);
}

// The result of a search. `is_in_network` false: nothing could be sent.
struct Found {
  std::vector<FoundRow> rows{};
  bool is_in_network{false};
};

// The error is an exit status; the text for the user is printed.
std::expected<Found, int> find(const UserConfig& config, wire::Language language,
                               const Search& search) {
  const auto known = KnownServers{config_file("known_servers"), language}.all();
  if (!known) {
    return std::unexpected{report(Outcome::failed, file_error(language, known.error()))};
  }
  Finder finder{new_search_token(),
                [&](const crypto::PublicKey& identity) { return is_known(*known, identity); }};
  const bool is_in_network = search(finder);
  return Found{.rows = found_rows(finder.servers(), *known, config),
               .is_in_network = is_in_network};
}

std::string_view why_none(const Found& found, wire::Language language) {
  return (found.is_in_network ? kNoneFound : kNoNetwork).in(language);
}

ServerChoice choice_of(const FoundRow& row) {
  // An unknown server is taken by its address: what it claims to be proves nothing.
  if (row.known.empty()) return {.target = target_text(row)};
  return {.target = target_text(row), .addresses = row.server.addresses};
}

// The number that was typed, from 1 to `most`; nullopt: something else.
std::optional<std::size_t> chosen_number(std::string_view typed, std::size_t most) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(typed.begin(), typed.end(), number);
  if (error != std::errc{} || end != typed.end() || number == 0 || number > most) return {};
  return number;
}

// nullptr: the user takes none.
const FoundRow* ask(const std::vector<FoundRow>& rows, wire::Language language, std::istream& in,
                    std::ostream& out) {
  out << kSomeFound.in(language) << '\n' << found_choices(rows, language);
  for (std::string line;;) {
    out << kWhichServer.in(language) << std::flush;
    if (!std::getline(in, line) || is_blank(line)) return nullptr;
    if (const auto number = chosen_number(trim(line), rows.size())) return &rows[*number - 1];
    out << filled(kNoSuchNumber, language, rows.size()) << '\n';
  }
}

std::string shown_place(const FoundRow& row, wire::Language language) {
  const std::string room = row.server.room.empty() ? std::string{kFoundServer.in(language)}
                                                   : '"' + safe_text(row.server.room) + '"';
  return filled(kFound, language, room, to_text(row.server.addresses.front()));
}

}  // namespace

int run_find(const Options& options, wire::Language language, const Search& search) {
  const auto found = find(options.config, language, search);
  if (!found) return found.error();
  if (found->rows.empty()) return report(Outcome::no_answer, why_none(*found, language));
  if (options.json) {
    for (const FoundRow& row : found->rows) std::cout << json_line(row, wall_now());
  } else {
    std::cout << found_text(found->rows, language);
  }
  std::cout << std::flush;
  if (std::cout) return exit_status_of(Outcome::done);
  return report(Outcome::failed, words(language, Words::stdout_unwritable));
}

std::expected<ServerChoice, int> choose_server(const Options& options, const UserConfig& config,
                                               wire::Language language, const Search& search,
                                               std::istream& in, std::ostream& out) {
  out << kLooking.in(language) << '\n' << std::flush;
  auto found = find(config, language, search);
  if (!found) return std::unexpected{found.error()};
  std::vector<FoundRow>& rows = found->rows;
  const auto& wanted = options.fingerprint;
  if (wanted) {
    std::erase_if(rows, [&](const FoundRow& row) { return row.fingerprint != *wanted; });
  }
  if (rows.empty()) {
    return std::unexpected{
        report(Outcome::no_answer, filled(kSayWhereInstead, language, why_none(*found, language),
                                          how_to_write(Options::Mode::talk)))};
  }
  const auto is_certain = [&](const FoundRow& row) { return wanted || !row.known.empty(); };
  const FoundRow* chosen = nullptr;
  if (std::ranges::count_if(rows, is_certain) == 1) {
    chosen = &*std::ranges::find_if(rows, is_certain);
    out << shown_place(*chosen, language) << '\n' << std::flush;
  } else {
    chosen = ask(rows, language, in, out);
  }
  if (chosen == nullptr) return std::unexpected{exit_status_of(Outcome::done)};
  return choice_of(*chosen);
}

bool search_here(Finder& finder) {
  return search_network(finder, all_hosts(kDefaultPort), kSearchTime);
}

std::expected<std::optional<ServerChoice>, int> choose_on_terminal(const Options& options,
                                                                   const UserConfig& config,
                                                                   wire::Language language) {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1) return std::nullopt;
  return choose_server(options, config, language, search_here, std::cin, std::cout);
}

}  // namespace chatd::client
