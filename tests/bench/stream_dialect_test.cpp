// SPDX-License-Identifier: GPL-3.0-or-later
// stream_dialect_test.cpp — the bytes of the clients of the other servers, in the default room and
// in a further one.
#include "tests/bench/stream_dialect.hpp"

#include <gmock/gmock.h>

namespace chatd::bench {
namespace {

using std::string_literals::operator""s;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const StreamRole kListener{.name = "m12", .room = "r2"};
const StreamRole kPublisher{.name = "m2", .publishes = true, .room = "r2"};

std::string payload_of(std::uint32_t number) {
  std::string text(kPayloadBytes, ' ');
  write_payload(text.data(), {.publisher = 2, .number = number});
  return text;
}

// A client of one of the protocols, and what it has received.
class Client {
 public:
  Client(Dialect dialect, const StreamRole& role) : dialect_{make_stream_dialect(dialect, role)} {}

  [[nodiscard]] std::string greeting() const { return dialect_->greeting(); }
  [[nodiscard]] std::string message(std::uint32_t number) {
    std::string out;
    dialect_->put_message(out, payload_of(number));
    return out;
  }
  // Returns the reply.
  std::string take(const std::string& bytes) {
    std::string reply;
    const std::function<void(const Payload&)> message = [this](const Payload& payload) {
      numbers.push_back(payload.number);
    };
    EXPECT_EQ(dialect_->take(bytes, {.reply = reply, .ready = ready, .message = message}),
              bytes.size());
    return reply;
  }

  bool ready{false};
  std::vector<std::uint32_t> numbers;

 private:
  std::unique_ptr<StreamDialect> dialect_;
};

TEST(BenchIrc, AMemberJoinsTheChannelOfItsRoomAndSendsInIt) {
  Client client{Dialect::irc, kListener};
  EXPECT_EQ(client.greeting(), "NICK m12\r\nUSER m12 0 * :m12\r\n");
  EXPECT_EQ(client.take(":irc.bench 001 m12 :Welcome\r\n"), "JOIN #r2\r\n");
  EXPECT_FALSE(client.ready);
  EXPECT_EQ(client.take(":m12!~m12@127.0.0.1 JOIN :#r2\r\n:irc.bench 366 m12 #r2 :End\r\n"), "");
  EXPECT_TRUE(client.ready);
  EXPECT_EQ(client.message(7), "PRIVMSG #r2 :" + payload_of(7) + "\r\n");
  client.take(":m2!~m2@127.0.0.1 PRIVMSG #r2 :" + payload_of(8) + "\r\n");
  EXPECT_THAT(client.numbers, ElementsAre(8));
  EXPECT_EQ(client.take("PING :irc.bench\r\n"), "PONG :irc.bench\r\n");
}

TEST(BenchNats, AListenerSubscribesToTheSubjectOfItsRoom) {
  Client client{Dialect::nats, kListener};
  EXPECT_EQ(client.greeting(),
            "CONNECT {\"verbose\":false,\"pedantic\":false,\"echo\":false}\r\n"
            "SUB r2 1\r\nPING\r\n");
  client.take("INFO {}\r\nPONG\r\n");
  EXPECT_TRUE(client.ready);
  client.take("MSG r2 1 64\r\n" + payload_of(8) + "\r\n");
  EXPECT_THAT(client.numbers, ElementsAre(8));
}

TEST(BenchNats, APublisherSendsToTheSubjectOfItsRoomAndDoesNotSubscribe) {
  Client client{Dialect::nats, kPublisher};
  EXPECT_EQ(client.greeting(),
            "CONNECT {\"verbose\":false,\"pedantic\":false,\"echo\":false}\r\nPING\r\n");
  EXPECT_EQ(client.message(7), "PUB r2 64\r\n" + payload_of(7) + "\r\n");
}

TEST(BenchRedis, AListenerSubscribesToTheChannelOfItsRoom) {
  Client client{Dialect::redis, kListener};
  EXPECT_EQ(client.greeting(), "SUBSCRIBE r2\r\n");
  client.take("*3\r\n$9\r\nsubscribe\r\n$2\r\nr2\r\n:1\r\n");
  EXPECT_TRUE(client.ready);
  client.take("*3\r\n$7\r\nmessage\r\n$2\r\nr2\r\n$64\r\n" + payload_of(8) + "\r\n");
  EXPECT_THAT(client.numbers, ElementsAre(8));
}

TEST(BenchRedis, APublisherSendsToTheChannelOfItsRoomAndDoesNotSubscribe) {
  Client client{Dialect::redis, kPublisher};
  EXPECT_EQ(client.greeting(), "PING\r\n");
  client.take("+PONG\r\n");
  EXPECT_TRUE(client.ready);
  EXPECT_EQ(client.message(7),
            "*3\r\n$7\r\nPUBLISH\r\n$2\r\nr2\r\n$64\r\n" + payload_of(7) + "\r\n");
}

TEST(BenchMqtt, AListenerSubscribesToTheTopicOfItsRoom) {
  Client client{Dialect::mqtt, kListener};
  EXPECT_EQ(client.greeting(), "\x10\x0f\0\4MQTT\4\2\0\0\0\3m12"s + "\x82\x07\0\1\0\2r2\0"s);
  client.take("\x20\2\0\0"s);
  EXPECT_FALSE(client.ready);
  client.take("\x90\3\0\1\0"s);
  EXPECT_TRUE(client.ready);
  EXPECT_EQ(client.take("\x30\x44\0\2r2"s + payload_of(8)), "");
  EXPECT_THAT(client.numbers, ElementsAre(8));
}

TEST(BenchMqtt, APublisherSendsToTheTopicOfItsRoomAndDoesNotSubscribe) {
  Client client{Dialect::mqtt, kPublisher};
  EXPECT_EQ(client.greeting(), "\x10\x0e\0\4MQTT\4\2\0\0\0\2m2"s);
  client.take("\x20\2\0\0"s);
  EXPECT_TRUE(client.ready);
  EXPECT_EQ(client.message(7), "\x30\x44\0\2r2"s + payload_of(7));
}

TEST(BenchMqtt, AListenerWithQos1AcknowledgesTheIdentifierBehindATopicOfAnyLength) {
  for (const auto& room : {"r2"s, "room"s, "r999"s}) {
    Client client{Dialect::mqtt_acknowledged, {.name = "m12", .room = room}};
    const std::string body =
        "\0"s + static_cast<char>(room.size()) + room + "\x12\x34" + payload_of(8);
    EXPECT_EQ(client.take("\x32"s + static_cast<char>(body.size()) + body), "\x40\x02\x12\x34");
    EXPECT_THAT(client.numbers, ElementsAre(8));
  }
}

TEST(BenchMqtt, APublisherWithQos1NumbersItsMessagesFromOne) {
  Client client{Dialect::mqtt_acknowledged, kPublisher};
  EXPECT_EQ(client.message(7), "\x32\x46\0\2r2\0\1"s + payload_of(7));
  EXPECT_EQ(client.message(8), "\x32\x46\0\2r2\0\2"s + payload_of(8));
}

TEST(BenchStreamDialect, WithoutAFurtherRoomAllSendInOneRoom) {
  const StreamRole role{.name = "m0", .publishes = true};
  EXPECT_THAT(Client(Dialect::irc, role).message(1), ::testing::StartsWith("PRIVMSG #room :"));
  EXPECT_THAT(Client(Dialect::nats, role).message(1), ::testing::StartsWith("PUB room 64\r\n"));
  EXPECT_THAT(Client(Dialect::redis, role).message(1),
              ::testing::StartsWith("*3\r\n$7\r\nPUBLISH\r\n$4\r\nroom\r\n$64\r\n"));
  EXPECT_THAT(Client(Dialect::mqtt, role).message(1), ::testing::StartsWith("\x30\x46\0\4room"s));
}

TEST(BenchStreamDialect, AnIncompleteMessageIsLeftForLater) {
  for (const auto& [dialect, whole] :
       {std::pair{Dialect::redis, payload_of(8) + "\r\n"},
        std::pair{Dialect::mqtt, "\x30\x44\0\2r2"s + payload_of(8)}}) {
    const auto parser = make_stream_dialect(dialect, kListener);
    std::string reply;
    bool ready = false;
    std::vector<std::uint32_t> numbers;
    const std::function<void(const Payload&)> message = [&](const Payload& payload) {
      numbers.push_back(payload.number);
    };
    const StreamDialect::Output output{.reply = reply, .ready = ready, .message = message};
    EXPECT_EQ(parser->take(whole.substr(0, whole.size() - 1), output), 0U);
    EXPECT_THAT(numbers, IsEmpty());
    EXPECT_EQ(parser->take(whole, output), whole.size());
    EXPECT_THAT(numbers, ElementsAre(8));
  }
}

TEST(BenchStreamDialect, AMessageReachesTheOthersOfItsRoomOnly) {
  const MembersOptions rooms{
      .server = {}, .publishers = 3, .listeners = 37, .rooms = 3, .room_members = 10};
  const MembersOptions none{.server = {}, .publishers = 4, .listeners = 20};
  for (const Dialect dialect : {Dialect::irc, Dialect::mqtt, Dialect::nats, Dialect::redis}) {
    EXPECT_EQ(stream_receivers(dialect, rooms), 9U);
    EXPECT_EQ(stream_receivers(dialect, none), dialect == Dialect::irc ? 23U : 20U);
  }
}

}  // namespace
}  // namespace chatd::bench
