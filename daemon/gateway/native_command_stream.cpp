// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of native members, as they come in packets.
#include "common/crypto/random.hpp"
#include "common/wire/native/native_block.hpp"
#include "common/wire/text/phrases.hpp"
#include "daemon/chat/proved.hpp"
#include "daemon/chat/rule_text.hpp"
#include "daemon/gateway/native_service.hpp"
#include "daemon/gateway/rule_log.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::gateway {

using chat::Slot;

namespace {

std::uint64_t random_code() {
  std::uint64_t code = 0;
  crypto::fill_random(std::as_writable_bytes(std::span{&code, 1}));
  return code;
}

// `misnamed`: the sessions whose name belongs to another person.
chat::Moderation::Removals removals_of(const std::vector<Slot>& misnamed) {
  chat::Moderation::Removals removals;
  const auto why = wire::phrase(wire::Language::en, wire::Reason::name_owned);
  for (const Slot member : misnamed) removals.emplace_back(member, std::string{why});
  return removals;
}

bool is_change_of_blocks(const wire::CommandView& command) {
  if (command.kind != wire::CommandKind::block) return false;
  const auto request = wire::read_block(command.text);
  return request && request->act != wire::BlockAct::list;
}

chat::Room::Position known_position(const wire::CommandView& join) {
  const auto known = wire::position_of(join);
  if (!known) return {};
  return {.history_id = known->history_id, .offset = known->offset};
}

// The version of the rows that are saved on disk (names, blocks, rules, rooms).
std::uint64_t rows_version(const state::StateView& state) {
  return state.registry_head().version.load(std::memory_order_relaxed);
}

}  // namespace

void NativeService::on_commands(const Opened& opened, const wire::DataFrame& data) {
  if (data.stream != wire::kCommandStream) return state::count(counters_.offsets_refused);
  if (to_acknowledge_.empty() || to_acknowledge_.back().first != opened.slot) {
    to_acknowledge_.emplace_back(opened.slot, Micros{0});
  }
  const state::Sender session = sessions_.sender(opened.slot);
  const std::uint64_t& uplink = slots_[opened.slot].uplink;
  // Bytes between were lost, and all are sent again; or all of them are known.
  if (data.offset > uplink || uplink - data.offset >= data.bytes.size()) return;
  wire::Bytes rest = data.bytes.subspan(uplink - data.offset);
  while (const auto command = wire::read_command(rest)) {
    const std::uint64_t end = uplink + command->size;
    const std::uint64_t version = rows_version(state_);
    if (const auto wait = wait_before(opened.slot, *command, opened.now)) {
      to_acknowledge_.back().second = *wait;
      return;
    }
    if (!chat::Brief::is_command(command->kind)) end_brief(opened.slot, opened.now);
    saved_.will_carry_out(opened.slot, *command, end);
    carry_out({.slot = opened.slot, .end = end, .now = opened.now}, *command);
    // Without space for the answer the command is sent again.
    if (!sessions_.is_member(session) || uplink != end) return;
    if (slots_[opened.slot].wants_saved != 0) {
      saved_.carried_out(opened.slot, *command, end, rows_version(state_) != version);
    }
    rest = rest.subspan(command->size);
  }
}

// A command that comes too early is not read, nor any command behind it, until the client sends it
// again. So the order holds, each command is carried out once, and an early command costs the
// gateway no more than reading its header. A change of a room that comes too early while its
// network has used up its rate also costs a look at the sender's roles, see ChangeRates.
std::optional<Micros> NativeService::wait_before(Slot sender, const wire::CommandView& command,
                                                 chat::Now now) {
  if (command.kind == wire::CommandKind::quit) return std::nullopt;
  if (const auto refused = sessions_.charge(sender, now.mono)) {
    log_.floods.refused(sessions_.where(sender).address, Limit::messages, now.mono);
    return refused->wait;
  }
  // A change of a room or of the presence has a second rate, which is no limit of the
  // configuration; a question about stored lines has one that is.
  std::optional<Micros> wait;
  const bool is_change = command.kind == wire::CommandKind::topic ||
                         command.kind == wire::CommandKind::set ||
                         command.kind == wire::CommandKind::moderate ||
                         command.kind == wire::CommandKind::erase || is_change_of_blocks(command);
  if (is_change) wait = chat_.moderation.charge(sender, now.mono);
  if (command.kind == wire::CommandKind::own) {
    wait = chat_.moderation.charge(sender, now.mono);
  }
  if (command.kind == wire::CommandKind::away) {
    wait = chat_.moderation.charge_own(sender, now.mono);
  }
  if (command.kind == wire::CommandKind::history && questions_ != nullptr) {
    wait = questions_->charge(sender, now.mono);
  }
  return wait;
}

void NativeService::carry_out(const chat::NativeCommands::Order& order,
                              const wire::CommandView& command) {
  switch (command.kind) {
    case wire::CommandKind::say:
      return chat_.native.say(order, state::RecordKind::say, command.name, command.text);
    case wire::CommandKind::action:
      return chat_.native.say(order, state::RecordKind::action, command.name, command.text);
    case wire::CommandKind::direct:
      chat_.native.say_to(order, command.name, command.text);
      return;
    case wire::CommandKind::who:
      return chat_.native.list_members(order, command.name,
                                       Slot{wire::place_of(command).value_or(0)});
    case wire::CommandKind::join:
      return chat_.native.join(order, command.name, known_position(command));
    case wire::CommandKind::leave:
      return chat_.native.leave(order, command.name);
    case wire::CommandKind::rooms:
      return chat_.native.list_rooms(order, wire::place_of(command).value_or(0));
    case wire::CommandKind::make:
      return chat_.native.make(order, command.name);
    case wire::CommandKind::topic:
      return chat_.native.set_topic(order, command.name, command.text);
    case wire::CommandKind::set:
      return chat_.native.set(order, command.name, command.text);
    case wire::CommandKind::moderate:
      return moderate(order, command);
    case wire::CommandKind::erase:
      return erase(order, command);
    case wire::CommandKind::about:
      return chat_.native.describe(order, command.name, wire::place_of(command).value_or(0));
    case wire::CommandKind::whois:
      return chat_.native.describe_member(order, command.name);
    case wire::CommandKind::programs:
      return chat_.native.list_programs(order);
    case wire::CommandKind::end_program:
      return end_program(order, command);
    case wire::CommandKind::away:
      return chat_.native.set_away(order, command.text);
    case wire::CommandKind::block:
      return chat_.native.block(order, command.name, command.text);
    case wire::CommandKind::history:
      if (questions_ != nullptr) return questions_->ask(order, command.name, command.text);
      return chat_.native.refuse(order, chat_.native.room_of(order, command.name)
                                            ? wire::Reason::nothing_stored
                                            : wire::Reason::no_such_room);
    case wire::CommandKind::own:
      if (chat_.own.carry_out(order, command.text, random_code())) {
        remove_all(removals_of(chat::misnamed(sessions_)), order.now);
      }
      return;
    case wire::CommandKind::quit:
      return leave(order.slot, state::LeaveKind::quit, {}, order.now);
  }
  chat_.native.refuse_unknown(order);
}

// A session that was quiet has no join record, which would wake its worker.
void NativeService::end_brief(Slot session, chat::Now now) {
  if (!state::is_brief(sessions_.session(session))) return;
  chat_.brief.end(session, now);
  chat_.waiting.serve(session);
  called_.add_worker_of(session);
}

void NativeService::end_program(const chat::NativeCommands::Order& order,
                                const wire::CommandView& command) {
  const auto number = wire::program_of(command);
  if (!number) return chat_.native.refuse_unknown(order);
  const auto program = chat_.native.find_program(order, *number);
  if (!program) return;
  say_bye(*program, state::peer_of(slots_[*program]).delivery,
          {.reason = wire::ByeReason::ended, .text = {}}, order.now);
  leave(*program, state::LeaveKind::quit, {}, order.now);
  chat_.native.list_programs(order);
}

void NativeService::moderate(const chat::NativeCommands::Order& order,
                             const wire::CommandView& command) {
  const auto moderated = chat_.native.moderate(order, command.name, command.text);
  if (!moderated) return;
  const chat::Moderation::Moderated& done = moderated->done;
  log_moderation({.action = moderated->action,
                  .seconds = done.seconds,
                  .name = done.name,
                  .reason = done.reason},
                 moderated->room, sessions_.name(order.slot), order.now.wall);
  remove_all(done.removals, order.now);
}

// A line of another member that is erased is logged, as other moderation is; its text is not.
void NativeService::erase(const chat::NativeCommands::Order& order,
                          const wire::CommandView& command) {
  const auto erased = chat_.native.erase(order, command.name, command.text);
  if (!erased || erased->second.is_own) return;
  log_erasure(erased->second, erased->first, sessions_.name(order.slot));
}

// A change of the default room removes members from the server, those of the text protocol, too.
void NativeService::remove_all(const chat::Moderation::Removals& removals, chat::Now now) {
  if (removals.empty()) return;
  for (const auto& [member, reason] : removals) {
    if (sessions_.has_mailbox(member)) {
      remove(member, state::LeaveKind::kicked, reason, now);
    } else if (remove_text_) {
      remove_text_(member, reason, now);
    }
  }
  chat_.changes.removed();
}

}  // namespace chatd::gateway
