// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds that are a choice of names, and those that are lists of addresses.
#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "common/base/nearest.hpp"
#include "daemon/config/kinds.hpp"

namespace chatd::config {
namespace {

template <class T>
struct Named {
  std::string_view name;
  T value;
};

constexpr std::array<Named<WhoMakes>, 3> kWhoMakes{
    {{"anyone", WhoMakes::anyone}, {"owners", WhoMakes::owners}, {"admin", WhoMakes::admin}}};
constexpr std::array<Named<WhoClaims>, 2> kWhoClaims{
    {{"members", WhoClaims::members}, {"admin", WhoClaims::admin}}};
constexpr std::array<Named<ChatForm>, 3> kChatForms{
    {{"auto", ChatForm::automatic}, {"message", ChatForm::message}, {"named", ChatForm::named}}};
constexpr std::array<Named<LanguageChoice>, 3> kLanguages{
    {{"auto", LanguageChoice::automatic}, {"en", LanguageChoice::en}, {"zh", LanguageChoice::zh}}};
constexpr std::array<Named<WhoEnters>, 2> kWhoEnters{
    {{"open", WhoEnters::anyone}, {"invited", WhoEnters::invited}}};
constexpr std::array<Named<WebPlain>, 2> kWebPlain{
    {{"chat-only", WebPlain::chat_only}, {"trusted", WebPlain::trusted}}};
constexpr std::array<Named<LogLevel>, 5> kLogLevels{{{"error", LogLevel::error},
                                                     {"warning", LogLevel::warning},
                                                     {"notice", LogLevel::notice},
                                                     {"info", LogLevel::info},
                                                     {"debug", LogLevel::debug}}};

template <class T>
class Choice final : public KindOf<T> {
  using KindOf<T>::edit;
  using KindOf<T>::view;

 public:
  Choice(Place<T> where, std::span<const Named<T>> names) : KindOf<T>{where}, names_{names} {}

  std::optional<Complaint> read(const Value& value, Config& config) const override {
    const auto* found = std::get_if<std::string>(&value.content);
    if (found == nullptr) return wrong_type(value, *this);
    const auto named = std::ranges::find(names_, std::string_view{*found}, &Named<T>::name);
    if (named == names_.end()) return Complaint{value.line, not_one(*found)};
    edit(config) = named->value;
    return std::nullopt;
  }
  [[nodiscard]] std::optional<std::string> check(const Config& config) const override {
    if (find(config) != names_.end()) return std::nullopt;
    return "is none of " + range();
  }
  [[nodiscard]] std::string print(const Config& config) const override {
    const auto named = find(config);
    return quote(named == names_.end() ? std::string_view{} : named->name);
  }
  [[nodiscard]] std::string type() const override { return "string"; }
  [[nodiscard]] std::string range() const override {
    std::string words;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (i > 0) words += i + 1 == names_.size() ? " or " : ", ";
      words += quote(names_[i].name);
    }
    return words;
  }

 private:
  [[nodiscard]] auto find(const Config& config) const {
    return std::ranges::find(names_, view(config), &Named<T>::value);
  }
  [[nodiscard]] std::string not_one(const std::string& found) const {
    std::vector<std::string_view> right;
    for (const auto& named : names_) right.push_back(named.name);
    const auto meant = nearest(found, right);
    const Value shown{found, 0};
    return fmt::format("found {}, expected {}{}", describe(shown), range(),
                       meant ? "; did you mean " + quote(*meant) + "?" : "");
  }

  std::span<const Named<T>> names_;
};

constexpr std::size_t kMaxRepeated{100};
bool is_plain(char c) { return c >= ' ' && c <= '~'; }

// The text form of a list's element.
Result<Endpoint> parse_element(std::string_view text, const Endpoint*) {
  return parse_endpoint(text);
}
Result<chatd::Network> parse_element(std::string_view text, const chatd::Network*) {
  return parse_network(text);
}
std::string_view form_of(const Endpoint*) { return "\"ADDRESS:PORT\""; }
std::string_view form_of(const chatd::Network*) { return "\"ADDRESS/PREFIX\""; }

template <class T>
class List final : public KindOf<std::vector<T>> {
  using KindOf<std::vector<T>>::edit;
  using KindOf<std::vector<T>>::view;

 public:
  List(Place<std::vector<T>> where, Range<std::size_t> range)
      : KindOf<std::vector<T>>{where}, range_{range} {}

  std::optional<Complaint> read(const Value& value, Config& config) const override {
    const auto* found = std::get_if<Value::List>(&value.content);
    if (found == nullptr) return wrong_type(value, *this);
    std::vector<T> elements;
    for (const Value& element : *found) {
      const auto* text = std::get_if<std::string>(&element.content);
      if (text == nullptr) return wrong_type(element, *this);
      auto parsed = parse_element(*text, static_cast<const T*>(nullptr));
      if (!parsed) {
        // The reason repeats the text: only a short text without control characters is repeated.
        const bool plain = text->size() <= kMaxRepeated && std::ranges::all_of(*text, is_plain);
        return plain ? Complaint{element.line, parsed.error().message()}
                     : wrong_type(element, *this);
      }
      elements.push_back(*parsed);
    }
    edit(config) = std::move(elements);
    return std::nullopt;
  }
  [[nodiscard]] std::optional<std::string> check(const Config& config) const override {
    const std::size_t size = view(config).size();
    if (size >= range_.least && size <= range_.most) return std::nullopt;
    return fmt::format("has {} elements: {}", size, range());
  }
  [[nodiscard]] std::string print(const Config& config) const override {
    std::string text;
    for (const T& element : view(config)) {
      text += (text.empty() ? "" : ", ") + quote(to_text(element));
    }
    return "[" + text + "]";
  }
  [[nodiscard]] std::string type() const override { return "list of strings"; }
  [[nodiscard]] std::string range() const override {
    return fmt::format("{} to {} of {}", range_.least, range_.most,
                       form_of(static_cast<const T*>(nullptr)));
  }

 private:
  Range<std::size_t> range_;
};

}  // namespace

std::string_view name_of(WhoEnters who) noexcept {
  return std::ranges::find(kWhoEnters, who, &Named<WhoEnters>::value)->name;
}

std::string_view name_of(WebPlain plain) noexcept {
  return std::ranges::find(kWebPlain, plain, &Named<WebPlain>::value)->name;
}

KindPtr choice(Place<WebPlain> where) {
  return std::make_unique<Choice<WebPlain>>(where, kWebPlain);
}
KindPtr choice(Place<WhoMakes> where) {
  return std::make_unique<Choice<WhoMakes>>(where, kWhoMakes);
}
KindPtr choice(Place<wire::DirectFrom> where) {
  using wire::DirectFrom;
  const auto named = [](DirectFrom from) { return Named<DirectFrom>{name_of(from), from}; };
  static const std::array kNames{named(DirectFrom::anyone), named(DirectFrom::same_room),
                                 named(DirectFrom::owned)};
  return std::make_unique<Choice<DirectFrom>>(where, kNames);
}

KindPtr choice(Place<WhoClaims> where) {
  return std::make_unique<Choice<WhoClaims>>(where, kWhoClaims);
}

KindPtr choice(Place<ChatForm> where) {
  return std::make_unique<Choice<ChatForm>>(where, kChatForms);
}
KindPtr choice(Place<LanguageChoice> where) {
  return std::make_unique<Choice<LanguageChoice>>(where, kLanguages);
}
KindPtr choice(Place<WhoEnters> where) {
  return std::make_unique<Choice<WhoEnters>>(where, kWhoEnters);
}

KindPtr choice(Place<LogLevel> where) {
  return std::make_unique<Choice<LogLevel>>(where, kLogLevels);
}
KindPtr list(Place<std::vector<Endpoint>> where, Range<std::size_t> range) {
  return std::make_unique<List<Endpoint>>(where, range);
}
KindPtr list(Place<std::vector<chatd::Network>> where, Range<std::size_t> range) {
  return std::make_unique<List<chatd::Network>>(where, range);
}

}  // namespace chatd::config
