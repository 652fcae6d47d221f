// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sequence_check.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "common/wire/unicode.hpp"

namespace chatd::test {

namespace {

constexpr long kNone = -1;  // a number that is left out

}  // namespace

struct SequenceCheck::Callbacks {
  static SequenceCheck& check(void* user) { return *static_cast<SequenceCheck*>(user); }

  // The text ends before the first control character. libvterm offers what follows, too.
  static int on_text(const char* bytes, std::size_t size, void* user) {
    const auto is_control = [](char byte) { return (byte >= 0 && byte < ' ') || byte == '\x7f'; };
    const std::string_view all{bytes, size};
    const auto end = std::ranges::find_if(all, is_control) - all.begin();
    check(user).check_text(all.substr(0, static_cast<std::size_t>(end)));
    return static_cast<int>(end);
  }
  static int on_control(unsigned char control, void* user) {
    const bool is_usual = std::string_view{"\a\b\r\n"}.contains(static_cast<char>(control));
    if (!is_usual) check(user).forbid(fmt::format("control {:#04x}", control));
    return 1;
  }
  static int on_escape(const char* bytes, std::size_t size, void* user) {
    check(user).forbid(fmt::format("ESC {}", std::string_view{bytes, size}));
    return static_cast<int>(size);
  }
  static int on_csi(const char* leader, const long args[], int count, const char* intermediate,
                    char command, void* user) {
    std::vector<long> numbers;
    for (const long arg : std::span{args, static_cast<std::size_t>(count)}) {
      const auto bits = static_cast<unsigned long>(arg);
      numbers.push_back(CSI_ARG_IS_MISSING(bits) ? kNone : static_cast<long>(CSI_ARG(bits)));
    }
    const std::string_view before = leader == nullptr ? "" : leader;
    if (intermediate != nullptr && *intermediate != '\0') {
      check(user).forbid(fmt::format("CSI with {}", intermediate));
    } else {
      check(user).check_sequence(before, numbers, command);
    }
    return 1;
  }
  static int on_osc(const char* text, std::size_t size, void* user) {
    check(user).check_osc({text, size});
    return 1;
  }
  static int on_dcs(const char* text, std::size_t size, void* user) {
    check(user).forbid(fmt::format("DCS {}", std::string_view{text, size}));
    return 1;
  }
};

SequenceCheck::SequenceCheck() : parser_{::vterm_new(24, 80)} {
  static constexpr VTermParserCallbacks kChecks{.text = &Callbacks::on_text,
                                                .control = &Callbacks::on_control,
                                                .escape = &Callbacks::on_escape,
                                                .csi = &Callbacks::on_csi,
                                                .osc = &Callbacks::on_osc,
                                                .dcs = &Callbacks::on_dcs,
                                                .resize = nullptr};
  ::vterm_set_utf8(parser_.get(), 1);
  ::vterm_parser_set_callbacks(parser_.get(), &kChecks, this);
}

void SequenceCheck::read(std::string_view bytes) {
  (void)::vterm_input_write(parser_.get(), bytes.data(), bytes.size());
}

void SequenceCheck::forbid(std::string_view what) {
  if (forbidden_.empty()) forbidden_ = what;
}

void SequenceCheck::check_text(std::string_view bytes) {
  constexpr std::size_t kLongest = 4;
  const std::string text = part_.append(bytes);
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view before = rest;
    const auto code = wire::take_character(rest);
    if (code && !wire::is_control(*code) && !wire::is_bidi_control(*code)) continue;
    if (code || before.size() >= kLongest) return forbid(fmt::format("text {}", before));
    part_ = before;
    return;
  }
  part_.clear();
}

// 0, bold, dim, reverse, and the colours of the first plane; 38;5;N.
void SequenceCheck::check_color(const std::vector<long>& numbers) {
  modes_.is_tinted = !numbers.empty() && numbers.front() > 0;
  const bool has_number = numbers.size() == 3 && numbers[0] == 38 && numbers[1] == 5;
  const auto is_usual = [](long number) {
    return number <= 2 || number == 7 || (number >= 30 && number <= 37) ||
           (number >= 90 && number <= 97);
  };
  const bool is_allowed = has_number ? numbers[2] < 256 : std::ranges::all_of(numbers, is_usual);
  if (!is_allowed) forbid(fmt::format("CSI {}m", fmt::join(numbers, ";")));
}

void SequenceCheck::check_sequence(std::string_view leader, const std::vector<long>& numbers,
                                   char command) {
  const long first = numbers.empty() ? kNone : numbers.front();
  const bool is_one = numbers.size() <= 1;
  if (leader.empty() && command == 'm') return check_color(numbers);
  if (leader == "?" && is_one && (command == 'h' || command == 'l')) {
    if (first == 2004) return void(modes_.marks_pastes = command == 'h');
    if (first == 1004) return void(modes_.reports_focus = command == 'h');
  }
  if (leader.empty() && is_one) {
    if (std::string_view{"ABC"}.contains(command)) return;
    if (first == kNone && std::string_view{"HJK"}.contains(command)) return;
    if (first == 2 && command == 'J') return;
  }
  forbid(fmt::format("CSI {}{}{}", leader, fmt::join(numbers, ";"), command));
}

// A notification.
void SequenceCheck::check_osc(std::string_view text) {
  constexpr std::string_view kLong = "777;notify;uchat;";
  constexpr std::string_view kShort = "9;";
  std::string_view rest = text;
  if (text.starts_with(kLong)) {
    rest.remove_prefix(kLong.size());
  } else if (text.starts_with(kShort)) {
    rest.remove_prefix(kShort.size());
  } else {
    return forbid(fmt::format("OSC {}", text));
  }
  while (!rest.empty()) {
    const auto code = wire::take_character(rest);
    if (!code || wire::is_control(*code) || *code == ';') {
      return forbid(fmt::format("OSC {}", text));
    }
  }
}

}  // namespace chatd::test
