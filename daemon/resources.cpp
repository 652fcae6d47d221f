// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/resources.hpp"

#include <grp.h>
#include <sys/stat.h>

#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "common/io/tcp_socket.hpp"
#include "common/io/udp_socket.hpp"
#include "common/io/unix_socket.hpp"
#include "common/wire/control/control_path.hpp"
#include "daemon/sys/notify.hpp"
#include "daemon/sys/state_dirs.hpp"
#include "daemon/sys/succession.hpp"

namespace chatd {

namespace {

constexpr std::size_t kMaxSockets = 16;
constexpr mode_t kControlMode = 0660;
constexpr mode_t kRuntimeMode = 0755;
constexpr mode_t kStateMode = 0700;

// The default includes IPv6, and some machines have none.
bool is_missing_v6(const Endpoint& where, const Error& error) {
  return !where.address.is_v4() && (error.code() == EADDRNOTAVAIL || error.code() == EAFNOSUPPORT);
}
bool may_be_missing(const Endpoint& where, const Error& error, const config::Config& config) {
  return config.network.listen == config::default_listen() && is_missing_v6(where, error);
}

// "the state directory (...)", and what makes it writable where the unit forbids that.
std::string with_hint(std::string what, const Error& error, const std::string& directory) {
  if (error.code() != EROFS || !sys::notify::keeps_descriptors()) return what;
  return fmt::format(
      "{}; \"systemctl edit chatd.service\" can allow it by ReadWritePaths={} below "
      "[Service]",
      what, directory);
}

Result<ServerSocket> adopt_socket(UniqueFd fd, io::SendErrors errors) {
  if (auto done = io::prepare_udp_socket(fd.get(), errors); !done) return fail(done.error());
  const auto where = io::local_endpoint(fd.get());
  if (!where) return fail(where.error());
  return ServerSocket{.fd = std::move(fd), .where = *where};
}

Result<> open_sockets(const config::Config& config, Resources& resources) {
  for (const auto& where : config.network.listen) {
    auto fd = io::open_udp_socket(where);
    if (!fd && may_be_missing(where, fd.error(), config)) {
      log(LogLevel::notice, fd.error().message() + " (going on without)");
      continue;
    }
    if (!fd && sys::notify::keeps_descriptors()) {
      return fail(std::move(fd).error().within(
          "systemd passed no socket named \"udp\" (Sockets=chatd.socket), and one of our own"));
    }
    if (!fd) return fail(std::move(fd).error());
    auto socket = adopt_socket(std::move(*fd), io::SendErrors::kept);
    if (!socket) return fail(std::move(socket).error());
    resources.sockets.push_back(std::move(*socket));
  }
  return {};
}

// The room does not need its page: an error is reported by `chatctl status`.
void open_web(const config::Config& config, Resources& resources) {
  std::vector<ServerSocket> opened;
  for (const auto& where : config.web.listen) {
    auto fd = io::listen_tcp(where);
    if (!fd && config.web.listen == config::default_web_listen() &&
        is_missing_v6(where, fd.error())) {
      continue;
    }
    const auto bound = fd ? io::local_endpoint(fd->get()) : fail(fd.error());
    if (!bound) {
      resources.web_problem = bound.error().message();
      return;
    }
    opened.push_back({.fd = std::move(*fd), .where = *bound});
  }
  resources.web = std::move(opened);
}

// The sockets that were passed, or our own if none was.
void find_web(const config::Config& config, std::vector<UniqueFd> passed, bool is_from_systemd,
              Resources& resources) {
  if (!config.web.enabled || config.web.sessions == 0) return;
  for (auto& fd : passed) {
    const auto where = io::local_endpoint(fd.get());
    if (where) resources.web.push_back({.fd = std::move(fd), .where = *where});
  }
  if (!resources.web.empty()) return;
  if (!is_from_systemd) return open_web(config, resources);
  resources.web_problem = "systemd passed no socket named \"web\": chatd-web.socket is not active";
}

Result<> open_control(const config::Config& config, Resources& resources) {
  const std::string path = control_path(config);
  io::UnixListenOptions options{.mode = kControlMode};
  if (const auto* group = ::geteuid() == 0 ? ::getgrnam(wire::kControlGroup) : nullptr) {
    options.group = group->gr_gid;
  }
  auto listener = io::listen_unix(path, options);
  if (!listener) {
    return fail(std::move(listener).error().within("control socket (--control, control.path)"));
  }
  resources.control = std::move(*listener);
  resources.control_name = SocketName{path};
  return {};
}

template <class T>
Result<T> with_place(Result<T> keys, const std::string& directory) {
  if (keys) return keys;
  std::string what = with_hint("the server's key", keys.error(), directory);
  return fail(std::move(keys).error().within(std::move(what)));
}

// An ordinary user without a session (su, cron) has no runtime directory.
Error without_place(Error error) {
  error = std::move(error).within("directory of the control socket (--control)");
  if (::geteuid() == 0 || !wire::control_path_context().xdg_runtime_dir.empty()) return error;
  return Error{error.message() +
                   "; $XDG_RUNTIME_DIR is not set: log in through a session that sets it, or "
                   "give --control PATH",
               error.code()};
}

// With one socket unit the other one must be there, too: a socket that is opened here instead would
// hide the mistake until the sandbox forbids it.
Result<> check_units(bool has_udp, bool has_control) {
  if (!has_udp && has_control) {
    return fail(
        "systemd passed the socket \"control\", but none named \"udp\": the service needs "
        "Sockets=chatd.socket, and that FileDescriptorName=udp");
  }
  if (has_udp && !has_control) {
    return fail(
        "systemd passed the socket \"udp\", but none named \"control\": the service needs "
        "Sockets=chatd.socket chatd-control.socket, and FileDescriptorName=control in the latter");
  }
  return {};
}

}  // namespace

std::string control_path(const config::Config& config) {
  if (!config.control.path.empty()) return config.control.path;
  return wire::daemon_control_path(wire::control_path_context());
}

Result<Resources> open_resources(const config::Config& config, sys::ListenFds passed) {
  Resources resources;
  for (auto& fd : passed.udp) {
    auto socket = adopt_socket(
        std::move(fd), sys::is_successor() ? io::SendErrors::kept : io::SendErrors::passed_over);
    if (!socket) return fail(std::move(socket).error());
    resources.sockets.push_back(std::move(*socket));
  }
  if (resources.sockets.size() > kMaxSockets) {
    return fail(fmt::format("more than {} UDP sockets were passed", kMaxSockets));
  }
  if (auto done = check_units(!resources.sockets.empty(), passed.control.is_open()); !done) {
    return fail(done.error());
  }
  resources.from_systemd = !resources.sockets.empty() && !sys::is_successor();
  resources.kept_state = std::move(passed.state);
  resources.kept_keys = std::move(passed.keys);
  resources.kept_snapshot = std::move(passed.snapshot);
  resources.kept_unknown = std::move(passed.unknown);
  if (resources.sockets.empty()) {
    if (auto done = open_sockets(config, resources); !done) return fail(done.error());
  }
  find_web(config, std::move(passed.web), resources.from_systemd, resources);
  resources.control = std::move(passed.control);
  // The socket of a predecessor, whose name in the file system this process removes at its end.
  if (sys::is_successor()) resources.control_name = SocketName{control_path(config)};
  if (!resources.control.is_open()) {
    if (auto done = open_control(config, resources); !done) return fail(done.error());
  }
  return resources;
}

Result<std::string> state_directory(const config::Config& config) {
  return config.state.directory.empty() ? sys::state_directory()
                                        : Result<std::string>{config.state.directory};
}

Result<ServerKeys> load_keys(const config::Config& config, WallTime now) {
  const auto directory = state_directory(config);
  if (!directory) return fail(directory.error());
  return with_place(load_server_keys(*directory, now), *directory);
}

Result<> check_keys(const config::Config& config) {
  const auto directory = state_directory(config);
  if (!directory) return fail(directory.error());
  return with_place(check_server_keys(*directory), *directory);
}

Result<> prepare_directories(const config::Config& config) {
  const auto state = state_directory(config);
  if (!state) return fail(state.error());
  const bool said = !config.state.directory.empty();
  const auto parents = said ? sys::Parents::must_exist : sys::Parents::create;
  if (auto done = sys::make_directory(*state, kStateMode, parents); !done) {
    std::string what =
        with_hint("state directory (--state-dir, state.directory)", done.error(), *state);
    return fail(std::move(done).error().within(std::move(what)));
  }
  if (!config.control.path.empty()) return {};
  const auto runtime = std::filesystem::path{control_path(config)}.parent_path().string();
  if (auto done = sys::make_directory(runtime, kRuntimeMode, sys::Parents::create); !done) {
    return fail(without_place(std::move(done).error()));
  }
  return {};
}

Result<std::string> default_pid_file() {
  const auto directory = sys::runtime_directory();
  if (!directory) return fail(directory.error());
  return *directory + "/chatd.pid";
}

}  // namespace chatd
