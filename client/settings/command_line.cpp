// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/command_line.hpp"

#include <charconv>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <system_error>

#include <CLI/CLI.hpp>

#include "client/settings/commands.hpp"
#include "client/settings/since.hpp"
#include "client/words/help_words.hpp"
#include "client/words/outcome.hpp"
#include "client/words/start_words.hpp"
#include "client/words/words.hpp"
#include "common/base/fingerprint.hpp"
#include "common/base/time.hpp"
#include "common/base/version.hpp"
#include "common/wire/display_width.hpp"

namespace chatd::client {

namespace {

constexpr double kMinSeconds = 0.1;
constexpr double kMaxSeconds = 86'400;
constexpr std::uint64_t kMaxCount = 1'000'000'000;
constexpr const char* kTimeLimit = "Time limit, in seconds; default: 30";

// Accepts only the words of `values`, and converts a word into its number. CLI11's own
// CheckedTransformer would show the numbers to the user.
template <class Enum>
CLI::Validator choice(const std::map<std::string, Enum>& values, wire::Language language) {
  const auto convert = [&values, language](std::string& word) {
    const auto found = values.find(word);
    if (found == values.end()) {
      std::string known;
      for (const auto& [name, value] : values) known += (known.empty() ? "" : ", ") + name;
      return words(language, Words::value_one_of, known, word);
    }
    word = std::to_string(static_cast<int>(found->second));
    return std::string{};
  };
  return CLI::Validator{convert, ""};
}

// "en|zh", as --help and the completions show it.
template <class Enum>
std::string words_of(const std::map<std::string, Enum>& values) {
  std::string words;
  for (const auto& [name, value] : values) words += (words.empty() ? "" : "|") + name;
  return words;
}

CLI::Validator is_not_empty(wire::Language language) {
  const auto check = [language](const std::string& value) {
    return std::string{value.empty() ? words(language, Words::value_empty) : ""};
  };
  return CLI::Validator{check, ""};
}

CLI::Validator is_room(wire::Language language) {
  const auto check = [language](const std::string& name) {
    if (name.empty()) return std::string{words(language, Words::value_empty)};
    return why_no_room(language, std::string_view{name}.substr(name.starts_with('#') ? 1 : 0));
  };
  return CLI::Validator{check, ""};
}

CLI::Validator is_fingerprint(wire::Language language) {
  const auto check = [language](const std::string& value) {
    if (chatd::is_fingerprint(value)) return std::string{};
    return words(language, Words::no_fingerprint, value);
  };
  return CLI::Validator{check, ""};
}

CLI::Validator is_timeout(wire::Language language) {
  const auto check = [language](const std::string& value) {
    double seconds = 0;
    const bool known = CLI::detail::lexical_cast(value, seconds);
    if (known && seconds >= kMinSeconds && seconds <= kMaxSeconds) return std::string{};
    return words(language, Words::value_from_to, kMinSeconds, kMaxSeconds, value);
  };
  return CLI::Validator{check, ""};
}

CLI::Validator is_number_up_to(std::uint64_t most, wire::Language language) {
  const auto check = [most, language](const std::string& value) {
    std::uint64_t count = 0;
    const char* const end = value.data() + value.size();
    const auto parsed = std::from_chars(value.data(), end, count);
    const bool is_number = parsed.ec == std::errc{} && parsed.ptr == end;
    if (is_number && count >= 1 && count <= most) return std::string{};
    return words(language, Words::value_from_to, 1, most, value);
  };
  return CLI::Validator{check, ""};
}

CLI::Validator is_count(wire::Language language) { return is_number_up_to(kMaxCount, language); }

CLI::Validator is_since(wire::Language language) {
  const auto check = [language](const std::string& value) {
    if (parse_since(value, wall_now())) return std::string{};
    return words(language, StartWords::no_since, value);
  };
  return CLI::Validator{check, ""};
}

void declare_language(CLI::App& app, Options& options, const Raw& raw) {
  static const std::map<std::string, wire::Language> kLanguages{{"en", wire::Language::en},
                                                                {"zh", wire::Language::zh}};
  app.add_option("--language", options.language, "Language of messages; default: from the locale")
      ->type_name(words_of(kLanguages))
      ->transform(choice(kLanguages, raw.language));
}

// The options of all modes in which uchat connects to a server.
void declare_common(CLI::App& app, Options& options, Raw& raw, std::string& target) {
  const CLI::Validator not_empty = is_not_empty(raw.language);
  app.add_option("TARGET", target,
                 "Server to connect to, or its alias in config.toml; the default port is 8888")
      ->type_name("[NAME@]HOST[:PORT]");
  app.add_option("--name", raw.name,
                 "Your name in the room; default: that in config.toml, or else your login name")
      ->type_name("NAME")
      ->check(not_empty);
  app.add_option("--password-file", options.password_file,
                 "File with the password of the room in its first line")
      ->type_name("FILE")
      ->check(not_empty);
  app.add_option("--code-file", options.code_file,
                 "File with your invitation code in its first line")
      ->type_name("FILE")
      ->check(not_empty);
  app.add_option("--fingerprint", options.fingerprint, "Fingerprint that the server must have")
      ->type_name("SHA256:...")
      ->check(is_fingerprint(raw.language));
  app.add_flag("--strict", options.strict,
               "Refuse a server that is not known and has no --fingerprint");
  app.add_flag("--wait", options.waits, "Keep trying while the server is away");
  app.add_option("--identity", options.identity,
                 "File of your key; it is created if it does not exist")
      ->type_name("FILE")
      ->check(not_empty);
  declare_language(app, options, raw);
}

// The options of an interactive session.
void declare_talk(CLI::App& app, Raw& raw) {
  app.add_option("--bell", raw.bell,
                 "When the terminal bell rings; default: as in config.toml, or else mention")
      ->type_name(words_of(bell_names()))
      ->transform(choice(bell_names(), raw.language));
  app.add_option("--log", raw.log, "File to append the lines of the conversation to")
      ->type_name("FILE")
      ->check(is_not_empty(raw.language));
  app.add_flag("--quiet", raw.quiet, "Do not show joins and leaves");
  app.add_option(
         "--notify", raw.notify,
         "When the desktop shows a notification; default: as in config.toml, or else mention")
      ->type_name(words_of(bell_names()))
      ->transform(choice(bell_names(), raw.language));
  app.add_flag("--no-replay", raw.no_replay, "Do not show earlier messages");
}

void declare_timeout(CLI::App& app, Raw& raw, const std::string& help) {
  app.add_option("--timeout", raw.timeout, help)
      ->type_name("SECONDS")
      ->check(is_timeout(raw.language));
}

void declare_room(CLI::App& app, Raw& raw, const std::string& help) {
  app.add_option("--room", raw.room, help)->type_name("NAME")->check(is_room(raw.language));
}

void declare_listen(CLI::App& app, Options& options, Raw& raw) {
  CLI::App* const listen = app.add_subcommand("listen", "Print messages, one per line");
  declare_common(*listen, options, raw, raw.target);
  CLI::Option* const no_replay =
      listen->add_flag("--no-replay", raw.no_replay, "Do not show earlier messages");
  listen
      ->add_option("--since", raw.since,
                   "Of the earlier messages that the server has kept, show those since a time "
                   "(10:30) or from so long ago on (10m)")
      ->type_name("TIME")
      ->check(is_since(raw.language))
      ->excludes(no_replay);
  CLI::Option* const rooms =
      listen->add_option("--room", raw.rooms, "Room to print the messages of; can be repeated")
          ->type_name("NAME")
          ->allow_extra_args(false)
          ->check(is_room(raw.language));
  listen->add_flag("--all", options.all_rooms, "Print the messages of all rooms")->excludes(rooms);
  listen->add_flag("--json", options.json, "Print one JSON object per line");
  listen->add_flag("--quiet", raw.quiet, "Do not show joins and leaves");
  listen->add_option("--count", options.count, "End after so many messages")
      ->type_name("NUMBER")
      ->check(is_count(raw.language));
  declare_timeout(*listen, raw, "End after so many seconds; default: never");
}

// The usage lines of --help. CLI11's own formatter would show TARGET before the command, and of
// `send` as optional.
class UsageLines : public CLI::Formatter {
 public:
  explicit UsageLines(wire::Language language)
      : usage_{std::string{help_words(language, "Usage")} + ": "} {
    for (const char* name : {"Positionals", "Excludes"}) {
      label(name, std::string{help_words(language, name)});
    }
  }
  std::string make_usage(const CLI::App* app, std::string /*name*/) const override {
    const std::string& name = app->get_name();
    if (name == kHelpCommand) return usage_ + "uchat help [COMMAND]\n";
    const std::string blanks(wire::display_width(usage_), ' ');
    std::string all = usage_ + "uchat [OPTIONS] [TARGET]\n";
    for (const ProgramCommand& command : kProgramCommands) {
      if (command.word == name) return usage_ + usage_line(command) + '\n';
      all += blanks + usage_line(command) + '\n';
    }
    return all;
  }

 private:
  std::string usage_;
};

// The texts are declared in English, which the completions have.
void translate(CLI::App& app, wire::Language language) {
  const auto translated = [language](const std::string& english) {
    return std::string{help_words(language, english)};
  };
  app.description(translated(app.get_description()));
  app.footer(translated(app.get_footer()));
  app.group(translated(app.get_group()));
  for (CLI::Option* const option : app.get_options()) {
    option->description(translated(option->get_description()));
    option->group(translated(option->get_group()));
  }
  for (CLI::App* const command : app.get_subcommands([](CLI::App*) { return true; })) {
    translate(*command, language);
  }
}

void declare_users(CLI::App& app, Options& options, Raw& raw) {
  CLI::App* const users = app.add_subcommand("users", "Print who is in the room, and end");
  declare_common(*users, options, raw, raw.target);
  declare_room(*users, raw, "Room whose members are printed; default: that of the server");
  users->add_flag("--json", options.json, "Print one JSON object");
  declare_timeout(*users, raw, kTimeLimit);
}

void declare_history(CLI::App& app, Options& options, Raw& raw) {
  CLI::App* const history =
      app.add_subcommand("history", "Print messages that the server has stored, and end");
  declare_common(*history, options, raw, raw.target);
  declare_room(*history, raw, "Room whose messages are printed; default: that of the server");
  history->add_option("--lines", options.history.lines, "At most so many lines; default: 50")
      ->type_name("NUMBER")
      ->check(is_number_up_to(HistoryChoice::kMaxLines, raw.language));
  CLI::Option* const before =
      history
          ->add_option("--before", options.history.before,
                       "The last lines before the one with this number; default: the newest ones")
          ->type_name("NUMBER")
          ->check(is_number_up_to(std::numeric_limits<std::int64_t>::max(), raw.language));
  CLI::Option* const since =
      history
          ->add_option("--since", raw.since, "The first lines since a time, or since so long ago")
          ->type_name("TIME")
          ->check(is_since(raw.language))
          ->excludes(before);
  history->add_option("--search", options.history.text, "The last lines that TEXT is found in")
      ->type_name("TEXT")
      ->excludes(since);
  history->add_flag("--json", options.json, "Print one JSON object per line");
  declare_timeout(*history, raw, kTimeLimit);
}

void declare_own(CLI::App& app, Options& options, Raw& raw) {
  CLI::App* const own =
      app.add_subcommand("own", "Own your name, so that nobody else can use it, and end");
  declare_common(*own, options, raw, raw.target);
  own->add_option("ACTION", raw.action,
                  "add: print a code for another device; CODE: use it on that device; keys: list "
                  "your devices; drop: remove one; release: give up the name")
      ->type_name("add|keys|drop|release|CODE");
  own->add_option("KEY", raw.key, "drop: fingerprint of the device's key, or the beginning of it")
      ->type_name("KEY");
  own->add_option("--yes", raw.yes,
                  "add: wait for the device whose key has this fingerprint, and let it in")
      ->type_name("SHA256:...")
      ->check(is_fingerprint(raw.language));
  own->add_flag("--json", options.json, "Print one JSON object per line");
  declare_timeout(*own, raw, "Give up after so many seconds");
}

void declare_servers(CLI::App& app, Options& options, Raw& raw) {
  CLI::App* const servers =
      app.add_subcommand("servers", "List the servers whose keys are known, or forget one");
  servers->add_option("ACTION", raw.action, "forget: remove the key of a server")
      ->type_name("forget");
  servers->add_option("SERVER", raw.target, "A server, as it is listed, or its alias")
      ->type_name("HOST[:PORT]");
  servers->add_flag("--names", options.names_only, "List addresses and aliases only");
  declare_language(*servers, options, raw);
}

void declare_find(CLI::App& app, Options& options, Raw& raw) {
  CLI::App* const find = app.add_subcommand("find", "List the servers of the local network");
  find->add_flag("--json", options.json, "Print one JSON object per line");
  declare_language(*find, options, raw);
}

void declare_help(CLI::App& app, Raw& raw) {
  CLI::App* const help = app.add_subcommand("help", "Show the options, or those of a command");
  help->add_option("COMMAND", raw.command, "A command")->type_name("COMMAND");
}

}  // namespace

void declare(CLI::App& app, Options& options, Raw& raw) {
  app.name("uchat");
  app.description("Talk in the room of a chatd.");
  app.formatter(std::make_shared<UsageLines>(raw.language));
  app.footer("The exit statuses are listed in uchat(1).");
  app.set_version_flag("-V,--version", "uchat " + std::string{kVersion});
  declare_common(app, options, raw, raw.target_in_front);
  declare_talk(app, raw);
  CLI::App* const send =
      app.add_subcommand("send", "Send one message, and wait until it is confirmed");
  send->footer(
      "You are a member of the room meanwhile, under your usual name or that of NAME@HOST.\n"
      "The exit statuses are listed in uchat(1).");
  declare_common(*send, options, raw, raw.target);
  declare_room(*send, raw, "Room to send the message to; default: that of the server");
  send->add_option("TEXT", raw.words, "Message; - reads it from standard input")
      ->type_name("TEXT")
      ->expected(-1);
  send->add_flag("--saved", options.saved, "Wait until the message is on the server's disk");
  send->add_flag("--json", options.json, "Print one JSON object per line");
  declare_timeout(*send, raw, kTimeLimit);
  declare_listen(app, options, raw);
  declare_users(app, options, raw);
  declare_history(app, options, raw);
  declare_own(app, options, raw);
  declare_servers(app, options, raw);
  declare_find(app, options, raw);
  declare_help(app, raw);
  app.require_subcommand(0, 1);
  if (raw.language != wire::Language::en) translate(app, raw.language);
}

std::vector<std::string> help_texts(const CLI::App& app) {
  std::vector<std::string> texts{app.get_description(), app.get_footer(), app.get_group()};
  for (const CLI::Option* option : app.get_options()) {
    texts.insert(texts.end(), {option->get_description(), option->get_group()});
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    const auto more = help_texts(*command);
    texts.insert(texts.end(), more.begin(), more.end());
  }
  return texts;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

void with_command_line(const std::function<void(const CLI::App&)>& use) {
  CLI::App app;
  Options options;
  Raw raw;
  declare(app, options, raw);
  use(app);
}

}  // namespace chatd::client
