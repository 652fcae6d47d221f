// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/pool_worker.hpp"

#include <cstring>
#include <exception>

namespace chatd::process {
namespace {

Result<> run_guarded(TaskEntry entry, std::span<const std::byte> call, Bytes& out) {
  try {
    return entry(call, out);
  } catch (const std::exception& error) {
    return fail(std::string{"uncaught exception: "} + error.what());
  } catch (...) {
    return fail("uncaught exception of an unknown type");
  }
}

void set_header(Bytes& reply, const ReplyHeader& header) {
  std::memcpy(reply.data(), &header, sizeof header);
}

Result<> fetch_call(TaskId id, PipeEnd& owner, Bytes& call) {
  const ReplyHeader request{.id = id, .kind = ReplyKind::fetch, .code = 0};
  if (auto sent = owner.send(std::as_bytes(std::span{&request, 1})); !sent) return sent;
  auto received = owner.receive();
  if (!received) return fail(std::move(received).error());
  if (!*received) return fail("the owner is gone");
  call = std::move(**received);
  return {};
}

}  // namespace

int serve_tasks(TaskBoard& board, unsigned worker, PipeEnd& owner) {
  Bytes call;
  Bytes reply;
  while (const auto task = board.take(worker, call)) {
    if (!task->call_follows && !fetch_call(task->id, owner, call)) return 1;
    reply.resize(sizeof(ReplyHeader));
    const auto ran = run_guarded(task->entry, call, reply);
    ReplyHeader header{.id = task->id, .kind = ReplyKind::done, .code = 0};
    if (!ran) {
      header.kind = ReplyKind::failed;
      header.code = ran.error().code();
      reply.resize(sizeof header);  // removes what the task had written before it failed
      append_raw(reply, ran.error().message().data(), ran.error().message().size());
    }
    set_header(reply, header);
    if (!owner.send(reply)) return 1;
    board.finish(worker);
  }
  return 0;
}

}  // namespace chatd::process
