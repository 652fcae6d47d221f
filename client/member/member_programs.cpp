// SPDX-License-Identifier: GPL-3.0-or-later
// The other programs of the member.
#include "client/member/member_impl.hpp"

namespace chatd::client {

std::uint64_t Member::Impl::end_program(const EndProgram& message) {
  const auto argument = wire::as_argument(wire::ProgramNumber{message.number});
  const std::uint64_t number =
      uplink.add(wire::CommandKind::end_program, {}, {argument.data(), argument.size()});
  lists.emplace(number,
                PartialList{.kind = wire::CommandKind::end_program, .ended = message.number});
  return number;
}

// Called when a new session begins. An `end_program` or `own` that the old session has not answered
// is not sent again, because it may have been carried out: another program can have the number of
// the one that was ended, and the code of an `own` can be used once only. The user is told
// not_confirmed.
void Member::Impl::refuse_unanswered() {
  using enum wire::CommandKind;
  std::vector<std::uint64_t> unanswered;
  for (const auto& [number, list] : lists) {
    if (list.kind == end_program || list.kind == own) unanswered.push_back(number);
  }
  for (const std::uint64_t number : unanswered) {
    uplink.forget(number);
    refuse(number, wire::Reason::not_confirmed);
  }
}

}  // namespace chatd::client
