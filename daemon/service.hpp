// SPDX-License-Identifier: GPL-3.0-or-later
// service.hpp — all that lives as long as the service and outlives its processes.
//
// Runs in:   main(), before any fork. A child keeps what its role inherits.
// Owns:      all descriptors, the pid file and the server's keys.
#pragma once

#include <sys/types.h>

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "daemon/options.hpp"
#include "daemon/resources.hpp"
#include "daemon/roles/processes.hpp"
#include "daemon/server_keys.hpp"
#include "daemon/state/web_presence.hpp"
#include "daemon/sys/archive_channel.hpp"
#include "daemon/sys/pid_file.hpp"
#include "daemon/sys/web_channel.hpp"

namespace chatd {

struct Service {
  Options options;
  std::string program;  // that this process executes
  config::Config config;
  Resources resources;
  std::optional<sys::PidFile> pid_file;
  // The program that takes this process over in an upgrade, and its arguments: those of this one,
  // with paths that depend neither on the user nor on the working directory.
  std::vector<std::string> successor;
  UniqueFd state;
  UniqueFd keys;
  std::string state_directory;
  sys::ArchivePair archive;  // between gateway and archive; closed if there is none
  sys::WebPair web_channel;  // between gateway and web; closed if there is no page
  UniqueFd web_presence;     // memory file, see daemon/state/web_presence.hpp; closed as above
  std::optional<state::WebHeartbeat> web_heartbeat;  // of that file
  MonoTime next_key_warning{};                       // that the certificate ends; not before
  ServerKeys server;  // the secrets are wiped in workers, which do not need them
  // Of the room, for the server's key; set again when the configuration is read. Wiped in workers.
  std::optional<crypto::SecretKey> password_key;
  roles::Processes processes;  // made when the service starts
  pid_t supervisor_pid{};
};

// Opens every descriptor as the user who started the service; root then becomes the service's user.
// The options and the configuration are set already.
// Errors: all that the user can correct, while the terminal is still there for the message.
[[nodiscard]] Result<> open_service(Service& service);

// Whether a service with these options could take over from one that runs: reads what
// open_service() would read, and changes nothing. Does not look at inherited descriptors.
[[nodiscard]] Result<> check_successor(const Options& options, const config::Config& config);
// Reads the configuration again, and the room's password with it, whose key the next gateway gets.
// Takes about a tenth of a second if there is one. Errors: what is wrong; nothing has changed then.
[[nodiscard]] std::expected<config::Config, std::vector<config::Problem>> read_config_again(
    Service& service);

// The room's password's key for a key of the server. Takes about a tenth of a second if there is a
// password. nullopt: there is none.
[[nodiscard]] std::expected<std::optional<crypto::SecretKey>, config::Problem> password_key_of(
    const Service& service, const config::Config& config, const crypto::PublicKey& server);

}  // namespace chatd
