// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/cold_start.hpp"

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "common/base/time.hpp"
#include "daemon/restore/loader.hpp"
#include "daemon/state/loaded.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd {

namespace {

using state::Loaded;
using state::LoadSource;

std::string_view name_of(LoadSource source) {
  switch (source) {
    case LoadSource::database:
      return "registry.db";
    case LoadSource::document:
      return "registry.json";
    case LoadSource::none:
    case LoadSource::nothing:
    case LoadSource::refused:
      break;
  }
  return "none";
}

void add(std::string& words, std::uint32_t count, std::string_view what) {
  if (count != 0) words += fmt::format("; {} {}", count, what);
}

// The counts of rooms, rules and lines.
std::string words_of(const Loaded& loaded) {
  std::string words = fmt::format(
      "{} rooms and {} bans, mutes, invitations and roles are back ({}), and {} lines of {} rooms",
      loaded.rooms, loaded.rules, name_of(loaded.source), loaded.history_lines,
      loaded.history_rooms);
  add(words, loaded.rooms_left_out, "rooms are beyond limits.rooms");
  add(words, loaded.rules_left_out, "bans, mutes, invitations or roles are lost");
  add(words, loaded.rows_left_out, "rows of owned names and other lists are lost");
  add(words, loaded.damaged, "damaged rows were left out");
  add(words, loaded.history_skipped, "rooms got no lines: that would have taken too long");
  return words;
}

void report(const Loaded& loaded) {
  const auto tell = [&](LogLevel level, std::string_view words) {
    log(level, words,
        {{"CHATD_EVENT", "restored"}, {"CHATD_STATE", std::string{name_of(loaded.source)}}});
  };
  if (const auto words = view_of(loaded.registry_words); !words.empty()) {
    tell(LogLevel::warning, words);
  }
  if (const auto words = view_of(loaded.history_words); !words.empty()) {
    tell(LogLevel::warning, fmt::format("rooms begin without lines, history.db: {}", words));
  }
  const bool is_missing =
      loaded.rooms_left_out + loaded.rules_left_out + loaded.rows_left_out + loaded.damaged != 0;
  if (is_missing || loaded.source != LoadSource::none || loaded.history_lines != 0) {
    tell(is_missing ? LogLevel::warning : LogLevel::notice, words_of(loaded));
  }
}

}  // namespace

std::expected<void, Failure> load_from_disk(const Service& service, int region) {
  const auto view = state::StateView::map(region, state::Access::writer);
  if (!view) return std::unexpected{Failure{view.error()}};
  const config::Config& config = service.config;
  const auto loaded = restore::load(region, *view,
                                    {.directory = service.state_directory,
                                     .registry_required = config.registry.required,
                                     .history = config.history.enabled,
                                     .history_max_bytes = config.history.max_bytes,
                                     .history_max_age = config.history.max_age,
                                     .replay = config.room.replay},
                                    wall_now());
  if (!loaded) return std::unexpected{Failure{loaded.error()}};
  if (view->loaded().source == LoadSource::refused) {
    const std::string words{view_of(view->loaded().registry_words)};
    return std::unexpected{Failure{.error = Error{words}, .status = kExitConfig}};
  }
  report(view->loaded());
  return {};
}

}  // namespace chatd
