// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about lines that the server has stored.
#include <utility>

#include "client/member/member_impl.hpp"
#include "common/base/possible_time.hpp"

namespace chatd::client {

namespace {

HistoryPage refused_page(HistoryRequest request, wire::Reason reason) {
  const auto& row = wire::row_of(reason);
  return {.request = std::move(request),
          .code = std::string{row.code},
          .text = std::string{row.server.en}};
}

// Lines of rooms without a name are removed.
void name_rooms(std::vector<HistoryLine>& lines, std::string_view rooms) {
  std::erase_if(lines, [&](HistoryLine& line) {
    if (line.room_id == 0) return false;
    const auto name = wire::room_name_in(rooms, line.room_id);
    line.room = name.value_or(std::string_view{});
    return !name;
  });
}

}  // namespace

// A question takes the place of one that is not answered: the server does the same.
std::uint64_t Member::Impl::ask_history(HistoryRequest request, MonoTime now) {
  if (request.way == wire::HistoryWay::search_all) request.room.clear();
  if (request.way != wire::HistoryWay::search_all) request.at = 0;
  const auto* const room = rooms.find_ordered(request.room);
  if (room == nullptr && !request.room.empty()) {
    emit(refused_page(std::move(request), wire::Reason::not_in_that_room));
    return uplink.skip_number();
  }
  if (room != nullptr) request.room = room->ref.name;
  // Another program of the member that had this session may have left an answer in the mailbox.
  if (history_serial == 0) options.random(std::as_writable_bytes(std::span{&history_serial, 1}));
  history.emplace(HistoryAsked{.page = {.request = std::move(request)}});
  return send_history(now);
}

std::uint64_t Member::Impl::send_history(MonoTime now) {
  HistoryRequest request = history->page.request;
  const auto fixed = wire::as_argument(wire::HistoryQuestion{.serial = ++history_serial,
                                                             .way = request.way,
                                                             .value = request.value,
                                                             .lines = request.lines});
  const std::string text = std::string{fixed.data(), fixed.size()} + request.text;
  // Of a room that the member has left meanwhile, the command is refused at once. `at` may be a
  // room of another program.
  const auto at = wire::as_argument(wire::RoomAddress{request.at});
  const std::uint64_t number =
      request.at != 0 ? uplink.add(wire::CommandKind::history, {at.data(), at.size()}, text)
                      : command_to(request.room, wire::CommandKind::history, text);
  const unsigned tries = history->tries + 1;
  history = HistoryAsked{.page = {.request = std::move(request)},
                         .serial = history_serial,
                         .number = number,
                         .tries = tries,
                         .heard = now};
  return number;
}

// The answer to a question that was confirmed, or the end of it, has not come.
void Member::Impl::repeat_history(MonoTime now) {
  if (!history || now < history->deadline() || is_lost || !joined) return;
  HistoryRequest& request = history->page.request;
  const bool is_out = !request.room.empty() && rooms.find(request.room) == nullptr;
  if (!is_out && history->tries < HistoryAsked::kMaxTries) {
    send_history(now);
    return;
  }
  emit(refused_page(std::move(request),
                    is_out ? wire::Reason::not_in_that_room : wire::Reason::history_down));
  history.reset();
}

void Member::Impl::on_stored(const wire::RecordView& record, MonoTime now) {
  const auto line = wire::read_stored(record.text);
  if (!line || !history || line->serial != history->serial) return;
  history->heard = now;
  if (history->page.lines.size() >= wire::kMaxPageLines) return;
  history->page.lines.push_back({.kind = line->kind,
                                 .number = line->number,
                                 .last = line->last,
                                 .person = line->person,
                                 .name = std::string{record.name},
                                 .text = std::string{line->text},
                                 .time = WallTime{Micros{record.header.wall_time}},
                                 .room_id = line->room});
}

void Member::Impl::on_page(const wire::RecordView& record) {
  const auto page = wire::read_page(record.text);
  if (!page || !history || page->serial != history->serial) return;
  HistoryPage whole = std::move(history->page);
  whole.first = page->first;
  if (whole.request.way == wire::HistoryWay::search_all) {
    whole.first_room = page->room;
    name_rooms(whole.lines, page->rooms);
  }
  whole.last = page->last;
  whole.has_older = page->has_older;
  whole.has_newer = page->has_newer;
  history.reset();
  emit(std::move(whole));
}

// True: the refusal is the answer to the question. `number`: of the refused command; nullopt: it
// was confirmed before, and ends at `end`.
bool Member::Impl::on_history_refused(std::optional<std::uint64_t> number, std::uint64_t end,
                                      Refused& refused) {
  if (!history) return false;
  const bool is_it = number ? *number == history->number : end != 0 && end == history->end;
  if (!is_it) return false;
  HistoryPage page{.request = std::move(history->page.request),
                   .code = std::move(refused.code),
                   .text = std::move(refused.text)};
  history.reset();
  emit(std::move(page));
  return true;
}

}  // namespace chatd::client
