// SPDX-License-Identifier: GPL-3.0-or-later
// Any line on the control socket, either way: it is refused or understood, and what was
// understood is within the limits and survives being written and read again.
#include "common/wire/control_message.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/wire/control_reports.hpp"
#include "common/wire/rfc3339.hpp"
#include "common/wire/unicode.hpp"
#include "common/wire/verbs.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace chatd::wire;  // NOLINT(google-build-using-namespace): one file, one subject

void check_request(std::string_view line) {
  const auto request = decode_request(line);
  if (!request) {
    require(decode_reply(encode(ControlReply{std::unexpected{request.error()}})).error() ==
            request.error());
    return;
  }
  require(request->args.size() <= kMaxRequestArgs);
  require(is_utf8(request->verb));
  for (const auto& arg : request->args) require(is_utf8(arg));
  const std::string again = encode(*request);
  require(again.find('\n') == std::string::npos);
  // Escaping may have made it longer than a request can be.
  if (again.size() <= kMaxRequestBytes) require(decode_request(again) == *request);
  (void)nearest_verb(request->verb);
}

void check_reply(std::string_view line) {
  const ControlReply reply = decode_reply(line);
  if (!reply) return;
  require(decode_reply(encode(reply)) == reply);
  require(with_schema(*reply).starts_with(R"({"schema":1)"));
  // Whatever reads as a report is the same report again after writing it.
  if (const auto status = parse_status(*reply)) {
    // The time is written with milliseconds only; once written, it stays.
    const auto once = parse_status(to_json(*status));
    require(once && to_json(*once) == to_json(*status));
  }
  if (const auto users = parse_users(*reply)) require(parse_users(to_json(*users)).has_value());
  if (const auto rows = parse_processes(*reply)) {
    require(parse_processes(to_json(*rows)).has_value());
  }
  (void)parse_reload(*reply);
  (void)parse_kick(*reply);
  (void)parse_announce(*reply);
  (void)parse_stop(*reply);
  (void)parse_version(*reply);
}

}  // namespace

// libFuzzer fixes this name. NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line{reinterpret_cast<const char*>(data), size};
  check_request(line);
  check_reply(line);
  (void)parse_rfc3339(line);
  return 0;
}
