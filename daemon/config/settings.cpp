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
       "The UDP addresses that the daemon listens on; port 0 lets the kernel choose a port.",
       list(place<&Config::network, &Config::Network::listen>(), {1, 16})},
      {"network.discovery", kReload,
       "Whether the server answers programs that look for servers in the local network. It hears "
       "them at a wildcard address only, and answers private and link-local addresses only.",
       flag(place<&Config::network, &Config::Network::discovery>())},
      {"text.enabled", kReload,
       "Whether text clients (clients that use the text protocol) are admitted.",
       flag(place<&Config::text, &Text::enabled>())},
      {"text.networks", kReload,
       "The networks from which text clients are admitted. Such clients prove neither name nor "
       "address, so list only trusted networks.",
       list(place<&Config::text, &Text::networks>(), {0, 64})},
      {"text.chat_form", kReload,
       "Whether a client sends its own name before each message: never (\"message\"), always "
       "(\"named\"), or as detected from its messages (\"auto\").",
       choice(place<&Config::text, &Text::chat_form>())},
      {"text.login_reply", kReload,
       "The datagram that a text client receives after its login; clients compare it exactly.",
       word(place<&Config::text, &Text::login_reply>(), 32)},
      {"text.exit_reply", kReload,
       "The datagram that a text client receives when its session ends; clients compare it "
       "exactly. If this is a list, each of its strings is sent in a separate datagram.",
       words(place<&Config::text, &Text::exit_reply>(), {1, 8}, 32)},
      {"text.language", kReload,
       "The language of notices: English (\"en\"), Chinese (\"zh\") or that of the daemon's locale "
       "(\"auto\").",
       choice(place<&Config::text, &Text::language>())},
      {"text.idle_timeout", kReload,
       "The time that a text client may send nothing before it is logged out.",
       duration(place<&Config::text, &Text::idle_timeout>(), {10s, 24h * 30, "never"})},
      {"text.listeners", kReload,
       "The maximum number of text clients of other machines that have sent nothing 10 seconds or "
       "more after their login. Beyond that, the one that is silent for longest is logged out.",
       amount(place<&Config::text, &Text::listeners>(), {1, 100000, "no limit"})},
      {"text.listeners_bytes_per_second", kReload,
       "The maximum number of bytes a second, with headers, that are sent to all these clients "
       "together. More is delayed or lost.",
       amount(place<&Config::text, &Text::listeners_bytes_per_second>(),
              {10000, 1000000000, "no limit"})},
  });
}

auto make_limits() {
  return std::to_array<Setting>({
      {"limits.sessions", kRestart,
       "The maximum number of sessions: each member has one for each of its programs.",
       amount(place<&Config::limits, &Limits::sessions>(), {1, 100000})},
      {"limits.sessions_per_address", kReload,
       "The maximum number of sessions from one IPv4 address or one IPv6 network (/64).",
       amount(place<&Config::limits, &Limits::sessions_per_address>(), {1, 100000, "no limit"})},
      {"limits.programs_per_person", kReload,
       "The number of programs that a user may log in with at once, under one name.",
       amount(place<&Config::limits, &Limits::programs_per_person>(), {1, 12})},
      {"limits.messages_per_second", kReload,
       "The number of messages a second that a member may send over time.",
       amount(place<&Config::limits, &Limits::messages_per_second>(), {0.01, 100000, "no limit"})},
      {"limits.burst", kReload,
       "The number of messages that a member may send at once before messages_per_second applies.",
       amount(place<&Config::limits, &Limits::burst>(), {1, 100000, "no limit"})},
      {"limits.unauthenticated_per_second", kReload,
       "How many datagrams a second from unauthenticated peers (senders that are not members) are "
       "processed. The limit applies separately to native datagrams, to text datagrams of this "
       "machine and to text datagrams of other machines. More are dropped, so that a flood does "
       "not slow down the members.",
       amount(place<&Config::limits, &Limits::unauthenticated_per_second>(),
              {10, 1000000, "no limit"})},
      {"limits.message_bytes", kReload,
       "The maximum length of the text of one message, in bytes of UTF-8.",
       amount(place<&Config::limits, &Limits::message_bytes>(), {1, 900})},
      {"limits.questions_per_second", kReload,
       "The number of questions about stored messages a second that a user may ask over time, five "
       "of them at once.",
       amount(place<&Config::limits, &Limits::questions_per_second>(), {0.01, 1000, "no limit"})},
      {"limits.rooms", kRestart, "The maximum number of rooms beside the default one.",
       amount(place<&Config::limits, &Limits::rooms>(), {1, 10000, "none"})},
      {"limits.rooms_per_member", kReload,
       "The maximum number of rooms that one member has made and that still exist. Rooms that the "
       "administrator keeps do not count.",
       amount(place<&Config::limits, &Limits::rooms_per_member>(), {1, 10000, "no limit"})},
      {"limits.rooms_per_address", kReload,
       "The same for all members from one IPv4 address or one IPv6 network (/64) together. Members "
       "of the server's own machine (loopback) are not counted.",
       amount(place<&Config::limits, &Limits::rooms_per_address>(), {1, 10000, "no limit"})},
      {"limits.names", kRestart, "The maximum number of names that belong to somebody.",
       amount(place<&Config::limits, &Limits::names>(), {1, 100000, "none"})},
      {"workers.count", kRestart, "The number of worker processes, which send to the members.",
       amount(place<&Config::workers, &Workers::count>(),
              {1, 16, "as many as usable cores, at most 4"})},
      {"workers.hang_timeout", kReload,
       "The time that a worker or the gateway may show no sign of life before it is killed and "
       "replaced.",
       duration(place<&Config::workers, &Workers::hang_timeout>(), {1s, 5min})},
  });
}

auto make_rooms_and_names() {
  return std::to_array<Setting>({
      {"room.ring_bytes", kRestart,
       "The number of bytes of messages that the default room keeps in memory for members that are "
       "behind.",
       memory_size(place<&Config::room, &Config::Room::ring_bytes>(), {64U << 10U, 1U << 30U})},
      {"room.name", kReload, "The name of the default room; native members see it.",
       title(place<&Config::room, &Config::Room::name>(), 64)},
      {"room.replay", kReload,
       "The number of last lines that a native member receives when it joins.",
       amount(place<&Config::room, &Config::Room::replay>(), {1, 1000, "none"})},
      {"room.password_file", kReload,
       "A file whose first line is the password of native members. Text clients are then not "
       "admitted, unless text.enabled is written.",
       path(place<&Config::room, &Config::Room::password_file>(), kMaxDirectory, "no password")},
      {"rooms.create", kReload,
       "The makers of further rooms: every native member (\"anyone\"), members that own a name "
       "(\"owners\") or the administrator only (\"admin\").",
       choice(place<&Config::rooms, &Config::Rooms::create>())},
      {"rooms.linger", kReload,
       "The time that a room without members exists, if the administrator does not keep it.",
       duration(place<&Config::rooms, &Config::Rooms::linger>(), {1s, 24h, "not at all"})},
      {"rooms.ring_bytes", kRestart,
       "The number of bytes of messages that each further room keeps in memory for members that "
       "are behind.",
       memory_size(place<&Config::rooms, &Config::Rooms::ring_bytes>(), {64U << 10U, 4U << 20U})},
      {"names.claim", kReload,
       "Who makes a name belong to a key: the native member that has the name (\"members\") or the "
       "administrator only (\"admin\").",
       choice(place<&Config::names, &Config::Names::claim>())},
      {"names.expire", kReload, "How long a name belongs to an owner who does not come.",
       duration(place<&Config::names, &Config::Names::expire>(), {24h, 24h * 3650, "no limit"})},
      {"native.enabled", kReload,
       "Whether native clients (clients that use the encrypted protocol) are admitted.",
       flag(place<&Config::native, &Config::Native::enabled>())},
      {"server.door", kReload,
       "Who logs in: everybody (\"open\"), or persons that an invitation code has admitted, that "
       "own a name, or that were first seen a day ago or earlier (\"invited\"). Text clients are "
       "then not admitted.",
       choice(place<&Config::server, &Config::Server::door>())},
  });
}

auto make_web() {
  return std::to_array<Setting>({
      {"web.enabled", kReload,
       "Whether browsers are served. A room with a password, or one for invited persons only, has "
       "no page unless this is written. A page that was not open at the start needs a restart.",
       flag(place<&Config::web, &Web::enabled>())},
      {"web.listen", kRestart,
       "The TCP addresses of the page; port 0 lets the kernel choose a port.",
       list(place<&Config::web, &Web::listen>(), {1, 16})},
      {"web.hosts", kReload,
       "Names of this server in addresses of the page, besides localhost, the name of the machine "
       "and IP addresses. A request for another name is refused.",
       words(place<&Config::web, &Web::hosts>(), {0, 64}, 253)},
      {"web.proxies", kReload,
       "The networks of proxies in front of the page. From them a request says by X-Forwarded-For "
       "where it came from, and by X-Forwarded-Proto whether over TLS.",
       list(place<&Config::web, &Web::proxies>(), {0, 64})},
      {"web.plain", kReload,
       "What a browser of another machine may do without TLS: take part in open rooms "
       "(\"chat-only\"), or all that it may do over TLS (\"trusted\").",
       choice(place<&Config::web, &Web::plain>())},
      {"web.sessions", kRestart,
       "The maximum number of sessions of browsers. They do not count for limits.sessions.",
       amount(place<&Config::web, &Web::sessions>(), {1, 100000, "none"})},
      {"web.linger", kReload,
       "The time that a member whose page is closed or has no connection stays a member.",
       duration(place<&Config::web, &Web::linger>(), {1s, 24h, "not at all"})},
  });
}

auto make_rest() {
  return std::to_array<Setting>({
      {"history.enabled", kRestart,
       "Whether messages are stored on disk, in the state directory. If not, no file is made for "
       "them; one that exists is not changed.",
       flag(place<&Config::history, &Config::History::enabled>())},
      {"history.max_age", kReload, "How long messages are stored.",
       duration(place<&Config::history, &Config::History::max_age>(),
                {1h, 24h * 3650, "no limit"})},
      {"history.max_bytes", kReload,
       "The largest size of the database. The oldest messages are deleted before it is reached.",
       disk_size(place<&Config::history, &Config::History::max_bytes>(), {1U << 20U, 1ULL << 40U})},
      {"direct.from", kReload,
       "From whom members take direct messages, if they have not chosen otherwise: everybody "
       "(\"anyone\"), members of a further room that they are in (\"same-room\"), or members "
       "that own a name (\"owned\").",
       choice(place<&Config::direct, &Config::Direct::from>())},
      {"registry.required", kRestart,
       "Whether a start ends if the rooms, bans and roles that are on disk cannot be read. If not, "
       "the service starts without them.",
       flag(place<&Config::registry, &Config::Registry::required>())},
      {"session.linger", kReload,
       "The time that a native member without a connection stays a member.",
       duration(place<&Config::session, &Config::Session::linger>(), {1s, 24h, "not at all"})},
  });
}

auto make_files() {
  return std::to_array<Setting>({
      {"log.level", kReload, "The lowest priority of the records that are logged.",
       choice(place<&Config::log, &Config::Log::level>())},
      {"log.addresses", kReload,
       "Whether records have the addresses of members and of other peers.",
       flag(place<&Config::log, &Config::Log::addresses>())},
      {"control.path", kRestart, "The Unix socket that chatctl connects to.",
       path(place<&Config::control, &Config::Control::path>(), kMaxSocketPath)},
      {"state.directory", kRestart, "The directory of files that are kept when the daemon ends.",
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
    for (auto& setting : make_rooms_and_names()) all.push_back(std::move(setting));
    for (auto& setting : make_rest()) all.push_back(std::move(setting));
    for (auto& setting : make_web()) all.push_back(std::move(setting));
    for (auto& setting : make_files()) all.push_back(std::move(setting));
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
