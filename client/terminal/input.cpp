// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/input.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "client/member/list_text.hpp"
#include "client/settings/since.hpp"
#include "client/terminal/kept_lines.hpp"
#include "client/words/room_words.hpp"
#include "client/words/short_time.hpp"
#include "client/words/text.hpp"
#include "common/base/overloaded.hpp"
#include "common/wire/search_query.hpp"

namespace chatd::client {

namespace {

// The roles that a user can give, as they are typed.
struct Role {
  wire::ModerateAction action;
  std::string_view name;
};
constexpr std::array kRoles{Role{wire::ModerateAction::owner, "owner"},
                            Role{wire::ModerateAction::moderator, "moderator"},
                            Role{wire::ModerateAction::no_role, "none"}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The value of a property. nullopt: not a possible one.
std::optional<std::uint16_t> value_of(wire::RoomProperty property, std::string_view text) {
  if (property == wire::RoomProperty::enter) {
    const auto who = wire::may_enter_of(text);
    return who ? std::optional{static_cast<std::uint16_t>(*who)} : std::nullopt;
  }
  if (property == wire::RoomProperty::history) return wire::history_of(text);
  if (text == "no") return std::uint16_t{0};
  if (property != wire::RoomProperty::slow) {
    return text == "yes" ? std::optional<std::uint16_t>{1} : std::nullopt;
  }
  const auto seconds = number_of<std::uint32_t>(text);
  if (!seconds || *seconds > wire::kMaxSlowSeconds) return std::nullopt;
  return static_cast<std::uint16_t>(*seconds);
}

std::string as_value(const SetProperty& set) {
  if (set.property == wire::RoomProperty::enter) {
    return std::string{name_of(static_cast<wire::MayEnter>(set.value))};
  }
  if (set.property == wire::RoomProperty::history) return wire::history_text(set.value);
  if (set.value == 0) return "no";
  return set.property == wire::RoomProperty::slow ? std::to_string(set.value) : "yes";
}

bool takes_a_room(const CommandRow& row) {
  return row.name == "/make" || is_about_a_room(row.name);
}

// A time is left out if the next word does not begin with a digit. False: it is not a time.
bool take_time(std::string_view& line, std::uint32_t& seconds) {
  if (line.empty() || !is_digit(line.front())) return true;
  const auto time = seconds_of(take_word(line));
  seconds = time.value_or(0);
  return time.has_value();
}

bool ignores_words(const CommandRow& row) { return row.name == "/quit"; }

// True for the first of several arguments in brackets, which are typed or left out together.
bool is_left_out(std::string_view kind, std::string_view argument) {
  return argument.empty() && kind.starts_with('[') && !kind.ends_with(']');
}

// The argument must be typed; a '#' alone is no room.
bool is_missing(const CommandRow& row, std::string_view kind, std::string_view argument) {
  if (argument.empty()) return !kind.starts_with('[');
  return takes_a_room(row) && room_name(argument).empty();
}

// A name as it is shown or completed: "~bob" of a text member, "@bob", "bob:". No name begins or
// ends with these.
std::string_view without_mark(std::string_view name) {
  name = name.substr(std::min(name.find_first_not_of("~@"), name.size()));
  for (const std::string_view colon : {":", "："}) {
    if (name.ends_with(colon)) name.remove_suffix(colon.size());
  }
  return name;
}

// The name of the default room, which can have blanks, is the rest of the line.
std::string_view take_name(const CommandRow& row, std::string_view& line) {
  if (row.name == "/join") return trim(std::exchange(line, {}));
  return takes_a_room(row) || row.name == "/nick" ? take_word(line) : without_mark(take_word(line));
}

// Reads the arguments that the command needs. An argument that is missing is "".
Input parse_arguments(const CommandRow& row, std::string_view line) {
  Arguments typed;
  bool is_word = false;  // the last argument
  for (std::string_view wanted = row.arguments; !wanted.empty();) {
    const bool is_first = wanted.size() == row.arguments.size();
    const std::string_view kind = take_word(wanted);
    if (kind == "[TIME]") {
      if (!take_time(line, typed.seconds)) return Incomplete{usage_of(row)};
      continue;
    }
    is_word = is_first && !kind.contains("TEXT");
    std::string& argument = is_word ? typed.name : typed.text;
    argument = is_word ? take_name(row, line) : line;
    if (is_left_out(kind, argument)) break;
    if (is_missing(row, kind, argument)) return Incomplete{usage_of(row)};
  }
  if (is_word && !line.empty()) return Incomplete{usage_of(row)};
  Input input = row.input(std::move(typed));
  if (std::holds_alternative<std::monostate>(input)) return Incomplete{usage_of(row)};
  return input;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Input parse_command(std::string_view line) {
  const std::string_view command = take_word(line);
  if (is_number(command.substr(1))) {
    if (!line.empty()) return Incomplete{std::string{kSelectRoom}};
    return select_room(command.substr(1));
  }
  const CommandRow* const row = find_command(command);
  if (row == nullptr) return Unknown{std::string{command}};
  const bool takes_words = !row->arguments.empty() || ignores_words(*row);
  if (!takes_words && !line.empty()) return Incomplete{usage_of(*row)};
  return parse_arguments(*row, line);
}

}  // namespace

bool is_about_a_room(std::string_view command) {
  const CommandRow* const row = find_command(command);
  return row != nullptr && (row->name == "/join" || row->name == "/leave");
}

Input help(Arguments typed) {
  if (typed.name == "owners") return Help{HelpPart::owners};
  if (typed.name == "users") return Help{HelpPart::users};
  return Help{typed.name == "lines" ? HelpPart::lines : HelpPart::usual};
}

Input parse_input(std::string_view line) {
  const std::string_view trimmed = trim(line);
  if (trimmed.empty()) return {};
  if (trimmed == "quit" || trimmed == "exit") return Quit{};
  if (trimmed == "help") return Help{};
  if (trimmed.starts_with("//")) return Say{std::string{trimmed.substr(1)}};
  if (trimmed.starts_with('/')) return parse_command(trimmed);
  // A line keeps its indent, as lines that are pasted do.
  return Say{std::string{line.substr(0, line.find(trimmed) + trimmed.size())}};
}

Input set_topic(Arguments typed) {
  if (typed.text.empty()) return ShowTopic{};
  return SetTopic{.topic = typed.text == "-" ? std::string{} : std::move(typed.text)};
}

Input set_property(Arguments typed) {
  const auto property = wire::property_of(typed.name);
  const auto value = property ? value_of(*property, typed.text) : std::nullopt;
  if (!value) return {};
  return SetProperty{.property = *property, .value = *value};
}

Input erase(Arguments typed) {
  if (typed.name.empty()) return EraseLine{};
  const auto number = number_of<std::uint64_t>(typed.name);
  return number && *number != EraseLine::kOwnLast ? Input{EraseLine{.number = *number}} : Input{};
}

Input set_role(Arguments typed) {
  const auto* const role = std::ranges::find(kRoles, typed.text, &Role::name);
  if (role == kRoles.end()) return {};
  return Moderate{.action = role->action, .name = std::move(typed.name)};
}

Input programs(Arguments typed) {
  if (typed.name.empty()) return AskPrograms{};
  const auto number = number_of<std::uint32_t>(typed.text);
  if (typed.name != "end" || !number) return {};
  return EndProgram{*number};
}

Input quiet(Arguments typed) {
  if (typed.name.empty()) return SetQuiet{};
  if (typed.name != "on" && typed.name != "off") return {};
  return SetQuiet{typed.name == "on"};
}

// A number in quotes is a text. More lines than are kept are all of them.
Input last(Arguments typed) {
  std::string& text = typed.text;
  if (is_number(text)) {
    const auto lines = number_of<std::uint32_t>(text).value_or(KeptLines::kMaxLines);
    if (lines == 0) return {};
    return ShowLast{.lines = std::min<std::size_t>(lines, KeptLines::kMaxLines)};
  }
  const bool is_quoted = text.size() > 2 && text.starts_with('"') && text.ends_with('"');
  if (is_quoted) text = text.substr(1, text.size() - 2);
  return ShowLast{.text = std::move(text)};
}

Input block(Arguments typed) {
  if (typed.name.empty()) return AskBlocks{};
  return Block{.name = std::move(typed.name)};
}

Input take_direct(Arguments typed) {
  const auto from = wire::direct_from_of(typed.name);
  return from ? Input{TakeDirect{*from}} : Input{};
}

Input history(Arguments typed) {
  using wire::HistoryWay;
  ShowHistory input;
  if (typed.name.empty()) return input;
  if (typed.name == "since") {
    // The form of the time does not depend on what time it is now.
    if (!parse_since(typed.text, WallTime{std::chrono::days{36'500}})) return {};
    input.request.way = HistoryWay::since;
    input.since = std::move(typed.text);
    return input;
  }
  const bool is_after = typed.name == "after";
  if (is_after || typed.name == "around") {
    const auto number = number_of<std::uint64_t>(typed.text);
    if (!number) return {};
    input.request.way = is_after ? HistoryWay::after : HistoryWay::around;
    input.request.value = *number;
    return input;
  }
  const auto lines = number_of<std::uint8_t>(typed.name);
  if (!lines || *lines == 0 || *lines > wire::kMaxPageLines || !typed.text.empty()) return {};
  input.request.lines = *lines;
  return input;
}

Input search(Arguments typed) {
  if (typed.text.size() > wire::kMaxSearchBytes) return {};
  return ShowHistory{.request = {.way = wire::HistoryWay::search, .text = std::move(typed.text)}};
}

Input select_room(std::string_view digits) {
  std::size_t number = 0;
  // Of a number that is too large: 0, which no room has.
  (void)std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return SelectRoom{number};
}

std::string room_name(std::string_view typed) {
  if (typed.starts_with('#')) typed.remove_prefix(1);
  return std::string{typed};
}

namespace {

std::string typed_moderation(const Moderate& moderate) {
  const auto* const role = std::ranges::find(kRoles, moderate.action, &Role::action);
  if (role != kRoles.end()) return fmt::format("/role {} {}", moderate.name, role->name);
  std::string line = fmt::format("/{} {}", name_of(moderate.action), moderate.name);
  if (moderate.seconds != 0) line.append(" ").append(as_short_time(moderate.seconds));
  if (!moderate.reason.empty()) line.append(" ").append(moderate.reason);
  return line;
}

}  // namespace

std::string as_typed(const Message& message) {
  return std::visit(
      Overloaded{
          [](const Say& say) { return say.text; },
          [](const Act& act) { return "/me " + act.text; },
          [](const Direct& direct) { return "/msg " + direct.name + ' ' + direct.text; },
          [](const MakeRoom& make) { return "/make " + make.name; },
          [](const JoinRoom& join) { return "/join " + join.name; },
          [](const LeaveRoom& leave) { return "/leave " + leave.name; },
          [](const SetTopic& set) { return "/topic " + (set.topic.empty() ? "-" : set.topic); },
          [](const SetProperty& set) {
            return fmt::format("/set {} {}", name_of(set.property), as_value(set));
          },
          [](const Moderate& moderate) { return typed_moderation(moderate); },
          [](const EraseLine& erase) {
            if (erase.number == EraseLine::kOwnLast) return std::string{"/erase"};
            return fmt::format("/erase {}", erase.number);
          },
          [](const EndProgram& end) { return fmt::format("/programs end {}", end.number); },
          [](const OwnOrder& order) { return typed_own(order); },
          [](const Block& block) { return (block.remove ? "/unblock " : "/block ") + block.name; },
          [](const TakeDirect& take) { return fmt::format("/direct {}", name_of(take.from)); },
          [](const SetAway& away) { return away.text.empty() ? "/away" : "/away " + away.text; },
      },
      message);
}

}  // namespace chatd::client
