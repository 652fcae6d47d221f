// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/command_line.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include <getopt.h>

namespace chatd::ctl {

namespace {

// What getopt_long() gives for a word, and for each option that has no letter.
constexpr int kWord = 1;
constexpr int kSocket = 256;
constexpr int kTimeout = 257;
constexpr int kJson = 258;
constexpr int kWatch = 259;
constexpr int kNoLegend = 260;
constexpr int kColor = 261;
constexpr int kHelp = 262;
constexpr int kVersion = 263;

constexpr std::array kLongOptions{
    option{"socket", required_argument, nullptr, kSocket},
    option{"timeout", required_argument, nullptr, kTimeout},
    option{"json", no_argument, nullptr, kJson},
    option{"watch", optional_argument, nullptr, kWatch},
    option{"no-legend", no_argument, nullptr, kNoLegend},
    option{"color", required_argument, nullptr, kColor},
    option{"help", no_argument, nullptr, kHelp},
    option{"version", no_argument, nullptr, kVersion},
    option{nullptr, 0, nullptr, 0},
};

// The leading '-' hands out words in their order, whatever POSIXLY_CORRECT says; the ':'
// tells a missing value apart from an unknown option.
constexpr const char* kShortOptions = "-:h";

constexpr std::chrono::milliseconds kDefaultWatch{2000};
constexpr double kMinSeconds = 0.1;
constexpr double kMaxSeconds = 86'400;

std::optional<std::chrono::milliseconds> parse_seconds(std::string_view text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), seconds);
  if (error != std::errc{} || end != text.end()) return std::nullopt;
  // In this sense, so that a NaN fails, too.
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

class Parser {
 public:
  explicit Parser(std::span<char*> argv) : argv_{argv} {}

  CommandLine parse() && {
    opterr = 0;  // we say it ourselves, as JSON if that is wanted
    optind = 0;  // start over: glibc keeps its place between calls
    const int argc = static_cast<int>(argv_.size());
    for (;;) {
      const auto at = static_cast<std::size_t>(optind == 0 ? 1 : optind);
      typed_ = at < argv_.size() ? argv_[at] : "";
      const int found =
          getopt_long(argc, argv_.data(), kShortOptions, kLongOptions.data(), nullptr);
      if (found == -1) break;
      take(found);
    }
    for (const char* word : argv_.subspan(static_cast<std::size_t>(optind))) {
      line_.options.words.emplace_back(word);
    }
    return std::move(line_);
  }

 private:
  void take(int found) {
    Options& options = line_.options;
    if (found >= kSocket && is_abbreviated(found)) found = '?';
    const bool bare_watch = found == kWatch && optarg == nullptr;
    take_as(found, options);
    bare_watch_ = bare_watch;
  }

  void take_as(int found, Options& options) {
    switch (found) {
      case kWord:
        take_word();
        break;
      case kSocket:
        options.socket = optarg;
        if (options.socket.empty()) complain("--socket is empty");
        break;
      case kTimeout:
        take_seconds("--timeout", options.timeout);
        break;
      case kJson:
        options.json = true;
        break;
      case kWatch:
        take_watch();
        break;
      case kNoLegend:
        options.legend = false;
        break;
      case kColor:
        take_color();
        break;
      case 'h':
      case kHelp:
        options.help = true;
        break;
      case kVersion:
        options.version = true;
        break;
      case ':':
        complain("the option " + typed_ + " needs a value");
        break;
      default:
        complain("there is no option " + typed_ + ", or it takes no value");
        break;
    }
  }

  // getopt_long takes "--js" for --json; a later option could change what it means.
  [[nodiscard]] bool is_abbreviated(int found) const {
    for (const option& known : kLongOptions) {
      if (known.val != found || known.name == nullptr) continue;
      const std::string whole = std::string{"--"} + known.name;
      return typed_ != whole && !typed_.starts_with(whole + "=");
    }
    return false;
  }

  template <class Duration>
  void take_seconds(std::string_view name, Duration& to) {
    if (const auto seconds = parse_seconds(optarg)) {
      to = *seconds;
    } else {
      complain(std::string{name} + " takes seconds, 0.1 to 86400, not \"" + optarg + "\"");
    }
  }

  void take_watch() {
    line_.options.watch = kDefaultWatch;
    if (optarg != nullptr) take_seconds("--watch", *line_.options.watch);
  }

  void take_word() {
    if (bare_watch_ && parse_seconds(optarg)) {
      complain(std::string{"--watch takes its seconds with a '=': --watch="} + optarg);
    }
    line_.options.words.emplace_back(optarg);
  }

  void take_color() {
    if (const auto mode = parse_color(optarg)) {
      line_.options.color = *mode;
    } else {
      complain("--color is auto, always or never, not \"" + std::string{optarg} + "\"");
    }
  }

  void complain(std::string problem) {
    if (line_.problem.empty()) line_.problem = std::move(problem);
  }

  std::span<char*> argv_;
  std::string typed_;       // the argument that is being looked at
  bool bare_watch_{false};  // the one before it was --watch without its seconds
  CommandLine line_;
};

}  // namespace

CommandLine parse_command_line(std::span<char*> argv) { return Parser{argv}.parse(); }

}  // namespace chatd::ctl
