// SPDX-License-Identifier: GPL-3.0-or-later
// client_text_fuzz.cpp — fuzz target for the texts that the client shows or reads.
//
// A text from the server moves no cursor and reverses no line, and its end has a place on the
// terminal. Divided into rows, it is the same text. A target or a typed line that is accepted reads
// the same after it is written. The bytes of a pipe become UTF-8 with the same number of lines. The
// messages that a long text is split into are together the whole text. Facts about a room and
// changes in it have sentences and are JSON. The table of programs has a line for each of them.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "client/member/member_facts.hpp"
#include "client/member/programs.hpp"
#include "client/script/json_lines.hpp"
#include "client/script/pipe_text.hpp"
#include "client/settings/target.hpp"
#include "client/terminal/drawn_line.hpp"
#include "client/terminal/input.hpp"
#include "client/terminal/line_view.hpp"
#include "client/terminal/painter.hpp"
#include "client/words/room_words.hpp"
#include "client/words/text.hpp"
#include "client/words/word_wrap.hpp"
#include "common/base/fingerprint.hpp"
#include "common/base/overloaded.hpp"
#include "common/wire/native/room_facts.hpp"
#include "common/wire/search_query.hpp"
#include "common/wire/unicode.hpp"
#include "tests/fuzz/require.hpp"

namespace chatd::client {
namespace {

void fuzz_safe_text(std::string_view text) {
  const std::string safe = safe_text(text);
  for (std::string_view rest = safe; !rest.empty();) {
    const auto character = wire::take_character(rest);
    require(character.has_value());
    require(!wire::is_control(*character) && !wire::is_line_break(*character) &&
            !wire::is_bidi_control(*character));
  }
  require(safe_text(safe) == safe);
}

// The rows have the text of the line, but for blanks.
void fuzz_wrapped(std::string_view text) {
  const std::string safe = safe_text(text);
  const auto dense = [](std::string rows) {
    std::erase_if(rows, [](char c) { return c == ' ' || c == '\n'; });
    return rows;
  };
  for (const std::size_t columns : {1U, 20U, 80U}) {
    const std::string rows = wrapped(safe, columns, 6);
    require(dense(rows) == dense(safe));
    require(rows.find("\n\n") == std::string::npos);
  }
}

void fuzz_layout(std::string_view text) {
  for (const std::size_t columns : {1U, 2U, 3U, 80U}) {
    const DrawnText drawn = as_drawn(text, columns, text.size() / 2);
    const Place place = place_behind(drawn.text, columns);
    require(place.column <= columns &&
            place.row <= 8 * text.size());  // a tab takes up to 8 columns
    require(as_drawn(drawn.text, columns).text == drawn.text);
    require(row_starts(drawn.text, columns).size() == place.row + 1);
    for (std::string_view rest = drawn.text; !rest.empty();) {
      const auto character = wire::take_character(rest);
      require(character.has_value());
      require(character == U'\n' || !wire::is_control(*character));
      require(!wire::is_bidi_control(*character));
    }
  }
}

// Draws the input line with the cursor in the middle, at the end and at the start of the text.
void fuzz_input_line(std::string_view text) {
  for (const Window window : {Window{1, 1}, Window{2, 9}, Window{80, 24}}) {
    const auto view = [&](std::size_t point) {
      return view_of({.prompt = "> ", .text = text, .point = point, .mark = "[...]"}, window);
    };
    DrawnLine line{false};
    for (const std::size_t point : {text.size() / 2, text.size(), std::size_t{0}}) {
      const DrawnText drawn = view(point);
      require(place_behind(drawn.text, window.columns).row <
              std::max<std::size_t>(1, window.rows / 2));
      require(place_of(drawn.text, drawn.cursor, window.columns).column < window.columns);
      (void)line.draw(drawn, window.columns);
      require(line.draw(drawn, window.columns).empty());
    }
    require(!line.wipe(window.columns + 1).empty());
  }
}

void fuzz_target(std::string_view text) {
  const auto target = parse_target(text);
  if (!target) {
    require(!target.error().message().empty());
    return;
  }
  const auto again = parse_target(to_text(*target));
  require(again.has_value() && again->port == target->port && to_text(*again) == to_text(*target));
}

std::string typed_history(const ShowHistory& show) {
  const HistoryRequest& request = show.request;
  switch (request.way) {
    case wire::HistoryWay::since:
      return "/history since " + show.since;
    case wire::HistoryWay::after:
      return "/history after " + std::to_string(request.value);
    case wire::HistoryWay::around:
      return "/history around " + std::to_string(request.value);
    case wire::HistoryWay::search:
    case wire::HistoryWay::search_all:
      return "/search " + request.text;
    case wire::HistoryWay::before:
      break;
  }
  return request.lines == 0 ? "/history" : "/history " + std::to_string(request.lines);
}

// The line that a user types for this input.
std::string typed(const Input& input) {
  return std::visit(
      Overloaded{
          [](std::monostate /*blank*/) { return std::string{}; },
          [](const Say& say) { return (say.text.starts_with('/') ? "/" : "") + say.text; },
          [](const Act& act) { return as_typed(act); },
          [](const Direct& direct) { return as_typed(direct); },
          [](const Reply& reply) { return "/r " + reply.text; },
          [](const AskUsers& /*input*/) { return std::string{"/users"}; },
          [](const AskRooms& /*input*/) { return std::string{"/rooms"}; },
          // One number sign is not a part of the name.
          [](const MakeRoom& make) { return "/make #" + make.name; },
          [](const JoinRoom& join) { return "/join #" + join.name; },
          [](const LeaveRoom& leave) {
            return leave.name.empty() ? std::string{"/leave"} : "/leave #" + leave.name;
          },
          [](const AskAbout& /*input*/) { return std::string{"/room"}; },
          [](const ShowTopic& /*input*/) { return std::string{"/topic"}; },
          [](const SetTopic& set) { return as_typed(set); },
          [](const SetProperty& set) { return as_typed(set); },
          [](const Moderate& moderate) { return as_typed(moderate); },
          [](const AskPrograms& /*input*/) { return std::string{"/programs"}; },
          [](const AskMember& ask) { return "/whois " + ask.name; },
          [](const AskBlocks& /*input*/) { return std::string{"/blocks"}; },
          [](const Block& block) { return as_typed(block); },
          [](const TakeDirect& take) { return as_typed(take); },
          [](const EraseLine& erase) { return as_typed(erase); },
          [](const EndProgram& end) { return as_typed(end); },
          [](const ChangeName& change) { return "/nick " + change.name; },
          [](const Ignore& ignore) {
            return ignore.name.empty() ? std::string{"/ignore"} : "/ignore " + ignore.name;
          },
          [](const StopIgnoring& stop) { return "/unignore " + stop.name; },
          [](const SetAway& away) { return as_typed(away); },
          [](const OwnOrder& order) { return as_typed(order); },
          [](const SelectRoom& select) { return "/" + std::to_string(select.number); },
          [](const SetQuiet& set) {
            const std::string_view word = !set.quiet ? "" : *set.quiet ? " on" : " off";
            return std::string{"/quiet"}.append(word);
          },
          [](const ShowLast& show) {
            if (show.mentions) return std::string{"/mentions"};
            if (show.lines != 0) return "/last " + std::to_string(show.lines);
            return show.text.empty() ? std::string{"/last"} : "/last \"" + show.text + '"';
          },
          [](const ShowHistory& show) { return typed_history(show); },
          [](const Help& help) {
            constexpr std::array kParts{"/help", "/help owners", "/help lines", "/help users"};
            return std::string{kParts.at(static_cast<std::size_t>(help.part))};
          },
          [](const Quit& /*input*/) { return std::string{"/quit"}; },
          [](const Unknown& unknown) { return unknown.command; },
          // The usage begins with the command. "/leave" and "/programs" need no argument, but
          // "/leave #" and "/programs end" are incomplete; and a command without arguments is, if a
          // word follows it.
          [](const Incomplete& wrong) {
            const std::string command = wrong.usage.substr(0, wrong.usage.find(' '));
            if (command == "/programs") return command + " end";
            if (command == "/leave") return command + " #";
            if (command == "/own" || command == "/history" || command == "/erase")
              return command + " x";
            if (command == "/last") return command + " 0";
            if (command == "/search") {
              return command + ' ' + std::string(wire::kMaxSearchBytes + 1, 'x');
            }
            if (command == "/ignore" || command == "/help") return command + " a b";
            return command == wrong.usage ? command + " x" : command;
          },
      },
      input);
}

// Every text of an input is a part of the line.
void fuzz_input(std::string_view line) {
  const Input input = parse_input(line);
  require(parse_input(typed(input)) == input);
  const auto is_in_line = [&](std::string_view part) {
    require(line.find(part) != std::string_view::npos);
  };
  std::visit(Overloaded{
                 [&](const Say& say) { is_in_line(say.text); },
                 [&](const Act& act) { is_in_line(act.text); },
                 [&](const Direct& direct) {
                   is_in_line(direct.name);
                   is_in_line(direct.text);
                 },
                 [&](const Reply& reply) { is_in_line(reply.text); },
                 [&](const SetTopic& set) { is_in_line(set.topic); },
                 [&](const Moderate& moderate) {
                   is_in_line(moderate.name);
                   is_in_line(moderate.reason);
                 },
                 [&](const ChangeName& change) { is_in_line(change.name); },
                 [&](const Ignore& ignore) { is_in_line(ignore.name); },
                 [&](const StopIgnoring& stop) { is_in_line(stop.name); },
                 [&](const ShowLast& show) { is_in_line(show.text); },
                 [&](const Unknown& unknown) { is_in_line(unknown.command); },
                 [](const Incomplete& wrong) {
                   require(std::ranges::count(kCommands, wrong.usage, &usage_of) == 1);
                 },
                 [](const auto& /*no_text*/) {},
             },
             input);
}

// A sentence about a change that is known, in both languages, is about the texts of the record.
void fuzz_change(std::string_view text) {
  for (const auto kind :
       {wire::RecordKind::topic, wire::RecordKind::set, wire::RecordKind::moderated}) {
    const Line line{.record = kind, .name = std::string{text}, .text = std::string{text}};
    const std::string english = change_text(wire::Language::en, line);
    require(english.empty() == change_text(wire::Language::zh, line).empty());
    const auto moderation = moderation_of(line);
    require(!moderation || text.find(moderation->name) != std::string_view::npos);
    require(wire::is_utf8(json_line(line, WallTime{})));
    if (kind == wire::RecordKind::topic) require(!english.empty());
  }
}

void fuzz_facts(std::string_view text) {
  const wire::RoomFacts facts = wire::read_facts(text);
  const auto is_empty = [](const std::string& name) { return name.empty(); };
  require(std::ranges::none_of(facts.owners, is_empty));
  require(std::ranges::none_of(facts.moderators, is_empty));
  require(std::ranges::none_of(facts.rules, is_empty, &wire::RoomFacts::Rule::name));
  const auto time_text = [](WallTime time) { return to_rfc3339(time); };
  require(!facts_text(wire::Language::en, facts, time_text).empty());
  const std::string json = json_line(RoomAbout{.list = std::string{text}}, WallTime{});
  require(wire::is_utf8(json) && json.find('\n') == json.size() - 1);
}

void fuzz_programs(std::string_view text) {
  const auto programs = read_programs(text);
  require(programs.size() <= kMaxPrograms);
  require(std::ranges::all_of(programs, [&](const Program& program) {
    return text.find(program.address) != std::string_view::npos;
  }));
  const Painter painter{{.colors = Colors::none}};
  const std::string table = painter.programs(programs);
  require(wire::is_utf8(table) && table.find('\x1b') == std::string::npos);
  require(static_cast<std::size_t>(std::ranges::count(table, '\n')) == programs.size() + 1);
  const std::string json = json_line(OtherProgram{.address = std::string{text}}, WallTime{});
  require(wire::is_utf8(json) && json.find('\n') == json.size() - 1);
}

void fuzz_member_facts(std::string_view text) {
  const MemberFacts facts = read_member_facts(text);
  const auto is_in_text = [&](std::string_view part) {
    return text.find(part) != std::string_view::npos;
  };
  require(is_in_text(facts.name) && is_in_text(facts.away) &&
          std::ranges::all_of(facts.rooms, is_in_text));
  require(facts.key.empty() || is_fingerprint(facts.key));
  Painter painter{Painter::Style{}};
  const std::string shown = painter.paint(MemberAbout{.name = "bob", .list = std::string{text}});
  require(wire::is_utf8(shown) && shown.find('\x1b') == std::string::npos);
  require(std::ranges::count(shown, '\n') <= 6);
}

// The first byte is the size, less 1, of the pieces that the rest is read in.
void fuzz_pipe(std::string_view text) {
  if (text.empty()) return;
  const std::size_t step = static_cast<unsigned char>(text.front()) + 1U;
  text.remove_prefix(1);
  PipeText whole;
  std::string clean = whole.take(text);
  clean += whole.end();
  PipeText cut;
  std::string again;
  for (std::size_t at = 0; at < text.size(); at += step) again += cut.take(text.substr(at, step));
  again += cut.end();
  require(again == clean && wire::is_utf8(clean) && clean.find('\x1b') == std::string::npos);
  require(std::ranges::count(clean, '\n') == std::ranges::count(text, '\n'));
}

void fuzz_split(std::string_view text) {
  for (const std::size_t most : {4U, 10U, 900U}) {
    std::size_t used = 0;
    while (used < text.size()) {
      const auto piece = first_message(text.substr(used), most);
      require(!piece.empty() && piece.size() <= most && piece.data() == text.data() + used);
      require(!wire::is_utf8(text) || wire::is_utf8(piece));
      used += piece.size();
    }
  }
}

}  // namespace
}  // namespace chatd::client

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  chatd::client::fuzz_safe_text(text);
  chatd::client::fuzz_wrapped(text);
  chatd::client::fuzz_layout(text);
  chatd::client::fuzz_input_line(text);
  chatd::client::fuzz_target(text);
  chatd::client::fuzz_input(text);
  chatd::client::fuzz_change(text);
  chatd::client::fuzz_facts(text);
  chatd::client::fuzz_programs(text);
  chatd::client::fuzz_member_facts(text);
  chatd::client::fuzz_pipe(text);
  chatd::client::fuzz_split(text);
  return 0;
}
