// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/command_masks.hpp"

namespace chatd::chat {

CommandMasks::CommandMasks(const state::StateView& state, const Persons& persons)
    : persons_{persons}, history_id_{state.header().epoch}, known_(state.slots().size()) {}

// No session has the generation 0.
const wire::CommandKey& CommandMasks::key_of(const logs::Sender& session) {
  Known& known = known_[session.slot];
  if (known.generation != session.generation) {
    known = {.generation = session.generation, .key = persons_.command_key(history_id_, session)};
  }
  return known.key;
}

}  // namespace chatd::chat
