// SPDX-License-Identifier: GPL-3.0-or-later
// streams.hpp — the open event streams: what is new for each goes to its browser.
//
// Runs in:   web, on read-only memory.
// Borrows:   the StateView, the WebPresence by Members, the loop.
// Owns:      the sockets, and the lines that were rendered last.
// Invariant: a session has at most one stream; a new one ends the one before. A stream has what its
//            session may read and nothing else, see news.hpp. A batch is built only for a socket
//            that has taken the one before, so what is kept is bounded (kMaxKept for all). A stream
//            gets one batch in its turn. One that has more to read is behind: it goes on when the
//            loop has looked at everything else, at most kBehindAtOnce of them.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/io/event_loop.hpp"
#include "daemon/web/event_socket.hpp"
#include "daemon/web/line_cache.hpp"
#include "daemon/web/members.hpp"
#include "daemon/web/news.hpp"

namespace chatd::web {

class Streams {
 public:
  // Of one send(). A single event can be longer.
  static constexpr std::size_t kMaxBatch = 16'384;
  // Records that are read for a batch; some are no events.
  static constexpr int kMaxRecords = 512;
  static constexpr std::size_t kBehindAtOnce = 64;
  // Of the lines of a room for a page that has none of them.
  static constexpr std::uint64_t kMaxRecent = 65'536;
  static constexpr std::size_t kMaxKept = std::size_t{16} << 20U;
  // Without anything new, a comment shows that the connection is there.
  static constexpr Micros kSilence = std::chrono::seconds{15};

  Streams(const state::StateView& state, const Members& members, io::EventLoop& loop);

  // The head of the response was sent. Goes on from the cursor.
  void open(EventSocket socket, const Entered& entered, const Cursor& cursor, MonoTime now);
  // Tells the browser why, and closes.
  void end(const WebSession& session, std::string_view code, std::string_view text);
  // Sends what is new to all that are not behind. False: nothing was new for them.
  bool pass(MonoTime now);
  // About once a second: closes streams whose session has ended, and shows idle ones a sign of
  // life.
  void tick(MonoTime now);
  [[nodiscard]] std::size_t count() const noexcept { return streams_.size(); }
  // Streams that have more to read.
  [[nodiscard]] std::size_t behind() const noexcept { return behind_.size(); }

 private:
  struct Stream {
    Stream(EventSocket taken, const Entered& entered, MonoTime now)
        : socket{std::move(taken)},
          session{entered.session},
          key{entered.command_key},
          sent_at{now} {}
    EventSocket socket;
    WebSession session;
    wire::CommandKey key;
    std::vector<News::Stream> parts;
    std::string facts;  // of an answer `about` that is not complete
    MonoTime sent_at;
    bool is_behind{false};
    io::EventLoop::Watch readable;
    io::EventLoop::Watch writable;
  };
  // Of a batch that is built.
  struct Batch {
    std::string bytes;
    std::string last;  // its last line, which gets the id
    int records{};
    bool has_moved{};  // a room was entered or left
    [[nodiscard]] bool is_full() const noexcept {
      return has_moved || bytes.size() >= kMaxBatch || records >= kMaxRecords;
    }
  };
  void close(std::uint32_t slot);
  // Sends one batch. True: something was sent.
  bool serve(Stream& stream, MonoTime now);
  void serve_behind();
  void watch_behind();
  bool send(Stream& stream, std::string_view bytes, MonoTime now);
  void watch_writable(Stream& stream);
  [[nodiscard]] Batch next_batch(Stream& stream);
  void add(Stream& stream, News::Stream& part, Batch& batch);
  // "": no event.
  [[nodiscard]] std::string line_of(Stream& stream, const News::Stream& part,
                                    const News::Event& event);
  [[nodiscard]] std::string_view name_of(const News::Stream& part) const;
  void note_person(const wire::RecordHeader& header);
  [[nodiscard]] std::string person_of(const wire::RecordHeader& header) const;

  const state::StateView& state_;
  const Members& members_;
  io::EventLoop& loop_;
  logs::RecordBuffer buffer_;
  News news_;
  LineCache lines_;
  // By slot: the generation of its session, and its person.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> persons_;
  std::map<std::uint32_t, std::unique_ptr<Stream>> streams_;  // by slot
  std::deque<std::uint32_t> behind_;                          // slots, in their turn
  io::EventLoop::Watch turn_;                                 // of those behind
};

}  // namespace chatd::web
