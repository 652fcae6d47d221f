// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/service.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>
#include <string_view>
#include <utility>

#include "common/crypto/password.hpp"
#include "common/crypto/wipe.hpp"
#include "daemon/sys/account.hpp"
#include "daemon/sys/notify.hpp"
#include "daemon/sys/state_dirs.hpp"

namespace chatd {

namespace {

// `kept`: the lock of a predecessor in this process.
Result<> lock_pid_file(Service& service, UniqueFd kept) {
  std::string path = service.options.pid_file;
  if (path.empty() && service.options.daemon) {
    auto usual = default_pid_file();
    if (!usual) return fail(usual.error());
    path = std::move(*usual);
  }
  if (path.empty()) return {};
  if (kept.is_open()) {
    service.pid_file = sys::PidFile::adopt(path, std::move(kept));
    return {};
  }
  auto locked = sys::PidFile::lock(path);
  if (!locked) return fail(locked.error());
  service.pid_file = std::move(*locked);
  return {};
}

// The service manager, if there is one, has chosen the user.
bool may_give_up_root(const Options& options) {
  return ::geteuid() == 0 && !sys::notify::keeps_descriptors() && options.user != "root";
}

// All files that chatd makes in the state directory.
constexpr std::array<std::string_view, 21> kStateFiles{
    "server.key",           "server.key.next",
    "server.cert",          "identity.key",
    "persons.key",          "history.db",
    "history.db-wal",       "history.reserve",
    "history.db.broken",    "history.db.broken-wal",
    "registry.db",          "registry.db-wal",
    "registry.db.broken",   "registry.db.broken-wal",
    "registry.db.before",   "registry.db.before-wal",
    "registry.json",        "registry.json.new",
    "registry.reserve",     "history.db.erased",
    "history.db.erased.new"};

// True: the folder has only files that chatd makes.
bool is_of_chatd_alone(const std::string& folder) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{folder, error}) {
    const auto found = std::ranges::find(kStateFiles, entry.path().filename().string());
    if (found == kStateFiles.end()) return false;
  }
  return !error;
}

Result<sys::Account> account_of(const Options& options) {
  return sys::find_account(options.user.empty() ? kServiceUser : options.user);
}

// The user that the service becomes exists.
Result<> check_account(const Options& options) {
  if (!may_give_up_root(options)) return {};
  const auto account = account_of(options);
  return account ? Result<>{} : fail(account.error());
}

// The files and folders that are given to the user of the service.
std::vector<std::string> paths_to_give(const Service& service, const std::string& state) {
  std::vector<std::string> paths;
  for (const std::string_view name : kStateFiles) paths.push_back(state + "/" + std::string{name});
  // Only folders that chatd has made: others may contain files of other programs.
  if (is_of_chatd_alone(state)) paths.push_back(state);
  if (service.config.control.path.empty()) {
    paths.push_back(std::filesystem::path{control_path(service.config)}.parent_path());
  }
  return paths;
}

Result<> give_up_root(const Service& service) {
  const auto account = account_of(service.options);
  if (!account) return fail(account.error());
  const auto state = state_directory(service.config);
  if (!state) return fail(state.error());
  for (const auto& path : paths_to_give(service, *state)) {
    if (auto done = sys::give_to(*account, path); !done) return done;
  }
  const std::string control = control_path(service.config);
  if (auto done = sys::become(*account); !done) return done;
  // A successor runs as this user, and needs the files of root at the same place.
  config::Config later = service.config;
  later.state.directory = *state;
  later.control.path = control;
  if (auto done = prepare_directories(later); !done) {
    return fail(std::move(done).error().within("as the user " + account->name));
  }
  // A file that only root may read cannot be read again at a reload.
  if (const auto config = read_config(service.options); !config) {
    return fail("as the user " + account->name + ": " + to_text(config.error().front()));
  }
  return {};
}

Result<> check_user(const Options& options) {
  if (options.user.empty() || ::geteuid() == 0) return {};
  const auto account = sys::find_account(options.user);
  if (!account) return fail(account.error());
  if (account->uid == ::geteuid()) return {};
  return fail("only root can become another user (--user " + options.user + ")");
}

Result<std::vector<std::string>> successor_of(const Service& service) {
  const auto state = state_directory(service.config);
  if (!state) return fail(state.error());
  Options options = service.options;
  options.control = control_path(service.config);
  options.state_directory = *state;
  if (service.pid_file) options.pid_file = service.pid_file->path();
  std::vector<std::string> command = to_arguments(options);
  command.insert(command.begin(), service.program);
  return command;
}

Result<> name_state_and_successor(Service& service) {
  auto state = state_directory(service.config);
  if (!state) return fail(state.error());
  service.state_directory = std::move(*state);
  auto successor = successor_of(service);
  if (!successor) return fail(successor.error());
  service.successor = std::move(*successor);
  return {};
}

Result<> make_archive_channel(Service& service) {
  auto pair = sys::make_archive_pair();
  if (!pair) return fail(std::move(pair).error());
  service.archive = std::move(*pair);
  return {};
}

Result<> make_web_channel(Service& service) {
  if (service.resources.web.empty()) return {};
  auto pair = sys::make_web_pair();
  if (!pair) return fail(std::move(pair).error());
  auto presence = state::WebPresence::create(service.config.web.sessions);
  if (!presence) return fail(std::move(presence).error());
  auto heartbeat = state::WebHeartbeat::map(presence->get());
  if (!heartbeat) return fail(std::move(heartbeat).error());
  service.web_heartbeat = std::move(*heartbeat);
  service.web_channel = std::move(*pair);
  service.web_presence = std::move(*presence);
  return {};
}

Result<> make_channels(Service& service) {
  if (auto done = make_archive_channel(service); !done) return done;
  return make_web_channel(service);
}

Result<> load_secrets(Service& service) {
  auto keys = load_keys(service.config, wall_now());
  if (!keys) return fail(keys.error());
  service.server = std::move(*keys);
  auto password = password_key_of(service, service.config, service.server.key.public_key);
  if (!password) return fail(to_text(password.error()));
  service.password_key = std::move(*password);
  return {};
}

}  // namespace

// Here and not in the gateway: each new gateway process would need the time for it again.
std::expected<std::optional<crypto::SecretKey>, config::Problem> password_key_of(
    const Service& service, const config::Config& config, const crypto::PublicKey& server) {
  auto password = read_password(service.options, config);
  if (!password) return std::unexpected{std::move(password).error()};
  if (!*password) return std::nullopt;
  std::string& text = **password;
  auto key = crypto::password_key(text, server);
  crypto::wipe(std::as_writable_bytes(std::span{text}));
  if (key) return std::move(*key);
  return std::unexpected{config::Problem{.where = service.options.config_file,
                                         .key = "room.password_file",
                                         .why = key.error().message()}};
}

std::expected<config::Config, std::vector<config::Problem>> read_config_again(Service& service) {
  auto config = read_config(service.options);
  if (!config) return config;
  auto key = password_key_of(service, *config, service.server.key.public_key);
  if (!key) return std::unexpected{std::vector{std::move(key).error()}};
  service.password_key = std::move(*key);
  service.server.has_identity = has_identity(service.state_directory);
  return config;
}

Result<> open_service(Service& service) {
  if (auto done = check_user(service.options); !done) return done;
  if (auto done = check_account(service.options); !done) return done;  // before anything is made
  if (auto done = prepare_directories(service.config); !done) return done;
  auto passed = sys::take_listen_fds();
  if (!passed) return fail(passed.error());
  // Before the sockets: "another daemon runs" is a better message than "address in use".
  if (auto done = lock_pid_file(service, std::move(passed->pid_file)); !done) return done;
  auto resources = open_resources(service.config, std::move(*passed));
  if (!resources) return fail(resources.error());
  service.resources = std::move(*resources);
  // After the sockets: a start that fails for an address in use makes no key.
  if (auto done = load_secrets(service); !done) return done;
  if (auto done = make_channels(service); !done) return done;
  // Before root is given up, whose state is elsewhere than that of another user.
  if (auto done = name_state_and_successor(service); !done) return done;
  return may_give_up_root(service.options) ? give_up_root(service) : Result<>{};
}

Result<> check_successor(const Options& options, const config::Config& config) {
  if (auto done = check_user(options); !done) return done;
  const auto state = state_directory(config);
  if (!state) return fail(state.error());
  if (auto done = sys::check_directory(*state); !done) {
    return fail(std::move(done).error().within("state directory"));
  }
  return check_keys(config);
}

}  // namespace chatd
