// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/restore/loader.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/process/process.hpp"
#include "daemon/archive/history_db.hpp"
#include "daemon/handover/registry_read.hpp"
#include "daemon/restore/fill_history.hpp"
#include "daemon/restore/open_unlocked.hpp"
#include "daemon/restore/registry_files.hpp"
#include "daemon/store/database.hpp"

namespace chatd::restore {

using state::Loaded;
using state::LoadSource;
using state::LoadStage;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kLookAgain{100};
// The lines of many rooms lie side by side, so that with the usual cache of 2 MiB most pages are
// read again for each room. The memory is taken as pages are read, and the child ends soon.
constexpr const char* kLargeCache = "PRAGMA cache_size=-131072";  // KiB

bool has_history(const Settings& settings) {
  return ::access((settings.directory + "/history.db").c_str(), F_OK) == 0;
}

void begin_without_lines(const state::StateView& state, const Settings& settings, WallTime now,
                         std::string_view words) {
  forget_lines(state, has_history(settings), now);
  set_rights(state);
  Loaded& loaded = state.loaded();
  loaded.history_rooms = loaded.history_lines = loaded.history_skipped = 0;
  assign(loaded.history_words, words);
}

Result<Filled> read_history(const state::StateView& state, const Settings& settings, WallTime now,
                            const std::function<void()>& alive) {
  const auto open = [&] {
    return archive::HistoryDb::open(settings.directory + "/history.db", state.header().epoch,
                                    settings.history_max_bytes, alive);
  };
  auto database = open_unlocked(open, settings.lock_limit, alive);
  if (!database) return fail(std::move(database).error());
  if (const auto done = database->file().run(kLargeCache); !done) return fail(done.error());
  // A database that was restored from an older copy has lines that were erased since.
  if (const auto done = database->erasing().repeat(*database); !done) return fail(done.error());
  return fill_history(*database, state,
                      {.lines = settings.replay,
                       .end = mono_now() + settings.history_limit,
                       .max_age = settings.history_max_age,
                       .now = now},
                      alive);
}

Registry registry_of(const Settings& settings, const std::function<void()>& alive) {
  return read_registry({.directory = settings.directory,
                        .is_required = settings.registry_required,
                        .lock_limit = settings.lock_limit,
                        .without_database = settings.without_database},
                       alive);
}

void fill_registry(const state::StateView& state, const Registry& registry, WallTime now) {
  Loaded& loaded = state.loaded();
  assign(loaded.registry_words, registry.words);
  if (registry.document.is_object()) {
    const auto restored = handover::restore_registry(registry.document, state, now);
    loaded.rooms = static_cast<std::uint32_t>(restored.rooms);
    loaded.rooms_left_out = static_cast<std::uint32_t>(restored.rooms_left_out);
    loaded.rules = static_cast<std::uint32_t>(restored.rules);
    loaded.rules_left_out = static_cast<std::uint32_t>(restored.rules_left_out);
    loaded.rows = static_cast<std::uint32_t>(restored.rows.restored);
    loaded.rows_left_out = static_cast<std::uint32_t>(restored.rows.left_out);
    loaded.damaged = static_cast<std::uint32_t>(registry.damaged + restored.rooms_damaged);
  }
  loaded.source.store(registry.source, std::memory_order_release);
}

void load_history(const state::StateView& state, const Settings& settings, WallTime now,
                  const std::function<void()>& alive) {
  if (!settings.history || !has_history(settings)) {
    return begin_without_lines(state, settings, now, "");
  }
  const auto filled = read_history(state, settings, now, alive);
  if (!filled) return begin_without_lines(state, settings, now, filled.error().message());
  set_rights(state);
  Loaded& loaded = state.loaded();
  loaded.history_rooms = static_cast<std::uint32_t>(filled->rooms);
  loaded.history_lines = static_cast<std::uint32_t>(filled->lines);
  loaded.history_skipped = static_cast<std::uint32_t>(filled->skipped);
}

struct Ended {
  bool has_ended;  // false: it hung, and was killed
  LoadStage stage;
};

// Waits while the child makes progress. False: it was killed, and may not have ended yet.
Result<bool> wait_for(process::Process& child, const Loaded& loaded, milliseconds limit) {
  std::uint64_t seen = 0;
  MonoTime since = mono_now();
  for (;;) {
    const auto ended = child.join(kLookAgain);
    if (!ended) return fail(ended.error());
    if (*ended) return true;
    const std::uint64_t steps = loaded.steps.load(std::memory_order_relaxed);
    if (std::exchange(seen, steps) != steps) since = mono_now();
    if (mono_now() - since < limit) continue;
    if (auto done = child.kill(); !done) return fail(std::move(done).error());
    return false;
  }
}

}  // namespace

void load_here(const state::StateView& state, const Settings& given, WallTime now) {
  Settings settings = given;
  settings.directory = store::real_path(given.directory);
  Loaded& loaded = state.loaded();
  loaded.began_wall = now.time_since_epoch().count();
  const auto alive = [&loaded] { loaded.steps.fetch_add(1, std::memory_order_relaxed); };
  const auto enter = [&](LoadStage stage) {
    loaded.stage.store(stage, std::memory_order_release);
    if (settings.on_stage) settings.on_stage(stage);
  };
  enter(settings.without_database ? LoadStage::document : LoadStage::registry);
  const Registry registry = registry_of(settings, alive);
  enter(LoadStage::rows);
  fill_registry(state, registry, now);
  enter(LoadStage::history);
  if (loaded.source != LoadSource::refused) load_history(state, settings, now, alive);
  enter(LoadStage::done);
}

Result<Ended> load_in_child(int region, const state::StateView& state, const Settings& settings,
                            WallTime now) {
  const auto run = [&] {
    auto own = state::StateView::map(region, state::Access::writer);
    if (!own) return EXIT_FAILURE;
    load_here(*own, settings, now);
    return EXIT_SUCCESS;
  };
  auto child = std::make_unique<process::Process>(
      run,
      process::ProcessOptions{.name = "chatd: loader", .daemon = true, .keep_fds = {{region}}});
  if (auto done = child->start(); !done) return fail(std::move(done).error());
  const auto ended = wait_for(*child, state.loaded(), settings.hang_limit);
  if (!ended) return fail(ended.error());
  // A process that waits for a disk ends late. Its destructor would wait for it, and the service
  // with it; the supervisor reaps it.
  const auto has_ended = child->join(kLookAgain);
  if (!has_ended || !*has_ended) (void)child.release();
  return Ended{.has_ended = *ended, .stage = state.loaded().stage.load(std::memory_order_acquire)};
}

Result<> load(int region, const state::StateView& state, const Settings& settings, WallTime now) {
  auto ended = load_in_child(region, state, settings, now);
  // Nothing is in the region yet.
  if (ended && ended->has_ended && ended->stage == LoadStage::registry) {
    Settings again = settings;
    again.without_database = true;
    ended = load_in_child(region, state, again, now);
  }
  if (!ended) return fail(std::move(ended).error());
  if (ended->has_ended && ended->stage == LoadStage::done) return {};
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(settings.hang_limit);
  const std::string why = ended->has_ended
                              ? "the process that reads it has died"
                              : fmt::format("the disk did not answer for {} s", seconds.count());
  if (ended->stage != LoadStage::history && ended->stage != LoadStage::done) {
    return fail(fmt::format("the registry in {} was not read: {}", settings.directory, why));
  }
  begin_without_lines(state, settings, now, why);
  return {};
}

}  // namespace chatd::restore
