// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/user.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "common/wire/bytes.hpp"
#include "common/wire/native/native_handshake.hpp"

namespace chatd::test {
namespace {

template <typename Write>
std::vector<std::byte> written(const Write& write) {
  std::vector<std::byte> datagram(wire::kBaseDatagram);
  wire::ByteWriter out{datagram};
  write(out);
  datagram.resize(out.size());
  return datagram;
}

std::vector<std::byte> hello() {
  return written([](wire::ByteWriter& out) { wire::write_hello(out, {.time = 1, .token = 2}); });
}

std::vector<std::byte> confirm() {
  const std::vector<std::byte> noise(100);
  return written([&](wire::ByteWriter& out) {
    wire::write_confirm(out, {.time = 1, .handshake = 3, .noise = noise});
  });
}

TEST(UserTest, AHelloBeforeTheConfirmBeginsNoLoginAgain) {
  User user;
  EXPECT_FALSE(user.begins_login_again(hello()));
  EXPECT_FALSE(user.begins_login_again(hello()));
  EXPECT_FALSE(user.begins_login_again(confirm()));
  EXPECT_FALSE(user.begins_login_again(confirm()));
}

TEST(UserTest, AHelloAfterTheConfirmBeginsTheLoginAgain) {
  User user;
  EXPECT_FALSE(user.begins_login_again(hello()));
  EXPECT_FALSE(user.begins_login_again(confirm()));
  EXPECT_TRUE(user.begins_login_again(hello()));
}

TEST(UserTest, AHelloAfterTheLoginIsAReturn) {
  User user;
  EXPECT_FALSE(user.begins_login_again(confirm()));
  user.login = Login::done;
  EXPECT_FALSE(user.begins_login_again(hello()));
}

TEST(UserTest, AGuestUnderAnOwnedNameEndsOnlyForThatReason) {
  User user;
  user.other_name = "n0";
  EXPECT_TRUE(user.may_end(client::End::name_owned));
  EXPECT_TRUE(user.may_end(client::End::room_full));
  user.person->to_end.insert(7);
  user.person->clients = 9;
  for (const auto reason : {client::End::name_taken, client::End::program_ended,
                            client::End::replaced, client::End::kicked}) {
    EXPECT_FALSE(user.may_end(reason)) << static_cast<int>(reason);
  }
}

TEST(UserTest, AProgramEndsBecauseAnotherOneHasEndedIt) {
  User user;
  EXPECT_FALSE(user.may_end(client::End::program_ended));
  EXPECT_FALSE(user.may_end(client::End::name_owned));
  user.number = 7;
  user.person->to_end = {7, 8};
  EXPECT_TRUE(user.may_end(client::End::program_ended));
  EXPECT_FALSE(user.may_end(client::End::program_ended));
}

TEST(UserTest, AThirdClientTakesASessionOver) {
  User user;
  user.person->clients = Person::kPrograms;
  EXPECT_FALSE(user.may_end(client::End::replaced));
  ++user.person->clients;
  EXPECT_TRUE(user.may_end(client::End::replaced));
}

}  // namespace
}  // namespace chatd::test
