// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/archive_link.hpp"

#include "common/base/overloaded.hpp"

namespace chatd::gateway {

namespace {

// Messages that are read between two looks at the sockets.
constexpr int kAtOnce = 16;

}  // namespace

void ArchiveLink::take() {
  for (int i = 0; i < kAtOnce; ++i) {
    const auto message = sys::receive_from_archive(end_);
    if (!message) return;
    on_message(*message);
  }
}

void ArchiveLink::on_message(const sys::ToGateway& message) {
  const Overloaded handle{
      [this](const sys::Stored&) { hurries_.on_stored(handlers_.stored()); },
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
