// SPDX-License-Identifier: GPL-3.0-or-later
// control_message.hpp — the lines on the control socket: one JSON object each.
//
//   {"schema":1,"verb":"announce","args":["hello"]}
//   {"schema":1,"ok":true,"result":{"members":3}}
//   {"schema":1,"ok":false,"error":{"code":"not_found","message":"nobody is called bob"}}
//
// Runs in:   chatctl and gateway. "schema" may be left out of a request that is typed by hand.
// Invariant: a decoded message is valid UTF-8 and within the limits below; an encoded one is
//            one line without its newline.
// Errors:    decoding gives a ControlError that can be sent back as it is.
#pragma once

#include <array>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::wire {

struct Verb;  // verb.hpp

inline constexpr int kControlSchema = 1;
inline constexpr std::size_t kMaxRequestBytes = 65'536;  // a line without its newline
inline constexpr std::size_t kMaxRequestArgs = 16;
// A list of 100,000 users is about 20 MB.
inline constexpr std::size_t kMaxReplyBytes = std::size_t{32} << 20U;
inline constexpr std::size_t kMaxControlDepth = 8;  // arrays and objects inside each other

// The values of `code`, for programs; `message` is for people.
namespace code {
inline constexpr std::string_view kUsage = "usage";
inline constexpr std::string_view kUnknownVerb = "unknown_verb";
inline constexpr std::string_view kNotFound = "not_found";
inline constexpr std::string_view kDenied = "denied";
inline constexpr std::string_view kBusy = "busy";
inline constexpr std::string_view kBadConfig = "bad_config";
inline constexpr std::string_view kFailed = "failed";
inline constexpr std::string_view kMalformed = "malformed";
inline constexpr std::string_view kTooLong = "too_long";
inline constexpr std::string_view kUnsupportedSchema = "unsupported_schema";
inline constexpr std::string_view kTooWide = "too_wide";  // the request needs --yes
// Only chatctl itself gives these. The first one beside an answer, see saving.hpp; the others when
// it got no answer.
inline constexpr std::string_view kNotSaved = "not_saved";
inline constexpr std::string_view kNotRunning = "not_running";
inline constexpr std::string_view kTimeout = "timeout";

inline constexpr std::array kAll{
    kUsage,     kUnknownVerb, kNotFound,          kDenied,  kBusy,     kBadConfig,  kFailed,
    kMalformed, kTooLong,     kUnsupportedSchema, kTooWide, kNotSaved, kNotRunning, kTimeout};
}  // namespace code

// The {} let a caller name only some members: without them g++ warns of the others.
// NOLINTBEGIN(readability-redundant-member-init)
struct ControlError {
  std::string code{};
  std::string message{};
  friend bool operator==(const ControlError&, const ControlError&) = default;
};

struct ControlRequest {
  std::string verb{};
  std::vector<std::string> args{};
  friend bool operator==(const ControlRequest&, const ControlRequest&) = default;
};
// NOLINTEND(readability-redundant-member-init)

// The result as one JSON object, or the error.
using ControlReply = std::expected<std::string, ControlError>;

[[nodiscard]] std::string encode(const ControlRequest& request);
[[nodiscard]] std::expected<ControlRequest, ControlError> decode_request(std::string_view line);

// A result must be what a to_json() of control_reports.hpp gave.
[[nodiscard]] std::string encode(const ControlReply& reply);
// A line that is no reply gives code `malformed`, or `unsupported_schema`.
[[nodiscard]] ControlReply decode_reply(std::string_view line);

// For chatctl --json: {"a":1} becomes {"schema":1,"a":1}; an error becomes
// {"schema":1,"error":{...}}.
[[nodiscard]] std::string with_schema(std::string_view object);
[[nodiscard]] std::string with_schema(const ControlError& error);

// {"name":"kick","usage":"NAME [REASON]",...}, and {"verbs":[...]} of all of them.
[[nodiscard]] std::string verb_as_json(const Verb& verb);
[[nodiscard]] std::string verbs_as_json();

}  // namespace chatd::wire
