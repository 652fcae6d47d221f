// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/command_line.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include <CLI/CLI.hpp>

#include "ctl/help.hpp"

namespace chatd::ctl {

namespace {

using Words = std::vector<std::string>;

constexpr std::chrono::milliseconds kDefaultWatch{2000};
constexpr double kMinSeconds = 0.1;
constexpr double kMaxSeconds = 86'400;

std::optional<std::chrono::milliseconds> parse_seconds(std::string_view text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), seconds);
  if (error != std::errc{} || end != text.end()) return std::nullopt;
  // Written in this way, so that a NaN fails, too.
  if (seconds >= kMinSeconds && seconds <= kMaxSeconds) {
    return std::chrono::milliseconds{std::lround(seconds * 1000)};
  }
  return std::nullopt;
}

std::optional<ColorMode> parse_color(std::string_view text) {
  if (text == "auto") return ColorMode::automatic;
  if (text == "always") return ColorMode::always;
  if (text == "never") return ColorMode::never;
  return std::nullopt;
}

// The row of "--socket", "--socket=/run/s" or "--watch=5"; null: there is no such option.
const OptionHelp* row_of(std::string_view word) {
  return find_option(word.substr(0, word.find('=')));
}

// The value of "-s" is the next word.
bool takes_next_word(std::string_view short_name) {
  const auto* const row = std::ranges::find(kOptionHelp, short_name, &OptionHelp::short_name);
  return !short_name.empty() && row != kOptionHelp.end() &&
         row->value() == OptionHelp::Value::required;
}

// "-j,--json", or "--room".
std::string names_of(const OptionHelp& row) {
  std::string names{row.short_name};
  if (!names.empty()) names += ',';
  return names.append(row.name());
}

class Parser {
 public:
  explicit Parser(std::span<char*> argv) : words_(argv.begin() + 1, argv.end()) {
    app_.set_help_flag();  // chatctl prints its own help
    app_.allow_extras();   // verbs, their arguments, and options that do not exist
    for (const OptionHelp& row : kOptionHelp) {
      const std::string name = names_of(row);
      // An optional value is that of a flag, so that the next word is never taken for it.
      CLI::Option* const option =
          row.value() == OptionHelp::Value::required ? app_.add_option(name) : app_.add_flag(name);
      option->take_last();
    }
  }

  CommandLine parse() && {
    check_values();
    Words reversed{words_.rbegin(), words_.rend()};
    try {
      app_.parse(reversed);
    } catch (const CLI::ParseError&) {  // the words in front of it were read
      complain("the option " + words_.back() + " needs a value");
    }
    take_words();
    take_options();
    return std::move(line_);
  }

 private:
  // The library takes "--json=yes" and "--watch=" for the option alone, and "--socket=" for an
  // option whose value follows.
  void check_values() {
    const auto end = std::ranges::find(words_, "--");
    for (auto word = words_.begin(); word != end; ++word) {
      const OptionHelp* const row = row_of(*word);
      if (row != nullptr) {
        if (!check_value(*row, word, end)) return;
      } else if (takes_next_word(*word) && std::next(word) != end) {
        ++word;
      }
    }
  }
  // `word` moves on to the value, if that is a word of its own. False: the option is the last word.
  template <class Word>
  bool check_value(const OptionHelp& row, Word& word, const Word& end) {
    const bool has_value = word->size() > row.name().size();
    if (row.value() == OptionHelp::Value::none) {
      if (has_value) complain_of(*word);
      return true;
    }
    if (has_value) {
      const bool is_empty = word->ends_with('=') && word->size() == row.name().size() + 1;
      if (is_empty) complain("the option " + *word + " needs a value");
      return true;
    }
    const Word next = std::next(word);
    if (next == end) return false;
    if (row.value() == OptionHelp::Value::required) {
      word = next;
    } else if (parse_seconds(*next)) {
      complain("--watch takes its seconds with a '=': --watch=" + *next);
    }
    return true;
  }

  void take_words() {
    bool are_all_words = false;  // behind "--"
    for (std::string& word : app_.remaining()) {
      if (!are_all_words && word == "--") {
        are_all_words = true;
      } else if (!are_all_words && word.size() > 1 && word.starts_with('-')) {
        complain_of(word);
      } else {
        line_.options.words.push_back(std::move(word));
      }
    }
  }

  void take_options() {
    Options& options = line_.options;
    options.json = is_given("--json");
    options.legend = !is_given("--no-legend");
    options.help = is_given("--help");
    options.version = is_given("--version");
    if (is_given("--socket")) {
      options.socket = value_of("--socket");
      if (options.socket.empty()) complain("--socket is empty");
    }
    if (is_given("--room")) {
      options.room = value_of("--room");
      if (options.room->empty()) complain("--room is empty");
    }
    for (const OptionHelp& row : kOptionHelp) {
      if (row.is_of_verb) take_option_of_verb(row);
    }
    if (is_given("--timeout")) take_seconds("--timeout", options.timeout);
    if (is_given("--watch")) {
      options.watch = kDefaultWatch;
      // The library gives "true" for a flag without a value.
      if (value_of("--watch") != "true") take_seconds("--watch", *options.watch);
    }
    if (is_given("--color")) take_color();
  }

  void take_option_of_verb(const OptionHelp& row) {
    const std::string name{row.name()};
    if (!is_given(name)) return;
    std::string& value = line_.options.of_verb[name];
    value = row.value() == OptionHelp::Value::none ? "yes" : value_of(name);
    if (value.empty()) complain(name + " is empty");
  }

  void take_seconds(const std::string& name, std::chrono::milliseconds& to) {
    const std::string& value = value_of(name);
    if (const auto seconds = parse_seconds(value)) {
      to = *seconds;
    } else {
      complain(name + " takes seconds, 0.1 to 86400, not \"" + value + "\"");
    }
  }

  void take_color() {
    const std::string& value = value_of("--color");
    if (const auto mode = parse_color(value)) {
      line_.options.color = *mode;
    } else {
      complain("--color is auto, always or never, not \"" + value + "\"");
    }
  }

  [[nodiscard]] bool is_given(const std::string& name) const { return app_.count(name) != 0; }
  // The last one, if it is given more than once.
  [[nodiscard]] const std::string& value_of(const std::string& name) const {
    return app_.get_option(name)->results().back();
  }

  void complain_of(const std::string& word) {
    complain("there is no option " + word + ", or it takes no value");
  }
  void complain(std::string problem) {
    if (line_.problem.empty()) line_.problem = std::move(problem);
  }

  Words words_;
  CLI::App app_;
  CommandLine line_;
};

}  // namespace

CommandLine parse_command_line(std::span<char*> argv) { return Parser{argv}.parse(); }

}  // namespace chatd::ctl
