// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/control/control_message.hpp"

#include <utility>

#include "common/wire/control/control_json.hpp"
#include "common/wire/control/verbs.hpp"

namespace chatd::wire {

namespace {

using Json = nlohmann::json;

std::unexpected<ControlError> refuse(std::string_view code, std::string message) {
  return std::unexpected{ControlError{.code = std::string{code}, .message = std::move(message)}};
}

template <class AnyJson>
std::expected<void, ControlError> check_schema(const AnyJson& object) {
  const auto schema = object.find("schema");
  if (schema == object.end() || *schema == kControlSchema) return {};
  return refuse(code::kUnsupportedSchema,
                "only \"schema\":" + std::to_string(kControlSchema) + " is understood");
}

std::expected<std::vector<std::string>, ControlError> decode_args(const Json& args) {
  if (!args.is_array()) return refuse(code::kMalformed, "\"args\" must be an array of strings");
  if (args.size() > kMaxRequestArgs) {
    return refuse(code::kTooLong,
                  "at most " + std::to_string(kMaxRequestArgs) + " arguments are allowed");
  }
  std::vector<std::string> decoded;
  for (const Json& arg : args) {
    const auto* const text = arg.get_ptr<const std::string*>();
    if (text == nullptr) return refuse(code::kMalformed, "\"args\" must be an array of strings");
    decoded.push_back(*text);
  }
  return decoded;
}

OrderedJson error_object(const ControlError& error) {
  return {{"code", error.code}, {"message", error.message}};
}

OrderedJson verb_object(const Verb& verb) {
  return {{"name", verb.name},           {"usage", verb.usage},
          {"help", verb.help},           {"mutating", verb.mutating},
          {"watchable", verb.watchable}, {"takes_room", verb.takes_room},
          {"options", verb.options}};
}

// Null when the member is missing or is no string.
const std::string* string_member(const OrderedJson& object, const char* name) {
  const auto member = object.find(name);
  return member == object.end() ? nullptr : member->get_ptr<const std::string*>();
}

}  // namespace

std::string encode(const ControlRequest& request) {
  return dump({{"schema", kControlSchema}, {"verb", request.verb}, {"args", request.args}});
}

std::expected<ControlRequest, ControlError> decode_request(std::string_view line) {
  if (line.size() > kMaxRequestBytes) {
    return refuse(code::kTooLong,
                  "a request has at most " + std::to_string(kMaxRequestBytes) + " bytes");
  }
  const auto object = parse_object<Json>(line);
  if (!object) return refuse(code::kMalformed, "a request is one JSON object on one line");
  if (auto schema = check_schema(*object); !schema) return std::unexpected{schema.error()};

  const auto verb = object->find("verb");
  if (verb == object->end() || !verb->is_string()) {
    return refuse(code::kMalformed, "\"verb\" must be a string");
  }
  ControlRequest request{.verb = *verb->get_ptr<const std::string*>(), .args = {}};
  if (const auto args = object->find("args"); args != object->end()) {
    auto decoded = decode_args(*args);
    if (!decoded) return std::unexpected{std::move(decoded).error()};
    request.args = std::move(*decoded);
  }
  return request;
}

std::string encode(const ControlReply& reply) {
  if (!reply) {
    return dump(
        {{"schema", kControlSchema}, {"ok", false}, {"error", error_object(reply.error())}});
  }
  // Joined as text, not parsed again: the result of `users` may have megabytes.
  std::string line = R"({"schema":1,"ok":true,"result":)" + *reply + "}";
  static_assert(kControlSchema == 1);
  if (line.size() <= kMaxReplyBytes) return line;
  return encode(ControlReply{refuse(code::kTooLong, "the answer is too long to be sent")});
}

ControlReply decode_reply(std::string_view line) {
  if (line.size() > kMaxReplyBytes) return refuse(code::kMalformed, "the answer is too long");
  const auto object = parse_object<OrderedJson>(line);
  if (!object) return refuse(code::kMalformed, "the answer is no JSON object");
  if (auto schema = check_schema(*object); !schema) return std::unexpected{schema.error()};

  const auto ok = object->find("ok");
  if (ok == object->end() || !ok->is_boolean()) {
    return refuse(code::kMalformed, "the answer does not say whether it is \"ok\"");
  }
  if (*ok->get_ptr<const bool*>()) {
    const auto result = object->find("result");
    if (result == object->end() || !result->is_object()) {
      return refuse(code::kMalformed, "the answer has no \"result\"");
    }
    return dump(*result);
  }
  const auto error = object->find("error");
  if (error == object->end() || !error->is_object()) {
    return refuse(code::kMalformed, "the answer has no \"error\"");
  }
  const std::string* const code = string_member(*error, "code");
  const std::string* const message = string_member(*error, "message");
  if (code == nullptr || message == nullptr) {
    return refuse(code::kMalformed, "the answer's \"error\" has no code or no message");
  }
  return refuse(*code, *message);
}

std::string with_schema(std::string_view object) {
  std::string out = R"({"schema":)" + std::to_string(kControlSchema);
  object.remove_prefix(1);
  if (object != "}") out += ',';
  return out.append(object);
}

std::string with_schema(const ControlError& error) {
  return dump({{"schema", kControlSchema}, {"error", error_object(error)}});
}

std::string verb_as_json(const Verb& verb) { return dump(verb_object(verb)); }

std::string verbs_as_json() {
  OrderedJson verbs = OrderedJson::array();
  for (const Verb& verb : kVerbs) verbs.push_back(verb_object(verb));
  return dump({{"verbs", std::move(verbs)}});
}

}  // namespace chatd::wire
