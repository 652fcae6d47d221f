// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/options.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "client/settings/command_line.hpp"
#include "client/settings/commands.hpp"
#include "client/settings/file_choices.hpp"
#include "client/settings/help_output.hpp"
#include "client/settings/paths.hpp"
#include "client/settings/since.hpp"
#include "client/settings/spoken_language.hpp"
#include "client/words/outcome.hpp"
#include "client/words/start_words.hpp"
#include "client/words/text.hpp"
#include "client/words/words.hpp"
#include "common/base/nearest.hpp"
#include "common/wire/search_query.hpp"

namespace chatd::client {

namespace {

constexpr std::string_view kConfigFile = "config.toml";
constexpr std::chrono::milliseconds kTimeout{30'000};
constexpr std::chrono::milliseconds kDeviceTimeout{600'000};  // as long as a code is valid

// `command`: the one whose help has more; "": that of uchat.
int complain(const std::string& what, wire::Language language, const std::string& command = {}) {
  const std::string help = command.empty() ? "uchat --help" : "uchat help " + command;
  std::cerr << "uchat: " << words(language, Words::see_help, safe_text(what), help) << '\n';
  return exit_status_of(Outcome::usage);
}

// The lines have the file: no hint at the help is needed.
int report(const ConfigFaults& faults) {
  for (const std::string& line : faults.lines) std::cerr << "uchat: " << safe_text(line) << '\n';
  return exit_status_of(faults.is_unreadable ? Outcome::failed : Outcome::usage);
}

// The command that was parsed, or uchat itself.
const CLI::App& used(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? app : *parsed.front();
}

// The name of the command that was parsed; "": none. `help` has no help of its own.
std::string used_command(const CLI::App& app) {
  const std::string name = &used(app) == &app ? std::string{} : used(app).get_name();
  return name == kHelpCommand ? std::string{} : name;
}

// The commands that have an option, as "send, users"; "": none has it, or the used one has it.
std::string commands_with(const CLI::App& app, const std::string& option) {
  if (!option.starts_with("--") || used(app).get_option_no_throw(option) != nullptr) return {};
  std::string names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_option_no_throw(option) == nullptr) continue;
    names += (names.empty() ? "" : ", ") + command->get_name();
  }
  return names;
}

// The option that was meant by a word that no option has; "": none.
std::string option_meant(const CLI::App& app, const std::string& extra) {
  if (!extra.starts_with("--")) return {};
  std::vector<std::string> names;
  for (const CLI::Option* option : used(app).get_options()) names.push_back(option->get_name());
  const std::vector<std::string_view> known{names.begin(), names.end()};
  return std::string{nearest(extra.substr(0, extra.find_first_of(" =")), known).value_or("")};
}

// The command that is most like a word, which is none; "": there is none.
std::string command_like(const CLI::App& app, std::string_view word) {
  const std::vector<std::string> names = command_names(app);
  const std::vector<std::string_view> known{names.begin(), names.end()};
  return std::string{nearest_or_begun(word, known).value_or("")};
}

// The message about words that no option and no argument takes: `sned a@host hi`, or
// `send host rm -rf`.
std::string why_extra(const CLI::App& app, wire::Language language) {
  const std::string extra = CLI::detail::join(app.remaining(true), " ");
  const auto parsed = app.get_subcommands();
  if (!parsed.empty() && parsed.front()->get_name() == "send" && extra.starts_with('-')) {
    return words(language, StartWords::dashes_in_text, extra);
  }
  if (parsed.empty() && !extra.starts_with('-')) {
    const std::string meant = command_like(app, app.get_option("TARGET")->as<std::string>());
    if (!meant.empty()) return words(language, StartWords::command_meant, extra, meant);
  }
  const std::string option = extra.substr(0, extra.find_first_of(" ="));
  if (const std::string commands = commands_with(app, option); !commands.empty()) {
    return words(language, StartWords::option_of, option, commands);
  }
  if (const std::string meant = option_meant(app, extra); !meant.empty()) {
    return words(language, StartWords::option_meant, extra, meant);
  }
  return words(language, Words::words_too_many, extra);
}

// True if "--" stands behind the first word of the text: CLI11 ends the text there.
bool has_dashes_in_text(const CLI::App& send, std::span<const char* const> words) {
  const auto dashes = std::ranges::find(words, std::string_view{"--"});
  std::vector<std::string> taken = send.get_option("TARGET")->results();
  for (const std::string& word : send.get_option("TEXT")->results()) taken.push_back(word);
  if (dashes == words.end()) return false;
  const std::span<const char* const> behind{dashes + 1, words.end()};
  return behind.empty() || behind.size() > taken.size() ||
         !std::equal(behind.rbegin(), behind.rend(), taken.rbegin());
}

// The first option behind the first word of the text of `send`, as in `send host please --wait`;
// "": there is none. CLI11 does not take it as a part of the text.
std::string option_in_text(const CLI::App& send, std::span<const char* const> words) {
  const CLI::Option* const text = send.get_option("TEXT");
  if (text->count() == 0) return {};
  if (has_dashes_in_text(send, words)) return "--";
  const std::vector<CLI::Option*>& order = send.parse_order();
  const auto behind = std::find_if(std::ranges::find(order, text), order.end(),
                                   [text](const CLI::Option* one) { return one != text; });
  return behind == order.end() ? std::string{} : (*behind)->get_name();
}

// CLI11's messages are in English only, and begin with the option: "--room excludes --all".
std::string what_is_wrong(const CLI::App& app, const CLI::ParseError& error,
                          wire::Language language) {
  std::string what = error.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    return why_extra(app, language);
  }
  if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) return what;  // it is ours
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    const std::string name = what.substr(0, what.find(':'));
    const CLI::Option* const option = used(app).get_option_no_throw(name);
    const bool is_repeated = option != nullptr && option->count() > 1 && !what.ends_with("missing");
    if (is_repeated) return words(language, StartWords::given_twice, name);
    // Only the last word of the command line can be without its value.
    const bool is_in_text = app.get_subcommand("send")->get_option("TEXT")->count() > 0;
    return is_in_text ? words(language, StartWords::dashes_in_text, name)
                      : words(language, Words::value_missing, name);
  }
  if (dynamic_cast<const CLI::ExcludesError*>(&error) != nullptr) {
    return words(language, StartWords::not_together, what.substr(0, what.find(' ')),
                 what.substr(what.rfind(' ') + 1));
  }
  // Only flags are converted by CLI11: "Could not convert: --wait = x".
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr && what.contains(": --")) {
    const std::string name = what.substr(what.find("--"), what.find(" =") - what.find("--"));
    return words(language, StartWords::takes_no_value, name);
  }
  return words(language, StartWords::not_understood, what);
}

// The names of the options --room, each without a '#' in front.
std::vector<std::string> rooms_in(const Raw& raw) {
  std::vector<std::string> rooms = raw.rooms;
  if (!raw.room.empty()) rooms.push_back(raw.room);
  for (std::string& room : rooms) {
    if (room.starts_with('#')) room.erase(0, 1);
  }
  return rooms;
}

// The target of the command line, or else the default server of the file. `send` has no default:
// the first word of its text would be read as a target, and `own` the word behind it.
Result<std::string> given_target(const Options& options, const Raw& raw, const UserConfig& config) {
  const bool talks = options.mode == Options::Mode::talk;
  // A target before the command is an error. It is not used in place of the target after the
  // command: the message could be sent to the wrong room.
  if (!talks && !raw.target_in_front.empty()) {
    return fail(words(raw.language, Words::say_where_behind, how_to_write(options.mode)));
  }
  const std::string& given = talks ? raw.target_in_front : raw.target;
  if (!given.empty()) return given;
  const std::string how = how_to_write(options.mode);
  const ProgramCommand* const command = row_of_mode(options.mode);
  const bool is_needed = command != nullptr && command->target == ProgramCommand::Target::needed;
  if (is_needed) return fail(words(raw.language, Words::say_where, how));
  if (!config.server.empty()) return config.server;
  const std::string file = config_file(kConfigFile);
  if (file.empty()) return fail(words(raw.language, Words::say_where, how));
  return fail(words(raw.language, StartWords::say_where_or_set, how, file));
}

Result<> find_server(Options& options, const Raw& raw, const UserConfig& config) {
  const auto given = given_target(options, raw, config);
  if (!given) return fail(given.error());
  auto found = find_destination(config, *given, raw.language);
  if (!found) return fail(std::move(found).error());
  Target& target = found->target;
  if (!raw.name.empty() && !target.name.empty() && raw.name != target.name) {
    return fail(words(raw.language, Words::two_names, raw.name, target.name));
  }
  if (!raw.name.empty()) target.name = raw.name;
  target.addresses = raw.addresses;
  options.target = std::move(target);
  take_choices(options, raw, config, found->server);
  return {};
}

// `uchat servers`, `uchat servers forget HOST[:PORT]`
Result<> finish_servers(Options& options, const Raw& raw, const UserConfig& config) {
  options.config = config;
  if (!raw.target_in_front.empty()) {
    return fail(words(raw.language, Words::words_too_many, raw.target_in_front));
  }
  if (raw.action.empty()) return {};
  if (raw.action != "forget") return fail(words(raw.language, Words::words_too_many, raw.action));
  options.forgets = true;
  if (raw.target.empty()) {
    return fail(words(raw.language, StartWords::say_which_server, how_to_write(options.mode)));
  }
  auto found = find_destination(config, raw.target, raw.language);
  if (!found) return fail(std::move(found).error());
  options.target = std::move(found->target);
  return {};
}

// `uchat find`
Result<> finish_find(Options& options, const Raw& raw, const UserConfig& config) {
  options.config = config;
  if (raw.target_in_front.empty()) return {};
  return fail(words(raw.language, Words::words_too_many, raw.target_in_front));
}

Result<> finish_own(Options& options, const Raw& raw) {
  auto choice = read_own_choice(raw.action, raw.key, raw.yes);
  if (!choice && choice.error().empty()) {
    return fail(words(raw.language, Words::wants_text, how_to_write(options.mode)));
  }
  if (!choice) return fail(words(raw.language, Words::words_too_many, choice.error()));
  options.own = *std::move(choice);
  if (options.own.waits()) options.timeout = kDeviceTimeout;
  return {};
}

Result<> finish(Options& options, const Raw& raw, const UserConfig& config) {
  if (options.mode == Options::Mode::servers) return finish_servers(options, raw, config);
  if (options.mode == Options::Mode::find) return finish_find(options, raw, config);
  options.rooms = rooms_in(raw);
  const auto place = wire::split_place(options.history.text);
  if (place.room && options.rooms.empty()) options.rooms.push_back(*place.room);
  if (auto done = find_server(options, raw, config); !done) return done;
  for (const std::string& word : raw.words) {
    options.text += (options.text.empty() ? "" : " ") + word;
  }
  if (options.mode == Options::Mode::send && is_blank(options.text)) {
    return fail(words(raw.language, Words::say_what, how_to_write(options.mode)));
  }
  options.replay = !raw.no_replay;
  if (is_limited(options.mode)) options.timeout = kTimeout;
  if (options.mode == Options::Mode::own) {
    if (auto done = finish_own(options, raw); !done) return done;
  }
  if (raw.timeout) options.timeout = std::chrono::milliseconds{std::lround(*raw.timeout * 1000)};
  if (!raw.since.empty()) options.since = parse_since(raw.since, wall_now());
  options.history.since = options.since;
  return {};
}

// The exit status after a text was printed on standard output.
int status_of_output(wire::Language language) {
  std::cout.flush();
  if (std::cout) return exit_status_of(Outcome::done);
  std::cerr << "uchat: " << words(language, Words::stdout_unwritable) << '\n';
  return exit_status_of(Outcome::failed);
}

// Prints what --help prints; "": of uchat itself. Returns the exit status.
int help_about(const std::string& command, wire::Language language) {
  CLI::App app;
  Options options;
  Raw raw;
  raw.language = language;
  declare(app, options, raw);
  if (command.empty()) {
    print_help(app.help());
    return status_of_output(language);
  }
  const auto names = command_names(app);
  if (std::ranges::find(names, command) == names.end()) {
    const std::string meant = command_like(app, command);
    return complain(meant.empty() ? words(language, StartWords::no_command, command)
                                  : words(language, StartWords::no_command_meant, command, meant),
                    language);
  }
  print_help(app.get_subcommand(command)->help());
  return status_of_output(language);
}

// Lets `choose` find a target if there is none. The error is an exit status.
std::expected<void, int> take_choice(Options& options, Raw& raw, const UserConfig& config,
                                     const ChooseServer& choose) {
  const bool is_there = !raw.target_in_front.empty() || !config.server.empty();
  if (!choose || is_there || options.mode != Options::Mode::talk) return {};
  auto chosen = choose(options, config, raw.language);
  if (!chosen) return std::unexpected{chosen.error()};
  if (!*chosen) return {};
  raw.target_in_front = std::move((*chosen)->target);
  raw.addresses = std::move((*chosen)->addresses);
  return {};
}

// The first option in front of the command that the command does not have, as in `--quiet listen
// host`; "": there is none.
std::string option_of_no_use(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  if (parsed.empty() || parsed.front()->get_name() == kHelpCommand) return {};
  const CLI::App& command = *parsed.front();
  const auto is_of_no_use = [&](const CLI::Option* one) {
    return !one->get_positional() && command.get_option_no_throw(one->get_name()) == nullptr;
  };
  const auto found = std::ranges::find_if(app.parse_order(), is_of_no_use);
  return found == app.parse_order().end() ? std::string{} : (*found)->get_name();
}

// Parses the words. Returns the exit status of an error, or of --help and --version.
std::optional<int> parse_words(CLI::App& app, std::span<const char* const> typed,
                               wire::Language language) {
  const auto in_text = [&] { return option_in_text(*app.get_subcommand("send"), typed); };
  try {
    app.parse(static_cast<int>(typed.size()), typed.data());
  } catch (const CLI::Success& success) {  // --help, --version
    if (in_text().empty()) {
      std::ostringstream text;
      (void)app.exit(success, text, text);
      print_help(text.str());
      return status_of_output(language);
    }
  } catch (const CLI::ParseError& error) {
    if (in_text().empty()) {
      return complain(what_is_wrong(app, error, language), language, used_command(app));
    }
  }
  if (const std::string option = in_text(); !option.empty()) {
    return complain(words(language, StartWords::dashes_in_text, option), language, "send");
  }
  if (const std::string option = option_of_no_use(app); !option.empty()) {
    const std::string owners = commands_with(app, option);
    const std::string why = owners.empty() ? words(language, Words::words_too_many, option)
                                           : words(language, StartWords::option_of, option, owners);
    return complain(why, language, used_command(app));
  }
  return std::nullopt;
}

}  // namespace

std::expected<Options, int> parse_options(int argc, const char* const* argv,
                                          const ChooseServer& choose) {
  CLI::App app;
  Options options;
  Raw raw;
  const std::span<const char* const> typed{argv, static_cast<std::size_t>(argc)};
  raw.language = language_of_words(typed);
  declare(app, options, raw);
  if (const auto status = parse_words(app, typed, raw.language)) {
    return std::unexpected{*status};
  }
  const std::string command = used(app).get_name();
  if (command == kHelpCommand) return std::unexpected{help_about(raw.command, raw.language)};
  const auto* const row = std::ranges::find(kProgramCommands, command, &ProgramCommand::word);
  if (row != kProgramCommands.end()) options.mode = row->mode;
  const auto config = load_user_config(config_file(kConfigFile), raw.language);
  if (!config) return std::unexpected{report(config.error())};
  if (auto done = take_choice(options, raw, *config, choose); !done) {
    return std::unexpected{done.error()};
  }
  if (auto done = finish(options, raw, *config); !done) {
    return std::unexpected{complain(done.error().message(), raw.language, used_command(app))};
  }
  if (options.mode == Options::Mode::talk) options.meant = command_like(app, raw.target_in_front);
  return options;
}

}  // namespace chatd::client
