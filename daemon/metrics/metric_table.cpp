// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/metrics/metric_table.hpp"

#include <array>

namespace chatd::metrics {

namespace {

using Gateway = state::GatewayCounters;
using Worker = state::WorkerCounters;
using GatewayFigure = state::GatewayFigures;
using Latency = state::DeliveryLatency;
using Archive = state::ArchiveFigures;

double seconds(std::int64_t micros) { return static_cast<double>(micros) / 1e6; }

double started(const Figures& figures) { return seconds(figures.header.started_wall); }
double sessions_limit(const Figures& figures) { return figures.header.sessions; }
double web_sessions_limit(const Figures& figures) { return figures.header.web_sessions; }
double rooms_limit(const Figures& figures) { return figures.header.rooms; }

double is_up(const state::ProcessControl& process) {
  return process.state.load(std::memory_order_relaxed) == state::ProcessState::ready ? 1 : 0;
}
double restarts(const state::ProcessControl& process) {
  return static_cast<double>(process.restarts.load(std::memory_order_relaxed));
}
double process_started(const state::ProcessControl& process) {
  return seconds(process.started_wall.load(std::memory_order_relaxed));
}
double cpu(const state::ProcessControl& process) {
  return static_cast<double>(process.cpu_micros.load(std::memory_order_relaxed)) / 1e6;
}
double resident(const state::ProcessControl& process) {
  return static_cast<double>(process.resident_bytes.load(std::memory_order_relaxed));
}

double archive_problem(const Figures& figures) {
  return row_of(figures.archive.state.load(std::memory_order_relaxed)).is_problem ? 1 : 0;
}
double archive_behind(const Figures& figures) {
  const auto since = figures.archive.behind_since.load(std::memory_order_relaxed);
  return since == 0 ? 0 : seconds(figures.now.time_since_epoch().count() - since);
}

constexpr auto kMetrics = [] {
  using enum Type;
  return std::to_array<Metric>({
      {"chatd_build_info", gauge, "", Version{}, "1, with the version of the program as a label."},
      {"chatd_start_time_seconds", gauge, "", &started,
       "When the service started, in seconds since 1970."},

      {"chatd_sessions", gauge, "", &Gateway::sessions_now,
       "Sessions now: the members, each with each of its programs."},
      {"chatd_sessions_peak", gauge, "", &Gateway::sessions_peak,
       "The most sessions at one time so far."},
      {"chatd_sessions_limit", gauge, "", &sessions_limit,
       "The most sessions that there can be (limits.sessions and web.sessions)."},
      {"chatd_web_sessions_limit", gauge, "", &web_sessions_limit,
       "The most of them that browsers can have (web.sessions); all others are for other "
       "programs."},
      {"chatd_protocol_sessions", gauge, R"(protocol="text")", &GatewayFigure::sessions_text,
       "Sessions by their protocol, counted every few seconds."},
      {"chatd_protocol_sessions", gauge, R"(protocol="native")", &GatewayFigure::sessions_native,
       ""},
      {"chatd_protocol_sessions", gauge, R"(protocol="web")", &GatewayFigure::sessions_web, ""},
      {"chatd_sessions_away", gauge, "", &GatewayFigure::sessions_away,
       "Sessions whose program or page is silent, counted every few seconds."},
      {"chatd_rooms", gauge, "", &Gateway::rooms_now, "Rooms now, beside the default one."},
      {"chatd_rooms_limit", gauge, "", &rooms_limit,
       "The most rooms that there can be beside the default one (limits.rooms)."},

      {"chatd_messages_total", counter, "", &Gateway::messages,
       "Messages that members have said in rooms."},
      {"chatd_direct_messages_total", counter, "", &Gateway::direct_messages,
       "Direct messages between members."},
      {"chatd_announcements_total", counter, "", &Gateway::announcements,
       "Announcements of administrators."},
      {"chatd_messages_refused_total", counter, R"(reason="rate")", &Gateway::messages_refused_rate,
       "Messages refused: sent too fast, or too long or not UTF-8."},
      {"chatd_messages_refused_total", counter, R"(reason="invalid")",
       &Gateway::messages_refused_invalid, ""},
      {"chatd_joins_total", counter, "", &Gateway::joins, "Members that joined the server."},
      {"chatd_leaves_total", counter, "", &Gateway::leaves,
       "Members that left the server, for any reason."},
      {"chatd_members_removed_total", counter, R"(reason="unreachable")",
       &Gateway::members_unreachable, "Those of them that did not leave by themselves."},
      {"chatd_members_removed_total", counter, R"(reason="idle")", &Gateway::members_idle, ""},
      {"chatd_members_removed_total", counter, R"(reason="kicked")", &Gateway::members_kicked, ""},
      {"chatd_members_moved_total", counter, "", &Gateway::members_moved,
       "Members that changed their address."},
      {"chatd_logins_refused_total", counter, "", &Gateway::logins_refused,
       "Logins refused: a name, a limit, or a ban."},
      {"chatd_handshakes_failed_total", counter, "", &Gateway::handshakes_failed,
       "Native handshakes that failed: a wrong password, or forged."},
      {"chatd_events_total", counter, "", &Gateway::events, "Events for chatctl events."},

      {"chatd_datagrams_received_total", counter, "", &Gateway::datagrams_received,
       "Datagrams that arrived."},
      {"chatd_datagrams_dropped_total", counter, R"(reason="foreign")",
       &Gateway::datagrams_dropped_foreign,
       "Datagrams dropped: from outside of text.networks, of no known form, without a text, or "
       "above a limit."},
      {"chatd_datagrams_dropped_total", counter, R"(reason="malformed")",
       &Gateway::datagrams_dropped_malformed, ""},
      {"chatd_datagrams_dropped_total", counter, R"(reason="empty")",
       &Gateway::datagrams_dropped_empty, ""},
      {"chatd_datagrams_dropped_total", counter, R"(reason="overload")",
       &Gateway::datagrams_dropped_overload, ""},
      {"chatd_answers_suppressed_total", counter, "", &Gateway::answers_suppressed,
       "Requests and logins above a limit, which got no answer."},
      {"chatd_seeks_answered_total", counter, "", &Gateway::seeks_answered,
       "Answers to programs that look for a server in the local network."},
      {"chatd_replies_failed_total", counter, "", &Gateway::replies_failed,
       "Replies that the system did not send."},
      {"chatd_packets_refused_total", counter, R"(reason="forged")", &Gateway::packets_refused,
       "Native packets refused: forged or received twice, or of no session."},
      {"chatd_packets_refused_total", counter, R"(reason="unknown")", &Gateway::packets_unknown,
       ""},
      {"chatd_frames_refused_total", counter, R"(reason="ack")", &Gateway::acks_refused,
       "Parts of native packets refused: acknowledgements of what was never sent, and forged "
       "streams or positions."},
      {"chatd_frames_refused_total", counter, R"(reason="offset")", &Gateway::offsets_refused, ""},
      {"chatd_commands_not_in_room_total", counter, "", &Gateway::commands_not_in_room,
       "Commands for rooms that their sender is not in; a few are usual."},

      {"chatd_datagrams_sent_total", counter, "", &Worker::datagrams_sent,
       "Datagrams that each worker has sent."},
      {"chatd_datagrams_failed_total", counter, "", &Worker::datagrams_failed,
       "Datagrams of each worker that the system did not send."},
      {"chatd_lines_delivered_total", counter, "", &Worker::lines_delivered,
       "Lines that each worker has sent to text members, one for each member."},
      {"chatd_send_blocked_total", counter, "", &Worker::send_blocked,
       "How often each worker has waited for space in a socket's buffer."},
      {"chatd_members_lapped_total", counter, "", &Worker::members_lapped,
       "How often a member of each worker was too slow, so that messages were lost to it."},
      {"chatd_worker_passes_total", counter, "", &Worker::passes,
       "Rounds of each worker over new messages."},
      {"chatd_worker_sessions", gauge, "", &Worker::members,
       "Sessions that each worker served in its last round."},
      {"chatd_delivery_latency_seconds", histogram, R"(protocol="text")", &Latency::text,
       "From a message's arrival to the moment when the kernel has it for a member, the oldest "
       "message of each datagram."},
      {"chatd_delivery_latency_seconds", histogram, R"(protocol="native")", &Latency::native, ""},
      {"chatd_ack_latency_seconds", histogram, "", &GatewayFigure::ack,
       "From a message's arrival to a native member's acknowledgement, the oldest message of each "
       "acknowledgement; "
       "a member may wait before it acknowledges."},

      {"chatd_process_up", gauge, "", &is_up, "1: the process is ready."},
      {"chatd_process_restarts_total", counter, "", &restarts,
       "How often the process was replaced because it died or hung."},
      {"chatd_process_start_time_seconds", gauge, "", &process_started,
       "When the process started, in seconds since 1970."},
      {"chatd_process_cpu_seconds_total", counter, "", &cpu,
       "Processor time of the process; a new process begins with 0."},
      {"chatd_process_resident_memory_bytes", gauge, "", &resident,
       "Memory of the process, with the shared memory that it has used."},

      {"chatd_archive_problem", gauge, "", &archive_problem,
       "1: messages are not stored on disk, and chatctl archive says why."},
      {"chatd_archive_behind_seconds", gauge, "", &archive_behind,
       "How long the oldest message that is not stored yet has waited."},
      {"chatd_archive_messages", gauge, "", &Archive::stored, "Messages in the database."},
      {"chatd_archive_unindexed_messages", gauge, "", &Archive::unindexed,
       "Those of them that cannot be searched for yet."},
      {"chatd_archive_database_bytes", gauge, "", &Archive::bytes, "Size of the database."},
      {"chatd_archive_gaps_total", counter, "", &Archive::gaps,
       "How often messages were overwritten in memory before they were stored."},
  });
}();

}  // namespace

std::span<const Metric> all() { return kMetrics; }

}  // namespace chatd::metrics
