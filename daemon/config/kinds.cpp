// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/kinds.hpp"

#include <fmt/format.h>

namespace chatd::config {

Complaint wrong_type(const Value& value, const Kind& kind) {
  const std::string type = kind.type();
  const std::string_view article = type.starts_with('i') ? "an" : "a";
  return {value.line, fmt::format("found {}, expected {} {}: {}", describe(value), article, type,
                                  kind.range())};
}

std::string out_of_range(std::string_view value, const Kind& kind) {
  return fmt::format("{} is out of range: {}", value, kind.range());
}

namespace {

class Flag final : public KindOf<bool> {
 public:
  using KindOf::KindOf;

  std::optional<Complaint> read(const Value& value, Config& config) const override {
    const auto* found = std::get_if<bool>(&value.content);
    if (found == nullptr) return wrong_type(value, *this);
    edit(config) = *found;
    return std::nullopt;
  }
  [[nodiscard]] std::optional<std::string> check(const Config&) const override {
    return std::nullopt;
  }
  [[nodiscard]] std::string print(const Config& config) const override {
    return view(config) ? "true" : "false";
  }
  [[nodiscard]] std::string type() const override { return "boolean"; }
  [[nodiscard]] std::string range() const override { return "true or false"; }
};

// A string; the derived kinds check its content.
class Text : public KindOf<std::string> {
 public:
  Text(Place<std::string> where, std::size_t most) : KindOf{where}, most_{most} {}

  std::optional<Complaint> read(const Value& value, Config& config) const final {
    const auto* found = std::get_if<std::string>(&value.content);
    if (found == nullptr) return wrong_type(value, *this);
    edit(config) = *found;
    return std::nullopt;
  }
  [[nodiscard]] std::string print(const Config& config) const final { return quote(view(config)); }
  [[nodiscard]] std::string type() const final { return "string"; }

 protected:
  [[nodiscard]] std::size_t most() const { return most_; }
  [[nodiscard]] std::string bad_length(std::size_t length) const {
    return fmt::format("has a length of {}: {}", length, range());
  }

 private:
  std::size_t most_;
};

std::string word_range(std::size_t most) {
  return fmt::format("1 to {} printable ASCII characters, no space", most);
}

// The fault of `word`, which must be a string of 1 to `most` printable ASCII characters without a
// space. The fault ends with `range`.
std::optional<std::string> check_word(std::string_view word, std::size_t most,
                                      const std::string& range) {
  for (const char c : word) {
    if (c <= ' ' || c > '~') return "has a character that is not allowed: " + range;
  }
  if (!word.empty() && word.size() <= most) return std::nullopt;
  return fmt::format("has a length of {}: {}", word.size(), range);
}

class Word final : public Text {
 public:
  using Text::Text;

  [[nodiscard]] std::optional<std::string> check(const Config& config) const override {
    return check_word(view(config), most(), range());
  }
  [[nodiscard]] std::string range() const override { return word_range(most()); }
};

class Words final : public KindOf<std::vector<std::string>> {
 public:
  Words(Place<std::vector<std::string>> where, Range<std::size_t> range, std::size_t most)
      : KindOf{where}, range_{range}, most_{most} {}

  std::optional<Complaint> read(const Value& value, Config& config) const override {
    if (const auto* word = std::get_if<std::string>(&value.content)) {
      edit(config) = {*word};
      return std::nullopt;
    }
    const auto* list = std::get_if<Value::List>(&value.content);
    if (list == nullptr) return wrong_type(value, *this);
    std::vector<std::string> found;
    for (const Value& element : *list) {
      const auto* word = std::get_if<std::string>(&element.content);
      if (word == nullptr) return wrong_type(element, *this);
      found.push_back(*word);
    }
    edit(config) = std::move(found);
    return std::nullopt;
  }
  [[nodiscard]] std::optional<std::string> check(const Config& config) const override {
    const std::size_t size = view(config).size();
    if (size < range_.least || size > range_.most) {
      return fmt::format("has {} elements: {}", size, range());
    }
    for (const std::string& word : view(config)) {
      if (auto why = check_word(word, most_, range())) return why;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::string print(const Config& config) const override {
    const auto& all = view(config);
    if (all.size() == 1) return quote(all.front());
    std::string text;
    for (const std::string& word : all) text += (text.empty() ? "" : ", ") + quote(word);
    return "[" + text + "]";
  }
  [[nodiscard]] std::string type() const override { return "string or list of strings"; }
  [[nodiscard]] std::string range() const override {
    return fmt::format("{}; {} to {} of them", word_range(most_), range_.least, range_.most);
  }

 private:
  Range<std::size_t> range_;
  std::size_t most_;
};

class Title final : public Text {
 public:
  using Text::Text;

  [[nodiscard]] std::optional<std::string> check(const Config& config) const override {
    const std::string& title = view(config);
    for (const char c : title) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < ' ' || byte == 0x7F) return "has a control character: " + range();
    }
    if (title.empty() || title.size() > most()) return bad_length(title.size());
    return std::nullopt;
  }
  [[nodiscard]] std::string range() const override {
    return fmt::format("1 to {} bytes of text, no control characters", most());
  }
};

class Path final : public Text {
 public:
  Path(Place<std::string> where, std::size_t most, std::string_view empty)
      : Text{where, most}, empty_{empty} {}

  [[nodiscard]] std::optional<std::string> check(const Config& config) const override {
    const std::string& path = view(config);
    if (path.empty()) return std::nullopt;
    // A relative path is refused: the daemon's working directory is /, not that of the shell.
    if (!path.starts_with('/')) return "is not an absolute path: " + range();
    if (path.contains('\0')) return "has a zero byte: " + range();
    if (path.size() > most()) return bad_length(path.size());
    return std::nullopt;
  }
  [[nodiscard]] std::string range() const override {
    return fmt::format("an absolute path of at most {} bytes, or \"\" for {}", most(), empty_);
  }

 private:
  std::string_view empty_;
};

}  // namespace

KindPtr flag(Place<bool> where) { return std::make_unique<Flag>(where); }
KindPtr word(Place<std::string> where, std::size_t most) {
  return std::make_unique<Word>(where, most);
}
KindPtr words(Place<std::vector<std::string>> where, Range<std::size_t> range, std::size_t most) {
  return std::make_unique<Words>(where, range, most);
}
KindPtr title(Place<std::string> where, std::size_t most) {
  return std::make_unique<Title>(where, most);
}
KindPtr path(Place<std::string> where, std::size_t most, std::string_view empty) {
  return std::make_unique<Path>(where, most, empty);
}

}  // namespace chatd::config
