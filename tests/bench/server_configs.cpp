// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/server_configs.hpp"

#include <stdexcept>

#include <fmt/format.h>

namespace chatd::bench {

namespace {

std::string ngircd(const std::string& directory, std::uint16_t port) {
  return fmt::format(R"([Global]
Name = irc.bench
Info = benchmark
Listen = 127.0.0.1
Ports = {1}
PidFile = {0}/pid
ServerUID = root
ServerGID = root
MotdPhrase = hello
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
PingTimeout = 3600
[Options]
DNS = no
Ident = no
PAM = no
)",
                     directory, port);
}

std::string inspircd(const std::string& directory, std::uint16_t port) {
  return fmt::format(R"(<config format="xml">
<server name="irc.bench" description="benchmark" network="bench">
<admin name="a" nick="a" email="a@bench">
<bind address="127.0.0.1" port="{1}" type="clients">
<pid file="{0}/pid">
<connect name="all" allow="*" timeout="600" pingfreq="3600" commandrate="1000000"
 threshold="1000000" fakelag="no" hardsendq="67108864" softsendq="67108864" recvq="1048576"
 localmax="100000" globalmax="100000" maxchans="20" resolvehostnames="no" useident="no"
 maxconnwarn="no">
<performance somaxconn="4096" softlimit="100000" netbuffersize="10240" nouserdns="yes" quietbursts="yes">
<options prefixquit="" pingwarning="0">
<security maxtargets="20">
<limits maxnick="30" maxchan="64" maxquit="255">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="{0}/irc.log">
)",
                     directory, port);
}

std::string mosquitto(std::uint16_t port) {
  return fmt::format(R"(listener {} 127.0.0.1
user root
allow_anonymous true
max_queued_messages 0
max_inflight_messages 0
persistence false
set_tcp_nodelay true
max_connections -1
log_type error
)",
                     port);
}

std::string nats(std::uint16_t port) {
  return fmt::format(R"(listen: "127.0.0.1:{}"
max_connections: 100000
max_pending: 268435456
write_deadline: "60s"
ping_interval: "1h"
logtime: false
)",
                     port);
}

std::string redis(std::uint16_t port) {
  return fmt::format(R"(bind 127.0.0.1
port {}
save ""
appendonly no
maxclients 100000
timeout 0
tcp-backlog 4096
client-output-buffer-limit pubsub 0 0 0
client-output-buffer-limit normal 0 0 0
)",
                     port);
}

}  // namespace

PeerCommand peer_command(std::string_view name, const std::string& directory, std::uint16_t port) {
  const std::string config = directory + "/config";
  if (name == "ngircd") {
    return {.argv = {"/usr/sbin/ngircd", "-n", "-f", config}, .config = ngircd(directory, port)};
  }
  if (name == "inspircd") {
    return {.argv = {"/usr/sbin/inspircd", "--runasroot", "--nofork", "--config", config},
            .config = inspircd(directory, port)};
  }
  if (name.starts_with("mosquitto")) {
    return {.argv = {"/usr/sbin/mosquitto", "-c", config}, .config = mosquitto(port)};
  }
  if (name == "nats") {
    return {.argv = {"/usr/sbin/nats-server", "-c", config}, .config = nats(port)};
  }
  if (name == "redis") {
    return {.argv = {"/usr/bin/redis-server", config}, .config = redis(port)};
  }
  if (name == "python") {
    return {.argv = {"/usr/bin/python3", CHATD_SEED_SERVER, std::to_string(port)}, .config = {}};
  }
  throw std::runtime_error{"no such server: " + std::string{name}};
}

std::string_view chatd_config() {
  return "limits.messages_per_second = 0\n"
         "limits.sessions_per_address = 0\n"
         "limits.sessions = 16384\n"
         "limits.rooms = 10000\n"
         "limits.rooms_per_member = 0\n"
         "limits.rooms_per_address = 0\n";
}

}  // namespace chatd::bench
