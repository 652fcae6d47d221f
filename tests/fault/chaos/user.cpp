// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/user.hpp"

#include "common/wire/native/native_handshake.hpp"

namespace chatd::test {

bool User::begins_login_again(std::span<const std::byte> datagram) {
  if (login == Login::begun && wire::read_confirm(datagram)) login = Login::confirmed;
  return login == Login::confirmed && wire::read_hello(datagram).has_value();
}

}  // namespace chatd::test
