// SPDX-License-Identifier: GPL-3.0-or-later
// native_packet_fuzz.cpp — any bytes as a datagram, as frames, as records and as commands: a value
// that is read can be written and read again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/transport/receive_stream.hpp"
#include "common/wire/name.hpp"
#include "common/wire/native/named_person.hpp"
#include "common/wire/native/native_block.hpp"
#include "common/wire/native/native_command.hpp"
#include "common/wire/native/native_frame.hpp"
#include "common/wire/native/native_handshake.hpp"
#include "common/wire/native/native_history.hpp"
#include "common/wire/native/native_own.hpp"
#include "common/wire/native/native_record.hpp"
#include "tests/fuzz/require.hpp"

namespace chatd::wire {
namespace {

template <class Packet>
void require_same(Bytes datagram, std::optional<Packet> (*read)(Bytes) noexcept,
                  void (*write)(ByteWriter&, const Packet&) noexcept) {
  const auto packet = read(datagram);
  if (!packet) return;
  std::vector<std::byte> room(datagram.size() + kBaseDatagram);
  ByteWriter out{room};
  write(out, *packet);
  require(out.ok());
  require(read(out.written()).has_value());
}

void fuzz_packets(Bytes datagram) {
  require_same(datagram, read_hello, write_hello);
  require_same(datagram, read_retry, write_retry);
  require_same(datagram, read_accept, write_accept);
  require_same(datagram, read_confirm, write_confirm);
  require_same(datagram, read_refuse, write_refuse);
  require_same(datagram, read_reset, write_reset);
  require_same(datagram, read_login, write_login);
  if (const auto header = read_sealed(datagram)) require(header->connection < (1ULL << 56U));
}

void fuzz_frames(Bytes packet) {
  transport::ReceiveStream stream{0, 4096};
  ByteReader in{packet};
  while (const auto frame = next_frame(in)) {
    std::vector<std::byte> room(packet.size() + 1200);
    ByteWriter out{room};
    require(write_frame(out, *frame));
    ByteReader again{out.written()};
    const auto same = next_frame(again);
    require(same.has_value() && same->index() == frame->index() && again.at_end());
    if (const auto* data = std::get_if<DataFrame>(&*frame)) stream.add(data->offset, data->bytes);
    if (const auto* gap = std::get_if<GapFrame>(&*frame)) (void)stream.skip(gap->from, gap->to);
    require(stream.cumulative() - stream.next() == stream.readable().size());
    require(stream.ack(0).holes <= kMaxGaps);
  }
}

// A value that is read has the bytes that it was read from.
template <Listed T>
void require_same_text(const std::optional<T>& value, std::string_view text) {
  if (!value) return;
  std::vector<std::byte> buffer(text.size() + 64);
  ByteWriter out{buffer};
  encode(out, *value);
  require(out.ok() && std::ranges::equal(out.written(), std::as_bytes(std::span{text})));
}

// A list of facts is written so that it is read again.
void fuzz_facts(std::string_view text) {
  std::vector<char> buffer(text.size() + kMaxOwnBytes);
  const OwnAnswer answer = read_own(text);
  const std::string_view written = write_own(answer, buffer);
  const OwnAnswer again = read_own(written);
  require(again.event == answer.event && again.code == answer.code &&
          again.key_count == answer.key_count && again.device == answer.device);
  std::vector<char> second(buffer.size());
  require(write_own(again, second) == written);
  const DeviceQuestion question = read_device(text);
  const DeviceQuestion same = read_device(write_device(question, buffer));
  require(same.key == question.key && same.address == question.address);
}

void fuzz_rooms(const RecordView& record) {
  fuzz_facts(record.text);
  require_same_text(read_joined(record.text), record.text);
  require_same_text(read_left(record.text), record.text);
  require_same_text(read_stored(record.text), record.text);
  // A newer server writes more behind it, and a bool has one bit.
  const auto page = read_page(record.text);
  require(page.has_value() == (record.text.size() >= kPageBytes));
  if (page) {
    const auto name = room_name_in(page->rooms, page->room);
    require(!name || check_name(*name));
  }
  const auto blocked = read_blocked(record.text);
  require(!blocked || (blocked->person != 0 && !blocked->name.empty()));
}

void fuzz_rooms(const CommandView& command) {
  require_same_text(position_of(command), command.text);
  require_same_text(read_history(command.text), command.text);
  // A bool has one bit.
  if (const auto request = read_own_request(command.text)) {
    std::vector<char> buffer(command.text.size());
    require(read_own_request(write_own_request(*request, buffer)).has_value());
  }
  require_same_text(read_block(command.text), command.text);
  const bool is_address = command.name.empty() || command.name.size() == sizeof(RoomId);
  require(room_of(command).has_value() == is_address);
  const NamedPerson named = read_named(command.name);
  std::vector<char> buffer(command.name.size() + kPersonBytes);
  require(named.person == 0 || write_named(named, buffer) == command.name);
  require(place_of(command).has_value() == (command.text.size() == sizeof(std::uint32_t)));
}

void fuzz_streams(Bytes stream) {
  for (Bytes rest = stream; !rest.empty();) {
    const auto record = read_record(rest);
    if (!record) break;
    require(record->header.size >=
            sizeof(RecordHeader) + record->name.size() + record->text.size());
    fuzz_rooms(*record);
    rest = rest.subspan(record->header.size);
  }
  for (Bytes rest = stream; !rest.empty();) {
    const auto command = read_command(rest);
    if (!command) break;
    require(command->size <= kMaxCommandBytes &&
            command->size == kCommandHeaderBytes + command->name.size() + command->text.size());
    fuzz_rooms(*command);
    rest = rest.subspan(command->size);
  }
}

}  // namespace
}  // namespace chatd::wire

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  chatd::wire::fuzz_packets(bytes);
  chatd::wire::fuzz_frames(bytes);
  chatd::wire::fuzz_streams(bytes);
  return 0;
}
