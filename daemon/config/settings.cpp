// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/settings.hpp"

#include <sys/un.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace chatd::config {
namespace {

using namespace std::chrono_literals;
using Limits = Config::Limits;
using Text = Config::Text;
using Workers = Config::Workers;

constexpr std::size_t kMaxDirectory{1024};  // leaves space for file names within PATH_MAX
constexpr std::size_t kMaxSocketPath{sizeof(sockaddr_un::sun_path) - 1};

constexpr auto kReload = Applied::by_reload;
constexpr auto kRestart = Applied::by_restart;

auto make_network_and_text() {
  return std::to_array<Setting>({
      {"network.listen", kRestart,
       "The UDP addresses that clients reach the room at; port 0 lets the kernel choose.",
       list(place<&Config::network, &Config::Network::listen>(), {1, 16})},
      {"text.enabled", kReload, "Whether clients that speak the text protocol are let in.",
       flag(place<&Config::text, &Text::enabled>())},
      {"text.networks", kReload,
       "Where text clients are let in from: they prove neither name nor address, so only "
       "networks that are trusted belong here.",
       list(place<&Config::text, &Text::networks>(), {0, 64})},
      {"text.chat_form", kReload,
       "Whether a client sends its own name before each message: never (\"message\"), "
       "always (\"named\"), or as its messages show (\"auto\").",
       choice(place<&Config::text, &Text::chat_form>())},
      {"text.login_reply", kReload,
       "What a text client is told when it is let in; clients compare it letter by letter.",
       word(place<&Config::text, &Text::login_reply>(), 32)},
      {"text.exit_reply", kReload,
       "What a text client is told when its session ends; clients compare it letter by letter. "
       "Each word of a list is a datagram of its own.",
       words(place<&Config::text, &Text::exit_reply>(), {1, 8}, 32)},
      {"text.language", kReload,
       "The language of notices: English (\"en\"), Chinese (\"zh\") or that of the daemon's locale "
       "(\"auto\").",
       choice(place<&Config::text, &Text::language>())},
      {"text.idle_timeout", kReload,
       "How long a text client may stay silent before it is logged out.",
       duration(place<&Config::text, &Text::idle_timeout>(), {10s, 24h * 30, "never"})},
      {"text.listeners", kReload,
       "How many text clients of other machines may be in the room that have not said anything 10 "
       "seconds or more after their login. Beyond that, the one silent for longest is logged out.",
       amount(place<&Config::text, &Text::listeners>(), {1, 100000, "no limit"})},
      {"text.listeners_bytes_per_second", kReload,
       "How many bytes a second, with their headers, are sent to all these clients together. "
       "More comes later, or is missed.",
       amount(place<&Config::text, &Text::listeners_bytes_per_second>(),
              {10000, 1000000000, "no limit"})},
  });
}

auto make_limits() {
  return std::to_array<Setting>({
      {"limits.sessions", kRestart, "How many members the room has place for.",
       amount(place<&Config::limits, &Limits::sessions>(), {1, 100000})},
      {"limits.sessions_per_address", kReload,
       "How many members one IPv4 address, or one IPv6 network (/64), may bring.",
       amount(place<&Config::limits, &Limits::sessions_per_address>(), {1, 100000, "no limit"})},
      {"limits.messages_per_second", kReload,
       "How many messages a second a member may send over time.",
       amount(place<&Config::limits, &Limits::messages_per_second>(), {0.01, 100000, "no limit"})},
      {"limits.burst", kReload,
       "How many messages a member may send at once before messages_per_second holds.",
       amount(place<&Config::limits, &Limits::burst>(), {1, 100000, "no limit"})},
      {"limits.unauthenticated_per_second", kReload,
       "How many datagrams a second are looked at that come from nobody in the room: so many "
       "native "
       "ones, so many text ones of this machine and so many of others. More are dropped, so that a "
       "flood costs the members nothing.",
       amount(place<&Config::limits, &Limits::unauthenticated_per_second>(),
              {10, 1000000, "no limit"})},
      {"limits.message_bytes", kReload,
       "How long the text of one message may be, in bytes of UTF-8.",
       amount(place<&Config::limits, &Limits::message_bytes>(), {1, 900})},
      {"workers.count", kRestart, "How many worker processes send to the members.",
       amount(place<&Config::workers, &Workers::count>(),
              {1, 16, "as many as usable cores, at most 4"})},
      {"workers.hang_timeout", kReload,
       "How long a worker may show no sign of life before it is killed and replaced.",
       duration(place<&Config::workers, &Workers::hang_timeout>(), {1s, 5min})},
  });
}

auto make_rest() {
  return std::to_array<Setting>({
      {"room.ring_bytes", kRestart,
       "How many bytes of messages the room keeps in memory for members that are behind.",
       memory_size(place<&Config::room, &Config::Room::ring_bytes>(), {64U << 10U, 1U << 30U})},
      {"room.name", kReload, "What the room is called; native members are shown it.",
       title(place<&Config::room, &Config::Room::name>(), 64)},
      {"room.replay", kReload, "How many of the last lines a native member gets that comes in.",
       amount(place<&Config::room, &Config::Room::replay>(), {1, 1000, "none"})},
      {"room.password_file", kReload,
       "A file whose first line native members must know; text clients are kept out then, unless "
       "text.enabled is written.",
       path(place<&Config::room, &Config::Room::password_file>(), kMaxDirectory, "no password")},
      {"native.enabled", kReload, "Whether clients that speak the native protocol are let in.",
       flag(place<&Config::native, &Config::Native::enabled>())},
      {"session.linger", kReload,
       "How long a native member that is not heard of stays a member before it has left.",
       duration(place<&Config::session, &Config::Session::linger>(), {1s, 24h, "not at all"})},
      {"log.level", kReload, "The least urgent records that are still written.",
       choice(place<&Config::log, &Config::Log::level>())},
      {"control.path", kRestart, "The Unix socket that chatctl talks to.",
       path(place<&Config::control, &Config::Control::path>(), kMaxSocketPath)},
      {"state.directory", kRestart, "The directory for what outlives the daemon.",
       path(place<&Config::state, &Config::State::directory>(), kMaxDirectory)},
  });
}

}  // namespace

std::string_view Setting::table() const { return key.substr(0, key.find('.')); }
std::string_view Setting::name() const { return key.substr(key.find('.') + 1); }
std::string Setting::default_text() const { return kind->print(Config{}); }

std::span<const Setting> settings() {
  static const std::vector<Setting> table = [] {
    std::vector<Setting> all;
    for (auto& setting : make_network_and_text()) all.push_back(std::move(setting));
    for (auto& setting : make_limits()) all.push_back(std::move(setting));
    for (auto& setting : make_rest()) all.push_back(std::move(setting));
    return all;
  }();
  return table;
}

const Setting* find_setting(std::string_view key) {
  const auto found = std::ranges::find(settings(), key, &Setting::key);
  return found == settings().end() ? nullptr : &*found;
}

bool is_table(std::string_view name) {
  return std::ranges::find(settings(), name, &Setting::table) != settings().end();
}

}  // namespace chatd::config
