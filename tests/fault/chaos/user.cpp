// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/user.hpp"

#include "common/wire/native/native_handshake.hpp"

namespace chatd::test {

bool User::begins_login_again(std::span<const std::byte> datagram) {
  if (login == Login::begun && wire::read_confirm(datagram)) login = Login::confirmed;
  return login == Login::confirmed && wire::read_hello(datagram).has_value();
}

// The room is full if guests have taken the slot of a member that left. A session is taken over
// only above the limit: two clients of the user have one each, and a third one logs in.
bool User::may_end(client::End reason) {
  if (reason == client::End::room_full) return true;
  if (!other_name.empty()) return reason == client::End::name_owned;
  if (reason == client::End::replaced) return person->clients > Person::kPrograms;
  auto& to_end = person->to_end;
  if (reason != client::End::program_ended || to_end.empty()) return false;
  const auto order = number ? to_end.find(*number) : to_end.begin();
  if (order == to_end.end()) return false;
  to_end.erase(order);
  return true;
}

}  // namespace chatd::test
