// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/service_end.hpp"

#include <cstdlib>
#include <utility>

#include "common/base/log.hpp"
#include "daemon/sys/listen_fds.hpp"
#include "daemon/sys/notify.hpp"
#include "daemon/sys/succession.hpp"

namespace chatd {

namespace {

// Notes that the end was in order, and writes the snapshot for a successor with another memory
// layout; a successor with the same layout does not need it.
Result<UniqueFd> prepare_succession(const Service& service) {
  if (auto done = handover::note_handed_over(service.state.get()); !done) return fail(done.error());
  return handover::make_snapshot(service.state.get(), service.keys.get());
}

// After the last process: the manager keeps the sessions, or they end.
int end_under_manager(const Service& service, supervisor::Ending ending) {
  const auto tell = [](const Result<>& done) {
    if (!done) log(LogLevel::error, "handing the sessions over: " + done.error().message());
  };
  if (has_goodbye(ending)) {
    for (const auto name : {sys::kKeptState, sys::kKeptKeys}) tell(sys::notify::forget(name));
    return ending == supervisor::Ending::refused ? kExitConfig : EXIT_SUCCESS;
  }
  const auto snapshot = prepare_succession(service);
  tell(snapshot ? sys::notify::keep(snapshot->get(), sys::kKeptSnapshot) : fail(snapshot.error()));
  tell(sys::notify::barrier());
  return kExitHandedOver;
}

// Returns only if that cannot be done.
int end_as_successor(const Service& service) {
  const auto snapshot = prepare_succession(service);
  std::vector<sys::InheritedDescriptor> inherited;
  for (const auto& socket : service.resources.sockets)
    inherited.push_back({"udp", socket.fd.get()});
  for (const auto& socket : service.resources.web) inherited.push_back({"web", socket.fd.get()});
  inherited.push_back({"control", service.resources.control.get()});
  inherited.push_back({sys::kKeptState, service.state.get()});
  inherited.push_back({sys::kKeptKeys, service.keys.get()});
  if (snapshot) inherited.push_back({sys::kKeptSnapshot, snapshot->get()});
  if (service.pid_file) inherited.push_back({sys::kKeptPidFile, service.pid_file->fd()});
  const Error error = sys::execute_successor(service.successor, inherited);
  log(LogLevel::critical, "the sessions are lost: " + error.message());
  return kExitFailed;
}

}  // namespace

void let_manager_keep(const Service& service, const handover::Begin& begin) {
  if (!sys::notify::keeps_descriptors()) return;
  const auto tell = [](const Result<>& done) {
    if (!done)
      log(LogLevel::warning, "the sessions will not outlive this: " + done.error().message());
  };
  if (!begin.is_kept) {
    tell(sys::notify::keep(service.state.get(), sys::kKeptState));
    tell(sys::notify::keep(service.keys.get(), sys::kKeptKeys));
  }
  tell(sys::notify::forget(sys::kKeptSnapshot));  // it was for this start only
  for (const auto& name : service.resources.kept_unknown) tell(sys::notify::forget(name));
}

int end_service(const Service& service, supervisor::Ending ending) {
  if (ending == supervisor::Ending::upgraded) return end_as_successor(service);
  return sys::notify::keeps_descriptors() ? end_under_manager(service, ending) : EXIT_SUCCESS;
}

}  // namespace chatd
