// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/command_json.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <span>

#include <nlohmann/json.hpp>

#include "common/wire/native/list_rows.hpp"
#include "common/wire/native/named_person.hpp"
#include "common/wire/native/native_block.hpp"
#include "common/wire/native/native_room.hpp"
#include "common/wire/reasons.hpp"
#include "daemon/web/answers.hpp"

namespace chatd::web {

namespace {

using Json = nlohmann::json;
using wire::CommandKind;

// Thrown and caught in this file only.
struct Refused {
  http::Refusal refusal;
};

[[noreturn]] void refuse(const http::Code& code, std::string message) {
  throw Refused{http::refusal_of(code, std::move(message))};
}
// For a reason that the gateway has, too: its code and its sentence.
[[noreturn]] void refuse(wire::Reason reason) { refuse(code_for(reason), sentence_of(reason)); }
[[noreturn]] void refuse_member(std::string_view name) {
  refuse(code::kBadCommand, "The member " + std::string{name} + " is missing or wrong.");
}

// A nested value is of no use here, and parsing it would need stack.
Json parse(std::string_view body) {
  constexpr int kDepth = 2;
  const auto is_flat = [](int depth, Json::parse_event_t /*event*/, Json& /*parsed*/) {
    if (depth > kDepth) refuse(code::kBadCommand, "The body is nested.");
    return true;
  };
  Json json = Json::parse(body, is_flat, false);
  if (!json.is_object()) refuse(code::kBadCommand, "The body is not a JSON object.");
  return json;
}

std::string text_in(const Json& json, const char* name, bool is_needed) {
  const auto found = json.find(name);
  if (found == json.end() || found->is_null()) {
    if (is_needed) refuse_member(name);
    return {};
  }
  if (!found->is_string()) refuse_member(name);
  return found->get<std::string>();
}

std::uint64_t number_in(const Json& json, const char* name, std::uint64_t most, bool is_needed) {
  const auto found = json.find(name);
  if (found == json.end() || found->is_null()) {
    if (is_needed) refuse_member(name);
    return 0;
  }
  if (!found->is_number_unsigned()) refuse_member(name);
  const auto number = found->get<std::uint64_t>();
  if (number > most) refuse_member(name);
  return number;
}

template <class T>
std::string argument(const T& value) {
  const auto bytes = wire::as_argument(value);
  return {bytes.data(), bytes.size()};
}

std::string encoded(CommandKind kind, std::string_view name, std::string_view text) {
  std::array<std::byte, wire::kMaxCommandBytes> bytes;
  wire::ByteWriter out{bytes};
  if (!wire::write_command(out, kind, name, text)) {
    refuse(wire::Reason::text_too_long);
  }
  const auto written = out.written();
  return {reinterpret_cast<const char*>(written.data()), written.size()};
}

// Empty: the default room.
std::string address_of(wire::RoomId room) {
  return room == wire::kDefaultRoom ? std::string{} : argument(wire::RoomAddress{room});
}

// One command, while it is read.
class Reader {
 public:
  Reader(const Json& json, const FindRoom& find) : json_{json}, find_{find} {}

  struct Row {
    std::string_view kind;
    std::string (Reader::*read)() const;
  };
  static std::span<const Row> rows() {
    static constexpr std::array kRows{
        Row{"say", &Reader::say},       Row{"action", &Reader::action},
        Row{"direct", &Reader::direct}, Row{"join", &Reader::join},
        Row{"make", &Reader::make},     Row{"leave", &Reader::leave},
        Row{"about", &Reader::about},   Row{"topic", &Reader::topic},
        Row{"set", &Reader::set},       Row{"moderate", &Reader::moderate},
        Row{"erase", &Reader::erase},   Row{"away", &Reader::away},
        Row{"block", &Reader::block}};
    return kRows;
  }

  [[nodiscard]] std::string bytes() const {
    const std::string kind = text("kind");
    for (const Row& row : rows()) {
      if (row.kind == kind) return (this->*row.read)();
    }
    refuse(wire::Reason::unknown_kind);
  }

 private:
  [[nodiscard]] std::string text(const char* name) const { return text_in(json_, name, true); }
  [[nodiscard]] std::string text_or_none(const char* name) const {
    return text_in(json_, name, false);
  }

  [[nodiscard]] std::string room() const {
    const auto id = find_(text_or_none("room"));
    if (!id) refuse(wire::Reason::not_in_that_room);
    return address_of(*id);
  }
  // A name, with the person that the sender last saw under it.
  [[nodiscard]] std::string user() const {
    const std::string name = text("to");
    const std::string person = text_or_none("person");
    std::uint64_t number = 0;
    constexpr int kHexadecimal = 16;
    const char* const end = person.data() + person.size();
    const auto read = std::from_chars(person.data(), end, number, kHexadecimal);
    if (!person.empty() && (read.ec != std::errc{} || read.ptr != end)) refuse_member("person");
    if (name.empty() || name.size() > wire::kMaxNameBytes) {
      refuse(wire::Reason::no_such_member);
    }
    std::array<char, wire::kMaxNamedBytes> bytes;
    return std::string{wire::write_named({.name = name, .person = number}, bytes)};
  }

  [[nodiscard]] std::string say() const { return encoded(CommandKind::say, room(), text("text")); }
  [[nodiscard]] std::string action() const {
    return encoded(CommandKind::action, room(), text("text"));
  }
  [[nodiscard]] std::string direct() const {
    return encoded(CommandKind::direct, user(), text("text"));
  }
  [[nodiscard]] std::string room_name() const {
    const std::string name = text("room");
    if (name.empty() || name.size() > wire::kMaxNameBytes) {
      refuse(wire::Reason::bad_room_name);
    }
    return name;
  }
  [[nodiscard]] std::string join() const { return encoded(CommandKind::join, room_name(), {}); }
  [[nodiscard]] std::string make() const { return encoded(CommandKind::make, room_name(), {}); }
  [[nodiscard]] std::string leave() const { return encoded(CommandKind::leave, room(), {}); }
  [[nodiscard]] std::string about() const {
    return encoded(CommandKind::about, room(), argument(wire::ListPlace{}));
  }
  [[nodiscard]] std::string topic() const {
    return encoded(CommandKind::topic, room(), text_or_none("text"));
  }
  [[nodiscard]] std::string set() const {
    const auto property = wire::property_of(text("property"));
    if (!property) refuse_member("property");
    const auto value = number_in(json_, "value", std::numeric_limits<std::uint16_t>::max(), true);
    std::array<char, wire::kMaxSettingBytes> bytes;
    const auto setting = wire::write_setting(
        {.property = *property, .value = static_cast<std::uint16_t>(value), .name = {}}, bytes);
    return encoded(CommandKind::set, room(), setting);
  }
  [[nodiscard]] std::string moderate() const {
    constexpr auto kLast = static_cast<unsigned>(wire::ModerateAction::no_role);
    const std::string name = text("action");
    const std::string to = user();
    const std::string reason = text_or_none("text");
    if (reason.size() > wire::kMaxModerationReason) {
      refuse(wire::Reason::text_too_long);
    }
    const auto seconds =
        number_in(json_, "seconds", std::numeric_limits<std::uint32_t>::max(), false);
    for (unsigned i = 1; i <= kLast; ++i) {
      const auto action = static_cast<wire::ModerateAction>(i);
      if (wire::name_of(action) != name) continue;
      std::array<char, wire::kMaxModerationBytes> bytes;
      const auto moderation =
          wire::write_moderation({.action = action,
                                  .seconds = static_cast<std::uint32_t>(seconds),
                                  .name = to,
                                  .reason = reason},
                                 bytes);
      return encoded(CommandKind::moderate, room(), moderation);
    }
    refuse_member("action");
  }
  [[nodiscard]] std::string erase() const {
    const auto number =
        number_in(json_, "sequence", std::numeric_limits<std::uint64_t>::max(), false);
    return encoded(CommandKind::erase, room(),
                   number == 0 ? std::string{} : argument(wire::LineNumber{number}));
  }
  [[nodiscard]] std::string away() const {
    return encoded(CommandKind::away, {}, text_or_none("text"));
  }
  [[nodiscard]] std::string block() const {
    const std::string action = text("action");
    wire::BlockRequest request{.act = wire::BlockAct::list};
    if (action == "add") request.act = wire::BlockAct::add;
    if (action == "remove") request.act = wire::BlockAct::remove;
    const bool is_list = request.act == wire::BlockAct::list;
    if (is_list && action != "list") refuse_member("action");
    return encoded(CommandKind::block, is_list ? std::string{} : user(), argument(request));
  }

  const Json& json_;
  const FindRoom& find_;
};

constexpr std::string_view kReadKind = "read";

}  // namespace

std::vector<std::string_view> command_kinds() {
  std::vector<std::string_view> kinds;
  for (const Reader::Row& row : Reader::rows()) kinds.push_back(row.kind);
  kinds.push_back(kReadKind);
  return kinds;
}

std::expected<Command, http::Refusal> read_command(std::string_view body, const FindRoom& find) {
  try {
    const Json json = parse(body);
    Command command{.after = text_in(json, "after", false)};
    if (text_in(json, "kind", true) == kReadKind) return command;
    command.n = number_in(json, "n", std::numeric_limits<std::uint64_t>::max(), true);
    if (command.n == 0) refuse_member("n");
    command.bytes = Reader{json, find}.bytes();
    return command;
  } catch (const Refused& refused) {
    return std::unexpected{refused.refusal};
  }
}

std::expected<EnterRequest, http::Refusal> read_enter(std::string_view body) {
  try {
    const Json json = parse(body);
    EnterRequest request{.name = text_in(json, "name", true),
                         .token = text_in(json, "token", true),
                         .client = text_in(json, "client", true),
                         .code = text_in(json, "code", false)};
    if (json.contains("password") && !json.at("password").is_null()) {
      request.password = text_in(json, "password", true);
    }
    return request;
  } catch (const Refused& refused) {
    return std::unexpected{refused.refusal};
  }
}

std::string who_command(std::optional<wire::RoomId> room, std::uint32_t place) {
  return encoded(CommandKind::who, address_of(room.value_or(wire::kDefaultRoom)),
                 argument(wire::ListPlace{place}));
}

std::string rooms_command(std::uint32_t place) {
  return encoded(CommandKind::rooms, {}, argument(wire::ListPlace{place}));
}

std::string history_command(wire::RoomId room, const wire::HistoryQuestion& question) {
  std::array<std::byte, wire::kMaxCommandBytes> bytes;
  wire::ByteWriter out{bytes};
  wire::encode(out, question);
  const auto written = out.written();
  // A search in all rooms goes on from a number of this one.
  const bool is_of_all = question.way == wire::HistoryWay::search_all;
  return encoded(CommandKind::history,
                 is_of_all ? argument(wire::RoomAddress{room}) : address_of(room),
                 {reinterpret_cast<const char*>(written.data()), written.size()});
}

}  // namespace chatd::web
