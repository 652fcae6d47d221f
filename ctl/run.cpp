// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/run.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <expected>
#include <functional>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/log.hpp"
#include "common/base/result.hpp"
#include "common/base/version.hpp"
#include "common/wire/control/control_path.hpp"
#include "common/wire/control/verbs.hpp"
#include "ctl/answers.hpp"
#include "ctl/client.hpp"
#include "ctl/follow.hpp"
#include "ctl/follow_history.hpp"
#include "ctl/help.hpp"

namespace chatd::ctl {

namespace {

using wire::ControlError;
using wire::ControlRequest;

std::unexpected<ControlError> refuse(std::string_view code, std::string message) {
  return std::unexpected{ControlError{.code = std::string{code}, .message = std::move(message)}};
}

// fmt::print would throw where the stream cannot be written; flushed() reports that of standard
// output.
void print(const std::string& text) { (void)std::fputs(text.c_str(), stdout); }
void complain(const std::string& words) { (void)std::fputs((words + '\n').c_str(), stderr); }

ExitStatus report(const ControlError& error, std::string_view verb, bool json) {
  const ExitStatus status = exit_status_of(error.code, verb);
  if (json) {
    complain(wire::with_schema(error));
  } else {
    // The problems of a refused configuration are lines of their own.
    std::istringstream lines{error.message};
    for (std::string line; std::getline(lines, line);) {
      complain("chatctl: " + escape_controls(line));
    }
    if (status == ExitStatus::usage) complain("Try \"chatctl --help\".");
  }
  return status;
}

// The status, or `failed` if standard output cannot be written: a full disk, a closed pipe.
ExitStatus flushed(ExitStatus status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  complain("chatctl: " + Error::from_errno("standard output").message());
  return ExitStatus::failed;
}

bool wants_color(ColorMode mode) {
  if (mode != ColorMode::automatic) return mode == ColorMode::always;
  const char* const no_color = std::getenv("NO_COLOR");
  const char* const term = std::getenv("TERM");
  const bool refused = no_color != nullptr && *no_color != '\0';
  const bool dumb = term == nullptr || std::string_view{term} == "dumb";
  return !refused && !dumb && ::isatty(STDOUT_FILENO) == 1;
}

ControlError unknown_verb(const std::string& name) {
  std::string message = "there is no verb \"" + name + "\"";
  if (const std::string longer = longer_verbs(name); !longer.empty()) {
    message += ", but there is " + longer;
  } else if (const auto nearest = wire::nearest_verb(name); !nearest.empty()) {
    message += ", did you mean \"" + std::string{nearest} + "\"?";
  }
  return {.code = std::string{wire::code::kUnknownVerb}, .message = std::move(message)};
}

// "room sett": the verb is `room` with too many arguments, and `room set` is probably meant. Empty
// if there is no such verb.
std::string misspelt_verb(const wire::Verb& verb, const std::vector<std::string>& words) {
  if (verb.joins_words || words.size() <= verb.max_args + 1) return {};
  std::string name = words[0] + ' ' + words[1];
  return wire::nearest_verb(name).contains(' ') ? name : std::string{};
}

// `announce tea is ready` needs no quotes: the last argument takes all remaining words.
std::vector<std::string> join_last(std::vector<std::string> args, std::size_t max_args) {
  for (std::size_t i = max_args; i < args.size(); ++i) args[max_args - 1] += ' ' + args[i];
  if (args.size() > max_args) args.resize(max_args);
  return args;
}

// `announce -` reads the text from standard input. Line breaks become blanks, because an
// announcement is one line.
std::string text_from_stdin() {
  std::string text(wire::kMaxRequestBytes, '\0');  // more could not be sent
  std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::cin.gcount()));
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  std::ranges::replace(text, '\n', ' ');
  return text;
}

// "status, users and workers": the verbs that an option goes with.
template <class Takes>
std::string verbs_with(Takes takes) {
  std::vector<std::string_view> names;
  for (const wire::Verb& verb : wire::kVerbs) {
    if (std::invoke(takes, verb)) names.push_back(verb.name);
  }
  const std::string_view last = names.back();
  names.pop_back();
  return names.empty() ? std::string{last} : fmt::format("{} and {}", fmt::join(names, ", "), last);
}

// The options of the verb as further arguments, see wire::Verb::options.
std::expected<void, ControlError> add_options(const wire::Verb& verb, const Options& options,
                                              std::vector<std::string>& args) {
  for (const auto& [name, value] : options.of_verb) {
    if (verb.has_option(name)) continue;
    return refuse(wire::code::kUsage,
                  name + " goes with " +
                      verbs_with([&](const wire::Verb& other) { return other.has_option(name); }));
  }
  if (options.of_verb.empty() && !options.room) return {};
  args.resize(verb.max_args);  // the ones that are not given are empty
  verb.for_each_option([&](std::string_view name) {
    const auto given = options.of_verb.find(name);
    args.push_back(given == options.of_verb.end() ? "" : given->second);
  });
  if (options.room) {
    args.push_back(*options.room);
  } else {
    while (args.size() > verb.min_args && args.back().empty()) args.pop_back();
  }
  return {};
}

// `args`: the words behind the verb.
std::expected<ControlRequest, ControlError> request_for(const wire::Verb& verb,
                                                        std::vector<std::string> args,
                                                        const Options& options) {
  if (verb.joins_words) args = join_last(std::move(args), verb.max_args);
  if (args.size() < verb.min_args || args.size() > verb.max_args) {
    return refuse(wire::code::kUsage, usage_line(verb));
  }
  if (options.watch && !verb.watchable) {
    return refuse(wire::code::kUsage, "--watch goes with " + verbs_with(&wire::Verb::watchable));
  }
  if (options.room && !verb.takes_room) {
    return refuse(wire::code::kUsage, "--room goes with " + verbs_with(&wire::Verb::takes_room));
  }
  if (verb.name == wire::verb::kAnnounce.row.name && args[0] == "-") args[0] = text_from_stdin();
  if (auto added = add_options(verb, options, args); !added) {
    return std::unexpected{std::move(added).error()};
  }
  return ControlRequest{.verb = std::string{verb.name}, .args = std::move(args)};
}

ExitStatus run_help(const ControlRequest& request, bool json) {
  if (request.args.empty()) {
    print(json ? wire::with_schema(wire::verbs_as_json()) + "\n" : help_text());
    return ExitStatus::done;
  }
  const wire::Verb* const verb = wire::find_verb(request.args[0]);
  if (verb == nullptr) return report(unknown_verb(request.args[0]), "help", json);
  print(json ? wire::with_schema(wire::verb_as_json(*verb)) + "\n" : help_text(*verb));
  return ExitStatus::done;
}

// How a request is answered: answer_of(), or with what was answered before.
using AnswerOf = std::function<std::expected<Answer, ControlError>(Client&, const ControlRequest&,
                                                                   const Style&)>;

ExitStatus ask_once(Client& client, const ControlRequest& request, const Options& options,
                    const AnswerOf& answer_for = &answer_of) {
  const Style style{.color = wants_color(options.color),
                    .legend = options.legend,
                    .draws = ::isatty(STDOUT_FILENO) == 1};
  const auto answer = answer_for(client, request, style);
  if (!answer) return report(answer.error(), request.verb, options.json);
  const bool has_json = options.json && !answer->json.empty();
  print(has_json ? wire::with_schema(answer->json) + "\n" : answer->text);
  if (!answer->outcome) return report(answer->outcome.error(), request.verb, options.json);
  return ExitStatus::done;
}

// Waits between two rounds. True at once when the reader of the pipe or the terminal has gone.
bool has_lost_its_reader_within(std::chrono::milliseconds pause) {
  pollfd out{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
  return ::poll(&out, 1, static_cast<int>(pause.count())) > 0;
}

// On a terminal each round replaces the last one; in a pipe they follow each other, as
// JSON one line each. Ends by a signal, at the first error, or when the reader has gone.
ExitStatus watch(Client& client, const ControlRequest& request, const Options& options,
                 std::chrono::milliseconds pause) {
  const bool clears = !options.json && ::isatty(STDOUT_FILENO) == 1;
  AnswerOf answer_for = &answer_of;
  if (request.verb == wire::verb::kStatus.row.name) {
    answer_for = [rates = StatusRates{}](Client& asked, const ControlRequest& status,
                                         const Style& style) mutable {
      return answer_with_rates(asked, status, style, rates);
    };
  }
  for (bool first = true;; first = false) {
    if (clears) {
      print("\x1b[H\x1b[2J");
    } else if (!first && !options.json) {
      print("\n");
    }
    const ExitStatus status = flushed(ask_once(client, request, options, answer_for));
    if (status != ExitStatus::done) return status;
    if (has_lost_its_reader_within(pause)) return ExitStatus::done;
  }
}

ExitStatus run_verb(const Options& options) {
  std::vector<std::string> words = options.words;
  if (words.empty()) words.emplace_back(wire::verb::kStatus.row.name);
  const auto [verb, name_words] = wire::find_verb(words);
  if (verb == nullptr) return report(unknown_verb(words[0]), words[0], options.json);
  if (const std::string misspelt = misspelt_verb(*verb, words);
      name_words == 1 && !misspelt.empty()) {
    return report(unknown_verb(misspelt), verb->name, options.json);
  }
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(name_words));
  const auto request = request_for(*verb, std::move(words), options);
  if (!request) return report(request.error(), verb->name, options.json);
  if (verb->client_only) return run_help(*request, options.json);

  const std::string socket = options.socket.empty()
                                 ? wire::client_control_path(wire::control_path_context())
                                 : options.socket;
  if (verb->name == wire::verb::kEvents.row.name) {
    if (!request->args.empty()) {
      return report({.code = std::string{wire::code::kUsage}, .message = usage_line(*verb)},
                    verb->name, options.json);
    }
    const auto followed = follow(socket, {.json = options.json, .timeout = options.timeout});
    return followed ? ExitStatus::done : report(followed.error(), verb->name, options.json);
  }
  const wire::Verb& history = wire::verb::kHistory.row;
  const std::size_t follow_at = history.argument_of("--follow");
  if (verb->name == history.name && follow_at < request->args.size() &&
      !request->args[follow_at].empty()) {
    const auto followed =
        follow_history(socket, *request, {.json = options.json, .timeout = options.timeout});
    return followed ? ExitStatus::done : report(followed.error(), verb->name, options.json);
  }
  Client client{socket, options.timeout};
  return options.watch ? watch(client, *request, options, *options.watch)
                       : ask_once(client, *request, options);
}

}  // namespace

ExitStatus run(const CommandLine& command_line) {
  const auto& [options, problem] = command_line;
  if (!problem.empty()) {
    return report({.code = std::string{wire::code::kUsage}, .message = problem}, "", options.json);
  }
  if (options.help) {
    ControlRequest help{.verb = "help", .args = {}};
    const wire::Verb* const verb = wire::find_verb(options.words).verb;
    if (verb != nullptr) {
      help.args.emplace_back(verb->name);
    } else if (!options.words.empty()) {
      help.args.push_back(options.words[0]);
    }
    return flushed(run_help(help, options.json));
  }
  if (options.version) {
    print(options.json
              ? wire::with_schema(to_json(wire::VersionReport{std::string{kVersion}})) + "\n"
              : fmt::format("chatctl {}\n", kVersion));
    return flushed(ExitStatus::done);
  }
  return flushed(run_verb(options));
}

}  // namespace chatd::ctl
