// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/archive_link.hpp"

#include "common/base/overloaded.hpp"

namespace chatd::gateway {

namespace {

// Messages that are read between two looks at the sockets.
constexpr int kAtOnce = 16;

}  // namespace

ArchiveProcess archive_process(const Inheritance& inheritance, const state::StateView& state) {
  ArchiveProcess archive{.exists = inheritance.archive >= 0 && inheritance.config->history.enabled};
  for (const auto& process : inheritance.processes) {
    if (process.role != roles::kArchive) continue;
    const state::ProcessControl& control = state.process(process.row);
    const auto now = control.state.load(std::memory_order_relaxed);
    archive.answers = now == state::ProcessState::ready || now == state::ProcessState::starting;
    archive.started = control.started_wall.load(std::memory_order_relaxed);
  }
  return archive;
}

void ArchiveLink::take() {
  for (int i = 0; i < kAtOnce; ++i) {
    auto message = sys::receive_from_archive(end_);
    if (!message) return;
    on_message(std::move(*message));
  }
}

void ArchiveLink::on_message(sys::ToGateway message) {
  const Overloaded handle{
      [this](const sys::Stored&) { hurries_.on_stored(handlers_.stored()); },
      [this](sys::Answer& answer) {
        if (handlers_.answered) handlers_.answered(std::move(answer));
      },
  };
  std::visit(handle, message);
}

void ArchiveLink::hurry(MonoTime now) {
  if (end_ < 0 || !hurries_.take_due(now)) return;
  if (!sys::send(end_, sys::Hurry{})) hurries_.failed();
}

void ArchiveLink::tick(MonoTime now) {
  hurries_.tick(now);
  (void)handlers_.stored();
}

}  // namespace chatd::gateway
