// SPDX-License-Identifier: GPL-3.0-or-later
// user_config.hpp — the file config.toml of uchat: the default server, aliases of servers, and the
// user's choices for all servers or for one.
//
// Runs in: uchat, before it forks.
// Errors:  every mistake of the file at once, each as a line "FILE:LINE: KEY: why".
// See:     uchat(1), FILES; chatd reads chatd.toml by the same common/toml.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/settings/target.hpp"
#include "common/base/result.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

// When the terminal bell rings, and when a notification is shown: never, for a message with the
// user's name, for every message.
enum class Bell : std::uint8_t { never, mention, always };
// Their names on the command line and in the file.
[[nodiscard]] const std::map<std::string, Bell>& bell_names();

// Whether names have colours: automatic: on a terminal that shows them, unless $NO_COLOR is set;
// on: also then.
enum class UseOfColors : std::uint8_t { automatic, on, off };

struct UserConfig {
  // The keys that may stand at the top, for all servers, and in the table of a server.
  struct Choices {
    std::string name;  // to join with; "": not set
    std::optional<Bell> bell;
    std::optional<std::vector<std::string>> rooms;   // to join at the start; without '#'
    std::optional<std::vector<std::string>> ignore;  // users whose messages are not shown
    std::optional<bool> quiet;
    std::optional<Bell> notify;
    std::optional<UseOfColors> colors;
  };
  // A table [servers.ALIAS].
  struct Server {
    std::string alias;
    Target address;  // without a name
    std::string password_file;
    std::string log{};  // the file for the lines of the conversation; "": none
    Choices choices;
  };

  std::string server;       // the default server: an alias or HOST[:PORT]; "": none
  bool strict{false};       // refuse servers that are not known
  bool save_history{true};  // keep typed lines for the next run
  bool save_users{true};    // keep the users that were seen, with their keys
  Choices choices;
  std::vector<Server> servers;
};

// The mistakes of a file.
struct ConfigFaults {
  std::vector<std::string> lines;
  bool is_unreadable{false};  // the system could not read the file, or all users can write it
};

// True for send, listen and the other commands: such a word is no alias.
[[nodiscard]] bool is_command_word(std::string_view word) noexcept;

// Reads the text of the file. `file` is its name in the messages.
[[nodiscard]] std::expected<UserConfig, ConfigFaults> parse_user_config(std::string_view toml,
                                                                        const std::string& file,
                                                                        wire::Language language);
// Reads the file. If it does not exist, or `file` is "", the result has the defaults. A file that
// all users can write is an error; one that a group can write is not.
[[nodiscard]] std::expected<UserConfig, ConfigFaults> load_user_config(const std::string& file,
                                                                       wire::Language language);

// The server that a user means.
struct Destination {
  Target target;
  const UserConfig::Server* server{nullptr};  // null: it was not written as an alias
};
// Reads [NAME@]ALIAS or [NAME@]HOST[:PORT]. A word that is an alias is never a host: with a port,
// or with a dot at its end, the host of that name is meant.
[[nodiscard]] Result<Destination> find_destination(const UserConfig& config, std::string_view text,
                                                   wire::Language language);

}  // namespace chatd::client
