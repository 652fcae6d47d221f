// SPDX-License-Identifier: GPL-3.0-or-later
// config.hpp — the settings of the daemon, as plain data.
//
// Runs in:   supervisor (reads and reloads it) and the tools --check-config and
//            --print-config; the other roles get the finished Config.
// Owns:      nothing but its values.
// Invariant: a Config that parse(), load() or an empty validate() gave is valid in every
//            value and in their combination.
// Errors:    every problem at once, each with file, line, setting and the nearest known setting.
// See:       settings.hpp, the one table of all settings.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/log.hpp"
#include "common/wire/native/native_block.hpp"
#include "daemon/config/choices.hpp"
#include "daemon/config/web.hpp"

namespace chatd::config {

[[nodiscard]] std::vector<Endpoint> default_listen();               // port 8888 on loopback
[[nodiscard]] std::vector<chatd::Network> default_text_networks();  // those that are not routable

// All settings, with their defaults. A member is named as in the file; see settings.hpp for units
// and ranges.
struct Config {
  struct Network {
    std::vector<Endpoint> listen{default_listen()};
    bool discovery{true};
  } network;
  struct Text {
    bool enabled{true};
    bool closed_by_password{false};  // `enabled` is not written, and room.password_file is set
    std::vector<chatd::Network> networks{default_text_networks()};
    ChatForm chat_form{ChatForm::automatic};
    std::string login_reply{"OK"};
    std::vector<std::string> exit_reply{"EXIT"};  // each in its own datagram
    LanguageChoice language{LanguageChoice::automatic};
    std::chrono::seconds idle_timeout{3600};  // 0: never
    // Of sessions of other machines that have not proved their address, see chat/unproved.hpp.
    std::uint32_t listeners{256};                         // at most; 0: no limit
    std::uint32_t listeners_bytes_per_second{1'000'000};  // to all of them; 0: no limit
  } text;
  struct Limits {
    std::uint32_t sessions{10000};
    std::uint32_t sessions_per_address{100};          // 0: no limit
    std::uint32_t programs_per_person{4};             // of sessions with one key and one name
    double messages_per_second{5};                    // 0: no limit
    std::uint32_t burst{20};                          // 0: no limit
    std::uint32_t unauthenticated_per_second{20000};  // datagrams; 0: no limit
    std::uint32_t message_bytes{900};
    double questions_per_second{2};       // about stored lines; 0: no limit
    std::uint32_t rooms{1000};            // beside the default one; 0: none
    std::uint32_t rooms_per_member{3};    // that a member has made; 0: no limit
    std::uint32_t rooms_per_address{30};  // that the members of a network have made; 0: no limit
    std::uint32_t names{10000};           // owned ones; 0: none
  } limits;
  struct Workers {
    std::uint32_t count{0};  // 0: as many as usable cores, at most 4
    std::chrono::milliseconds hang_timeout{5000};
  } workers;
  struct Room {
    std::uint64_t ring_bytes{std::uint64_t{4} << 20U};
    std::string name{"chat"};   // shown to members
    std::uint32_t replay{50};   // lines that a new session gets; 0: none
    std::string password_file;  // empty: no password
  } room;
  struct Rooms {
    WhoMakes create{WhoMakes::anyone};
    std::chrono::seconds linger{600};  // how long a room stays without members
    std::uint64_t ring_bytes{std::uint64_t{256} << 10U};
  } rooms;
  struct Names {
    WhoClaims claim{WhoClaims::members};
    std::chrono::seconds expire{std::chrono::days{365}};  // without the owner; 0: never
  } names;
  struct Native {
    bool enabled{true};
  } native;
  struct Server {
    WhoEnters door{WhoEnters::anyone};
  } server;
  struct History {
    bool enabled{true};
    std::chrono::seconds max_age{std::chrono::days{30}};  // 0: no limit
    std::uint64_t max_bytes{std::uint64_t{1} << 30U};
  } history;
  struct Direct {
    wire::DirectFrom from{wire::DirectFrom::anyone};  // of members that have not chosen; not unset
  } direct;
  struct Registry {
    bool required{true};
  } registry;
  struct Session {
    std::chrono::seconds linger{120};  // how long a session that is away stays a member
  } session;
  Web web;
  struct Log {
    LogLevel level{LogLevel::info};
    bool addresses{true};
  } log;
  struct Control {
    std::string path;  // empty: the default path
  } control;
  struct State {
    std::string directory;  // empty: the default directory
  } state;
};

// An error or a warning about a setting.
struct Problem {
  std::string where;  // file and line: "chatd.toml:12"
  std::string key;    // the setting: "limits.burts"; empty if there is none (a syntax error)
  std::string why;
};
// "chatd.toml:12: limits.burts: unknown key; did you mean limits.burst?"
[[nodiscard]] std::string to_text(const Problem& problem);

// Reads a Config from TOML text. `source` is the file name in problems.
[[nodiscard]] std::expected<Config, std::vector<Problem>> parse(std::string_view toml,
                                                                std::string_view source);
// Reads a Config from a file. A file that cannot be read or is larger than 1 MiB is a Problem.
[[nodiscard]] std::expected<Config, std::vector<Problem>> load(const std::string& path);

// Checks ranges and combinations of a Config whose values did not all come from parse():
// validate(config, "command line").
[[nodiscard]] std::vector<Problem> validate(const Config& config, std::string_view source);

// Warnings about a valid Config that is probably a mistake: the check, the start and a reload print
// them and continue. A row in the table advice() of rules.cpp adds one.
[[nodiscard]] std::vector<Problem> warnings(const Config& config, std::string_view source);

// All effective values as TOML. parse() returns the same Config.
[[nodiscard]] std::string print(const Config& config);

// The names of the settings whose values differ, in the order of the table.
[[nodiscard]] std::vector<std::string> changed_keys(const Config& before, const Config& after);
// Does a change of this setting need a restart? A reload applies all others.
[[nodiscard]] bool needs_restart(std::string_view key);
// The Config after a reload: `fresh`, except for the settings that need a restart.
[[nodiscard]] Config take_reloadable(const Config& running, const Config& fresh);

}  // namespace chatd::config
