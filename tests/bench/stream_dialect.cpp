// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/stream_dialect.hpp"

#include <array>
#include <cstdint>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace chatd::bench {

namespace {

// A protocol of lines. The payload of a message is at the end of a line, or is the whole line.
class LineDialect : public StreamDialect {
 public:
  explicit LineDialect(StreamRole role) : role_{std::move(role)} {}

  std::size_t take(std::string_view bytes, const Output& output) final {
    std::size_t taken = 0;
    for (;;) {
      const auto end = bytes.find('\n', taken);
      if (end == std::string_view::npos) return taken;
      std::string_view line = bytes.substr(taken, end - taken);
      taken = end + 1;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (const auto payload = read_payload(line)) {
        output.message(*payload);
      } else {
        on_line(line, output);
      }
    }
  }

 protected:
  [[nodiscard]] const StreamRole& role() const { return role_; }
  virtual void on_line(std::string_view line, const Output& output) = 0;

 private:
  StreamRole role_;
};

class Irc : public LineDialect {
 public:
  using LineDialect::LineDialect;
  std::string greeting() const override {
    return fmt::format("NICK {0}\r\nUSER {0} 0 * :{0}\r\n", role().name);
  }
  void put_message(std::string& out, std::string_view payload) override {
    fmt::format_to(std::back_inserter(out), "PRIVMSG #{} :{}\r\n", role().room, payload);
  }

 protected:
  void on_line(std::string_view line, const Output& output) override {
    if (line.starts_with("PING")) {
      output.reply.append("PONG").append(line.substr(4)).append("\r\n");
    } else if (!welcomed_ && line.find(" 001 ") != std::string_view::npos) {
      welcomed_ = true;
      output.reply.append("JOIN #").append(role().room).append("\r\n");
    } else if (!output.ready && line.find(" 366 ") != std::string_view::npos) {
      output.ready = true;
    }
  }

 private:
  bool welcomed_{false};
};

class Nats : public LineDialect {
 public:
  using LineDialect::LineDialect;
  std::string greeting() const override {
    const std::string sub = role().publishes ? "" : fmt::format("SUB {} 1\r\n", role().room);
    return fmt::format("CONNECT {{{}}}\r\n{}PING\r\n",
                       R"("verbose":false,"pedantic":false,"echo":false)", sub);
  }
  void put_message(std::string& out, std::string_view payload) override {
    fmt::format_to(std::back_inserter(out), "PUB {} {}\r\n{}\r\n", role().room, payload.size(),
                   payload);
  }

 protected:
  void on_line(std::string_view line, const Output& output) override {
    if (line == "PONG") output.ready = true;
    if (line == "PING") output.reply.append("PONG\r\n");
  }
};

class Redis : public LineDialect {
 public:
  using LineDialect::LineDialect;
  std::string greeting() const override {
    return role().publishes ? "PING\r\n" : fmt::format("SUBSCRIBE {}\r\n", role().room);
  }
  void put_message(std::string& out, std::string_view payload) override {
    fmt::format_to(std::back_inserter(out), "*3\r\n$7\r\nPUBLISH\r\n${}\r\n{}\r\n${}\r\n{}\r\n",
                   role().room.size(), role().room, payload.size(), payload);
  }

 protected:
  void on_line(std::string_view line, const Output& output) override {
    if (line == "+PONG" || line == "subscribe") output.ready = true;
  }
};

class Mqtt : public StreamDialect {
 public:
  Mqtt(StreamRole role, bool acknowledged) : role_{std::move(role)}, qos_{acknowledged} {}

  std::string greeting() const override {
    // A clean session, no keep-alive.
    std::string out = packet(0x10, std::string{"\0\4MQTT\4\2\0\0", 10} + counted(role_.name));
    if (!role_.publishes) {
      out += packet('\x82', std::string{"\0\1", 2} + counted(role_.room) + char{qos_});
    }
    return out;
  }
  void put_message(std::string& out, std::string_view payload) override {
    std::string body = counted(role_.room);
    if (qos_) {
      identifier_ = identifier_ == 0xFFFF ? 1 : identifier_ + 1;
      body += both_bytes(identifier_);
    }
    out += packet(static_cast<char>(0x30 | (qos_ ? 2 : 0)), body.append(payload));
  }
  std::size_t take(std::string_view bytes, const Output& output) override {
    std::size_t taken = 0;
    for (;;) {
      const std::string_view rest = bytes.substr(taken);
      // No packet to these clients is longer than 127 bytes, so the length is one byte.
      if (rest.size() < 2 || rest.size() < 2 + static_cast<std::size_t>(rest[1])) return taken;
      const std::string_view body = rest.substr(2, static_cast<std::size_t>(rest[1]));
      on_packet(static_cast<unsigned char>(rest[0]), body, output);
      taken += 2 + body.size();
    }
  }

 private:
  static std::string both_bytes(std::size_t value) {
    return {static_cast<char>(value >> 8U), static_cast<char>(value & 0xFFU)};
  }
  static std::string counted(std::string_view text) { return both_bytes(text.size()).append(text); }
  static std::string packet(char first, std::string_view body) {
    return std::string{first, static_cast<char>(body.size())}.append(body);
  }
  void on_packet(unsigned char first, std::string_view body, const Output& output) const {
    constexpr unsigned char kConnAck = 0x20;
    constexpr unsigned char kSubAck = 0x90;
    constexpr unsigned char kPublish = 0x30;
    if ((first & 0xF0U) == kPublish) {
      if ((first & 0x06U) != 0) {  // QoS 1 (at least once): acknowledge it
        const std::size_t topic = 2 + role_.room.size();
        output.reply.append("\x40\x02").append(body.substr(topic, 2));
      }
      if (const auto payload = read_payload(body)) output.message(*payload);
    } else if (first == (role_.publishes ? kConnAck : kSubAck)) {
      output.ready = true;
    }
  }

  StreamRole role_;
  bool qos_;
  std::size_t identifier_{0};
};

}  // namespace

std::unique_ptr<StreamDialect> make_stream_dialect(Dialect dialect, const StreamRole& role) {
  switch (dialect) {
    case Dialect::irc:
      return std::make_unique<Irc>(role);
    case Dialect::mqtt:
    case Dialect::mqtt_acknowledged:
      return std::make_unique<Mqtt>(role, dialect == Dialect::mqtt_acknowledged);
    case Dialect::nats:
      return std::make_unique<Nats>(role);
    case Dialect::redis:
      return std::make_unique<Redis>(role);
    case Dialect::text:
    case Dialect::native:
      break;
  }
  return nullptr;
}

std::uint64_t stream_receivers(Dialect dialect, const MembersOptions& options) {
  // Each further room has one publisher, who does not receive its own messages.
  if (options.rooms != 0) return options.room_members - 1;
  // On IRC the publishers are in the channel, and receive the messages of the others.
  return options.listeners + (dialect == Dialect::irc ? options.publishers - 1 : 0);
}

}  // namespace chatd::bench
