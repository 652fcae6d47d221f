// SPDX-License-Identifier: GPL-3.0-or-later
// Users that are blocked.
#include "client/member/member_impl.hpp"
#include "common/wire/native/native_block.hpp"

namespace chatd::client {

// A name is not cut: its beginning may be the name of another member.
std::uint64_t Member::Impl::block(const Block& message) {
  if (message.name.size() > wire::kMaxNameBytes) {
    const std::uint64_t number = uplink.skip_number();
    refuse(number, message.remove ? wire::Reason::not_blocked : wire::Reason::no_such_member);
    return number;
  }
  const auto act = message.remove ? wire::BlockAct::remove : wire::BlockAct::add;
  const auto text = wire::as_argument(wire::BlockRequest{.act = act});
  std::array<char, wire::kMaxNamedBytes> name{};
  const auto named =
      wire::write_named({.name = message.name, .person = persons.of(message.name)}, name);
  return uplink.add(wire::CommandKind::block, named, {text.data(), text.size()});
}

}  // namespace chatd::client
