// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/warnings.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace chatd {

namespace {

constexpr std::string_view kListen = "network.listen";
constexpr std::string_view kControl = "control.path";
constexpr std::string_view kWeb = "web.listen";

std::string source_of(const Options& options, bool is_overridden) {
  return is_overridden || options.config_file.empty() ? "command line" : options.config_file;
}

std::string how_to_change(std::string_view unit) {
  return fmt::format("\"systemctl edit {}\" changes it, see SYSTEMD in chatd(8)", unit);
}

// Addresses in an order that does not depend on where they are named.
std::vector<std::string> sorted_texts(const std::vector<Endpoint>& endpoints) {
  std::vector<std::string> texts;
  for (const auto& endpoint : endpoints) texts.push_back(to_text(endpoint));
  std::ranges::sort(texts);
  return texts;
}

std::vector<Endpoint> bound(const std::vector<ServerSocket>& sockets) {
  std::vector<Endpoint> endpoints;
  for (const auto& socket : sockets) endpoints.push_back(socket.where);
  return endpoints;
}

// Where a Unix socket is bound; empty: nowhere in the file system.
std::string path_of(int fd) {
  sockaddr_un address{};
  socklen_t length = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) < 0) return "";
  return {&address.sun_path[0], ::strnlen(&address.sun_path[0], sizeof address.sun_path)};
}

}  // namespace

std::vector<config::Problem> warnings(const config::Config& config, const Options& options,
                                      const Resources& resources) {
  auto found = config::warnings(config, source_of(options, false));
  if (!resources.from_systemd) return found;
  const auto opened = sorted_texts(bound(resources.sockets));
  const auto& listen = config.network.listen;
  if (listen != config::default_listen() && sorted_texts(listen) != opened) {
    found.push_back({.where = source_of(options, !options.listen.empty()),
                     .key = std::string{kListen},
                     .why = fmt::format("has no effect, since chatd.socket opened {}: {}",
                                        fmt::join(opened, ", "), how_to_change("chatd.socket"))});
  }
  const auto page = sorted_texts(bound(resources.web));
  const auto& web = config.web.listen;
  if (config.web.enabled && web != config::default_web_listen() && sorted_texts(web) != page) {
    found.push_back(
        {.where = source_of(options, !options.web.empty()),
         .key = std::string{kWeb},
         .why = fmt::format("has no effect, since chatd-web.socket opened {}: {}",
                            page.empty() ? "nothing" : fmt::format("{}", fmt::join(page, ", ")),
                            how_to_change("chatd-web.socket"))});
  }
  const std::string control = path_of(resources.control.get());
  if (!config.control.path.empty() && config.control.path != control) {
    found.push_back({.where = source_of(options, !options.control.empty()),
                     .key = std::string{kControl},
                     .why = fmt::format("has no effect, since chatd-control.socket opened {}: {}",
                                        control, how_to_change("chatd-control.socket"))});
  }
  return found;
}

std::vector<config::Problem> check_warnings(const config::Config& config, const Options& options,
                                            const std::string& root) {
  auto found = config::warnings(config, source_of(options, false));
  std::error_code none;
  if (!std::filesystem::exists(std::filesystem::symlink_status(
          root + "/etc/systemd/system/sockets.target.wants/chatd.socket", none))) {
    return found;
  }
  const auto warn = [&](std::string_view key, std::string_view unit) {
    found.push_back({.where = source_of(options, false),
                     .key = std::string{key},
                     .why = fmt::format("has no effect in chatd.service, for which {} opens the "
                                        "socket: {}",
                                        unit, how_to_change(unit))});
  };
  // Options on the command line are for a daemon that is started by hand.
  if (options.listen.empty() && config.network.listen != config::default_listen()) {
    warn(kListen, "chatd.socket");
  }
  if (options.web.empty() && config.web.listen != config::default_web_listen()) {
    warn(kWeb, "chatd-web.socket");
  }
  if (options.control.empty() && !config.control.path.empty()) {
    warn(kControl, "chatd-control.socket");
  }
  return found;
}

std::vector<std::string> without_effect(const Resources& resources) {
  if (!resources.from_systemd) return {};
  return {std::string{kListen}, std::string{kWeb}, std::string{kControl}};
}

}  // namespace chatd
