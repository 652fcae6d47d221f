// SPDX-License-Identifier: GPL-3.0-or-later
// Requests about the owned name of the member.
#include "client/member/member_impl.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::client {

// A label that is too long is cut: it is the name of the machine.
std::uint64_t Member::Impl::send_own(const OwnOrder& order) {
  std::array<char, wire::kMaxOwnRequestBytes> text{};
  const wire::OwnRequest request{.act = order.act,
                                 .yes = order.yes,
                                 .code = order.code,
                                 .key = wire::cut_to(order.key, kFingerprintBytes),
                                 .label = wire::cut_to(order.label, wire::kMaxDeviceLabelBytes)};
  const std::uint64_t number =
      uplink.add(wire::CommandKind::own, {}, wire::write_own_request(request, text));
  lists.emplace(number, PartialList{.kind = wire::CommandKind::own});
  return number;
}

}  // namespace chatd::client
