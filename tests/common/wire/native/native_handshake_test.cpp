// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_handshake.hpp"

#include <vector>

#include <gmock/gmock.h>

namespace chatd::wire {
namespace {

template <class Packet>
std::vector<std::byte> written(void (*write)(ByteWriter&, const Packet&) noexcept,
                               const Packet& packet) {
  std::vector<std::byte> bytes(kBaseDatagram);
  ByteWriter out{bytes};
  write(out, packet);
  EXPECT_TRUE(out.ok());
  bytes.resize(out.size());
  return bytes;
}

// Nothing shorter is one, but where it ends in bytes of any number.
template <class Read>
void expect_whole(const std::vector<std::byte>& bytes, std::size_t least, Read read) {
  for (std::size_t size = 0; size < least; ++size) {
    EXPECT_FALSE(read(Bytes{bytes}.first(size))) << size;
  }
  EXPECT_TRUE(read(bytes));
}

Cookie cookie() {
  Cookie cookie;
  for (std::size_t i = 0; i < cookie.size(); ++i) cookie[i] = static_cast<std::byte>(i + 1);
  return cookie;
}

TEST(NativeHandshake, AHelloIsReadBackAndHasExactly1200Bytes) {
  const std::vector<std::byte> noise(32, std::byte{9});
  const auto bytes =
      written(write_hello, Hello{.time = 1, .token = 2, .cookie = cookie(), .noise = noise});
  ASSERT_EQ(bytes.size(), 1200U);
  const auto hello = read_hello(bytes);
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->version, kNativeVersion);
  EXPECT_EQ(hello->time, 1U);
  EXPECT_EQ(hello->token, 2U);
  EXPECT_EQ(hello->cookie, cookie());
  EXPECT_TRUE(std::ranges::equal(hello->noise, noise));
  expect_whole(bytes, 1200, read_hello);
  auto longer = bytes;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(read_hello(longer));
}

TEST(NativeHandshake, ARetryIsReadBack) {
  const auto bytes = written(
      write_retry, Retry{.password_wanted = true, .time = 3, .token = 4, .cookie = cookie()});
  EXPECT_EQ(bytes.size(), 32U);
  const auto retry = read_retry(bytes).value();
  EXPECT_TRUE(retry.password_wanted);
  EXPECT_EQ(retry.time, 3U);
  EXPECT_EQ(retry.token, 4U);
  EXPECT_EQ(retry.cookie, cookie());
  expect_whole(bytes, 32, read_retry);
}

TEST(NativeHandshake, AnAcceptAndAConfirmAreReadBack) {
  const std::vector<std::byte> noise(96, std::byte{8});
  const auto accept_bytes =
      written(write_accept, Accept{.time = 5, .token = 6, .handshake = 7, .noise = noise});
  const auto accept = read_accept(accept_bytes).value();
  EXPECT_EQ(accept.time, 5U);
  EXPECT_EQ(accept.token, 6U);
  EXPECT_EQ(accept.handshake, 7U);
  EXPECT_TRUE(std::ranges::equal(accept.noise, noise));
  expect_whole(accept_bytes, 24, read_accept);

  const auto confirm_bytes =
      written(write_confirm, Confirm{.time = 8, .handshake = 9, .noise = noise});
  const auto confirm = read_confirm(confirm_bytes).value();
  EXPECT_EQ(confirm.time, 8U);
  EXPECT_EQ(confirm.handshake, 9U);
  EXPECT_TRUE(std::ranges::equal(confirm.noise, noise));
  expect_whole(confirm_bytes, 16, read_confirm);
}

TEST(NativeHandshake, APacketIsNotReadAsAnother) {
  const auto retry = written(write_retry, Retry{});
  EXPECT_EQ(packet_type(retry), PacketType::retry);
  EXPECT_FALSE(read_accept(retry));
  EXPECT_FALSE(read_confirm(retry));
  EXPECT_FALSE(read_refuse(retry));
}

TEST(NativeHandshake, ALoginIsReadBack) {
  auto bytes = written(write_login, LoginPayload{.name = "小明",
                                                 .history_id = 1,
                                                 .room_offset = 2,
                                                 .client = 3,
                                                 .is_brief = true,
                                                 .wants_saved = true,
                                                 .reads_direct = true});
  const auto login = read_login(bytes).value();
  EXPECT_EQ(login.name, "小明");
  EXPECT_EQ(login.history_id, 1U);
  EXPECT_EQ(login.room_offset, 2U);
  EXPECT_EQ(login.client, 3U);
  EXPECT_TRUE(login.is_brief);
  EXPECT_TRUE(login.wants_saved);
  EXPECT_TRUE(login.reads_direct);
  // Older clients end before reads_direct, then before the code, then before wants_saved, the first
  // ones before is_brief.
  bytes.pop_back();
  EXPECT_FALSE(read_login(bytes).value().reads_direct);
  bytes.pop_back();
  EXPECT_TRUE(read_login(bytes).value().wants_saved);
  EXPECT_TRUE(read_login(bytes).value().code.empty());
  bytes.pop_back();
  EXPECT_TRUE(read_login(bytes).value().is_brief);
  EXPECT_FALSE(read_login(bytes).value().wants_saved);
  bytes.pop_back();
  EXPECT_FALSE(read_login(bytes).value().is_brief);
  expect_whole(bytes, bytes.size(), read_login);
}

TEST(NativeHandshake, ARefusalIsReadBack) {
  const auto refuse_bytes =
      written(write_refuse, Refuse{.code = RefuseCode::busy, .time = 1, .reference = 2});
  const auto refuse = read_refuse(refuse_bytes).value();
  EXPECT_EQ(refuse.code, RefuseCode::busy);
  EXPECT_EQ(refuse.reference, 2U);
  expect_whole(refuse_bytes, 16, read_refuse);
}

// As a later version may send them.
TEST(NativeHandshake, MoreFieldsAtTheEndAreIgnored) {
  auto retry = written(write_retry, Retry{.token = 4});
  auto refuse = written(write_refuse, Refuse{.code = RefuseCode::busy, .reference = 2});
  auto login = written(write_login, LoginPayload{.name = "ada", .client = 3});
  for (auto* bytes : {&retry, &refuse, &login}) bytes->resize(bytes->size() + 9, std::byte{0xFF});
  EXPECT_EQ(read_retry(retry).value().token, 4U);
  EXPECT_EQ(read_refuse(refuse).value().reference, 2U);
  EXPECT_EQ(read_login(login).value().name, "ada");
  EXPECT_EQ(read_login(login).value().client, 3U);
}

}  // namespace
}  // namespace chatd::wire
